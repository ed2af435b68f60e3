"""The root of a register changes with every fact, and says nothing about any."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger.models.entry import Entry
from townhall.registers import operations as registers
from townhall.registers import roots
from townhall.registers.operations import NewFact

pytestmark = pytest.mark.usefixtures("committed_db")


def record(town: str = "Wrenford") -> None:
    person = uuid.uuid4()
    value = {"line1": "1 High Street", "town": town}
    fact = NewFact("population", str(person), person, "address", value, date(2020, 1, 1))
    registers.record_many(SYSTEM, facts=[fact])


def taken() -> list[dict[str, object]]:
    with scope(SYSTEM):
        return [each.body for each in Entry.objects.filter(log="registers").order_by("id")]


def later() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def test_a_root_is_taken_when_a_register_has_changed_and_not_again():
    record()
    assert roots.take(now=later()) == 1
    assert roots.take(now=later()) == 0
    record()
    assert roots.take(now=later()) == 1
    first, second = taken()
    assert (first["count"], second["count"]) == (1, 2)
    assert first["root"] != second["root"] and first["sequence"] < second["sequence"]


def test_a_change_of_this_moment_waits():
    record()
    assert roots.take(now=datetime.now(UTC)) == 0


def test_the_root_of_an_earlier_moment_can_be_worked_out_again():
    record()
    roots.take(now=later())
    [first] = taken()
    moment = datetime.fromtimestamp(first["sequence"] / 1_000_000, UTC)
    record("Elsewhere")
    with scope(SYSTEM):
        count, root = roots.root_of("population", moment)
    assert (count, root.hex()) == (first["count"], first["root"])
