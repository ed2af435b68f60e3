"""Married couple's allowance: less tax for couples of whom one was born before 6 April 1935.

Source: Income Tax Act 2007 Part 3 Chapter 3 (ss.42-55). A tax reduction at Step 6 of s.23, not an
allowance that is deducted from income.

No step rounds: s.35(3) makes a reduced personal allowance a whole pound, and ss.45 and 46 have
nothing like it. Not here: civil partnerships that continue a marriage from before 5 December 2005
(s.45(2A)), and the transfer of what one partner cannot use (ss.51-53).
"""

from __future__ import annotations

from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    GBP,
    NUMBER,
    PERSON,
    YEAR,
    YES_NO,
    Book,
    add_months,
    any_of,
    applies,
    at_least,
    choice,
    choose,
    partner,
    rate,
    when,
)

book = Book("married_couples_allowance")

book.fact(
    "married_on",
    FAMILY,
    DATE,
    title={
        "en": "Day of the marriage or civil partnership",
        "cy": "Diwrnod y briodas neu'r bartneriaeth sifil",
    },
    ask={
        "en": "When did you marry or form your civil partnership?",
        "cy": "Pryd briodoch chi neu ffurfio eich partneriaeth sifil?",
    },
    usual="1990-01-01",
    cost=1,
)
book.fact(
    "elected_for_higher_income_rules",
    FAMILY,
    YES_NO,
    title={
        "en": "Chose together that the higher income counts",
        "cy": "Dewiswyd gyda'ch gilydd mai'r incwm uwch sy'n cyfrif",
    },
    ask={
        "en": "Married before 5 December 2005: have you both told HMRC that the allowance should "
        "go to the one with the higher income?",
        "cy": "Wedi priodi cyn 5 Rhagfyr 2005: a ydych eich dau wedi dweud wrth CThEF y dylai'r "
        "lwfans fynd i'r un â'r incwm uwch?",
    },
    usual=False,
    cost=4,
)
book.fact(
    "named_for_married_couples_allowance",
    PERSON,
    YES_NO,
    title={
        "en": "Named in a joint election, both incomes being equal",
        "cy": "Wedi'i enwi mewn dewis ar y cyd, a'r ddau incwm yn gyfartal",
    },
    usual=False,
    cost=4,
)
book.fact(
    "married_couples_allowance_shared",
    FAMILY,
    choice("none", "half", "all"),
    title={
        "en": "Part of the minimum allowance that goes to the other partner",
        "cy": "Rhan o'r lwfans lleiaf sy'n mynd i'r partner arall",
    },
    ask={
        "en": "Have you told HMRC to give none, half or all of the minimum allowance to the other "
        "partner?",
        "cy": "A ydych wedi dweud wrth CThEF am roi dim, hanner neu'r cyfan o'r lwfans lleiaf i'r "
        "partner arall?",
    },
    usual="none",
    cost=4,
)


@book.rule(
    FAMILY,
    YES_NO,
    title={
        "en": "A couple for the married couple's allowance",
        "cy": "Cwpl ar gyfer lwfans pâr priod",
    },
    cite="ITA 2007 ss.42(1), 45(2), 46(2)",
    because={
        "en": "Married or in a civil partnership, and one of you was born before 6 April 1935",
        "cy": "Yn briod neu mewn partneriaeth sifil, a ganwyd un ohonoch cyn 6 Ebrill 1935",
    },
    otherwise={
        "en": "Only couples qualify who are married or civil partners and of whom one was born "
        "before 6 April 1935",
        "cy": "Dim ond cyplau priod neu bartneriaid sifil y ganwyd un ohonynt cyn 6 Ebrill 1935 "
        "sy'n gymwys",
    },
)
def couple_for_married_couples_allowance(is_married, is_adult_of_family, date_of_birth):
    return is_married & any_of(is_adult_of_family & (date_of_birth < "1935-04-06"))


