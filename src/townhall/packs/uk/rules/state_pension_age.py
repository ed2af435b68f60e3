"""State Pension age, Pension Credit age, and the age for the free bus pass.

Source: Pensions Act 1995 Sch. 4 para. 1, as amended by the Pensions Acts 2007 (Sch. 3), 2011 (s.1)
and 2014 (s.26); in Northern Ireland the Pensions (Northern Ireland) Order 1995 Sch. 2 para. 1, with
the same days. Its tables go by bands of births from the 6th of a month to the 5th of the next;
tables 1, 2 and 4 name the day, table 3 an age in years and months.

An age is attained at the beginning of the birthday (Family Law Reform Act 1969 s.9); somebody born
on 29 February attains it on 1 March of a common year. Where a month lacks the day, para. 1(7A)
takes its last day.
"""

from __future__ import annotations

from datetime import date

from townhall.rules.engine import calendar
from townhall.rules.engine.law import (
    DATE,
    NUMBER,
    PERSON,
    YEARS,
    YES_NO,
    Book,
    add_months,
    add_years,
    choose,
    steps,
    today,
    when,
    years_between,
)

book = Book("state_pension_age")


def _bands(born_from: date, count: int, day: date, apart: int) -> dict[str, str]:
    """Rows of a table of the Schedule: bands of a month, their days so many months apart."""
    return {
        calendar.add_months(born_from, row).isoformat(): calendar.add_months(
            day, row * apart
        ).isoformat()
        for row in range(count)
    }


TABLE_1 = _bands(date(1950, 4, 6), 36, date(2010, 5, 6), 2) | _bands(
    date(1953, 4, 6), 8, date(2016, 7, 6), 4
)
TABLE_2 = _bands(date(1953, 12, 6), 10, date(2019, 3, 6), 2)
TABLE_3 = {
    calendar.add_months(date(1960, 4, 6), row).isoformat(): row + 1  # months beyond 66 years
    for row in range(11)
}
TABLE_4 = _bands(date(1977, 4, 6), 12, date(2044, 5, 6), 2)


@book.rule(
    PERSON,
    DATE,
    title={
        "en": "State Pension date that is the same for women and men",
        "cy": "Dyddiad Pensiwn y Wladwriaeth sydd yr un fath i fenywod a dynion",
    },
    cite="Pensions Act 1995 Sch. 4 para. 1(5)–(10); Pensions Act 2011 s.1; Pensions Act 2014 s.26",
    because={
        "en": "Whoever was born on {date_of_birth} reaches State Pension age on {value}",
        "cy": "Mae pwy bynnag a anwyd ar {date_of_birth} yn cyrraedd oedran Pensiwn y Wladwriaeth "
        "ar {value}",
    },
)
def common_state_pension_date(date_of_birth):
    return choose(
        (date_of_birth < "1954-10-06", steps(date_of_birth, TABLE_2, otherwise="2019-03-06")),
        (date_of_birth < "1960-04-06", add_years(date_of_birth, 66)),
        (
            date_of_birth < "1961-03-06",
            add_months(
                add_years(date_of_birth, 66),
                steps(date_of_birth, TABLE_3, otherwise=0, unit=NUMBER),
            ),
        ),
        (date_of_birth < "1977-04-06", add_years(date_of_birth, 67)),
        (date_of_birth < "1978-04-06", steps(date_of_birth, TABLE_4, otherwise="2044-05-06")),
        otherwise=add_years(date_of_birth, 68),
    )


@book.rule(
    PERSON,
    DATE,
    title={
        "en": "State Pension date of a woman born that day",
        "cy": "Dyddiad Pensiwn y Wladwriaeth menyw a anwyd y diwrnod hwnnw",
    },
    cite="Pensions Act 1995 Sch. 4 para. 1(2), (3) and table 1; Pensions Act 2011 s.1(4)",
    because={
        "en": "A woman born on {date_of_birth} reaches State Pension age on {value}",
        "cy": "Mae menyw a anwyd ar {date_of_birth} yn cyrraedd oedran Pensiwn y Wladwriaeth ar "
        "{value}",
    },
)
def womans_state_pension_date(date_of_birth, common_state_pension_date):
    return choose(
        (date_of_birth < "1950-04-06", add_years(date_of_birth, 60)),
        (date_of_birth < "1953-12-06", steps(date_of_birth, TABLE_1, otherwise="2010-05-06")),
        otherwise=common_state_pension_date,
    )


