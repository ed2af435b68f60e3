"""Profits of a trade for income tax: capital allowances, the trading allowance, losses.

Source: Income Tax (Trading and Other Income) Act 2005 Part 2 and Part 6A Chapter 1 (ss.783A-783AR);
Income Tax Act 2007 ss.64, 83. The trading allowance covers all trades of a person at once, so
whoever uses it cannot also claim a loss of the same year.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import GBP, PERSON, YEAR, YES_NO, Book, at_least, at_most, rate, when

book = Book("trading_income")

book.fact(
    "trading_receipts",
    PERSON,
    GBP / YEAR,
    title=both("Receipts of the trade before expenses", "Derbyniadau'r fasnach cyn treuliau"),
    ask=both(
        "What did your self-employment take in before expenses? (0 if you do not know)",
        "Faint ddaeth i mewn i'ch hunangyflogaeth cyn treuliau? (0 os nad ydych yn gwybod)",
    ),
    usual=0,
    low=0,
    cost=4,
)
book.fact(
    "capital_allowances",
    PERSON,
    GBP / YEAR,
    title=both("Capital allowances of the trade", "Lwfansau cyfalaf y fasnach"),
    ask=both(
        "What capital allowances do you claim for your trade?",
        "Pa lwfansau cyfalaf ydych chi'n eu hawlio ar gyfer eich masnach?",
    ),
    usual=0,
    low=0,
    cost=4,
)
book.fact(
    "trading_loss",
    PERSON,
    GBP / YEAR,
    title=both(
        "Loss of a trade in this tax year, claimed against other income",
        "Colled masnach yn y flwyddyn dreth hon, a hawlir yn erbyn incwm arall",
    ),
    ask=both(
        "Did a trade of yours make a loss this tax year that you claim? How much?",
        "A wnaeth masnach i chi golled y flwyddyn dreth hon rydych yn ei hawlio? Faint?",
    ),
    usual=0,
    low=0,
    cost=4,
)
book.fact(
    "trading_losses_brought_forward",
    PERSON,
    GBP / YEAR,
    title=both(
        "Losses of the trade from earlier years", "Colledion y fasnach o flynyddoedd cynharach"
    ),
    ask=both(
        "What losses of earlier years do you set against the profit of this trade?",
        "Pa golledion o flynyddoedd cynharach ydych yn eu gosod yn erbyn elw'r fasnach hon?",
    ),
    usual=0,
    low=0,
    cost=4,
)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Trading allowance of the year", "Lwfans masnachu'r flwyddyn"),
    cite="ITTOIA 2005 s.783AD",
    because=both("{trading.allowance} a year", "{trading.allowance} y flwyddyn"),
)
def trading_allowance():
    return rate("trading.allowance")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Profit of the trade after capital allowances", "Elw'r fasnach ar ôl lwfansau cyfalaf"
    ),
    cite="Capital Allowances Act 2001 s.247",
    because=both(
        "{self_employment_income} less {capital_allowances}",
        "{self_employment_income} llai {capital_allowances}",
    ),
)
def trading_profit(self_employment_income, capital_allowances):
    return at_least(self_employment_income - capital_allowances, 0)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Receipts are within the trading allowance", "Derbyniadau o fewn y lwfans masnachu"),
    cite="ITTOIA 2005 s.783AE",
    because=both(
        "Receipts, or the profit where receipts are not known, are at most {trading_allowance}",
        "Mae'r derbyniadau, neu'r elw lle nad yw'r derbyniadau'n hysbys, yn {trading_allowance} "
        "ar y mwyaf",
    ),
    otherwise=both("Receipts are above the allowance", "Mae'r derbyniadau uwchlaw'r lwfans"),
)
def trading_receipts_within_allowance(trading_receipts, self_employment_income, trading_allowance):
    # Receipts below the profit cannot be: they are taken as not known.
    return at_least(trading_receipts, self_employment_income) <= trading_allowance


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "What the trading allowance would take off the profit",
        "Yr hyn y byddai'r lwfans masnachu'n ei dynnu o'r elw",
    ),
    cite="ITTOIA 2005 ss.783AF, 783AI",
    because=both(
        "All of the profit where receipts are within {trading_allowance}; else the allowance "
        "instead of expenses and capital allowances",
        "Y cyfan o'r elw lle mae'r derbyniadau o fewn {trading_allowance}; fel arall y lwfans yn "
        "lle treuliau a lwfansau cyfalaf",
    ),
)
def trading_allowance_available(
    trading_receipts_within_allowance,
    trading_receipts,
    self_employment_income,
    capital_allowances,
    trading_profit,
    trading_allowance,
):
    expenses = trading_receipts - self_employment_income
    partial = at_least(trading_allowance - expenses - capital_allowances, 0)
    known = (trading_receipts > 0) & (trading_receipts >= self_employment_income)
    return when(
        trading_receipts_within_allowance,
        trading_profit,
        when(known, at_most(partial, trading_profit), 0),
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "The trading allowance is used rather than this year's loss",
        "Defnyddir y lwfans masnachu yn hytrach na cholled eleni",
    ),
    cite="ITTOIA 2005 ss.783AL, 783AM",
    because=both(
        "The allowance takes off at least as much as the loss of {trading_loss}",
        "Mae'r lwfans yn tynnu o leiaf gymaint â'r golled o {trading_loss}",
    ),
    otherwise=both(
        "The loss of {trading_loss} takes off more than the allowance would",
        "Mae'r golled o {trading_loss} yn tynnu mwy nag y byddai'r lwfans",
    ),
)
def uses_trading_allowance(
    trading_allowance_available, trading_profit, trading_losses_brought_forward, trading_loss
):
    left = at_least(trading_profit - trading_losses_brought_forward, 0)
    return at_most(trading_allowance_available, left) >= trading_loss


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Trading allowance deducted", "Lwfans masnachu a ddidynnwyd"),
    cite="ITTOIA 2005 ss.783AF, 783AI",
    because=both("{value} comes off the profit of the trade", "Daw {value} oddi ar elw'r fasnach"),
    otherwise=both("The trading allowance is not used", "Ni ddefnyddir y lwfans masnachu"),
)
def trading_allowance_deduction(uses_trading_allowance, trading_allowance_available):
    return when(uses_trading_allowance, trading_allowance_available, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("This year's loss that can be claimed", "Colled eleni y gellir ei hawlio"),
    cite="ITA 2007 s.64; ITTOIA 2005 s.783AF(3)",
    because=both("The loss of {trading_loss}", "Y golled o {trading_loss}"),
    otherwise=both(
        "There is none, or the trading allowance is used instead",
        "Nid oes un, neu defnyddir y lwfans masnachu yn ei lle",
    ),
)
def trading_loss_claimed(trading_loss, uses_trading_allowance):
    return when(uses_trading_allowance & (trading_loss > 0), 0, trading_loss)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Earlier losses set against the profit", "Colledion cynharach a osodir yn erbyn yr elw"
    ),
    cite="ITA 2007 s.83",
    because=both(
        "Losses of {trading_losses_brought_forward}, at most the profit of the trade",
        "Colledion o {trading_losses_brought_forward}, elw'r fasnach ar y mwyaf",
    ),
)
def trading_losses_used(
    trading_profit, trading_allowance_deduction, trading_losses_brought_forward
):
    profit = at_least(trading_profit - trading_allowance_deduction, 0)
    return at_most(trading_losses_brought_forward, profit)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Taxable profit from self-employment", "Elw trethadwy o hunangyflogaeth"),
    cite="ITTOIA 2005 s.5",
    because=both(
        "Profit {trading_profit}, less the trading allowance {trading_allowance_deduction} and "
        "earlier losses {trading_losses_used}",
        "Elw {trading_profit}, llai'r lwfans masnachu {trading_allowance_deduction} a cholledion "
        "cynharach {trading_losses_used}",
    ),
)
def taxable_self_employment_income(
    trading_profit, trading_allowance_deduction, trading_losses_used
):
    return at_least(trading_profit - trading_allowance_deduction - trading_losses_used, 0)
