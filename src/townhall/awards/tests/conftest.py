"""A clock that tests can turn, and a service with an award, live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from townhall.awards.operations import moment
from townhall.cases.operations import moment as cases_moment
from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import SYSTEM


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
    """The services of the pack that these tests apply for, live."""
    catalogue.forget()
    folder = catalogue.pack().services_folder
    assert folder is not None
    for name in ("child-benefit.yaml", "resident-permit.yaml"):
        text = (folder / name).read_text(encoding="utf-8")
        catalogue.publish(text=text, filename=name, acting=SYSTEM)
    yield
    catalogue.forget()
