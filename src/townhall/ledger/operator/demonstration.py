"""Four witnesses for a town hall that only shows itself: processes, keys and copies of their own.

They check everything that witnesses check. But one operator holds all their keys, so they
prove to nobody that the operator is honest; pages and policy say so.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.operator.folder import LOGS, Folder, policy_text, write_durably
from townhall.ledger.witness import keyring
from townhall.ledger.witness.service import Witness
from townhall.ledger.witness.settings import read_settings

NAMES: Final = ("auditor", "court", "university", "citizens")
QUORUM: Final = 3
FAULTS: Final = 1
PLACE: Final = "witnesses"
_SETTINGS: Final = "witness.json"
HOST: Final = "demonstration.example"


def policy(
    folder: Folder,
    data: Path,
    *,
    names: Sequence[str] = NAMES,
    quorum: int = QUORUM,
    faults: int = FAULTS,
) -> bytes:
    """Return the policy of the demonstration; its witnesses are made if there are none."""
    keys = {name: _made(folder, data, name) for name in names}
    return policy_text(folder, keys, quorum=quorum, faults=faults)


def settings_files(data: Path) -> Mapping[str, Path]:
    """Return the settings of the witnesses that were made here, by name."""
    return {path.parent.name: path for path in sorted((data / PLACE).glob(f"*/{_SETTINGS}"))}


def addresses(data: Path) -> dict[str, str]:
    """Return where the witnesses that run here listen, by party."""
    found = {name: _address(path.parent) for name, path in settings_files(data).items()}
    return {f"{HOST}/{name}": address for name, address in found.items() if address}


def is_demonstration(text: str) -> bool:
    """Whether a policy is one whose keys all belong to one operator."""
    return f" {HOST}/" in text


def _made(folder: Folder, data: Path, name: str) -> tuple[VerifierKey, ...]:
    place = data / PLACE / name
    own = f"{HOST}/{name}"
    settings = {
        "name": own,
        "folder": str(place / "state"),
        "logs": [
            {
                "origin": folder.origin(log),
                "keys": [str(each) for each in folder.verifier_keys()[log]],
                "rules": log,
            }
            for log in LOGS
        ],
    }
    path = place / _SETTINGS
    write_durably(path, json.dumps(settings, indent=1).encode() + b"\n", mode=0o600)
    told = read_settings(path)
    Witness(told, lambda: int(time.time())).close()
    return keyring.read(told.folder, told.name).public


def _address(folder: Path) -> str:
    """Return where a witness of this machine listens, as it wrote down; empty if it did not."""
    try:
        return (folder / "address").read_text("ascii").strip()
    except FileNotFoundError:
        return ""
