"""National Insurance of employers (Class 1 secondary).

Source: Social Security Contributions and Benefits Act 1992 ss.6, 9-9B; Social Security
(Contributions) Regulations 2001 (SI 2001/1004) regs 8, 10-12.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.packs.uk.rules.national_insurance import threshold_for_year
from townhall.rules.engine.law import GBP, PERCENT, PERSON, YEAR, YES_NO, Book, at_least, rate, when

book = Book("national_insurance_employer")


@book.rule(
    PERSON,
    YES_NO,
    title=both("The employer pays National Insurance", "Mae'r cyflogwr yn talu Yswiriant Gwladol"),
    cite="SSCBA 1992 s.6(1), (4)",
    because=both("16 or older", "16 neu hŷn"),
    otherwise=both("Under 16", "O dan 16"),
)
def employer_pays_class_1(age):
    return age >= 16


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Threshold of employers for the year", "Trothwy cyflogwyr am y flwyddyn"),
    cite="SSCBA 1992 s.9(1); SI 2001/1004 reg. 11",
    because=both(
        "The threshold of {pay_periods} pay periods", "Trothwy {pay_periods} cyfnod cyflog"
    ),
)
def class_1_secondary_threshold(pay_period, pay_periods, is_director_for_whole_year):
    return threshold_for_year(
        "ni.secondary_threshold", pay_period, pay_periods, is_director_for_whole_year
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Threshold of employers of young people and apprentices",
        "Trothwy cyflogwyr pobl ifanc a phrentisiaid",
    ),
    cite="SSCBA 1992 ss.9A, 9B",
    because=both(
        "The threshold of {pay_periods} pay periods", "Trothwy {pay_periods} cyfnod cyflog"
    ),
)
def class_1_upper_secondary_threshold(pay_period, pay_periods, is_director_for_whole_year):
    return threshold_for_year(
        "ni.upper_secondary_threshold", pay_period, pay_periods, is_director_for_whole_year
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "The employer is relieved for a young person", "Rhyddheir y cyflogwr ar gyfer person ifanc"
    ),
    cite="SSCBA 1992 ss.9A, 9B",
    because=both("Under 21, or an apprentice under 25", "O dan 21, neu brentis o dan 25"),
    otherwise=both("21 or older and no young apprentice", "21 neu hŷn a dim yn brentis ifanc"),
)
def employer_relieved_for_age(age, is_apprentice):
    return (age < 21) | (is_apprentice & (age < rate("ni.apprentice_age")))


@book.rule(
    PERSON,
    PERCENT,
    title=both("Rate of employers", "Cyfradd cyflogwyr"),
    cite="SSCBA 1992 s.9(2); SI 2001/1004 reg. 8",
    because=both(
        "{ni.employer_rate}, for directors {ni.director_employer_rate}",
        "{ni.employer_rate}, i gyfarwyddwyr {ni.director_employer_rate}",
    ),
)
def class_1_employer_rate(is_director_for_whole_year):
    return when(
        is_director_for_whole_year, rate("ni.director_employer_rate"), rate("ni.employer_rate")
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Earnings above which the employer pays", "Enillion y mae'r cyflogwr yn talu uwch eu pen"
    ),
    cite="SSCBA 1992 ss.9, 9A, 9B",
    because=both(
        "{class_1_secondary_threshold}, for young people and apprentices "
        "{class_1_upper_secondary_threshold}",
        "{class_1_secondary_threshold}, i bobl ifanc a phrentisiaid "
        "{class_1_upper_secondary_threshold}",
    ),
)
def employer_pays_above(
    employer_relieved_for_age, class_1_secondary_threshold, class_1_upper_secondary_threshold
):
    return when(
        employer_relieved_for_age, class_1_upper_secondary_threshold, class_1_secondary_threshold
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("National Insurance of the employer", "Yswiriant Gwladol y cyflogwr"),
    cite="SSCBA 1992 s.9",
    because=both(
        "{class_1_employer_rate} of earnings {class_1_earnings} above {employer_pays_above}",
        "{class_1_employer_rate} o'r enillion {class_1_earnings} uwchlaw {employer_pays_above}",
    ),
    otherwise=both("None is due from the employer", "Nid oes dim yn ddyledus gan y cyflogwr"),
)
def class_1_employer(
    employer_pays_class_1, class_1_earnings, employer_pays_above, class_1_employer_rate
):
    above = at_least(class_1_earnings - employer_pays_above, 0)
    return when(employer_pays_class_1, above * class_1_employer_rate, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "National Insurance of the employer on salary sacrifice",
        "Yswiriant Gwladol y cyflogwr ar aberthu cyflog",
    ),
    cite="National Insurance Contributions (Employer Pensions Contributions) Act 2026; SSCBA 1992 "
    "s.9",
    because=both(
        "The part of {class_1_employer} that is due on {salary_sacrifice_excess}",
        "Y rhan o {class_1_employer} sy'n ddyledus ar {salary_sacrifice_excess}",
    ),
    otherwise=both("None is due on salary sacrifice", "Nid oes dim yn ddyledus ar aberthu cyflog"),
)
def class_1_employer_on_salary_sacrifice(
    employer_pays_class_1,
    class_1_employer,
    class_1_earnings,
    salary_sacrifice_excess,
    employer_pays_above,
    class_1_employer_rate,
):
    above = at_least(class_1_earnings - salary_sacrifice_excess - employer_pays_above, 0)
    return when(employer_pays_class_1, class_1_employer - above * class_1_employer_rate, 0)
