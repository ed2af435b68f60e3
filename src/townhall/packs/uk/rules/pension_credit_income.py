"""Pension Credit: income.

State Pension Credit Act 2002 ss.5, 15, 16; State Pension Credit Regulations 2002 regs 14 to 18,
Sch. IV. Interest, dividends and the like do not count: capital is deemed to give income instead.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    PERSON,
    WEEK,
    YEAR,
    Book,
    at_least,
    rate,
    total,
)

book = Book("pension_credit_income")


def _income(name: str, entity, en: str, cy: str) -> None:
    book.fact(name, entity, GBP / YEAR, title=both(en, cy), usual=0, low=0, cost=2)


_income(
    "armed_forces_compensation",
    PERSON,
    "Guaranteed income payment of the Armed Forces Compensation Scheme",
    "Taliad incwm gwarantedig Cynllun Digolledu'r Lluoedd Arfog",
)
_income(
    "war_widows_pension",
    PERSON,
    "War widow's or widower's pension",
    "Pensiwn gweddw rhyfel",
)
_income("working_tax_credit", FAMILY, "Working Tax Credit received", "Credyd Treth Gwaith a gafwyd")


@book.rule(
    PERSON,
    GBP / WEEK,
    title=both("War pensions that count", "Pensiynau rhyfel sy'n cyfrif"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 15(5), Sch. IV paras. 1, 2",
    because=both(
        "{pension_credit.war_pension_disregard} of each payment does not count",
        "Nid yw {pension_credit.war_pension_disregard} o bob taliad yn cyfrif",
    ),
    otherwise=both(
        "No war pension above what does not count",
        "Dim pensiwn rhyfel uwchlaw'r hyn nad yw'n cyfrif",
    ),
)
def war_pensions_counted_of_person(armed_forces_compensation, war_widows_pension):
    off = rate("pension_credit.war_pension_disregard")
    one = at_least(armed_forces_compensation.per(WEEK) - off, 0)
    other = at_least(war_widows_pension.per(WEEK) - off, 0)
    return one + other


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both(
        "War pensions of both adults that count", "Pensiynau rhyfel y ddau oedolyn sy'n cyfrif"
    ),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 14, Sch. IV",
    because=both(
        "Each adult has the disregard of their own", "Mae gan bob oedolyn ei ddiystyriad ei hun"
    ),
    otherwise=both("None", "Dim"),
)
def war_pensions_counted(is_adult_of_family, war_pensions_counted_of_person):
    return total(war_pensions_counted_of_person, where=is_adult_of_family)


@book.rule(
    PERSON,
    GBP / WEEK,
    title=both(
        "Widowed Parent's Allowance of one person that counts",
        "Lwfans Rhiant Gweddw un person sy'n cyfrif",
    ),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) Sch. IV para. 7",
    because=both(
        "{pension_credit.widowed_parents_disregard} of it does not count",
        "Nid yw {pension_credit.widowed_parents_disregard} ohono yn cyfrif",
    ),
    otherwise=both("None", "Dim"),
)
def widowed_parents_allowance_of_person(widowed_parents_allowance):
    off = rate("pension_credit.widowed_parents_disregard")
    return at_least(widowed_parents_allowance.per(WEEK) - off, 0)


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Widowed Parent's Allowance that counts", "Lwfans Rhiant Gweddw sy'n cyfrif"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 14, Sch. IV para. 7",
    because=both(
        "Each adult has the disregard of their own", "Mae gan bob oedolyn ei ddiystyriad ei hun"
    ),
    otherwise=both("None", "Dim"),
)
def widowed_parents_allowance_counted(is_adult_of_family, widowed_parents_allowance_of_person):
    return total(widowed_parents_allowance_of_person, where=is_adult_of_family)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Income tax on income that is not earnings", "Treth incwm ar incwm nad yw'n enillion"
    ),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 17(10)",
    because=both(
        "Tax of {income_tax_before_winter_fuel_charge}, less what pay and profits cause",
        "Treth o {income_tax_before_winter_fuel_charge}, llai'r hyn y mae cyflog ac elw yn ei "
        "achosi",
    ),
    otherwise=both("None", "Dim"),
)
def income_tax_beside_earnings(
    income_tax_before_winter_fuel_charge, income_tax_caused_by_pay, income_tax_caused_by_profits
):
    caused = income_tax_caused_by_pay + income_tax_caused_by_profits
    return at_least(income_tax_before_winter_fuel_charge - caused, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Pensions, benefits and rent of one person", "Pensiynau, budd-daliadau a rhent un person"
    ),
    cite="State Pension Credit Act 2002 ss.15(1), 16; State Pension Credit Regulations 2002 (SI "
    "2002/1792) regs 15, 17(10)",
    because=both(
        "All that counts in full, less {income_tax_beside_earnings} of tax on it",
        "Popeth sy'n cyfrif yn llawn, llai {income_tax_beside_earnings} o dreth arno",
    ),
    otherwise=both("None", "Dim"),
)
def pension_credit_other_income_of_person(
    state_pension,
    private_pension_income,
    property_income,
    maintenance_received,
    contribution_based_employment_support_allowance,
    contribution_based_jobseekers_allowance,
    carers_allowance,
    carer_support_payment_counted,
    industrial_injuries_benefit,
    severe_disablement_allowance,
    incapacity_benefit,
    maternity_allowance,
    income_tax_beside_earnings,
):
    return (
        state_pension
        + private_pension_income
        + at_least(property_income, 0)
        + maintenance_received
        + contribution_based_employment_support_allowance
        + contribution_based_jobseekers_allowance
        + carers_allowance
        + carer_support_payment_counted
        + industrial_injuries_benefit
        + severe_disablement_allowance
        + incapacity_benefit
        + maternity_allowance
        - income_tax_beside_earnings
    )


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Income for Pension Credit", "Incwm ar gyfer Credyd Pensiwn"),
    cite="State Pension Credit Act 2002 ss.5, 15; State Pension Credit Regulations 2002 (SI "
    "2002/1792) regs 14, 15, 17",
    because=both(
        "Earnings of {pension_credit_earnings} less tax and the like and "
        "{pension_credit_earnings_disregard}, pensions and benefits, {war_pensions_counted} of war "
        "pensions and {pension_credit_deemed_income} from capital",
        "Enillion o {pension_credit_earnings} llai treth ac ati a "
        "{pension_credit_earnings_disregard}, pensiynau a budd-daliadau, {war_pensions_counted} o "
        "bensiynau rhyfel a {pension_credit_deemed_income} o gyfalaf",
    ),
    otherwise=both("No income that counts", "Dim incwm sy'n cyfrif"),
)
def pension_credit_income(
    is_adult_of_family,
    pension_credit_earnings,
    deductions_from_earnings,
    pension_credit_earnings_disregard,
    pension_credit_other_income_of_person,
    working_tax_credit,
    war_pensions_counted,
    widowed_parents_allowance_counted,
    pension_credit_deemed_income,
):
    off = total(deductions_from_earnings, where=is_adult_of_family).per(WEEK)
    earned = at_least(pension_credit_earnings - off - pension_credit_earnings_disregard, 0)
    other = total(pension_credit_other_income_of_person, where=is_adult_of_family)
    benefits = (other + working_tax_credit).per(WEEK)
    counted = war_pensions_counted + widowed_parents_allowance_counted
    return at_least(earned + benefits + counted + pension_credit_deemed_income, 0)
