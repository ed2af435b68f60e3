"""What can I get? with the law of the country: how many pages families answer, and what is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from townhall.catalogue.engine.compiler.once_only import once_only
from townhall.catalogue.engine.pack import load_pack
from townhall.packs.uk.rules import UK
from townhall.rules import entitlements, questionnaire
from townhall.rules.answers import UNKNOWN, Answers, key_of, usual, write
from townhall.rules.engine.law.book import Fact
from townhall.rules.entitlements import Assessment
from townhall.rules.questionnaire import Page

DAY = date(2026, 11, 26)
MOST_PAGES = 10
RENTING = {
    "person.0.date_of_birth": "1990-05-05",
    "person.1.date_of_birth": "1991-06-06",
    "person.2.date_of_birth": "2018-01-01",
    "person.3.date_of_birth": "2021-02-02",
    "person.0.employment_income": "1500/month",
    "person.1.employment_income": "900/month",
    "person.0.savings": "4000",
    "person.1.savings": "1000",
    "person.1.childcare_charges": "300/month",
    "household.0.region": "south_west",
    "household.0.tenure": "private_rent",
    "family.0.rent": "900/month",
    "family.0.local_housing_allowance": "850/month",
    "family.0.is_married": "yes",
}
"""A couple with two children, both in work, with childcare, savings and a private
landlord."""


def said_of(fact: Fact, member: int, facts: dict[str, str]) -> str:
    """Return what somebody says of a fact: their own, else the usual, else that nobody knows."""
    own = facts.get(key_of(fact, member))
    if own is not None or fact.usual is None:
        return own or UNKNOWN
    return write(fact, usual(fact)) or UNKNOWN


def answered(page: Page, answers: Answers, facts: dict[str, str]) -> Answers:
    """Return the answers with those to a page."""
    said = {key_of(*each): said_of(*each, facts) for each in page.questions}
    for boxes in page.boxes.values():
        for fact, member in boxes:
            text = said_of(fact, member, facts)
            there = questionnaire.is_ticked(fact, text) and text.partition("/")[0] != "0"
            box = questionnaire.something if there else questionnaire.nothing
            said[key_of(fact, member)] = box(fact)
    return answers.with_facts(questionnaire.keeping_amounts(said, answers.facts))


def asked_of(answers: Answers, facts: dict[str, str]) -> tuple[list[str], Assessment]:
    """Return the pages that a family answers, and what it is told at the end."""
    pages, after = [questionnaire.FAMILY_PAGE], ""
    while True:
        assessment = entitlements.assess(UK, answers, DAY)
        after = questionnaire.next_page(assessment, after)
        if not after:
            return pages, assessment
        pages.append(after)
        page = questionnaire.page(assessment, after)
        assert page is not None
        answers = answered(page, answers, facts)


def amount(assessment: Assessment, programme: str) -> Decimal:
    award = next(each for each in assessment.awards if each.programme.name == programme)
    assert award.exact
    return Decimal(award.low)


def test_a_family_on_universal_credit_answers_ten_pages() -> None:
    pages, told = asked_of(Answers(couple=True, children=2), RENTING)
    assert pages == [
        "household",
        "you",
        "children",
        "home",
        "local_housing_allowance",
        "money",
        "money-part-2",
        "details",
        "about",
        "about-children",
    ]
    assert amount(told, "universal_credit") == Decimal("1352.84")
    assert amount(told, "child_benefit") == Decimal("2382.35")


@pytest.mark.parametrize(
    ("answers", "facts"),
    [
        (Answers(), {"person.0.date_of_birth": "1985-01-01"}),
        (Answers(), {"person.0.date_of_birth": "1948-01-01", "person.0.state_pension": "180/week"}),
        (
            Answers(couple=True),
            {"person.0.date_of_birth": "1947-01-01", "person.1.date_of_birth": "1949-01-01"},
        ),
        (
            Answers(children=1),
            {
                "person.0.date_of_birth": "1995-01-01",
                "person.1.date_of_birth": "2024-01-01",
                "household.0.tenure": "social_rent",
                "family.0.rent": "400/month",
            },
        ),
        (
            Answers(couple=True, children=3),
            {
                **{f"person.{each}.date_of_birth": "2016-01-01" for each in (2, 3, 4)},
                "person.0.date_of_birth": "1980-01-01",
                "person.1.date_of_birth": "1982-01-01",
                "person.0.employment_income": "65000/year",
                "household.0.tenure": "mortgaged",
            },
        ),
    ],
    ids=["alone", "pensioner", "two pensioners", "lone parent", "well paid"],
)
def test_nobody_answers_more_pages(answers: Answers, facts: dict[str, str]) -> None:
    pages, told = asked_of(answers, facts)
    assert len(pages) <= MOST_PAGES
    assert len(set(pages)) == len(pages), "nothing is asked twice"
    assert all(each.exact for each in told.awards if each.programme.gives)


def test_what_rarely_matters_can_be_said_and_counts() -> None:
    """Nobody is asked whether the rent is theirs to pay, and whoever says no gets none."""
    _, told = asked_of(Answers(couple=True, children=2), RENTING)
    assert told.assumed[("is_liable_for_rent", 0)] is True
    before = amount(told, "universal_credit")
    denied = told.answers.with_facts({"family.0.is_liable_for_rent": "no"})
    _, after = asked_of(denied, {**RENTING, "family.0.is_liable_for_rent": "no"})
    assert ("is_liable_for_rent", 0) not in after.assumed
    assert amount(after, "universal_credit") <= before


def test_every_fact_that_registers_give_has_a_question_of_its_own() -> None:
    """Else it could be neither shown nor corrected."""
    pack = load_pack(Path(__file__).parents[1])
    found = once_only(pack)
    assert found is not None and found.registers == ("population", "income")
    people = found.definition.people
    assert people is not None
    told = {*people.me, *people.family, *people.household}
    told |= {name for each in people.children for name in each.fields}
    assert told
    for name in told:
        assert UK.facts[name].ask is not None, name
        assert not UK.facts[name].rarely, name
