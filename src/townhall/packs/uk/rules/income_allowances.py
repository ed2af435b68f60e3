"""Allowances of income tax: personal, blind person's, marriage; and what income they meet.

Source: Income Tax Act 2007 Part 3 (ss.33-58), Part 3A (marriage allowance), s.25 (order of
deductions).
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    GBP,
    PERSON,
    YEAR,
    Book,
    at_least,
    at_most,
    clip,
    rate,
    round_up,
    when,
)

book = Book("income_allowances")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Personal allowance before it shrinks", "Lwfans personol cyn iddo leihau"),
    cite="ITA 2007 s.35(1)",
    because=both(
        "{income_tax.personal_allowance} a year", "{income_tax.personal_allowance} y flwyddyn"
    ),
)
def full_personal_allowance():
    return rate("income_tax.personal_allowance")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Personal allowance", "Lwfans personol"),
    cite="ITA 2007 s.35(2), (3)",
    because=both(
        "{full_personal_allowance}, less half of adjusted net income above "
        "{income_tax.personal_allowance.income_limit}, in whole pounds",
        "{full_personal_allowance}, llai hanner yr incwm net wedi'i addasu uwchlaw "
        "{income_tax.personal_allowance.income_limit}, mewn punnoedd cyfan",
    ),
    otherwise=both(
        "None: adjusted net income of {adjusted_net_income} has used it all up",
        "Dim: mae incwm net wedi'i addasu o {adjusted_net_income} wedi'i ddefnyddio i gyd",
    ),
)
def personal_allowance(full_personal_allowance, adjusted_net_income):
    excess = at_least(adjusted_net_income - rate("income_tax.personal_allowance.income_limit"), 0)
    # A fraction of a pound is rounded up (s.35(3)).
    return round_up(at_least(full_personal_allowance - excess / 2, 0), 1)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Blind person's allowance", "Lwfans person dall"),
    cite="ITA 2007 s.38",
    because=both("{blind_persons_allowance} a year", "{blind_persons_allowance} y flwyddyn"),
    otherwise=both(
        "Not registered as severely sight impaired", "Heb gofrestru â nam difrifol ar y golwg"
    ),
)
def blind_persons_allowance(is_severely_sight_impaired):
    return when(is_severely_sight_impaired, rate("blind_persons_allowance"), 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Pension contributions deducted", "Cyfraniadau pensiwn a ddidynnir"),
    cite="Finance Act 2004 ss.193(4), 194(1)",
    because=both(
        "Contributions from pay {net_pay_pension_relief}",
        "Cyfraniadau o gyflog {net_pay_pension_relief}",
    ),
)
def pension_contributions_deducted(
    net_pay_pension_relief, relief_at_source_contributions, relief_at_source_is_deducted
):
    return net_pay_pension_relief + when(
        relief_at_source_is_deducted, relief_at_source_contributions, 0
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Everything deducted from net income", "Popeth a ddidynnir o incwm net"),
    cite="ITA 2007 s.23, Step 3",
    because=both(
        "Personal allowance {personal_allowance}, blind person's allowance "
        "{blind_persons_allowance}, pension contributions {pension_contributions_deducted}, other "
        "{other_deductions}",
        "Lwfans personol {personal_allowance}, lwfans person dall {blind_persons_allowance}, "
        "cyfraniadau pensiwn {pension_contributions_deducted}, arall {other_deductions}",
    ),
)
def allowances_and_deductions(
    personal_allowance, blind_persons_allowance, pension_contributions_deducted, other_deductions
):
    return (
        personal_allowance
        + blind_persons_allowance
        + pension_contributions_deducted
        + other_deductions
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Deducted after marriage allowance", "Didynnir ar ôl lwfans priodasol"),
    cite="ITA 2007 s.55B(6); s.23, Step 3",
    because=both(
        "{allowances_and_deductions} less {allowance_given_up} given to your partner",
        "{allowances_and_deductions} llai {allowance_given_up} a roddwyd i'ch partner",
    ),
)
def allowances_left(allowances_and_deductions, allowance_given_up):
    return at_least(allowances_and_deductions - allowance_given_up, 0)


# The order that costs least: income taxed at the higher rates first (ITA 2007 s.25(2)).
@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Loss relief left for interest and dividends",
        "Rhyddhad colled sydd ar ôl ar gyfer llog a difidendau",
    ),
    cite="ITA 2007 s.25",
    because=both(
        "{trade_loss_relief} less the other income", "{trade_loss_relief} llai'r incwm arall"
    ),
    otherwise=both("The other income takes it all", "Yr incwm arall sy'n cymryd y cyfan"),
)
def loss_relief_on_savings_and_dividends(
    trade_loss_relief, total_income, taxable_savings_interest, taxable_dividend_income
):
    other = total_income - taxable_savings_interest - taxable_dividend_income
    return at_least(trade_loss_relief - at_least(other, 0), 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Allowances used by pay, pensions, profits",
        "Lwfansau a ddefnyddir gan gyflog, pensiynau, elw",
    ),
    cite="ITA 2007 s.25",
    because=both(
        "{allowances_left}, at most income other than interest and dividends",
        "{allowances_left}, incwm heblaw llog a difidendau ar y mwyaf",
    ),
)
def allowances_on_other_income(
    allowances_left, net_income, taxable_savings_interest, taxable_dividend_income
):
    other = net_income - taxable_savings_interest - taxable_dividend_income
    return clip(at_least(other, 0), 0, allowances_left)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Allowances used by interest", "Lwfansau a ddefnyddir gan log"),
    cite="ITA 2007 s.25",
    because=both(
        "What is left of {allowances_left} and of loss relief, at most the interest",
        "Yr hyn sydd ar ôl o {allowances_left} a rhyddhad colled, y llog ar y mwyaf",
    ),
)
def allowances_on_savings(
    allowances_left,
    loss_relief_on_savings_and_dividends,
    allowances_on_other_income,
    taxable_savings_interest,
):
    left = allowances_left + loss_relief_on_savings_and_dividends - allowances_on_other_income
    return at_most(at_least(left, 0), at_least(taxable_savings_interest, 0))


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Allowances used by dividends", "Lwfansau a ddefnyddir gan ddifidendau"),
    cite="ITA 2007 s.25",
    because=both(
        "What is then left of {allowances_left}, at most the dividends",
        "Yr hyn sydd ar ôl wedyn o {allowances_left}, y difidendau ar y mwyaf",
    ),
)
def allowances_on_dividends(
    allowances_left,
    loss_relief_on_savings_and_dividends,
    allowances_on_other_income,
    allowances_on_savings,
    taxable_dividend_income,
):
    left = (
        allowances_left
        + loss_relief_on_savings_and_dividends
        - allowances_on_other_income
        - allowances_on_savings
    )
    return at_most(at_least(left, 0), at_least(taxable_dividend_income, 0))


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Allowances used", "Lwfansau a ddefnyddir"),
    cite="ITA 2007 s.25",
    because=both(
        "{allowances_on_other_income}, {allowances_on_savings} on interest and "
        "{allowances_on_dividends} on dividends",
        "{allowances_on_other_income}, {allowances_on_savings} ar log a {allowances_on_dividends} "
        "ar ddifidendau",
    ),
)
def allowances_used(allowances_on_other_income, allowances_on_savings, allowances_on_dividends):
    return allowances_on_other_income + allowances_on_savings + allowances_on_dividends
