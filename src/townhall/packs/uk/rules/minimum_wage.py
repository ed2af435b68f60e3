"""The national minimum wage and the national living wage: who is entitled, and to how much an hour.

Source: National Minimum Wage Act 1998; National Minimum Wage Regulations 2015 (SI 2015/621). The
rate of a pay reference period is the one that applies on its first day (reg. 4B), so the day of
decision is that day. Whether it was paid is in `minimum_wage_pay`.
"""

from __future__ import annotations

from townhall.rules.engine.law import (
    GBP,
    HOUR,
    PERSON,
    YES_NO,
    Book,
    choose,
    rate,
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


@book.rule(
    PERSON,
    YES_NO,
    title={"en": "An age that a worker can have", "cy": "Oedran y gall gweithiwr fod"},
    cite="National Minimum Wage Act 1998 s.1(2); GOV.UK's check of what is entered",
    because={"en": "{age} years old", "cy": "{age} oed"},
    otherwise={
        "en": "Nobody who works is {age} years old",
        "cy": "Nid oes neb sy'n gweithio yn {age} oed",
    },
)
def age_of_a_worker(age):
    return (age >= 1) & (age <= 200)


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
