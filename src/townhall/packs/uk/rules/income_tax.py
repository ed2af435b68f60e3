"""Income tax of a person for a tax year: tax on income, reductions, charges.

Source: Income Tax Act 2007 s.23 (the Steps), ss.26-30 (reductions), 55B (marriage allowance);
ITTOIA 2005 s.274AA (landlords); ITEPA 2003
Part 10 Chapters 8 and 9 (charges on Child Benefit and winter fuel).
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import GBP, PERSON, YEAR, Book, at_least, at_most, rate, when

book = Book("income_tax")

book.fact(
    "other_tax_reductions",
    PERSON,
    GBP / YEAR,
    title=both(
        "Other reductions of tax (venture capital, maintenance)",
        "Gostyngiadau treth eraill (cyfalaf menter, cynhaliaeth)",
    ),
    usual=0,
    low=0,
    cost=5,
)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Total income without letting", "Cyfanswm incwm heb osod"),
    cite="ITA 2007 s.23, Step 1",
    because=both("All income but that from letting", "Yr holl incwm heblaw'r hyn o osod"),
)
def total_income_without_property(
    taxable_employment_income,
    taxable_pension_income,
    taxable_social_security_income,
    taxable_self_employment_income,
    taxable_miscellaneous_income,
):
    return (
        taxable_employment_income
        + taxable_pension_income
        + taxable_social_security_income
        + taxable_self_employment_income
        + taxable_miscellaneous_income
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Tax on income before reductions", "Treth ar incwm cyn gostyngiadau"),
    cite="ITA 2007 s.23, Step 5",
    because=both(
        "{earned_income_tax}, on letting {property_income_tax}, on interest {savings_income_tax}, "
        "on dividends {dividend_income_tax}",
        "{earned_income_tax}, ar osod {property_income_tax}, ar log {savings_income_tax}, ar "
        "ddifidendau {dividend_income_tax}",
    ),
    otherwise=both("No income is above the allowances", "Nid oes incwm uwchlaw'r lwfansau"),
)
def tax_before_reductions(
    earned_income_tax, property_income_tax, savings_income_tax, dividend_income_tax
):
    return earned_income_tax + property_income_tax + savings_income_tax + dividend_income_tax


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Married couple's allowance that reduces this tax",
        "Lwfans pâr priod sy'n gostwng y dreth hon",
    ),
    cite="ITA 2007 ss.27, 29",
    because=both(
        "{married_couples_allowance_reduction}, at most the tax that is left",
        "{married_couples_allowance_reduction}, y dreth sydd ar ôl ar y mwyaf",
    ),
    otherwise=both("No allowance, or no tax to reduce", "Dim lwfans, neu ddim treth i'w gostwng"),
)
def married_couples_allowance_used(
    married_couples_allowance_reduction, tax_before_reductions, marriage_allowance_reduction
):
    left = at_least(tax_before_reductions - marriage_allowance_reduction, 0)
    return at_most(married_couples_allowance_reduction, left)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Mortgage interest relieved", "Llog morgais a ryddheir"),
    cite="ITTOIA 2005 s.274AA(2)-(3)",
    because=both(
        "The least of the costs {finance_costs_relievable}, the profit of letting "
        "{taxable_property_income} and income above the allowances",
        "Y lleiaf o'r costau {finance_costs_relievable}, elw'r gosod {taxable_property_income} ac "
        "incwm uwchlaw'r lwfansau",
    ),
    otherwise=both("Nothing can be relieved this year", "Ni ellir rhyddhau dim eleni"),
)
def finance_costs_relieved(
    finance_costs_relievable,
    taxable_property_income,
    net_income,
    taxable_savings_interest,
    taxable_dividend_income,
    allowances_left,
    uses_property_allowance,
):
    income = net_income - taxable_savings_interest - taxable_dividend_income
    limit = at_least(income - allowances_left, 0)
    relieved = at_most(finance_costs_relievable, taxable_property_income, limit)
    return when(uses_property_allowance, 0, at_least(relieved, 0))


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Mortgage interest carried to later years",
        "Llog morgais a ddygir i flynyddoedd diweddarach",
    ),
    cite="ITTOIA 2005 s.274AA(4)-(6)",
    because=both(
        "{finance_costs_relievable} less {finance_costs_relieved}",
        "{finance_costs_relievable} llai {finance_costs_relieved}",
    ),
)
def finance_costs_carried_forward(
    finance_costs_relievable,
    finance_costs_relieved,
    uses_property_allowance,
    property_finance_costs_brought_forward,
):
    # The costs of a year in which the property allowance is used are lost (s.783BI).
    return when(
        uses_property_allowance,
        property_finance_costs_brought_forward,
        finance_costs_relievable - finance_costs_relieved,
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Tax reduction for mortgage interest", "Gostyngiad treth am log morgais"),
    cite="ITTOIA 2005 s.274AA(2); ITA 2007 s.29",
    because=both(
        "{property.basic_rate} of {finance_costs_relieved}, at most the tax that is left",
        "{property.basic_rate} o {finance_costs_relieved}, y dreth sydd ar ôl ar y mwyaf",
    ),
    otherwise=both("No mortgage interest is relieved", "Ni ryddheir llog morgais"),
)
def finance_cost_reduction(
    finance_costs_relieved,
    tax_before_reductions,
    marriage_allowance_reduction,
    married_couples_allowance_used,
    other_tax_reductions,
):
    left = (
        tax_before_reductions
        - marriage_allowance_reduction
        - married_couples_allowance_used
        - other_tax_reductions
    )
    return at_most(finance_costs_relieved * rate("property.basic_rate"), at_least(left, 0))


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Tax on income after reductions", "Treth ar incwm ar ôl gostyngiadau"),
    cite="ITA 2007 ss.23 (Step 6), 29",
    because=both(
        "{tax_before_reductions} less marriage allowance {marriage_allowance_reduction}, married "
        "couple's allowance {married_couples_allowance_used}, mortgage interest "
        "{finance_cost_reduction} and other {other_tax_reductions}",
        "{tax_before_reductions} llai lwfans priodasol {marriage_allowance_reduction}, lwfans pâr "
        "priod {married_couples_allowance_used}, llog morgais {finance_cost_reduction} ac eraill "
        "{other_tax_reductions}",
    ),
    otherwise=both("The reductions leave nothing", "Nid yw'r gostyngiadau'n gadael dim"),
)
def tax_after_reductions(
    tax_before_reductions,
    marriage_allowance_reduction,
    married_couples_allowance_used,
    finance_cost_reduction,
    other_tax_reductions,
):
    return at_least(
        tax_before_reductions
        - marriage_allowance_reduction
        - married_couples_allowance_used
        - finance_cost_reduction
        - other_tax_reductions,
        0,
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income tax before the winter fuel charge", "Treth incwm cyn y tâl tanwydd gaeaf"),
    cite="ITA 2007 ss.23 (Step 7), 30",
    because=both(
        "{tax_after_reductions}, the Child Benefit charge {high_income_child_benefit_charge} and "
        "the pension charge {pension_annual_allowance_charge}",
        "{tax_after_reductions}, y tâl Budd-dal Plant {high_income_child_benefit_charge} a'r tâl "
        "pensiwn {pension_annual_allowance_charge}",
    ),
    otherwise=both("No tax and no charge", "Dim treth a dim tâl"),
)
def income_tax_before_winter_fuel_charge(
    tax_after_reductions, high_income_child_benefit_charge, pension_annual_allowance_charge
):
    return tax_after_reductions + high_income_child_benefit_charge + pension_annual_allowance_charge


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income tax", "Treth incwm"),
    cite="ITA 2007 ss.23, 30",
    because=both(
        "{income_tax_before_winter_fuel_charge} and the winter fuel charge {winter_fuel_charge}",
        "{income_tax_before_winter_fuel_charge} a'r tâl tanwydd gaeaf {winter_fuel_charge}",
    ),
    otherwise=both("No income tax is due", "Nid oes treth incwm yn ddyledus"),
)
def income_tax(income_tax_before_winter_fuel_charge, winter_fuel_charge):
    return income_tax_before_winter_fuel_charge + winter_fuel_charge


book.programme(
    "income_tax",
    goal="income_tax",
    title=both("Income tax", "Treth incwm"),
    gives=False,
)
