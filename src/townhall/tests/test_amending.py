"""Changing a return that was filed: a new revision and a new decision, nothing past edited."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from townhall.cases import operations as cases
from townhall.cases.models import applications, decisions
from townhall.cases.operations import moment
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import run_due
from townhall.tests.test_borough_services import apply, resident, town

pytestmark = pytest.mark.django_db
__all__ = ["town"]

ANSWERS = (
    ("year", {"year": ["2025-26"]}),
    ("reported", {"all_there": ["yes"]}),
    ("business", {"self_employed": ["yes"]}),
    ("business", {"turnover": ["52000"], "expenses": ["13540"]}),
    ("letting", {"lets": ["no"]}),
    ("reliefs", {"pension_payments": ["0"], "gift_aid": ["0"]}),
)


def filed(key: str = "grace") -> Any:
    return apply(resident(key), "self-assessment", *ANSWERS)


def result(view: Any, name: str) -> Decimal:
    return next(each.value.amount for each in view.decision.results if each.name == name)


def test_a_change_adds_a_revision_and_a_decision_to_the_same_case() -> None:
    grace = resident("grace")
    before = filed()
    assert result(before, "to_pay") == Decimal("6788.28")
    assert "amend" in before.can
    assert before.amend_until.isoformat() == "2028-01-31"

    draft = cases.start_amendment(grace, case_id=before.id)
    assert draft.complete
    assert draft.answers["turnover"] == "52000.00"
    again = cases.start_amendment(grace, case_id=before.id)
    assert again.id == draft.id, "one change at a time"
    draft = cases.save_page(
        grace,
        draft_id=draft.id,
        page_key="business",
        raw={"self_employed": ["yes"], "turnover": ["52000"], "expenses": ["15540"]},
    )
    after = cases.submit(grace, draft_id=draft.id, seen_version=draft.version)
    assert after.id == before.id
    run_due()
    after = cases.my_case(grace, case_id=before.id)
    assert after.number == before.number
    assert after.state == "filed"
    assert result(after, "to_pay") == Decimal("6268.28"), "26 % of 2,000 less"
    assert "case.amended" in [each.kind for each in after.timeline]
    assert len(after.letters) == len(before.letters) + 1

    with scope(grace):
        revisions = applications.all_of(grace.person_id, before.id)
        decided = decisions.of_case(grace.person_id, before.id)
    assert [each.answers["expenses"] for each in revisions] == ["13540.00", "15540.00"]
    assert revisions[0].today == revisions[1].today, "it was filed on the first day"
    assert [each.evidence_revision for each in decided] == [1, 2]


def test_sending_it_twice_changes_it_once() -> None:
    grace = resident("grace")
    case = filed()
    draft = cases.start_amendment(grace, case_id=case.id)
    for _ in range(2):
        cases.submit(grace, draft_id=draft.id, seen_version=draft.version)
    with scope(grace):
        assert len(applications.all_of(grace.person_id, case.id)) == 2


def test_a_year_after_the_last_day_it_is_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    grace = resident("grace")
    case = filed()
    draft = cases.start_amendment(grace, case_id=case.id)
    monkeypatch.setattr(moment, "now", lambda: datetime(2028, 2, 1, 12, tzinfo=UTC))
    assert "amend" not in cases.my_case(grace, case_id=case.id).can
    with pytest.raises(cases.NotPermitted):
        cases.start_amendment(grace, case_id=case.id)
    assert draft.id


def test_nobody_changes_the_return_of_somebody_else() -> None:
    case = filed()
    with pytest.raises(cases.NotFound):
        cases.start_amendment(resident("priya"), case_id=case.id)


def test_what_is_not_decided_or_cannot_be_amended_is_left_alone() -> None:
    grace = resident("grace")
    more = [(key, {"all_there": ["no"]} if key == "reported" else raw) for key, raw in ANSWERS]
    more.insert(
        2,
        (
            "reported",
            {name: ["10"] for name in ("more_pay", "more_tax", "more_interest", "more_dividends")},
        ),
    )
    waiting = apply(grace, "self-assessment", *more)
    assert waiting.state == "review"
    with pytest.raises(cases.NotPermitted):
        cases.start_amendment(grace, case_id=waiting.id)
    assert dataclasses.is_dataclass(waiting)
