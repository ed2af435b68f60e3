"""The second book of the family law: tax, pension dates, the household, a company."""

from __future__ import annotations

from townhall.rules.engine.law import (
    COMPANY,
    DATE,
    FAMILY,
    GBP,
    HOUSEHOLD,
    PERSON,
    WEEK,
    YEAR,
    YES_NO,
    Book,
    add_months,
    add_years,
    any_of,
    at_least,
    at_most,
    choose,
    highest,
    lowest,
    rate,
    round_down,
    scale,
    steps,
    today,
    total,
    when,
)

from .family_rates import both

book = Book("others")


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


book.programme("heating", goal="heating_grant", title=both("Heating grant", "Grant gwresogi"))