@book.rule(
    PERSON,
    DATE,
    title={
        "en": "State Pension date of a man born that day",
        "cy": "Dyddiad Pensiwn y Wladwriaeth dyn a anwyd y diwrnod hwnnw",
    },
    cite="Pensions Act 1995 Sch. 4 para. 1(1); Pensions Act 2011 s.1(2)",
    because={
        "en": "A man born on {date_of_birth} reaches State Pension age on {value}",
        "cy": "Mae dyn a anwyd ar {date_of_birth} yn cyrraedd oedran Pensiwn y Wladwriaeth ar "
        "{value}",
    },
)
def mans_state_pension_date(date_of_birth, common_state_pension_date):
    return when(
        date_of_birth < "1953-12-06", add_years(date_of_birth, 65), common_state_pension_date
    )


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "The State Pension date depends on the sex",
        "cy": "Mae dyddiad Pensiwn y Wladwriaeth yn dibynnu ar y rhyw",
    },
    cite="Pensions Act 1995 Sch. 4 para. 1(1)–(3), (5)",
    because={
        "en": "For people born before 6 December 1953 women and men have different dates",
        "cy": "I bobl a anwyd cyn 6 Rhagfyr 1953 mae gan fenywod a dynion ddyddiadau gwahanol",
    },
    otherwise={
        "en": "For people born from 6 December 1953 women and men have the same date",
        "cy": "I bobl a anwyd o 6 Rhagfyr 1953 mae gan fenywod a dynion yr un dyddiad",
    },
)
def state_pension_date_depends_on_sex(date_of_birth):
    return date_of_birth < "1953-12-06"


@book.rule(
    PERSON,
    DATE,
    title={"en": "State Pension date", "cy": "Dyddiad Pensiwn y Wladwriaeth"},
    cite="Pensions Act 1995 Sch. 4 para. 1; SSCBA 1992 s.122(1)",
    because={
        "en": "Born on {date_of_birth}, you reach State Pension age on {value}",
        "cy": "Ganwyd ar {date_of_birth}: rydych yn cyrraedd oedran Pensiwn y Wladwriaeth ar "
        "{value}",
    },
)
def state_pension_date(
    date_of_birth,
    sex,
    state_pension_date_depends_on_sex,
    common_state_pension_date,
    womans_state_pension_date,
    mans_state_pension_date,
):
    return choose(
        (~state_pension_date_depends_on_sex, common_state_pension_date),
        (sex == "female", womans_state_pension_date),
        otherwise=mans_state_pension_date,
    )


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "State Pension age reached",
        "cy": "Wedi cyrraedd oedran Pensiwn y Wladwriaeth",
    },
    cite="Pensions Act 1995 Sch. 4 para. 1; SSCBA 1992 s.122(1)",
    because={
        "en": "State Pension age is reached on {state_pension_date}",
        "cy": "Cyrhaeddir oedran Pensiwn y Wladwriaeth ar {state_pension_date}",
    },
    otherwise={
        "en": "State Pension age is only reached on {state_pension_date}",
        "cy": "Dim ond ar {state_pension_date} y cyrhaeddir oedran Pensiwn y Wladwriaeth",
    },
)
def state_pension_age_reached(state_pension_date):
    return today() >= state_pension_date


@book.rule(
    PERSON,
    YEARS,
    title={
        "en": "Age in whole years on the State Pension date",
        "cy": "Oedran mewn blynyddoedd cyfan ar ddyddiad Pensiwn y Wladwriaeth",
    },
    cite="Family Law Reform Act 1969 s.9",
    because={
        "en": "Born on {date_of_birth}, {value} years old on {state_pension_date}",
        "cy": "Ganwyd ar {date_of_birth}, {value} oed ar {state_pension_date}",
    },
)
def age_at_state_pension_date(date_of_birth, state_pension_date):
    return years_between(date_of_birth, state_pension_date)


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "The new State Pension applies",
        "cy": "Mae Pensiwn newydd y Wladwriaeth yn berthnasol",
    },
    cite="Pensions Act 2014 s.1",
    because={
        "en": "State Pension age is reached on {state_pension_date}, from 6 April 2016 on",
        "cy": "Cyrhaeddir oedran Pensiwn y Wladwriaeth ar {state_pension_date}, o 6 Ebrill 2016 "
        "ymlaen",
    },
    otherwise={
        "en": "State Pension age is reached on {state_pension_date}, before 6 April 2016: the "
        "basic State Pension applies",
        "cy": "Cyrhaeddir oedran Pensiwn y Wladwriaeth ar {state_pension_date}, cyn 6 Ebrill "
        "2016: mae Pensiwn sylfaenol y Wladwriaeth yn berthnasol",
    },
)
def new_state_pension_applies(state_pension_date):
    return state_pension_date >= "2016-04-06"


@book.rule(
    PERSON,
    DATE,
    title={
        "en": "First day on which the State Pension can be claimed",
        "cy": "Y diwrnod cyntaf y gellir hawlio Pensiwn y Wladwriaeth",
    },
    cite="Social Security (Claims and Payments) Regulations 1987 (SI 1987/1968) reg. 15(1)",
    because={
        "en": "4 months before the State Pension date, {state_pension_date}",
        "cy": "4 mis cyn dyddiad Pensiwn y Wladwriaeth, {state_pension_date}",
    },
)
def state_pension_claim_from(state_pension_date):
    return add_months(state_pension_date, -4)


