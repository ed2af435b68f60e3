"""Why, in words: the whole tree and the short form, in both languages, and only what decided."""

# ruff: noqa: PLW0108 - a rule is a function of its own: its arguments are names of facts

from __future__ import annotations

import json
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    GBP,
    NUMBER,
    PERCENT,
    PERSON,
    WEEK,
    YES_NO,
    Book,
    Decision,
    Lawbook,
    LawError,
    Situation,
    all_of,
    any_of,
    at_least,
    choice,
    choose,
    count,
    highest,
    partner,
    position,
    total,
    when,
)
from townhall.rules.engine.law.answers.explaining import explain, programmes, short
from townhall.rules.engine.law.wording import written

from .family_book import LAW, RATES, both

DAY = date(2025, 6, 1)
ADULT = {"date_of_birth": date(1985, 3, 2), "income": 70123}
CHILDREN = ({"date_of_birth": date(2018, 5, 5)}, {"date_of_birth": date(2020, 5, 5)})


def decided(goal: str, *persons: Any, day: date = DAY, **facts: Any) -> Decision:
    law = LAW.on(day)
    members = list(range(len(persons)))
    situation = Situation(list(persons), [{"adults": [0], "members": members, "facts": facts}])
    return law.decide([goal], law.usual(situation), day=day)


def text(decision: Decision, name: str, member: int = 0, language: str = "en") -> str:
    return "\n".join(explain(decision, name, member, language).lines())


WHOLE = """\
Child Benefit kept: £1,126.60 a year   [ITEPA 2003 s.681B]
  £2,251.60 a year less the charge
  Child Benefit for the year: £2,251.60 a year   [SSCBA 1992 s.141]
    52 payments of £43.30 a week
    Child Benefit a week: £43.30 a week   [SSCBA 1992 s.145]
      £26.05 a week for the eldest, £17.25 a week for the other child
      Lives abroad: no
      Serves the Crown abroad: no
      Children: 2   [SSCBA 1992 s.141]
        2 children in the family
        Child of the family: yes   [SSCBA 1992 s.142]
          7 years old, under 16 or in education
          An adult of the family: no
          Age: 7   [Family Law Reform Act 1969 s.9]
            Born on 5 May 2018
            Date of birth: 5 May 2018
        Child of the family: yes   [SSCBA 1992 s.142]
          5 years old, under 16 or in education
          An adult of the family: no
          Age: 5   [Family Law Reform Act 1969 s.9]
            Born on 5 May 2020
            Date of birth: 5 May 2020
      Child Benefit a week for the eldest or only child: £26.05 a week from 6 April 2025   \
[SI 2006/965 reg. 2(1)(a)]
      Child Benefit a week for each other child: £17.25 a week from 6 April 2025   \
[SI 2006/965 reg. 2(1)(b)]
      Children after the eldest: 1   [SI 2006/965 reg. 2(1)(b)]
        2 less the eldest
        Children: 2   [SSCBA 1992 s.141]
    Mondays of the tax year: 52   [SSCBA 1992 s.147(1)]
      52 Mondays
      tax_year.start: 6 April 2025 from 6 April 2025   [ITA 2007 s.4(2)]
  Charge on Child Benefit: £1,125 a year   [ITEPA 2003 ss.681B, 681C]
    50% of £2,251.60 a year, in whole pounds
    Pays the charge: yes   [ITEPA 2003 s.681B]
      The adult with the higher income
      An adult of the family: yes
      You live as a couple: no
      Income of the tax year: £70,123 a year
    Child Benefit for the year: £2,251.60 a year   [SSCBA 1992 s.141]
    Percentage of the charge: 50%   [ITEPA 2003 s.681C(2)]
      1% for each full £200 a year above £60,000 a year, at most 100%
      Income of the tax year: £70,123 a year
      charge.threshold: £60,000 a year from 6 April 2024   [ITEPA 2003 s.681B(1)]
      charge.step: £200 a year from 6 April 2024   [ITEPA 2003 s.681C(2)]"""

