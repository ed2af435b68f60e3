"""What a witness is told: its name, where its files lie, and the logs that it watches.

A file of settings is JSON::

    {
      "name": "court.example/w1",
      "folder": "/var/lib/townhall-witness",
      "listen": "127.0.0.1:7420",
      "generation_file": "/srv/other-disk/w1.generation",
      "logs": [
        {
          "origin": "town.example/decisions",
          "keys": ["town.example/decisions+c379fa77+AdxF…"],
          "rules": "decisions"
        }
      ]
    }

`listen` is 127.0.0.1 and a free port if it is left out. `generation_file` should
lie where a restored backup of the folder does not reach; left out, it lies in the
folder. `rules` names the rules that every entry of the log is held against, one of
`townhall.ledger.engine.registers.LOGS`. `largest_body` (bytes; 64 MiB if left out)
and `seconds` (60) bound one request. `audit_seconds` (a day; 0: never) says how often
all copies are hashed anew. `peers` are the addresses of other witnesses, whose
checkpoints are compared with the own copies every `gossip_seconds` (300).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from townhall.ledger.engine import registers
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.engine.notes import check_name
from townhall.ledger.witness.errors import SettingsInvalid

LARGEST_BODY: Final = 64 << 20
SECONDS: Final = 60
AUDIT_SECONDS: Final = 86_400
GOSSIP_SECONDS: Final = 300
_ADDRESS: Final = re.compile(r"https?://[^\s/?#]+(?:/[^\s?#]*)?")
_MOST_LOGS: Final = 1_000
_KEYS: Final = {
    "name",
    "folder",
    "listen",
    "generation_file",
    "logs",
    "largest_body",
    "seconds",
    "audit_seconds",
    "peers",
    "gossip_seconds",
}
_LOG_KEYS: Final = {"origin", "keys", "rules"}


@dataclass(frozen=True, slots=True)
class WatchedLog:
    """A log that the witness watches.

    Attributes
    ----------
    origin
        Name of the log.
    keys
        The log's own keys; a checkpoint needs the signature of one.
    rules
        Name of the register's rules.
    """

    origin: str
    keys: tuple[VerifierKey, ...]
    rules: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a witness is told.

    Attributes
    ----------
    name
        Of the key that vouches for growth; `<name>/rules` is that of the key that
        vouches for the copy and for the register's rules.
    folder
        Where keys, state and copies lie; readable by nobody else.
    host, port
        Where it listens; port 0: any free one.
    generation_file
        Counts what was signed, apart from the state.
    largest_body
        Bytes of a request, before and after it is unpacked.
    seconds
        How long one request may take to arrive.
    audit_seconds
        How long until all copies are hashed anew; 0: only at the start.
    peers
        Addresses of other witnesses, `http://` or `https://`.
    gossip_seconds
        How long until their checkpoints are read again.
    """

    name: str
    folder: Path
    logs: tuple[WatchedLog, ...]
    host: str = "127.0.0.1"
    port: int = 0
    generation_file: Path | None = None
    largest_body: int = LARGEST_BODY
    seconds: int = SECONDS
    audit_seconds: int = AUDIT_SECONDS
    peers: tuple[str, ...] = ()
    gossip_seconds: int = GOSSIP_SECONDS
    by_origin: Mapping[str, WatchedLog] = field(init=False, repr=False, compare=False)

    @property
    def state_path(self) -> Path:
        """Where the state lies."""
        return self.folder / "state.sqlite"

    @property
    def generation_path(self) -> Path:
        """Where the count outside the state lies."""
        return self.generation_file or self.folder / "generation"

    def __post_init__(self) -> None:
        try:
            check_name(self.name)
        except Refused as error:
            raise SettingsInvalid(f"name: {error}") from None
        by_origin = {log.origin: log for log in self.logs}
        if len(by_origin) != len(self.logs):
            raise SettingsInvalid("logs: two have the same origin")
        if len(self.logs) > _MOST_LOGS:
            raise SettingsInvalid(f"logs: more than {_MOST_LOGS}")
        for peer in self.peers:
            if not _ADDRESS.fullmatch(peer) or not _has_port(peer):
                raise SettingsInvalid(f"peers: {peer!r} is no address: https://court.example")
        object.__setattr__(self, "by_origin", by_origin)


def _has_port(address: str) -> bool:
    """Whether the port of an address, if it names one, is a port."""
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


def watched_log(origin: str, keys: list[str], rules: str) -> WatchedLog:
    """Return a log as the settings, or the command line, name it.

    Raises
    ------
    SettingsInvalid
        If a key is malformed or none is given, or no such rules are known.
    """
    if rules not in registers.LOGS:
        known = ", ".join(sorted(registers.LOGS))
        raise SettingsInvalid(f"{origin}: there are no rules {rules!r}; known are {known}")
    if not keys:
        raise SettingsInvalid(f"{origin}: give at least one key of the log")
    try:
        return WatchedLog(origin, tuple(VerifierKey.parse(key) for key in keys), rules)
    except Refused as error:
        raise SettingsInvalid(f"{origin}: {error}") from None


def read_settings(path: Path) -> Settings:
    """Read a file of settings.

    Raises
    ------
    SettingsInvalid
        If it cannot be read or says something that a witness does not know.
    """
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsInvalid(f"{path}: {error}") from error
    if not isinstance(told, dict) or not told.keys() <= _KEYS:
        raise SettingsInvalid(f"{path}: known are {', '.join(sorted(_KEYS))}")
    try:
        host, port = parse_address(told.get("listen", "127.0.0.1:0"))
        apart = told.get("generation_file")
        return Settings(
            name=told["name"],
            folder=Path(told["folder"]),
            logs=tuple(_log(each) for each in told["logs"]),
            host=host,
            port=port,
            generation_file=None if apart is None else Path(apart),
            largest_body=int(told.get("largest_body", LARGEST_BODY)),
            seconds=int(told.get("seconds", SECONDS)),
            audit_seconds=int(told.get("audit_seconds", AUDIT_SECONDS)),
            peers=tuple(map(str, told.get("peers", ()))),
            gossip_seconds=int(told.get("gossip_seconds", GOSSIP_SECONDS)),
        )
    except KeyError as error:
        raise SettingsInvalid(f"{path}: {error.args[0]} is missing") from None
    except (TypeError, AttributeError, ValueError) as error:
        raise SettingsInvalid(f"{path}: {error}") from None


def parse_address(text: str) -> tuple[str, int]:
    """Return host and port of `host:port`.

    Raises
    ------
    SettingsInvalid
        If it is neither.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65_535:
        raise SettingsInvalid(f"listen: {text!r} is not host:port")
    return host.strip("[]"), int(port)


def _log(told: Mapping[str, Any]) -> WatchedLog:
    if not told.keys() <= _LOG_KEYS:
        raise SettingsInvalid(f"logs: known of a log are {', '.join(sorted(_LOG_KEYS))}")
    return watched_log(told["origin"], list(told["keys"]), told["rules"])
