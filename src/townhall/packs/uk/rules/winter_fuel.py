"""Winter Fuel Payment, Scotland's Pension Age Winter Heating Payment, and the charge on them.

Source: Social Fund Winter Fuel Payment Regulations 2024 and 2025 (SI 2024/869, SI 2025/969); Winter
Heating Assistance (Pension Age) (Scotland) Regulations 2024; Income Tax (Earnings and Pensions) Act
2003 Part 10 Chapter 9. Whether a family receives an income-related benefit is a fact here and not
worked out: those benefits look at income after tax, so the two must not wait for each other.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    HOUSEHOLD,
    PERSON,
    YEAR,
    YES_NO,
    Book,
    count,
    rate,
    round_half_up,
    today,
    when,
)

book = Book("winter_fuel")

book.fact(
    "receives_income_related_benefit",
    FAMILY,
    YES_NO,
    title=both(
        "Receives Pension Credit, Universal Credit or an older income-related benefit",
        "Yn cael Credyd Pensiwn, Credyd Cynhwysol neu fudd-dal hŷn sy'n seiliedig ar incwm",
    ),
    ask=both(
        "Do you or your partner get Pension Credit, Universal Credit, Income Support, or "
        "income-related Jobseeker's or Employment and Support Allowance?",
        "A ydych chi neu'ch partner yn cael Credyd Pensiwn, Credyd Cynhwysol, Cymhorthdal Incwm, "
        "neu Lwfans Ceisio Gwaith neu Gyflogaeth a Chymorth sy'n seiliedig ar incwm?",
    ),
    usual=False,
    cost=1,
)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Entitled to help with winter fuel", "Â hawl i help gyda thanwydd gaeaf"),
    cite="SI 2025/969 reg. 2; SI 2024/869 reg. 2",
    because=both("Over State Pension age", "Dros oedran Pensiwn y Wladwriaeth"),
    otherwise=both(
        "Below State Pension age, or in winter 2024-25 without an income-related benefit",
        "O dan oedran Pensiwn y Wladwriaeth, neu yng ngaeaf 2024-25 heb fudd-dal sy'n seiliedig "
        "ar incwm",
    ),
)
def winter_fuel_entitled(state_pension_age_reached, receives_income_related_benefit):
    for_everybody = today() >= "2025-04-06"
    return state_pension_age_reached & (for_everybody | receives_income_related_benefit)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Help with winter fuel", "Help gyda thanwydd gaeaf"),
    cite="SI 2025/969 reg. 3; Winter Heating Assistance (Pension Age) (Scotland) Regulations 2024",
    because=both(
        "{winter_fuel.standard}, from 80 {winter_fuel.from_80}; in Scotland "
        "{winter_fuel.scotland_standard} and {winter_fuel.scotland_from_80}; those who live "
        "together share",
        "{winter_fuel.standard}, o 80 {winter_fuel.from_80}; yn yr Alban "
        "{winter_fuel.scotland_standard} a {winter_fuel.scotland_from_80}; mae'r rhai sy'n byw "
        "gyda'i gilydd yn rhannu",
    ),
    otherwise=both("Not entitled", "Dim hawl"),
)
def winter_fuel_help(winter_fuel_entitled, age, country, receives_income_related_benefit):
    scots = country == "scotland"
    young = when(scots, rate("winter_fuel.scotland_standard"), rate("winter_fuel.standard"))
    old = when(scots, rate("winter_fuel.scotland_from_80"), rate("winter_fuel.from_80"))
    is_old = winter_fuel_entitled & (age >= 80)
    # With an income-related benefit the family has the whole sum; its entitled adults share it.
    family = when(count(is_old, of=FAMILY) >= 1, old, young)
    in_family = count(winter_fuel_entitled, of=FAMILY)
    # Without one, everybody of the household who is entitled counts.
    together = count(winter_fuel_entitled, of=HOUSEHOLD) >= 2
    old_ones = count(is_old, of=HOUSEHOLD)
    own = when(
        age >= 80,
        when(old_ones >= 2, old / 2, when(together, old - young / 2, old)),
        when(together, young / 2, young),
    )
    shared = when(in_family >= 2, family / 2, family)
    amount = when(receives_income_related_benefit, shared, own)
    return when(winter_fuel_entitled, round_half_up(amount, "0.01"), 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Income above which help with winter fuel is taken back",
        "Incwm y cymerir help tanwydd gaeaf yn ôl uwch ei ben",
    ),
    cite="ITEPA 2003 s.681I(1)(b)",
    because=both(
        "{winter_fuel_charge.income_limit} a year", "{winter_fuel_charge.income_limit} y flwyddyn"
    ),
    from_="2025-04-06",
)
def winter_fuel_income_limit():
    return rate("winter_fuel_charge.income_limit")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Charge that takes back help with winter fuel", "Tâl sy'n cymryd help tanwydd gaeaf yn ôl"
    ),
    cite="ITEPA 2003 Part 10 Chapter 9",
    because=both(
        "All of the {winter_fuel_help}: your income of {income_charged_to_tax} is above "
        "{winter_fuel_income_limit}",
        "Y cyfan o'r {winter_fuel_help}: mae eich incwm o {income_charged_to_tax} uwchlaw "
        "{winter_fuel_income_limit}",
    ),
    otherwise=both(
        "No charge: your income is at most {winter_fuel_income_limit}, no payment was made, or "
        "your family receives an income-related benefit",
        "Dim tâl: mae eich incwm yn {winter_fuel_income_limit} ar y mwyaf, ni wnaed taliad, neu "
        "mae eich teulu'n cael budd-dal sy'n seiliedig ar incwm",
    ),
    from_="2025-04-06",
)
def winter_fuel_charge(
    winter_fuel_help,
    income_charged_to_tax,
    winter_fuel_income_limit,
    receives_income_related_benefit,
):
    high = income_charged_to_tax > winter_fuel_income_limit
    return when(high & ~receives_income_related_benefit, winter_fuel_help, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Charge that takes back help with winter fuel", "Tâl sy'n cymryd help tanwydd gaeaf yn ôl"
    ),
    cite="ITEPA 2003 Part 10 Chapter 9",
    because=both("No charge before 2025-26", "Dim tâl cyn 2025-26"),
    until="2025-04-06",
)
def winter_fuel_charge():  # noqa: F811
    return 0
