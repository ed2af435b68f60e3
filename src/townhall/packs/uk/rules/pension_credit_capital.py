"""Pension Credit: capital and the income that it is deemed to give.

State Pension Credit Act 2002 s.15(2); State Pension Credit Regulations 2002 regs 14, 15(6), 19 to
23, Sch. V. There is no upper limit of capital.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    WEEK,
    Book,
    any_of,
    at_least,
    rate,
    round_up,
    total,
    when,
)

book = Book("pension_credit_capital")


@book.rule(
    FAMILY,
    GBP,
    title=both("Capital for Pension Credit", "Cyfalaf ar gyfer Credyd Pensiwn"),
    cite="State Pension Credit Act 2002 s.5; State Pension Credit Regulations 2002 (SI 2002/1792) "
    "regs 14, 19, Sch. V",
    because=both(
        "Savings, investments and property of both adults, the home and pensions left out",
        "Cynilion, buddsoddiadau ac eiddo'r ddau oedolyn, heb y cartref a phensiynau",
    ),
    otherwise=both(
        "No capital, or nobody has reached the qualifying age",
        "Dim cyfalaf, neu nid oes neb wedi cyrraedd yr oedran cymhwyso",
    ),
)
def pension_credit_capital(
    is_adult_of_family,
    savings,
    lifetime_isa_surrender_value,
    other_property_capital,
    pension_credit_age_reached,
):
    # Property less 10% for costs of sale and less debt: reg. 19, as in Universal Credit.
    whole = savings + lifetime_isa_surrender_value + other_property_capital
    assessed = any_of(is_adult_of_family & pension_credit_age_reached)
    return when(assessed, total(whole, where=is_adult_of_family), 0)


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Income that capital is deemed to give", "Incwm y tybir bod cyfalaf yn ei roi"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 15(6)",
    because=both(
        "{pension_credit.capital.income_per_step} for each {pension_credit.capital.step} or "
        "part of it above {pension_credit.capital.disregard}",
        "{pension_credit.capital.income_per_step} am bob {pension_credit.capital.step} "
        "neu ran ohono uwchlaw {pension_credit.capital.disregard}",
    ),
    otherwise=both(
        "Capital of {pension_credit_capital} does not pass {pension_credit.capital.disregard}",
        "Nid yw cyfalaf o {pension_credit_capital} yn uwch na {pension_credit.capital.disregard}",
    ),
)
def pension_credit_deemed_income(pension_credit_capital):
    above = at_least(pension_credit_capital - rate("pension_credit.capital.disregard"), 0)
    parts = round_up(above / rate("pension_credit.capital.step"), 1)
    return rate("pension_credit.capital.income_per_step") * parts
