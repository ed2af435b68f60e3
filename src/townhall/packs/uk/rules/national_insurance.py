"""National Insurance of employees (Class 1).

Source: Social Security Contributions and Benefits Act 1992 ss.2-9B; Social Security (Contributions)
Regulations 2001 (SI 2001/1004) regs 8, 10-12. Contributions are worked out for each pay period and
pay is taken as the same in each. With the annual period the thresholds of the year count, as they
do for company directors.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    GBP,
    NUMBER,
    PERCENT,
    PERSON,
    YEAR,
    YES_NO,
    Book,
    Term,
    at_least,
    at_most,
    choice,
    choose,
    rate,
    when,
)

book = Book("national_insurance")

book.fact(
    "pay_period",
    PERSON,
    choice("week", "month", "year"),
    title=both("How often pay comes", "Pa mor aml y daw'r cyflog"),
    ask=both(
        "Are you paid by the week or by the month?",
        "A ydych yn cael eich talu bob wythnos neu bob mis?",
    ),
    usual="year",
    cost=1,
    options={
        "week": both("every week", "bob wythnos"),
        "month": both("every month", "bob mis"),
        "year": both("once a year, or evenly over the year", "unwaith y flwyddyn, neu'n wastad"),
    },
    rarely=True,
)
book.fact(
    "is_director_for_whole_year",
    PERSON,
    YES_NO,
    title=both(
        "Company director for the whole tax year", "Cyfarwyddwr cwmni am y flwyddyn dreth gyfan"
    ),
    ask=both(
        "Have you been a director of a company for the whole tax year?",
        "A fuoch yn gyfarwyddwr cwmni am y flwyddyn dreth gyfan?",
    ),
    usual=False,
    cost=2,
    rarely=True,
)
book.fact(
    "class_3_contributions",
    PERSON,
    GBP / YEAR,
    title=both("Voluntary contributions (Class 3)", "Cyfraniadau gwirfoddol (Dosbarth 3)"),
    usual=0,
    low=0,
    cost=4,
)


def threshold_for_year(key: str, pay_period: Term, pay_periods: Term, director: Term) -> Term:
    """A threshold of pay periods for all of them in a year; directors have one annual period."""
    period = when(director, "year", pay_period)
    # The entries of the tariff are for the period; times the number of periods, for the year.
    return (rate(key, by=period) * pay_periods).as_unit(GBP / YEAR)


@book.rule(
    PERSON,
    NUMBER,
    title=both("Pay periods a year", "Cyfnodau cyflog y flwyddyn"),
    cite="SI 2001/1004 regs 3, 8",
    because=both("{value} in a year", "{value} mewn blwyddyn"),
)
def pay_periods(pay_period, is_director_for_whole_year):
    number = choose((pay_period == "week", 52), (pay_period == "month", 12), otherwise=1)
    return when(is_director_for_whole_year, 1, number)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Salary sacrifice for pensions that is free of contributions",
        "Aberthu cyflog at bensiynau sy'n rhydd o gyfraniadau",
    ),
    cite="SSCBA 1992 s.4; National Insurance Contributions (Employer Pensions Contributions) Act "
    "2026",
    because=both(
        "Up to {ni.salary_sacrifice_limit} a year", "Hyd at {ni.salary_sacrifice_limit} y flwyddyn"
    ),
)
def salary_sacrifice_limit():
    return rate("ni.salary_sacrifice_limit")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Salary sacrifice that counts as earnings", "Aberthu cyflog sy'n cyfrif fel enillion"
    ),
    cite="SSCBA 1992 s.4; National Insurance Contributions (Employer Pensions Contributions) Act "
    "2026",
    because=both(
        "{pay_sacrificed} less {salary_sacrifice_limit}",
        "{pay_sacrificed} llai {salary_sacrifice_limit}",
    ),
    otherwise=both("Nothing is above the limit", "Nid oes dim uwchlaw'r terfyn"),
)
def salary_sacrifice_excess(pay_sacrificed, salary_sacrifice_limit):
    return at_least(pay_sacrificed - salary_sacrifice_limit, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Earnings for National Insurance", "Enillion ar gyfer Yswiriant Gwladol"),
    cite="SSCBA 1992 ss.3, 4, 6",
    because=both(
        "Pay {employment_income}, statutory payments {statutory_pay} and salary sacrifice above "
        "the limit {salary_sacrifice_excess}",
        "Cyflog {employment_income}, taliadau statudol {statutory_pay} ac aberthu cyflog "
        "uwchlaw'r terfyn {salary_sacrifice_excess}",
    ),
)
def class_1_earnings(employment_income, statutory_pay, salary_sacrifice_excess):
    return employment_income + statutory_pay + salary_sacrifice_excess


@book.rule(
    PERSON,
    YES_NO,
    title=both("Pays National Insurance on pay", "Yn talu Yswiriant Gwladol ar gyflog"),
    cite="SSCBA 1992 s.6(1), (3)",
    because=both(
        "16 or older and below State Pension age",
        "16 neu hŷn ac o dan oedran Pensiwn y Wladwriaeth",
    ),
    otherwise=both(
        "Under 16, or over State Pension age", "O dan 16, neu dros oedran Pensiwn y Wladwriaeth"
    ),
)
def pays_class_1(age, state_pension_age_reached):
    return (age >= 16) & ~state_pension_age_reached


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Threshold of employees for the year", "Trothwy gweithwyr am y flwyddyn"),
    cite="SSCBA 1992 s.5; SI 2001/1004 reg. 11",
    because=both(
        "The threshold of {pay_periods} pay periods", "Trothwy {pay_periods} cyfnod cyflog"
    ),
)
def class_1_primary_threshold(pay_period, pay_periods, is_director_for_whole_year):
    return threshold_for_year(
        "ni.primary_threshold", pay_period, pay_periods, is_director_for_whole_year
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Upper earnings limit for the year", "Terfyn enillion uchaf am y flwyddyn"),
    cite="SSCBA 1992 s.5; SI 2001/1004 reg. 10",
    because=both("The limit of {pay_periods} pay periods", "Terfyn {pay_periods} cyfnod cyflog"),
)
def class_1_upper_earnings_limit(pay_period, pay_periods, is_director_for_whole_year):
    return threshold_for_year(
        "ni.upper_earnings_limit", pay_period, pay_periods, is_director_for_whole_year
    )


@book.rule(
    PERSON,
    PERCENT,
    title=both("Main rate of employees", "Prif gyfradd gweithwyr"),
    cite="SSCBA 1992 s.8(2)(a); SI 2001/1004 reg. 8",
    because=both(
        "{ni.main_rate}, for directors {ni.director_main_rate}",
        "{ni.main_rate}, i gyfarwyddwyr {ni.director_main_rate}",
    ),
)
def class_1_main_rate(is_director_for_whole_year):
    return when(is_director_for_whole_year, rate("ni.director_main_rate"), rate("ni.main_rate"))


@book.rule(
    PERSON,
    PERCENT,
    title=both("Additional rate of employees", "Cyfradd ychwanegol gweithwyr"),
    cite="SSCBA 1992 s.8(2)(b); SI 2001/1004 reg. 8",
    because=both(
        "{ni.additional_rate}, for directors {ni.director_additional_rate}",
        "{ni.additional_rate}, i gyfarwyddwyr {ni.director_additional_rate}",
    ),
)
def class_1_additional_rate(is_director_for_whole_year):
    return when(
        is_director_for_whole_year,
        rate("ni.director_additional_rate"),
        rate("ni.additional_rate"),
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Contributions at the main rate", "Cyfraniadau ar y brif gyfradd"),
    cite="SSCBA 1992 s.8(1)(a)",
    because=both(
        "{class_1_main_rate} of earnings between {class_1_primary_threshold} and "
        "{class_1_upper_earnings_limit}",
        "{class_1_main_rate} o'r enillion rhwng {class_1_primary_threshold} a "
        "{class_1_upper_earnings_limit}",
    ),
    otherwise=both(
        "Earnings are below the threshold, or nothing is due",
        "Mae'r enillion o dan y trothwy, neu nid oes dim yn ddyledus",
    ),
)
def class_1_main(
    pays_class_1,
    class_1_earnings,
    class_1_primary_threshold,
    class_1_upper_earnings_limit,
    class_1_main_rate,
):
    band = at_most(class_1_earnings, class_1_upper_earnings_limit) - class_1_primary_threshold
    return when(pays_class_1, at_least(band, 0) * class_1_main_rate, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Contributions above the upper limit", "Cyfraniadau uwchlaw'r terfyn uchaf"),
    cite="SSCBA 1992 s.8(1)(b)",
    because=both(
        "{class_1_additional_rate} of earnings above {class_1_upper_earnings_limit}",
        "{class_1_additional_rate} o'r enillion uwchlaw {class_1_upper_earnings_limit}",
    ),
    otherwise=both(
        "Earnings are below the upper limit, or nothing is due",
        "Mae'r enillion o dan y terfyn uchaf, neu nid oes dim yn ddyledus",
    ),
)
def class_1_additional(
    pays_class_1, class_1_earnings, class_1_upper_earnings_limit, class_1_additional_rate
):
    above = at_least(class_1_earnings - class_1_upper_earnings_limit, 0)
    return when(pays_class_1, above * class_1_additional_rate, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("National Insurance on pay", "Yswiriant Gwladol ar gyflog"),
    cite="SSCBA 1992 s.8",
    because=both(
        "{class_1_main} at the main rate and {class_1_additional} above the upper limit",
        "{class_1_main} ar y brif gyfradd a {class_1_additional} uwchlaw'r terfyn uchaf",
    ),
    otherwise=both("None is due on your pay", "Nid oes dim yn ddyledus ar eich cyflog"),
)
def class_1_employee(class_1_main, class_1_additional):
    return class_1_main + class_1_additional


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "National Insurance of employees on salary sacrifice",
        "Yswiriant Gwladol gweithwyr ar aberthu cyflog",
    ),
    cite="National Insurance Contributions (Employer Pensions Contributions) Act 2026; SSCBA 1992 "
    "s.8",
    because=both(
        "The part of {class_1_employee} that is due on {salary_sacrifice_excess}",
        "Y rhan o {class_1_employee} sy'n ddyledus ar {salary_sacrifice_excess}",
    ),
    otherwise=both("None is due on salary sacrifice", "Nid oes dim yn ddyledus ar aberthu cyflog"),
)
def class_1_employee_on_salary_sacrifice(
    pays_class_1,
    class_1_employee,
    class_1_earnings,
    salary_sacrifice_excess,
    class_1_primary_threshold,
    class_1_upper_earnings_limit,
    class_1_main_rate,
    class_1_additional_rate,
):
    without = class_1_earnings - salary_sacrifice_excess
    main = at_most(without, class_1_upper_earnings_limit) - class_1_primary_threshold
    above = at_least(without - class_1_upper_earnings_limit, 0)
    paid = at_least(main, 0) * class_1_main_rate + above * class_1_additional_rate
    return when(pays_class_1, class_1_employee - paid, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("National Insurance", "Yswiriant Gwladol"),
    cite="SSCBA 1992 s.1(2)",
    because=both(
        "On pay {class_1_employee}, self-employed {class_2} and {class_4}, voluntary "
        "{class_3_contributions}",
        "Ar gyflog {class_1_employee}, hunangyflogedig {class_2} a {class_4}, gwirfoddol "
        "{class_3_contributions}",
    ),
    otherwise=both("No National Insurance is due", "Nid oes Yswiriant Gwladol yn ddyledus"),
)
def national_insurance(class_1_employee, class_2, class_3_contributions, class_4):
    return class_1_employee + class_2 + class_3_contributions + class_4


book.programme(
    "national_insurance",
    goal="national_insurance",
    title=both("National Insurance", "Yswiriant Gwladol"),
    gives=False,
)
