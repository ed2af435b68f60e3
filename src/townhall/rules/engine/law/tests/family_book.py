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
    add_months,
    add_years,
    any_of,
    applies,
    at_least,
    at_most,
    choice,
    choose,
    clip,
    count,
    floor,
    highest,
    lowest,
    mondays_between,
    partner,
    percent,
    position,
    rate,
    round_down,
    scale,
    steps,
    today,
    total,
    when,
    years_between,
)


def both(en: str, cy: str) -> dict[str, str]:
    """Return the words in English and in Welsh."""
    return {"en": en, "cy": cy}


RATES = {
    "tax_year.start": {
        "unit": "date",
        "cite": "ITA 2007 s.4(2)",
        "yearly": "yes",
        "values": {
            "2024-04-06": "2024-04-06",
            "2025-04-06": "2025-04-06",
            "2026-04-06": "2026-04-06",
        },
    },
    "child_benefit.eldest": {
        "title": "Child Benefit a week for the eldest or only child",
        "unit": "GBP/week",
        "cite": "SI 2006/965 reg. 2(1)(a)",
        "until": "2027-04-06",
        "values": {"2024-04-06": "25.60", "2025-04-06": "26.05", "2026-04-06": "27.05"},
    },
    "child_benefit.other": {
        "title": "Child Benefit a week for each other child",
        "unit": "GBP/week",
        "cite": "SI 2006/965 reg. 2(1)(b)",
        "until": "2027-04-06",
        "values": {"2024-04-06": "16.95", "2025-04-06": "17.25", "2026-04-06": "17.90"},
    },
    "charge.threshold": {
        "unit": "GBP/year",
        "cite": "ITEPA 2003 s.681B(1)",
        "values": {"2013-01-07": 50000, "2024-04-06": 60000},
    },
    "charge.step": {
        "unit": "GBP/year",
        "cite": "ITEPA 2003 s.681C(2)",
        "values": {"2013-01-07": 100, "2024-04-06": 200},
    },
    "tax.allowance": {"unit": "GBP/year", "cite": "ITA 2007 s.35", "values": {"2021-04-06": 12570}},
    "tax.taper_from": {
        "unit": "GBP/year",
        "cite": "ITA 2007 s.35(2)",
        "values": {"2010-04-06": 100000},
    },
    "tax.basic": {"unit": "%", "cite": "ITA 2007 s.6", "values": {"2008-04-06": 20}},
    "tax.higher": {"unit": "%", "cite": "ITA 2007 s.6", "values": {"2008-04-06": 40}},
    "tax.additional": {"unit": "%", "cite": "ITA 2007 s.6", "values": {"2013-04-06": 45}},
    "tax.higher_from": {
        "unit": "GBP/year",
        "cite": "ITA 2007 s.10",
        "values": {"2021-04-06": 37700},
    },
    "tax.additional_from": {
        "unit": "GBP/year",
        "cite": "ITA 2007 s.10",
        "values": {"2023-04-06": 125140},
    },
    "heating.sum": {
        "title": "Heating grant",
        "unit": "GBP/year",
        "cite": "Heating Act s.2",
        "values": {
            "2020-04-06": {"england": 200, "scotland": 250, "wales": 300},
            "2026-01-01": {"england": 210, "scotland": 250, "wales": 310},
        },
    },
    "heating.limit": {
        "unit": "GBP/year",
        "cite": "Heating Act s.3",
        "values": {"2020-04-06": 35000},
    },
}

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


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Personal allowance", "Lwfans personol"),
    cite="ITA 2007 s.35",
    because=both(
        "{tax.allowance} less half of the income above {tax.taper_from}",
        "{tax.allowance} llai hanner yr incwm uwchlaw {tax.taper_from}",
    ),
    otherwise=both("All of it is tapered away", "Mae'r cyfan wedi'i dapro i ffwrdd"),
)
def personal_allowance(income):
    above = at_least(income - rate("tax.taper_from"), 0)
    return at_least(rate("tax.allowance") - above / 2, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income tax", "Treth incwm"),
    cite="ITA 2007 s.23",
    because=both(
        "{tax.basic}, {tax.higher} and {tax.additional} on the slices of {income} above "
        "{personal_allowance}",
        "{tax.basic}, {tax.higher} a {tax.additional} ar ddarnau {income} uwchlaw "
        "{personal_allowance}",
    ),
    otherwise=both("{income} is within the allowance", "Mae {income} o fewn y lwfans"),
)
def income_tax(income, personal_allowance):
    return scale(
        at_least(income - personal_allowance, 0),
        (0, rate("tax.basic")),
        (rate("tax.higher_from"), rate("tax.higher")),
        (rate("tax.additional_from"), rate("tax.additional")),
    )


