"""Universal Credit: capital, its limit, and the income that it is treated as giving.

Welfare Reform Act 2012 s.5; Universal Credit Regulations 2013 regs 18, 45 to 50, 72, Sch. 10.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    MONTH,
    PERSON,
    YES_NO,
    Book,
    at_least,
    rate,
    round_up,
    total,
    when,
)

book = Book("universal_credit_capital")


def _sum(
    name: str,
    en: str,
    cy: str,
    ask_en: str,
    ask_cy: str,
    *,
    cost: int = 2,
    rarely: bool = False,
) -> None:
    book.fact(
        name,
        PERSON,
        GBP,
        title=both(en, cy),
        ask=both(ask_en, ask_cy),
        usual=0,
        low=0,
        cost=cost,
        rarely=rarely,
    )


_sum(
    "savings",
    "Money in accounts, cash and investments",
    "Arian mewn cyfrifon, arian parod a buddsoddiadau",
    "What savings and investments do you have, pensions and your home left out?",
    "Pa gynilion a buddsoddiadau sydd gennych, heb gynnwys pensiynau a'ch cartref?",
)
_sum(
    "lifetime_isa",
    "Money in a Lifetime ISA",
    "Arian mewn ISA Gydol Oes",
    "How much do you have in a Lifetime ISA?",
    "Faint sydd gennych mewn ISA Gydol Oes?",
    rarely=True,
)
_sum(
    "other_property_value",
    "Value of land and buildings that are not the home",
    "Gwerth tir ac adeiladau nad ydynt yn gartref",
    "What are land and buildings worth that you own beside your home?",
    "Beth yw gwerth tir ac adeiladau yr ydych yn berchen arnynt heblaw eich cartref?",
    cost=3,
)
_sum(
    "other_property_debt",
    "Debt secured on land and buildings that are not the home",
    "Dyled wedi'i gwarantu ar dir ac adeiladau nad ydynt yn gartref",
    "What do you owe on them (mortgage)?",
    "Faint sydd arnoch arnynt (morgais)?",
    cost=3,
)


@book.rule(
    PERSON,
    GBP,
    title=both(
        "What a Lifetime ISA would give today", "Yr hyn y byddai ISA Gydol Oes yn ei roi heddiw"
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 49(1); Individual Savings Account "
    "Regulations 1998 (SI 1998/1870) reg. 12",
    because=both(
        "All of {lifetime_isa} from 60, less a charge of 25% before",
        "Y cyfan o {lifetime_isa} o 60, llai tâl o 25% cyn hynny",
    ),
    otherwise=both("No Lifetime ISA", "Dim ISA Gydol Oes"),
)
def lifetime_isa_surrender_value(lifetime_isa, age):
    return when(age >= 60, lifetime_isa, lifetime_isa * "0.75")


@book.rule(
    PERSON,
    GBP,
    title=both("Worth of property beside the home", "Gwerth eiddo heblaw'r cartref"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 49(1), Sch. 10 para. 1",
    because=both(
        "The value less {universal_credit.capital.sale_costs} for costs of sale and the debt on it",
        "Y gwerth llai {universal_credit.capital.sale_costs} am gostau gwerthu a'r ddyled arno",
    ),
    otherwise=both("No property beside the home", "Dim eiddo heblaw'r cartref"),
)
def other_property_capital(other_property_value, other_property_debt):
    costs = other_property_value * rate("universal_credit.capital.sale_costs")
    return at_least(other_property_value - costs - other_property_debt, 0)


@book.rule(
    FAMILY,
    GBP,
    title=both("Capital for Universal Credit", "Cyfalaf ar gyfer Credyd Cynhwysol"),
    cite="Welfare Reform Act 2012 s.5; Universal Credit Regulations 2013 (SI 2013/376) regs 18(2), "
    "46 to 49, 77",
    because=both(
        "What both adults have together; a company's capital in place of a holding in it; the home "
        "and pensions left out",
        "Yr hyn sydd gan y ddau oedolyn gyda'i gilydd; cyfalaf cwmni yn lle daliad ynddo; heb y "
        "cartref a phensiynau",
    ),
    otherwise=both("No capital", "Dim cyfalaf"),
)
def universal_credit_capital(
    is_adult_of_family,
    savings,
    lifetime_isa_surrender_value,
    other_property_capital,
    company_holding_left_out,
    company_capital,
):
    held = at_least(savings - company_holding_left_out, 0)
    whole = held + lifetime_isa_surrender_value + other_property_capital + company_capital
    return total(whole, where=is_adult_of_family)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Capital within the limit", "Cyfalaf o fewn y terfyn"),
    cite="Welfare Reform Act 2012 s.5; Universal Credit Regulations 2013 (SI 2013/376) reg. 18(1)",
    because=both(
        "{universal_credit_capital} is not more than {universal_credit.capital.limit}",
        "Nid yw {universal_credit_capital} yn fwy na {universal_credit.capital.limit}",
    ),
    otherwise=both(
        "{universal_credit_capital} is more than {universal_credit.capital.limit}: nothing is paid",
        "Mae {universal_credit_capital} yn fwy na {universal_credit.capital.limit}: ni thelir dim",
    ),
)
def is_within_capital_limit(universal_credit_capital):
    return universal_credit_capital <= rate("universal_credit.capital.limit")


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Income from capital (tariff income)", "Incwm o gyfalaf (incwm tariff)"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 72",
    because=both(
        "{universal_credit.capital.income_per_step} for each {universal_credit.capital.step} or "
        "part of it above {universal_credit.capital.disregard}",
        "{universal_credit.capital.income_per_step} am bob {universal_credit.capital.step} neu ran "
        "ohono uwchlaw {universal_credit.capital.disregard}",
    ),
    otherwise=both(
        "Capital of {universal_credit_capital} does not pass {universal_credit.capital.disregard}",
        "Nid yw cyfalaf o {universal_credit_capital} yn uwch na "
        "{universal_credit.capital.disregard}",
    ),
)
def tariff_income(universal_credit_capital):
    above = at_least(universal_credit_capital - rate("universal_credit.capital.disregard"), 0)
    parts = round_up(above / rate("universal_credit.capital.step"), 1)
    return rate("universal_credit.capital.income_per_step") * parts
