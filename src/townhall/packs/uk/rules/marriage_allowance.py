"""Marriage allowance: a tenth of the personal allowance given to a husband, wife or civil partner.

Source: Income Tax Act 2007 Part 3 Chapter 3A (ss.55A-55E). Whoever gives has so much less personal
allowance, all of it or nothing; whoever receives pays the basic rate of it less tax. Couples elect
for it, and it is taken here that they do only where it saves them tax together.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    PERCENT,
    PERSON,
    YEAR,
    YES_NO,
    Book,
    any_of,
    at_least,
    partner,
    rate,
    round_up,
    when,
)

book = Book("marriage_allowance")

book.fact(
    "claims_marriage_allowance",
    FAMILY,
    YES_NO,
    title=both(
        "Claims marriage allowance where it saves tax",
        "Yn hawlio lwfans priodasol os yw'n arbed treth",
    ),
    ask=both(
        "Has one of you given, or do you want to give, a tenth of the tax-free allowance to the "
        "other?",
        "A oes un ohonoch wedi rhoi, neu am roi, degfed ran o'r lwfans di-dreth i'r llall?",
    ),
    usual=True,
    cost=1,
)


@book.rule(
    PERSON,
    PERCENT,
    title=both("Share that can be given", "Cyfran y gellir ei rhoi"),
    cite="ITA 2007 s.55B(4)",
    because=both(
        "{marriage_allowance.share} of the personal allowance",
        "{marriage_allowance.share} o'r lwfans personol",
    ),
)
def marriage_allowance_share():
    return rate("marriage_allowance.share")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Allowance that can be given", "Lwfans y gellir ei roi"),
    cite="ITA 2007 s.55B(4), (5)",
    because=both(
        "{marriage_allowance_share} of {full_personal_allowance}, rounded up to the next 10 pounds",
        "{marriage_allowance_share} o {full_personal_allowance}, wedi'i dalgrynnu i fyny i'r 10 "
        "punt nesaf",
    ),
)
def transferable_allowance(full_personal_allowance, marriage_allowance_share):
    return round_up(full_personal_allowance * marriage_allowance_share, 10)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Allowance that is not used", "Lwfans nas defnyddir"),
    cite="ITA 2007 s.23, Step 3; s.35",
    because=both(
        "Personal allowance {personal_allowance} less net income {net_income}",
        "Lwfans personol {personal_allowance} llai incwm net {net_income}",
    ),
    otherwise=both("All of it is used", "Defnyddir y cyfan"),
)
def unused_personal_allowance(personal_allowance, net_income):
    return at_least(personal_allowance - net_income, 0)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "No tax above the basic rate, for marriage allowance",
        "Dim treth uwchlaw'r gyfradd sylfaenol, ar gyfer lwfans priodasol",
    ),
    cite="ITA 2007 ss.55B(2)(b), 55C(1)(c)",
    because=both("Your highest band is {tax_band}", "Eich band uchaf yw {tax_band}"),
    otherwise=both(
        "You pay tax above the basic rate: your band is {tax_band}",
        "Rydych yn talu treth uwchlaw'r gyfradd sylfaenol: eich band yw {tax_band}",
    ),
)
def in_basic_band_or_below(tax_band):
    return (
        (tax_band == "none")
        | (tax_band == "starter")
        | (tax_band == "basic")
        | (tax_band == "intermediate")
    )


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Open to marriage allowance", "Yn agored i lwfans priodasol"),
    cite="ITA 2007 ss.55B(2)(a), (d), 55C(1)(a)",
    because=both(
        "Married or in a civil partnership, without a married couple's allowance",
        "Yn briod neu mewn partneriaeth sifil, heb lwfans pâr priod",
    ),
    otherwise=both(
        "Not married, no claim, or a married couple's allowance is due instead",
        "Ddim yn briod, dim hawliad, neu lwfans pâr priod sy'n ddyledus yn ei le",
    ),
)
def may_use_marriage_allowance(
    is_married, claims_marriage_allowance, has_married_couples_allowance
):
    return is_married & claims_marriage_allowance & ~any_of(has_married_couples_allowance)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Gives a tenth of the allowance", "Yn rhoi degfed ran o'r lwfans"),
    cite="ITA 2007 s.55C(1)",
    because=both(
        "Of the two, the one with less income, who leaves {unused_personal_allowance} of the "
        "allowance unused",
        "O'r ddau, yr un â llai o incwm, sy'n gadael {unused_personal_allowance} o'r lwfans heb "
        "ei ddefnyddio",
    ),
    otherwise=both(
        "Nothing would be saved, or one of you pays tax above the basic rate",
        "Ni fyddai dim yn cael ei arbed, neu mae un ohonoch yn talu treth uwchlaw'r gyfradd "
        "sylfaenol",
    ),
)
def gives_marriage_allowance(
    may_use_marriage_allowance,
    has_partner,
    in_basic_band_or_below,
    unused_personal_allowance,
    net_income,
):
    both_basic = in_basic_band_or_below & partner(in_basic_band_or_below)
    saves = (unused_personal_allowance > 0) & (net_income < partner(net_income))
    return may_use_marriage_allowance & has_partner & both_basic & saves


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Allowance given up", "Lwfans a ildiwyd"),
    cite="ITA 2007 s.55B(6)",
    because=both(
        "{transferable_allowance} goes to your husband, wife or civil partner",
        "Mae {transferable_allowance} yn mynd i'ch gŵr, gwraig neu bartner sifil",
    ),
    otherwise=both("You give none of your allowance", "Nid ydych yn rhoi dim o'ch lwfans"),
)
def allowance_given_up(gives_marriage_allowance, transferable_allowance):
    return when(gives_marriage_allowance, transferable_allowance, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Allowance given by your husband, wife or civil partner",
        "Lwfans a roddwyd gan eich gŵr, gwraig neu bartner sifil",
    ),
    cite="ITA 2007 s.55B(1)",
    because=both(
        "Your husband, wife or civil partner gives you {value}",
        "Mae eich gŵr, gwraig neu bartner sifil yn rhoi {value} i chi",
    ),
    otherwise=both(
        "Only for married couples and civil partners of whom neither pays tax above the basic "
        "rate and one does not use the whole allowance",
        "Dim ond i barau priod a phartneriaid sifil lle nad oes yr un yn talu treth uwchlaw'r "
        "gyfradd sylfaenol ac nad yw un yn defnyddio'r lwfans cyfan",
    ),
)
def marriage_allowance(allowance_given_up):
    return partner(allowance_given_up)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Tax reduction of the marriage allowance", "Gostyngiad treth y lwfans priodasol"),
    cite="ITA 2007 s.55B(1), (3)",
    because=both(
        "{income_tax.basic_rate} of the {marriage_allowance} given to you",
        "{income_tax.basic_rate} o'r {marriage_allowance} a roddwyd i chi",
    ),
    otherwise=both("No allowance is given to you", "Ni roddir lwfans i chi"),
)
def marriage_allowance_reduction(marriage_allowance):
    return marriage_allowance * rate("income_tax.basic_rate")
