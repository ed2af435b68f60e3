"""The keys of a witness: two names, because they say two different things.

`<name>` says that a log only grew. `<name>/rules` says that this witness keeps all
its entries and has found the register's rules to hold for them. Each name has an
Ed25519 and an ML-DSA-44 key (C2SP tlog-cosignature), so four in all; a key serves
one kind of statement only.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from townhall.ledger.engine.keys import (
    COSIGNER_ED25519,
    COSIGNER_MLDSA44,
    SEED_SIZE,
    Signer,
    VerifierKey,
)
from townhall.ledger.log.files import sync_folder, write_whole
from townhall.ledger.witness.errors import WitnessError

RULES: Final = "/rules"
_SEEDS: Final = ("growth_ed25519", "growth_mldsa44", "rules_ed25519", "rules_mldsa44", "tickets")
_FILE: Final = "keys.json"


@dataclass(frozen=True, slots=True)
class Keyring:
    """The private keys of one witness.

    Attributes
    ----------
    growth, rules
        Signers of the two statements.
    ticket_secret
        Seals what a mirror gives its clients to keep (C2SP tlog-mirror, "ticket").
    digest
        Of file and name, to tie them to the state: a key is used only with its own.
    """

    growth: tuple[Signer, ...]
    rules: tuple[Signer, ...]
    ticket_secret: bytes
    digest: str

    @property
    def public(self) -> tuple[VerifierKey, ...]:
        """All public keys, for the policies of logs."""
        return tuple(signer.key for signer in (*self.growth, *self.rules))


def exists(folder: Path) -> bool:
    """Whether a witness was already created here."""
    return (folder / _FILE).exists()


def make() -> bytes:
    """Return the content of a new file of random keys."""
    seeds = {name: secrets.token_bytes(SEED_SIZE).hex() for name in _SEEDS}
    return json.dumps(seeds, indent=1).encode() + b"\n"


def digest(content: bytes, name: str) -> str:
    """Return what ties keys and the name of a witness to its state.

    The name belongs to it: Ed25519 cosignatures do not say who made them, so that one
    key under two names would be one party that counts twice.
    """
    return sha256(name.encode() + b"\n" + content).hexdigest()


def write(folder: Path, content: bytes) -> None:
    """Write new keys, readable by the owner alone; never over others.

    Raises
    ------
    FileExistsError
        If there are keys already.
    """
    draft = folder / f"{_FILE}.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        write_whole(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.link(draft, folder / _FILE)  # fails if there are keys, where a rename would not
    draft.unlink()
    sync_folder(folder)


def read(folder: Path, name: str) -> Keyring:
    """Read the keys of a witness.

    Raises
    ------
    WitnessError
        If they are damaged, or others may read them.
    """
    path = folder / _FILE
    if path.stat().st_mode & 0o077:
        raise WitnessError(
            f"{path} can be read by others: if it was, retire this witness; "
            "otherwise run `chmod 600` on it"
        )
    content = path.read_bytes()
    try:
        seeds = {each: bytes.fromhex(json.loads(content)[each]) for each in _SEEDS}
    except (ValueError, TypeError, KeyError) as error:
        raise WitnessError(f"{path} is damaged: retire this witness") from error
    rules = name + RULES
    return Keyring(
        growth=(
            Signer(name, COSIGNER_ED25519, seeds["growth_ed25519"]),
            Signer(name, COSIGNER_MLDSA44, seeds["growth_mldsa44"]),
        ),
        rules=(
            Signer(rules, COSIGNER_ED25519, seeds["rules_ed25519"]),
            Signer(rules, COSIGNER_MLDSA44, seeds["rules_mldsa44"]),
        ),
        ticket_secret=seeds["tickets"],
        digest=digest(content, name),
    )