@book.rule(
    FAMILY,
    YES_NO,
    title={
        "en": "The husband's income counts",
        "cy": "Incwm y gŵr sy'n cyfrif",
    },
    cite="ITA 2007 ss.44, 45(2)(b), 46(2)(b)",
    because={
        "en": "Married on {married_on}, before 5 December 2005",
        "cy": "Priodwyd ar {married_on}, cyn 5 Rhagfyr 2005",
    },
    otherwise={
        "en": "The higher income counts: married from 5 December 2005, or so chosen",
        "cy": "Yr incwm uwch sy'n cyfrif: priodwyd o 5 Rhagfyr 2005, neu dewiswyd felly",
    },
)
def husbands_income_counts(married_on, elected_for_higher_income_rules):
    return (married_on < "2005-12-05") & ~elected_for_higher_income_rules


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "The partner to whom the married couple's allowance belongs",
        "cy": "Y partner y mae lwfans pâr priod yn perthyn iddo",
    },
    cite="ITA 2007 ss.45(1), (2), 46(1), (2)(e)",
    because={
        "en": "The husband, or the partner with the higher income",
        "cy": "Y gŵr, neu'r partner â'r incwm uwch",
    },
    otherwise={
        "en": "The allowance belongs to the other partner, or to none",
        "cy": "Mae'r lwfans yn perthyn i'r partner arall, neu i neb",
    },
)
def has_married_couples_allowance(
    couple_for_married_couples_allowance,
    has_partner,
    is_adult_of_family,
    husbands_income_counts,
    sex,
    net_income,
    named_for_married_couples_allowance,
):
    other = partner(net_income)
    higher = (net_income > other) | ((net_income == other) & named_for_married_couples_allowance)
    couple = couple_for_married_couples_allowance & has_partner & is_adult_of_family
    return couple & when(husbands_income_counts, sex == "male", higher)


# The three sums are rules, so that a what-if can put another in place of each.
@book.rule(
    PERSON,
    GBP / YEAR,
    title={
        "en": "Most that the married couple's allowance can be",
        "cy": "Y mwyaf y gall lwfans pâr priod fod",
    },
    cite="ITA 2007 ss.45(3)(a), 46(3)(a)",
    because={
        "en": "{married_couples_allowance.maximum} for this tax year",
        "cy": "{married_couples_allowance.maximum} ar gyfer y flwyddyn dreth hon",
    },
)
def married_couples_allowance_maximum():
    return rate("married_couples_allowance.maximum")


@book.rule(
    PERSON,
    GBP / YEAR,
    title={
        "en": "Least that the married couple's allowance can be",
        "cy": "Y lleiaf y gall lwfans pâr priod fod",
    },
    cite="ITA 2007 s.43",
    because={
        "en": "{married_couples_allowance.minimum} for this tax year",
        "cy": "{married_couples_allowance.minimum} ar gyfer y flwyddyn dreth hon",
    },
)
def married_couples_allowance_minimum():
    return rate("married_couples_allowance.minimum")


@book.rule(
    PERSON,
    GBP / YEAR,
    title={
        "en": "Income above which the married couple's allowance is reduced",
        "cy": "Incwm y gostyngir lwfans pâr priod uwch ei ben",
    },
    cite="ITA 2007 ss.45(4), 46(4)",
    because={
        "en": "{married_couples_allowance.income_limit} for this tax year",
        "cy": "{married_couples_allowance.income_limit} ar gyfer y flwyddyn dreth hon",
    },
)
def married_couples_allowance_income_limit():
    return rate("married_couples_allowance.income_limit")


@book.rule(
    FAMILY,
    NUMBER,
    title={
        "en": "Months of the tax year before the marriage",
        "cy": "Misoedd o'r flwyddyn dreth cyn y briodas",
    },
    cite="ITA 2007 s.54(2), (6)",
    because={
        "en": "{value:month|months} from a 6th to the next 5th ended before {married_on}",
        "cy": "Daeth {value} mis o'r 6ed i'r 5ed nesaf i ben cyn {married_on}",
    },
    otherwise={
        "en": "Married on {married_on}: no month of this tax year ended before",
        "cy": "Priodwyd ar {married_on}: ni ddaeth unrhyw fis o'r flwyddyn dreth hon i ben cyn "
        "hynny",
    },
)
def months_before_marriage(married_on):
    start = rate("tax_year.start")
    # A month ends before the wedding if the next one has begun by that day.
    months = [when(married_on >= add_months(start, month), 1, 0) for month in range(1, 12)]
    return sum(months[1:], start=months[0])


