"""Tax on interest and dividends, which lie on top of all other income.

Source: Income Tax Act 2007 ss.7-8, 12-13A, 16, 18. Their rates are those of the United Kingdom, in
Scotland too.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.packs.uk.rules.income_tax_bands import on_top
from townhall.rules.engine.law import (
    GBP,
    PERSON,
    YEAR,
    Book,
    at_least,
    at_most,
    choose,
    clip,
    rate,
    when,
)

book = Book("savings_and_dividend_tax")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Interest at the starting rate", "Llog ar y gyfradd gychwynnol"),
    cite="ITA 2007 ss.7(1), 12",
    because=both(
        "Interest in what is left of the {savings.starting_rate_limit} above other taxable income "
        "of {other_taxable_income}",
        "Llog yn yr hyn sydd ar ôl o'r {savings.starting_rate_limit} uwchlaw incwm trethadwy "
        "arall o {other_taxable_income}",
    ),
    otherwise=both(
        "Other taxable income takes all of the {savings.starting_rate_limit}",
        "Mae incwm trethadwy arall yn cymryd y cyfan o'r {savings.starting_rate_limit}",
    ),
)
def savings_at_starting_rate(savings_after_allowances, other_taxable_income):
    band = at_least(rate("savings.starting_rate_limit") - other_taxable_income, 0)
    return at_most(savings_after_allowances, band)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Savings allowance", "Lwfans cynilion"),
    cite="ITA 2007 s.12B",
    because=both(
        "{savings.allowance_basic} with no income above the basic rate limit, "
        "{savings.allowance_higher} with some, nothing above the higher rate limit",
        "{savings.allowance_basic} heb incwm uwchlaw terfyn y gyfradd sylfaenol, "
        "{savings.allowance_higher} gyda pheth, dim uwchlaw terfyn y gyfradd uwch",
    ),
    otherwise=both(
        "None: you have income at the additional rate",
        "Dim: mae gennych incwm ar y gyfradd ychwanegol",
    ),
)
def savings_allowance(income_for_band, tax_band, is_scottish_taxpayer):
    # A Scottish taxpayer is measured by the limits of the UK (s.12B(8)).
    # A band that is supplied rather than computed decides for everybody else.
    measured_additional = income_for_band > rate("income_tax.higher_rate_limit")
    measured_higher = income_for_band > rate("income_tax.basic_rate_limit")
    return choose(
        (
            when(is_scottish_taxpayer, measured_additional, tax_band == "additional"),
            0,
        ),
        (
            when(is_scottish_taxpayer, measured_higher, tax_band == "higher"),
            rate("savings.allowance_higher"),
        ),
        otherwise=rate("savings.allowance_basic"),
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Interest that is taxed", "Llog a drethir"),
    cite="ITA 2007 ss.7, 12A, 12B",
    because=both(
        "{savings_after_allowances}, less {savings_at_starting_rate} at the starting rate of "
        "nothing and up to {savings_allowance} within the savings allowance",
        "{savings_after_allowances}, llai {savings_at_starting_rate} ar y gyfradd gychwynnol o "
        "ddim a hyd at {savings_allowance} o fewn y lwfans cynilion",
    ),
    otherwise=both("None of your interest is taxed", "Ni threthir dim o'ch llog"),
)
def taxed_savings(savings_after_allowances, savings_at_starting_rate, savings_allowance):
    return at_least(savings_after_allowances - savings_at_starting_rate - savings_allowance, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Interest at the basic rate", "Llog ar y gyfradd sylfaenol"),
    cite="ITA 2007 ss.7, 12A, 16",
    because=both(
        "What of {taxed_savings} lies below {basic_rate_limit}, on top of all income below it",
        "Yr hyn o {taxed_savings} sydd o dan {basic_rate_limit}, ar ben yr holl incwm oddi tano",
    ),
    otherwise=both("Nothing", "Dim"),
)
def savings_at_basic_rate(
    taxed_savings, savings_after_allowances, other_taxable_income, basic_rate_limit
):
    # Interest within the savings allowance takes up its part of the band.
    below = other_taxable_income + savings_after_allowances - taxed_savings
    return clip(basic_rate_limit - below, 0, taxed_savings)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Interest at the higher rate", "Llog ar y gyfradd uwch"),
    cite="ITA 2007 ss.7, 12A, 16",
    because=both(
        "What of {taxed_savings} lies between {basic_rate_limit} and {higher_rate_limit}",
        "Yr hyn o {taxed_savings} sydd rhwng {basic_rate_limit} a {higher_rate_limit}",
    ),
    otherwise=both("Nothing", "Dim"),
)
def savings_at_higher_rate(
    taxed_savings,
    savings_after_allowances,
    other_taxable_income,
    savings_at_basic_rate,
    basic_rate_limit,
    higher_rate_limit,
):
    below = other_taxable_income + savings_after_allowances - taxed_savings
    up_to = clip(at_least(higher_rate_limit, basic_rate_limit) - below, 0, taxed_savings)
    return up_to - savings_at_basic_rate


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Tax on interest", "Treth ar log"),
    cite="ITA 2007 ss.7, 12A, 18",
    because=both(
        "Of {taxed_savings}, {savings_at_basic_rate} at {savings.basic_rate}, "
        "{savings_at_higher_rate} at {savings.higher_rate} and the rest at "
        "{savings.additional_rate}",
        "O {taxed_savings}, {savings_at_basic_rate} ar {savings.basic_rate}, "
        "{savings_at_higher_rate} ar {savings.higher_rate} a'r gweddill ar "
        "{savings.additional_rate}",
    ),
    otherwise=both("Your interest bears no tax", "Nid oes treth ar eich llog"),
)
def savings_income_tax(taxed_savings, savings_at_basic_rate, savings_at_higher_rate):
    rest = taxed_savings - savings_at_basic_rate - savings_at_higher_rate
    return (
        savings_at_basic_rate * rate("savings.basic_rate")
        + savings_at_higher_rate * rate("savings.higher_rate")
        + rest * rate("savings.additional_rate")
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Dividend allowance of the year", "Lwfans difidendau'r flwyddyn"),
    cite="ITA 2007 s.13A",
    because=both("{dividends.allowance} a year", "{dividends.allowance} y flwyddyn"),
)
def dividend_allowance():
    return rate("dividends.allowance")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Dividends that are taxed", "Difidendau a drethir"),
    cite="ITA 2007 s.13A",
    because=both(
        "{dividends_after_allowances} above the allowance of {dividend_allowance}",
        "{dividends_after_allowances} uwchlaw'r lwfans o {dividend_allowance}",
    ),
    otherwise=both("Within the dividend allowance", "O fewn y lwfans difidendau"),
)
def taxed_dividend_income(dividends_after_allowances, dividend_allowance):
    return at_least(dividends_after_allowances - dividend_allowance, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Tax on dividends", "Treth ar ddifidendau"),
    cite="ITA 2007 ss.8, 13, 13A",
    because=both(
        "{taxed_dividend_income} at {dividends.ordinary_rate}, {dividends.upper_rate} and "
        "{dividends.additional_rate}, on top of all other income",
        "{taxed_dividend_income} ar {dividends.ordinary_rate}, {dividends.upper_rate} a "
        "{dividends.additional_rate}, ar ben yr holl incwm arall",
    ),
    otherwise=both("Your dividends bear no tax", "Nid oes treth ar eich difidendau"),
)
def dividend_income_tax(
    other_taxable_income,
    savings_after_allowances,
    dividends_after_allowances,
    taxed_dividend_income,
    basic_rate_limit,
    higher_rate_limit,
):
    free = dividends_after_allowances - taxed_dividend_income
    return on_top(
        other_taxable_income + savings_after_allowances + free,
        taxed_dividend_income,
        (basic_rate_limit, higher_rate_limit),
        ("dividends.ordinary_rate", "dividends.upper_rate", "dividends.additional_rate"),
    )