WELSH = """\
Budd-dal Plant yr wythnos: £43.30 yr wythnos   [SSCBA 1992 s.145]
  £26.05 yr wythnos am yr hynaf, £17.25 yr wythnos am y plentyn arall
  Yn byw dramor: na
  Yn gwasanaethu'r Goron dramor: na
  Plant: 2   [SSCBA 1992 s.141]
    2 o blant yn y teulu
    Plentyn y teulu: ie   [SSCBA 1992 s.142]
      7 oed, o dan 16 neu mewn addysg
      Oedolyn o'r teulu: na
      Oedran: 7   [Family Law Reform Act 1969 s.9]
        Ganwyd ar 5 Mai 2018
        Dyddiad geni: 5 Mai 2018
    Plentyn y teulu: ie   [SSCBA 1992 s.142]
      5 oed, o dan 16 neu mewn addysg
      Oedolyn o'r teulu: na
      Oedran: 5   [Family Law Reform Act 1969 s.9]
        Ganwyd ar 5 Mai 2020
        Dyddiad geni: 5 Mai 2020
  Child Benefit a week for the eldest or only child: £26.05 yr wythnos o 6 Ebrill 2025   \
[SI 2006/965 reg. 2(1)(a)]
  Child Benefit a week for each other child: £17.25 yr wythnos o 6 Ebrill 2025   \
[SI 2006/965 reg. 2(1)(b)]
  Plant ar ôl yr hynaf: 1   [SI 2006/965 reg. 2(1)(b)]
    2 llai'r hynaf
    Plant: 2   [SSCBA 1992 s.141]"""


def test_the_whole_explanation_in_english() -> None:
    decision = decided("child_benefit_kept", ADULT, *CHILDREN)
    assert text(decision, "child_benefit_kept") == WHOLE


def test_and_in_welsh() -> None:
    decision = decided("child_benefit_weekly", ADULT, *CHILDREN)
    assert text(decision, "child_benefit_weekly", 0, "cy") == WELSH


def test_the_short_form_has_the_conclusion_and_what_decided_it() -> None:
    decision = decided("child_benefit_kept", ADULT, *CHILDREN)
    top, deciding = short(decision, "child_benefit_kept")
    assert (top.title, top.value) == ("Child Benefit kept", "£1,126.60 a year")
    assert [(reason.title, reason.value) for reason in deciding] == [
        ("Child Benefit for the year", "£2,251.60 a year"),
        ("Charge on Child Benefit", "£1,125 a year"),
    ]


def test_the_short_form_looks_through_rules_that_only_pass_on() -> None:
    law = passing_on()
    decision = law.on(DAY).decide(["third"], Situation([{"x": 3, "y": 4}]), day=DAY)
    top, deciding = short(decision, "third")
    assert top.name == "third"
    assert [reason.name for reason in deciding] == ["x", "y"]


def passing_on() -> Lawbook:
    book = Book("passing")
    for name in "xy":
        book.fact(name, PERSON, NUMBER, title=both(name, name))
    for function in (lambda x, y: x + y, lambda first: first + 0, lambda second: second * 1):
        name = {"x": "first", "f": "second", "s": "third"}[function.__code__.co_varnames[0][0]]
        function.__name__ = name
        book.rule(PERSON, NUMBER, title=both(name, name), cite="Act", because=both("a", "a"))(
            function
        )
    return Lawbook([book], Parameters())


@pytest.mark.parametrize(
    ("children", "english", "welsh"),
    [
        (1, "1 child in the family", "1 plentyn yn y teulu"),
        (3, "3 children in the family", "3 o blant yn y teulu"),
    ],
)
def test_numbers_take_the_words_that_fit_them(children: int, english: str, welsh: str) -> None:
    decision = decided("children", ADULT, *CHILDREN[:1] * children)
    assert explain(decision, "children").because == english
    assert explain(decision, "children", 0, "cy").because == welsh


@pytest.mark.parametrize(
    ("others", "words"), [(1, "for the other child"), (2, "for each of the 2 others")]
)
def test_a_number_may_stand_within_its_words_or_be_left_out(others: int, words: str) -> None:
    decision = decided("child_benefit_weekly", ADULT, *CHILDREN[:1] * (others + 1))
    assert explain(decision, "child_benefit_weekly").because.endswith(words)


