"""Universal Credit: earned and unearned income of the family, work allowance, and the deduction.

Welfare Reform Act 2012 s.8(3); Universal Credit Regulations 2013 regs 22, 66, 67, 72.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    MONTH,
    NUMBER,
    PERSON,
    YEAR,
    YES_NO,
    Book,
    any_of,
    at_least,
    at_most,
    rate,
    today,
    total,
    when,
)

book = Book("universal_credit_income")

book.fact(
    "student_loan_and_grants",
    PERSON,
    GBP / YEAR,
    title=both(
        "Student loan and grants for living costs in the academic year",
        "Benthyciad myfyriwr a grantiau at gostau byw yn y flwyddyn academaidd",
    ),
    ask=both(
        "What student loan and grants can you have this academic year for living costs?",
        "Pa fenthyciad myfyriwr a grantiau y gallwch eu cael eleni at gostau byw?",
    ),
    usual=0,
    low=0,
    cost=3,
)
book.fact(
    "months_of_course",
    PERSON,
    NUMBER,
    title=both(
        "Months of the course in the academic year, the long vacation left out",
        "Misoedd y cwrs yn y flwyddyn academaidd, heb y gwyliau hir",
    ),
    ask=both(
        "How many months does your course last this year, without the long vacation?",
        "Faint o fisoedd y mae eich cwrs yn para eleni, heb y gwyliau hir?",
    ),
    usual=9,
    low=1,
    high=12,
    cost=3,
)


@book.rule(
    PERSON,
    GBP / MONTH,
    title=both("Student income", "Incwm myfyriwr"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 68 to 71",
    because=both(
        "{student_loan_and_grants} spread over {months_of_course:month|months} of the course, less "
        "{universal_credit.student_disregard}",
        "{student_loan_and_grants} dros {months_of_course:mis|o fisoedd} y cwrs, llai "
        "{universal_credit.student_disregard}",
    ),
    otherwise=both(
        "No student income that counts this month", "Dim incwm myfyriwr sy'n cyfrif y mis hwn"
    ),
)
def student_income(is_student_with_income, student_loan_and_grants, months_of_course):
    # A sum of the academic year, spread over its months of study (reg. 71).
    monthly = (student_loan_and_grants / months_of_course).as_unit(GBP / MONTH)
    counted = at_least(monthly - rate("universal_credit.student_disregard"), 0)
    return when(is_student_with_income, counted, 0)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Has a work allowance", "Mae lwfans gwaith"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 22(1)(b)",
    because=both(
        "Responsible for a child, or an adult has limited capability for work",
        "Yn gyfrifol am blentyn, neu mae gan oedolyn allu cyfyngedig i weithio",
    ),
    otherwise=both(
        "No child, and no adult with limited capability for work",
        "Dim plentyn, a dim oedolyn â gallu cyfyngedig i weithio",
    ),
)
def has_work_allowance(
    is_responsible_for_child, is_adult_of_family, has_limited_capability_for_work
):
    return is_responsible_for_child | any_of(is_adult_of_family & has_limited_capability_for_work)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Work allowance", "Lwfans gwaith"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 22(2)",
    because=both(
        "{universal_credit.work_allowance.with_housing} with a housing costs element, "
        "{universal_credit.work_allowance.without_housing} without",
        "{universal_credit.work_allowance.with_housing} gydag elfen costau tai, "
        "{universal_credit.work_allowance.without_housing} heb un",
    ),
    otherwise=both("No work allowance", "Dim lwfans gwaith"),
)
def work_allowance(has_work_allowance, universal_credit_housing_element):
    amount = when(
        universal_credit_housing_element > 0,
        rate("universal_credit.work_allowance.with_housing"),
        rate("universal_credit.work_allowance.without_housing"),
    )
    return when(has_work_allowance, amount, 0)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Earned income of the family", "Incwm a enillir y teulu"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 22(1)(b), (3)",
    because=both(
        "What both adults earn; a partner who cannot claim counts too, children do not",
        "Yr hyn y mae'r ddau oedolyn yn ei ennill; mae partner na all hawlio yn cyfrif hefyd, nid "
        "plant",
    ),
    otherwise=both("No earned income", "Dim incwm a enillir"),
)
def earned_income_of_family(is_adult_of_family, earned_income_of_person):
    return total(earned_income_of_person, where=is_adult_of_family)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Earned income above the work allowance", "Incwm a enillir uwchlaw'r lwfans gwaith"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 22(1)(b), (3)",
    because=both(
        "{earned_income_of_family}, less {work_allowance}",
        "{earned_income_of_family}, llai {work_allowance}",
    ),
    otherwise=both(
        "No earned income above the work allowance", "Dim incwm a enillir uwchlaw'r lwfans gwaith"
    ),
)
def universal_credit_earned_income(earned_income_of_family, work_allowance):
    return at_least(earned_income_of_family - work_allowance, 0)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Unearned income", "Incwm na enillir"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 66(1); SI 2014/1230 reg. 25(1)",
    because=both(
        "Pensions, benefits that stand for earnings, maintenance from a former partner, student "
        "and other taxed income, and {tariff_income} from capital; interest, dividends and rent "
        "themselves do not count",
        "Pensiynau, budd-daliadau sy'n sefyll dros enillion, cynhaliaeth gan gyn-bartner, incwm "
        "myfyriwr ac incwm arall a drethir, a {tariff_income} o gyfalaf; nid yw llog, difidendau a "
        "rhent eu hunain yn cyfrif",
    ),
    otherwise=both("No unearned income that counts", "Dim incwm na enillir sy'n cyfrif"),
)
def universal_credit_unearned_income(
    is_adult_of_family,
    private_pension_income,
    state_pension,
    carers_allowance,
    carer_support_payment_counted,
    contribution_based_jobseekers_allowance,
    contribution_based_employment_support_allowance,
    maternity_allowance,
    industrial_injuries_benefit,
    incapacity_benefit,
    severe_disablement_allowance,
    widowed_parents_allowance,
    maintenance_received,
    miscellaneous_income,
    student_income,
    tariff_income,
):
    yearly = (
        private_pension_income
        + state_pension
        + carers_allowance
        + contribution_based_jobseekers_allowance
        + contribution_based_employment_support_allowance
        + maternity_allowance
        + industrial_injuries_benefit
        + incapacity_benefit
        + severe_disablement_allowance
        + widowed_parents_allowance
        + maintenance_received
        + miscellaneous_income
    )
    # Carer Support Payment came into the list on 19 November 2023 (SI 2023/1218 art. 23).
    scottish = when(today() >= "2023-11-19", carer_support_payment_counted, 0)
    monthly = (yearly + scottish).per(MONTH) + student_income
    return total(monthly, where=is_adult_of_family) + tariff_income


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Deduction for income", "Didyniad am incwm"),
    cite="Welfare Reform Act 2012 s.8(3); Universal Credit Regulations 2013 (SI 2013/376) reg. 22",
    because=both(
        "{universal_credit.taper} of {universal_credit_earned_income} earned, and all of "
        "{universal_credit_unearned_income} unearned, at most the maximum amount",
        "{universal_credit.taper} o {universal_credit_earned_income} a enillir, a'r cyfan o "
        "{universal_credit_unearned_income} na enillir, yr uchafswm ar y mwyaf",
    ),
    otherwise=both("No income to deduct", "Dim incwm i'w ddidynnu"),
)
def universal_credit_income_deduction(
    universal_credit_earned_income,
    universal_credit_unearned_income,
    universal_credit_maximum_amount,
):
    earned = universal_credit_earned_income * rate("universal_credit.taper")
    return at_most(earned + universal_credit_unearned_income, universal_credit_maximum_amount)
