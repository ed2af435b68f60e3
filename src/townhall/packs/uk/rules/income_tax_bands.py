"""Tax on each kind of income: bands of the United Kingdom and of Scotland, interest, dividends.

Source: Income Tax Act 2007 ss.6-16; Scotland Act 1998 s.80C. Pay, pensions, benefits, trades and
other income lie lowest, then letting, then interest, then dividends on top (s.16). Interest and
dividends are taxed at the rates of the United Kingdom everywhere. The Welsh rates (Government of
Wales Act 2006 s.116D) make up the same sums as those of England.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    GBP,
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
    clip,
    rate,
    scale,
    today,
    when,
)

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
    # The Scottish bands begin with the tax year 2017-18. In 2016-17 the Scottish rate of 10 % made
    # up the same sums as the rates of the United Kingdom.
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
        "Income above the allowances, for the band", "Incwm uwchlaw'r lwfansau, ar gyfer y band"
    ),
    cite="ITA 2007 ss.10, 12B(8), 55B(2)",
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
    options={
        "none": both("no tax", "dim treth"),
        "starter": both("starter rate", "cyfradd gychwynnol"),
        "basic": both("basic rate", "cyfradd sylfaenol"),
        "intermediate": both("intermediate rate", "cyfradd ganolraddol"),
        "higher": both("higher rate", "cyfradd uwch"),
        "advanced": both("advanced rate", "cyfradd uwch estynedig"),
        "additional": both("additional or top rate", "cyfradd ychwanegol neu uchaf"),
    },
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
    GBP / YEAR,
    title=both("Pay and profits at the basic rate", "Cyflog ac elw ar y gyfradd sylfaenol"),
    cite="ITA 2007 s.10(2), (5)",
    because=both(
        "{earned_taxable_income}, at most {basic_rate_limit}",
        "{earned_taxable_income}, {basic_rate_limit} ar y mwyaf",
    ),
)
def earned_at_basic_rate(earned_taxable_income, basic_rate_limit):
    return at_most(earned_taxable_income, basic_rate_limit)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Pay and profits at the higher rate", "Cyflog ac elw ar y gyfradd uwch"),
    cite="ITA 2007 s.10(3), (5A)",
    because=both(
        "What of {earned_taxable_income} lies between {basic_rate_limit} and {higher_rate_limit}",
        "Yr hyn o {earned_taxable_income} sydd rhwng {basic_rate_limit} a {higher_rate_limit}",
    ),
    otherwise=both("Nothing", "Dim"),
)
def earned_at_higher_rate(earned_taxable_income, basic_rate_limit, higher_rate_limit):
    return at_least(at_most(earned_taxable_income, higher_rate_limit) - basic_rate_limit, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Pay and profits at the additional rate", "Cyflog ac elw ar y gyfradd ychwanegol"),
    cite="ITA 2007 s.10(3A)",
    because=both(
        "What of {earned_taxable_income} lies above {higher_rate_limit}",
        "Yr hyn o {earned_taxable_income} sydd uwchlaw {higher_rate_limit}",
    ),
    otherwise=both("Nothing", "Dim"),
)
def earned_at_additional_rate(earned_taxable_income, higher_rate_limit):
    return at_least(earned_taxable_income - higher_rate_limit, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Tax at the basic rate", "Treth ar y gyfradd sylfaenol"),
    cite="ITA 2007 ss.6, 10(2)",
    because=both(
        "{income_tax.basic_rate} of {earned_at_basic_rate}",
        "{income_tax.basic_rate} o {earned_at_basic_rate}",
    ),
)
def earned_tax_at_basic_rate(earned_at_basic_rate):
    return earned_at_basic_rate * rate("income_tax.basic_rate")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Tax at the higher rate", "Treth ar y gyfradd uwch"),
    cite="ITA 2007 ss.6, 10(3)",
    because=both(
        "{income_tax.higher_rate} of {earned_at_higher_rate}",
        "{income_tax.higher_rate} o {earned_at_higher_rate}",
    ),
)
def earned_tax_at_higher_rate(earned_at_higher_rate):
    return earned_at_higher_rate * rate("income_tax.higher_rate")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Tax at the additional rate", "Treth ar y gyfradd ychwanegol"),
    cite="ITA 2007 ss.6, 10(3A)",
    because=both(
        "{income_tax.additional_rate} of {earned_at_additional_rate}",
        "{income_tax.additional_rate} o {earned_at_additional_rate}",
    ),
)
def earned_tax_at_additional_rate(earned_at_additional_rate):
    return earned_at_additional_rate * rate("income_tax.additional_rate")


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