@book.rule(
    PERSON,
    DATE,
    title={
        "en": "First day on which the State Pension can be claimed online",
        "cy": "Y diwrnod cyntaf y gellir hawlio Pensiwn y Wladwriaeth ar-lein",
    },
    # The law allows four months (`state_pension_claim_from`); the online service opens later.
    cite="Practice of the Department for Work and Pensions within SI 1987/1968 reg. 15(1)",
    because={
        "en": "The online service opens 2 months before the State Pension date, "
        "{state_pension_date}",
        "cy": "Mae'r gwasanaeth ar-lein yn agor 2 fis cyn dyddiad Pensiwn y Wladwriaeth, "
        "{state_pension_date}",
    },
)
def state_pension_online_claim_from(state_pension_date):
    return add_months(state_pension_date, -2)


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "The State Pension can be claimed online now",
        "cy": "Gellir hawlio Pensiwn y Wladwriaeth ar-lein nawr",
    },
    cite="Practice of the Department for Work and Pensions within SI 1987/1968 reg. 15(1)",
    because={
        "en": "Claims online are taken from {state_pension_online_claim_from}",
        "cy": "Derbynnir hawliadau ar-lein o {state_pension_online_claim_from}",
    },
    otherwise={
        "en": "Claims online are only taken from {state_pension_online_claim_from}",
        "cy": "Dim ond o {state_pension_online_claim_from} y derbynnir hawliadau ar-lein",
    },
)
def state_pension_online_claim_open(state_pension_online_claim_from):
    return today() >= state_pension_online_claim_from


@book.rule(
    PERSON,
    DATE,
    title={
        "en": "Date of the qualifying age for Pension Credit",
        "cy": "Dyddiad yr oedran cymhwyso ar gyfer Credyd Pensiwn",
    },
    cite="State Pension Credit Act 2002 s.1(6)",
    because={
        "en": "The State Pension date of a woman born on {date_of_birth}, for women and men alike",
        "cy": "Dyddiad Pensiwn y Wladwriaeth menyw a anwyd ar {date_of_birth}, i fenywod a dynion "
        "fel ei gilydd",
    },
)
def pension_credit_date(date_of_birth, womans_state_pension_date):
    return womans_state_pension_date


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "Qualifying age for Pension Credit reached",
        "cy": "Wedi cyrraedd yr oedran cymhwyso ar gyfer Credyd Pensiwn",
    },
    cite="State Pension Credit Act 2002 s.1(2)(b), (6)",
    because={
        "en": "The qualifying age is reached on {pension_credit_date}",
        "cy": "Cyrhaeddir yr oedran cymhwyso ar {pension_credit_date}",
    },
    otherwise={
        "en": "The qualifying age is only reached on {pension_credit_date}",
        "cy": "Dim ond ar {pension_credit_date} y cyrhaeddir yr oedran cymhwyso",
    },
)
def pension_credit_age_reached(pension_credit_date):
    return today() >= pension_credit_date


@book.rule(
    PERSON,
    DATE,
    title={
        "en": "First day of the older person's free bus pass",
        "cy": "Diwrnod cyntaf pàs bws am ddim i berson hŷn",
    },
    cite="Transport Act 2000 ss.145A, 145B, 146; Travel Concessions (Eligibility) (England) Order "
    "2010 (SI 2010/459) art. 2",
    because={
        "en": "In England at the State Pension age of a woman born on {date_of_birth}, elsewhere "
        "at 60",
        "cy": "Yn Lloegr ar oedran Pensiwn y Wladwriaeth menyw a anwyd ar {date_of_birth}, mewn "
        "mannau eraill yn 60 oed",
    },
)
def bus_pass_date(country, date_of_birth, womans_state_pension_date):
    return when(country == "england", womans_state_pension_date, add_years(date_of_birth, 60))


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "Old enough for the older person's free bus pass",
        "cy": "Yn ddigon hen ar gyfer pàs bws am ddim i berson hŷn",
    },
    cite="Transport Act 2000 ss.145A, 145B, 146; SI 2010/459 art. 2",
    because={
        "en": "The pass can be had from {bus_pass_date}",
        "cy": "Gellir cael y pàs o {bus_pass_date}",
    },
    otherwise={
        "en": "The pass can only be had from {bus_pass_date}",
        "cy": "Dim ond o {bus_pass_date} y gellir cael y pàs",
    },
)
def bus_pass_age_reached(bus_pass_date):
    return today() >= bus_pass_date


book.programme(
    "state_pension",
    goal="state_pension_age_reached",
    title={
        "en": "Old enough for the State Pension",
        "cy": "Yn ddigon hen ar gyfer Pensiwn y Wladwriaeth",
    },
    about={
        "en": "How much it is depends on your National Insurance record",
        "cy": "Mae'r swm yn dibynnu ar eich cofnod Yswiriant Gwladol",
    },
)
book.programme(
    "bus_pass",
    goal="bus_pass_age_reached",
    title={"en": "Free bus pass for older people", "cy": "Pàs bws am ddim i bobl hŷn"},
)
