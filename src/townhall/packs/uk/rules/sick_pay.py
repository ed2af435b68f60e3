"""Statutory Sick Pay on one day of sickness: whether it is due, and how much.

Source: Social Security Contributions and Benefits Act 1992 Part XI; for sickness from 6 April 2026
the Employment Rights Act 2025. A sickness is a series of days: which of them qualify, which are
waited for and what a week makes is in `statutory_sick_pay`, and a test holds the two together.
"""

from __future__ import annotations

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    DATE,
    DAY,
    GBP,
    NUMBER,
    PERSON,
    WEEK,
    YES_NO,
    Book,
    at_most,
    rate,
    round_down,
    when,
)

book = Book("sick_pay")

book.fact(
    "sickness_began",
    PERSON,
    DATE,
    title=both("First day of the sickness", "Diwrnod cyntaf y salwch"),
    ask=both(
        "What was the first day on which you were too ill to work?",
        "Beth oedd y diwrnod cyntaf yr oeddech yn rhy sâl i weithio?",
    ),
    cost=1,
)
book.fact(
    "average_weekly_earnings",
    PERSON,
    GBP / WEEK,
    title=both(
        "Average pay a week over the eight weeks before the sickness",
        "Cyflog wythnosol cyfartalog dros yr wyth wythnos cyn y salwch",
    ),
    ask=both(
        "What were you paid a week on average over the eight weeks before, before tax?",
        "Faint o gyflog yr wythnos a gawsoch ar gyfartaledd dros yr wyth wythnos cynt, cyn treth?",
    ),
    low=0,
    cost=3,
)
book.fact(
    "days_worked_a_week",
    PERSON,
    NUMBER,
    title=both("Days a week usually worked", "Diwrnodau'r wythnos a weithir fel arfer"),
    ask=both(
        "On how many days a week do you usually work?",
        "Ar sawl diwrnod yr wythnos ydych chi'n gweithio fel arfer?",
    ),
    low=0,
    high=7,
    cost=1,
)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "The sick pay rules from April 2026 apply",
        "Mae'r rheolau tâl salwch o Ebrill 2026 yn berthnasol",
    ),
    cite="Employment Rights Act 2025; SSCBA 1992 s.157",
    because=both(
        "The sickness began on {sickness_began}, from 6 April 2026 on",
        "Dechreuodd y salwch ar {sickness_began}, o 6 Ebrill 2026 ymlaen",
    ),
    otherwise=both(
        "The sickness began on {sickness_began}, before 6 April 2026",
        "Dechreuodd y salwch ar {sickness_began}, cyn 6 Ebrill 2026",
    ),
)
def sick_pay_rules_of_2026_apply(sickness_began):
    return sickness_began >= "2026-04-06"


@book.rule(
    PERSON,
    YES_NO,
    title=both("Pay is enough for sick pay", "Mae'r cyflog yn ddigon ar gyfer tâl salwch"),
    cite="SSCBA 1992 s.5(1)(a), Sch. 11 para. 2(c)",
    because=both(
        "{average_weekly_earnings} on average reaches {ssp.lower_earnings_limit}",
        "Mae {average_weekly_earnings} ar gyfartaledd yn cyrraedd {ssp.lower_earnings_limit}",
    ),
    otherwise=both(
        "{average_weekly_earnings} on average is below {ssp.lower_earnings_limit}",
        "Mae {average_weekly_earnings} ar gyfartaledd yn is na {ssp.lower_earnings_limit}",
    ),
    until="2026-04-06",
)
def earns_enough_for_sick_pay(average_weekly_earnings):
    return average_weekly_earnings >= rate("ssp.lower_earnings_limit")


@book.rule(
    PERSON,
    YES_NO,
    title=both("Pay is enough for sick pay", "Mae'r cyflog yn ddigon ar gyfer tâl salwch"),
    cite="Employment Rights Act 2025, which abolished the lower earnings limit for sick pay",
    because=both(
        "From 6 April 2026 no pay is too low for sick pay",
        "O 6 Ebrill 2026 nid oes unrhyw gyflog yn rhy isel ar gyfer tâl salwch",
    ),
    otherwise=both("Nothing is earned", "Nid enillir dim"),
    from_="2026-04-06",
)
def earns_enough_for_sick_pay(average_weekly_earnings):  # noqa: F811
    return average_weekly_earnings >= 0


_WEEK = {
    "title": both("Sick pay for a whole week", "Tâl salwch am wythnos gyfan"),
    "cite": "SSCBA 1992 s.157(1)",
}


@book.rule(
    PERSON,
    GBP / WEEK,
    because=both("The rate of the day: {ssp.weekly_rate}", "Cyfradd y diwrnod: {ssp.weekly_rate}"),
    until="2026-04-06",
    **_WEEK,
)
def sick_pay_weekly_rate():
    return rate("ssp.weekly_rate")


@book.rule(
    PERSON,
    GBP / WEEK,
    because=both(
        "{ssp.weekly_rate}, or {ssp.share_of_earnings} of {average_weekly_earnings} if that is "
        "less and the sickness began from 6 April 2026",
        "{ssp.weekly_rate}, neu {ssp.share_of_earnings} o {average_weekly_earnings} os yw hynny'n "
        "llai ac os dechreuodd y salwch o 6 Ebrill 2026",
    ),
    from_="2026-04-06",
    **_WEEK,
)
def sick_pay_weekly_rate(sick_pay_rules_of_2026_apply, average_weekly_earnings):  # noqa: F811
    flat = rate("ssp.weekly_rate")
    share = average_weekly_earnings * rate("ssp.share_of_earnings")
    return when(sick_pay_rules_of_2026_apply, at_most(flat, share), flat)


@book.rule(
    PERSON,
    GBP / DAY,
    title=both("Sick pay for one day", "Tâl salwch am un diwrnod"),
    # Four decimals, cut: the convention of HMRC's tables, as 85.85 over 3 days is 28.6166.
    cite="SSCBA 1992 s.157(3)",
    because=both(
        "{sick_pay_weekly_rate} over {days_worked_a_week:day|days} of work a week",
        "{sick_pay_weekly_rate} dros {days_worked_a_week} diwrnod gwaith yr wythnos",
    ),
    otherwise=both("No day of the week is worked", "Ni weithir unrhyw ddiwrnod o'r wythnos"),
)
def sick_pay_daily_rate(sick_pay_weekly_rate, days_worked_a_week):
    # A week's amount over the days of work in it is an amount a day.
    a_day = when(days_worked_a_week > 0, sick_pay_weekly_rate / days_worked_a_week, 0)
    return round_down(a_day.as_unit(GBP / DAY), "0.0001")
