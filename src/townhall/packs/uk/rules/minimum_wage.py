"""The national minimum wage and the national living wage.

Source: National Minimum Wage Act 1998; National Minimum Wage Regulations 2015 (SI 2015/621). The
rate of a pay reference period is the one that applies on its first day (reg. 4B), so the day of
decision is that day.
"""

from __future__ import annotations

from townhall.rules.engine.law import (
    DAY,
    DAYS,
    GBP,
    HOUR,
    NUMBER,
    PERSON,
    WEEK,
    YES_NO,
    Book,
    at_least,
    at_most,
    choose,
    rate,
    round_half_up,
    when,
)

book = Book("minimum_wage")

book.fact(
    "is_worker",
    PERSON,
    YES_NO,
    title={"en": "Works for somebody under a contract", "cy": "Yn gweithio i rywun dan gontract"},
    ask={
        "en": "Do you work for an employer or through an agency, not for yourself or as a "
        "volunteer?",
        "cy": "A ydych yn gweithio i gyflogwr neu drwy asiantaeth, nid i chi eich hun nac fel "
        "gwirfoddolwr?",
    },
    usual=False,
    cost=1,
)
book.fact(
    "is_apprentice",
    PERSON,
    YES_NO,
    title={"en": "Apprentice", "cy": "Prentis"},
    ask={"en": "Are you an apprentice?", "cy": "A ydych yn brentis?"},
    usual=False,
    cost=1,
)
book.fact(
    "in_first_year_of_apprenticeship",
    PERSON,
    YES_NO,
    title={
        "en": "In the first 12 months of the apprenticeship",
        "cy": "Yn 12 mis cyntaf y brentisiaeth",
    },
    ask={
        "en": "Did your apprenticeship begin less than 12 months ago?",
        "cy": "A ddechreuodd eich prentisiaeth lai na 12 mis yn ôl?",
    },
    usual=False,
    cost=1,
)
book.fact(
    "pay_period_days",
    PERSON,
    DAYS,
    title={"en": "Days in the pay period", "cy": "Diwrnodau yn y cyfnod cyflog"},
    ask={
        "en": "For how many days are you paid at a time? (a week is 7)",
        "cy": "Am faint o ddiwrnodau y cewch eich talu ar y tro? (mae wythnos yn 7)",
    },
    low=1,
    high=31,  # reg. 6: at most a month
    cost=2,
)
book.fact(
    "hours_in_pay_period",
    PERSON,
    NUMBER,
    title={"en": "Hours worked in the pay period", "cy": "Oriau a weithiwyd yn y cyfnod cyflog"},
    ask={
        "en": "How many hours do you work in that time?",
        "cy": "Faint o oriau ydych chi'n gweithio yn yr amser hwnnw?",
    },
    low=0,
    high=31 * 24,
    cost=2,
)
book.fact(
    "pay_in_pay_period",
    PERSON,
    GBP,
    title={"en": "Pay in the pay period before tax", "cy": "Cyflog yn y cyfnod cyflog cyn treth"},
    ask={
        "en": "What are you paid for that time, before tax?",
        "cy": "Faint ydych chi'n cael eich talu am yr amser hwnnw, cyn treth?",
    },
    low=0,
    cost=2,
)
book.fact(
    "accommodation_nights_a_week",
    PERSON,
    NUMBER,
    title={
        "en": "Nights a week in a home that the employer provides",
        "cy": "Nosweithiau'r wythnos mewn cartref a ddarperir gan y cyflogwr",
    },
    ask={
        "en": "How many nights a week do you live in a home that your employer provides?",
        "cy": "Sawl noson yr wythnos ydych chi'n byw mewn cartref y mae eich cyflogwr yn ei "
        "ddarparu?",
    },
    usual=0,
    low=0,
    high=7,
    cost=2,
)
book.fact(
    "accommodation_charge_a_day",
    PERSON,
    GBP / DAY,
    title={
        "en": "Charge of the employer for the home, a day (0 if it is free)",
        "cy": "Tâl y cyflogwr am y cartref, y dydd (0 os yw am ddim)",
    },
    ask={
        "en": "What does your employer charge for that home a day? Write 0 if it is free.",
        "cy": "Faint mae eich cyflogwr yn ei godi am y cartref hwnnw y dydd? Rhowch 0 os yw am "
        "ddim.",
    },
    usual=0,
    low=0,
    cost=2,
)


