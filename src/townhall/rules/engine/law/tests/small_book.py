"""A small rule book that uses every word of the language, and random households for it.

Made up for tests: the law of no place. Its thresholds are where exact numbers and
float64 like to differ.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    GBP,
    HOUSEHOLD,
    MONTH,
    NUMBER,
    PERCENT,
    PERSON,
    WEEK,
    YEAR,
    YEARS,
    YES_NO,
    Book,
    Lawbook,
    Situation,
    add_months,
    add_years,
    all_of,
    any_of,
    applies,
    at_least,
    at_most,
    choice,
    choose,
    clip,
    count,
    days_between,
    floor,
    highest,
    lowest,
    mondays_between,
    partner,
    percent,
    position,
    rate,
    round_down,
    round_half_up,
    round_up,
    scale,
    steps,
    today,
    total,
    when,
    years_between,
)

DAY = date(2026, 6, 1)
GOALS = (
    "tax", "charge", "charge_rate", "benefit", "support", "support_ends", "net_of_household",
    "tenure_share", "pension_date", "place_of_child", "mondays", "crowded", "odd_cents",
    "younger",
)  # fmt: skip

book = Book("small")
_W = {"en": "words"}
_TENURE = choice("owned", "rented", "free")


def _rule(entity, unit, **more):
    return book.rule(entity, unit, title=_W, cite="Act s.1", because=_W, **more)


book.fact("born", PERSON, DATE, title=_W, usual="1990-01-01")
book.fact("pay", PERSON, GBP / YEAR, title=_W, usual=0, low=0)
book.fact("relief", PERSON, GBP / YEAR, title=_W, usual=0)
book.fact("studies", PERSON, YES_NO, title=_W, usual=False)
book.fact("share", PERSON, PERCENT, title=_W, usual=0)
book.fact("savings", FAMILY, GBP, title=_W, usual=0)
book.fact("claim_from", FAMILY, DATE, title=_W, usual="2026-01-01")
book.fact("tenure", HOUSEHOLD, _TENURE, title=_W, usual="rented")
book.fact("rent", HOUSEHOLD, GBP / WEEK, title=_W, usual=0)


@_rule(PERSON, YEARS)
def age(born):
    return years_between(born, today())


@_rule(PERSON, GBP / YEAR)
def income(pay, relief, share):
    return pay - relief * rate("relief.factor") - pay * share


@_rule(PERSON, GBP / YEAR)
def allowance(income):
    full = rate("allowance.full")
    return at_least(full - at_least(income - rate("allowance.limit"), 0) / 2, 0)


@_rule(PERSON, GBP / YEAR)
def tax(income, allowance):
    taxable = at_least(income - allowance, 0)
    return round_down(
        scale(
            taxable,
            (0, rate("tax.basic")),
            (rate("tax.higher_from"), rate("tax.higher")),
            (125140, "45"),
        ),
        "0.01",
    )


@_rule(PERSON, YES_NO)
def is_child(is_adult_of_family, age, studies):
    return ~is_adult_of_family & ((age < 16) | (studies & (age < 20)))


@_rule(PERSON, NUMBER)
def place_of_child(born, is_child):
    return position(born, where=is_child)


@_rule(FAMILY, NUMBER)
def children(is_child):
    return count(is_child)


@_rule(FAMILY, GBP / YEAR)
def benefit(children, mondays):
    weekly = rate("benefit.eldest") + rate("benefit.other") * (children - 1)
    return when(children >= 1, weekly * mondays, 0).as_unit(GBP / YEAR)


@_rule(FAMILY, NUMBER)
def mondays(claim_from):
    return mondays_between(claim_from, today())


@_rule(FAMILY, PERCENT)
def charge_rate(income):
    return percent(floor(clip((highest(income) - 60000) / (GBP_200()), 0, 100)))


def GBP_200():
    return rate("charge.step")


@_rule(PERSON, GBP / YEAR)
def charge(benefit, charge_rate, income, is_adult_of_family, has_partner):
    pays = is_adult_of_family & (~has_partner | (income >= partner(income)))
    return when(pays, floor(benefit * charge_rate), 0)


@_rule(FAMILY, GBP / MONTH)
def support(savings, income, children, has_two_adults, tenure, rent):
    basic = choose(
        (has_two_adults & (children >= 2), "700.33"), (has_two_adults, 600), otherwise="400.14"
    )
    tariff = round_up(at_least(savings - 6000, 0), 250) / 250 * "4.35"
    housing = when(tenure == "rented", rent.per(YEAR) / 12, 0).as_unit(GBP / MONTH)
    earned = total(at_least(income, 0)).per(MONTH) * "0.55"
    award = basic.as_unit(GBP / MONTH) + housing - tariff.as_unit(GBP / MONTH) - earned
    return when(savings > 16000, 0, round_half_up(at_least(award, 0), "0.01"))


@book.exception(to="support", priority=1, title=_W, cite="Act s.2", because=_W)
def support_of_students(studies, savings):
    return applies(all_of(studies) & (savings <= "5333.33"), rate("support.student"))


@_rule(FAMILY, YES_NO)
def has_two_adults(has_partner):
    return any_of(has_partner)


@_rule(FAMILY, DATE)
def support_ends(born, is_child, claim_from):
    last = highest(born, where=is_child)
    return when(any_of(is_child), add_years(last, 16), add_months(claim_from, 6))


@_rule(PERSON, DATE)
def pension_date(born):
    table = {"1950-04-06": "2016-05-06", "1960-03-01": "2026-05-06"}
    listed = steps(born, table, otherwise="2010-01-01")
    return when(born < "1966-01-01", listed, add_months(add_years(born, 67), 7))


@_rule(HOUSEHOLD, GBP / YEAR)
def net_of_household(income, tax, charge, benefit, support):
    people = total(income) - total(tax) - total(charge)
    return people + total(benefit) + total(support).per(YEAR)


@_rule(HOUSEHOLD, YES_NO)
def crowded(age, children, rent):
    persons = count(age >= 0)
    return (persons > 4) | ((total(children) > 2) & (rent < 100)) | (lowest(age) > 90)


@_rule(HOUSEHOLD, PERCENT)
def tenure_share(tenure, crowded):
    given = choose((tenure == "owned", "12.5"), (tenure == "free", 50), otherwise=rate("tenure"))
    return when(crowded, given, at_most(given, "33.3"))


@_rule(PERSON, NUMBER)
def odd_cents(born, pay, share):
    banded = steps(pay / 3, {0: 1, 4000: 2, 5000: 3}, otherwise=-1)
    return banded + days_between(born, today()) / 7 + when((share != 0) & (pay == 30000), 1, 0)


@_rule(PERSON, DATE)
def younger(born, has_partner):
    later = partner(born)
    return when(has_partner & (born < later), later, when(later < born, born, later))


RATES: dict[str, Any] = {
    "relief.factor": ("number", "1.25"),
    "allowance.full": ("GBP/year", 12570),
    "allowance.limit": ("GBP/year", 100000),
    "tax.basic": ("%", 20),
    "tax.higher": ("%", 40),
    "tax.higher_from": ("GBP/year", 37700),
    "benefit.eldest": ("GBP/week", "26.05"),
    "benefit.other": ("GBP/week", "17.25"),
    "charge.step": ("GBP/year", 200),
    "support.student": ("GBP/month", "123.45"),
    "tenure": ("%", "8.75"),
}


def lawbook() -> Lawbook:
    """Return the book with its rates."""
    rates = {
        key: {"unit": unit, "cite": "Act s.3", "title": key, "values": {"2020-01-01": str(value)}}
        for key, (unit, value) in RATES.items()
    }
    return Lawbook([book], Parameters.from_mapping(rates))


_EDGES = (
    0, 12570, 16000, 30000, 52900, 55700, 60000, 65800, 71400, 71600, 80000, 100000, 125140, 150270,
)  # fmt: skip
_SAVINGS = ("0", "5333.33", "6000", "6000.01", "6250", "15999.99", "16000", "16000.01")


def money(draw: random.Random) -> Decimal:
    """Return an amount, often a penny from a threshold."""
    if draw.random() < 0.5:
        return max(Decimal(draw.choice(_EDGES)) + Decimal(draw.choice((-1, 0, 0, 1))) / 100, _NONE)
    return Decimal(draw.randrange(0, 20_000_000)) / 100


_NONE = Decimal(0)


def day(draw: random.Random) -> date:
    """Return a birthday, often near a leap day or an anniversary of the day of decision."""
    if draw.random() < 0.3:
        year = draw.randrange(1930, 2026)
        ends = (date(year, 2, 28), date(year, 3, 1), date(year, 6, 1), date(year, 5, 31))
        leap = date(year // 4 * 4, 2, 29)
        return draw.choice((*ends, leap, leap))
    return date(1926, 1, 1) + timedelta(days=draw.randrange(36_600))


def household(draw: random.Random) -> Situation:
    """Return a random household: one to three families of one to five persons, or one of many."""
    persons: list[dict[str, Any]] = []
    families: list[dict[str, Any]] = []
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        adults, children = draw.choice((1, 2)), draw.choice((0, 0, 1, 2, 3))
        if draw.random() < 0.02:
            children = 30
        first = len(persons)
        persons += [person(draw) for _ in range(adults + children)]
        members = list(range(first, len(persons)))
        place = draw.randrange(0, len(members) - adults + 1)
        facts = {"savings": Decimal(draw.choice(_SAVINGS)), "claim_from": day(draw)}
        chosen = members[place : place + adults]
        families.append({"members": members, "adults": chosen, "facts": facts})
    home = {"tenure": draw.choice(("owned", "rented", "free")), "rent": money(draw) / 1000}
    return Situation(persons, families, [{"members": range(len(families)), "facts": home}])


def person(draw: random.Random) -> dict[str, Any]:
    """Return the facts of a random person."""
    return {
        "born": day(draw),
        "pay": money(draw),
        "relief": draw.choice((_NONE, _NONE, money(draw))),
        "studies": draw.random() < 0.3,
        "share": draw.choice((_NONE, Decimal("2.5"), Decimal(7), Decimal("0.1"))),
    }


def households(seed: int, number: int) -> list[Situation]:
    """Return random households."""
    draw = random.Random(seed)
    return [household(draw) for _ in range(number)]


def exact(law: Any, situations: Iterable[Situation], goals: Iterable[str]) -> dict[str, list[Any]]:
    """Return what the exact back end decides, as the law calculates, household after household."""
    found: dict[str, list[Any]] = {goal: [] for goal in goals}
    for situation in situations:
        decision = law.decide(found, situation, day=DAY)
        for goal in found:
            found[goal] += decision.values[goal]
    return found
