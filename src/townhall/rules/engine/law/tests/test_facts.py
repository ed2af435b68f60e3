"""Facts that cannot be are refused by name, and so is a family that does not add up."""

from __future__ import annotations

import pickle
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from townhall.rules.engine import Money, Parameters
from townhall.rules.engine.law import (
    DATE,
    PERSON,
    Book,
    FactError,
    Family,
    Household,
    Lawbook,
    LawError,
    Situation,
)

from .family_book import LAW, book, both

DAY = date(2025, 6, 1)
PERSON_FACTS = {"date_of_birth": date(1990, 1, 1), "income": 1}


def refused(situation: Situation) -> FactError:
    with pytest.raises(FactError) as found:
        LAW.on(DAY).decide(["income_tax"], situation, day=DAY)
    return found.value


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("income", "30000", "\"income\" is a number (Decimal or whole), not '30000': GBP a year."),
        ("income", 30000.0, "not 30000.0"),
        ("income", float("nan"), "not nan"),
        ("income", Decimal("NaN"), "not Decimal('NaN')"),
        ("income", Decimal("-Infinity"), "not Decimal('-Infinity')"),
        ("income", True, "not True"),
        ("income", [1], "not [1]"),
        ("income", Decimal("-0.01"), '"income" is at least 0, not -0.01.'),
        ("income", 10**16, '"income" is too large'),
        ("income", Money(Decimal(5), "EUR"), '"income" is in GBP, not EUR.'),
        ("income", date(2025, 1, 1), "not datetime.date(2025, 1, 1)"),
        ("share_paid_out", 101, '"share_paid_out" is at most 100, not 101.'),
        ("share_paid_out", -1, '"share_paid_out" is at least 0, not -1.'),
        ("in_education", 1, '"in_education" is yes or no (True or False), not 1.'),
        ("in_education", "yes", "not 'yes'"),
        ("sex", "f", "\"sex\" is one of female, male, not 'f'."),
        ("sex", 0, "not 0"),
        ("sex", ["male"], "not ['male']"),
        ("date_of_birth", "1990-01-01", "\"date_of_birth\" is a date, not '1990-01-01'."),
        ("date_of_birth", datetime(1990, 1, 1), "is a date, not datetime"),
        ("date_of_birth", date(1066, 10, 14), "lies between 1850-01-01 and 2200-01-01"),
        ("date_of_birth", date(9999, 1, 1), "and is not 9999-01-01"),
        ("incom", 5, '"incom" is no fact and no rule of this law. Did you mean "income"?'),
        ("savings", 5, '"savings" belongs to a family, not to a person.'),
        ("has_partner", True, '"has_partner" is told by who belongs to whom, not as a fact.'),
        ("charge.threshold", 5, '"charge.threshold" is no fact and no rule of this law.'),
    ],
)
def test_a_fact_that_cannot_be_is_named(name: str, value: Any, words: str) -> None:
    error = refused(Situation([PERSON_FACTS, {**PERSON_FACTS, name: value}]))
    assert error.name == name
    assert words in str(error)


def test_whose_fact_it_is_is_told() -> None:
    error = refused(Situation([PERSON_FACTS, PERSON_FACTS, {"income": -1}]))
    assert (error.name, error.member) == ("income", 2)


@pytest.mark.parametrize(
    "value", [0, 10**15, Decimal("0.01"), Money(Decimal("12.34"), "GBP"), Decimal("1E+5")]
)
def test_numbers_that_can_be(value: Any) -> None:
    situation = Situation([{"income": value}])
    found = LAW.on(DAY).decide(["charge_percentage"], situation, day=DAY)
    assert found["charge_percentage"]


def test_a_percentage_is_given_and_shown_as_one_of_a_hundred() -> None:
    law = LAW.on(DAY)
    found = law.decide(["share_paid_out"], Situation([{"share_paid_out": 25}]), day=DAY)
    assert found["share_paid_out"] == [25]
    assert found.values["share_paid_out"] == [Decimal("0.25")]


