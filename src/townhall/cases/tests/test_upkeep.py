"""What the house does by itself: waiting steps, missed deadlines, retention."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from townhall.cases import models
from townhall.cases import operations as cases
from townhall.cases.operations import retention, retries, upkeep
from townhall.cases.tests import people
from townhall.cases.tests.conftest import Clock
from townhall.cases.tests.people import officer, pdf, person_of, resident, submitted
from townhall.catalogue import operations as catalogue
from townhall.foundation import events
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import run_due
from townhall.registers import operations as registers

pytestmark = pytest.mark.usefixtures("services")


def row(case: Any) -> models.Case:
    with scope(SYSTEM):
        return models.Case.objects.get(id=case.id)


def kinds(case: Any, me: Any) -> list[str]:
    with scope(SYSTEM):
        return [e.kind for e in events.history(subject=case.id, person_id=me.person_id)]


def try_again(case: Any, me: Any) -> None:
    with scope(SYSTEM):
        upkeep.try_auto_step(person_id=person_of(me), case_id=case.id)


# ---- automatic steps ------------------------------------------------------------


def test_a_waiting_case_is_decided_when_the_register_answers() -> None:
    registers.set_available(SYSTEM, register="population", available=False)
    me = resident()
    case = submitted(me)
    try_again(case, me)
    assert (row(case).state, row(case).auto_tries) == ("received", 1)
    registers.set_available(SYSTEM, register="population", available=True)
    try_again(case, me)
    decided = row(case)
    assert (decided.state, decided.outcome, decided.evidence_revision) == ("granted", "granted", 2)
    with scope(SYSTEM):
        first, second = models.Application.objects.filter(case_id=case.id).order_by("revision")
        decision = models.Decision.objects.get(case_id=case.id)
    assert first.facts["address"]["outcome"] == "unavailable"
    assert second.facts["address"]["outcome"] == "found"
    assert decision.automatic
    assert decision.evidence_revision == 2
    run_due()
    assert cases.my_case(me, case_id=case.id).outcome == "granted"
    try_again(case, me)  # the job may come twice
    assert row(case).state_seq == decided.state_seq


def test_a_register_that_stays_down_sends_the_case_to_an_officer_and_decides_nothing() -> None:
    registers.set_available(SYSTEM, register="population", available=False)
    me = resident()
    case = submitted(me)
    for _ in range(retries.MOST_TRIES):
        try_again(case, me)
        assert row(case).state == "received"
    try_again(case, me)
    assert (row(case).state, row(case).open) == ("review", True)
    assert row(case).evidence_revision == 1
    assert [line.id for line in cases.worklist(officer()).rows] == [case.id]
    with scope(SYSTEM):
        assert not models.Decision.objects.filter(case_id=case.id).exists()


def test_waits_grow_and_end_after_about_a_day() -> None:
    total = timedelta()
    for tries in range(retries.MOST_TRIES):
        total += min(timedelta(minutes=1) * 2**tries, timedelta(hours=6))
    assert timedelta(hours=20) < total < timedelta(days=2)


def test_the_job_itself_tries_again(clock: Clock) -> None:
    registers.set_available(SYSTEM, register="population", available=False)
    me = resident()
    case = submitted(me)
    registers.set_available(SYSTEM, register="population", available=True)
    with scope(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE foundation_job SET run_at = now(), state = 'ready'"
            " WHERE name = 'cases.auto_step'"
        )
    run_due()
    assert row(case).outcome == "granted"


# ---- deadlines ------------------------------------------------------------------


def test_a_missed_deadline_is_noticed_once(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    me = resident()
    case = submitted(me, hired=True)
    clock.forward(days=56)
    with scope(SYSTEM):
        assert upkeep.escalate_missed() == 0  # due today: it has until the evening
    clock.forward(days=1)
    with scope(SYSTEM):
        assert upkeep.escalate_missed() == 1
        assert upkeep.escalate_missed() == 0
    assert kinds(case, me).count("case.overdue") == 1
    assert row(case).state == "review"
    assert cases.my_case(me, case_id=case.id).due.overdue


def test_a_paused_case_misses_no_deadline(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    case = submitted(resident(), hired=True)
    cases.ask(
        officer(), case_id=case.id, seen_state=case.seen_state, fields={"hire": "?"}, message="x"
    )
    clock.forward(days=400)
    with scope(SYSTEM):
        assert upkeep.escalate_missed() == 0


def test_silence_decides_where_the_definition_says_so(clock: Clock) -> None:
    text = (people.SERVICES / "mooring.yaml").read_text(encoding="utf-8")
    text = text.replace("version: 1", "version: 2").replace(
        "if_missed: escalate", "if_missed: grant"
    )
    catalogue.publish(text=text, filename="mooring.yaml", acting=SYSTEM)
    clock.set(2026, 6, 1)
    me = resident()
    case = submitted(me, hired=True)
    clock.forward(days=60)
    with scope(SYSTEM):
        assert upkeep.escalate_missed() == 1
    run_due()
    view = cases.my_case(me, case_id=case.id)
    assert view.outcome == "granted"
    assert view.decision is not None
    assert view.decision.automatic
    assert "27 July 2026" in view.decision.reason


# ---- retention ------------------------------------------------------------------


def test_a_draft_expires_after_a_warning_with_its_files(clock: Clock) -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    cases.save_page(
        me, draft_id=draft.id, page_key="boat",
        raw={"boat": ["Heulwen"], "kind": ["hired"]}, files={"hire": [pdf()]},
    )  # fmt: skip
    with scope(SYSTEM):
        assert retention.warn_of_expiry() == 0
    clock.forward(days=25)
    with scope(SYSTEM):
        assert retention.warn_of_expiry() == 1
        assert retention.warn_of_expiry() == 0
        assert retention.expire_drafts() == 0
    assert cases.my_drafts(me)[0].warned
    assert kinds(draft, me)[-1] == "draft.expiring"
    clock.forward(days=6)
    with scope(SYSTEM):
        assert retention.expire_drafts() == 1
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM foundation_file WHERE person_id = %s", [me.person_id]
            )
            assert cursor.fetchone() == (0,)
    assert kinds(draft, me)[-1] == "draft.expired"


def test_a_short_draft_is_not_warned_of_on_its_first_day(clock: Clock) -> None:
    me = resident()
    cases.start_draft(me, service_key="lamp")  # kept for seven days
    with scope(SYSTEM):
        assert retention.warn_of_expiry() == 0
    clock.forward(days=4)
    with scope(SYSTEM):
        assert retention.warn_of_expiry() == 1


def test_the_database_erases_only_what_the_definition_releases(clock: Clock) -> None:
    me = resident()
    case = submitted(me)
    run_due()
    kept = row(case)
    assert kept.erase_on is not None
    assert kept.erase_on.year == kept.received_on.year + 5
    with scope(SYSTEM):
        assert retention.erase_cases() == 0
        assert models.case.erase(kept) is False
    clock.forward(days=6 * 366)  # the house believes it is time; the database's own clock does not
    with scope(SYSTEM):
        retention.erase_cases()
    assert row(case).id == case.id


@pytest.mark.parametrize("outcome", ["granted", "refused", "withdrawn"])
def test_every_outcome_is_erased_after_its_time_with_files_and_letters(
    outcome: str, clock: Clock
) -> None:
    clock.set(2019, 6, 3)
    me = resident()
    case = submitted(me, hired=True)
    if outcome == "withdrawn":
        cases.withdraw(me, case_id=case.id, seen_state=case.seen_state)
    else:
        action = {"granted": "grant", "refused": "refuse"}[outcome]
        cases.decide(
            officer(), case_id=case.id, seen_state=case.seen_state, action=action, reason="So."
        )
    run_due()
    clock.offset = timedelta()
    with scope(SYSTEM):
        assert retention.erase_cases() == 1
        for model in (
            models.Case, models.Application, models.Decision, models.Letter, models.Note,
            models.Request, models.Signature, models.ClockEntry, models.Draft,
        ):  # fmt: skip
            assert not model.objects.filter(person_id=me.person_id).exists(), model
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM foundation_file WHERE person_id = %s", [me.person_id]
            )
            assert cursor.fetchone() == (0,)
    assert kinds(case, me)[-1] == "case.erased"
    with pytest.raises(cases.NotFound):
        cases.reopen(me, case_id=case.id, seen_state=3, reason="Too late.")


def test_old_keys_of_programs_are_forgotten(clock: Clock) -> None:
    me = resident()
    sent: dict[str, Any] = {
        "service_key": "mooring", "answers": {"boat": "B", "kind": "owned", "months": "3"},
        "idempotency_key": "key-00001", "person_id": me.person_id,
    }  # fmt: skip
    cases.submit_application(people.partner(), **sent)
    assert retention.forget_keys() == 0
    clock.forward(days=31)
    assert retention.forget_keys() == 1


def test_what_the_application_may_not_do_to_the_record(owner: psycopg.Connection) -> None:
    for table in ("cases_application", "cases_decision", "cases_clock"):
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            answer = owner.execute(
                "SELECT has_table_privilege('townhall_app', %s, %s)", (table, right)
            ).fetchone()
            assert answer == (False,), (table, right)
