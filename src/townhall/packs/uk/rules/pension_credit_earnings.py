"""Pension Credit: earnings, what is taken off them, and how much of them does not count.

State Pension Credit Regulations 2002 regs 17, 17A, 17B, Sch. VI; for the self-employed the Social
Security Benefit (Computation of Earnings) Regulations 1996 (SI 1996/2745) regs 13, 14.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.packs.uk.rules.tax_on_earnings import tax_by_band
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    PERSON,
    WEEK,
    YEAR,
    YES_NO,
    Book,
    any_of,
    at_least,
    at_most,
    rate,
    scale,
    total,
    when,
)

book = Book("pension_credit_earnings")

book.fact(
    "receives_income_related_employment_support_allowance",
    FAMILY,
    YES_NO,
    title=both(
        "Gets income-related Employment and Support Allowance",
        "Yn cael Lwfans Cyflogaeth a Chymorth ar sail incwm",
    ),
    usual=False,
    cost=2,
)
book.fact(
    "has_disability_element_of_working_tax_credit",
    FAMILY,
    YES_NO,
    title=both(
        "Working Tax Credit with the disability element",
        "Credyd Treth Gwaith gyda'r elfen anabledd",
    ),
    usual=False,
    cost=2,
)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Earnings of one person for Pension Credit", "Enillion un person ar gyfer Credyd Pensiwn"
    ),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) regs 17A(2), 17B",
    because=both(
        "Pay, {statutory_pay} of statutory payments, and profits; a loss takes nothing off pay",
        "Cyflog, {statutory_pay} o daliadau statudol, ac elw; nid yw colled yn tynnu dim oddi ar "
        "gyflog",
    ),
    otherwise=both("No earnings", "Dim enillion"),
)
def pension_credit_earnings_of_person(employment_income, statutory_pay, self_employment_income):
    return employment_income + statutory_pay + at_least(self_employment_income, 0)


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Earnings for Pension Credit", "Enillion ar gyfer Credyd Pensiwn"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) regs 14, 17A, 17B",
    because=both("What both adults earn", "Yr hyn y mae'r ddau oedolyn yn ei ennill"),
    otherwise=both("No earnings", "Dim enillion"),
)
def pension_credit_earnings(is_adult_of_family, pension_credit_earnings_of_person):
    return total(pension_credit_earnings_of_person, where=is_adult_of_family).per(WEEK)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Taxable income that is not savings", "Incwm trethadwy nad yw'n gynilion"),
    cite="ITA 2007 s.16",
    because=both("Earnings, pensions, benefits, rent", "Enillion, pensiynau, budd-daliadau, rhent"),
    otherwise=both("None", "Dim"),
)
def income_beside_savings(
    total_income,
    taxable_savings_interest,
    taxable_dividend_income,
):
    return total_income - taxable_savings_interest - taxable_dividend_income


def _caused(  # type: ignore[no-untyped-def]
    income, less, free, scots, limits, stretched
):
    """Tax that the last part of an income causes: with it, less without it."""
    whole = tax_by_band(at_least(income - free, 0), scots, limits, stretched)
    rest = tax_by_band(at_least(income - less - free, 0), scots, limits, stretched)
    return whole - rest


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Income tax that pay from jobs causes", "Treth incwm y mae cyflog o swyddi yn ei hachosi"
    ),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 17A(4)(a)",
    because=both("Tax with the pay, less tax without it", "Treth gyda'r cyflog, llai treth hebddo"),
    otherwise=both("The pay causes no tax", "Nid yw'r cyflog yn achosi treth"),
)
def income_tax_caused_by_pay(
    income_beside_savings,
    taxable_employment_income,
    personal_allowance,
    blind_persons_allowance,
    pension_contributions_deducted,
    is_scottish_taxpayer,
    basic_rate_limit,
    higher_rate_limit,
    limits_rise_by,
):
    free = personal_allowance + blind_persons_allowance + pension_contributions_deducted
    return _caused(
        income_beside_savings,
        taxable_employment_income,
        free,
        is_scottish_taxpayer,
        (basic_rate_limit, higher_rate_limit),
        limits_rise_by,
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income tax that profits cause", "Treth incwm y mae elw yn ei hachosi"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 17(11)",
    because=both("Tax with the profits, less tax without", "Treth gyda'r elw, llai treth hebddo"),
    otherwise=both("The profits cause no tax", "Nid yw'r elw yn achosi treth"),
)
def income_tax_caused_by_profits(
    income_beside_savings,
    taxable_employment_income,
    taxable_self_employment_income,
    personal_allowance,
    blind_persons_allowance,
    pension_contributions_deducted,
    is_scottish_taxpayer,
    basic_rate_limit,
    higher_rate_limit,
    limits_rise_by,
):
    free = personal_allowance + blind_persons_allowance + pension_contributions_deducted
    return _caused(
        income_beside_savings - taxable_employment_income,
        taxable_self_employment_income,
        free,
        is_scottish_taxpayer,
        (basic_rate_limit, higher_rate_limit),
        limits_rise_by,
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Notional tax and contributions on profits", "Treth a chyfraniadau tybiannol ar elw"
    ),
    cite="SI 1996/2745 reg. 14; State Pension Credit Regulations 2002 (SI 2002/1792) reg. 17B(4)",
    because=both(
        "The basic rate on profits above the personal allowance, and National Insurance",
        "Y gyfradd sylfaenol ar elw uwchlaw'r lwfans personol, ac Yswiriant Gwladol",
    ),
    otherwise=both("The profits are below the limits", "Mae'r elw o dan y terfynau"),
)
def notional_deductions_from_profits(
    self_employment_income,
    full_personal_allowance,
    blind_persons_allowance,
    pays_class_4,
    class_2,
):
    free = full_personal_allowance + blind_persons_allowance
    tax = at_least(self_employment_income - free, 0) * rate("income_tax.basic_rate")
    contributions = scale(
        self_employment_income,
        (rate("ni.lower_profits_limit"), rate("ni.class_4_main_rate")),
        (rate("ni.upper_profits_limit"), rate("ni.class_4_additional_rate")),
    )
    return tax + class_2 + when(pays_class_4, contributions, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("National Insurance on pay", "Yswiriant Gwladol ar gyflog"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 17A(4)(a)",
    because=both(
        "Contributions of {national_insurance}, those on profits and voluntary ones left out",
        "Cyfraniadau o {national_insurance}, heb y rhai ar elw a'r rhai gwirfoddol",
    ),
    otherwise=both("No contributions on pay", "Dim cyfraniadau ar gyflog"),
)
def national_insurance_on_pay(national_insurance, class_2, class_3_contributions, class_4):
    return at_least(national_insurance - class_2 - class_3_contributions - class_4, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("What is taken off earnings", "Yr hyn a dynnir oddi ar enillion"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) regs 17A(4), (4A), 17B(4)",
    because=both(
        "Income tax {income_tax_caused_by_pay} and National Insurance {national_insurance_on_pay} "
        "on pay, {pension_credit.pension_contributions_share} of pension contributions, and "
        "{notional_deductions_from_profits} on profits; at most the earnings",
        "Treth incwm {income_tax_caused_by_pay} ac Yswiriant Gwladol {national_insurance_on_pay} "
        "ar gyflog, {pension_credit.pension_contributions_share} o gyfraniadau pensiwn, a "
        "{notional_deductions_from_profits} ar elw; yr enillion ar y mwyaf",
    ),
    otherwise=both("Nothing", "Dim"),
)
def deductions_from_earnings(
    pension_credit_earnings_of_person,
    income_tax_caused_by_pay,
    national_insurance_on_pay,
    notional_deductions_from_profits,
    employee_pension_contributions,
    personal_pension_contributions,
):
    paid = employee_pension_contributions + personal_pension_contributions
    half = paid * rate("pension_credit.pension_contributions_share")
    off = (
        income_tax_caused_by_pay
        + national_insurance_on_pay
        + notional_deductions_from_profits
        + half
    )
    return at_most(off, pension_credit_earnings_of_person)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("More of the earnings does not count", "Nid yw mwy o'r enillion yn cyfrif"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) Sch. VI paras. 1 to 4",
    because=both(
        "A lone parent, a carer, or somebody who is disabled or blind",
        "Rhiant unigol, gofalwr, neu rywun sy'n anabl neu'n ddall",
    ),
    otherwise=both(
        "No lone parent, no carer, nobody disabled or blind",
        "Nid rhiant unigol, dim gofalwr, neb yn anabl nac yn ddall",
    ),
)
def has_higher_earnings_disregard(
    is_adult_of_family,
    has_partner,
    is_dependent_child,
    is_entitled_to_carer_benefit,
    receives_care_benefit,
    receives_dla_or_pip,
    is_severely_sight_impaired,
    incapacity_benefit,
    severe_disablement_allowance,
    contribution_based_employment_support_allowance,
    receives_income_related_employment_support_allowance,
    has_disability_element_of_working_tax_credit,
    working_tax_credit,
):
    lone_parent = ~any_of(has_partner) & any_of(is_dependent_child)
    benefit = (
        receives_care_benefit
        | receives_dla_or_pip
        | (incapacity_benefit > 0)
        | (severe_disablement_allowance > 0)
        | (contribution_based_employment_support_allowance > 0)
    )
    personal = is_entitled_to_carer_benefit | benefit | is_severely_sight_impaired
    credit = has_disability_element_of_working_tax_credit & (working_tax_credit > 0)
    return (
        lone_parent
        | any_of(is_adult_of_family & personal)
        | receives_income_related_employment_support_allowance
        | credit
    )


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Earnings that do not count", "Enillion nad ydynt yn cyfrif"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 17(9), Sch. VI",
    because=both(
        "{pension_credit.earnings_disregard.higher} for carers, lone parents and disabled people, "
        "else 5 for a single person and 10 for a couple; at most the net earnings",
        "{pension_credit.earnings_disregard.higher} i ofalwyr, rhieni unigol a phobl anabl, fel "
        "arall 5 i berson sengl a 10 i gwpl; yr enillion net ar y mwyaf",
    ),
    otherwise=both("No net earnings", "Dim enillion net"),
)
def pension_credit_earnings_disregard(
    is_adult_of_family,
    pension_credit_earnings,
    deductions_from_earnings,
    has_higher_earnings_disregard,
    single_or_couple,
):
    most = when(
        has_higher_earnings_disregard,
        rate("pension_credit.earnings_disregard.higher"),
        rate("pension_credit.earnings_disregard", by=single_or_couple),
    )
    off = total(deductions_from_earnings, where=is_adult_of_family).per(WEEK)
    return at_most(most, at_least(pension_credit_earnings - off, 0))
