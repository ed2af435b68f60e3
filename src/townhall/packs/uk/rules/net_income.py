"""What a household has to live on: a measure of statistics, which no law pays or takes by.

Net income before housing costs, after the definition of Households Below Average Income (HBAI).
Not taken off, because nothing here says how much it is: council tax, student loans, maintenance
paid, and what is paid into a pension by salary sacrifice, which is no pay to begin with.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import FAMILY, GBP, HOUSEHOLD, PERSON, YEAR, Book, total

book = Book("net_income")

HBAI = (
    "Households Below Average Income (Department for Work and Pensions), quality and methodology "
    "report: net income before housing costs"
)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income from work, savings and property", "Incwm o waith, cynilion ac eiddo"),
    cite=HBAI,
    because=both(
        "Pay {employment_income}, self-employment {self_employment_income}, interest "
        "{savings_interest} and {tax_free_savings_interest}, dividends {dividend_income}, property "
        "{property_income}, other {miscellaneous_income}",
        "Cyflog {employment_income}, hunangyflogaeth {self_employment_income}, llog "
        "{savings_interest} a {tax_free_savings_interest}, difidendau {dividend_income}, eiddo "
        "{property_income}, arall {miscellaneous_income}",
    ),
    otherwise=both("None", "Dim"),
)
def market_income(
    employment_income,
    self_employment_income,
    savings_interest,
    tax_free_savings_interest,
    dividend_income,
    property_income,
    miscellaneous_income,
):
    return (
        employment_income
        + self_employment_income
        + savings_interest
        + tax_free_savings_interest
        + dividend_income
        + property_income
        + miscellaneous_income
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Pensions, statutory pay and benefits for earlier contributions",
        "Pensiynau, tâl statudol a budd-daliadau am gyfraniadau cynharach",
    ),
    cite=HBAI,
    because=both(
        "State Pension {state_pension}, other pensions {private_pension_income}, statutory pay "
        "{statutory_sick_pay_received}, {statutory_maternity_pay_received} and "
        "{statutory_paternity_pay_received}, and benefits received",
        "Pensiwn y Wladwriaeth {state_pension}, pensiynau eraill {private_pension_income}, tâl "
        "statudol {statutory_sick_pay_received}, {statutory_maternity_pay_received} a "
        "{statutory_paternity_pay_received}, a budd-daliadau a gafwyd",
    ),
    otherwise=both("None", "Dim"),
)
def pensions_and_benefits_received(
    state_pension,
    private_pension_income,
    statutory_sick_pay_received,
    statutory_maternity_pay_received,
    statutory_paternity_pay_received,
    carers_allowance,
    contribution_based_jobseekers_allowance,
    contribution_based_employment_support_allowance,
    incapacity_benefit,
    severe_disablement_allowance,
    maternity_allowance,
    widowed_parents_allowance,
    industrial_injuries_benefit,
    maintenance_received,
):
    return (
        state_pension
        + private_pension_income
        + statutory_sick_pay_received
        + statutory_maternity_pay_received
        + statutory_paternity_pay_received
        + carers_allowance
        + contribution_based_jobseekers_allowance
        + contribution_based_employment_support_allowance
        + incapacity_benefit
        + severe_disablement_allowance
        + maternity_allowance
        + widowed_parents_allowance
        + industrial_injuries_benefit
        + maintenance_received
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("What tax and contributions take", "Yr hyn y mae treth a chyfraniadau yn ei gymryd"),
    cite=HBAI,
    because=both(
        "Income tax {income_tax}, National Insurance {national_insurance}, pension contributions "
        "{employee_pension_contributions} and {personal_pension_contributions}",
        "Treth incwm {income_tax}, Yswiriant Gwladol {national_insurance}, cyfraniadau pensiwn "
        "{employee_pension_contributions} a {personal_pension_contributions}",
    ),
    otherwise=both("Nothing", "Dim"),
)
def deductions_from_income(
    income_tax,
    national_insurance,
    employee_pension_contributions,
    personal_pension_contributions,
):
    return (
        income_tax
        + national_insurance
        + employee_pension_contributions
        + personal_pension_contributions
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Net income of a person", "Incwm net person"),
    cite=HBAI,
    because=both(
        "{market_income} and {pensions_and_benefits_received}, help with fuel {winter_fuel_help}, "
        "less {deductions_from_income}",
        "{market_income} a {pensions_and_benefits_received}, help gyda thanwydd "
        "{winter_fuel_help}, llai {deductions_from_income}",
    ),
    otherwise=both("None", "Dim"),
)
def net_income_of_person(
    market_income, pensions_and_benefits_received, winter_fuel_help, deductions_from_income
):
    return (
        market_income + pensions_and_benefits_received + winter_fuel_help - deductions_from_income
    )


@book.rule(
    FAMILY,
    GBP / YEAR,
    title=both("Benefits paid to a family", "Budd-daliadau a delir i deulu"),
    cite=HBAI,
    because=both(
        "Child Benefit {child_benefit_paid} a year, Universal Credit {universal_credit_payment} a "
        "month, Pension Credit {pension_credit_payment} a week",
        "Budd-dal Plant {child_benefit_paid} y flwyddyn, Credyd Cynhwysol "
        "{universal_credit_payment} y mis, Credyd Pensiwn {pension_credit_payment} yr wythnos",
    ),
    otherwise=both("None", "Dim"),
)
def benefits_paid_to_family(child_benefit_paid, universal_credit_payment, pension_credit_payment):
    return (
        child_benefit_paid + universal_credit_payment.per(YEAR) + pension_credit_payment.per(YEAR)
    )


@book.rule(
    HOUSEHOLD,
    GBP / YEAR,
    title=both(
        "Net income of a household before housing costs", "Incwm net cartref cyn costau tai"
    ),
    cite=HBAI,
    because=both(
        "What its members have together, with the benefits of its families",
        "Yr hyn sydd gan ei aelodau gyda'i gilydd, gyda budd-daliadau ei deuluoedd",
    ),
    otherwise=both("None", "Dim"),
)
def household_net_income(net_income_of_person, benefits_paid_to_family):
    return total(net_income_of_person) + total(benefits_paid_to_family)
