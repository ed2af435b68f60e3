"""Fixtures of the cases room: two small services, live, and a clock that tests can turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from townhall.cases.operations import moment
from townhall.cases.tests.people import publish
from townhall.catalogue import operations as catalogue


@pytest.fixture(autouse=True)
def _fresh_catalogue() -> Iterator[None]:
    catalogue.forget()
    yield
    catalogue.forget()


@pytest.fixture
def services(db: None) -> None:
    """Both services, live, in the transaction of the test."""
    publish("lamp", "mooring")


@pytest.fixture
def lasting(committed_db: Any) -> Any:
    """Both services, live and committed."""
    publish("lamp", "mooring")
    return committed_db


class Clock:
    """The clock of the operations, which a test may turn."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(tz=UTC) + self.offset

    def forward(self, **span: float) -> None:
        self.offset += timedelta(**span)

    def set(self, year: int, month: int, day: int, hour: int = 12) -> None:
        wanted = datetime(year, month, day, hour, tzinfo=UTC)
        self.offset = wanted - datetime.now(tz=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    turned = Clock()
    monkeypatch.setattr(moment, "now", turned.now)
    return turned
