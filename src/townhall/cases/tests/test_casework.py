"""Casework: who may see and do what, stale pages, reasons, clocks, the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from townhall.cases import models
from townhall.cases import operations as cases
from townhall.cases.tests import people
from townhall.cases.tests.conftest import Clock
from townhall.cases.tests.people import (
    holder,
    moves,
    officer,
    partner,
    pdf,
    resident,
    streets_officer,
    submitted,
)
from townhall.exchange import operations as exchange
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import run_due

pytestmark = pytest.mark.usefixtures("services")

CONTRACT = {"hire": "The contract has no date."}


def row(case: Any) -> models.Case:
    with scope(SYSTEM):
        return models.Case.objects.get(id=case.id)


def waiting_case(months: str = "3") -> tuple[Acting, Any]:
    me = resident()
    return me, submitted(me, hired=True, months=months)


# ---- who may see what -----------------------------------------------------------


def test_opening_a_case_stands_in_the_residents_journal() -> None:
    me, case = waiting_case()
    clerk = officer()
    view = cases.case_for_officer(clerk, case_id=case.id)
    line = exchange.who_looked(me).lines[0]
    assert (line.outcome, line.case_id, line.actor) == ("viewed", case.id, clerk.actor)
    sources = {answer.datum: answer.source for answer in view.answers}
    assert sources["address"] == "register"
    assert sources["boat"] == "resident"
    (hire,) = next(answer.files for answer in view.answers if answer.datum == "hire")
    assert hire.scan == "not scanned"
    assert view.proposal.eligibility == "review"
    assert view.proposal.action == ""
    assert [action.action for action in view.actions] == ["ask", "grant", "refuse", "extend"]
    assert not any(action.blocked for action in view.actions)


def test_an_officer_of_another_service_finds_nothing_and_leaves_a_line() -> None:
    me, case = waiting_case()
    stranger = streets_officer()
    for attempt in (
        lambda: cases.case_for_officer(stranger, case_id=case.id),
        lambda: cases.decide(stranger, case_id=case.id, seen_state=2, action="grant"),
        lambda: cases.add_note(stranger, case_id=case.id, text="x"),
        lambda: cases.ask(stranger, case_id=case.id, seen_state=2, fields={}, message="x"),
        lambda: cases.extend(stranger, case_id=case.id, seen_state=2, reason="x"),
        lambda: cases.second(stranger, case_id=case.id, seen_state=2, approve=True),
        lambda: cases.evidence_file(stranger, case_id=case.id, file_id=uuid4()),
        lambda: cases.case_for_officer(me, case_id=case.id),
        lambda: cases.my_case(resident(), case_id=case.id),
        lambda: cases.withdraw(resident(), case_id=case.id, seen_state=2),
    ):
        with pytest.raises(cases.NotFound):
            attempt()
    denied = [line for line in exchange.who_looked(me).lines if line.outcome == "denied"]
    assert len(denied) == 10
    assert cases.claim(stranger, case_ids=[case.id]).done == ()
    assert row(case).state == "review"


def test_a_role_of_another_step_may_look_and_not_decide() -> None:
    _, case = waiting_case()
    looker = replace(officer(), roles=frozenset({"permits.senior"}))
    view = cases.case_for_officer(looker, case_id=case.id)
    assert all(action.blocked for action in view.actions)
    with pytest.raises(cases.NotPermitted):
        cases.decide(looker, case_id=case.id, seen_state=view.seen_state, action="grant")


def test_nobody_works_on_a_case_of_their_own() -> None:
    clerk = officer()
    from townhall.identity import operations as identity

    person = identity.person_behind(clerk.actor)
    assert person is not None
    me = Acting(actor=f"person:{person}", name="Olwen", person_id=person, assurance="substantial")
    moves(me, "A")
    case = submitted(me, hired=True)
    view = cases.case_for_officer(clerk, case_id=case.id)
    assert all(action.blocked for action in view.actions)
    with pytest.raises(cases.NotPermitted):
        cases.decide(clerk, case_id=case.id, seen_state=view.seen_state, action="grant")
    assert cases.claim(clerk, case_ids=[case.id]).failed


def test_files_of_the_evidence_are_handed_out_with_a_line_in_the_journal() -> None:
    me, case = waiting_case()
    clerk = officer()
    (file,) = next(
        a.files for a in cases.case_for_officer(clerk, case_id=case.id).answers if a.files
    )
    stored, content = cases.evidence_file(clerk, case_id=case.id, file_id=file.id)
    with content:
        assert content.read(4) == b"%PDF"
    assert stored.media_type == "application/pdf"
    assert exchange.who_looked(me).lines[0].what == "file"
    other = submitted(resident(), hired=True)
    with pytest.raises(cases.NotFound):
        cases.evidence_file(clerk, case_id=other.id, file_id=file.id)
    own, content = cases.case_file(me, case_id=case.id, file_id=file.id)
    content.close()
    assert own.id == file.id


# ---- deciding -------------------------------------------------------------------


def test_an_officer_decides_and_the_resident_reads_why() -> None:
    me, case = waiting_case()
    clerk = officer()
    after = cases.decide(
        clerk, case_id=case.id, seen_state=case.seen_state, action="refuse",
        reason="The contract has run out.",
    )  # fmt: skip
    assert (after.state, after.outcome, after.open) == ("refused", "refused", False)
    pending = cases.my_case(me, case_id=case.id)
    assert (pending.state, pending.decision, pending.decision_pending) == ("being_sent", None, True)
    assert "case.decided" not in [entry.kind for entry in pending.timeline]
    (line,) = cases.my_cases(me)
    assert (line.state, line.outcome) == ("being_sent", None)
    run_due()
    view = cases.my_case(me, case_id=case.id)
    assert view.decision is not None
    assert view.decision.reason == "The contract has run out."
    assert not view.decision.automatic
    assert view.decision.decided_by == "Wrenford Parking and Transport"
    assert view.decision.evidence_revision == 1
    (shown,) = [entry for entry in view.timeline if entry.kind == "case.decided"]
    assert shown.who == "Wrenford Parking and Transport"  # officers are named to officers only
    assert "Olwen" not in str(view)
    assert {letter.kind for letter in view.letters} == {"receipt", "refused"}


def test_an_act_that_touches_the_resident_needs_a_reason() -> None:
    _, case = waiting_case()
    clerk = officer()
    for reason in ("", "   "):
        with pytest.raises(cases.NeedsReason):
            cases.decide(
                clerk, case_id=case.id, seen_state=case.seen_state, action="refuse", reason=reason
            )
        with pytest.raises(cases.NeedsReason):
            cases.extend(clerk, case_id=case.id, seen_state=case.seen_state, reason=reason)
        with pytest.raises(cases.NeedsReason):
            cases.ask(
                clerk, case_id=case.id, seen_state=case.seen_state, fields=CONTRACT, message=reason
            )
    assert row(case).state == "review"


def test_a_stale_page_is_told_what_happened_meanwhile() -> None:
    _, case = waiting_case()
    one, two = officer(name="Olwen Price"), officer(name="Rhys Vaughan")
    cases.decide(one, case_id=case.id, seen_state=case.seen_state, action="grant")
    with pytest.raises(cases.AlreadyDecided) as refused:
        cases.decide(two, case_id=case.id, seen_state=case.seen_state, action="refuse", reason="x")
    assert refused.value.now == "granted"
    (happened,) = refused.value.happened
    assert (happened.kind, happened.who) == ("case.decided", "Olwen Price")
    assert row(case).outcome == "granted"


def test_what_the_state_does_not_allow_is_refused() -> None:
    _, case = waiting_case()
    for action in ("mend", "withdraw", "reopen", "transfer", "granted", ""):
        with pytest.raises((cases.NotPermitted, cases.AlreadyDecided)):
            cases.decide(
                officer(), case_id=case.id, seen_state=case.seen_state, action=action, reason="x"
            )
    assert row(case).state == "review"


def test_a_decided_case_cannot_be_decided_again() -> None:
    _, case = waiting_case()
    clerk = officer()
    after = cases.decide(clerk, case_id=case.id, seen_state=case.seen_state, action="grant")
    with pytest.raises(cases.AlreadyDecided):
        cases.decide(
            clerk, case_id=case.id, seen_state=after.seen_state, action="refuse", reason="x"
        )
    assert not after.actions


# ---- claiming and notes ---------------------------------------------------------


def test_claiming_in_bulk_leaves_out_what_a_colleague_has() -> None:
    made = [submitted(resident(), hired=True) for _ in range(4)]
    one, two = officer(name="Olwen Price"), officer(name="Rhys Vaughan")
    cases.claim(two, case_ids=[made[1].id])
    missing = uuid4()
    bulk = cases.claim(one, case_ids=[*(case.id for case in made), missing, made[0].id])
    assert set(bulk.done) == {made[0].id, made[2].id, made[3].id}
    assert set(bulk.failed) == {made[1].id, missing}
    assert "Rhys Vaughan" in bulk.failed[made[1].id]
    again = cases.claim(one, case_ids=[made[0].id])
    assert again.done == (made[0].id,)
    back = cases.release(one, case_ids=[made[0].id, made[1].id])
    assert back.done == (made[0].id,)
    assert row(made[1]).claimed_by == two.actor


def test_notes_are_for_officers_and_stay_out_of_events() -> None:
    me, case = waiting_case()
    clerk = officer()
    with pytest.raises(cases.NeedsReason):
        cases.add_note(clerk, case_id=case.id, text="  ")
    view = cases.add_note(clerk, case_id=case.id, text="Rang her: the contract is genuine.")
    assert [note.text for note in view.notes] == ["Rang her: the contract is genuine."]
    assert view.history[-1].kind == "case.noted"
    mine = cases.my_case(me, case_id=case.id)
    assert "Rang" not in str(mine)
    assert "case.noted" not in [entry.kind for entry in mine.timeline]


# ---- send-back ------------------------------------------------------------------


def asked_case() -> tuple[Acting, Acting, Any, Any]:
    me, case = waiting_case()
    clerk = officer()
    after = cases.ask(
        clerk, case_id=case.id, seen_state=case.seen_state, fields=CONTRACT,
        message="Please send a dated contract.",
    )  # fmt: skip
    return me, clerk, case, after


def test_the_marked_field_is_shown_and_the_clock_stands_still(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    me, _, _case, after = asked_case()
    assert after.state == "waiting_citizen"
    clock.forward(days=10)
    view = cases.my_case(me, case_id=after.id)
    assert view.request is not None
    assert [(each.datum, each.why) for each in view.request.fields] == list(CONTRACT.items())
    assert view.can == {"answer", "withdraw"}
    assert view.due.on is None
    assert view.due.paused_since is not None
    assert [answer.datum for answer in view.answers if answer.marked] == ["hire"]
    (line,) = cases.my_cases(me)
    assert line.waits_for_me


def test_answering_makes_new_evidence_and_the_clock_goes_on(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    me, clerk, case, after = asked_case()
    due = row(case).due
    task = row(case).task_due
    assert due is not None
    assert task is not None
    clock.forward(days=14)
    back = cases.answer_request(
        me, case_id=case.id, seen_state=after.seen_state, raw={},
        files={"hire": [pdf("dated.pdf")]}, message="Here it is.",
    )  # fmt: skip
    assert (back.state, back.request) == ("review", None)
    assert back.due.on == due + timedelta(14)
    assert row(case).task_due == task + timedelta(14)  # ten working days later
    paused = next(step for step in back.due.steps if step.kind == "paused")
    assert paused.days == 14
    desk = cases.case_for_officer(clerk, case_id=case.id)
    assert desk.evidence_revision == 2
    (hire,) = [answer for answer in desk.answers if answer.datum == "hire"]
    assert hire.changed
    assert hire.files[0].name == "dated.pdf"
    assert desk.history[-1].note == "Here it is."
    assert desk.requests[0].answered_at
    with scope(SYSTEM):
        revisions = list(models.Application.objects.filter(case_id=case.id).order_by("revision"))
    assert [each.answers["hire"][0]["name"] for each in revisions] == ["contract.pdf", "dated.pdf"]
    assert revisions[1].today == revisions[0].today


def test_only_what_was_asked_is_taken_over() -> None:
    me, _, case, after = asked_case()
    raw = {"boat": ["Gwylan"], "kind": ["owned"], "address.zone": ["Z"]}
    cases.answer_request(
        me, case_id=case.id, seen_state=after.seen_state, raw=raw, files={"hire": [pdf()]}
    )
    with scope(SYSTEM):
        answers = models.Application.objects.get(case_id=case.id, revision=2).answers
    assert answers["boat"] == "Heulwen"
    assert answers["kind"] == "hired"


def test_an_answer_with_a_mistake_leaves_the_request_open_and_no_file_behind() -> None:
    me, _, case, after = asked_case()
    with pytest.raises(cases.PageErrors) as refused:
        cases.answer_request(
            me, case_id=case.id, seen_state=after.seen_state, raw={},
            files={"hire": [people.Sent(b"no pdf at all", "x.pdf")]},
        )  # fmt: skip
    assert set(refused.value.errors) == {"hire"}
    assert cases.my_case(me, case_id=case.id).request is not None


def test_answering_twice_or_late_is_stale() -> None:
    me, _, case, after = asked_case()
    files = {"hire": [pdf()]}
    cases.answer_request(me, case_id=case.id, seen_state=after.seen_state, raw={}, files=files)
    with pytest.raises(cases.StaleState) as refused:
        cases.answer_request(
            me, case_id=case.id, seen_state=after.seen_state, raw={}, files={"hire": [pdf()]}
        )
    assert refused.value.now == "review"
    with pytest.raises(cases.NotPermitted):
        now = cases.my_case(me, case_id=case.id)
        cases.answer_request(me, case_id=case.id, seen_state=now.seen_state, raw={})


def test_only_what_residents_answer_can_be_asked_for() -> None:
    _, case = waiting_case()
    for fields in ({"address": "wrong"}, {"places": "x"}, {"nonsense": "x"}):
        with pytest.raises(cases.NotPermitted):
            cases.ask(
                officer(), case_id=case.id, seen_state=case.seen_state, fields=fields, message="x"
            )


def test_a_person_without_a_sign_in_answers_with_their_key() -> None:
    made = cases.submit_application(
        replace(partner(), assurance="none"), service_key="lamp", idempotency_key="key-00001",
        answers={"fault": "dark", "spot": {"words": "Quay"}},
    )  # fmt: skip
    assert made.link_token
    clerk = streets_officer()
    after = cases.ask(
        clerk, case_id=made.id, seen_state=made.seen_state, fields={"more": "Which lamp?"},
        message="Which one is it?",
    )  # fmt: skip
    me = holder(made.link_token)
    back = cases.answer_request(
        me, case_id=made.id, seen_state=after.seen_state, raw={"more": ["Number 12"]}
    )
    assert back.state == "reported"


# ---- withdraw, extend, reopen ---------------------------------------------------


def test_a_resident_withdraws_what_is_not_decided() -> None:
    me, clerk, case, after = asked_case()
    view = cases.withdraw(me, case_id=case.id, seen_state=after.seen_state, reason="I sold it.")
    assert (view.state, view.outcome, view.open) == ("withdrawn", "withdrawn", False)
    assert view.can == frozenset()
    assert row(case).erase_on is not None
    desk = cases.case_for_officer(clerk, case_id=case.id)
    assert desk.history[-1].note == "I sold it."
    assert desk.requests[0].answered_at is None
    with pytest.raises(cases.AlreadyDecided):
        cases.withdraw(me, case_id=case.id, seen_state=view.seen_state)
    granted = submitted(me)
    with pytest.raises(cases.AlreadyDecided):
        cases.withdraw(me, case_id=granted.id, seen_state=granted.seen_state)


def test_a_deadline_is_extended_once_and_only_before_it_passes(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    me, case = waiting_case()
    clerk = officer()
    view = cases.extend(clerk, case_id=case.id, seen_state=case.seen_state, reason="Survey needed.")
    assert case.due.on is not None
    assert view.due.on == case.due.on + timedelta(42)
    assert "extended" in [step.kind for step in view.due.steps]
    mine = cases.my_case(me, case_id=case.id)
    assert [entry.note for entry in mine.timeline if entry.kind == "case.extended"] == [
        "Survey needed."
    ]
    with pytest.raises(cases.NotPermitted):
        cases.extend(clerk, case_id=case.id, seen_state=case.seen_state, reason="Again.")
    late = submitted(resident(), hired=True)
    clock.forward(days=90)
    with pytest.raises(cases.NotPermitted):
        cases.extend(clerk, case_id=late.id, seen_state=late.seen_state, reason="Too late.")


def test_a_closure_is_contested_and_an_officer_looks_again(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    me, case = waiting_case()
    clerk = officer()
    cases.decide(clerk, case_id=case.id, seen_state=case.seen_state, action="refuse", reason="No.")
    run_due()
    clock.forward(days=20)
    view = cases.my_case(me, case_id=case.id)
    assert {"reopen", "appeal"} <= view.can
    with pytest.raises(cases.NeedsReason):
        cases.reopen(me, case_id=case.id, seen_state=view.seen_state, reason=" ")
    again = cases.reopen(
        me, case_id=case.id, seen_state=view.seen_state, reason="The contract was on page two."
    )
    assert (again.state, again.outcome, again.open) == ("review", None, True)
    assert again.due.on is not None
    assert again.due.on > view.received_at.date() + timedelta(20 + 55)
    assert row(case).erase_on is None
    desk = cases.case_for_officer(clerk, case_id=case.id)
    assert desk.history[-1].note == "The contract was on page two."
    assert len(desk.decisions) == 1
    cases.decide(clerk, case_id=case.id, seen_state=desk.seen_state, action="grant")
    run_due()
    final = cases.my_case(me, case_id=case.id)
    assert final.outcome == "granted"
    assert [d.outcome for d in cases.case_for_officer(clerk, case_id=case.id).decisions] == [
        "refused", "granted",
    ]  # fmt: skip


def test_a_lamp_that_is_dark_again_is_looked_at_for_thirty_days(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    case = cases.submit_application(
        replace(partner(), assurance="none"), service_key="lamp", idempotency_key="key-00001",
        answers={"fault": "dark", "spot": {"words": "Quay"}},
    )  # fmt: skip
    me, clerk = holder(case.link_token), streets_officer()
    cases.decide(clerk, case_id=case.id, seen_state=case.seen_state, action="mend", reason="New.")
    run_due()
    closed = cases.my_case(me, case_id=case.id)
    assert closed.reopen_until == date(2026, 7, 1)
    assert row(case).task_due is None, "nobody has to do anything about a case that ended"
    clock.forward(days=30)
    assert "reopen" in cases.my_case(me, case_id=case.id).can
    clock.forward(days=1)
    assert "reopen" not in cases.my_case(me, case_id=case.id).can
    with pytest.raises(cases.NotPermitted, match="has passed"):
        cases.reopen(me, case_id=case.id, seen_state=closed.seen_state, reason="Dark.")
    clock.forward(days=-1)
    again = cases.reopen(me, case_id=case.id, seen_state=closed.seen_state, reason="Dark.")
    assert (again.state, again.open, again.reopen_until) == ("reported", True, None)


def test_what_may_not_be_reopened_stays_closed() -> None:
    me = resident()
    case = submitted(me)
    run_due()
    view = cases.my_case(me, case_id=case.id)
    with pytest.raises(cases.NotPermitted):
        cases.reopen(me, case_id=case.id, seen_state=view.seen_state, reason="More, please.")
    _, open_case = waiting_case()
    with pytest.raises((cases.NotPermitted, cases.NotFound)):
        cases.reopen(me, case_id=open_case.id, seen_state=2, reason="x")


def test_the_term_to_appeal_ends(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    me, case = waiting_case()
    cases.decide(
        officer(), case_id=case.id, seen_state=case.seen_state, action="refuse", reason="No."
    )
    run_due()
    assert "appeal" in cases.my_case(me, case_id=case.id).can
    clock.forward(days=40)
    view = cases.my_case(me, case_id=case.id)
    assert "appeal" not in view.can
    assert view.appeal_until is not None


def test_registers_are_read_again_on_an_officers_wish() -> None:
    me, case = waiting_case()
    clerk = officer()
    moves(me, "Z")
    after = cases.recheck(clerk, case_id=case.id, seen_state=case.seen_state)
    assert after.evidence_revision == 2
    assert after.proposal.eligibility == "no"
    assert after.proposal.action == "refuse"
    (address,) = [answer for answer in after.answers if answer.datum == "address"]
    assert address.changed
