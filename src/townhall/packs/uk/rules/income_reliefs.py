"""From total to net and adjusted net income: loss relief, pension contributions, Gift Aid.

Source: Income Tax Act 2007 ss.23 (Step 2), 24, 24A, 58, 64; Finance Act 2004 ss.188-194. Pension
contributions under net pay arrangements (s.193) come off income at Step 2 in the Act; here they are
taken off together with the allowances, which gives the same taxable income, so that one place says
what is relieved.
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

book = Book("income_reliefs")

book.fact(
    "other_deductions",
    PERSON,
    GBP / YEAR,
    title=both(
        "Other payments and gifts deducted from income",
        "Taliadau a rhoddion eraill a ddidynnir o incwm",
    ),
    usual=0,
    low=0,
    cost=5,
)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Earnings that pension relief is measured by", "Enillion y mesurir rhyddhad pensiwn wrthynt"
    ),
    cite="Finance Act 2004 s.189(2)",
    because=both(
        "Jobs {taxable_employment_income} and the profit of the trade before earlier losses",
        "Swyddi {taxable_employment_income} ac elw'r fasnach cyn colledion cynharach",
    ),
)
def relevant_uk_earnings(taxable_employment_income, trading_profit, trading_allowance_deduction):
    return taxable_employment_income + at_least(trading_profit - trading_allowance_deduction, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Pension contributions that need no earnings", "Cyfraniadau heb angen enillion"),
    cite="Finance Act 2004 s.190(2)(a)",
    because=both("{pensions.basic_amount} a year", "{pensions.basic_amount} y flwyddyn"),
)
def pension_basic_amount():
    return rate("pensions.basic_amount")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Pension contributions taken from pay that are relieved",
        "Cyfraniadau pensiwn o gyflog a ryddheir",
    ),
    cite="Finance Act 2004 ss.188(3)(a), 190(1), 193",
    because=both(
        "{employee_pension_contributions}, at most earnings of {relevant_uk_earnings}",
        "{employee_pension_contributions}, enillion o {relevant_uk_earnings} ar y mwyaf",
    ),
    otherwise=both("None: no earnings, or 75 or older", "Dim: dim enillion, neu 75 neu hŷn"),
)
def net_pay_pension_relief(age, employee_pension_contributions, relevant_uk_earnings):
    return when(age < 75, at_most(employee_pension_contributions, relevant_uk_earnings), 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Pension contributions paid by yourself that are relieved",
        "Cyfraniadau pensiwn a dalwch eich hun a ryddheir",
    ),
    cite="Finance Act 2004 ss.188(3)(a), 190, 192",
    because=both(
        "{personal_pension_contributions}, at most earnings or {pension_basic_amount}, less what "
        "is relieved from pay",
        "{personal_pension_contributions}, enillion neu {pension_basic_amount} ar y mwyaf, llai'r "
        "hyn a ryddheir o gyflog",
    ),
    otherwise=both("None, or 75 or older", "Dim, neu 75 neu hŷn"),
)
def relief_at_source_contributions(
    age,
    personal_pension_contributions,
    relevant_uk_earnings,
    pension_basic_amount,
    net_pay_pension_relief,
):
    most = at_least(relevant_uk_earnings, pension_basic_amount) - net_pay_pension_relief
    return when(age < 75, at_most(personal_pension_contributions, at_least(most, 0)), 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Pension contributions relieved", "Cyfraniadau pensiwn a ryddheir"),
    cite="Finance Act 2004 s.190",
    because=both(
        "{net_pay_pension_relief} from pay and {relief_at_source_contributions} paid by yourself",
        "{net_pay_pension_relief} o gyflog a {relief_at_source_contributions} a dalwyd gennych",
    ),
)
def pension_contributions_relief(net_pay_pension_relief, relief_at_source_contributions):
    return net_pay_pension_relief + relief_at_source_contributions


@book.rule(
    PERSON,
    YES_NO,
    title=both("Relief at source shown as a deduction", "Rhyddhad yn y tarddiad fel didyniad"),
    cite="Finance Act 2004 s.192(1), (4)",
    because=both(
        "The tax relief that the pension provider claims is shown within your own tax",
        "Dangosir y rhyddhad treth mae'r darparwr yn ei hawlio o fewn eich treth eich hun",
    ),
    otherwise=both(
        "The provider claims the basic rate; your rate limits rise by the contribution",
        "Mae'r darparwr yn hawlio'r gyfradd sylfaenol; cwyd eich terfynau gan y cyfraniad",
    ),
)
def relief_at_source_is_deducted():
    # The law. Other models that show the relief within income tax turn it on.
    return False


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Gift Aid with the basic rate added", "Rhodd Cymorth gyda'r gyfradd sylfaenol"),
    cite="ITA 2007 s.415",
    because=both(
        "{gift_aid} and the basic rate of tax on it", "{gift_aid} a'r gyfradd sylfaenol arno"
    ),
)
def gift_aid_grossed_up(gift_aid):
    # 80 paid is 100 given, of which the basic rate is the charity's to claim.
    return gift_aid / (100 - rate("income_tax.basic_rate"))


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Adjusted total income", "Cyfanswm incwm wedi'i addasu"),
    cite="ITA 2007 s.24A(8)",
    because=both(
        "{total_income}, with earlier losses {trading_losses_used} added back, less pension "
        "contributions {pension_contributions_relief}",
        "{total_income}, gan adio colledion cynharach {trading_losses_used}, llai cyfraniadau "
        "pensiwn {pension_contributions_relief}",
    ),
)
def adjusted_total_income(total_income, trading_losses_used, pension_contributions_relief):
    return at_least(total_income + trading_losses_used - pension_contributions_relief, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Cap on reliefs against income", "Cap ar ryddhadau yn erbyn incwm"),
    cite="ITA 2007 s.24A(5)",
    because=both(
        "{reliefs.cap_share} of {adjusted_total_income}, at least {reliefs.cap_amount}",
        "{reliefs.cap_share} o {adjusted_total_income}, o leiaf {reliefs.cap_amount}",
    ),
)
def relief_cap(adjusted_total_income):
    return at_least(adjusted_total_income * rate("reliefs.cap_share"), rate("reliefs.cap_amount"))


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("This year's loss set against income", "Colled eleni a osodir yn erbyn incwm"),
    cite="ITA 2007 ss.24A, 64",
    because=both(
        "The loss of {trading_loss_claimed}, at most the cap of {relief_cap} and the income",
        "Y golled o {trading_loss_claimed}, y cap o {relief_cap} a'r incwm ar y mwyaf",
    ),
    otherwise=both("No loss is claimed", "Ni hawlir colled"),
)
def trade_loss_relief(trading_loss_claimed, relief_cap, total_income, net_pay_pension_relief):
    # Contributions under net pay come off earnings before any loss does (FA 2004 s.193(4)).
    income = at_least(total_income - net_pay_pension_relief, 0)
    return at_most(trading_loss_claimed, relief_cap, income)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Net income", "Incwm net"),
    cite="ITA 2007 s.23, Step 2",
    because=both(
        "Total income {total_income} less loss relief {trade_loss_relief}",
        "Cyfanswm incwm {total_income} llai rhyddhad colled {trade_loss_relief}",
    ),
)
def net_income(total_income, trade_loss_relief):
    return total_income - trade_loss_relief


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Adjusted net income", "Incwm net wedi'i addasu"),
    cite="ITA 2007 s.58",
    because=both(
        "Net income {net_income} less pension contributions {pension_contributions_relief} and "
        "Gift Aid {gift_aid_grossed_up}",
        "Incwm net {net_income} llai cyfraniadau pensiwn {pension_contributions_relief} a Rhodd "
        "Cymorth {gift_aid_grossed_up}",
    ),
)
def adjusted_net_income(net_income, pension_contributions_relief, gift_aid_grossed_up):
    return net_income - pension_contributions_relief - gift_aid_grossed_up


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Income that the winter fuel charge looks at",
        "Incwm y mae'r tâl tanwydd gaeaf yn edrych arno",
    ),
    cite="ITEPA 2003 s.681I",
    because=both(
        "{total_income}, with earlier losses {trading_losses_used} added back, less pension "
        "contributions from pay {net_pay_pension_relief}",
        "{total_income}, gan adio colledion cynharach {trading_losses_used}, llai cyfraniadau "
        "pensiwn o gyflog {net_pay_pension_relief}",
    ),
)
def income_charged_to_tax(total_income, trading_losses_used, net_pay_pension_relief):
    return at_least(total_income + trading_losses_used - net_pay_pension_relief, 0)
