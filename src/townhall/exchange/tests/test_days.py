"""Days of the journal get roots, in order and for good; a changed line shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from townhall.exchange import days
from townhall.exchange import operations as exchange
from townhall.exchange.tests.conftest import resident, step_of, with_address
from townhall.foundation.acting import SYSTEM
from townhall.ledger import operations as ledger

pytestmark = pytest.mark.usefixtures("committed_db")


def today() -> date:
    return datetime.now(UTC).date()


def read_something() -> None:
    person = with_address()
    exchange.read_many(
        resident(person),
        step=step_of(person),
        reads=[exchange.Read("population", ("address",))],
    )


def test_a_day_that_is_not_over_is_not_sealed():
    read_something()
    assert days.seal(today=today()) == 0


def test_each_day_names_the_one_before_and_days_without_a_line_are_not_left_out():
    read_something()
    assert days.seal(today=today() + timedelta(days=3)) == 3
    first, second, third = (
        ledger.find(SYSTEM, log="access", ref=f"journal:{today() + timedelta(days=n)}").body
        for n in range(3)
    )
    assert first["lines"] > 0 and second["lines"] == third["lines"] == 0
    assert first["previous"] == "0" * 64
    assert (second["previous"], third["previous"]) == (first["root"], second["root"])
    assert days.seal(today=today() + timedelta(days=3)) == 0


def test_a_line_that_is_changed_behind_everybodys_back_is_found(owner):
    read_something()
    days.seal(today=today() + timedelta(days=1))
    assert days.changed_days() == []
    owner.execute("ALTER TABLE exchange_journal DISABLE TRIGGER ALL")
    owner.execute("CREATE POLICY thief ON exchange_journal FOR UPDATE USING (true)")
    try:
        owner.execute("UPDATE exchange_journal SET purpose = 'nothing at all'")
        assert days.changed_days() == [today()]
    finally:
        owner.execute("DROP POLICY thief ON exchange_journal")
        owner.execute("ALTER TABLE exchange_journal ENABLE TRIGGER ALL")


def test_the_application_cannot_write_a_day_anew():
    read_something()
    days.seal(today=today() + timedelta(days=1))
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_day SET lines = 0")
