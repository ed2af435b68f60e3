"""Pension Credit: guarantee credit and savings credit of a week.

State Pension Credit Act 2002 ss.1 to 4; State Pension Credit Regulations 2002 (SI 2002/1792). The
parts are in `pension_credit_age`, `_guarantee`, `_earnings`, `_income` and `_capital`.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    PERSON,
    WEEK,
    YES_NO,
    Book,
    any_of,
    at_least,
    clip,
    rate,
    round_up,
    total,
    when,
)

book = Book("pension_credit")

book.fact(
    "claims_pension_credit",
    FAMILY,
    YES_NO,
    title=both("Claims Pension Credit", "Yn hawlio Credyd Pensiwn"),
    ask=both("Do you claim Pension Credit?", "A ydych yn hawlio Credyd Pensiwn?"),
    usual=True,
    cost=1,
)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Can have Pension Credit", "Gall gael Credyd Pensiwn"),
    cite="State Pension Credit Act 2002 ss.1(2), 4",
    because=both("Old enough, and living here for good", "Yn ddigon hen, ac yn byw yma'n barhaol"),
    otherwise=both(
        "Not old enough, not living here for good, or on Universal Credit instead",
        "Ddim yn ddigon hen, neu ddim yn byw yma'n barhaol",
    ),
)
def can_have_pension_credit(
    meets_pension_credit_age_conditions,
    is_adult_of_family,
    is_resident_for_benefits,
    left_pension_credit_for_universal_credit,
):
    resident = any_of(is_adult_of_family & is_resident_for_benefits)
    return (
        meets_pension_credit_age_conditions & resident & ~left_pension_credit_for_universal_credit
    )


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Income is not above the guarantee", "Nid yw'r incwm uwchlaw'r warant"),
    cite="State Pension Credit Act 2002 s.2(1)",
    because=both(
        "Income of {pension_credit_income} does not pass {minimum_guarantee}",
        "Nid yw incwm o {pension_credit_income} yn uwch na {minimum_guarantee}",
    ),
    otherwise=both(
        "Income of {pension_credit_income} passes {minimum_guarantee}",
        "Mae incwm o {pension_credit_income} yn uwch na {minimum_guarantee}",
    ),
)
def is_within_guarantee(pension_credit_income, minimum_guarantee):
    return pension_credit_income <= minimum_guarantee


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Guarantee credit a week", "Credyd gwarant yr wythnos"),
    cite="State Pension Credit Act 2002 s.2(2)",
    because=both(
        "{minimum_guarantee} less income of {pension_credit_income}",
        "{minimum_guarantee} llai incwm o {pension_credit_income}",
    ),
    otherwise=both(
        "Pension Credit cannot be had, or the income reaches the guarantee",
        "Ni ellir cael Credyd Pensiwn, neu mae'r incwm yn cyrraedd y warant",
    ),
)
def guarantee_credit(can_have_pension_credit, minimum_guarantee, pension_credit_income):
    return when(can_have_pension_credit, at_least(minimum_guarantee - pension_credit_income, 0), 0)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Gets guarantee credit", "Yn cael credyd gwarant"),
    cite="State Pension Credit Act 2002 s.2; Social Security Administration Act 1992 s.1",
    because=both("It is {guarantee_credit}", "Mae'n {guarantee_credit}"),
    otherwise=both("There is none, or it is not claimed", "Nid oes dim, neu ni hawlir ef"),
)
def receives_guarantee_credit(guarantee_credit, claims_pension_credit):
    return claims_pension_credit & (guarantee_credit > 0)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Gets savings credit alone", "Yn cael credyd cynilion yn unig"),
    cite="State Pension Credit Act 2002 s.3",
    because=both(
        "Savings credit of {savings_credit} and no guarantee credit",
        "Credyd cynilion o {savings_credit} a dim credyd gwarant",
    ),
    otherwise=both("Guarantee credit is paid, or nothing", "Telir credyd gwarant, neu ddim"),
)
def receives_savings_credit_alone(guarantee_credit, savings_credit, claims_pension_credit):
    return claims_pension_credit & (savings_credit > 0) & (guarantee_credit <= 0)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Old enough for savings credit", "Yn ddigon hen ar gyfer credyd cynilion"),
    cite="State Pension Credit Act 2002 s.3(1)",
    because=both(
        "65 or over, and reached State Pension age on {state_pension_date}, before 6 April 2016",
        "65 neu'n hŷn, ac wedi cyrraedd oedran Pensiwn y Wladwriaeth ar {state_pension_date}, cyn "
        "6 Ebrill 2016",
    ),
    otherwise=both(
        "Under 65, or State Pension age is on {state_pension_date}, after 5 April 2016",
        "O dan 65, neu mae oedran Pensiwn y Wladwriaeth ar {state_pension_date}, ar ôl 5 Ebrill "
        "2016",
    ),
)
def meets_savings_credit_age(age, state_pension_date):
    return (age >= 65) & (state_pension_date < "2016-04-06")


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Qualifying income for savings credit", "Incwm cymwys ar gyfer credyd cynilion"),
    cite="State Pension Credit Act 2002 s.3(6); State Pension Credit Regulations 2002 (SI "
    "2002/1792) reg. 9",
    because=both(
        "Income of {pension_credit_income} less Working Tax Credit, maintenance and benefits that "
        "stand for earnings",
        "Incwm o {pension_credit_income} llai Credyd Treth Gwaith, cynhaliaeth a budd-daliadau "
        "sy'n sefyll dros enillion",
    ),
    otherwise=both("No qualifying income", "Dim incwm cymwys"),
)
def savings_credit_income(
    pension_credit_income,
    is_adult_of_family,
    working_tax_credit,
    contribution_based_jobseekers_allowance,
    contribution_based_employment_support_allowance,
    incapacity_benefit,
    severe_disablement_allowance,
    maternity_allowance,
    maintenance_received,
):
    own = (
        contribution_based_jobseekers_allowance
        + contribution_based_employment_support_allowance
        + incapacity_benefit
        + severe_disablement_allowance
        + maternity_allowance
        + maintenance_received
    )
    off = (total(own, where=is_adult_of_family) + working_tax_credit).per(WEEK)
    return at_least(pension_credit_income - off, 0)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Can have savings credit", "Gall gael credyd cynilion"),
    cite="State Pension Credit Act 2002 s.3(1), (2)",
    because=both(
        "An adult is old enough, and qualifying income of {savings_credit_income} passes the "
        "threshold",
        "Mae oedolyn yn ddigon hen, ac mae incwm cymwys o {savings_credit_income} yn uwch na'r "
        "trothwy",
    ),
    otherwise=both(
        "No adult is old enough, or qualifying income of {savings_credit_income} does not pass the "
        "threshold",
        "Nid oes oedolyn yn ddigon hen, neu nid yw incwm cymwys o {savings_credit_income} yn uwch "
        "na'r trothwy",
    ),
)
def can_have_savings_credit(
    is_adult_of_family, meets_savings_credit_age, savings_credit_income, single_or_couple
):
    old = any_of(is_adult_of_family & meets_savings_credit_age)
    return old & (
        savings_credit_income > rate("pension_credit.savings.threshold", by=single_or_couple)
    )


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Most that savings credit can be", "Yr uchafswm y gall credyd cynilion fod"),
    cite="State Pension Credit Act 2002 s.3(7); State Pension Credit Regulations 2002 (SI "
    "2002/1792) reg. 7(1)(a)",
    because=both(
        "{pension_credit.savings.share} of what the standard guarantee of "
        "{standard_minimum_guarantee} is above the threshold",
        "{pension_credit.savings.share} o'r hyn y mae'r warant safonol o "
        "{standard_minimum_guarantee} uwchlaw'r trothwy",
    ),
)
def most_savings_credit(standard_minimum_guarantee, single_or_couple):
    threshold = rate("pension_credit.savings.threshold", by=single_or_couple)
    return (standard_minimum_guarantee - threshold) * rate("pension_credit.savings.share")


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Savings credit a week", "Credyd cynilion yr wythnos"),
    cite="State Pension Credit Act 2002 s.3(3) to (7); State Pension Credit Regulations 2002 (SI "
    "2002/1792) reg. 7",
    because=both(
        "{pension_credit.savings.share} of qualifying income above the threshold, at most "
        "{most_savings_credit}, less {pension_credit.savings.taper} of income above "
        "{minimum_guarantee}",
        "{pension_credit.savings.share} o incwm cymwys uwchlaw'r trothwy, {most_savings_credit} ar "
        "y mwyaf, llai {pension_credit.savings.taper} o incwm uwchlaw {minimum_guarantee}",
    ),
    otherwise=both(
        "It cannot be had, or the income takes all of it",
        "Ni ellir ei gael, neu mae'r incwm yn ei gymryd i gyd",
    ),
)
def savings_credit(
    can_have_pension_credit,
    can_have_savings_credit,
    savings_credit_income,
    pension_credit_income,
    minimum_guarantee,
    most_savings_credit,
    single_or_couple,
):
    threshold = rate("pension_credit.savings.threshold", by=single_or_couple)
    share = (savings_credit_income - threshold) * rate("pension_credit.savings.share")
    gained = clip(share, 0, most_savings_credit)
    lost = at_least(pension_credit_income - minimum_guarantee, 0) * rate(
        "pension_credit.savings.taper"
    )
    both_hold = can_have_pension_credit & can_have_savings_credit
    return when(both_hold, at_least(gained - lost, 0), 0)


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both(
        "Pension Credit that can be had a week", "Credyd Pensiwn y gellir ei gael yr wythnos"
    ),
    cite="State Pension Credit Act 2002 s.1(3)",
    because=both(
        "Guarantee credit of {guarantee_credit} and savings credit of {savings_credit}",
        "Credyd gwarant o {guarantee_credit} a chredyd cynilion o {savings_credit}",
    ),
    otherwise=both("No Pension Credit", "Dim Credyd Pensiwn"),
)
def pension_credit_entitlement(guarantee_credit, savings_credit):
    return guarantee_credit + savings_credit


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Pension Credit a week", "Credyd Pensiwn yr wythnos"),
    cite="State Pension Credit Act 2002 s.1(1); Social Security Administration Act 1992 s.1",
    because=both(
        "{pension_credit_entitlement} can be had, and is claimed",
        "Gellir cael {pension_credit_entitlement}, ac fe'i hawlir",
    ),
    otherwise=both("There is none, or it is not claimed", "Nid oes dim, neu ni hawlir ef"),
)
def pension_credit(pension_credit_entitlement, claims_pension_credit):
    return when(claims_pension_credit, pension_credit_entitlement, 0)


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Payment of Pension Credit a week", "Taliad Credyd Pensiwn yr wythnos"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 24",
    because=both(
        "{pension_credit}; a fraction of a penny is rounded up",
        "{pension_credit}; talgrynnir ffracsiwn o geiniog i fyny",
    ),
    otherwise=both("No Pension Credit is paid", "Ni thelir Credyd Pensiwn"),
)
def pension_credit_payment(pension_credit):
    return round_up(pension_credit, "0.01")


book.programme(
    "pension_credit",
    goal="pension_credit_payment",
    title=both("Pension Credit", "Credyd Pensiwn"),
    service="pension-credit",
    about=both(
        "More income for people over the qualifying age",
        "Mwy o incwm i bobl dros yr oedran cymhwyso",
    ),
)
