"""National Insurance of the self-employed: Class 2 a week, Class 4 on profits.

Source: Social Security Contributions and Benefits Act 1992 ss.11, 15, Sch. 2; Social Security
(Contributions) Regulations 2001 (SI 2001/1004) regs 91, 100 (annual maximum).
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    GBP,
    PERSON,
    YEAR,
    YES_NO,
    Book,
    at_least,
    at_most,
    rate,
    when,
)

book = Book("national_insurance_self_employed")

book.fact(
    "class_4_losses_brought_forward",
    PERSON,
    GBP / YEAR,
    title=both(
        "Losses of earlier years still to be set against Class 4 profits",
        "Colledion blynyddoedd cynharach i'w gosod eto yn erbyn elw Dosbarth 4",
    ),
    usual=0,
    low=0,
    cost=5,
)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Pays Class 4 this year", "Yn talu Dosbarth 4 eleni"),
    cite="SI 2001/1004 regs 91, 93; SSCBA 1992 s.15",
    because=both(
        "16 or older, and below State Pension age when the tax year began",
        "16 neu hŷn, ac o dan oedran Pensiwn y Wladwriaeth pan ddechreuodd y flwyddyn dreth",
    ),
    otherwise=both(
        "Under 16, or over State Pension age when the tax year began",
        "O dan 16, neu dros oedran Pensiwn y Wladwriaeth pan ddechreuodd y flwyddyn dreth",
    ),
)
def pays_class_4(age, state_pension_date):
    return (age >= 16) & (state_pension_date > rate("tax_year.start"))


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Class 4 profits before losses", "Elw Dosbarth 4 cyn colledion"),
    cite="SSCBA 1992 s.15(1), Sch. 2 para. 2",
    because=both(
        "Profit {trading_profit} less the trading allowance {trading_allowance_deduction}",
        "Elw {trading_profit} llai'r lwfans masnachu {trading_allowance_deduction}",
    ),
)
def class_4_profits_before_losses(trading_profit, trading_allowance_deduction):
    return at_least(trading_profit - trading_allowance_deduction, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Losses set against Class 4 profits", "Colledion a osodir yn erbyn elw Dosbarth 4"),
    cite="SSCBA 1992 Sch. 2 para. 3",
    because=both(
        "This year's {trading_loss_claimed} and {class_4_losses_brought_forward} of earlier "
        "years, at most the profits {class_4_profits_before_losses}",
        "{trading_loss_claimed} eleni a {class_4_losses_brought_forward} o flynyddoedd cynharach, "
        "yr elw {class_4_profits_before_losses} ar y mwyaf",
    ),
    otherwise=both("There are no losses to set off", "Nid oes colledion i'w gosod"),
)
def class_4_loss_relief(
    class_4_profits_before_losses, trading_loss_claimed, class_4_losses_brought_forward
):
    return at_most(
        class_4_profits_before_losses, trading_loss_claimed + class_4_losses_brought_forward
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Losses carried to later years for Class 4", "Colledion a ddygir ymlaen ar gyfer Dosbarth 4"
    ),
    cite="SSCBA 1992 Sch. 2 para. 3(4)",
    because=both(
        "What {class_4_loss_relief} did not use up", "Yr hyn na ddefnyddiodd {class_4_loss_relief}"
    ),
)
def class_4_losses_carried_forward(
    trading_loss_claimed, class_4_losses_brought_forward, class_4_loss_relief
):
    return trading_loss_claimed + class_4_losses_brought_forward - class_4_loss_relief


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Class 4 profits", "Elw Dosbarth 4"),
    cite="SSCBA 1992 s.15, Sch. 2",
    because=both(
        "{class_4_profits_before_losses} less losses {class_4_loss_relief}",
        "{class_4_profits_before_losses} llai colledion {class_4_loss_relief}",
    ),
)
def class_4_profits(class_4_profits_before_losses, class_4_loss_relief):
    return class_4_profits_before_losses - class_4_loss_relief


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Class 4 at the main rate", "Dosbarth 4 ar y brif gyfradd"),
    cite="SSCBA 1992 s.15(3)(a)",
    because=both(
        "{ni.class_4_main_rate} of profits between {ni.lower_profits_limit} and "
        "{ni.upper_profits_limit}",
        "{ni.class_4_main_rate} o'r elw rhwng {ni.lower_profits_limit} a {ni.upper_profits_limit}",
    ),
    otherwise=both(
        "Profits are below the limit, or none is due",
        "Mae'r elw o dan y terfyn, neu nid oes dim yn ddyledus",
    ),
)
def class_4_main(pays_class_4, class_4_profits):
    low, high = rate("ni.lower_profits_limit"), rate("ni.upper_profits_limit")
    band = at_least(at_most(class_4_profits, high) - low, 0)
    return when(pays_class_4, band * rate("ni.class_4_main_rate"), 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Class 4 above the upper limit", "Dosbarth 4 uwchlaw'r terfyn uchaf"),
    cite="SSCBA 1992 s.15(3)(b)",
    because=both(
        "{ni.class_4_additional_rate} of profits above {ni.upper_profits_limit}",
        "{ni.class_4_additional_rate} o'r elw uwchlaw {ni.upper_profits_limit}",
    ),
    otherwise=both(
        "Profits are below the upper limit, or none is due",
        "Mae'r elw o dan y terfyn uchaf, neu nid oes dim yn ddyledus",
    ),
)
def class_4_additional(pays_class_4, class_4_profits):
    above = at_least(class_4_profits - rate("ni.upper_profits_limit"), 0)
    return when(pays_class_4, above * rate("ni.class_4_additional_rate"), 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Most that can be due as Class 2 and main-rate contributions",
        "Y mwyaf a all fod yn ddyledus fel Dosbarth 2 a phrif gyfradd",
    ),
    cite="SI 2001/1004 reg. 100(3), Steps 1-3",
    because=both(
        "{ni.class_4_main_rate} between the profit limits, and 53 weeks of Class 2",
        "{ni.class_4_main_rate} rhwng y terfynau elw, a 53 wythnos o Ddosbarth 2",
    ),
)
def class_4_main_rate_ceiling():
    band = rate("ni.upper_profits_limit") - rate("ni.lower_profits_limit")
    return band * rate("ni.class_4_main_rate") + rate("ni.class_2_rate").per(YEAR, times=53)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Most that can be due as Class 4", "Y mwyaf a all fod yn ddyledus fel Dosbarth 4"),
    cite="SI 2001/1004 reg. 100(3)",
    because=both(
        "What the ceiling of {class_4_main_rate_ceiling} leaves after {class_1_main} and "
        "{class_2}, and the additional rate on the profits that bear no main rate",
        "Yr hyn mae'r nenfwd o {class_4_main_rate_ceiling} yn ei adael ar ôl {class_1_main} a "
        "{class_2}, a'r gyfradd ychwanegol ar yr elw nad yw'n dwyn y brif gyfradd",
    ),
)
def class_4_maximum(
    class_4_main_rate_ceiling, class_1_main, class_2, class_4_profits, pays_class_4
):
    low, high = rate("ni.lower_profits_limit"), rate("ni.upper_profits_limit")
    left = at_least(class_4_main_rate_ceiling - class_1_main - class_2, 0)
    at_main = at_most(
        at_least(at_most(class_4_profits, high) - low, 0), left / rate("ni.class_4_main_rate")
    )
    rest = at_least(class_4_profits - low, 0) - at_main
    whole = at_main * rate("ni.class_4_main_rate") + rest * rate("ni.class_4_additional_rate")
    return when(pays_class_4, whole, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Class 4 National Insurance", "Yswiriant Gwladol Dosbarth 4"),
    cite="SSCBA 1992 s.15; SI 2001/1004 reg. 100",
    because=both(
        "{class_4_main} and {class_4_additional}, at most {class_4_maximum}",
        "{class_4_main} a {class_4_additional}, {class_4_maximum} ar y mwyaf",
    ),
    otherwise=both("No Class 4 is due", "Nid oes Dosbarth 4 yn ddyledus"),
)
def class_4(class_4_main, class_4_additional, class_4_maximum):
    return at_most(class_4_main + class_4_additional, class_4_maximum)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Class 2 National Insurance", "Yswiriant Gwladol Dosbarth 2"),
    cite="SSCBA 1992 s.11",
    because=both(
        "{ni.class_2_rate} a week for {ni.contribution_weeks} weeks, on profits from "
        "{ni.small_profits_threshold}",
        "{ni.class_2_rate} yr wythnos am {ni.contribution_weeks} wythnos, ar elw o "
        "{ni.small_profits_threshold}",
    ),
    otherwise=both("No Class 2 is due", "Nid oes Dosbarth 2 yn ddyledus"),
    until="2022-04-06",
)
def class_2(pays_class_1, class_4_profits):
    year = rate("ni.class_2_rate").per(YEAR, times=rate("ni.contribution_weeks"))
    due = pays_class_1 & (class_4_profits >= rate("ni.small_profits_threshold"))
    return when(due, year, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Class 2 National Insurance", "Yswiriant Gwladol Dosbarth 2"),
    cite="SSCBA 1992 s.11; National Insurance Contributions (Reduction in Rates) (No. 2) Act 2023",
    because=both(
        "{ni.class_2_rate} a week for {ni.contribution_weeks} weeks, on profits above "
        "{ni.class_2_lower_profits}",
        "{ni.class_2_rate} yr wythnos am {ni.contribution_weeks} wythnos, ar elw uwchlaw "
        "{ni.class_2_lower_profits}",
    ),
    otherwise=both("No Class 2 is due", "Nid oes Dosbarth 2 yn ddyledus"),
    from_="2022-04-06",
)
def class_2(pays_class_1, class_4_profits):  # noqa: F811
    year = rate("ni.class_2_rate").per(YEAR, times=rate("ni.contribution_weeks"))
    due = pays_class_1 & (class_4_profits > rate("ni.class_2_lower_profits"))
    return when(due, year, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("National Insurance of the self-employed", "Yswiriant Gwladol yr hunangyflogedig"),
    cite="SSCBA 1992 ss.11, 15",
    because=both(
        "Class 2 {class_2} and Class 4 {class_4}", "Dosbarth 2 {class_2} a Dosbarth 4 {class_4}"
    ),
)
def national_insurance_of_self_employed(class_2, class_4):
    return class_2 + class_4
