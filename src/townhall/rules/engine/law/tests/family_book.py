"""A small law for the tests of the engine: families, their benefit, its charge, and tax.

The amounts of Child Benefit, its charge and income tax are those of the United
Kingdom. The rest is made up, to have one rule of each kind: versions, exceptions,
a place among children, a date, a household, a company, divisions.
"""

from __future__ import annotations

from datetime import date

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    COMPANY,
    DATE,
    FAMILY,
    GBP,
    HOUSEHOLD,
    NUMBER,
    PERCENT,
    PERSON,
    WEEK,
    YEAR,
    YEARS,
    YES_NO,
    Book,
    Lawbook,
    add_years,
    applies,
    at_least,
    choice,
    clip,
    count,
    floor,
    mondays_between,
    partner,
    percent,
    position,
    rate,
    round_down,
    today,
    total,
    when,
    years_between,
)

from . import family_others
from .family_rates import RATES, both

book = Book("family")

book.fact(
    "date_of_birth",
    PERSON,
    DATE,
    title=both("Date of birth", "Dyddiad geni"),
    ask=both("When were you born?", "Pryd cawsoch chi eich geni?"),
    cost=1,
)
book.fact(
    "income",
    PERSON,
    GBP / YEAR,
    title=both("Income of the tax year", "Incwm y flwyddyn dreth"),
    ask=both("What is your income in a year?", "Beth yw eich incwm mewn blwyddyn?"),
    usual=0,
    low=0,
    cost=2,
)
book.fact(
    "in_education",
    PERSON,
    YES_NO,
    title=both("In education", "Mewn addysg"),
    ask=both("Are you in education?", "A ydych mewn addysg?"),
    usual=False,
    cost=1,
)
book.fact(
    "sex",
    PERSON,
    choice("female", "male"),
    title=both("Sex", "Rhyw"),
    usual="male",
)
book.fact("gift", PERSON, GBP, title=both("A gift, or a loss", "Rhodd, neu golled"))
book.fact(
    "share_paid_out",
    PERSON,
    PERCENT,
    title=both("Share paid out", "Cyfran a dalwyd"),
    usual=0,
    low=0,
    high=100,
)
book.fact(
    "lives_abroad",
    FAMILY,
    YES_NO,
    title=both("Lives abroad", "Yn byw dramor"),
    ask=both("Do you live abroad?", "A ydych yn byw dramor?"),
    usual=False,
    cost=1,
)
book.fact(
    "serves_the_crown",
    FAMILY,
    YES_NO,
    title=both("Serves the Crown abroad", "Yn gwasanaethu'r Goron dramor"),
    ask=both("Do you serve the Crown?", "A ydych yn gwasanaethu'r Goron?"),
    usual=False,
    cost=1,
)
book.fact(
    "savings",
    FAMILY,
    GBP,
    title=both("Savings", "Cynilion"),
    ask=both("How much have you saved?", "Faint ydych wedi'i gynilo?"),
    usual=0,
    low=0,
    cost=3,
)
book.fact(
    "nation",
    HOUSEHOLD,
    choice("england", "scotland", "wales"),
    title=both("Nation of the home", "Cenedl y cartref"),
    ask=both("Where do you live?", "Ble rydych chi'n byw?"),
    usual="england",
    cost=1,
)
book.fact(
    "profit",
    COMPANY,
    GBP / YEAR,
    title=both("Profit of the year", "Elw'r flwyddyn"),
    usual=0,
)


@book.rule(
    PERSON,
    YEARS,
    title=both("Age", "Oedran"),
    cite="Family Law Reform Act 1969 s.9",
    because=both("Born on {date_of_birth}", "Ganwyd ar {date_of_birth}"),
)
def age(date_of_birth):
    return years_between(date_of_birth, today())


@book.rule(
    PERSON,
    YES_NO,
    title=both("Child of the family", "Plentyn y teulu"),
    cite="SSCBA 1992 s.142",
    because=both(
        "{age} years old, under 16 or in education", "{age} oed, o dan 16 neu mewn addysg"
    ),
    otherwise=both("An adult", "Oedolyn"),
)
def is_child(is_adult_of_family, age, in_education):
    return ~is_adult_of_family & ((age < 16) | ((age < 20) & in_education))


@book.rule(
    FAMILY,
    NUMBER,
    title=both("Children", "Plant"),
    cite="SSCBA 1992 s.141",
    because=both("{value:child|children} in the family", "{value:plentyn|o blant} yn y teulu"),
    otherwise=both("There is no child", "Nid oes plentyn"),
)
def children(is_child):
    return count(is_child)


@book.rule(
    FAMILY,
    NUMBER,
    title=both("Children after the eldest", "Plant ar ôl yr hynaf"),
    cite="SI 2006/965 reg. 2(1)(b)",
    because=both("{children} less the eldest", "{children} llai'r hynaf"),
)
def other_children(children):
    return at_least(children - 1, 0)


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Child Benefit a week", "Budd-dal Plant yr wythnos"),
    cite="SSCBA 1992 s.145",
    because=both(
        "{child_benefit.eldest} for the eldest, {child_benefit.other} for "
        "{other_children:the other child|each of the # others}",
        "{child_benefit.eldest} am yr hynaf, {child_benefit.other} am "
        "{other_children:y plentyn arall|bob un o'r # arall}",
    ),
    otherwise=both("There is no child", "Nid oes plentyn"),
)
def child_benefit_weekly(children, other_children):
    paid = rate("child_benefit.eldest") + rate("child_benefit.other") * other_children
    return when(children >= 1, paid, 0)


