"""Universal Credit: the minimum income floor of the self-employed.

Universal Credit Regulations 2013 regs 62 to 64, 90. Somebody in gainful self-employment of whom
all work-related requirements are asked is treated as earning what the expected hours give at the
minimum wage, net of the tax and National Insurance on it.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.packs.uk.rules.tax_on_earnings import tax_by_band
from townhall.rules.engine.law import (
    GBP,
    HOUR,
    MONTH,
    NUMBER,
    PERSON,
    WEEK,
    YEAR,
    YES_NO,
    Book,
    at_least,
    choose,
    partner,
    rate,
    scale,
    when,
)

book = Book("universal_credit_floor")

book.fact(
    "is_in_start_up_period",
    PERSON,
    YES_NO,
    title=both(
        "In the first year of gainful self-employment",
        "Ym mlwyddyn gyntaf hunangyflogaeth enillfawr",
    ),
    ask=both(
        "Did your self-employment begin within the last 12 months?",
        "A ddechreuodd eich hunangyflogaeth o fewn y 12 mis diwethaf?",
    ),
    usual=False,
    cost=1,
)
book.fact(
    "self_employment_is_gainful",
    PERSON,
    YES_NO,
    title=both(
        "The self-employment is the main work, regular and for profit",
        "Yr hunangyflogaeth yw'r prif waith, yn rheolaidd ac er elw",
    ),
    ask=both(
        "Is self-employment your main work, organised, regular and for profit?",
        "Ai hunangyflogaeth yw eich prif waith, yn drefnus, yn rheolaidd ac er elw?",
    ),
    usual=True,
    cost=2,
)


@book.rule(
    PERSON,
    YES_NO,
    title=both("In gainful self-employment", "Mewn hunangyflogaeth enillfawr"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 64",
    because=both(
        "Trades on their own account, or through a company, as the main work",
        "Yn masnachu ar eu liwt eu hunain, neu drwy gwmni, fel y prif waith",
    ),
    otherwise=both(
        "No trade, or it is not the main work", "Dim masnach, neu nid dyna'r prif waith"
    ),
)
def is_in_gainful_self_employment(
    self_employment_income,
    trading_loss,
    self_employment_is_gainful,
    is_gainfully_employed_by_company,
):
    trades = (self_employment_income != 0) | (trading_loss > 0)
    return (trades & self_employment_is_gainful) | is_gainfully_employed_by_company


@book.rule(
    PERSON,
    YES_NO,
    title=both("The minimum income floor applies", "Mae'r isafswm incwm yn berthnasol"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 62(1), (5), 63",
    because=both(
        "In gainful self-employment, not in the first year, and all work-related requirements are "
        "asked",
        "Mewn hunangyflogaeth enillfawr, nid yn y flwyddyn gyntaf, a gofynnir yr holl ofynion sy'n "
        "gysylltiedig â gwaith",
    ),
    otherwise=both(
        "Not in gainful self-employment, in the first year, or not all work-related requirements "
        "are asked",
        "Ddim mewn hunangyflogaeth enillfawr, yn y flwyddyn gyntaf, neu ni ofynnir yr holl ofynion "
        "sy'n gysylltiedig â gwaith",
    ),
)
def minimum_income_floor_applies(
    is_in_gainful_self_employment, is_in_start_up_period, work_related_group
):
    asked = work_related_group == "all"
    return is_in_gainful_self_employment & ~is_in_start_up_period & asked


@book.rule(
    PERSON,
    NUMBER,
    title=both(
        "Hours a week behind the earnings threshold", "Oriau'r wythnos y tu ôl i'r trothwy enillion"
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 62(3), 90(2), (3)",
    because=both(
        "{value} hours a week for the group of requirements",
        "{value} awr yr wythnos ar gyfer y grŵp o ofynion",
    ),
    otherwise=both("Nothing is expected", "Ni ddisgwylir dim"),
)
def threshold_hours(work_related_group, expected_hours, is_adult_of_family):
    preparing = rate("universal_credit.hours.preparation")
    return choose(
        (work_related_group == "all", expected_hours),
        (work_related_group == "interviews", preparing),
        (work_related_group == "preparation", preparing),
        # A partner who cannot claim counts with full hours (reg. 62(3)(b), 90(3)).
        (
            (work_related_group == "not_a_claimant") & is_adult_of_family,
            rate("universal_credit.hours.all_requirements"),
        ),
        otherwise=0,
    )


_HOURLY = {
    "title": both("Minimum wage an hour for the age", "Isafswm cyflog yr awr ar gyfer yr oedran"),
    "cite": "Universal Credit Regulations 2013 (SI 2013/376) regs 62(2), 90(6); National Minimum "
    "Wage Regulations 2015 (SI 2015/621) regs 4, 4A",
    "because": both(
        "{value} at the age of {age}; an apprentice counts like others",
        "{value} yn {age} oed; mae prentis yn cyfrif fel eraill",
    ),
}


@book.rule(PERSON, GBP / HOUR, **_HOURLY, until="2024-04-01")
def hourly_rate_for_threshold(age, is_universal_credit_claimant):
    return choose(
        (~is_universal_credit_claimant, rate("minimum_wage.living_wage")),
        (age >= rate("minimum_wage.living_wage_age"), rate("minimum_wage.living_wage")),
        (age >= 21, rate("minimum_wage.from_21")),
        (age >= 18, rate("minimum_wage.from_18")),
        otherwise=rate("minimum_wage.under_18"),
    )


@book.rule(PERSON, GBP / HOUR, **_HOURLY, from_="2024-04-01")
def hourly_rate_for_threshold(age, is_universal_credit_claimant):  # noqa: F811
    return choose(
        (~is_universal_credit_claimant, rate("minimum_wage.living_wage")),
        (age >= rate("minimum_wage.living_wage_age"), rate("minimum_wage.living_wage")),
        (age >= 18, rate("minimum_wage.from_18")),
        otherwise=rate("minimum_wage.under_18"),
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Individual earnings threshold", "Trothwy enillion unigol"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 62(2), 90(2), (3)",
    because=both(
        "{threshold_hours} hours a week at {hourly_rate_for_threshold}, for 52 weeks",
        "{threshold_hours} awr yr wythnos ar {hourly_rate_for_threshold}, am 52 wythnos",
    ),
    otherwise=both("Nothing is expected", "Ni ddisgwylir dim"),
)
def individual_earnings_threshold(threshold_hours, hourly_rate_for_threshold):
    return hourly_rate_for_threshold.per(WEEK, times=threshold_hours).per(YEAR)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income tax on the threshold", "Treth incwm ar y trothwy"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 62(4)",
    because=both(
        "What somebody who earned {individual_earnings_threshold} would pay",
        "Yr hyn y byddai rhywun yn ennill {individual_earnings_threshold} yn ei dalu",
    ),
    otherwise=both("Within the personal allowance", "O fewn y lwfans personol"),
)
def income_tax_on_threshold(
    individual_earnings_threshold,
    full_personal_allowance,
    is_scottish_taxpayer,
    basic_rate_limit,
    higher_rate_limit,
    limits_rise_by,
):
    taxable = at_least(individual_earnings_threshold - full_personal_allowance, 0)
    limits = (basic_rate_limit, higher_rate_limit)
    return tax_by_band(taxable, is_scottish_taxpayer, limits, limits_rise_by)


_INSURANCE = {
    "title": both("National Insurance on the threshold", "Yswiriant Gwladol ar y trothwy"),
    "cite": "Universal Credit Regulations 2013 (SI 2013/376) reg. 62(4); SSCBA 1992 ss.11, 15",
    "because": both(
        "What somebody with profits of {individual_earnings_threshold} would pay",
        "Yr hyn y byddai rhywun ag elw o {individual_earnings_threshold} yn ei dalu",
    ),
    "otherwise": both(
        "Below the limits, or past State Pension age",
        "O dan y terfynau, neu wedi cyrraedd oedran Pensiwn y Wladwriaeth",
    ),
}


def _class_4(profits):
    return scale(
        profits,
        (rate("ni.lower_profits_limit"), rate("ni.class_4_main_rate")),
        (rate("ni.upper_profits_limit"), rate("ni.class_4_additional_rate")),
    )


def _class_2():
    return rate("ni.class_2_rate").per(YEAR, times=rate("ni.contribution_weeks"))


def _liable(state_pension_date):
    return state_pension_date > rate("tax_year.start")


@book.rule(PERSON, GBP / YEAR, **_INSURANCE, until="2022-04-06")
def national_insurance_on_threshold(individual_earnings_threshold, state_pension_date):
    profits = individual_earnings_threshold
    flat = when(profits >= rate("ni.small_profits_threshold"), _class_2(), 0)
    return when(_liable(state_pension_date), _class_4(profits) + flat, 0)


@book.rule(PERSON, GBP / YEAR, **_INSURANCE, from_="2022-04-06", until="2024-04-06")
def national_insurance_on_threshold(  # noqa: F811
    individual_earnings_threshold, state_pension_date
):
    profits = individual_earnings_threshold
    flat = when(profits > rate("ni.class_2_lower_profits"), _class_2(), 0)
    return when(_liable(state_pension_date), _class_4(profits) + flat, 0)


@book.rule(PERSON, GBP / YEAR, **_INSURANCE, from_="2024-04-06")
def national_insurance_on_threshold(  # noqa: F811
    individual_earnings_threshold, state_pension_date
):
    return when(_liable(state_pension_date), _class_4(individual_earnings_threshold), 0)


@book.rule(
    PERSON,
    GBP / MONTH,
    title=both("Minimum income floor", "Isafswm incwm"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 62(2) to (4)",
    because=both(
        "{individual_earnings_threshold} less {income_tax_on_threshold} of tax and "
        "{national_insurance_on_threshold} of National Insurance, for one month",
        "{individual_earnings_threshold} llai {income_tax_on_threshold} o dreth a "
        "{national_insurance_on_threshold} o Yswiriant Gwladol, am fis",
    ),
    otherwise=both("Nothing is expected", "Ni ddisgwylir dim"),
)
def minimum_income_floor(
    individual_earnings_threshold, income_tax_on_threshold, national_insurance_on_threshold
):
    off = income_tax_on_threshold + national_insurance_on_threshold
    return (individual_earnings_threshold - off).per(MONTH)


@book.rule(
    PERSON,
    GBP / MONTH,
    title=both(
        "Earned income of one person after the floor",
        "Incwm a enillir un person ar ôl yr isafswm",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 62(2), (3)",
    because=both(
        "Earned {earned_income_before_floor}; where the floor of {minimum_income_floor} applies it "
        "counts instead, less what the partner earns above their own",
        "Enillwyd {earned_income_before_floor}; lle mae'r isafswm o {minimum_income_floor} yn "
        "berthnasol mae'n cyfrif yn ei le, llai'r hyn y mae'r partner yn ei ennill uwchlaw ei un "
        "ef",
    ),
    otherwise=both("No earnings", "Dim enillion"),
)
def earned_income_of_person(
    earned_income_before_floor, minimum_income_floor, minimum_income_floor_applies
):
    # Couple's threshold (reg. 62(3)): the floor is cut by what the partner earns above theirs.
    above = partner(earned_income_before_floor) - partner(minimum_income_floor)
    floored = at_least(earned_income_before_floor, minimum_income_floor - at_least(above, 0))
    below = earned_income_before_floor < minimum_income_floor
    return when(minimum_income_floor_applies & below, floored, earned_income_before_floor)
