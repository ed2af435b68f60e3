"""A clock that tests can turn, and the services of the pack, live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from townhall.awards.operations import moment
from townhall.cases.operations import moment as cases_moment
from townhall.catalogue import operations as catalogue


class Clock:
    """The clock of the operations, which a test may turn."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(tz=UTC) + self.offset

    def set(self, year: int, month: int, day: int, hour: int = 12) -> None:
        self.offset = datetime(year, month, day, hour, tzinfo=UTC) - datetime.now(tz=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = Clock()
    monkeypatch.setattr(moment, "now", turned.now)
    monkeypatch.setattr(cases_moment, "now", turned.now)
    return turned


@pytest.fixture
def pack(db: None) -> Iterator[None]:
    """Every service of the pack, live."""
    catalogue.forget()
    catalogue.load_packs()
    yield
    catalogue.forget()
