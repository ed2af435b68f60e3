"""Submitting: exactly once, complete, on the snapshot that was shown, one transaction."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from townhall.cases import models
from townhall.cases import operations as cases
from townhall.cases.engine.anonymous import subject_of
from townhall.cases.tests import people
from townhall.cases.tests.conftest import Clock
from townhall.cases.tests.people import BOAT, fill, holder, moves, partner, resident, submitted
from townhall.catalogue import operations as catalogue
from townhall.exchange import operations as exchange
from townhall.foundation import events
from townhall.foundation.acting import ANONYMOUS, SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import run_due
from townhall.registers import operations as registers

pytestmark = pytest.mark.usefixtures("services")


def rows(model: type[Any], **where: Any) -> list[Any]:
    with scope(SYSTEM):
        return list(model.objects.filter(**where))


def test_a_clear_case_is_decided_at_once_with_its_reasons() -> None:
    me = resident()
    case = submitted(me)
    assert (case.state, case.decision_pending, case.outcome) == ("being_sent", True, None)
    run_due()
    view = cases.my_case(me, case_id=case.id)
    assert (view.state, view.outcome, view.open) == ("granted", "granted", False)
    decision = view.decision
    assert decision is not None
    assert decision.automatic
    assert [result.value for result in decision.results] == [Decimal(1)]
    assert all(reason.holds and reason.law for reason in decision.reasons)
    assert decision.reasons[0].trace.children
    assert view.fee is not None
    assert view.fee.amount == Decimal("20.00")
    assert {letter.kind for letter in view.letters} == {"receipt", "granted", "permit"}


def test_a_doubtful_case_goes_to_an_officer_with_a_deadline() -> None:
    case = submitted(resident(), hired=True)
    assert (case.state, case.open, case.outcome) == ("review", True, None)
    assert case.due.on is not None
    assert case.promise is not None
    assert case.promise.on is not None
    assert case.promise.on < case.due.on
    assert case.due.steps[-1].on == case.due.on


def test_the_snapshot_is_what_the_resident_saw() -> None:
    me = resident(zone="A")
    draft = fill(me)
    moves(me, "Z")  # the register changes after the page "check your answers"
    case = cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    (application,) = rows(models.Application, case_id=case.id)
    assert application.facts["address"]["value"]["zone"] == "A"
    assert application.facts["address"]["read_at"]
    assert application.definition_hash == draft.definition.hash
    assert len(application.pack_hash) == 64


def test_submitting_twice_gives_one_case_and_the_same_answer() -> None:
    me = resident()
    draft = fill(me)
    first = cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    second = cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    stale = cases.submit(me, draft_id=draft.id, seen_version=1)
    assert first.id == second.id == stale.id
    assert first.number == second.number
    assert len(rows(models.Case, person_id=me.person_id)) == 1


def test_the_first_view_is_the_one_that_the_database_gives() -> None:
    me = resident()
    for hired in (False, True):
        first = submitted(me, hired=hired)
        again = cases.my_case(me, case_id=first.id)
        for name in (
            "number", "state", "seen_state", "due", "promise", "fee", "answers", "can", "outcome",
            "decision", "decision_pending", "received_at", "closed_at", "agency", "open",
        ):  # fmt: skip
            assert getattr(first, name) == getattr(again, name), name
        assert [entry.kind for entry in first.timeline] == [e.kind for e in again.timeline]


def test_a_draft_changed_in_another_window_is_not_submitted() -> None:
    me = resident()
    draft = fill(me)
    cases.save_page(me, draft_id=draft.id, page_key="boat", raw={**BOAT, "boat": ["Gwylan"]})
    with pytest.raises(cases.StaleState):
        cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    assert not rows(models.Case, person_id=me.person_id)


def test_a_submitted_draft_cannot_be_changed_and_is_emptied() -> None:
    me = resident()
    draft = fill(me)
    case = cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    with pytest.raises(cases.AlreadySubmitted) as refused:
        cases.save_page(me, draft_id=draft.id, page_key="boat", raw=BOAT)
    assert refused.value.case_id == case.id
    with pytest.raises(cases.AlreadySubmitted):
        cases.discard_draft(me, draft_id=draft.id)
    (row,) = rows(models.Draft, id=draft.id)
    assert (row.answers, row.facts, row.case_id) == ({}, {}, case.id)
    assert not cases.my_drafts(me)


def test_what_is_missing_is_named_and_nothing_is_filed() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    with pytest.raises(cases.Incomplete) as refused:
        cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    assert set(refused.value.missing) == {"boat", "kind", "months"}
    assert not rows(models.Case, person_id=me.person_id)


def test_hidden_answers_are_dropped() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    raw = {"boat": ["Heulwen"], "kind": ["hired"]}
    files = {"hire": [people.pdf()]}
    cases.save_page(me, draft_id=draft.id, page_key="boat", raw=raw, files=files)
    cases.save_page(me, draft_id=draft.id, page_key="boat", raw=BOAT)
    draft = cases.save_page(me, draft_id=draft.id, page_key="length", raw={"months": ["3"]})
    case = cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    (application,) = rows(models.Application, case_id=case.id)
    assert set(application.answers) == {"boat", "kind", "months"}


def test_whom_the_rules_exclude_is_told_why_and_may_insist_on_a_decision() -> None:
    me = resident(zone="Z")
    draft = fill(me)
    with pytest.raises(cases.NotEligible) as refused:
        cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    assert [reason.key for reason in refused.value.reasons if reason.holds is False] == [
        "not_in_zone"
    ]
    case = cases.submit(me, draft_id=draft.id, seen_version=draft.version, insist=True)
    run_due()
    view = cases.my_case(me, case_id=case.id)
    assert view.outcome == "refused"
    assert view.decision is not None
    assert "inner zones" in view.decision.reason
    assert "appeal" in view.can
    assert view.appeal_to == "lamp"


def test_a_register_that_is_down_never_decides_and_the_case_waits() -> None:
    registers.set_available(SYSTEM, register="population", available=False)
    me = resident()
    case = submitted(me)
    assert (case.state, case.open) == ("received", True)
    (row,) = rows(models.Case, id=case.id)
    with scope(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, run_at > now() FROM foundation_job WHERE name = 'cases.auto_step'"
        )
        assert cursor.fetchall() == [(str(row.id), True)]


def test_numbers_follow_each_other_by_agency_and_year(clock: Clock) -> None:
    me = resident()
    clock.set(2031, 12, 31, 23)
    first, second = submitted(me), submitted(me)
    clock.set(2032, 1, 1, 1)
    third = submitted(me)
    one, two, three = first.number, second.number, third.number
    assert one.startswith("TRAN-2031-")
    assert int(two.rpartition("-")[2]) == int(one.rpartition("-")[2]) + 1
    assert three == "TRAN-2032-000001"
    lamp = cases.submit_application(
        partner(), service_key="lamp", idempotency_key="k-1234567",
        answers={"fault": "dark", "spot": {"words": "Quay"}},
    )  # fmt: skip
    assert lamp.number == "STRE-2032-000001"


def test_a_failed_submission_takes_its_number_with_it_and_nothing_else() -> None:
    me = resident()
    before = int(submitted(me).number.rpartition("-")[2])
    draft = fill(me)
    with pytest.raises(RuntimeError), scope(me):
        cases.submit(me, draft_id=draft.id, seen_version=draft.version)
        raise RuntimeError("the process dies here")
    assert len(rows(models.Case, person_id=me.person_id)) == 1
    after = int(submitted(me).number.rpartition("-")[2])
    assert after == before + 2  # left out, never given again


def test_events_say_who_for_whom_and_at_which_level() -> None:
    me = resident()
    case = submitted(me)
    with scope(me):
        history = events.history(subject=case.id, person_id=me.person_id)
    assert [event.kind for event in history] == ["case.submitted", "case.decided"]
    assert history[0].actor == me.actor
    assert history[0].assurance == "substantial"
    assert history[1].actor == "system"
    assert "Heulwen" not in str([event.payload for event in history])


def test_without_a_sign_in_the_case_belongs_to_the_key() -> None:
    draft = cases.start_draft(ANONYMOUS, service_key="lamp")
    assert draft.link_token
    me = holder(draft.link_token)
    cases.save_page(me, draft_id=draft.id, page_key="what", raw={"fault": ["dark"]})
    draft2 = cases.save_page(
        me, draft_id=draft.id, page_key="where", raw={"spot.words": ["Quay"], "more": [""]}
    )
    case = cases.submit(me, draft_id=draft.id, seen_version=draft2.version)
    assert cases.my_case(me, case_id=case.id).number == case.number
    for stranger in (ANONYMOUS, holder("wrong"), resident()):
        with pytest.raises(cases.NotFound):
            cases.my_case(stranger, case_id=case.id)
    run_due()
    assert [letter.kind for letter in cases.my_case(me, case_id=case.id).letters] == ["receipt"]


# ---- programs -------------------------------------------------------------------

ANSWERS = {"boat": "Heulwen", "kind": "owned", "months": "3"}


def apply(me: Any, key: str = "key-00001", **more: Any) -> Any:
    return cases.submit_application(
        partner(),
        **{
            "service_key": "mooring",
            "answers": ANSWERS,
            "idempotency_key": key,
            "person_id": me.person_id,
            **more,
        },
    )


def test_a_program_files_exactly_once_for_its_key() -> None:
    me = resident()
    first = apply(me)
    again = apply(me)
    assert first.id == again.id
    assert first.number == again.number
    assert apply(me, "key-00002").id != first.id
    assert len(rows(models.Case, person_id=me.person_id)) == 2


def test_the_same_key_with_other_content_is_refused() -> None:
    me, other = resident(), resident()
    apply(me)
    for more in (
        {"answers": {**ANSWERS, "boat": "Gwylan"}},
        {"person_id": other.person_id},
        {"service_key": "lamp"},
    ):
        with pytest.raises(cases.IdempotencyConflict):
            apply(me, **more)
    assert len(rows(models.Case)) == 1


def test_keys_of_two_programs_have_nothing_to_do_with_each_other() -> None:
    me = resident()
    one = apply(me)
    two = cases.submit_application(
        partner("bank"), service_key="mooring", answers=ANSWERS, idempotency_key="key-00001",
        person_id=me.person_id,
    )  # fmt: skip
    assert one.id != two.id


def test_a_refused_application_leaves_its_key_free_and_its_reads_in_the_journal() -> None:
    me = resident()
    with pytest.raises(cases.Incomplete) as refused:
        apply(me, answers={"boat": "Heulwen", "kind": "stolen"})
    assert "kind" in refused.value.errors
    assert [line.register for line in exchange.who_looked(me).lines] == ["population"]
    assert not rows(models.Submission)
    assert apply(me).number


def test_unknown_answers_are_errors_and_facts_that_are_sent_are_ignored() -> None:
    me = resident(zone="Z")
    with pytest.raises(cases.Incomplete) as refused:
        apply(me, answers={**ANSWERS, "colour": "red"})
    assert set(refused.value.errors) == {"colour"}
    with pytest.raises(cases.NotEligible):
        apply(me, answers={**ANSWERS, "address": {"zone": "A"}})


def test_a_file_of_somebody_else_is_no_evidence() -> None:
    other = resident()
    theirs = cases.start_draft(other, service_key="mooring")
    theirs = cases.save_page(
        other, draft_id=theirs.id, page_key="boat",
        raw={"boat": ["B"], "kind": ["hired"]}, files={"hire": [people.pdf()]},
    )  # fmt: skip
    me = resident()
    answers = {**ANSWERS, "kind": "hired", "hire": theirs.answers["hire"]}
    with pytest.raises(cases.Incomplete) as refused:
        apply(me, answers=answers)
    assert set(refused.value.errors) == {"hire"}


@pytest.mark.parametrize(
    "answers",
    [
        {**ANSWERS, "boat": 7},
        {**ANSWERS, "boat": None},
        {**ANSWERS, "boat": ["a"]},
        {**ANSWERS, "boat": "a" * 5_000_000},
        {**ANSWERS, "months": 12},
        {**ANSWERS, "months": True},
        {**ANSWERS, "kind": "hired", "hire": "lease.pdf"},
        {**ANSWERS, "kind": "hired", "hire": [{"file": "x"}]},
        {
            **ANSWERS,
            "kind": "hired",
            "hire": [{"file": "0" * 32, "name": "a", "media_type": "b", "size": 1}],
        },
        {},
    ],
)
def test_wrong_types_from_a_program_are_messages(answers: dict[str, Any]) -> None:
    me = resident()
    try:
        case = apply(me, answers=answers)
    except cases.Incomplete as refused:
        assert refused.errors or refused.missing
        assert not rows(models.Case, person_id=me.person_id)
    else:
        assert case.number  # a number where a choice has such a value is read as the value


def test_a_program_needs_the_level_that_a_resident_needs() -> None:
    me = resident()
    with pytest.raises(cases.NeedsSignIn):
        apply(me, person_id=None)
    with pytest.raises(cases.NeedsSignIn):
        cases.submit_application(
            partner(assurance="none"), service_key="mooring", answers=ANSWERS,
            idempotency_key="key-00009", person_id=me.person_id,
        )  # fmt: skip


def test_an_application_for_nobody_has_a_key_that_a_retry_gives_again() -> None:
    answers = {"fault": "dark", "spot": {"words": "Quay"}}
    sent = {"service_key": "lamp", "answers": answers, "idempotency_key": "key-00010"}
    program = replace(partner(), assurance="none")
    first = cases.submit_application(program, **sent)
    again = cases.submit_application(program, **sent)
    assert first.id == again.id
    assert first.link_token == again.link_token
    assert first.link_token
    assert cases.my_case(holder(first.link_token), case_id=first.id).number == first.number
    (row,) = rows(models.Case, id=first.id)
    assert row.person_id == subject_of(first.link_token)


def test_a_program_sees_its_own_cases_and_no_others() -> None:
    me = resident()
    mine = [apply(me, f"key-{number:05}") for number in range(3)]
    submitted(me)
    program = partner()
    listed = cases.submitted_by_program(program, limit=2)
    assert [view.id for view in listed] == [mine[2].id, mine[1].id]
    rest = cases.submitted_by_program(program, after=listed[-1].id)
    assert [view.id for view in rest] == [mine[0].id]
    assert not cases.submitted_by_program(partner("bank"))
    assert cases.case_of_program(program, case_id=mine[0].id).number == mine[0].number
    with pytest.raises(cases.NotFound):
        cases.case_of_program(partner("bank"), case_id=mine[0].id)
    looked = exchange.who_looked(me).lines
    assert [line.outcome for line in looked[:2]] == ["denied", "viewed"]
    with pytest.raises(cases.NotPermitted):
        cases.submitted_by_program(me)


def test_a_definition_published_while_the_page_is_open_changes_nothing() -> None:
    me = resident()
    draft = fill(me)
    text = (people.SERVICES / "mooring.yaml").read_text(encoding="utf-8")
    text = text.replace("version: 1", "version: 2").replace(
        "'12' then 240 else 20", "'12' then 240 else 20 "
    )
    text = text.replace("Two minutes.", "Four minutes.")
    catalogue.publish(text=text, filename="mooring.yaml", acting=SYSTEM)
    case = cases.submit(me, draft_id=draft.id, seen_version=draft.version)
    assert case.definition.version == 1
