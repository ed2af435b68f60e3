"""Four eyes: two human beings, the same evidence, and nothing that gets round it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from townhall.cases import models
from townhall.cases import operations as cases
from townhall.cases.tests.people import moves, officer, pdf, resident, submitted
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import run_due
from townhall.identity import operations as identity

pytestmark = pytest.mark.usefixtures("services")


def dear_case() -> tuple[Acting, Any]:
    """A hired boat for a year: the fee is above the limit of the second signature."""
    me = resident()
    return me, submitted(me, hired=True, months="12")


def signed() -> tuple[Acting, Acting, Any]:
    me, case = dear_case()
    first = officer(name="Olwen Price")
    after = cases.decide(first, case_id=case.id, seen_state=case.seen_state, action="grant")
    assert after.signature is not None
    return me, first, after


def state(case: Any) -> str:
    with scope(SYSTEM):
        return models.Case.objects.get(id=case.id).state


def test_a_dear_case_takes_two_officers_and_says_both() -> None:
    me, case = dear_case()
    first, second = officer(name="Olwen Price"), officer(name="Rhys Vaughan")
    view = cases.case_for_officer(first, case_id=case.id)
    assert {a.action: a.needs_second for a in view.actions} == {
        "ask": False, "grant": True, "refuse": True, "extend": False,
    }  # fmt: skip
    after = cases.decide(first, case_id=case.id, seen_state=case.seen_state, action="grant")
    assert after.state == "review"
    assert after.signature is not None
    assert after.signature.mine
    (line,) = cases.worklist(second).rows
    assert line.waits_for_second
    seen = cases.case_for_officer(second, case_id=case.id)
    assert seen.signature is not None
    assert not seen.signature.mine
    assert seen.signature.evidence_revision == seen.evidence_revision
    done = cases.second(second, case_id=case.id, seen_state=seen.seen_state, approve=True)
    assert done.outcome == "granted"
    (decision,) = done.decisions
    assert (decision.decided_by, decision.second_by) == ("Olwen Price", "Rhys Vaughan")
    run_due()
    assert cases.my_case(me, case_id=case.id).outcome == "granted"


def test_a_cheap_case_takes_one() -> None:
    case = submitted(resident(), hired=True)
    after = cases.decide(officer(), case_id=case.id, seen_state=case.seen_state, action="grant")
    assert after.outcome == "granted"


def test_the_first_cannot_be_the_second() -> None:
    _, first, case = signed()
    with pytest.raises(cases.NotPermitted):
        cases.second(first, case_id=case.id, seen_state=case.seen_state, approve=True)
    assert state(case) == "review"


def test_the_first_is_not_another_through_a_mandate_or_another_account() -> None:
    _, first, case = signed()
    person = identity.person_behind(first.actor)
    other = officer(name="Rhys Vaughan")
    disguises = (
        # the same human signed in as somebody who represents another
        replace(first, actor=f"officer:{uuid4()}", person_id=person),
        # another account acts under a mandate of the first officer
        replace(other, on_behalf_of=person, mandate=uuid4()),
        # the same account in another role
        replace(first, roles=frozenset({"permits.officer", "permits.senior"})),
    )
    for disguise in disguises:
        with pytest.raises(cases.NotPermitted):
            cases.second(disguise, case_id=case.id, seen_state=case.seen_state, approve=True)
    assert state(case) == "review"


def test_a_second_needs_the_role_too() -> None:
    _, _, case = signed()
    other = replace(officer(), roles=frozenset({"permits.senior"}))
    with pytest.raises(cases.NotPermitted):
        cases.second(other, case_id=case.id, seen_state=case.seen_state, approve=True)


def test_a_second_declines_with_a_reason_and_the_case_is_free_again() -> None:
    _, first, case = signed()
    other = officer(name="Rhys Vaughan")
    with pytest.raises(cases.NeedsReason):
        cases.second(other, case_id=case.id, seen_state=case.seen_state, approve=False)
    after = cases.second(
        other, case_id=case.id, seen_state=case.seen_state, approve=False, reason="Not dated."
    )
    assert after.signature is None
    assert after.state == "review"
    assert after.history[-1].note == "Not dated."
    again = cases.decide(
        first, case_id=case.id, seen_state=after.seen_state, action="refuse", reason="Not dated."
    )
    assert again.signature is not None
    assert again.signature.action == "refuse"


def test_nothing_else_is_done_while_a_signature_waits() -> None:
    _, first, case = signed()
    other = officer()
    for who in (first, other):
        with pytest.raises(cases.StaleState):
            cases.decide(who, case_id=case.id, seen_state=case.seen_state, action="grant")
        with pytest.raises(cases.StaleState):
            cases.extend(who, case_id=case.id, seen_state=case.seen_state, reason="x")
    blocked = {
        a.action: bool(a.blocked) for a in cases.case_for_officer(other, case_id=case.id).actions
    }
    assert blocked == {"ask": False, "grant": True, "refuse": True, "extend": True}


def test_a_change_of_evidence_voids_the_first_signature() -> None:
    me, first, case = signed()
    other = officer()
    asked = cases.ask(
        other, case_id=case.id, seen_state=case.seen_state, fields={"hire": "Page 2?"}, message="x"
    )
    assert asked.signature is None
    back = cases.answer_request(
        me, case_id=case.id, seen_state=asked.seen_state, raw={}, files={"hire": [pdf("two.pdf")]}
    )
    with pytest.raises(cases.StaleState):
        cases.second(other, case_id=case.id, seen_state=back.seen_state, approve=True)
    fresh = cases.decide(first, case_id=case.id, seen_state=back.seen_state, action="grant")
    assert fresh.signature is not None
    assert fresh.signature.evidence_revision == 2


def test_reading_the_register_again_voids_it_too() -> None:
    me, _, case = signed()
    other = officer()
    moves(me, "Z")
    after = cases.recheck(other, case_id=case.id, seen_state=case.seen_state)
    assert after.signature is None
    with pytest.raises(cases.StaleState):
        cases.second(other, case_id=case.id, seen_state=after.seen_state, approve=True)
    assert state(case) == "review"


def test_a_page_from_before_the_change_cannot_confirm() -> None:
    me, _, case = signed()
    other = officer()
    asked = cases.ask(
        other, case_id=case.id, seen_state=case.seen_state, fields={"hire": "?"}, message="x"
    )
    cases.answer_request(
        me, case_id=case.id, seen_state=asked.seen_state, raw={}, files={"hire": [pdf("b.pdf")]}
    )
    with pytest.raises(cases.StaleState):
        cases.second(other, case_id=case.id, seen_state=case.seen_state, approve=True)


def test_a_withdrawal_voids_it() -> None:
    me, _, case = signed()
    view = cases.my_case(me, case_id=case.id)
    cases.withdraw(me, case_id=case.id, seen_state=view.seen_state)
    with pytest.raises(cases.AlreadyDecided):
        cases.second(officer(), case_id=case.id, seen_state=case.seen_state, approve=True)
    with scope(SYSTEM):
        (signature,) = models.Signature.objects.filter(case_id=case.id)
    assert signature.closed_how == "void"


def test_what_was_confirmed_is_what_was_signed() -> None:
    _, case = dear_case()
    first, second = officer(name="Olwen Price"), officer(name="Rhys Vaughan")
    cases.decide(
        first, case_id=case.id, seen_state=case.seen_state, action="refuse", reason="Run out."
    )
    done = cases.second(
        second, case_id=case.id, seen_state=case.seen_state, approve=True, reason="ignored"
    )
    (decision,) = done.decisions
    assert (decision.action, decision.outcome, decision.reason) == ("refuse", "refused", "Run out.")
