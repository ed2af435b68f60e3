"""Two at once: one case, one number, one decision, one signature."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connections

from townhall.cases import models
from townhall.cases import operations as cases
from townhall.cases.tests.conftest import Clock
from townhall.cases.tests.people import (
    BOAT,
    fill,
    officer,
    partner,
    pdf,
    resident,
    submitted,
)
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import run_due

pytestmark = pytest.mark.usefixtures("lasting")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run acts in threads that start together; return results or exceptions, in order."""
    start = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            found[number] = act()
        except Exception as error:
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def count(model: Any, **where: Any) -> int:
    with scope(SYSTEM):
        return int(model.objects.filter(**where).count())


def test_a_double_click_makes_one_case() -> None:
    me = resident()
    draft = fill(me)

    def click() -> Any:
        return cases.submit(me, draft_id=draft.id, seen_version=draft.version)

    found = at_once(*[click] * 6)
    assert len({view.id for view in found}) == 1
    assert len({view.number for view in found}) == 1
    assert count(models.Case, person_id=me.person_id) == 1
    assert count(models.Application) == 1
    run_due()
    assert Counter(letter.kind for letter in cases.my_letters(me)) == {
        "receipt": 1, "granted": 1, "permit": 1,
    }  # fmt: skip


def test_saving_in_one_window_and_submitting_in_another_never_mix() -> None:
    me = resident()
    for _ in range(5):
        draft = fill(me)
        saved, case = at_once(
            lambda draft=draft: cases.save_page(
                me, draft_id=draft.id, page_key="boat", raw={**BOAT, "boat": ["Gwylan"]}
            ),
            lambda draft=draft: cases.submit(me, draft_id=draft.id, seen_version=draft.version),
        )
        if isinstance(case, cases.StaleState):
            assert saved.version == draft.version + 1
            assert count(models.Case, person_id=me.person_id) == 0
            cases.discard_draft(me, draft_id=draft.id)
        else:
            assert isinstance(saved, cases.AlreadySubmitted)
            with scope(SYSTEM):
                answers = models.Application.objects.get(case_id=case.id).answers
                models.Case.objects.filter(id=case.id).update(channel="web")
            assert answers["boat"] == "Heulwen"
            break


def test_a_retried_key_makes_one_case() -> None:
    me = resident()
    sent: dict[str, Any] = {
        "service_key": "mooring", "idempotency_key": "key-00001", "person_id": me.person_id,
        "answers": {"boat": "Heulwen", "kind": "owned", "months": "3"},
    }  # fmt: skip
    changed = {**sent, "answers": {**sent["answers"], "boat": "Gwylan"}}
    found = at_once(
        *[lambda: cases.submit_application(partner(), **sent)] * 4,
        *[lambda: cases.submit_application(partner(), **changed)] * 2,
    )
    conflicts = [each for each in found if isinstance(each, cases.IdempotencyConflict)]
    made = {each.id for each in found if not isinstance(each, Exception)}
    assert len(made) == 1
    assert len(conflicts) in (2, 4)
    assert count(models.Case, person_id=me.person_id) == 1


def test_numbers_are_never_given_twice_even_in_the_first_moment_of_a_year(clock: Clock) -> None:
    clock.set(2061, 1, 1)  # a year that no other test has begun
    people = [resident() for _ in range(8)]
    drafts = [fill(person) for person in people]
    found = at_once(
        *[
            lambda person=person, draft=draft: cases.submit(
                person, draft_id=draft.id, seen_version=draft.version
            )
            for person, draft in zip(people, drafts, strict=True)
        ]
    )
    numbers = [view.number for view in found]
    assert sorted(numbers) == [f"TRAN-2061-{number:06}" for number in range(1, 9)]


def test_of_two_officers_one_decides_and_the_other_is_told() -> None:
    me = resident()
    case = submitted(me, hired=True)
    one, two = officer(name="Olwen Price"), officer(name="Rhys Vaughan")
    found = at_once(
        lambda: cases.decide(one, case_id=case.id, seen_state=case.seen_state, action="grant"),
        lambda: cases.decide(
            two, case_id=case.id, seen_state=case.seen_state, action="refuse", reason="No."
        ),
    )
    (told,) = [each for each in found if isinstance(each, cases.AlreadyDecided)]
    (done,) = [each for each in found if not isinstance(each, Exception)]
    assert told.now == done.state
    assert told.happened
    assert count(models.Decision, case_id=case.id) == 1


def test_two_first_signatures_are_one() -> None:
    case = submitted(resident(), hired=True, months="12")
    officers = [officer(name=f"Officer {number}") for number in range(3)]
    found = at_once(
        *[
            lambda who=who: cases.decide(
                who, case_id=case.id, seen_state=case.seen_state, action="grant"
            )
            for who in officers
        ]
    )
    assert sum(not isinstance(each, Exception) for each in found) == 1
    assert sum(isinstance(each, cases.StaleState) for each in found) == 2
    assert count(models.Signature, case_id=case.id) == 1
    assert count(models.Decision, case_id=case.id) == 0


def test_two_second_signatures_make_one_decision() -> None:
    case = submitted(resident(), hired=True, months="12")
    first, one, two = officer(), officer(), officer()
    cases.decide(first, case_id=case.id, seen_state=case.seen_state, action="grant")
    found = at_once(
        lambda: cases.second(one, case_id=case.id, seen_state=case.seen_state, approve=True),
        lambda: cases.second(
            two, case_id=case.id, seen_state=case.seen_state, approve=False, reason="No."
        ),
    )
    assert sum(not isinstance(each, Exception) for each in found) == 1
    assert count(models.Signature, case_id=case.id, closed_at=None) == 0
    assert count(models.Decision, case_id=case.id) <= 1


def test_an_answer_and_a_withdrawal_at_once_leave_one_of_them() -> None:
    me = resident()
    case = submitted(me, hired=True)
    asked = cases.ask(
        officer(), case_id=case.id, seen_state=case.seen_state, fields={"hire": "?"}, message="x"
    )
    found = at_once(
        lambda: cases.answer_request(
            me, case_id=case.id, seen_state=asked.seen_state, raw={}, files={"hire": [pdf()]}
        ),
        lambda: cases.withdraw(me, case_id=case.id, seen_state=asked.seen_state),
    )
    assert sum(isinstance(each, cases.StaleState) for each in found) == 1
    assert sum(not isinstance(each, Exception) for each in found) == 1


def test_a_case_is_taken_up_by_one() -> None:
    made = [submitted(resident(), hired=True).id for _ in range(10)]
    officers = [officer(name=f"Officer {number}") for number in range(3)]
    found = at_once(*[lambda who=who: cases.claim(who, case_ids=made) for who in officers])
    taken = [case_id for bulk in found for case_id in bulk.done]
    assert sorted(taken) == sorted(made)


def test_the_same_anonymous_application_twice_at_once_is_one() -> None:
    program = replace(partner(), assurance="none")
    sent: dict[str, Any] = {
        "service_key": "lamp", "idempotency_key": "key-00001",
        "answers": {"fault": "dark", "spot": {"words": "Quay"}},
    }  # fmt: skip
    found = at_once(*[lambda: cases.submit_application(program, **sent)] * 4)
    assert len({view.id for view in found}) == 1
    assert len({view.link_token for view in found}) == 1