@book.rule(
    PERSON,
    YES_NO,
    title={"en": "Under school leaving age", "cy": "O dan oedran gadael ysgol"},
    # Education Act 1996 s.8 ends it on the last Friday in June of the school year in which the
    # child turns 16; between the birthday and that day an officer decides.
    cite="National Minimum Wage Act 1998 s.1(2)(c); Education Act 1996 s.8",
    because={
        "en": "{age} years old: the minimum wage begins after compulsory school age",
        "cy": "{age} oed: mae'r isafswm cyflog yn dechrau ar ôl oedran ysgol gorfodol",
    },
    otherwise={"en": "{age} years old: 16 or more", "cy": "{age} oed: 16 neu fwy"},
)
def under_school_leaving_age(age):
    return age < 16


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "Entitled to the minimum wage",
        "cy": "Â hawl i'r isafswm cyflog",
    },
    cite="National Minimum Wage Act 1998 ss.1(2), 54",
    because={
        "en": "You work under a contract and are past school leaving age",
        "cy": "Rydych yn gweithio dan gontract ac yn hŷn nag oedran gadael ysgol",
    },
    otherwise={
        "en": "The minimum wage is for workers past school leaving age",
        "cy": "Mae'r isafswm cyflog ar gyfer gweithwyr hŷn nag oedran gadael ysgol",
    },
)
def entitled_to_minimum_wage(is_worker, under_school_leaving_age):
    return is_worker & ~under_school_leaving_age


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "Old enough for the living wage",
        "cy": "Yn ddigon hen ar gyfer y cyflog byw",
    },
    cite="National Minimum Wage Regulations 2015 (SI 2015/621) regs 4, 4A(1)",
    because={
        "en": "{age} years old; the living wage is paid from {minimum_wage.living_wage_age}",
        "cy": "{age} oed; telir y cyflog byw o {minimum_wage.living_wage_age}",
    },
    otherwise={
        "en": "{age} years old; the living wage is only paid from {minimum_wage.living_wage_age}",
        "cy": "{age} oed; dim ond o {minimum_wage.living_wage_age} y telir y cyflog byw",
    },
)
def old_enough_for_living_wage(age):
    return age >= rate("minimum_wage.living_wage_age")


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "The rate for apprentices applies",
        "cy": "Mae'r gyfradd i brentisiaid yn berthnasol",
    },
    cite="National Minimum Wage Regulations 2015 (SI 2015/621) regs 4A(2), 5(1)",
    because={
        "en": "An apprentice, under 19 or in the first 12 months",
        "cy": "Prentis, o dan 19 oed neu yn y 12 mis cyntaf",
    },
    otherwise={
        "en": "No apprentice, or one of 19 or more after the first 12 months",
        "cy": "Nid prentis, neu un sy'n 19 oed neu fwy ar ôl y 12 mis cyntaf",
    },
)
def apprentice_rate_applies(is_apprentice, age, in_first_year_of_apprenticeship):
    return is_apprentice & ((age < 19) | in_first_year_of_apprenticeship)


_RATE = {
    "title": {"en": "Minimum wage an hour", "cy": "Isafswm cyflog yr awr"},
    "cite": "National Minimum Wage Regulations 2015 (SI 2015/621) regs 4, 4A, 4B",
    "because": {
        "en": "The rate of the first day of the pay period, at {age} years old",
        "cy": "Cyfradd diwrnod cyntaf y cyfnod cyflog, yn {age} oed",
    },
}


@book.rule(PERSON, GBP / HOUR, until="2024-04-01", **_RATE)
def minimum_hourly_rate(apprentice_rate_applies, old_enough_for_living_wage, age):
    return choose(
        (apprentice_rate_applies, rate("minimum_wage.apprentice")),
        (old_enough_for_living_wage, rate("minimum_wage.living_wage")),
        (age >= 21, rate("minimum_wage.from_21")),
        (age >= 18, rate("minimum_wage.from_18")),
        otherwise=rate("minimum_wage.under_18"),
    )


# From 1 April 2024 the living wage is paid from 21, and reg. 4A(1)(a) is omitted (SI 2024/432).
@book.rule(PERSON, GBP / HOUR, from_="2024-04-01", **_RATE)
def minimum_hourly_rate(apprentice_rate_applies, old_enough_for_living_wage, age):  # noqa: F811
    return choose(
        (apprentice_rate_applies, rate("minimum_wage.apprentice")),
        (old_enough_for_living_wage, rate("minimum_wage.living_wage")),
        (age >= 18, rate("minimum_wage.from_18")),
        otherwise=rate("minimum_wage.under_18"),
    )


@book.rule(
    PERSON,
    GBP,
    title={
        "en": "Least pay due for the pay period",
        "cy": "Y cyflog lleiaf sy'n ddyledus am y cyfnod cyflog",
    },
    cite="National Minimum Wage Act 1998 s.17; SI 2015/621 reg. 7",
    because={
        "en": "{hours_in_pay_period} hours at {minimum_hourly_rate}",
        "cy": "{hours_in_pay_period} awr ar {minimum_hourly_rate}",
    },
)
def minimum_pay_due(hours_in_pay_period, minimum_hourly_rate):
    # An hourly rate times hours is a sum.
    due = (minimum_hourly_rate * hours_in_pay_period).as_unit(GBP)
    return round_half_up(due, "0.01")


