"""Universal Credit: the award of an assessment period.

Welfare Reform Act 2012 ss.5, 8; Universal Credit Regulations 2013 (SI 2013/376). The parts are in
`universal_credit_claimants` (who), `_elements`, `_children`, `_childcare`, `_housing` (the maximum
amount), `_capital`, `_company`, `_earnings`, `_work`, `_floor`, `_income` (what is deducted) and
`benefit_cap`. A change counts from the first day of the period in which it happens (SI 2013/381
Sch. 1 para. 20): so decide on the last day of an assessment period, with what holds on that day.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    MONTH,
    NUMBER,
    YES_NO,
    Book,
    at_least,
    at_most,
    percent,
    rate,
    round_half_up,
    when,
)

book = Book("universal_credit")

book.fact(
    "advance_repayment",
    FAMILY,
    GBP / MONTH,
    title=both("Repayment of an advance a month", "Ad-daliad blaenswm y mis"),
    usual=0,
    low=0,
    cost=2,
)
book.fact(
    "other_deductions_percent",
    FAMILY,
    NUMBER,
    title=both(
        "Other deductions, as a percentage of the standard allowance",
        "Didyniadau eraill, fel canran o'r lwfans safonol",
    ),
    usual=0,
    low=0,
    high=100,
    cost=3,
)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Maximum amount of Universal Credit", "Uchafswm Credyd Cynhwysol"),
    cite="Welfare Reform Act 2012 s.8(2)",
    because=both(
        "Standard allowance {universal_credit_standard_allowance}, children "
        "{universal_credit_child_element}, disability {universal_credit_disability_amounts}, care "
        "{universal_credit_carer_element}, housing {universal_credit_housing_element}, childcare "
        "{universal_credit_childcare_element}",
        "Lwfans safonol {universal_credit_standard_allowance}, plant "
        "{universal_credit_child_element}, anabledd {universal_credit_disability_amounts}, gofal "
        "{universal_credit_carer_element}, tai {universal_credit_housing_element}, gofal plant "
        "{universal_credit_childcare_element}",
    ),
)
def universal_credit_maximum_amount(
    universal_credit_standard_allowance,
    universal_credit_child_element,
    universal_credit_disability_amounts,
    universal_credit_carer_element,
    universal_credit_housing_element,
    universal_credit_childcare_element,
):
    return (
        universal_credit_standard_allowance
        + universal_credit_child_element
        + universal_credit_disability_amounts
        + universal_credit_carer_element
        + universal_credit_housing_element
        + universal_credit_childcare_element
    )


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Amounts for disability", "Symiau am anabledd"),
    cite="Welfare Reform Act 2012 ss.10(2), 12(2)(a)",
    because=both(
        "{disabled_child_additions} for disabled children and {universal_credit_incapacity_amount} "
        "for limited capability",
        "{disabled_child_additions} am blant anabl a {universal_credit_incapacity_amount} am allu "
        "cyfyngedig",
    ),
    otherwise=both("No disability that counts", "Dim anabledd sy'n cyfrif"),
)
def universal_credit_disability_amounts(
    disabled_child_additions, universal_credit_incapacity_amount
):
    return disabled_child_additions + universal_credit_incapacity_amount


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Can have Universal Credit", "Gall gael Credyd Cynhwysol"),
    cite="Welfare Reform Act 2012 ss.3 to 5",
    because=both(
        "The basic conditions are met and the capital is within the limit",
        "Bodlonir yr amodau sylfaenol ac mae'r cyfalaf o fewn y terfyn",
    ),
    otherwise=both(
        "The basic conditions are not met, or the capital is above the limit",
        "Ni fodlonir yr amodau sylfaenol, neu mae'r cyfalaf uwchlaw'r terfyn",
    ),
)
def can_have_universal_credit(meets_universal_credit_conditions, is_within_capital_limit):
    return meets_universal_credit_conditions & is_within_capital_limit


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both(
        "Universal Credit before the benefit cap and deductions",
        "Credyd Cynhwysol cyn y cap ar fudd-daliadau a didyniadau",
    ),
    cite="Welfare Reform Act 2012 ss.2, 8(1); Social Security Administration Act 1992 s.1",
    because=both(
        "{universal_credit_maximum_amount} less {universal_credit_income_deduction} for income",
        "{universal_credit_maximum_amount} llai {universal_credit_income_deduction} am incwm",
    ),
    otherwise=both(
        "Universal Credit cannot be had or is not claimed, or income takes all of it",
        "Ni ellir cael Credyd Cynhwysol neu ni hawlir ef, neu mae incwm yn ei gymryd i gyd",
    ),
)
def universal_credit_before_cap(
    can_have_universal_credit,
    makes_universal_credit_claim,
    universal_credit_maximum_amount,
    universal_credit_income_deduction,
):
    left = at_least(universal_credit_maximum_amount - universal_credit_income_deduction, 0)
    return when(can_have_universal_credit & makes_universal_credit_claim, left, 0)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Entitled to Universal Credit", "Yn gymwys i gael Credyd Cynhwysol"),
    cite="Welfare Reform Act 2012 ss.3, 5(1)(b), (2)(b)",
    because=both("An amount is left after income", "Mae swm ar ôl wedi incwm"),
    otherwise=both("No amount is left", "Nid oes swm ar ôl"),
)
def is_entitled_to_universal_credit(universal_credit_before_cap):
    return universal_credit_before_cap > 0


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Deductions from the award", "Didyniadau o'r dyfarniad"),
    cite="Social Security, etc. (Claims and Payments) Regulations 2013 (SI 2013/380) Sch. 6 paras. "
    "3, 4; SI 2013/384 reg. 11",
    because=both(
        "Repayments and other deductions, at most {universal_credit.deductions.share} of the "
        "standard allowance unless of last resort; {universal_credit.deductions.least_payable} "
        "stays payable",
        "Ad-daliadau a didyniadau eraill, {universal_credit.deductions.share} o'r lwfans safonol "
        "ar y mwyaf oni bai eu bod yn ddewis olaf; mae {universal_credit.deductions.least_payable} "
        "yn dal i'w dalu",
    ),
    otherwise=both("Nothing is deducted", "Ni ddidynnir dim"),
)
def universal_credit_deductions(
    universal_credit_standard_allowance,
    advance_repayment,
    other_deductions_percent,
    universal_credit_before_cap,
    benefit_cap_reduction,
):
    allowance = universal_credit_standard_allowance
    last_resort = rate("universal_credit.deductions.last_resort")
    asked = percent(other_deductions_percent)
    ordinary = advance_repayment + allowance * at_most(asked, last_resort)
    capped = at_most(ordinary, allowance * rate("universal_credit.deductions.share"))
    beyond = allowance * at_least(asked - last_resort, 0)
    award = at_least(universal_credit_before_cap - benefit_cap_reduction, 0)
    most = at_least(award - rate("universal_credit.deductions.least_payable"), 0)
    return at_most(capped + beyond, most)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Universal Credit a month", "Credyd Cynhwysol y mis"),
    cite="Welfare Reform Act 2012 ss.8, 96",
    because=both(
        "{universal_credit_before_cap} less {benefit_cap_reduction} for the benefit cap and "
        "{universal_credit_deductions} of deductions",
        "{universal_credit_before_cap} llai {benefit_cap_reduction} am y cap ar fudd-daliadau a "
        "{universal_credit_deductions} o ddidyniadau",
    ),
    otherwise=both("No Universal Credit is paid", "Ni thelir Credyd Cynhwysol"),
)
def universal_credit(
    universal_credit_before_cap, benefit_cap_reduction, universal_credit_deductions
):
    off = benefit_cap_reduction + universal_credit_deductions
    return at_least(universal_credit_before_cap - off, 0)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Payment of Universal Credit a month", "Taliad Credyd Cynhwysol y mis"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 6(1)",
    because=both(
        "{universal_credit}, to the nearest penny", "{universal_credit}, i'r geiniog agosaf"
    ),
    otherwise=both("No Universal Credit is paid", "Ni thelir Credyd Cynhwysol"),
)
def universal_credit_payment(universal_credit):
    return round_half_up(universal_credit, "0.01")


book.programme(
    "universal_credit",
    goal="universal_credit_payment",
    title=both("Universal Credit", "Credyd Cynhwysol"),
    service="universal-credit",
    about=both(
        "Help with living costs, rent and childcare for people of working age",
        "Cymorth gyda chostau byw, rhent a gofal plant i bobl o oedran gweithio",
    ),
)
