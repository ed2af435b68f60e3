"""Anchors: seals, left now and then where the operator cannot take them back.

A port with one adapter that writes a file for each page, to be printed, published or handed to
somebody else's log. It is never on the way of an entry: without an anchor, or with one
that is months late, everything is as final as the witnesses make it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.log.errors import LogError
from townhall.ledger.log.reading import published
from townhall.ledger.operator.folder import LOGS, Folder, write_durably

HEADING: Final = "Seals of {name}, {when}. Keep this page.\n"
_LINE: Final = "-" * 64 + "\n"
_FILE: Final = "file:"


class AnchorUnusable(Exception):
    """Nothing can be left there; the text says why."""


class Anchor(Protocol):
    """Where seals are left."""

    def leave(self, when: datetime, content: bytes) -> bool:
        """Leave a page of seals, unless the newest one shows the same; return whether it was left.

        Raises
        ------
        AnchorUnusable
        """
        ...

    def left(self) -> Iterator[tuple[str, bytes]]:
        """Yield what was left, oldest first.

        Raises
        ------
        AnchorUnusable
        """
        ...


@dataclass(frozen=True, slots=True)
class FileAnchor:
    """A folder with a file for each page, best on another machine. No page is ever changed."""

    folder: Path

    def leave(self, when: datetime, content: bytes) -> bool:
        """Write a page, named after its moment."""
        path = self.folder / f"{when.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.txt"
        newest = self._pages()[-1:]
        if newest and _seals_in(_read(newest[0])) == _seals_in(content):
            return False
        try:
            write_durably(path, content, mode=0o644)
        except OSError as error:
            raise AnchorUnusable(f"{path} cannot be written: {error.strerror}") from error
        return True

    def left(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files, oldest first."""
        for path in self._pages():
            yield path.stem, _read(path)

    def _pages(self) -> list[Path]:
        if not self.folder.is_dir():
            raise AnchorUnusable(
                f"{self.folder} is not there: mount its disk again, or make it for new pages"
            )
        return sorted(self.folder.glob("????-??-??*.txt"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AnchorUnusable(f"{path} cannot be read: {error.strerror}") from error


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


def seals(folder: Folder, when: datetime) -> bytes:
    """Return a page: every published checkpoint of a moment, word for word."""
    pages = [HEADING.format(name=folder.name, when=f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S UTC}")]
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


def _seals_in(page: bytes) -> bytes:
    return page.partition(_LINE.encode())[2]


def _checkpoints(content: bytes) -> Iterator[Checkpoint]:
    for part in content.decode("utf-8", "replace").split(_LINE)[1:]:
        yield Checkpoint.parse(SignedNote.parse(part.encode()).text)
