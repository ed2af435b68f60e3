"""A resident proves that a line about them stands in the sealed day, and that it is theirs."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from townhall.exchange import days
from townhall.exchange import operations as exchange
from townhall.exchange.tests.conftest import officer, resident, step_of, with_address
from townhall.ledger import receipts
from townhall.ledger.engine import checking
from townhall.ledger.tests.conftest import town  # noqa: F401 - a fixture

LINES = 7


def read_about(person: uuid.UUID, times: int = 1) -> None:
    for _ in range(times):
        exchange.read_many(
            resident(person),
            step=step_of(person),
            reads=[exchange.Read("population", ("address",))],
        )


@pytest.fixture
def sealed(town):  # noqa: F811
    """A person with some lines among those of others, and the day's seal cosigned."""
    person, other = with_address(), with_address()
    read_about(other, 3)
    read_about(person, LINES)
    read_about(other, 2)
    clerk = officer()
    exchange.note_view(
        clerk, person_id=person, case_id=uuid.uuid4(), service_no=7, what="the case", purpose="work"
    )
    days.seal(today=datetime.now(UTC).date() + timedelta(days=1))
    town.start_witnesses(("auditor", "court", "university"))
    town.open()
    town.operator.step()
    town.line("access").finality.advance()
    return person, other, clerk


def test_every_line_about_oneself_has_a_receipt_that_holds(sealed):
    person, _, clerk = sealed
    lines = exchange.who_looked(resident(person)).lines
    assert len(lines) == LINES + 1
    for line in lines:
        made = days.line_receipt(resident(person), number=line.number)
        steps = checking.verify(made)
        assert not [step for step in steps if step.ok is False]
        assert made.member.content.decode().count(str(person)) >= 1
        # Which officer it was is fixed, and not shown.
        assert clerk.actor.partition(":")[2] not in made.member.content.decode()


def test_a_line_that_is_changed_on_the_way_is_found_out(sealed):
    from dataclasses import replace

    person, _, _ = sealed
    line = exchange.who_looked(resident(person)).lines[0]
    made = days.line_receipt(resident(person), number=line.number)
    content = made.member.content.replace(b"found", b"none ").replace(b"viewed", b"denied")
    forged = replace(made, member=replace(made.member, content=content))
    assert checking.verdict(checking.verify(forged)) == checking.Verdict.FAILS


def test_nobody_gets_a_receipt_of_a_line_about_somebody_else(sealed):
    person, other, clerk = sealed
    line = exchange.who_looked(resident(person)).lines[0]
    assert days.line_receipt(resident(other), number=line.number) is None
    assert days.line_receipt(clerk, number=line.number) is None
    for number in (0, 10**12, 2**63, 10**40):
        assert days.line_receipt(resident(person), number=number) is None


def test_a_line_of_a_day_that_is_not_over_has_none_yet(town):  # noqa: F811
    person = with_address()
    read_about(person)
    line = exchange.who_looked(resident(person)).lines[0]
    assert days.line_receipt(resident(person), number=line.number) is None
    days.seal(today=datetime.now(UTC).date() + timedelta(days=1))
    with pytest.raises(receipts.NotFinalYet):
        days.line_receipt(resident(person), number=line.number)
