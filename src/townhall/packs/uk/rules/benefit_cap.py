"""The benefit cap within Universal Credit.

Welfare Reform Act 2012 ss.96, 97; Universal Credit Regulations 2013 regs 78 to 83; SI 2014/1230
reg. 60C. The yearly limit of the Act is applied to a month as a twelfth.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    MONTH,
    PERSON,
    WEEK,
    YEAR,
    YES_NO,
    Book,
    all_of,
    any_of,
    at_least,
    choice,
    floor,
    rate,
    total,
    when,
)

book = Book("benefit_cap")


def _yes_no(name: str, entity, en: str, cy: str, ask_en: str = "", ask_cy: str = "") -> None:
    ask = {"ask": both(ask_en, ask_cy)} if ask_en else {}
    book.fact(name, entity, YES_NO, title=both(en, cy), usual=False, cost=2, **ask)


_yes_no(
    "receives_war_pension",
    PERSON,
    "Gets a war pension or a guaranteed income payment of the armed forces",
    "Yn cael pensiwn rhyfel neu daliad incwm gwarantedig y lluoedd arfog",
    "Do you get a war pension or an armed forces compensation payment?",
    "A ydych yn cael pensiwn rhyfel neu daliad iawndal y lluoedd arfog?",
)
_yes_no(
    "has_support_component",
    PERSON,
    "Employment and Support Allowance with the support component",
    "Lwfans Cyflogaeth a Chymorth gyda'r elfen gymorth",
    "Does your Employment and Support Allowance include the support component?",
    "A yw eich Lwfans Cyflogaeth a Chymorth yn cynnwys yr elfen gymorth?",
)
_yes_no(
    "is_in_cap_grace_period",
    FAMILY,
    "Within nine months of the end of work that had lasted a year",
    "O fewn naw mis i ddiwedd gwaith a barodd flwyddyn",
    "Did work end within the last nine months that had lasted a year?",
    "A ddaeth gwaith a barodd flwyddyn i ben o fewn y naw mis diwethaf?",
)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Gets a benefit that lifts the cap for adults",
        "Yn cael budd-dal sy'n codi'r cap i oedolion",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 83(1)(b) to (i)",
    because=both(
        "Support component, industrial injuries benefit, war pension, or a benefit for disability "
        "or for a carer",
        "Elfen gymorth, budd-dal anafiadau diwydiannol, pensiwn rhyfel, neu fudd-dal am anabledd "
        "neu i ofalwr",
    ),
    otherwise=both("No such benefit", "Dim budd-dal o'r fath"),
)
def receives_benefit_that_lifts_cap(
    has_support_component,
    industrial_injuries_benefit,
    receives_war_pension,
    armed_forces_compensation,
    war_widows_pension,
    receives_care_benefit,
    receives_dla_or_pip,
    is_entitled_to_carer_benefit,
):
    return (
        has_support_component
        | (industrial_injuries_benefit > 0)
        | receives_war_pension
        | (armed_forces_compensation > 0)
        | (war_widows_pension > 0)
        | receives_care_benefit
        | receives_dla_or_pip
        | is_entitled_to_carer_benefit
    )


@book.rule(
    FAMILY,
    YES_NO,
    title=both(
        "Incapacity, care or disability lifts the cap",
        "Mae analluogrwydd, gofal neu anabledd yn codi'r cap",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 83(1)",
    because=both(
        "The award has the amount for limited capability or the carer element, or somebody who "
        "claims, or a child, gets a benefit that lifts the cap",
        "Mae'r dyfarniad yn cynnwys y swm am allu cyfyngedig neu'r elfen gofalwr, neu mae rhywun "
        "sy'n hawlio, neu blentyn, yn cael budd-dal sy'n codi'r cap",
    ),
    otherwise=both("None of these", "Dim un o'r rhain"),
)
def disability_or_care_lifts_cap(
    universal_credit_incapacity_amount,
    universal_credit_carer_element,
    is_universal_credit_claimant,
    receives_benefit_that_lifts_cap,
    is_child_for_universal_credit,
    receives_dla_or_pip,
    is_entitled_to_carer_benefit,
):
    child = receives_dla_or_pip | is_entitled_to_carer_benefit
    return (
        (universal_credit_incapacity_amount > 0)
        | (universal_credit_carer_element > 0)
        | any_of(is_universal_credit_claimant & receives_benefit_that_lifts_cap)
        | any_of(is_child_for_universal_credit & child)
    )


_THRESHOLD = {
    "title": both(
        "Earned income in a month that lifts the cap", "Incwm a enillir mewn mis sy'n codi'r cap"
    ),
    "cite": "Universal Credit Regulations 2013 (SI 2013/376) regs 6(1A)(za), 82(1)(a)",
}


@book.rule(
    FAMILY,
    GBP / MONTH,
    **_THRESHOLD,
    because=both("{benefit_cap.earnings.fixed}", "{benefit_cap.earnings.fixed}"),
    until="2017-04-01",
)
def earnings_that_lift_cap():
    return rate("benefit_cap.earnings.fixed")


@book.rule(
    FAMILY,
    GBP / MONTH,
    **_THRESHOLD,
    because=both(
        "{benefit_cap.earnings.hours} hours a week at {minimum_wage.living_wage}, in whole pounds",
        "{benefit_cap.earnings.hours} awr yr wythnos ar {minimum_wage.living_wage}, mewn punnoedd "
        "cyfan",
    ),
    from_="2017-04-01",
)
def earnings_that_lift_cap():  # noqa: F811
    weekly = rate("minimum_wage.living_wage").per(WEEK, times=rate("benefit_cap.earnings.hours"))
    return floor(weekly.per(MONTH))


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Earnings lift the cap", "Mae enillion yn codi'r cap"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 82(1)(a), (2)",
    because=both(
        "Together the adults earn {earnings_that_lift_cap} or more after tax, the minimum income "
        "floor left aside",
        "Gyda'i gilydd mae'r oedolion yn ennill {earnings_that_lift_cap} neu fwy ar ôl treth, heb "
        "ystyried yr isafswm incwm",
    ),
    otherwise=both(
        "Together the adults earn less than {earnings_that_lift_cap} after tax",
        "Gyda'i gilydd mae'r oedolion yn ennill llai na {earnings_that_lift_cap} ar ôl treth",
    ),
)
def earnings_lift_cap(is_adult_of_family, earned_income_before_floor, earnings_that_lift_cap):
    return total(earned_income_before_floor, where=is_adult_of_family) >= earnings_that_lift_cap


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Age lifts the cap", "Mae oedran yn codi'r cap"),
    cite="SI 2014/1230 reg. 60C",
    because=both(
        "Everybody who claims has reached the qualifying age for Pension Credit",
        "Mae pawb sy'n hawlio wedi cyrraedd yr oedran cymhwyso ar gyfer Credyd Pensiwn",
    ),
    otherwise=both(
        "Somebody who claims is below the qualifying age for Pension Credit",
        "Mae rhywun sy'n hawlio o dan yr oedran cymhwyso ar gyfer Credyd Pensiwn",
    ),
)
def age_lifts_cap(is_universal_credit_claimant, pension_credit_age_reached):
    somebody = any_of(is_universal_credit_claimant)
    return somebody & all_of(~is_universal_credit_claimant | pension_credit_age_reached)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("The benefit cap does not apply", "Nid yw'r cap ar fudd-daliadau yn berthnasol"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 82, 83; SI 2014/1230 reg. 60C",
    because=both(
        "Disability, care, earnings, age or the grace period after work lifts it",
        "Mae anabledd, gofal, enillion, oedran neu'r cyfnod gras ar ôl gwaith yn ei godi",
    ),
    otherwise=both("Nothing lifts it", "Nid oes dim yn ei godi"),
)
def is_exempt_from_benefit_cap(
    disability_or_care_lifts_cap, earnings_lift_cap, age_lifts_cap, is_in_cap_grace_period
):
    return disability_or_care_lifts_cap | earnings_lift_cap | age_lifts_cap | is_in_cap_grace_period


@book.rule(
    FAMILY,
    YES_NO,
    title=both("The cap of a single person applies", "Mae cap person sengl yn berthnasol"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 80A(2)(c), (d)",
    because=both("One person claims, without children", "Mae un person yn hawlio, heb blant"),
    otherwise=both("A couple claims, or there are children", "Mae cwpl yn hawlio, neu mae plant"),
)
def single_cap_applies(is_joint_claim, is_responsible_for_child):
    return ~is_joint_claim & ~is_responsible_for_child


@book.rule(
    FAMILY,
    choice("london", "elsewhere"),
    options={
        "london": both("London", "Llundain"),
        "elsewhere": both("outside of London", "y tu allan i Lundain"),
    },
    title=both("Where the home is, for the cap", "Ble mae'r cartref, at ddibenion y cap"),
    cite="Welfare Reform Act 2012 s.96(5A); Universal Credit Regulations 2013 (SI 2013/376) reg. "
    "80A(3)",
    because=both("The home is in {region}", "Mae'r cartref yn {region}"),
)
def place_for_cap(region):
    return when(region == "london", "london", "elsewhere")


@book.rule(
    FAMILY,
    GBP / YEAR,
    title=both("Benefit cap a year", "Cap ar fudd-daliadau y flwyddyn"),
    cite="Welfare Reform Act 2012 s.96(5A); Universal Credit Regulations 2013 (SI 2013/376) reg. "
    "80A(2)",
    because=both(
        "The cap for a single person or a family, in London or elsewhere ({place_for_cap})",
        "Y cap i berson sengl neu deulu, yn Llundain neu rywle arall ({place_for_cap})",
    ),
)
def benefit_cap(single_cap_applies, place_for_cap):
    return when(
        single_cap_applies,
        rate("benefit_cap.single", by=place_for_cap),
        rate("benefit_cap.family", by=place_for_cap),
    )


@book.rule(
    FAMILY,
    GBP / YEAR,
    title=both("Benefits that count towards the cap", "Budd-daliadau sy'n cyfrif tuag at y cap"),
    cite="Welfare Reform Act 2012 s.96(10); Universal Credit Regulations 2013 (SI 2013/376) regs "
    "73(2), 80",
    because=both(
        "Universal Credit of {universal_credit_before_cap}, Child Benefit of "
        "{child_benefit_paid} and benefits that stand for earnings",
        "Credyd Cynhwysol o {universal_credit_before_cap}, Budd-dal Plant o "
        "{child_benefit_paid} a budd-daliadau sy'n sefyll dros enillion",
    ),
    otherwise=both("No benefits that count", "Dim budd-daliadau sy'n cyfrif"),
)
def benefits_under_cap(
    is_adult_of_family,
    universal_credit_before_cap,
    child_benefit_paid,
    child_benefit_weeks,
    contribution_based_jobseekers_allowance,
    contribution_based_employment_support_allowance,
    maternity_allowance,
    incapacity_benefit,
    severe_disablement_allowance,
    widowed_parents_allowance,
):
    own = (
        contribution_based_jobseekers_allowance
        + contribution_based_employment_support_allowance
        + maternity_allowance
        + incapacity_benefit
        + severe_disablement_allowance
        + widowed_parents_allowance
    )
    # Weekly benefits count for a month as 52 twelfths, also where a tax year has 53 payments.
    child_benefit = child_benefit_paid / child_benefit_weeks * 52
    family = universal_credit_before_cap.per(YEAR) + child_benefit
    return family + total(own, where=is_adult_of_family)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Reduction for the benefit cap", "Gostyngiad am y cap ar fudd-daliadau"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 79, 81",
    because=both(
        "Benefits of {benefits_under_cap} are above {benefit_cap}; the childcare element of "
        "{universal_credit_childcare_element} is kept",
        "Mae budd-daliadau o {benefits_under_cap} uwchlaw {benefit_cap}; cedwir yr "
        "elfen gofal plant o {universal_credit_childcare_element}",
    ),
    otherwise=both(
        "Benefits of {benefits_under_cap} do not pass the cap, or it does not apply",
        "Nid yw budd-daliadau o {benefits_under_cap} yn uwch na'r cap, neu nid yw'n berthnasol",
    ),
)
def benefit_cap_reduction(
    is_exempt_from_benefit_cap,
    benefits_under_cap,
    benefit_cap,
    universal_credit_childcare_element,
    is_entitled_to_universal_credit,
):
    excess = at_least(benefits_under_cap - benefit_cap, 0).per(MONTH)
    taken = at_least(excess - universal_credit_childcare_element, 0)
    return when(is_entitled_to_universal_credit & ~is_exempt_from_benefit_cap, taken, 0)
