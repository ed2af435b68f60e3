"""A log of the operator on a real database, in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from townhall.foundation import settings as configuration
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import operations as ledger
from townhall.ledger.log.log import Log
from townhall.ledger.models import log as logs
from townhall.ledger.operator.sequencer import Sequencer
from townhall.ledger.tests.town import Town

NAME = "decisions"
ORIGIN = "town.example/ledger/decisions"


def submit(ref: str, **more: object) -> bool:
    """Put a decision into the queue."""
    return ledger.submit(
        SYSTEM,
        log=NAME,
        kind="decision",
        ref=ref,
        secret={"document": os.urandom(32).hex()},
        **more,
    )


def row() -> logs.Log:
    with scope(SYSTEM):
        found = logs.get(NAME)
    assert found is not None
    return found


@pytest.fixture
def folder(tmp_path: Path, committed_db: object) -> Path:
    """The folder of a log that the database knows."""
    with scope(SYSTEM):
        logs.make(NAME, ORIGIN, "no keys")
    Log.create(tmp_path / NAME, ORIGIN).close()
    return tmp_path / NAME


@pytest.fixture
def sequencer(folder: Path) -> Iterator[Sequencer]:
    with Log.open(folder) as log:
        yield Sequencer(NAME, log)


@pytest.fixture
def town(tmp_path: Path, committed_db: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A prepared town hall; its witnesses are not started."""
    monkeypatch.setenv("TOWNHALL_PROFILE", "demo")
    monkeypatch.setenv("TOWNHALL_DATA", str(tmp_path / "town"))
    configuration.current.cache_clear()
    made = Town(configuration.current())
    made.prepare()
    yield made
    made.end()
    monkeypatch.undo()
    configuration.current.cache_clear()
