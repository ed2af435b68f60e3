"""Anchors: the seals of a day, left where the operator cannot take them back.

A port with one adapter that writes a file a day, to be printed, published or handed to
somebody else's log. It is never on the way of an entry: without an anchor, or with one
that is months late, everything is as final as the witnesses make it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Protocol

from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.log.errors import LogError
from townhall.ledger.log.reading import published
from townhall.ledger.operator.folder import LOGS, Folder, write_durably

HEADING: Final = "Seals of {name} on {day}. Keep this page.\n"
_LINE: Final = "-" * 64 + "\n"
_FILE: Final = "file:"


class AnchorUnusable(Exception):
    """Nothing can be left there; the text says why."""


class Anchor(Protocol):
    """Where seals are left."""

    def leave(self, day: date, content: bytes) -> None:
        """Leave the seals of a day, once.

        Raises
        ------
        AnchorUnusable
        """
        ...

    def left(self) -> Iterator[tuple[str, bytes]]:
        """Yield what was left, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class FileAnchor:
    """A folder with a file a day, best on another machine."""

    folder: Path

    def leave(self, day: date, content: bytes) -> None:
        """Write the file of a day unless it is there."""
        path = self.folder / f"{day.isoformat()}.txt"
        try:
            if not path.exists():
                write_durably(path, content, mode=0o644)
        except OSError as error:
            raise AnchorUnusable(f"{path} cannot be written: {error.strerror}") from error

    def left(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files, oldest first."""
        for path in sorted(self.folder.glob("????-??-??.txt")):
            try:
                content = path.read_bytes()
            except OSError as error:
                raise AnchorUnusable(f"{path} cannot be read: {error.strerror}") from error
            yield path.stem, content


def anchor_of(setting: str) -> Anchor | None:
    """Return the anchor that a setting names; None if it names none.

    Raises
    ------
    AnchorUnusable
        If there is no adapter of this name.
    """
    if not setting:
        return None
    if setting.startswith(_FILE):
        return FileAnchor(Path(setting.removeprefix(_FILE)))
    raise AnchorUnusable(f"There is no anchor {setting!r}; there is file:FOLDER.")


def seals(folder: Folder, day: date) -> bytes:
    """Return the page of a day: every published checkpoint, word for word."""
    pages = [HEADING.format(name=folder.name, day=day.isoformat())]
    for log in LOGS:
        found = published(folder.log(log), folder.origin(log))
        if found is not None:
            pages.append(_LINE + found[0].decode())
    return "".join(pages).encode()


def contradictions(folder: Folder, anchor: Anchor) -> list[str]:
    """Return in words where a log no longer leads to a seal that was left.

    A page that cannot be read is told of like a seal that differs, and hides no other.
    """
    heads = {log: published(folder.log(log), folder.origin(log)) for log in LOGS}
    wrong = []
    for day, content in anchor.left():
        try:
            seals_of_day = list(_checkpoints(content))
        except Refused as error:
            wrong.append(f"the page of {day} cannot be read: {error}")
            continue
        for checkpoint in seals_of_day:
            log = checkpoint.origin.removeprefix(f"{folder.name}/")
            found = heads.get(log)
            try:
                if found is None or found[1].root(checkpoint.size) != checkpoint.root:
                    raise LogError("its root is another one")
            except LogError as error:
                wrong.append(f"{log} contradicts its seal of {day}: {error}")
    return wrong


def _checkpoints(content: bytes) -> Iterator[Checkpoint]:
    for part in content.decode("utf-8", "replace").split(_LINE)[1:]:
        yield Checkpoint.parse(SignedNote.parse(part.encode()).text)
