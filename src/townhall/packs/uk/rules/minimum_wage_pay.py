"""Whether the minimum wage was paid for a pay period, and what the home of an employer changes.

Source: National Minimum Wage Act 1998 s.17; National Minimum Wage Regulations 2015 (SI 2015/621)
Parts 3 and 4. Living accommodation is the only benefit in kind that counts (reg. 10(f)).
"""

from __future__ import annotations

from townhall.rules.engine.law import (
    DAY,
    DAYS,
    GBP,
    NUMBER,
    PERSON,
    WEEK,
    YES_NO,
    Book,
    at_least,
    at_most,
    rate,
    round_half_up,
    when,
)

book = Book("minimum_wage_pay")

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
    title={
        "en": "The hours can have been worked",
        "cy": "Gallai'r oriau fod wedi'u gweithio",
    },
    cite="National Minimum Wage Act 1998 s.17(1); GOV.UK's check of what is entered",
    because={
        "en": "{hours_in_pay_period:hour|hours} in {pay_period_days:day|days}: at most 16 a day",
        "cy": "{hours_in_pay_period} awr mewn {pay_period_days} diwrnod: dim mwy nag 16 y dydd",
    },
    otherwise={
        "en": "Between 0 and 16 hours a day can be worked, not {hours_in_pay_period} in "
        "{pay_period_days:day|days}",
        "cy": "Gellir gweithio rhwng 0 ac 16 awr y dydd, nid {hours_in_pay_period} mewn "
        "{pay_period_days} diwrnod",
    },
)
def hours_can_be_worked(hours_in_pay_period, pay_period_days):
    return (hours_in_pay_period > 0) & (hours_in_pay_period <= pay_period_days * 16)


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "The employer charges for the home",
        "cy": "Mae'r cyflogwr yn codi tâl am y cartref",
    },
    cite="National Minimum Wage Regulations 2015 (SI 2015/621) regs 9(1)(e)(ii), 14(1)",
    because={
        "en": "The charge is {accommodation_charge_a_day}",
        "cy": "Y tâl yw {accommodation_charge_a_day}",
    },
    otherwise={"en": "The home is free", "cy": "Mae'r cartref am ddim"},
)
def accommodation_is_charged(accommodation_charge_a_day):
    return accommodation_charge_a_day > 0


@book.rule(
    PERSON,
    GBP,
    title={
        "en": "Least pay due for the pay period",
        "cy": "Y cyflog lleiaf sy'n ddyledus am y cyfnod cyflog",
    },
    cite="National Minimum Wage Act 1998 s.17; SI 2015/621 reg. 7",
    because={
        "en": "{hours_in_pay_period:hour|hours} at {minimum_hourly_rate}",
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
        "en": "{accommodation_nights_a_week:night|nights} a week; of a charge only what exceeds "
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
def accommodation_adjustment_a_week(
    accommodation_nights_a_week, accommodation_is_charged, accommodation_charge_a_day
):
    amount = rate("minimum_wage.accommodation")
    a_day = when(accommodation_is_charged, at_most(amount - accommodation_charge_a_day, 0), amount)
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
        "en": "{accommodation_adjustment_a_week} for a pay period of {pay_period_days:day|days}",
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