@book.rule(
    PERSON,
    GBP / YEAR,
    title={
        "en": "Married couple's allowance of a whole year",
        "cy": "Lwfans pâr priod blwyddyn gyfan",
    },
    cite="ITA 2007 ss.45(3)–(5), 46(3)–(5)",
    because={
        "en": "{married_couples_allowance_maximum}, less half of what {adjusted_net_income} "
        "exceeds {married_couples_allowance_income_limit}, but at least "
        "{married_couples_allowance_minimum}",
        "cy": "{married_couples_allowance_maximum}, llai hanner yr hyn y mae "
        "{adjusted_net_income} yn fwy na {married_couples_allowance_income_limit}, ond o leiaf "
        "{married_couples_allowance_minimum}",
    },
)
def married_couples_allowance_of_year(
    adjusted_net_income,
    married_couples_allowance_maximum,
    married_couples_allowance_minimum,
    married_couples_allowance_income_limit,
):
    excess = at_least(adjusted_net_income - married_couples_allowance_income_limit, 0)
    return at_least(
        married_couples_allowance_maximum - excess / 2, married_couples_allowance_minimum
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title={"en": "Married couple's allowance", "cy": "Lwfans pâr priod"},
    cite="ITA 2007 ss.45, 46",
    because={"en": "You were married all year", "cy": "Roeddech yn briod drwy'r flwyddyn"},
    otherwise={
        "en": "The married couple's allowance does not belong to you",
        "cy": "Nid yw lwfans pâr priod yn perthyn i chi",
    },
)
def married_couples_allowance(has_married_couples_allowance, married_couples_allowance_of_year):
    return when(has_married_couples_allowance, married_couples_allowance_of_year, 0)


@book.exception(
    to="married_couples_allowance",
    priority=1,
    title={"en": "Year of the marriage", "cy": "Blwyddyn y briodas"},
    cite="ITA 2007 s.54(2), (3)",
    because={
        "en": "{married_couples_allowance_of_year} less a twelfth for each of the "
        "{months_before_marriage:month|months} before the marriage",
        "cy": "{married_couples_allowance_of_year} llai un rhan o ddeuddeg am bob un o'r "
        "{months_before_marriage:mis|mis} cyn y briodas",
    },
)
def in_year_of_marriage(
    has_married_couples_allowance, months_before_marriage, married_couples_allowance_of_year
):
    left = married_couples_allowance_of_year * (12 - months_before_marriage) / 12
    return applies(has_married_couples_allowance & (months_before_marriage >= 1), left)


@book.rule(
    PERSON,
    GBP / YEAR,
    title={
        "en": "Part of the allowance that goes to the other partner",
        "cy": "Rhan o'r lwfans sy'n mynd i'r partner arall",
    },
    cite="ITA 2007 ss.47(3), 48(3), 49, 54(5)",
    because={
        "en": "You chose to give the other partner {married_couples_allowance_shared} of the "
        "minimum allowance",
        "cy": "Dewisoch roi {married_couples_allowance_shared} o'r lwfans lleiaf i'r partner arall",
    },
    otherwise={
        "en": "Nothing of the allowance is given to the other partner",
        "cy": "Ni roddir dim o'r lwfans i'r partner arall",
    },
)
def married_couples_allowance_given(
    has_married_couples_allowance,
    married_couples_allowance_shared,
    married_couples_allowance_minimum,
    months_before_marriage,
):
    minimum = married_couples_allowance_minimum * (12 - months_before_marriage) / 12
    share = choose(
        (married_couples_allowance_shared == "all", minimum),
        (married_couples_allowance_shared == "half", minimum / 2),
        otherwise=0,
    )
    return when(has_married_couples_allowance, share, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title={
        "en": "Tax reduction for a married couple",
        "cy": "Gostyngiad treth i bâr priod",
    },
    cite="ITA 2007 ss.45(1), 46(1), 47(1), 48(1)",
    because={
        "en": "{married_couples_allowance.rate} of the allowance that is yours comes off your tax",
        "cy": "Daw {married_couples_allowance.rate} o'r lwfans sy'n eiddo i chi oddi ar eich treth",
    },
    otherwise={
        "en": "No part of a married couple's allowance is yours",
        "cy": "Nid oes unrhyw ran o lwfans pâr priod yn eiddo i chi",
    },
)
def married_couples_allowance_reduction(married_couples_allowance, married_couples_allowance_given):
    own = married_couples_allowance - married_couples_allowance_given
    return (own + partner(married_couples_allowance_given)) * rate("married_couples_allowance.rate")


book.programme(
    "married_couples_allowance",
    goal="married_couples_allowance_reduction",
    title={"en": "Married couple's allowance", "cy": "Lwfans pâr priod"},
    about={
        "en": "Comes off your income tax, as far as you pay any; it must be claimed",
        "cy": "Daw oddi ar eich treth incwm, i'r graddau eich bod yn ei thalu; rhaid ei hawlio",
    },
)
