"""Income tax and National Insurance that fall on earnings, for the means tests of benefits.

Means tests take off what is paid *on the earnings*, not the tax on pensions, rent or savings:
Universal Credit Regulations 2013 reg. 55(5), 57(2); State Pension Credit Regulations 2002 reg.
17A(4). Earnings are taken to use the allowances first.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.packs.uk.rules.income_tax_bands import of_the_uk, scottish
from townhall.rules.engine.law import GBP, PERSON, YEAR, Book, Term, at_least, when

book = Book("tax_on_earnings")


def tax_by_band(taxable: Term, scots: Term, limits: tuple[Term, Term], stretched: Term) -> Term:
    """Return income tax on income that is neither savings nor dividends, allowances taken off."""
    return when(scots, scottish(taxable, stretched), of_the_uk(taxable, limits))


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Reductions of tax that come off tax on earnings",
        "Gostyngiadau treth sy'n dod oddi ar dreth ar enillion",
    ),
    cite="ITA 2007 ss.26, 29, 45, 46, 55B; ITTOIA 2005 s.274AA",
    because=both(
        "Marriage Allowance {marriage_allowance_reduction}, Married Couple's Allowance "
        "{married_couples_allowance_reduction}, and what a landlord's reduction of "
        "{finance_cost_reduction} leaves after tax of {property_income_tax} on letting",
        "Lwfans Priodas {marriage_allowance_reduction}, Lwfans Pâr Priod "
        "{married_couples_allowance_reduction}, a'r hyn y mae gostyngiad landlord o "
        "{finance_cost_reduction} yn ei adael ar ôl treth o {property_income_tax} ar osod",
    ),
    otherwise=both("None", "Dim"),
)
def tax_reductions_on_earnings(
    marriage_allowance_reduction,
    married_couples_allowance_reduction,
    finance_cost_reduction,
    property_income_tax,
):
    left = at_least(finance_cost_reduction - property_income_tax, 0)
    return marriage_allowance_reduction + married_couples_allowance_reduction + left


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income tax on pay from jobs", "Treth incwm ar gyflog o swyddi"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 55(5)(b); ITA 2007 ss.10, 23",
    because=both(
        "Tax on the pay alone, after the personal allowance of {personal_allowance}",
        "Treth ar y cyflog yn unig, ar ôl y lwfans personol o {personal_allowance}",
    ),
    otherwise=both("The pay is within the allowances", "Mae'r cyflog o fewn y lwfansau"),
)
def income_tax_on_pay(
    taxable_employment_income,
    pension_contributions_deducted,
    personal_allowance,
    blind_persons_allowance,
    tax_reductions_on_earnings,
    is_scottish_taxpayer,
    basic_rate_limit,
    higher_rate_limit,
    limits_rise_by,
):
    free = pension_contributions_deducted + personal_allowance + blind_persons_allowance
    taxable = at_least(taxable_employment_income - free, 0)
    limits = (basic_rate_limit, higher_rate_limit)
    tax = tax_by_band(taxable, is_scottish_taxpayer, limits, limits_rise_by)
    return at_least(tax - tax_reductions_on_earnings, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income tax on earnings", "Treth incwm ar enillion"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 55(5)(b), 57(2)(b); ITA 2007 ss.10, "
    "23",
    because=both(
        "Tax on pay and profits alone, after the personal allowance of {personal_allowance}",
        "Treth ar gyflog ac elw yn unig, ar ôl y lwfans personol o {personal_allowance}",
    ),
    otherwise=both("Earnings are within the allowances", "Mae'r enillion o fewn y lwfansau"),
)
def income_tax_on_earnings(
    taxable_employment_income,
    taxable_self_employment_income,
    pension_contributions_deducted,
    personal_allowance,
    blind_persons_allowance,
    tax_reductions_on_earnings,
    is_scottish_taxpayer,
    basic_rate_limit,
    higher_rate_limit,
    limits_rise_by,
):
    free = pension_contributions_deducted + personal_allowance + blind_persons_allowance
    earned = taxable_employment_income + taxable_self_employment_income
    taxable = at_least(earned - free, 0)
    limits = (basic_rate_limit, higher_rate_limit)
    tax = tax_by_band(taxable, is_scottish_taxpayer, limits, limits_rise_by)
    return at_least(tax - tax_reductions_on_earnings, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income tax on profits", "Treth incwm ar elw"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 57(2)(b)",
    because=both(
        "What the profits add to the tax on pay",
        "Yr hyn y mae'r elw yn ei ychwanegu at y dreth ar gyflog",
    ),
    otherwise=both("The profits add no tax", "Nid yw'r elw yn ychwanegu treth"),
)
def income_tax_on_profits(
    income_tax_on_earnings, income_tax_on_pay, taxable_self_employment_income
):
    added = at_least(income_tax_on_earnings - income_tax_on_pay, 0)
    return when(taxable_self_employment_income > 0, added, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("National Insurance on profits", "Yswiriant Gwladol ar elw"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 57(2)(a); SSCBA 1992 ss.11, 15",
    because=both("Classes 2 and 4", "Dosbarthiadau 2 a 4"),
    otherwise=both("Nothing is due on profits", "Nid oes dim yn ddyledus ar elw"),
)
def national_insurance_on_profits(class_2, class_4):
    return class_2 + class_4


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("National Insurance on earnings", "Yswiriant Gwladol ar enillion"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 55(5)(b), 57(2)(a); SSCBA 1992 "
    "ss.8, 11, 15",
    because=both(
        "Class 1 on pay, and {national_insurance_on_profits} on profits; nothing voluntary",
        "Dosbarth 1 ar gyflog, a {national_insurance_on_profits} ar elw; dim byd gwirfoddol",
    ),
    otherwise=both("Nothing is due on earnings", "Nid oes dim yn ddyledus ar enillion"),
)
def national_insurance_on_earnings(class_1_employee, national_insurance_on_profits):
    return class_1_employee + national_insurance_on_profits
