"""Returns and claims on the law, by people of the tour, through the real rooms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from townhall.cases import operations as cases
from townhall.tests.test_borough_services import apply, officer, resident, town

pytestmark = pytest.mark.django_db
__all__ = ["town"]

BANK = ("payment", {"sort_code": ["089999"], "account": ["66374958"]})
NO_PARTNER = {"settled": ["yes"], "couple": ["no"]}


def results(view: Any) -> dict[str, Any]:
    return {each.name: getattr(each.value, "amount", each.value) for each in view.decision.results}


def test_harolds_pension_is_topped_up_without_his_typing_it() -> None:
    case = apply(
        resident("harold"),
        "pension-credit",
        ("you", NO_PARTNER),
        ("savings", {"savings": ["9000"], "other_property": ["0"]}),
        ("care", {"care_benefit": ["none"], "cares": ["no"]}),
        BANK,
    )
    assert case.state == "granted"
    assert case.decision.automatic
    found = results(case)
    # 238.00 less 184.90 State Pension and 990.20 a year from the pension fund.
    assert round(found["weekly"], 2) == Decimal("34.06")
    told = next(each for each in case.decision.results if each.name == "guarantee")
    assert "State Pension Credit Act 2002" in told.trace.render("en")
    assert "Deddf" in told.trace.render("cy") or "2002" in told.trace.render("cy")
    assert "granted" in {letter.kind for letter in case.letters}


def test_megan_and_ben_get_universal_credit_worked_out_from_her_reported_pay() -> None:
    case = apply(
        resident("megan"),
        "universal-credit",
        ("you", {**NO_PARTNER, "student": ["no"], "couple": ["yes"]}),
        (
            "you",
            {"partner_born.day": ["2"], "partner_born.month": ["11"], "partner_born.year": ["1989"]}
            | {"partner_pay": ["700"]},
        ),
        ("money", {"self_employed": ["no"], "other_income": ["0"], "savings": ["900"]}),
        ("home", {"home": ["private_rent"], "childcare": ["400"]}),
        ("home", {"rent": ["900"]}),
        ("health", {"health": ["none"], "cares": ["no"]}),
        BANK,
    )
    assert case.state == "granted"
    assert round(results(case)["monthly"], 2) == Decimal("1015.40")


def test_an_illness_waits_for_an_officer_who_sees_the_amount_and_its_reasons() -> None:
    case = apply(
        resident("ethan"),
        "universal-credit",
        ("you", {**NO_PARTNER, "settled": ["unsure"], "student": ["no"]}),
        ("money", {"self_employed": ["no"], "other_income": ["0"], "savings": ["0"]}),
        ("home", {"home": ["social_rent"]}),
        ("home", {"rent": ["3000"]}),
        ("health", {"health": ["limits"], "cares": ["no"]}),
        BANK,
    )
    assert case.state == "review"
    callum = officer("benefits.officer", "callum")
    (line,) = cases.worklist(callum).rows
    desk = cases.case_for_officer(callum, case_id=line.id)
    assert {each.name for each in desk.proposal.results} >= {"monthly", "most", "taken_off"}
