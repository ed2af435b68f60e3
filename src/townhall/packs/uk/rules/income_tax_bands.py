"""Tax on each kind of income: bands of the United Kingdom and of Scotland, interest, dividends.

Source: Income Tax Act 2007 ss.6-16; Scotland Act 1998 s.80C. Pay, pensions, benefits, trades and
other income lie lowest, then letting, then interest, then dividends on top (s.16). Interest and
dividends are taxed at the rates of the United Kingdom everywhere.
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
    choice,
    choose,
    clip,
    rate,
    scale,
    today,
    when,
)
from townhall.rules.engine.law.terms import Term

book = Book("income_tax_bands")

BANDS = choice("none", "starter", "basic", "intermediate", "higher", "advanced", "additional")


def on_top(
    below: Term, amount: Term, limits: tuple[Term, Term], rates: tuple[str, str, str]
) -> Term:
    """Tax on an amount that lies on top of other income, in the three bands of the UK."""
    basic = clip(limits[0] - below, 0, amount)
    higher = clip(limits[1] - below, 0, amount) - basic
    additional = amount - basic - higher
    return basic * rate(rates[0]) + higher * rate(rates[1]) + additional * rate(rates[2])


def scottish(amount: Term, stretched: Term) -> Term:
    """Tax at the Scottish rates; Gift Aid and the like stretch every limit from the basic one."""
    return scale(
        amount,
        (0, rate("scottish_tax.starter_rate")),
        (rate("scottish_tax.basic_from"), rate("scottish_tax.basic_rate")),
        (
            rate("scottish_tax.intermediate_from") + stretched,
            rate("scottish_tax.intermediate_rate"),
        ),
        (rate("scottish_tax.higher_from") + stretched, rate("scottish_tax.higher_rate")),
        (rate("scottish_tax.advanced_from") + stretched, rate("scottish_tax.advanced_rate")),
        (rate("scottish_tax.top_from") + stretched, rate("scottish_tax.top_rate")),
    )


def of_the_uk(amount: Term, limits: tuple[Term, Term]) -> Term:
    """Tax at the basic, higher and additional rates."""
    return scale(
        amount,
        (0, rate("income_tax.basic_rate")),
        (limits[0], rate("income_tax.higher_rate")),
        (limits[1], rate("income_tax.additional_rate")),
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both("Scottish taxpayer", "Trethdalwr yr Alban"),
    cite="Scotland Act 1998 s.80D",
    because=both("Your home is in Scotland", "Mae eich cartref yn yr Alban"),
    otherwise=both("Your home is in {country}", "Mae eich cartref yn {country}"),
)
def is_scottish_taxpayer(country):
    # The Scottish bands begin with the tax year 2017-18.
    return (country == "scotland") & (today() >= "2017-04-06")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("By how much the rate limits rise", "Faint mae'r terfynau'n codi"),
    cite="ITA 2007 ss.10(6), 414(2); Finance Act 2004 s.192(4)",
    because=both(
        "Gift Aid {gift_aid_grossed_up} and pension contributions relieved at source",
        "Rhodd Cymorth {gift_aid_grossed_up} a chyfraniadau pensiwn a ryddheir yn y tarddiad",
    ),
)
def limits_rise_by(
    gift_aid_grossed_up, relief_at_source_contributions, relief_at_source_is_deducted
):
    return gift_aid_grossed_up + when(
        relief_at_source_is_deducted, 0, relief_at_source_contributions
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Basic rate limit", "Terfyn y gyfradd sylfaenol"),
    cite="ITA 2007 s.10(5), (6)",
    because=both(
        "{income_tax.basic_rate_limit}, raised by {limits_rise_by}",
        "{income_tax.basic_rate_limit}, wedi'i godi gan {limits_rise_by}",
    ),
)
def basic_rate_limit(limits_rise_by):
    return rate("income_tax.basic_rate_limit") + limits_rise_by


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Higher rate limit", "Terfyn y gyfradd uwch"),
    cite="ITA 2007 s.10(5A), (6)",
    because=both(
        "{income_tax.higher_rate_limit}, raised by {limits_rise_by}",
        "{income_tax.higher_rate_limit}, wedi'i godi gan {limits_rise_by}",
    ),
)
def higher_rate_limit(limits_rise_by):
    return rate("income_tax.higher_rate_limit") + limits_rise_by


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Taxable income other than interest and dividends",
        "Incwm trethadwy heblaw llog a difidendau",
    ),
    cite="ITA 2007 s.23, Step 3; s.16",
    because=both(
        "Pay, pensions, benefits and profits after {allowances_on_other_income} of allowances",
        "Cyflog, pensiynau, budd-daliadau ac elw ar ôl {allowances_on_other_income} o lwfansau",
    ),
    otherwise=both("All of it is within the allowances", "Mae'r cyfan o fewn y lwfansau"),
)
def other_taxable_income(
    net_income, taxable_savings_interest, taxable_dividend_income, allowances_on_other_income
):
    other = net_income - taxable_savings_interest - taxable_dividend_income
    return at_least(other - allowances_on_other_income, 0)


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
        "{other_taxable_income} less what is not from letting, {earned_taxable_income}",
        "{other_taxable_income} llai'r hyn nad yw o osod, {earned_taxable_income}",
    ),
)
def property_income_after_allowances(other_taxable_income, earned_taxable_income):
    return at_least(other_taxable_income - earned_taxable_income, 0)


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


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Income above the allowances, for the band", "Incwm uwchlaw'r lwfansau, ar gyfer y band"
    ),
    cite="ITA 2007 ss.10, 12B(5), 55B(2)",
    because=both(
        "Adjusted net income {adjusted_net_income} less the allowances that are not in it yet",
        "Incwm net wedi'i addasu {adjusted_net_income} llai'r lwfansau nad ydynt ynddo eto",
    ),
)
def income_for_band(adjusted_net_income, allowances_and_deductions, pension_contributions_deducted):
    # Raising the limits by gifts and contributions, or lowering the income by them, is the same.
    allowances = at_least(allowances_and_deductions - pension_contributions_deducted, 0)
    return at_least(adjusted_net_income - allowances, 0)


@book.rule(
    PERSON,
    BANDS,
    title=both("Highest band of tax", "Band treth uchaf"),
    cite="ITA 2007 s.10; Scotland Act 1998 s.80C",
    because=both(
        "Income of {income_for_band} above the allowances reaches it",
        "Mae incwm o {income_for_band} uwchlaw'r lwfansau yn ei gyrraedd",
    ),
)
def tax_band(income_for_band, is_scottish_taxpayer):
    above = income_for_band
    return choose(
        (above <= 0, "none"),
        (
            is_scottish_taxpayer,
            choose(
                (above > rate("scottish_tax.top_from"), "additional"),
                (above > rate("scottish_tax.advanced_from"), "advanced"),
                (above > rate("scottish_tax.higher_from"), "higher"),
                (above > rate("scottish_tax.intermediate_from"), "intermediate"),
                (above > rate("scottish_tax.basic_from"), "basic"),
                otherwise="starter",
            ),
        ),
        (above > rate("income_tax.higher_rate_limit"), "additional"),
        (above > rate("income_tax.basic_rate_limit"), "higher"),
        otherwise="basic",
    )


@book.rule(
    PERSON,
    PERCENT,
    title=both("Rate that letting is taxed at", "Cyfradd y trethir gosod arni"),
    cite="ITA 2007 s.10; Scotland Act 1998 s.80C",
    because=both(
        "The rate that begins above your other income",
        "Y gyfradd sy'n dechrau uwchlaw'ch incwm arall",
    ),
    otherwise=both("Your allowances are not used up", "Nid yw'ch lwfansau wedi'u defnyddio i gyd"),
)
def rate_on_property(total_income_without_property, full_personal_allowance, is_scottish_taxpayer):
    above = total_income_without_property - full_personal_allowance
    uk = choose(
        (above >= rate("income_tax.higher_rate_limit"), rate("property.additional_rate")),
        (above >= rate("income_tax.basic_rate_limit"), rate("property.higher_rate")),
        otherwise=rate("property.basic_rate"),
    )
    scots = choose(
        (above >= rate("scottish_tax.top_from"), rate("scottish_tax.top_rate")),
        (above >= rate("scottish_tax.advanced_from"), rate("scottish_tax.advanced_rate")),
        (above >= rate("scottish_tax.higher_from"), rate("scottish_tax.higher_rate")),
        (above >= rate("scottish_tax.intermediate_from"), rate("scottish_tax.intermediate_rate")),
        (above >= rate("scottish_tax.basic_from"), rate("scottish_tax.basic_rate")),
        otherwise=rate("scottish_tax.starter_rate"),
    )
    return when(above < 0, 0, when(is_scottish_taxpayer, scots, uk))


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Tax on pay, pensions, benefits and trade",
        "Treth ar gyflog, pensiynau, budd-daliadau a masnach",
    ),
    cite="ITA 2007 s.10; Scotland Act 1998 s.80C",
    because=both(
        "{earned_taxable_income} in the bands of the year",
        "{earned_taxable_income} ym mandiau'r flwyddyn",
    ),
    otherwise=both("No income above the allowances", "Dim incwm uwchlaw'r lwfansau"),
)
def earned_income_tax(
    earned_taxable_income,
    is_scottish_taxpayer,
    basic_rate_limit,
    higher_rate_limit,
    limits_rise_by,
):
    return when(
        is_scottish_taxpayer,
        scottish(earned_taxable_income, limits_rise_by),
        of_the_uk(earned_taxable_income, (basic_rate_limit, higher_rate_limit)),
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Tax on letting", "Treth ar osod"),
    cite="ITA 2007 s.10; Scotland Act 1998 s.80C",
    because=both(
        "What letting adds to the tax of {earned_income_tax} on the other income",
        "Yr hyn y mae gosod yn ei ychwanegu at y dreth o {earned_income_tax} ar yr incwm arall",
    ),
    otherwise=both("No letting above the allowances", "Dim gosod uwchlaw'r lwfansau"),
    until="2027-04-06",
)
def property_income_tax(
    other_taxable_income,
    earned_income_tax,
    is_scottish_taxpayer,
    basic_rate_limit,
    higher_rate_limit,
    limits_rise_by,
):
    together = when(
        is_scottish_taxpayer,
        scottish(other_taxable_income, limits_rise_by),
        of_the_uk(other_taxable_income, (basic_rate_limit, higher_rate_limit)),
    )
    return together - earned_income_tax


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Tax on letting", "Treth ar osod"),
    cite="Finance Act 2026; ITA 2007 ss.10, 16",
    because=both(
        "{property_income_after_allowances} at the property rates, on top of the other income",
        "{property_income_after_allowances} ar y cyfraddau eiddo, ar ben yr incwm arall",
    ),
    otherwise=both("No letting above the allowances", "Dim gosod uwchlaw'r lwfansau"),
    from_="2027-04-06",
)
def property_income_tax(  # noqa: F811
    earned_taxable_income, property_income_after_allowances, basic_rate_limit, higher_rate_limit
):
    return on_top(
        earned_taxable_income,
        property_income_after_allowances,
        (basic_rate_limit, higher_rate_limit),
        ("property.basic_rate", "property.higher_rate", "property.additional_rate"),
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Interest at the starting rate", "Llog ar y gyfradd gychwynnol"),
    cite="ITA 2007 ss.7(1), 12",
    because=both(
        "Interest in what is left of the {savings.starting_rate_limit} above other taxable income "
        "of {other_taxable_income}",
        "Llog yn yr hyn sydd ar ôl o'r {savings.starting_rate_limit} uwchlaw incwm trethadwy arall "
        "o {other_taxable_income}",
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
    # A Scottish taxpayer is measured by the limits of the UK (s.12B(5A)).
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
    title=both("Tax on interest", "Treth ar log"),
    cite="ITA 2007 ss.7, 12A, 18",
    because=both(
        "{savings_after_allowances}, of which {savings_at_starting_rate} at the starting rate of "
        "nothing and up to {savings_allowance} within the savings allowance",
        "{savings_after_allowances}, y mae {savings_at_starting_rate} ohono ar y gyfradd "
        "gychwynnol "
        "o ddim a hyd at {savings_allowance} o fewn y lwfans cynilion",
    ),
    otherwise=both("Your interest bears no tax", "Nid oes treth ar eich llog"),
)
def savings_income_tax(
    other_taxable_income,
    savings_after_allowances,
    savings_at_starting_rate,
    savings_allowance,
    basic_rate_limit,
    higher_rate_limit,
):
    above = savings_after_allowances - savings_at_starting_rate
    free = at_most(savings_allowance, above)
    return on_top(
        other_taxable_income + savings_at_starting_rate + free,
        above - free,
        (basic_rate_limit, higher_rate_limit),
        ("savings.basic_rate", "savings.higher_rate", "savings.additional_rate"),
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