@book.exception(
    to="child_benefit_weekly",
    priority=1,
    title=both("Families abroad", "Teuluoedd dramor"),
    cite="SSCBA 1992 s.146",
    because=both("Nothing is paid to those who live abroad", "Ni thelir dim i'r rhai dramor"),
)
def nothing_abroad(lives_abroad):
    return applies(lives_abroad, 0)


@book.exception(
    to="child_benefit_weekly",
    priority=2,
    title=both("Servants of the Crown", "Gweision y Goron"),
    cite="SI 2006/223 reg. 30",
    because=both(
        "Who serves the Crown abroad is paid for {children:child|children}",
        "Telir y rhai sy'n gwasanaethu'r Goron am {children:plentyn|o blant}",
    ),
)
def paid_to_crown_servants(lives_abroad, serves_the_crown, children):
    return applies(lives_abroad & serves_the_crown, rate("child_benefit.eldest") * children)


@book.rule(
    FAMILY,
    NUMBER,
    title=both("Mondays of the tax year", "Dyddiau Llun y flwyddyn dreth"),
    cite="SSCBA 1992 s.147(1)",
    because=both("{value} Mondays", "{value} dydd Llun"),
)
def weeks():
    start = rate("tax_year.start")
    end = add_years(start, 1)
    return mondays_between(start, end) - mondays_between(end, end)


@book.rule(
    FAMILY,
    GBP / YEAR,
    title=both("Child Benefit for the year", "Budd-dal Plant am y flwyddyn"),
    cite="SSCBA 1992 s.141",
    because=both(
        "{weeks} payments of {child_benefit_weekly}", "{weeks} taliad o {child_benefit_weekly}"
    ),
    otherwise=both("Nothing is paid", "Ni thelir dim"),
)
def child_benefit(child_benefit_weekly, weeks):
    return child_benefit_weekly.per(YEAR, times=weeks)


@book.rule(
    PERSON,
    PERCENT,
    title=both("Percentage of the charge", "Canran y tâl"),
    cite="ITEPA 2003 s.681C(2)",
    because=both(
        "1% for each full {charge.step} above {charge.threshold}, at most 100%",
        "1% am bob {charge.step} llawn uwchlaw {charge.threshold}, 100% ar y mwyaf",
    ),
    otherwise=both(
        "{income} is no full {charge.step} above {charge.threshold}",
        "Nid yw {income} yn {charge.step} llawn uwchlaw {charge.threshold}",
    ),
)
def charge_percentage(income):
    return percent(floor(clip((income - rate("charge.threshold")) / rate("charge.step"), 0, 100)))


@book.rule(
    PERSON,
    YES_NO,
    title=both("Pays the charge", "Yn talu'r tâl"),
    cite="ITEPA 2003 s.681B",
    because=both("The adult with the higher income", "Yr oedolyn â'r incwm uwch"),
    otherwise=both("The other adult pays it", "Yr oedolyn arall sy'n ei dalu"),
)
def pays_charge(is_adult_of_family, has_partner, income, listed_place):
    other = partner(income)
    tie = (income == other) & (listed_place == 1)
    return is_adult_of_family & (~has_partner | (income > other) | tie)


@book.rule(
    PERSON,
    NUMBER,
    title=both("Place among the adults by birth", "Lle ymhlith yr oedolion yn ôl geni"),
    cite="Order of birth",
    because=both("Number {value} by birth", "Rhif {value} yn ôl geni"),
    otherwise=both("No adult", "Nid oedolyn"),
)
def listed_place(date_of_birth, is_adult_of_family):
    return position(date_of_birth, where=is_adult_of_family)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Charge on Child Benefit", "Tâl ar Fudd-dal Plant"),
    cite="ITEPA 2003 ss.681B, 681C",
    because=both(
        "{charge_percentage} of {child_benefit}, in whole pounds",
        "{charge_percentage} o {child_benefit}, mewn punnoedd cyfan",
    ),
    otherwise=both("No charge", "Dim tâl"),
)
def charge(pays_charge, charge_percentage, child_benefit):
    return when(pays_charge, round_down(child_benefit * charge_percentage, 1), 0)


@book.rule(
    FAMILY,
    GBP / YEAR,
    title=both("Child Benefit kept", "Budd-dal Plant a gedwir"),
    cite="ITEPA 2003 s.681B",
    because=both("{child_benefit} less the charge", "{child_benefit} llai'r tâl"),
)
def child_benefit_kept(child_benefit, charge):
    return child_benefit - total(charge)


@book.rule(
    PERSON,
    NUMBER,
    title=both("Place among the children", "Lle ymhlith y plant"),
    cite="SI 2006/965 reg. 2(1)",
    because=both("Child number {value} by birth", "Plentyn rhif {value} yn ôl geni"),
    otherwise=both("No child", "Nid plentyn"),
)
def place(date_of_birth, is_child):
    return position(date_of_birth, where=is_child)


book.programme(
    "child_benefit",
    goal="child_benefit",
    title=both("Child Benefit", "Budd-dal Plant"),
    service="child-benefit",
)
__all__ = ["LAW", "RATES", "both"]

COVERS = (date(2024, 4, 6), date(2027, 4, 6))
LAW = Lawbook([book, family_others.book], Parameters.from_mapping(RATES), COVERS)
