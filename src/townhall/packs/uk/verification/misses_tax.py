"""Cases on tax, National Insurance and Child Benefit that do not agree, and the law that decides.

The key is the beginning of a case's name: file and position, or a whole file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from townhall.packs.uk.verification import MissClass

BASE: Final = "policy/baseline/"
TAX: Final = BASE + "gov/hmrc/income_tax/"
NI: Final = BASE + "gov/hmrc/national_insurance/"
CB: Final = BASE + "gov/hmrc/child_benefit/"
PENSIONS: Final = BASE + "gov/hmrc/pensions/"

_NOT_YET: Final = (
    "no Scottish Rate Resolution is made for years from 2027-28 (Scotland Act 1998 s.80C); the "
    "source goes on with projected thresholds"
)
_BASIC_INCOME: Final = "a basic income is no law of the United Kingdom"
_BEHAVIOUR: Final = "pay that answers to a reform is behaviour, not law"
_REFORM: Final = "a reform that the case states in place of the law"
_LANDLORD: Final = (
    "the choice of the property allowance (ITTOIA 2005 s.783BJ) compares the tax on the letting, "
    "not what it does to the charges and benefits of the family"
)
_BACKWARDS: Final = (
    "the source works net income out backwards from an adjusted net income that is given; ITA "
    "2007 s.58 begins at net income"
)
_MAIN_2023: Final = (
    "the additional rate of 2023-24 is 2 % (SSCBA 1992 s.8(2)(b)); 3.25 % ended on 5 November 2022"
)

MISSES: Final[Mapping[str, tuple[MissClass, str]]] = {
    BASE + "finance/tax/income_tax/savings_starter_rate_income.yaml#13": ("out_of_scope", _REFORM),
    BASE + "finance/tax/income_tax/scottish_threshold_freeze.yaml": ("out_of_scope", _NOT_YET),
    TAX + "reliefs/property_finance_cost_relief.yaml#3": ("out_of_scope", _NOT_YET),
    TAX + "adjusted_net_income.yaml#6": ("out_of_scope", _BASIC_INCOME),
    TAX + "adjusted_net_income.yaml#7": ("out_of_scope", _BASIC_INCOME),
    TAX + "reliefs/trade_loss_relief_against_general_income.yaml#13": (
        "out_of_scope",
        _BASIC_INCOME,
    ),
    "policy/reforms/parametric/basic_income/": ("out_of_scope", _BASIC_INCOME),
    "policy/reforms/parametric/winter_fuel": ("out_of_scope", _REFORM),
    TAX + "allowances/is_allowance_eligible.yaml#3": (
        "theirs",
        "a tax reduction is limited to the tax before it (ITA 2007 s.29(2)); the Child Benefit "
        "charge is added afterwards (s.30) and cannot be reduced",
    ),
    TAX + "bases/savings_income/taxable_savings_interest_income.yaml#6": (
        "theirs",
        "interest below zero is no income; our fact refuses it",
    ),
    TAX + "charges/winter_fuel_payment_charge.yaml#22": ("ours", _LANDLORD),
    TAX + "charges/winter_fuel_payment_charge.yaml#30": ("ours", _LANDLORD),
    TAX + "charges/winter_fuel_payment_charge.yaml#32": ("ours", _LANDLORD),
    TAX + "property_income_band_base.yaml#6": (
        "theirs",
        "marriage allowance reduces the recipient's tax (ITA 2007 s.55B(1)) and is not taken off "
        "income",
    ),
    NI + "class_1/ni_class_1_employee.yaml#2": ("theirs", _MAIN_2023),
    NI + "class_1/ni_class_1_employee_additional.yaml#1": ("theirs", _MAIN_2023),
    NI + "class_1/ni_class_1_employer.yaml#27": (
        "convention",
        "52 weekly thresholds of 815 instead of the 42,385 of the year (SI 2001/1004 reg. 10)",
    ),
    NI + "salary_sacrifice_pension_ni_employee.yaml#15": ("out_of_scope", _BEHAVIOUR),
    NI + "salary_sacrifice_pension_ni_employee.yaml#16": ("out_of_scope", _BEHAVIOUR),
    NI + "salary_sacrifice_pension_ni_employer.yaml#13": ("out_of_scope", _BEHAVIOUR),
    NI + "salary_sacrifice_pension_ni_employer.yaml#12": ("out_of_scope", _REFORM),
    PENSIONS + "salary_sacrifice_returned_to_income.yaml": ("out_of_scope", _BEHAVIOUR),
    PENSIONS + "pension_annual_allowance.yaml#24": ("out_of_scope", _BEHAVIOUR),
    PENSIONS + "pension_annual_allowance_trading_losses.yaml": ("out_of_scope", _BEHAVIOUR),
    PENSIONS + "statutory_pay_pension_relief.yaml": ("theirs", _BACKWARDS),
    PENSIONS + "unused_pension_annual_allowance_default.yaml": (
        "out_of_scope",
        "what a survey presumes of earlier years; the law asks for it (Finance Act 2004 s.228A)",
    ),
    CB + "child_benefit.yaml#0": (
        "convention",
        "gives an amount for each of four adults; the benefit is a family's, one sum for the "
        "eldest child and one for each other (SI 2006/965 reg. 2)",
    ),
    CB + "opt_out.yaml#8": ("out_of_scope", "how many opt out at which charge is behaviour"),
    CB + "opt_out.yaml#9": ("out_of_scope", "how many opt out at which charge is behaviour"),
    CB + "opt_out.yaml": (
        "out_of_scope",
        "a charge without a taper is not that of ITEPA 2003 s.681C(2)",
    ),
}
