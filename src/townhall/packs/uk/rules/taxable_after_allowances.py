"""What of each kind of income is left to be taxed after the allowances (ITA 2007 s.23, Step 3)."""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import GBP, PERSON, YEAR, Book, at_least, clip

book = Book("taxable_after_allowances")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Taxable pay, pensions, benefits and trade",
        "Cyflog, pensiynau, budd-daliadau a masnach trethadwy",
    ),
    cite="ITA 2007 s.23, Step 3",
    because=both(
        "After allowances of {allowances_on_other_income}, without letting",
        "Ar ôl lwfansau o {allowances_on_other_income}, heb osod",
    ),
    otherwise=both("All of it is within the allowances", "Mae'r cyfan o fewn y lwfansau"),
)
def earned_taxable_income(
    net_income,
    taxable_savings_interest,
    taxable_dividend_income,
    taxable_property_income,
    allowances_on_other_income,
):
    return at_least(
        net_income
        - taxable_savings_interest
        - taxable_dividend_income
        - taxable_property_income
        - allowances_on_other_income,
        0,
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Taxable letting after allowances", "Gosod trethadwy ar ôl lwfansau"),
    cite="ITA 2007 s.23, Step 3",
    because=both(
        "{taxable_property_income}, less the allowances that the other income leaves",
        "{taxable_property_income}, llai'r lwfansau y mae'r incwm arall yn eu gadael",
    ),
    otherwise=both("All of it is within the allowances", "Mae'r cyfan o fewn y lwfansau"),
)
def property_income_after_allowances(
    net_income,
    taxable_savings_interest,
    taxable_dividend_income,
    taxable_property_income,
    allowances_on_other_income,
):
    other = net_income - taxable_savings_interest - taxable_dividend_income
    return clip(other - allowances_on_other_income, 0, taxable_property_income)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Taxable income other than interest and dividends",
        "Incwm trethadwy heblaw llog a difidendau",
    ),
    cite="ITA 2007 s.23, Step 3; s.16",
    because=both(
        "{earned_taxable_income} and letting {property_income_after_allowances}",
        "{earned_taxable_income} a gosod {property_income_after_allowances}",
    ),
    otherwise=both("All of it is within the allowances", "Mae'r cyfan o fewn y lwfansau"),
)
def other_taxable_income(earned_taxable_income, property_income_after_allowances):
    return earned_taxable_income + property_income_after_allowances


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Interest after allowances", "Llog ar ôl lwfansau"),
    cite="ITA 2007 s.23, Step 3",
    because=both(
        "{taxable_savings_interest} less allowances of {allowances_on_savings}",
        "{taxable_savings_interest} llai lwfansau o {allowances_on_savings}",
    ),
)
def savings_after_allowances(taxable_savings_interest, allowances_on_savings):
    return at_least(taxable_savings_interest - allowances_on_savings, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Dividends after allowances", "Difidendau ar ôl lwfansau"),
    cite="ITA 2007 s.23, Step 3",
    because=both(
        "{taxable_dividend_income} less allowances of {allowances_on_dividends}",
        "{taxable_dividend_income} llai lwfansau o {allowances_on_dividends}",
    ),
)
def dividends_after_allowances(taxable_dividend_income, allowances_on_dividends):
    return at_least(taxable_dividend_income - allowances_on_dividends, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Taxable income", "Incwm trethadwy"),
    cite="ITA 2007 s.23, Step 3",
    because=both(
        "{other_taxable_income}, interest {savings_after_allowances} and dividends "
        "{dividends_after_allowances}",
        "{other_taxable_income}, llog {savings_after_allowances} a difidendau "
        "{dividends_after_allowances}",
    ),
    otherwise=both("All income is within the allowances", "Mae'r holl incwm o fewn y lwfansau"),
)
def taxable_income(other_taxable_income, savings_after_allowances, dividends_after_allowances):
    return other_taxable_income + savings_after_allowances + dividends_after_allowances