def test_an_exception_that_applied_is_named_with_its_law() -> None:
    decision = decided("child_benefit_weekly", ADULT, CHILDREN[0], lives_abroad=True)
    assert text(decision, "child_benefit_weekly") == (
        "Child Benefit a week: £0 a week   [SSCBA 1992 s.146]\n"
        "  Families abroad: Nothing is paid to those who live abroad\n"
        "  Serves the Crown abroad: no\n"
        "  Lives abroad: yes"
    )


def test_of_two_exceptions_the_one_that_won_is_named() -> None:
    decision = decided(
        "child_benefit_weekly", ADULT, CHILDREN[0], lives_abroad=True, serves_the_crown=True
    )
    reason = explain(decision, "child_benefit_weekly", 0, "cy")
    assert reason.because == (
        "Gweision y Goron: Telir y rhai sy'n gwasanaethu'r Goron am 1 plentyn"
    )
    assert reason.cite == "SI 2006/223 reg. 30"


def test_nothing_is_told_of_what_did_not_decide() -> None:
    decision = decided("charge", {**ADULT, "income": 0})
    names = [reason.name for reason in explain(decision, "child_benefit_weekly").children]
    assert names == ["lives_abroad", "serves_the_crown", "children"]
    assert explain(decision, "child_benefit_weekly").because == "There is no child"


WORDS: dict[str, Any] = {"cite": "An Act", "because": both("So", "Felly")}


def told(function: Any, *persons: dict[str, Any], entity: Any = PERSON, unit: Any = NUMBER) -> Any:
    """(name, member) of what a rule of the first member rests on, as it is told."""
    book = Book("small")
    for name in "abc":
        book.fact(name, PERSON, YES_NO, title=both(name, name))
    for name in "xyz":
        book.fact(name, PERSON, NUMBER, title=both(name, name))
    book.fact("home", PERSON, choice("owned", "rented"), title=both("home", "home"))
    function.__name__ = "goal"
    book.rule(entity, unit, title=both("Goal", "Nod"), **WORDS)(function)
    law = Lawbook([book], Parameters.from_mapping(RATES)).on(DAY)
    adults = list(range(min(2, len(persons))))
    situation = Situation(persons, [{"adults": adults, "members": list(range(len(persons)))}])
    decision = law.decide(["goal"], situation, day=DAY)
    return [(reason.name, reason.member) for reason in explain(decision, "goal").children]


YES, NO = {"a": True}, {"a": False}


@pytest.mark.parametrize(
    ("function", "facts", "names"),
    [
        (lambda a, x, y: when(a, x, y), {"a": True, "x": 1, "y": 2}, ["a", "x"]),
        (lambda a, x, y: when(a, x, y), {"a": False, "x": 1, "y": 2}, ["a", "y"]),
        (lambda a, x, y: when(a, x, y), {"a": False, "y": 2}, ["a", "y"]),
        (lambda a, b, x: when(a & b, x, 0), {"a": True, "b": False, "x": 1}, ["b"]),
        (lambda a, b, x: when(a & b, x, 0), {"b": False}, ["b"]),
        (lambda a, b, x: when(a & b, x, 0), {"a": False, "b": False, "x": 1}, ["a", "b"]),
        (lambda a, b, x: when(a | b, 0, x), {"a": True, "b": False, "x": 1}, ["a"]),
        (lambda a, b, x: when(a | b, 0, x), {"a": False, "b": False, "x": 1}, ["a", "b", "x"]),
        (lambda a, x, y: when(~a, x, y), {"a": False, "x": 1, "y": 2}, ["a", "x"]),
        (
            lambda a, b, x, y, z: choose((a, x), (b, y), otherwise=z),
            {"a": False, "b": True, "x": 1, "y": 2, "z": 3},
            ["a", "b", "y"],
        ),
        (lambda home, x: when(home == "owned", 0, x), {"home": "owned", "x": 1}, ["home"]),
        (lambda x, y: x + y + x, {"x": 1, "y": 2}, ["x", "y"]),
    ],
)
def test_only_the_branch_that_was_taken_is_told(function: Any, facts: Any, names: Any) -> None:
    assert [name for name, _ in told(function, facts)] == names


