"""A life changes, and the award follows: from the grant to arrears and overpayments."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import pytest

from townhall.awards import operations as awards
from townhall.awards.models import assessments, facts
from townhall.awards.models import awards as stored
from townhall.awards.operations import worth
from townhall.awards.tests.conftest import Clock
from townhall.awards.tests.families import LONG_AGO, child, claims, parent, person_of, record
from townhall.awards.views import AlreadyRuled, AwardView, NeedsReason, NotFound
from townhall.cases import operations as cases
from townhall.cases.errors import NotFound as CaseNotFound
from townhall.cases.operations import basis, retention
from townhall.cases.operations.basis import basis_of
from townhall.cases.tests.people import officer
from townhall.exchange import operations as exchange
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import run_due

pytestmark = pytest.mark.usefixtures("pack")
ONE, TWO = Decimal("27.05"), Decimal("44.95")
ROWAN, TILLY = child("Rowan", "2020-05-09"), child("Tilly", "2026-07-03")


def award_of(me: Acting) -> AwardView:
    return awards.my_awards(me)[0]


def started(clock: Clock, *children: dict[str, object]) -> Acting:
    """Return a parent granted on Wednesday, 3 June 2026."""
    clock.set(2026, 6, 3)
    me = parent(*children)
    claims(me)
    return me


def pays(clock: Clock, year: int, month: int, day: int) -> int:
    clock.set(year, month, day)
    return awards.pay_due()


def test_a_grant_begins_an_award_that_is_paid_for_each_monday(clock: Clock) -> None:
    me = started(clock, ROWAN)
    award = award_of(me)
    assert (award.next_on, award.next_amount) == (date(2026, 6, 8), ONE)
    assert award.changes[0].cause == "granted"
    assert award.changes[0].why_after is not None
    assert pays(clock, 2026, 6, 7) == 0
    assert pays(clock, 2026, 6, 22) == 3
    assert awards.pay_due() == 0
    award = award_of(me)
    assert [(line.day, line.kind, line.amount) for line in reversed(award.account)] == [
        (date(2026, 6, day), "payment", ONE) for day in (8, 15, 22)
    ]
    assert award.paid == 3 * ONE


def test_a_birth_that_is_registered_late_brings_arrears_without_a_form(clock: Clock) -> None:
    me = started(clock, ROWAN)
    pays(clock, 2026, 7, 21)
    record(me, "population", "children", [ROWAN, TILLY], date(2026, 7, 3))
    run_due()
    award = award_of(me)
    change = award.changes[0]
    assert (change.cause, change.status) == ("fact", "applied")
    assert [dict(title)["en"] for title in change.changed] == ["Your children"]
    assert (change.before, change.after) == (ONE, TWO)
    assert change.from_on == date(2026, 7, 6)
    assert (change.periods, change.arrears) == (3, 3 * (TWO - ONE))
    assert change.why_before is not None
    assert change.why_after is not None
    assert award.next_amount == TWO
    sums = {day: Decimal(0) for day in (date(2026, 6, 29), date(2026, 7, 6))}
    for line in award.account:
        if line.day in sums:
            sums[line.day] += line.amount
    assert sums == {date(2026, 6, 29): ONE, date(2026, 7, 6): TWO}


def test_the_person_gets_a_letter_and_sees_who_looked(clock: Clock) -> None:
    me = started(clock, ROWAN)
    pays(clock, 2026, 7, 21)
    record(me, "population", "children", [ROWAN, TILLY], date(2026, 7, 3))
    run_due()
    titles = [dict(letter.title)["en"] for letter in cases.my_letters(me)]
    assert "Your payment changes: Child Benefit" in titles
    lines = exchange.who_looked(me).lines
    assert any(line.purpose == "To adjust your award after a change" for line in lines)


def test_a_child_who_left_is_an_overpayment_and_nothing_is_taken_back_by_itself(
    clock: Clock,
) -> None:
    me = started(clock, ROWAN, child("Guto", "2015-01-01"))
    pays(clock, 2026, 7, 21)
    record(me, "population", "children", [ROWAN], date(2026, 7, 14))
    run_due()
    change = award_of(me).changes[0]
    assert (change.overpaid, change.arrears) == (TWO - ONE, 0)
    assert [line.amount for line in award_of(me).account if line.kind == "overpayment"] == [
        ONE - TWO
    ]


def test_a_fact_that_no_award_rests_on_assesses_nothing(clock: Clock) -> None:
    me = started(clock, ROWAN)
    other = parent(TILLY)
    record(me, "population", "nationality", "British", date(2026, 6, 10))
    record(other, "population", "children", [], date(2026, 6, 10))
    run_due()
    assert len(award_of(me).changes) == 1


def test_the_same_event_twice_does_nothing_the_second_time(clock: Clock) -> None:
    me = started(clock, ROWAN)
    pays(clock, 2026, 7, 21)
    record(me, "population", "children", [ROWAN, TILLY], date(2026, 7, 3))
    run_due()
    before = award_of(me)
    for event in (uuid.uuid4(), uuid.uuid4()):
        with scope(SYSTEM):
            awards.react(
                about=person_of(me),
                register="population",
                kind="children",
                since=date(2026, 7, 3),
                event_id=event,
            )
    assert award_of(me) == before


@pytest.mark.parametrize("turned", [False, True])
def test_two_late_facts_give_the_same_end_in_either_order(clock: Clock, turned: bool) -> None:
    me = started(clock, ROWAN)
    pays(clock, 2026, 8, 11)
    third = child("Nia", "2026-07-17")
    # A register corrected out of order: the later stretch is told first, or last.
    late = [
        ([ROWAN, TILLY], date(2026, 7, 3), date(2026, 7, 17)),
        ([ROWAN, TILLY, third], date(2026, 7, 17), None),
    ]
    from townhall.registers import operations as registers

    for value, since, until in reversed(late) if turned else late:
        registers.record(
            SYSTEM,
            register="population",
            key=None,
            person_id=person_of(me),
            kind="children",
            value=value,
            valid_from=since,
            valid_to=until,
        )
        run_due()
    sums: dict[date, Decimal] = {}
    for line in award_of(me).account:
        sums[line.day] = sums.get(line.day, Decimal(0)) + line.amount
    three = TWO + Decimal("17.90")
    assert sums[date(2026, 6, 29)] == ONE
    assert [sums[date(2026, 7, day)] for day in (6, 13, 20, 27)] == [TWO, TWO, three, three]
    assert sums[date(2026, 8, 10)] == three
    assert award_of(me).next_amount == three


def test_a_correction_brings_the_award_back_and_keeps_both_assessments(clock: Clock) -> None:
    me = started(clock, ROWAN)
    pays(clock, 2026, 7, 21)
    record(me, "population", "children", [ROWAN, TILLY], date(2026, 7, 3))
    run_due()
    record(me, "population", "children", [ROWAN], date(2026, 7, 3))
    run_due()
    award = award_of(me)
    assert [change.cause for change in award.changes] == ["fact", "fact", "granted"]
    assert award.paid == ONE * 7
    assert award.next_amount == ONE


def test_a_large_change_waits_for_an_officer_and_nothing_is_paid_meanwhile(clock: Clock) -> None:
    me = started(clock, ROWAN)
    pays(clock, 2027, 3, 30)
    record(me, "population", "children", [ROWAN, child("Lowri", "2026-06-04")], date(2026, 6, 4))
    run_due()
    award = award_of(me)
    assert award.held
    assert award.changes[0].status == "waiting"
    assert award.changes[0].arrears > 500
    clerk = officer("child-benefit", role="benefits.officer", agency="revenue")
    waiting = awards.waiting(clerk)
    assert [change.id for change in waiting] == [award.changes[0].id]
    with pytest.raises(NeedsReason):
        awards.rule(clerk, assessment_id=waiting[0].id, applies=True, reason=" ")
    awards.rule(clerk, assessment_id=waiting[0].id, applies=True, reason="Seen the certificate.")
    award = award_of(me)
    assert not award.held
    assert (award.changes[0].status, award.changes[0].reason) == (
        "applied",
        "Seen the certificate.",
    )
    assert award.next_amount == TWO
    assert awards.waiting(clerk) == ()
    with pytest.raises(AlreadyRuled):
        awards.rule(clerk, assessment_id=waiting[0].id, applies=False, reason="Too late.")


def test_a_change_that_an_officer_rejects_leaves_the_award_as_it_was(clock: Clock) -> None:
    me = started(clock, ROWAN)
    pays(clock, 2027, 3, 16)
    paid = award_of(me).paid
    record(me, "population", "children", [ROWAN, child("Lowri", "2026-06-04")], date(2026, 6, 4))
    run_due()
    clerk = officer("child-benefit", role="benefits.officer", agency="revenue")
    change = awards.waiting(clerk)[0]
    awards.rule(clerk, assessment_id=change.id, applies=False, reason="She lives elsewhere.")
    award = award_of(me)
    assert (award.paid, award.next_amount, award.held) == (paid, ONE, False)
    assert pays(clock, 2027, 3, 30) == 2
    assert award_of(me).paid == paid + 2 * ONE


def test_nobody_rules_but_an_officer_of_the_service(clock: Clock) -> None:
    me = started(clock, ROWAN)
    pays(clock, 2027, 3, 16)
    record(me, "population", "children", [ROWAN, child("Lowri", "2026-06-04")], date(2026, 6, 4))
    run_due()
    change = award_of(me).changes[0]
    elsewhere = officer("resident-permit", role="permits.officer", agency="transport")
    for who in (me, elsewhere, parent()):
        with pytest.raises(NotFound):
            awards.rule(who, assessment_id=change.id, applies=True, reason="Mine.")
    assert awards.waiting(elsewhere) == ()
    with pytest.raises(NotFound):
        awards.my_award(parent(), award_id=award_of(me).id)


def test_new_rates_are_told_before_they_are_paid(clock: Clock) -> None:
    clock.set(2026, 3, 4)
    me = parent(ROWAN)
    claims(me)
    pays(clock, 2026, 4, 7)
    award = award_of(me)
    assert [change.cause for change in award.changes] == ["rates", "granted"]
    assert (award.changes[0].before, award.changes[0].after) == (Decimal("26.05"), ONE)
    assert award.changes[0].from_on == date(2026, 4, 6)
    assert award.account[0].amount == ONE


def test_a_sixteenth_birthday_ends_the_payment_for_that_child(clock: Clock) -> None:
    clock.set(2026, 6, 3)
    me = parent(child("Guto", "2010-06-20"), ROWAN)
    claims(me)
    pays(clock, 2026, 6, 30)
    award = award_of(me)
    amounts = {line.day.day: line.amount for line in award.account}
    assert amounts == {8: TWO, 15: TWO, 22: ONE, 29: ONE}
    assert award.changes[0].cause == "rates"


def test_a_birth_makes_a_ready_claim_that_one_tap_confirms(clock: Clock) -> None:
    clock.set(2026, 7, 8)
    me = parent()
    run_due()
    assert awards.my_offers(me) == ()
    record(me, "population", "children", [TILLY], date(2026, 7, 3))
    run_due()
    offers = awards.my_offers(me)
    assert [(offer.service, offer.amount) for offer in offers] == [("child-benefit", ONE)]
    record(me, "income", "adjusted_net_income", "31000.00", LONG_AGO)
    run_due()
    assert len(awards.my_offers(me)) == 1
    case = awards.accept_offer(me, draft_id=offers[0].draft_id)
    run_due()
    assert cases.my_case(me, case_id=case.id).outcome == "granted"
    assert awards.my_offers(me) == ()
    assert award_of(me).next_amount == ONE


def test_an_offer_can_be_put_away_and_is_nobody_elses(clock: Clock) -> None:
    clock.set(2026, 7, 8)
    me = parent()
    record(me, "population", "children", [TILLY], date(2026, 7, 3))
    run_due()
    offer = awards.my_offers(me)[0]
    with pytest.raises(NotFound):
        awards.accept_offer(parent(), draft_id=offer.draft_id)
    awards.decline_offer(me, draft_id=offer.draft_id)
    assert awards.my_offers(me) == ()
    assert cases.my_drafts(me) == ()
    with pytest.raises(NotFound):
        awards.decline_offer(me, draft_id=offer.draft_id)


def test_every_stored_assessment_replays_to_the_same_result(clock: Clock) -> None:
    me = started(clock, ROWAN, child("Guto", "2010-06-20"))
    pays(clock, 2026, 7, 21)
    record(me, "population", "children", [ROWAN, TILLY], date(2026, 7, 3))
    run_due()
    record(me, "income", "adjusted_net_income", "71000.00", date(2026, 7, 10))
    run_due()
    pays(clock, 2026, 8, 11)
    with scope(SYSTEM):
        award = stored.of_person(person_of(me))[0]
        found = basis_of(person_id=person_of(me), case_id=award.case_id)
        assert found is not None
        timeline, made = facts.timeline(award), assessments.of_awards(award.person_id, [award.id])
    # In turn: what was known after each assessment is what was known before the next.
    known = [*[each.known for each in reversed(made)][1:], timeline.known]
    assert len(made) >= 3
    for assessment, then in zip(reversed(made), known, strict=True):
        again = worth.of_day(found, timeline, assessment.from_on, known=then or None, trace=True)
        assert again.amount == assessment.after
        assert again.trace == assessment.explanation["after"]
        assert assessment.pack_hash == found.pack_hash


def test_the_case_is_kept_for_as_long_as_its_award_runs(clock: Clock) -> None:
    # The database erases by its own clock, so the award began long ago.
    clock.set(2018, 6, 6)
    me = parent(child("Rowan", "2015-05-09"))
    case_id = claims(me)
    clock.set(2026, 6, 1)
    with scope(SYSTEM):
        retention.erase_cases()
    assert cases.my_case(me, case_id=case_id).outcome == "granted"
    with scope(SYSTEM):
        basis.release(person_id=person_of(me), case_id=case_id, on=date(2018, 6, 6))
        retention.erase_cases()
    with pytest.raises(CaseNotFound):
        cases.my_case(me, case_id=case_id)


def test_a_later_change_takes_the_place_of_one_that_waits_and_nothing_is_paid_twice(
    clock: Clock,
) -> None:
    me = started(clock, ROWAN)
    pays(clock, 2027, 3, 16)
    twins = [child("Lowri", "2026-06-04"), child("Mair", "2026-06-04")]
    record(me, "population", "children", [ROWAN, twins[0]], date(2026, 6, 4))
    run_due()
    record(me, "population", "children", [ROWAN, *twins], date(2026, 6, 4))
    run_due()
    clerk = officer("child-benefit", role="benefits.officer", agency="revenue")
    newest, older = award_of(me).changes[:2]
    assert (newest.status, older.status) == ("waiting", "replaced")
    assert [change.id for change in awards.waiting(clerk)] == [newest.id]
    with pytest.raises(AlreadyRuled):
        awards.rule(clerk, assessment_id=older.id, applies=True, reason="Seen.")
    awards.rule(clerk, assessment_id=newest.id, applies=True, reason="Seen.")
    three, weeks = Decimal("62.85"), 41
    assert award_of(me).paid == weeks * three
    assert award_of(me).next_amount == three


def test_keeping_an_award_as_it_was_undoes_all_that_waits(clock: Clock) -> None:
    me = started(clock, ROWAN)
    pays(clock, 2027, 3, 16)
    paid = award_of(me).paid
    twins = [child("Lowri", "2026-06-04"), child("Mair", "2026-06-04")]
    for told in ([ROWAN, twins[0]], [ROWAN, *twins]):
        record(me, "population", "children", told, date(2026, 6, 4))
        run_due()
    clerk = officer("child-benefit", role="benefits.officer", agency="revenue")
    change = awards.waiting(clerk)[0]
    awards.rule(clerk, assessment_id=change.id, applies=False, reason="They live elsewhere.")
    assert pays(clock, 2027, 3, 23) == 1
    assert award_of(me).paid == paid + ONE


def test_an_offer_whose_draft_was_thrown_away_is_gone_and_may_come_again(clock: Clock) -> None:
    clock.set(2026, 7, 8)
    me = parent()
    record(me, "population", "children", [TILLY], date(2026, 7, 3))
    run_due()
    cases.discard_draft(me, draft_id=awards.my_offers(me)[0].draft_id)
    assert awards.my_offers(me) == ()
    record(me, "population", "children", [TILLY, ROWAN], date(2026, 7, 4))
    run_due()
    assert len(awards.my_offers(me)) == 1