@book.rule(
    PERSON,
    GBP / WEEK,
    title={
        "en": "What the employer's home adds to or takes from the pay, a week",
        "cy": "Yr hyn y mae cartref y cyflogwr yn ei ychwanegu at y cyflog neu'n ei dynnu ohono, "
        "yr wythnos",
    },
    cite="National Minimum Wage Regulations 2015 (SI 2015/621) regs 9(1)(e), 14(1), 16(1)",
    because={
        "en": "{accommodation_nights_a_week} nights; of a charge only what exceeds "
        "{minimum_wage.accommodation} lowers the pay, and a free home counts as that much pay",
        "cy": "{accommodation_nights_a_week} noson; dim ond yr hyn sy'n fwy na "
        "{minimum_wage.accommodation} o dâl sy'n gostwng y cyflog, ac mae cartref am ddim yn "
        "cyfrif fel cymaint â hynny o gyflog",
    },
    otherwise={
        "en": "No home of the employer, or its charge is within {minimum_wage.accommodation}",
        "cy": "Dim cartref gan y cyflogwr, neu mae ei dâl o fewn {minimum_wage.accommodation}",
    },
)
def accommodation_adjustment_a_week(accommodation_nights_a_week, accommodation_charge_a_day):
    amount = rate("minimum_wage.accommodation")
    a_day = when(
        accommodation_charge_a_day == 0, amount, at_most(amount - accommodation_charge_a_day, 0)
    )
    # Times the days of the week on which it is provided: an amount a week.
    return round_half_up((a_day * accommodation_nights_a_week).as_unit(GBP / WEEK), "0.01")


@book.rule(
    PERSON,
    GBP,
    title={
        "en": "What the employer's home adds to or takes from the pay",
        "cy": "Yr hyn y mae cartref y cyflogwr yn ei ychwanegu at y cyflog neu'n ei dynnu ohono",
    },
    # Reg. 16(1) counts the days of the pay reference period. Nights are asked by the week, as
    # people know them; the share of a week in three decimals is GOV.UK's convention.
    cite="National Minimum Wage Regulations 2015 (SI 2015/621) reg. 16(1)",
    because={
        "en": "{accommodation_adjustment_a_week} for a pay period of {pay_period_days} days",
        "cy": "{accommodation_adjustment_a_week} am gyfnod cyflog o {pay_period_days} diwrnod",
    },
    otherwise={
        "en": "The employer's home changes nothing",
        "cy": "Nid yw cartref y cyflogwr yn newid dim",
    },
)
def accommodation_adjustment(accommodation_adjustment_a_week, pay_period_days):
    weeks = round_half_up(pay_period_days / 7, "0.001")
    return round_half_up((accommodation_adjustment_a_week * weeks).as_unit(GBP), "0.01")


@book.rule(
    PERSON,
    GBP,
    title={
        "en": "Pay that counts towards the minimum wage",
        "cy": "Cyflog sy'n cyfrif tuag at yr isafswm cyflog",
    },
    cite="National Minimum Wage Regulations 2015 (SI 2015/621) regs 8, 9, 14",
    because={
        "en": "Pay of {pay_in_pay_period}, with {accommodation_adjustment} for the employer's home",
        "cy": "Cyflog o {pay_in_pay_period}, gyda {accommodation_adjustment} am gartref y cyflogwr",
    },
)
def pay_counted(pay_in_pay_period, accommodation_adjustment):
    return pay_in_pay_period + accommodation_adjustment


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "Paid at least the minimum wage",
        "cy": "Yn cael o leiaf yr isafswm cyflog",
    },
    cite="National Minimum Wage Act 1998 ss.1(1), 17; SI 2015/621 reg. 7",
    because={
        "en": "{pay_counted} of pay counts, and {minimum_pay_due} is the least due",
        "cy": "Mae {pay_counted} o gyflog yn cyfrif, a {minimum_pay_due} yw'r lleiaf sy'n ddyledus",
    },
    otherwise={
        "en": "Only {pay_counted} of pay counts, but {minimum_pay_due} is the least due",
        "cy": "Dim ond {pay_counted} o gyflog sy'n cyfrif, ond {minimum_pay_due} yw'r lleiaf "
        "sy'n ddyledus",
    },
)
def paid_at_least_minimum(pay_counted, minimum_pay_due):
    return pay_counted >= minimum_pay_due


@book.rule(
    PERSON,
    GBP,
    title={
        "en": "Pay that the employer still owes",
        "cy": "Cyflog sy'n ddyledus o hyd gan y cyflogwr",
    },
    cite="National Minimum Wage Act 1998 s.17(1)",
    because={
        "en": "{minimum_pay_due} is due and {pay_counted} was paid",
        "cy": "Mae {minimum_pay_due} yn ddyledus a thalwyd {pay_counted}",
    },
    otherwise={
        "en": "The minimum wage was paid, or is not due",
        "cy": "Talwyd yr isafswm cyflog, neu nid yw'n ddyledus",
    },
)
def minimum_wage_owed(entitled_to_minimum_wage, minimum_pay_due, pay_counted):
    return when(entitled_to_minimum_wage, at_least(minimum_pay_due - pay_counted, 0), 0)
