"""The law of an invented country: small, and with every kind of question."""

from __future__ import annotations

from typing import Any

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    GBP,
    HOUSEHOLD,
    MONTH,
    PERSON,
    WEEK,
    YEAR,
    YES_NO,
    Book,
    Lawbook,
    at_least,
    choice,
    count,
    rate,
    today,
    total,
    when,
    years_between,
)

book = Book("help_for_families")


def _words(text: str) -> dict[str, str]:
    return {"en": text, "cy": f"{text} (cy)"}


def _fact(name: str, entity: Any, unit: Any, question: str = "", **more: Any) -> None:
    ask = _words(question) if question else None
    book.fact(name, entity, unit, title=_words(name.replace("_", " ")), ask=ask, **more)


_fact("date_of_birth", PERSON, DATE, "When were you born?", cost=1)
_fact("pay", PERSON, GBP / YEAR, "What do you earn in a year?", usual=0, low=0, cost=2)
_fact("pension", PERSON, GBP / YEAR, "What pension do you get?", usual=0, low=0, cost=2)
_fact("is_carer", PERSON, YES_NO, "Do you care for somebody?", usual=False, cost=1)
_fact("is_blind", PERSON, YES_NO, "Are you blind?", usual=False, cost=1)
_fact("region", HOUSEHOLD, choice("north", "south"), "Where do you live?", usual="north", cost=1)
_fact("rent", HOUSEHOLD, GBP / WEEK, "What is your rent?", usual=0, low=0, high=5000, cost=2)
_fact("pays_by_bank", PERSON, YES_NO, usual=True)
_fact("pays_late", PERSON, YES_NO, "Do you pay late?", usual=False, rarely=True)


def _rule(entity: Any, unit: Any, title: str, **more: Any) -> Any:
    return book.rule(entity, unit, title=_words(title), cite="Invented Act s.1", **more)


@_rule(PERSON, YES_NO, "Under 16", because=_words("Not 16 yet"), otherwise=_words("16 or more"))
def is_child(date_of_birth, is_adult_of_family):  # type: ignore[no-untyped-def]
    return ~is_adult_of_family & (years_between(date_of_birth, today()) < 16)


@_rule(
    FAMILY,
    GBP / WEEK,
    "Children's money a week",
    because=_words("{child_money.each} for each child"),
    otherwise=_words("There is no child"),
)
def childrens_money(is_child):  # type: ignore[no-untyped-def]
    return count(is_child) * rate("child_money.each")


@_rule(FAMILY, GBP / YEAR, "Income of the family", because=_words("Pay and pensions together"))
def family_income(pay, pension):  # type: ignore[no-untyped-def]
    return total(pay + pension)


@_rule(
    FAMILY,
    GBP / MONTH,
    "Help with rent a month",
    because=_words("The rent less a third of the income"),
    otherwise=_words("The income covers the rent"),
)
def rent_help(rent, family_income):  # type: ignore[no-untyped-def]
    return at_least(rent.per(MONTH, times="4.5") - family_income.per(MONTH) / 3, 0)


@_rule(
    PERSON,
    YES_NO,
    "Bus pass",
    because=_words("You care for somebody, or are blind"),
    otherwise=_words("You neither care for somebody nor are blind"),
)
def bus_pass(is_carer, is_blind, region):  # type: ignore[no-untyped-def]
    return (is_carer | is_blind) & (region == "north")


@_rule(PERSON, GBP / YEAR, "Tax", because=_words("A tenth of the pay above {tax.free}"))
def tax(pay, pays_by_bank, pays_late):  # type: ignore[no-untyped-def]
    above = at_least(pay - rate("tax.free"), 0)
    return when(pays_by_bank, above / 10, above / 5) + when(pays_late, rate("tax.late"), 0)


book.programme("childrens_money", goal="childrens_money", title=_words("Children's money"))
book.programme("rent", goal="rent_help", title=_words("Help with rent"), service="rent-help")
book.programme("bus", goal="bus_pass", title=_words("Bus pass"))
book.programme("tax", goal="tax", title=_words("Tax"), gives=False)

LAW = Lawbook(
    [book],
    Parameters.from_mapping(
        {
            "child_money.each": {
                "unit": "GBP/week",
                "title": "For each child",
                "cite": "Invented Act s.2",
                "values": {"2024-04-06": "20", "2025-04-06": "25"},
            },
            "tax.free": {
                "unit": "GBP/year",
                "title": "Free of tax",
                "cite": "Invented Act s.3",
                "values": {"2024-04-06": "10000"},
            },
            "tax.late": {
                "unit": "GBP/year",
                "title": "For paying late",
                "cite": "Invented Act s.4",
                "values": {"2024-04-06": "100"},
            },
        }
    ),
)
