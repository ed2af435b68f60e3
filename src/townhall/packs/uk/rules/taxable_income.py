"""Total income: what of each kind of income is charged to tax (ITA 2007 s.23, Step 1)."""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import GBP, PERSON, YEAR, Book, at_least

book = Book("taxable_income")

book.fact(
    "employment_expenses",
    PERSON,
    GBP / YEAR,
    title=both("Expenses of the job that are deducted", "Treuliau'r swydd a ddidynnir"),
    ask=both(
        "What expenses of your job that your employer did not repay can you deduct?",
        "Pa dreuliau o'ch swydd na chawsoch yn ôl gan eich cyflogwr y gallwch eu didynnu?",
    ),
    usual=0,
    low=0,
    cost=4,
)
book.fact(
    "other_investment_income",
    PERSON,
    GBP / YEAR,
    title=both("Other taxed income from savings", "Incwm arall o gynilion a drethir"),
    usual=0,
    low=0,
)
book.fact(
    "deficiency_relief",
    PERSON,
    GBP / YEAR,
    title=both("Relief for a deficiency of a life policy", "Rhyddhad am ddiffyg mewn polisi bywyd"),
    usual=0,
    low=0,
    cost=5,
)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Statutory payments by the employer", "Taliadau statudol gan y cyflogwr"),
    cite="ITEPA 2003 s.660",
    because=both(
        "Sick pay, maternity pay and paternity pay together",
        "Tâl salwch, tâl mamolaeth a thâl tadolaeth gyda'i gilydd",
    ),
)
def statutory_pay(
    statutory_sick_pay_received, statutory_maternity_pay_received, statutory_paternity_pay_received
):
    return (
        statutory_sick_pay_received
        + statutory_maternity_pay_received
        + statutory_paternity_pay_received
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Taxable income from jobs", "Incwm trethadwy o swyddi"),
    cite="ITEPA 2003 ss.9, 11",
    because=both(
        "Pay {employment_income} and statutory payments {statutory_pay}, less expenses "
        "{employment_expenses}",
        "Cyflog {employment_income} a thaliadau statudol {statutory_pay}, llai treuliau "
        "{employment_expenses}",
    ),
)
def taxable_employment_income(employment_income, statutory_pay, employment_expenses):
    return at_least(employment_income + statutory_pay - employment_expenses, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Taxable pensions", "Pensiynau trethadwy"),
    cite="ITEPA 2003 s.579A",
    because=both("Pensions of {private_pension_income}", "Pensiynau o {private_pension_income}"),
)
def taxable_pension_income(private_pension_income):
    return private_pension_income


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Taxable benefits", "Budd-daliadau trethadwy"),
    cite="ITEPA 2003 ss.577, 658, 660, 661",
    because=both(
        "The State Pension and the benefits that are taxed, together",
        "Pensiwn y Wladwriaeth a'r budd-daliadau a drethir, gyda'i gilydd",
    ),
)
def taxable_social_security_income(
    state_pension,
    carers_allowance,
    carer_support_payment,
    contribution_based_jobseekers_allowance,
    contribution_based_employment_support_allowance,
    incapacity_benefit,
    widowed_parents_allowance,
):
    return (
        state_pension
        + carers_allowance
        + carer_support_payment
        + contribution_based_jobseekers_allowance
        + contribution_based_employment_support_allowance
        + incapacity_benefit
        + widowed_parents_allowance
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Taxable interest", "Llog trethadwy"),
    cite="ITTOIA 2005 ss.369, 694",
    because=both(
        "Interest outside ISAs {savings_interest} and other income from savings "
        "{other_investment_income}",
        "Llog y tu allan i ISAs {savings_interest} ac incwm arall o gynilion "
        "{other_investment_income}",
    ),
)
def taxable_savings_interest(savings_interest, other_investment_income):
    return at_least(savings_interest + other_investment_income, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Taxable dividends", "Difidendau trethadwy"),
    cite="ITTOIA 2005 ss.383, 539",
    because=both("Dividends of {dividend_income}", "Difidendau o {dividend_income}"),
)
def taxable_dividend_income(dividend_income, deficiency_relief):
    return at_least(dividend_income - deficiency_relief, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Other taxable income", "Incwm trethadwy arall"),
    cite="ITTOIA 2005 s.687; ITA 2007 s.152",
    because=both("Other income of {miscellaneous_income}", "Incwm arall o {miscellaneous_income}"),
    otherwise=both(
        "None: a loss here only waits for later income of the kind",
        "Dim: nid yw colled yma ond yn aros am incwm diweddarach o'r math",
    ),
)
def taxable_miscellaneous_income(miscellaneous_income):
    return at_least(miscellaneous_income, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Total income", "Cyfanswm incwm"),
    cite="ITA 2007 s.23, Step 1",
    because=both(
        "Jobs {taxable_employment_income}, pensions {taxable_pension_income}, benefits "
        "{taxable_social_security_income}, trade {taxable_self_employment_income}, letting "
        "{taxable_property_income}, interest {taxable_savings_interest}, dividends "
        "{taxable_dividend_income}, other {taxable_miscellaneous_income}",
        "Swyddi {taxable_employment_income}, pensiynau {taxable_pension_income}, budd-daliadau "
        "{taxable_social_security_income}, masnach {taxable_self_employment_income}, gosod "
        "{taxable_property_income}, llog {taxable_savings_interest}, difidendau "
        "{taxable_dividend_income}, arall {taxable_miscellaneous_income}",
    ),
)
def total_income(
    taxable_employment_income,
    taxable_pension_income,
    taxable_social_security_income,
    taxable_self_employment_income,
    taxable_property_income,
    taxable_savings_interest,
    taxable_dividend_income,
    taxable_miscellaneous_income,
):
    return (
        taxable_employment_income
        + taxable_pension_income
        + taxable_social_security_income
        + taxable_self_employment_income
        + taxable_property_income
        + taxable_savings_interest
        + taxable_dividend_income
        + taxable_miscellaneous_income
    )
