"""An invented law, small enough to be worked out by hand, and populations under it.

Tax is 20 % of pay above 10,000; a family gets 10 a week for each child and 100 a month
towards its rent if it has any; who is 70 is a pensioner.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    GBP,
    HOUSEHOLD,
    MONTH,
    NUMBER,
    PERSON,
    WEEK,
    YEAR,
    YEARS,
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
from townhall.rules.simulation.statistics import Cost, Statistics

DAY = date(2026, 6, 1)
COVERS = (date(2026, 1, 1), date(2027, 1, 1))


def words(name: str) -> dict[str, str]:
    return {"en": name, "cy": name}


def said(name: str) -> dict[str, dict[str, str] | str]:
    return {"title": words(name), "cite": f"Small Act s.{len(name)}", "because": words("so it is")}


book = Book("small")
book.fact("date_of_birth", PERSON, DATE, title=words("birth"), not_after="today")
book.fact(
    "moved_on", PERSON, DATE, title=words("moved"), usual="2000-01-01", not_before="date_of_birth"
)
book.fact("pay", PERSON, GBP / YEAR, title=words("pay"), usual=0, low=0, high=1_000_000)
book.fact("gift", PERSON, GBP / YEAR, title=words("gift"), usual=0)
book.fact("share", PERSON, NUMBER, title=words("share"), usual=1, low=0)
book.fact("rent", FAMILY, GBP / MONTH, title=words("rent"), usual=0, low=0)
book.fact("region", HOUSEHOLD, choice("north", "south"), title=words("region"), usual="north")


@book.rule(PERSON, YEARS, **said("age"))
def age(date_of_birth):
    return years_between(date_of_birth, today())


@book.rule(PERSON, YES_NO, otherwise=words("not yet"), **said("pensioner"))
def pensioner(age):
    return age >= 70


@book.rule(PERSON, GBP / YEAR, **said("tax"))
def tax(pay):
    return at_least(pay - rate("tax.free"), 0) * rate("tax.rate")


@book.rule(FAMILY, GBP / WEEK, **said("child money"))
def child_money(is_adult_of_family):
    return rate("child") * count(~is_adult_of_family)


@book.rule(FAMILY, GBP / MONTH, **said("rent help"))
def rent_help(rent, region):
    return when(rent > 0, rate("help", by=region), 0)


@book.rule(PERSON, GBP / YEAR, **said("own"))
def own(pay, gift, share, tax):
    return pay * share + gift - tax


@book.rule(HOUSEHOLD, GBP / YEAR, **said("net"))
def net(own, child_money, rent_help):
    return total(own) + total(child_money).per(YEAR) + total(rent_help).per(YEAR)


RATES = {
    "tax.free": {"unit": "GBP/year", "values": {"2026-01-01": "10000"}, "title": "Free of tax"},
    "tax.rate": {"unit": "%", "values": {"2026-01-01": "20"}, "title": "Tax"},
    "child": {"unit": "GBP/week", "values": {"2026-01-01": "10"}, "title": "Money for a child"},
    "help": {
        "unit": "GBP/month",
        "values": {"2026-01-01": {"north": "100", "south": "100"}},
        "title": "Help with rent",
    },
    "unused": {"unit": "GBP", "values": {"2026-01-01": "1"}, "title": "Not used"},
}

LAW = Lawbook([book], Parameters.from_mapping(RATES), COVERS)
STATISTICS = Statistics(
    net_income="net",
    costs=(Cost("tax", gives=False), Cost("child_money"), Cost("rent_help")),
    age="age",
    pensioner="pensioner",
)

HEADING = "person_id,family_id,household_id,adult,date_of_birth,pay,rent,weight"
ROWS = (
    # A couple with a child of 6 and one of 15 who rent; both earn.
    "1,a,A,yes,1985-01-01,30000,500,1",
    "2,a,A,yes,1986-01-01,10000,500,1",
    "3,a,A,no,2020-01-01,0,500,1",
    "4,a,A,no,2011-01-01,0,500,1",
    # A pensioner.
    "5,b,B,yes,1950-01-01,12000,0,1",
    # Two people who share a home.
    "6,c,C,yes,1990-01-01,20000,0,2",
    "7,d,C,yes,1991-01-01,60000,0,2",
    # A lone parent without pay who rents.
    "8,e,D,yes,1995-01-01,0,400,1",
    "9,e,D,no,2024-01-01,0,400,1",
)


def written(folder: Path, *rows: str, heading: str = HEADING) -> Path:
    """Return a CSV file with these rows; by default the population above."""
    path = folder / "people.csv"
    path.write_text("\n".join((heading, *(rows or ROWS))) + "\n", encoding="utf-8")
    return path
