"""Universal Credit: the earnings of one person, net of tax, National Insurance and pensions.

Universal Credit Regulations 2013 regs 51 to 57. Amounts of a tax year are spread evenly over its
twelve assessment periods.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import GBP, MONTH, PERSON, YEAR, Book, at_least, at_most

book = Book("universal_credit_earnings")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Loss of one trade set against profits of another",
        "Colled un fasnach wedi'i gosod yn erbyn elw un arall",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 57(2)",
    because=both(
        "Profits of one person's trades are taken together; a loss takes nothing off pay",
        "Cymerir elw masnachau un person gyda'i gilydd; nid yw colled yn tynnu dim oddi ar gyflog",
    ),
    otherwise=both("No loss, or no profit", "Dim colled, neu ddim elw"),
)
def trading_loss_set_against_profits(self_employment_income, company_earnings, trading_loss):
    # A loss may also be given as a profit below zero; `net_profits` takes the whole of it.
    profits = at_least(self_employment_income + company_earnings, 0)
    return at_most(trading_loss, profits)


@book.rule(
    PERSON,
    GBP / MONTH,
    title=both(
        "Earnings from self-employment for Universal Credit",
        "Enillion o hunangyflogaeth ar gyfer Credyd Cynhwysol",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 57(2), (4)",
    because=both(
        "Profits less losses, income tax of {income_tax_on_profits} and National Insurance of "
        "{national_insurance_on_profits}, never below nothing",
        "Elw llai colledion, treth incwm o {income_tax_on_profits} ac Yswiriant Gwladol o "
        "{national_insurance_on_profits}, byth o dan ddim",
    ),
    otherwise=both("No profit is left", "Nid oes elw ar ôl"),
)
def net_profits(
    self_employment_income,
    company_earnings,
    trading_loss_set_against_profits,
    income_tax_on_profits,
    national_insurance_on_profits,
):
    profits = self_employment_income + company_earnings - trading_loss_set_against_profits
    net = profits - income_tax_on_profits - national_insurance_on_profits
    return at_least(net, 0).per(MONTH)


@book.rule(
    PERSON,
    GBP / MONTH,
    title=both(
        "Earned income of one person for Universal Credit",
        "Incwm a enillir un person ar gyfer Credyd Cynhwysol",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 52, 55, 57",
    because=both(
        "Pay with statutory payments, less its tax and National Insurance, and profits of "
        "{net_profits}, less pension contributions of {pension_contributions_relief}",
        "Cyflog gyda thaliadau statudol, llai ei dreth a'i Yswiriant Gwladol, ac elw o "
        "{net_profits}, llai cyfraniadau pensiwn o {pension_contributions_relief}",
    ),
    otherwise=both("No earnings", "Dim enillion"),
)
def earned_income_before_floor(
    employment_income,
    statutory_pay,
    employment_expenses,
    income_tax_on_earnings,
    income_tax_on_profits,
    national_insurance_on_earnings,
    national_insurance_on_profits,
    pension_contributions_relief,
    net_profits,
):
    pay = at_least(employment_income + statutory_pay - employment_expenses, 0)
    tax = income_tax_on_earnings - income_tax_on_profits
    insurance = national_insurance_on_earnings - national_insurance_on_profits
    net_pay = (pay - tax - insurance - pension_contributions_relief).per(MONTH)
    return at_least(net_pay + net_profits, 0)
