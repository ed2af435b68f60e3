"""The rule set that `benchmarks.rules` measures engines by, in the language of the law.

Tax year 2025-26, much simplified: income tax with the taper of the allowance,
National Insurance, Child Benefit and its charge, Universal Credit. The peer has the
same rules in its own language (`rules_peer`), written from the same description.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    MONTH,
    NUMBER,
    PERSON,
    YEAR,
    YEARS,
    YES_NO,
    Book,
    Lawbook,
    any_of,
    at_least,
    at_most,
    choose,
    clip,
    count,
    floor,
    highest,
    rate,
    round_up,
    scale,
    total,
    when,
)

DAY = date(2025, 6, 1)
GOALS = (
    "income_tax",
    "national_insurance",
    "child_benefit_charge",
    "universal_credit",
    "net_income",
)
RATES: dict[str, tuple[str, str]] = {
    "allowance.full": ("GBP/year", "12570"),
    "allowance.limit": ("GBP/year", "100000"),
    "tax.basic": ("%", "20"),
    "tax.higher": ("%", "40"),
    "tax.additional": ("%", "45"),
    "tax.higher_from": ("GBP/year", "37700"),
    "tax.additional_from": ("GBP/year", "125140"),
    "ni.main": ("%", "8"),
    "ni.upper": ("%", "2"),
    "ni.from": ("GBP/year", "12570"),
    "ni.upper_from": ("GBP/year", "50270"),
    "pension_age": ("years", "66"),
    "benefit.eldest": ("GBP/year", "1354.60"),
    "benefit.other": ("GBP/year", "897"),
    "charge.from": ("GBP/year", "60000"),
    "charge.step": ("GBP/year", "200"),
    "uc.single_young": ("GBP/month", "316.98"),
    "uc.single": ("GBP/month", "400.14"),
    "uc.couple_young": ("GBP/month", "497.55"),
    "uc.couple": ("GBP/month", "628.10"),
    "uc.first_child": ("GBP/month", "339"),
    "uc.other_child": ("GBP/month", "292.81"),
    "uc.child_limit": ("number", "2"),
    "uc.work_allowance_housing": ("GBP/month", "411"),
    "uc.work_allowance": ("GBP/month", "684"),
    "uc.taper": ("%", "55"),
    "uc.capital_lower": ("GBP", "6000"),
    "uc.capital_limit": ("GBP", "16000"),
    "uc.tariff_step": ("GBP", "250"),
    "uc.tariff": ("GBP/month", "4.35"),
}

book = Book("measured")
_WORDS = {"en": "words"}


def _rule(entity: Any, unit: Any) -> Any:
    return book.rule(entity, unit, title=_WORDS, cite="simplified", because=_WORDS)


book.fact("age", PERSON, YEARS, title=_WORDS, low=0)
book.fact("employment_income", PERSON, GBP / YEAR, title=_WORDS, low=0)
book.fact("other_income", PERSON, GBP / YEAR, title=_WORDS, low=0)
book.fact("pension_contributions", PERSON, GBP / YEAR, title=_WORDS, low=0)
book.fact("capital", FAMILY, GBP, title=_WORDS, low=0)
book.fact("rent", FAMILY, GBP / MONTH, title=_WORDS, low=0)


@_rule(PERSON, GBP / YEAR)
def total_income(employment_income, other_income):
    return employment_income + other_income


@_rule(PERSON, GBP / YEAR)
def adjusted_net_income(total_income, pension_contributions):
    return at_least(total_income - pension_contributions, 0)


@_rule(PERSON, GBP / YEAR)
def personal_allowance(adjusted_net_income):
    above = at_least(adjusted_net_income - rate("allowance.limit"), 0)
    return at_least(rate("allowance.full") - above / 2, 0)


@_rule(PERSON, GBP / YEAR)
def taxable_income(adjusted_net_income, personal_allowance):
    return at_least(adjusted_net_income - personal_allowance, 0)


@_rule(PERSON, GBP / YEAR)
def income_tax(taxable_income):
    return scale(
        taxable_income,
        (0, rate("tax.basic")),
        (rate("tax.higher_from"), rate("tax.higher")),
        (rate("tax.additional_from"), rate("tax.additional")),
    )


@_rule(PERSON, YES_NO)
def is_pensioner(age):
    return age >= rate("pension_age")


@_rule(PERSON, GBP / YEAR)
def national_insurance(employment_income, is_pensioner):
    due = scale(
        employment_income,
        (rate("ni.from"), rate("ni.main")),
        (rate("ni.upper_from"), rate("ni.upper")),
    )
    return when(is_pensioner, 0, due)


@_rule(PERSON, YES_NO)
def is_child(age):
    return age < 16


@_rule(PERSON, YES_NO)
def is_adult_over_25(age):
    return age >= 25


@_rule(PERSON, GBP / YEAR)
def net_earnings(employment_income, income_tax, national_insurance, pension_contributions):
    return at_least(employment_income - income_tax - national_insurance - pension_contributions, 0)


@_rule(PERSON, GBP / YEAR)
def net_personal_income(total_income, income_tax, national_insurance):
    return total_income - income_tax - national_insurance


@_rule(FAMILY, NUMBER)
def children(is_child):
    return count(is_child)


@_rule(FAMILY, NUMBER)
def adults(is_child):
    return count(~is_child)


@_rule(FAMILY, YES_NO)
def couple(adults):
    return adults >= 2


@_rule(FAMILY, YES_NO)
def over_25(is_adult_over_25):
    return any_of(is_adult_over_25)


@_rule(FAMILY, YES_NO)
def all_pensioners(is_pensioner, adults):
    return count(is_pensioner) >= adults


@_rule(FAMILY, GBP / YEAR)
def child_benefit(children):
    return when(children >= 1, rate("benefit.eldest") + rate("benefit.other") * (children - 1), 0)


@_rule(FAMILY, GBP / YEAR)
def highest_income(adjusted_net_income):
    return highest(adjusted_net_income)


@_rule(FAMILY, NUMBER)
def charge_percent(highest_income):
    return floor(clip((highest_income - rate("charge.from")) / rate("charge.step"), 0, 100))


@_rule(FAMILY, GBP / YEAR)
def child_benefit_charge(child_benefit, charge_percent):
    return floor(child_benefit * charge_percent / 100)


@_rule(FAMILY, GBP / MONTH)
def uc_standard_allowance(couple, over_25):
    return choose(
        (couple & over_25, rate("uc.couple")),
        (couple, rate("uc.couple_young")),
        (over_25, rate("uc.single")),
        otherwise=rate("uc.single_young"),
    )


@_rule(FAMILY, GBP / MONTH)
def uc_child_element(children):
    counted = at_most(children, rate("uc.child_limit"))
    return when(children >= 1, rate("uc.first_child") + rate("uc.other_child") * (counted - 1), 0)


@_rule(FAMILY, GBP / MONTH)
def uc_maximum(uc_standard_allowance, uc_child_element, rent):
    return uc_standard_allowance + uc_child_element + rent


@_rule(FAMILY, GBP / MONTH)
def uc_work_allowance(children, rent):
    amount = when(rent > 0, rate("uc.work_allowance_housing"), rate("uc.work_allowance"))
    return when(children >= 1, amount, 0)


@_rule(FAMILY, GBP / MONTH)
def uc_earned_income(net_earnings):
    return total(net_earnings).per(MONTH)


@_rule(FAMILY, GBP / MONTH)
def uc_earnings_reduction(uc_earned_income, uc_work_allowance):
    return at_least(uc_earned_income - uc_work_allowance, 0) * rate("uc.taper")


@_rule(FAMILY, GBP / MONTH)
def uc_tariff_income(capital):
    above = at_least(capital - rate("uc.capital_lower"), 0)
    return round_up(above / rate("uc.tariff_step"), 1) * rate("uc.tariff")


@_rule(FAMILY, GBP / MONTH)
def uc_unearned_income(other_income):
    return total(other_income).per(MONTH)


@_rule(FAMILY, YES_NO)
def uc_eligible(capital, all_pensioners):
    return (capital <= rate("uc.capital_limit")) & ~all_pensioners


@_rule(FAMILY, GBP / YEAR)
def universal_credit(
    uc_eligible, uc_maximum, uc_earnings_reduction, uc_tariff_income, uc_unearned_income
):
    award = uc_maximum - uc_earnings_reduction - uc_tariff_income - uc_unearned_income
    return when(uc_eligible, at_least(award, 0), 0).per(YEAR)


@_rule(FAMILY, GBP / YEAR)
def net_income(net_personal_income, child_benefit, child_benefit_charge, universal_credit):
    return total(net_personal_income) + child_benefit - child_benefit_charge + universal_credit


def lawbook(uprated: str = "") -> Lawbook:
    """Return the book with its rates; `uprated` multiplies every amount from the next April."""
    from decimal import Decimal

    rates: dict[str, Any] = {}
    for key, (unit, value) in RATES.items():
        rows = {"2025-04-06": value}
        if uprated and unit.startswith("GBP/"):
            rows["2026-04-06"] = str(round(Decimal(value) * Decimal(uprated), 2))
        rates[key] = {"unit": unit, "cite": "simplified", "title": key, "values": rows}
    return Lawbook([book], Parameters.from_mapping(rates))