def test_unknown_is_no_value_and_no_error() -> None:
    law = LAW.on(DAY)
    found = law.decide(["income_tax"], Situation([{"income": 0, "sex": None}]), day=DAY)
    assert found["income_tax"] == [0]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Situation([{}] * 1001), "More than 1000 persons"),
        (lambda: Situation([{}], [{"adults": [0]}, {"adults": [0]}]), "person 0 is in two of them"),
        (lambda: Situation([{}], [{"adults": [0, 0]}]), "person 0 is in two of them"),
        (lambda: Situation([{}, {}], [{"adults": [0]}]), "person 1 is in no family"),
        (lambda: Situation([{}], [{"adults": [1]}]), "There is no person 1"),
        (lambda: Situation([{}], [{"adults": [-1]}]), "There is no person -1"),
        (lambda: Situation([{}], [{"adults": []}]), "family 0 has no members"),
        (lambda: Situation([{}], [{"adults": [], "members": [0]}]), "one adult or two, not 0"),
        (lambda: Situation([{}] * 3, [{"adults": [0, 1, 2]}]), "one adult or two, not 3"),
        (lambda: Situation([{}], [{"members": [0]}]), "does not say who its adults are"),
        (lambda: Situation([{}], [{"adults": [0], "savings": 5}]), "what is known of it stands in"),
        (
            lambda: Situation([{}], [{"adults": [0]}], [{"families": [0]}, {"families": [0]}]),
            "family 0 is in two of them",
        ),
        (lambda: Situation([{}], [{"adults": [0]}], [{"families": [1]}]), "There is no family 1"),
        (lambda: Situation([{}], [{"adults": [0]}], [{"families": []}]), "has no members"),
        (lambda: Situation([], [{"adults": [0]}]), "There is no person 0"),
    ],
)
def test_who_belongs_to_whom_adds_up(make: Any, words: str) -> None:
    with pytest.raises(FactError, match=words):
        make()


def test_nobody_is_a_situation_too() -> None:
    found = LAW.on(DAY).decide(["income_tax", "child_benefit"], Situation([]), day=DAY)
    assert found["income_tax"] == found["child_benefit"] == []


def test_a_thousand_persons_are_taken_at_their_usual_values() -> None:
    law = LAW.on(DAY)
    situation = law.usual(Situation([PERSON_FACTS] * 1000))
    assert law.decide(["income_tax"], situation, day=DAY)["income_tax"] == [0] * 1000


def test_families_may_be_written_either_way() -> None:
    one = Situation([{}] * 3, [{"adults": [0, 1], "members": [0, 1, 2]}])
    other = Situation([{}] * 3, [Family((0, 1), (2,))], [Household((0,))])
    assert one.families == other.families
    assert one.households == other.households
    assert pickle.loads(pickle.dumps(one)) == one


def test_the_default_is_one_adult_whose_children_are_all_others() -> None:
    assert Situation([{}] * 3).families == (Family((0,), (1, 2)),)


def test_facts_are_put_in_place_without_touching_the_situation() -> None:
    before = Situation([{"income": 1}, {"income": 2}])
    after = before.with_facts(PERSON, 1, {"income": 3})
    assert [facts["income"] for facts in before.persons] == [1, 2]
    assert [facts["income"] for facts in after.persons] == [1, 3]


def test_usual_values_fill_what_is_missing_and_nothing_else() -> None:
    law = LAW.on(DAY)
    filled = law.usual(Situation([{"income": 5, "sex": None}]))
    assert filled.persons[0]["income"] == 5
    assert filled.persons[0]["sex"] == "male"
    assert "date_of_birth" not in filled.persons[0], "it has no usual value"
    assert filled.facts_of(law.variables["savings"].kind.entity)[0]["savings"] == 0


def ordered() -> Lawbook:
    trial = Book("ordered")
    trial.fact("born", PERSON, DATE, title=both("Born", "Ganwyd"), not_after="today")
    trial.fact("began", PERSON, DATE, title=both("Began", "Dechrau"), not_before="born")
    words: dict[str, Any] = {"title": both("A", "A"), "cite": "Act", "because": both("A", "A")}

    @trial.rule(PERSON, DATE, **words)
    def start(born, began):
        return began

    return Lawbook([trial], Parameters())


@pytest.mark.parametrize(
    ("facts", "name", "words"),
    [
        (
            {"born": date(2025, 6, 2), "began": date(2025, 7, 1)},
            "born",
            '"born" is 2025-06-02, which is after the day of decision, 2025-06-01.',
        ),
        (
            {"born": date(2000, 1, 2), "began": date(2000, 1, 1)},
            "began",
            '"began" is 2000-01-01, which is before "born", 2000-01-02.',
        ),
    ],
)
def test_a_date_before_birth_and_a_birth_to_come(facts: Any, name: str, words: str) -> None:
    with pytest.raises(FactError) as found:
        ordered().on(DAY).decide(["start"], Situation([facts]), day=DAY)
    assert found.value.name == name
    assert str(found.value) == words


def test_dates_in_order_or_not_known() -> None:
    law = ordered().on(DAY)
    for born in (None, DAY):
        found = law.decide(["start"], Situation([{"born": born, "began": DAY}]), day=DAY)
        assert found["start"] == [DAY]


@pytest.mark.parametrize(
    ("unit", "limits", "words"),
    [
        (DATE, {"not_before": "brn"}, 'compared with "brn", which is no date of a person'),
        (DATE, {"not_after": "income"}, 'compared with "income", which is no date of a person'),
    ],
)
def test_the_other_date_is_there(unit: Any, limits: Any, words: str) -> None:
    trial = Book("trial")
    trial.fact("began", PERSON, unit, title=both("A", "A"), **limits)
    with pytest.raises(LawError, match=words):
        Lawbook([book, trial], LAW.parameters)
