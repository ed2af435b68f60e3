"""Universal Credit: a person who stands as sole owner or partner of a company.

Universal Credit Regulations 2013 reg. 77: the holding is left out, the person's share of the
company's capital counts instead, and its income is earnings of self-employment.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import GBP, PERSON, YEAR, YES_NO, Book, at_least, choice, when

book = Book("universal_credit_company")


def _company(name: str, unit, en: str, cy: str, usual, ask_en: str = "", ask_cy: str = "") -> None:
    ask = {"ask": both(ask_en, ask_cy)} if ask_en else {}
    book.fact(name, PERSON, unit, title=both(en, cy), usual=usual, cost=4, **ask)


_company(
    "stands_as_owner_of_company",
    YES_NO,
    "Stands to a company like a sole owner or partner",
    "Mewn sefyllfa debyg i unig berchennog neu bartner cwmni",
    False,
    "Do you own a company alone, or with few others as if you were partners?",
    "A ydych yn berchen ar gwmni ar eich pen eich hun, neu gydag ychydig o rai eraill fel "
    "partneriaid?",
)
_company(
    "company_carries_on_trade",
    YES_NO,
    "The company carries on a trade",
    "Mae'r cwmni'n cynnal masnach",
    False,
)
_company(
    "company_carries_on_property_business",
    YES_NO,
    "The company carries on a property business",
    "Mae'r cwmni'n cynnal busnes eiddo",
    False,
)
_company(
    "company_is_main_employment",
    YES_NO,
    "The company is the main employment",
    "Y cwmni yw'r brif gyflogaeth",
    False,
)
_company(
    "is_engaged_in_company_trade",
    YES_NO,
    "Works in the company's trade",
    "Yn gweithio ym masnach y cwmni",
    False,
)
_company(
    "company_income_share",
    GBP / YEAR,
    "Share of the company's income, or of its loss (below 0)",
    "Cyfran o incwm y cwmni, neu o'i golled (o dan 0)",
    0,
)
_company(
    "company_capital_share",
    GBP,
    "Share of the company's capital",
    "Cyfran o gyfalaf y cwmni",
    0,
)
_company(
    "company_trade_assets_share",
    GBP,
    "Share of the assets that the company uses in its trade",
    "Cyfran o'r asedau y mae'r cwmni'n eu defnyddio yn ei fasnach",
    0,
)
_company(
    "company_holding_value",
    GBP,
    "Value of the holding in the company",
    "Gwerth y daliad yn y cwmni",
    0,
)
_company(
    "company_intermediary_chapter",
    choice("none", "chapter_8", "chapter_9", "chapter_10"),
    "Chapter of ITEPA 2003 Part 2 by which the company's income is earnings",
    "Pennod o ITEPA 2003 Rhan 2 y mae incwm y cwmni yn enillion oddi tani",
    "none",
)
_company(
    "intermediary_is_main_employment",
    YES_NO,
    "Those earnings come from the main employment",
    "Daw'r enillion hynny o'r brif gyflogaeth",
    False,
)

_OUT = both(
    "The company's income is earnings through an intermediary",
    "Mae incwm y cwmni yn enillion drwy gyfryngwr",
)
_IN = both(
    "The company's income is not earnings through an intermediary",
    "Nid yw incwm y cwmni yn enillion drwy gyfryngwr",
)
_INTERMEDIARY = both(
    "Earnings through an intermediary rule the treatment out",
    "Mae enillion drwy gyfryngwr yn atal y driniaeth",
)


@book.rule(
    PERSON,
    YES_NO,
    title=_INTERMEDIARY,
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 77(5)",
    because=_OUT,
    otherwise=_IN,
    from_="2018-11-28",
)
def is_ruled_out_by_intermediary(company_intermediary_chapter, intermediary_is_main_employment):
    return (company_intermediary_chapter != "none") & intermediary_is_main_employment


@book.rule(
    PERSON,
    YES_NO,
    title=_INTERMEDIARY,
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 77(5), as it stood",
    because=_OUT,
    otherwise=_IN,
    until="2018-11-28",
)
def is_ruled_out_by_intermediary(company_intermediary_chapter):  # noqa: F811
    return (company_intermediary_chapter == "chapter_8") | (
        company_intermediary_chapter == "chapter_9"
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Treated as owner of the company's business",
        "Yn cael ei drin fel perchennog busnes y cwmni",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 77(1), (5)",
    because=both(
        "Stands to a company that trades or lets property like a sole owner or partner",
        "Mewn sefyllfa debyg i unig berchennog neu bartner cwmni sy'n masnachu neu'n gosod eiddo",
    ),
    otherwise=both(
        "No such company, or its income counts as earnings already",
        "Dim cwmni o'r fath, neu mae ei incwm eisoes yn cyfrif fel enillion",
    ),
)
def is_treated_as_company_owner(
    stands_as_owner_of_company,
    company_carries_on_trade,
    company_carries_on_property_business,
    is_ruled_out_by_intermediary,
):
    business = company_carries_on_trade | company_carries_on_property_business
    return stands_as_owner_of_company & business & ~is_ruled_out_by_intermediary


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Company income that is earnings of self-employment",
        "Incwm cwmni sy'n enillion hunangyflogaeth",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 77(3)(b)",
    because=both(
        "The share of {company_income_share} in the trade's income",
        "Y gyfran o {company_income_share} yn incwm y fasnach",
    ),
    otherwise=both("No company's trade", "Dim masnach cwmni"),
)
def company_earnings(is_treated_as_company_owner, company_carries_on_trade, company_income_share):
    return when(is_treated_as_company_owner & company_carries_on_trade, company_income_share, 0)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "In gainful self-employment through the company",
        "Mewn hunangyflogaeth enillfawr drwy'r cwmni",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 64, 77(3)(c)",
    because=both(
        "The company's trade is the main employment", "Masnach y cwmni yw'r brif gyflogaeth"
    ),
    otherwise=both(
        "No company's trade, or it is not the main employment",
        "Dim masnach cwmni, neu nid dyna'r brif gyflogaeth",
    ),
)
def is_gainfully_employed_by_company(
    is_treated_as_company_owner, company_carries_on_trade, company_is_main_employment
):
    return is_treated_as_company_owner & company_carries_on_trade & company_is_main_employment


@book.rule(
    PERSON,
    GBP,
    title=both("Company's capital that counts", "Cyfalaf y cwmni sy'n cyfrif"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 77(2), (3)(a)",
    because=both(
        "The share of {company_capital_share}; less {company_trade_assets_share} used in the trade "
        "while working in it",
        "Y gyfran o {company_capital_share}; llai {company_trade_assets_share} a ddefnyddir yn y "
        "fasnach tra'n gweithio ynddi",
    ),
    otherwise=both("No company's capital", "Dim cyfalaf cwmni"),
)
def company_capital(
    is_treated_as_company_owner,
    company_carries_on_trade,
    is_engaged_in_company_trade,
    company_is_main_employment,
    company_capital_share,
    company_trade_assets_share,
):
    works = company_carries_on_trade & (is_engaged_in_company_trade | company_is_main_employment)
    left = at_least(company_capital_share - company_trade_assets_share, 0)
    return when(is_treated_as_company_owner, when(works, left, company_capital_share), 0)


@book.rule(
    PERSON,
    GBP,
    title=both("Holding in the company that is left out", "Daliad yn y cwmni a adewir allan"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 77(2)",
    because=both(
        "The company's own capital counts instead", "Mae cyfalaf y cwmni ei hun yn cyfrif yn ei le"
    ),
    otherwise=both("No such holding", "Dim daliad o'r fath"),
)
def company_holding_left_out(is_treated_as_company_owner, company_holding_value):
    return when(is_treated_as_company_owner, company_holding_value, 0)
