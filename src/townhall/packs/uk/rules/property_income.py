"""Profits of letting property for income tax: the property allowance and finance costs.

Source: Income Tax (Trading and Other Income) Act 2005 Part 3, Part 6A Chapter 2 (ss.783B-783BQ) and
ss.272A-274C (finance costs of dwellings).
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    GBP,
    PERCENT,
    PERSON,
    YEAR,
    YES_NO,
    Book,
    at_least,
    at_most,
    rate,
    when,
)

book = Book("property_income")

book.fact(
    "property_receipts",
    PERSON,
    GBP / YEAR,
    title=both("Rents received before expenses", "Rhenti a dderbyniwyd cyn treuliau"),
    ask=both(
        "What rent did you receive before expenses? (0 if you do not know)",
        "Pa rent a gawsoch cyn treuliau? (0 os nad ydych yn gwybod)",
    ),
    usual=0,
    low=0,
    cost=4,
)
book.fact(
    "property_finance_costs",
    PERSON,
    GBP / YEAR,
    title=both("Mortgage interest on homes let out", "Llog morgais ar gartrefi a osodir"),
    ask=both(
        "What interest did you pay on loans for the homes that you let?",
        "Pa log a daloch ar fenthyciadau ar gyfer y cartrefi rydych yn eu gosod?",
    ),
    usual=0,
    low=0,
    cost=4,
)
book.fact(
    "property_finance_costs_brought_forward",
    PERSON,
    GBP / YEAR,
    title=both(
        "Mortgage interest of earlier years not yet relieved",
        "Llog morgais blynyddoedd cynharach heb ei ryddhau eto",
    ),
    usual=0,
    low=0,
    cost=5,
)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Property allowance of the year", "Lwfans eiddo'r flwyddyn"),
    cite="ITTOIA 2005 s.783BD",
    because=both("{property.allowance} a year", "{property.allowance} y flwyddyn"),
)
def property_allowance():
    return rate("property.allowance")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Expenses of letting", "Treuliau gosod"),
    cite="ITTOIA 2005 s.272",
    because=both(
        "Rents {property_receipts} less the profit {property_income}",
        "Rhenti {property_receipts} llai'r elw {property_income}",
    ),
    otherwise=both("None, or not known", "Dim, neu ddim yn hysbys"),
)
def property_expenses(property_receipts, property_income):
    return at_least(property_receipts - property_income, 0)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Rents are within the property allowance", "Rhenti o fewn y lwfans eiddo"),
    cite="ITTOIA 2005 s.783BE",
    because=both(
        "Rents, or the profit where rents are not known, are at most {property_allowance}",
        "Mae'r rhenti, neu'r elw lle nad yw'r rhenti'n hysbys, yn {property_allowance} ar y mwyaf",
    ),
    otherwise=both("Rents are above the allowance", "Mae'r rhenti uwchlaw'r lwfans"),
)
def property_receipts_within_allowance(property_receipts, property_income, property_allowance):
    return at_least(property_receipts, property_income) <= property_allowance


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "What the property allowance would take off the profit",
        "Yr hyn y byddai'r lwfans eiddo'n ei dynnu o'r elw",
    ),
    cite="ITTOIA 2005 ss.783BF, 783BH",
    because=both(
        "All of the profit where rents are within {property_allowance}; else the allowance "
        "instead of expenses",
        "Y cyfan o'r elw lle mae'r rhenti o fewn {property_allowance}; fel arall y lwfans yn lle "
        "treuliau",
    ),
)
def property_allowance_available(
    property_receipts_within_allowance,
    property_receipts,
    property_income,
    property_expenses,
    property_allowance,
):
    profit = at_least(property_income, 0)
    known = (property_receipts > 0) & (property_receipts >= property_income)
    partial = at_least(property_allowance - property_expenses, 0)
    return when(
        property_receipts_within_allowance, profit, when(known, at_most(partial, profit), 0)
    )


@book.rule(
    PERSON,
    PERCENT,
    title=both(
        "Share of mortgage interest that is not deducted", "Cyfran o log morgais nas didynnir"
    ),
    cite="ITTOIA 2005 s.272A",
    because=both(
        "{property.finance_costs_not_deducted} in this tax year",
        "{property.finance_costs_not_deducted} yn y flwyddyn dreth hon",
    ),
    otherwise=both("All of it is deducted", "Didynnir y cyfan"),
)
def finance_costs_not_deducted():
    return rate("property.finance_costs_not_deducted")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Mortgage interest deducted from the profit", "Llog morgais a ddidynnir o'r elw"),
    cite="ITTOIA 2005 s.272A(2)",
    because=both(
        "All but {finance_costs_not_deducted} of {property_finance_costs}",
        "Y cyfan heblaw {finance_costs_not_deducted} o {property_finance_costs}",
    ),
    otherwise=both(
        "Mortgage interest on homes is not deducted but relieved at the basic rate",
        "Ni ddidynnir llog morgais ar gartrefi ond ei ryddhau ar y gyfradd sylfaenol",
    ),
)
def deductible_finance_costs(property_finance_costs, finance_costs_not_deducted):
    return property_finance_costs - property_finance_costs * finance_costs_not_deducted


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Mortgage interest to be relieved at the basic rate",
        "Llog morgais i'w ryddhau ar y gyfradd sylfaenol",
    ),
    cite="ITTOIA 2005 ss.274A, 274AA(4)",
    because=both(
        "{finance_costs_not_deducted} of {property_finance_costs}, and "
        "{property_finance_costs_brought_forward} of earlier years",
        "{finance_costs_not_deducted} o {property_finance_costs}, a "
        "{property_finance_costs_brought_forward} o flynyddoedd cynharach",
    ),
)
def finance_costs_relievable(
    property_finance_costs, finance_costs_not_deducted, property_finance_costs_brought_forward
):
    return (
        property_finance_costs * finance_costs_not_deducted + property_finance_costs_brought_forward
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both("The property allowance is used", "Defnyddir y lwfans eiddo"),
    cite="ITTOIA 2005 ss.783BJ, 783BK, 783BM",
    because=both(
        "The allowance saves at least as much tax as expenses and mortgage interest do",
        "Mae'r lwfans yn arbed o leiaf gymaint o dreth â threuliau a llog morgais",
    ),
    otherwise=both(
        "Expenses and mortgage interest save more tax than the allowance",
        "Mae treuliau a llog morgais yn arbed mwy o dreth na'r lwfans",
    ),
)
def uses_property_allowance(
    property_allowance_available,
    property_income,
    deductible_finance_costs,
    finance_costs_relievable,
    rate_on_property,
):
    # With the allowance neither expenses nor finance costs count (ss.783BI, 272A(6)).
    profit = at_least(property_income - deductible_finance_costs, 0)
    kept = at_least(property_income - property_allowance_available, 0)
    saved = at_least(profit - kept, 0) * rate_on_property
    # Below the personal allowance there is no tax for the relief to reduce.
    relief_rate = when(rate_on_property > 0, rate("property.basic_rate"), 0)
    relief = at_most(finance_costs_relievable, profit) * relief_rate
    return (property_allowance_available > 0) & (saved >= relief) & (kept <= profit)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Property allowance deducted", "Lwfans eiddo a ddidynnwyd"),
    cite="ITTOIA 2005 ss.783BF, 783BH",
    because=both("{value} comes off the profit of letting", "Daw {value} oddi ar elw'r gosod"),
    otherwise=both("The property allowance is not used", "Ni ddefnyddir y lwfans eiddo"),
)
def property_allowance_deduction(uses_property_allowance, property_allowance_available):
    return when(uses_property_allowance, property_allowance_available, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Taxable profit from letting", "Elw trethadwy o osod"),
    cite="ITTOIA 2005 s.268",
    because=both(
        "Profit {property_income} less the property allowance {property_allowance_deduction} and "
        "the mortgage interest that counts",
        "Elw {property_income} llai'r lwfans eiddo {property_allowance_deduction} a'r llog "
        "morgais sy'n cyfrif",
    ),
    otherwise=both(
        "No profit: a loss of letting waits for later profits",
        "Dim elw: mae colled gosod yn aros am elw diweddarach",
    ),
)
def taxable_property_income(
    property_income, property_allowance_deduction, deductible_finance_costs, uses_property_allowance
):
    costs = when(uses_property_allowance, 0, deductible_finance_costs)
    return at_least(property_income - property_allowance_deduction - costs, 0)