@pytest.mark.parametrize(
    ("function", "persons", "wanted"),
    [
        (lambda a: count(a), [YES, NO, YES], [("a", 0), ("a", 2)]),
        (lambda a: count(a), [NO, NO], [("a", 0), ("a", 1)]),
        (lambda a: when(any_of(a), 1, 0), [NO, YES], [("a", 1)]),
        (lambda a: when(any_of(a), 1, 0), [NO, NO], [("a", 0), ("a", 1)]),
        (lambda a: when(all_of(a), 1, 0), [YES, NO], [("a", 1)]),
        (lambda x: total(x), [{"x": 0}, {"x": 5}], [("x", 1)]),
        (lambda x: highest(x), [{"x": 3}, {"x": 5}, {"x": 5}], [("x", 1), ("x", 2)]),
    ],
)
def test_only_members_who_count_are_told(function: Any, persons: Any, wanted: Any) -> None:
    assert told(function, *persons, entity=FAMILY) == wanted


def test_what_a_partner_has_is_told_as_theirs() -> None:
    assert told(lambda x: partner(x), {"x": 1}, {"x": 2}) == [("x", 1)]
    assert told(lambda x: partner(x), {"x": 1}) == []
    assert told(lambda x, a: position(x, where=a), {**YES, "x": 1}, {**NO, "x": 2}) == [
        ("x", 0),
        ("a", 0),
    ]


def test_what_a_partner_has_of_the_familys() -> None:
    book = Book("small")
    book.fact("sum", FAMILY, NUMBER, title=both("sum", "sum"))

    @book.rule(PERSON, NUMBER, title=both("Goal", "Nod"), **WORDS)
    def goal(sum):
        return when(partner(sum + 1) > 5, partner(sum), 0)

    law = Lawbook([book], Parameters()).on(DAY)
    situation = Situation(
        [{}] * 3,
        [{"adults": [0], "facts": {"sum": 1}}, {"adults": [1, 2], "facts": {"sum": 7}}],
    )
    decision = law.decide(["goal"], situation, day=DAY)
    assert decision["goal"] == [0, 7, 7]
    assert [child.name for child in explain(decision, "goal", 1).children] == ["sum"]


def test_a_rule_that_is_shared_many_times_over_is_told_in_no_time() -> None:
    def doubled(x, y):
        found = x
        for _ in range(60):
            found = at_least(found + y, found)
        return found

    before = time.perf_counter()
    assert told(doubled, {"x": 1, "y": 0}) == [("x", 0), ("y", 0)]
    assert time.perf_counter() - before < 5, "each step once, not 2 to the power of 60"


def test_what_was_supplied_says_so_and_rests_on_nothing() -> None:
    decision = decided("charge", {**ADULT, "charge_percentage": 29}, child_benefit=1000)
    given = {reason.name: reason.kind for reason in explain(decision, "charge").children}
    assert given["charge_percentage"] == given["child_benefit"] == "given"
    assert explain(decision, "charge_percentage").children == ()


def test_a_fact_that_is_not_known_and_did_not_matter_is_told_as_such() -> None:
    law = LAW.on(DAY)
    decision = law.decide(["child_benefit"], Situation([{"income": 5}]), day=DAY)
    reason = explain(decision, "child_benefit_weekly")
    assert [(each.title, each.value) for each in reason.children] == [
        ("Lives abroad", "not known"),
        ("Serves the Crown abroad", "not known"),
        ("Children", "0"),
    ]
    assert explain(decision, "child_benefit_weekly", 0, "cy").children[0].value == "ddim yn hysbys"


