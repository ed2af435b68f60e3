"""A family asks what it can get: what it is told, and what it is asked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.rules import entitlements, questionnaire
from townhall.rules.answers import SOME, UNKNOWN, Answers, Registered, key_of
from townhall.rules.engine.law import PERSON, YES_NO, Book, LawError
from townhall.rules.engine.law.book import Fact
from townhall.rules.entitlements import Assessment
from townhall.rules.tests.invented_law import LAW

DAY = date(2026, 6, 1)


def assess(answers: Answers) -> Assessment:
    return entitlements.assess(LAW, answers, DAY)


def state(answers: Answers, programme: str, member: int = 0) -> tuple[str, Any, Any]:
    award = next(
        each
        for each in assess(answers).awards
        if each.programme.name == programme and each.member == member
    )
    return award.state, award.low, award.high


def test_before_any_answer_nothing_is_taken_as_zero() -> None:
    alone = Answers()
    assert state(alone, "childrens_money") == ("no", 0, 0)
    assert state(alone, "rent") == ("up_to", 0, Decimal("22500"))
    assert state(alone, "bus")[0] == "open"
    assert state(alone, "tax")[0] == "open"


def test_a_child_of_unknown_age_may_bring_money_and_a_known_one_does() -> None:
    family = Answers(children=1)
    assert state(family, "childrens_money") == ("up_to", 0, 25)
    born = family.with_facts({"person.1.date_of_birth": "2020-05-01"})
    assert state(born, "childrens_money") == ("yes", 25, 25)
    grown = family.with_facts({"person.1.date_of_birth": "2000-05-01"})
    assert state(grown, "childrens_money") == ("no", 0, 0)


def test_what_is_said_for_a_month_counts_for_the_year() -> None:
    answers = Answers(
        facts={
            "person.0.pay": "1000/month",
            "person.0.pension": "0",
            "household.0.rent": "200/week",
        }
    )
    # 200 x 4.5 less 12,000 / 12 / 3
    found, low, high = state(answers, "rent")
    assert (found, low) == ("yes", high)
    assert low.quantize(Decimal("0.01")) == Decimal("566.67")


def test_a_child_is_taken_to_have_no_income_and_nobody_is_asked() -> None:
    assessment = assess(Answers(children=1))
    assert assessment.assumed[("pay", 1)] == 0
    assert ("pay", 1) not in {(fact.name, member) for fact, member in assessment.open}
    assert assessment.assumed[("pays_by_bank", 0)] is True, "it has no question"


def test_only_what_pays_is_asked_for_unless_duties_are_wanted() -> None:
    known = {
        "household.0.rent": "0",
        "household.0.region": "south",
    }
    assert assess(Answers(facts=known)).open == ()
    asked = assess(Answers(facts=known, duties=True)).open
    assert [fact.name for fact, _ in asked] == ["pay"]


def test_i_do_not_know_is_not_asked_again_and_leaves_the_answer_open() -> None:
    answers = Answers(facts={"household.0.rent": UNKNOWN})
    assessment = assess(answers)
    assert "rent" not in {fact.name for fact, _ in assessment.open}
    award = next(each for each in assessment.awards if each.programme.name == "rent")
    assert award.state == "up_to"
    assert ("rent", 0) in award.depends


def test_where_the_law_lacks_a_rate_on_the_day_nothing_is_guessed() -> None:
    family = Answers(children=1, facts={"person.1.date_of_birth": "2015-05-01"})
    before = entitlements.assess(LAW, family, date(2020, 6, 1))
    award = next(each for each in before.awards if each.programme.name == "childrens_money")
    assert award.lacks_law and award.state == "open"
    assert not award.depends, "no answer of the family settles it"
    assert not next(each for each in assess(family).awards).lacks_law


def test_every_state_names_what_it_depends_on_or_is_exact() -> None:
    for award in assess(Answers(couple=True, children=2)).awards:
        assert award.exact == (not award.depends)


def test_answers_survive_the_way_through_json_and_others_are_refused() -> None:
    answers = Answers(True, 2, {"person.0.pay": "10/week"}, duties=True)
    assert Answers.from_data(answers.to_data()) == answers
    known = replace(answers, registered={"person.0.pay": Registered("9/week", "tax", "2026-06-01")})
    assert Answers.from_data(json.loads(json.dumps(known.to_data()))) == known
    broken: Any
    for broken in (
        None,
        [],
        {},
        {"couple": True, "children": "many", "facts": {}},
        {"couple": True, "children": 200, "facts": {}},
        {"couple": True, "children": -1, "facts": {}},
        {"couple": True, "children": 1, "facts": {"pay": "1"}},
        {"couple": True, "children": 1, "facts": {"company.0.pay": "1"}},
        {"couple": True, "children": 1, "facts": []},
        {"couple": True, "children": 1, "facts": {}, "registered": {"person.0.pay": ["9"]}},
        {"couple": True, "children": 1, "facts": {}, "registered": {"pay": ["9", "tax", ""]}},
    ):
        assert Answers.from_data(broken) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("person.0.pay", "-1"),
        ("person.0.pay", "NaN"),
        ("person.0.pay", "much"),
        ("person.0.pay", "1/fortnight"),
        ("person.0.date_of_birth", "2026-02-30"),
        ("household.0.region", "west"),
        ("person.7.pay", "1"),
        ("person.0.no_such_fact", "1"),
        ("household.0.rent", "999999/week"),
        ("family.0.pay", "1"),
    ],
)
def test_an_answer_that_the_law_cannot_use_is_as_if_it_was_not_given(key: str, value: str) -> None:
    given_ = assess(Answers(facts={key: value}))
    without = assess(Answers())
    assert [(each.low, each.high) for each in given_.awards] == [
        (each.low, each.high) for each in without.awards
    ]


def test_a_partner_who_leaves_takes_their_answers_and_the_children_keep_theirs() -> None:
    couple = Answers(
        True,
        2,
        {
            "person.0.pay": "1",
            "person.1.pay": "2",
            "person.2.date_of_birth": "2020-01-01",
            "person.3.date_of_birth": "2021-01-01",
            "family.0.x": "yes",
        },
    )
    alone = couple.with_family(couple=False, children=2)
    assert alone.facts == {
        "person.0.pay": "1",
        "person.1.date_of_birth": "2020-01-01",
        "person.2.date_of_birth": "2021-01-01",
        "family.0.x": "yes",
    }
    assert alone.with_family(couple=True, children=1).facts == {
        "person.0.pay": "1",
        "person.2.date_of_birth": "2020-01-01",
        "family.0.x": "yes",
    }


# --- pages


def names(asked: Iterable[tuple[Fact, int]]) -> list[tuple[str, int]]:
    return [(fact.name, member) for fact, member in asked]


def test_rare_incomes_are_ticked_together_and_then_amounts_are_asked() -> None:
    assessment = assess(Answers())
    ticks = questionnaire.page(assessment, "money")
    assert ticks is not None and not ticks.questions
    assert names(ticks.boxes["you"]) == [("pay", 0), ("pension", 0)]
    ticked = assess(
        Answers(
            facts={
                "person.0.date_of_birth": "1990-01-01",
                "household.0.region": "south",
                "household.0.rent": "200",
                "person.0.pay": SOME,
                "person.0.pension": "0",
            }
        )
    )
    assert questionnaire.next_page(ticked) == "details"
    details = questionnaire.page(ticked, "details")
    assert details is not None and details.details
    assert names(details.questions) == [("pay", 0)] and not details.boxes


def test_both_partners_have_their_boxes_on_one_page() -> None:
    assessment = assess(Answers(couple=True))
    ticks = questionnaire.page(assessment, "money")
    assert ticks is not None
    assert list(ticks.boxes) == ["you", "partner"]


def test_what_rarely_matters_is_taken_as_usual_unless_somebody_says_it() -> None:
    assessment = assess(Answers(couple=True, children=1))
    assert assessment.assumed[("pays_late", 0)] is False
    assert ("pays_late", 2) not in names(questionnaire.pages(assessment)["unusual"].asked)
    assert "unusual" not in questionnaire.open_pages(assessment)
    assert "pays_late" not in {fact.name for fact, _ in assessment.open}
    said = assess(Answers(facts={"person.0.pays_late": "yes", "person.0.pay": "20000"}))
    assert "unusual" in questionnaire.answered_pages(said)
    assert state(said.answers, "tax") == ("yes", 1100, 1100)
    assert state(Answers(facts={"person.0.pay": "20000"}), "tax") == ("yes", 1000, 1000)


def test_what_rarely_matters_needs_a_question_and_a_usual_value() -> None:
    words = {"en": "x"}
    with pytest.raises(LawError, match="rarely matters"):
        Book("b").fact("x", PERSON, YES_NO, title=words, ask=words, rarely=True)
    with pytest.raises(LawError, match="rarely matters"):
        Book("b").fact("x", PERSON, YES_NO, title=words, usual=False, rarely=True)


def test_a_page_that_nothing_hangs_on_any_more_is_not_there() -> None:
    assert questionnaire.page(assess(Answers()), "children") is None
    assert questionnaire.page(assess(Answers()), "details") is None
    assert questionnaire.page(assess(Answers()), "nothing") is None


def test_an_answered_page_can_be_opened_again() -> None:
    answers = Answers(children=1, facts={"person.1.date_of_birth": "2020-01-01"})
    assert "children" not in questionnaire.open_pages(assess(answers))
    assert "children" in questionnaire.answered_pages(assess(answers))
    assert questionnaire.page(assess(answers), "children") is not None


def test_what_one_answer_settles_is_not_asked() -> None:
    south = assess(Answers(facts={"household.0.region": "south"}))
    assert "about" not in questionnaire.open_pages(south), "no bus pass in the south"
    assert "about" in questionnaire.open_pages(assess(Answers()))


# --- whatever is answered

_VALUES = {
    "date_of_birth": st.dates(date(1930, 1, 1), DAY).map(date.isoformat),
    "pay": st.integers(0, 100_000).map(str),
    "pension": st.integers(0, 2000).map(lambda amount: f"{amount}/week"),
    "rent": st.integers(0, 4000).map(str),
    "region": st.sampled_from(["north", "south"]),
}
_YES_NO = st.sampled_from(["yes", "no"])


@settings(max_examples=60, deadline=None)
@given(st.booleans(), st.integers(0, 4), st.data())
def test_the_questions_end_and_each_answer_only_narrows(
    couple: bool, children: int, data: st.DataObject
) -> None:
    assessment = assess(Answers(couple, children))
    seen: list[str] = []
    while key := questionnaire.next_page(assessment):
        assert seen.count(key) == 0, f"{key} is asked twice"
        seen.append(key)
        page = questionnaire.page(assessment, key)
        assert page is not None and page.asked
        said = {}
        for fact, member in page.asked:
            name = key_of(fact, member)
            if not page.details and questionnaire.is_tick(fact) and fact.unit.is_money:
                said[name] = data.draw(st.sampled_from([SOME, "0"]))
            else:
                known = _VALUES.get(fact.name, _YES_NO)
                said[name] = data.draw(st.one_of(known, st.just(UNKNOWN)))
        after = assess(assessment.answers.with_facts(said))
        for before, now in zip(assessment.awards, after.awards, strict=True):
            assert before.low <= now.low and now.high <= before.high
        assessment = after
    unknown = UNKNOWN in assessment.answers.facts.values()
    for award in assessment.awards:
        if award.programme.gives and not unknown:
            assert award.exact
