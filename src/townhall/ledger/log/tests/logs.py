"""Logs for tests: entries that tell their index, and the tree that they must lead to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from townhall.ledger.engine import tree
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.log.log import Log

ORIGIN = "town.example/land"
MOST = 6_000


def entry(index: int) -> bytes:
    """The entry that belongs at an index; every seventh is empty, some are long."""
    if index % 7 == 3:
        return b""
    return b"entry %d " % index + b"x" * (index % 97)


def entries(start: int, end: int) -> list[bytes]:
    """The entries that belong there."""
    return [entry(index) for index in range(start, end)]


@cache
def _nodes() -> tree.MemoryNodes:
    return tree.MemoryNodes(map(leaf_hash, entries(0, MOST)))


def root(size: int) -> bytes:
    """The root that this many entries lead to, without any file."""
    return tree.root(_nodes(), size)


def sign(text: str) -> bytes:
    """A note whose signature nobody checks here."""
    return text.encode() + b"\n\xe2\x80\x94 town.example/land AAAAAAA=\n"


def tick(log: Log) -> None:
    """What a sequencer does about once a second."""
    log.integrate()
    log.publish(log.sign(sign))


def grow(log: Log, size: int, *, batch: int = 100) -> None:
    """Append what belongs there, without a tick."""
    while log.appended < size:
        log.append(entries(log.appended, min(log.appended + batch, size)))


def make(folder: Path, *sizes: int) -> Log:
    """Return an open log with a published checkpoint at each of these sizes."""
    log = Log.create(folder, ORIGIN)
    for size in sizes:
        grow(log, size)
        tick(log)
    return log


def published_size(folder: Path) -> int:
    """The size in the published checkpoint; 0 before the first."""
    path = folder / "public" / "checkpoint"
    return int(path.read_text().splitlines()[1]) if path.exists() else 0


def must_be_right(log: Log, at_least: int) -> None:
    """Every entry at its index, the root that follows, nothing acknowledged lost."""
    assert log.appended >= at_least
    assert list(log.entries(0, log.appended)) == entries(0, log.appended)
    assert log.root == root(log.size)