def test_an_explanation_is_kept_as_json_data() -> None:
    decision = decided("child_benefit_kept", ADULT, *CHILDREN)
    data = explain(decision, "child_benefit_kept").to_data()
    assert json.loads(json.dumps(data)) == data
    benefit, charge = data["children"]
    assert benefit["children"][0]["children"][-2]["since"] == "2025-04-06"
    assert (benefit["entity"], benefit["member"]) == ("family", 0)
    again = charge["children"][1]
    assert again["name"] == "child_benefit"
    assert again["above"] is True
    assert "children" not in again


def test_the_same_decision_has_the_same_words_every_time() -> None:
    first, second = (decided("child_benefit_kept", ADULT, *CHILDREN) for _ in range(2))
    for language in ("en", "cy"):
        one, other = (explain(each, "child_benefit_kept", 0, language) for each in (first, second))
        assert one.to_data() == other.to_data()
        assert list(one.lines()) == list(other.lines())


def test_every_programme_that_was_decided_has_its_reasons() -> None:
    decision = decided("child_benefit", ADULT, *CHILDREN)
    found = dict(programmes(decision))
    assert list(found) == ["child_benefit"]
    assert [reason.name for reason in found["child_benefit"]] == ["child_benefit"]


@pytest.mark.parametrize(
    ("value", "unit", "english"),
    [
        (Decimal("1234.5"), GBP, "£1,234.50"),
        (Decimal("-0.001"), GBP, "£0"),
        (Decimal("-1234"), GBP, "-£1,234"),
        (Decimal("0.005"), GBP / WEEK, "£0.01 a week"),
        (Decimal("0.0875"), PERCENT, "8.75%"),
        (Decimal("0.19"), PERCENT, "19%"),
        (Decimal("-0"), NUMBER, "0"),
        (Decimal("-0.00001"), NUMBER, "0"),
        (Decimal("1234567"), NUMBER, "1,234,567"),
        (Decimal("0.33333"), NUMBER, "0.3333"),
        (Decimal("1E+5"), NUMBER, "100,000"),
        (
            Decimal(f"1{'0' * 32}.5"),
            GBP,
            "£100,000,000,000,000,000,000,000,000,000,000.50",
        ),
        (date(2026, 4, 6).toordinal(), DATE, "6 April 2026"),
        (True, YES_NO, "yes"),
        (1, choice("owned", "council_house"), "council house"),
        (None, NUMBER, "not known"),
        (Decimal("NaN"), DATE, "not known"),
    ],
)
def test_values_as_people_write_them(value: Any, unit: Any, english: str) -> None:
    assert written(value, unit, "en") == english


def test_an_option_is_told_in_its_own_words() -> None:
    book = Book("homes")
    options = {"owned": both("your own home", "eich cartref eich hun"), "let": both("let", "rhent")}
    home = choice("owned", "let")
    book.fact("home", PERSON, home, title=both("Home", "Cartref"), options=options)

    @book.rule(
        PERSON,
        NUMBER,
        title=both("Goal", "Nod"),
        cite="Act",
        because=both("In {home}", "Yn {home}"),
    )
    def goal(home):
        return when(home == "owned", 1, 0)

    law = Lawbook([book], Parameters()).on(DAY)
    decision = law.decide(["goal"], Situation([{"home": "owned"}]), day=DAY)
    assert explain(decision, "goal").because == "In your own home"
    assert explain(decision, "goal", 0, "cy").because == "Yn eich cartref eich hun"
    with pytest.raises(LawError, match='"home" has words for owned, of owned, let'):
        book.fact("home", PERSON, home, title=both("A", "A"), options={"owned": both("a", "a")})


def test_the_entry_of_a_tariff_is_told_by_its_value() -> None:
    law = LAW.on(DAY)
    pensioner = {"date_of_birth": date(1950, 1, 1)}
    situation = Situation([pensioner], households=[{"families": [0], "facts": {"nation": "wales"}}])
    decision = law.decide(["heating_grant"], law.usual(situation), day=DAY)
    reason = explain(decision, "heating_grant")
    assert reason.because == "£300 a year for a family with a pensioner"
    assert [(each.title, each.value) for each in reason.children if each.kind == "rate"] == [
        ("Heating grant", "£300 a year from 6 April 2020")
    ]