@book.rule(
    PERSON,
    DATE,
    title=both("Pension date", "Dyddiad pensiwn"),
    cite="Pensions Act 1995 Sch. 4",
    because=both("Born on {date_of_birth}", "Ganwyd ar {date_of_birth}"),
)
def pension_date(date_of_birth, sex):
    months = steps(date_of_birth, {"1960-04-06": 1, "1960-05-06": 2, "1961-03-06": 12}, 0)
    women = choose(
        (date_of_birth < "1950-04-06", add_years(date_of_birth, 60)),
        otherwise=add_years(date_of_birth, 65),
    )
    late = add_months(add_years(date_of_birth, 66), months)
    return when(
        date_of_birth >= "1954-10-06",
        late,
        when(sex == "female", women, add_years(date_of_birth, 65)),
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both("Has reached pension age", "Wedi cyrraedd oedran pensiwn"),
    cite="Pensions Act 1995 s.126",
    because=both("Reached on {pension_date}", "Cyrhaeddwyd ar {pension_date}"),
    otherwise=both("Not before {pension_date}", "Nid cyn {pension_date}"),
)
def is_pensioner(pension_date):
    return pension_date <= today()


@book.rule(
    FAMILY,
    GBP / YEAR,
    title=both("Heating grant", "Grant gwresogi"),
    cite="Heating Act s.2",
    because=both(
        "{heating.sum} for a family with a pensioner", "{heating.sum} i deulu â phensiynwr"
    ),
    otherwise=both("No pensioner", "Dim pensiynwr"),
)
def heating_grant(is_pensioner, nation):
    return when(any_of(is_pensioner), rate("heating.sum", by=nation), 0)


@book.rule(
    FAMILY,
    GBP / YEAR,
    title=both("Heating grant", "Grant gwresogi"),
    cite="Heating Act s.3",
    because=both(
        "{heating.sum} for a pensioner of small income", "{heating.sum} i bensiynwr ar incwm bach"
    ),
    otherwise=both("No pensioner of small income", "Dim pensiynwr ar incwm bach"),
    from_="2025-09-01",
)
def heating_grant(is_pensioner, income, nation):  # noqa: F811
    poor = highest(income) <= rate("heating.limit")
    return when(any_of(is_pensioner) & poor, rate("heating.sum", by=nation), 0)


@book.rule(
    HOUSEHOLD,
    GBP / YEAR,
    title=both("Income of the household", "Incwm yr aelwyd"),
    cite="Household Act s.1",
    because=both("All incomes together", "Pob incwm gyda'i gilydd"),
    otherwise=both("No income", "Dim incwm"),
)
def household_income(income):
    return total(income)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Bill for the home", "Bil y cartref"),
    cite="Household Act s.2",
    because=both("A share of 1,200", "Cyfran o 1,200"),
)
def bill(income, household_income):
    # Nobody earns: nobody's part is worked out, and nothing is divided by zero.
    part = (income / household_income).as_unit(GBP / YEAR) * 1200
    return when(household_income == 0, 0, part)


@book.rule(
    FAMILY,
    GBP / YEAR,
    title=both("Income for each child", "Incwm am bob plentyn"),
    cite="Household Act s.3",
    because=both("Shared among {children}", "Rhennir rhwng {children}"),
)
def income_for_each_child(income, children):
    return total(income) / children


@book.rule(
    FAMILY,
    DATE,
    title=both("First birth of a child", "Geni'r plentyn cyntaf"),
    cite="Household Act s.4",
    because=both("Born on {value}", "Ganwyd ar {value}"),
)
def first_birth(date_of_birth, is_child):
    return lowest(date_of_birth, where=is_child)


@book.rule(
    FAMILY,
    GBP,
    title=both("Highest gift to a child", "Y rhodd uchaf i blentyn"),
    cite="Household Act s.5",
    because=both("The highest of all", "Yr uchaf oll"),
)
def highest_gift(gift, is_child):
    return highest(gift, where=is_child)


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Income from savings", "Incwm o gynilion"),
    cite="SI 2002/1792 reg. 15",
    because=both("1 for each 500 above 10,000", "1 am bob 500 uwchlaw 10,000"),
    otherwise=both("Savings of {savings} are small", "Mae cynilion o {savings} yn fach"),
)
def savings_income(savings):
    full = at_most(at_least(savings - 10000, 0) / 500, 10**9)
    return full.as_unit(GBP / WEEK)


@book.rule(
    COMPANY,
    GBP / YEAR,
    title=both("Corporation tax", "Treth gorfforaeth"),
    cite="CTA 2010 s.3",
    because=both("19% to 50,000 and 26.5% above", "19% hyd at 50,000 a 26.5% uwchlaw"),
    otherwise=both("No profit", "Dim elw"),
)
def corporation_tax(profit):
    return round_down(scale(profit, (0, 19), (50000, "26.5"), (250000, 25)), "0.01")


book.programme(
    "child_benefit",
    goal="child_benefit",
    title=both("Child Benefit", "Budd-dal Plant"),
    service="child-benefit",
)
book.programme("heating", goal="heating_grant", title=both("Heating grant", "Grant gwresogi"))

COVERS = (date(2024, 4, 6), date(2027, 4, 6))
LAW = Lawbook([book], Parameters.from_mapping(RATES), COVERS)
