"""Eligibility in three values, results, the fee: never a yes in doubt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from townhall.catalogue.engine import flow
from townhall.catalogue.engine.assessment import assess
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.situation import Fact
from townhall.catalogue.tests.conftest import at
from townhall.rules.engine import UNKNOWN, Money

IN_ZONE, OUTSIDE = {"line1": "1 Row", "zone": "A"}, {"line1": "1 Row", "zone": "Z"}


def vehicle(keeper: str) -> Fact:
    return Fact("found", {"keeper": keeper, "make": "M", "zone_class": "s"}, key="AB12CDE")


def known(address: dict[str, str] | Fact, keeper: str = "p1", **more):
    facts = {"address": address, "vehicle": vehicle(keeper)}
    return at(facts=facts, answers={"plate": "AB12CDE", "months": "12"}, **more)


def test_yes_no_review_and_depends(permit: Definition) -> None:
    assert assess(permit, known(IN_ZONE)).eligibility == "yes"
    assert assess(permit, known(IN_ZONE, "other")).eligibility == "review"
    assert assess(permit, known(OUTSIDE)).eligibility == "no"
    # A no beats a review, and it is a no whatever else is unknown.
    assert assess(permit, known(OUTSIDE, "other")).eligibility == "no"
    assert assess(permit, at(facts={"address": OUTSIDE})).eligibility == "no"
    open_still = assess(permit, at(facts={"address": IN_ZONE}))
    assert open_still.eligibility == "depends"
    assert open_still.unknown == {"vehicle.keeper"}


def test_the_reasons_say_what_holds_and_by_which_law(permit: Definition) -> None:
    reasons = assess(permit, known(OUTSIDE, "other")).reasons
    assert [(each.key, each.holds, each.verdict) for each in reasons] == [
        ("not_in_zone", False, "no"),
        ("not_keeper", False, "review"),
    ]
    assert reasons[0].law is not None
    assert reasons[0].law.title["en"] == "Parking Order 2020 art. 3"
    assert reasons[0].step is not None
    assert "zone" in reasons[0].step.render("en")
    assert [each.key for each in assess(permit, known(OUTSIDE, "other")).deciding] == [
        "not_in_zone"
    ]


def test_fee_and_results_come_with_their_steps(permit: Definition) -> None:
    found = assess(permit, known(IN_ZONE))
    assert found.fee == Money(Decimal("120.00"), "GBP")
    assert found.fee_step is not None
    assert found.results["visits"].value == 4
    assert found.values["fee"] == found.fee
    bare = assess(permit, known(IN_ZONE), trace=False)
    assert bare.fee == found.fee
    assert bare.fee_step is None


def test_a_rate_that_is_not_enacted_is_a_doubt_and_no_zero(permit: Definition) -> None:
    early = assess(permit, known(IN_ZONE, today=date(2020, 1, 1)))
    assert early.fee is None
    assert early.values["fee"] is UNKNOWN
    assert early.eligibility == "review"
    assert any("no value in force on 2020-01-01" in each for each in early.problems)
    path = flow.enter(permit, known(IN_ZONE, today=date(2020, 1, 1)), early)
    assert path.state == "review"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("a / (a - a)", "zero"),
        ("days_between(today, add_years(today, 9000))", "years 1 to 9999"),
        ("a * 1000000000000000 * 1000000000000000 * 1000000000000000 * a", ""),
    ],
)
def test_values_that_have_no_result_never_pass_for_one(
    small: Callable, value: str, problem: str
) -> None:
    definition = small(
        "  a: {type: number, ask: A}\n", more=f'results: {{r: {{value: "{value}"}}}}\n'
    )
    situation = at(answers={"a": "999999999999999"})
    found = assess(definition, situation)
    if problem:
        assert found.results["r"].value is UNKNOWN
        assert problem in found.results["r"].problem
        assert found.eligibility == "review"
        assert flow.enter(definition, situation, found).state == "review"


def test_doubts_name_the_register_and_what_happens(permit: Definition) -> None:
    facts = {"address": IN_ZONE, "vehicle": Fact("unavailable", key="AB12CDE")}
    found = assess(permit, at(facts=facts, answers={"plate": "AB12CDE", "months": "3"}))
    assert [(each.datum, each.outcome, each.fallback) for each in found.doubts] == [
        ("vehicle", "unavailable", "upload")
    ]
    assert found.eligibility == "depends"


def test_a_register_that_is_not_needed_is_no_doubt(small: Callable) -> None:
    definition = small(
        "  own: {type: yes/no, ask: O}\n  born: {from: registers.population.born, when: own}\n"
    )
    facts = {"born": Fact("unavailable")}
    assert assess(definition, at(facts=facts, answers={"own": False})).doubts == ()
    for answers in ({"own": True}, {}):
        found = assess(definition, at(facts=facts, answers=answers)).doubts
        assert [each.datum for each in found] == ["born"]


def test_what_ends_it_stands_before_what_only_delays_it(small: Callable) -> None:
    definition = small(
        "  n: {type: number, ask: N}\n  m: {type: number, ask: M}\n",
        more='eligible: [{if: "n > 5", else: review, say: five_n}, {if: "n > 3", say: three_n}, '
        '{if: "m > 1", else: review, say: one_m}]\n'
        "texts: {five_n: Five, three_n: Three, one_m: One}\n",
    )
    both = assess(definition, at(answers={"n": "1", "m": "9"}))
    assert [each.key for each in both.against] == ["three_n", "five_n"]
    assert [each.key for each in both.deciding] == ["three_n"]
    open_still = assess(definition, at(answers={"n": "4"}))
    assert open_still.eligibility == "depends"
    assert [each.key for each in open_still.deciding] == ["one_m"]
    review = assess(definition, at(answers={"n": "4", "m": "0"}))
    assert [each.key for each in review.deciding] == ["five_n", "one_m"]
    assert assess(definition, at(answers={"n": "9", "m": "9"})).deciding == ()


def test_no_entry_that_is_accepted_is_no_doubt(small: Callable) -> None:
    definition = small(
        "  children: {from: registers.population.children, if_none: accept}\n"
        "  a: {type: text, ask: A}\n"
    )
    situation = at(facts={"children": Fact("none")}, answers={"a": "x"})
    found = assess(definition, situation)
    assert found.doubts == ()
    assert flow.enter(definition, situation, found).state == "granted"
