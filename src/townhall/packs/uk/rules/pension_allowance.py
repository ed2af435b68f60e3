"""The annual allowance for pension saving, and the charge on what is saved above it.

Source: Finance Act 2004 ss.192(4), 227-228ZA, 233. The charge lies on top of the income at the
rates of the taxpayer. Contributions relieved at source raise the rate limits only for whoever is
liable above the basic rate without them (s.192(4)). What a pension based on
pay and service grew by (ss.234-236A) is what its scheme states.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.packs.uk.rules.income_tax_bands import on_top
from townhall.rules.engine.law import (
    GBP,
    PERSON,
    YEAR,
    YES_NO,
    Book,
    Term,
    at_least,
    rate,
    round_down,
    scale,
    when,
)

book = Book("pension_allowance")

book.fact(
    "unused_pension_annual_allowance",
    PERSON,
    GBP / YEAR,
    title=both(
        "Annual allowance of the three years before that was not used",
        "Lwfans blynyddol y tair blynedd flaenorol nas defnyddiwyd",
    ),
    usual=0,
    low=0,
    cost=5,
)

book.fact(
    "pay_sacrificed_since_before_july_2015",
    PERSON,
    GBP / YEAR,
    title=both(
        "Salary sacrifice for pensions agreed before 9 July 2015",
        "Aberthu cyflog am bensiynau y cytunwyd arno cyn 9 Gorffennaf 2015",
    ),
    usual=0,
    low=0,
    cost=5,
)

book.fact(
    "contributions_to_defined_benefit_pension",
    PERSON,
    GBP / YEAR,
    title=both(
        "Contributions, yours and the employer's, to a pension based on pay and service",
        "Cyfraniadau, eich rhai chi a'r cyflogwr, i bensiwn ar sail cyflog a gwasanaeth",
    ),
    usual=0,
    low=0,
    cost=4,
)
book.fact(
    "defined_benefit_pension_saving",
    PERSON,
    GBP / YEAR,
    title=both(
        "What the scheme says a pension based on pay and service grew by, for the annual allowance",
        "Yr hyn y dywed y cynllun y tyfodd pensiwn ar sail cyflog a gwasanaeth, at y lwfans "
        "blynyddol",
    ),
    usual=0,
    low=0,
    cost=5,
)
book.fact(
    "taxable_lump_sum_death_benefits",
    PERSON,
    GBP / YEAR,
    title=both(
        "Taxable lump sums from the pension of somebody who died",
        "Cyfandaliadau trethadwy o bensiwn rhywun a fu farw",
    ),
    usual=0,
    low=0,
    cost=5,
)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Pay given up for a pension", "Cyflog a ildiwyd am bensiwn"),
    cite="ITEPA 2003 s.308; Finance Act 2004 s.228ZA(5)(b)",
    because=both(
        "{pension_contributions_by_salary_sacrifice} out of pay",
        "{pension_contributions_by_salary_sacrifice} o gyflog",
    ),
    otherwise=both("Nothing, or no pay to give up", "Dim, neu ddim cyflog i'w ildio"),
)
def pay_sacrificed(pension_contributions_by_salary_sacrifice, employment_income):
    return when(employment_income > 0, pension_contributions_by_salary_sacrifice, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Pension saving of the year", "Cynilo pensiwn y flwyddyn"),
    cite="Finance Act 2004 ss.188(3)(a), 233",
    because=both(
        "By the employer {employer_pension_contributions}, by salary sacrifice {pay_sacrificed}, "
        "and before 75 your own contributions",
        "Gan y cyflogwr {employer_pension_contributions}, trwy aberthu cyflog {pay_sacrificed}, a "
        "chyn 75 eich cyfraniadau eich hun",
    ),
)
def pension_input(
    age,
    employee_pension_contributions,
    personal_pension_contributions,
    employer_pension_contributions,
    pay_sacrificed,
    contributions_to_defined_benefit_pension,
    defined_benefit_pension_saving,
):
    own = employee_pension_contributions + personal_pension_contributions
    paid = employer_pension_contributions + pay_sacrificed + when(age < 75, own, 0)
    # What a pension based on pay and service grew by stands in place of what was paid for it.
    to_schemes = at_least(paid - contributions_to_defined_benefit_pension, 0)
    return to_schemes + defined_benefit_pension_saving


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Threshold income", "Incwm trothwy"),
    cite="Finance Act 2004 s.228ZA(5)",
    because=both(
        "Net income {net_income} less pension contributions relieved "
        "{pension_contributions_relief}, and pay given up {pay_sacrificed}",
        "Incwm net {net_income} llai cyfraniadau pensiwn a ryddheir "
        "{pension_contributions_relief}, a chyflog a ildiwyd {pay_sacrificed}",
    ),
)
def pension_threshold_income(
    net_income,
    pension_contributions_relief,
    pay_sacrificed,
    pay_sacrificed_since_before_july_2015,
    taxable_lump_sum_death_benefits,
):
    counted = at_least(pay_sacrificed - pay_sacrificed_since_before_july_2015, 0)
    income = net_income - taxable_lump_sum_death_benefits
    return income - pension_contributions_relief + counted


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Adjusted income", "Incwm wedi'i addasu"),
    cite="Finance Act 2004 s.228ZA(4)",
    because=both(
        "Net income {net_income} and pension saving {pension_input} beyond your own contributions",
        "Incwm net {net_income} a chynilo pensiwn {pension_input} y tu hwnt i'ch cyfraniadau eich "
        "hun",
    ),
)
def pension_adjusted_income(
    net_income,
    pension_input,
    employee_pension_contributions,
    personal_pension_contributions,
    taxable_lump_sum_death_benefits,
):
    own = employee_pension_contributions + personal_pension_contributions
    return net_income - taxable_lump_sum_death_benefits + pension_input - own


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Annual allowance for pension saving", "Lwfans blynyddol ar gyfer cynilo pensiwn"),
    cite="Finance Act 2004 s.228",
    because=both("{pensions.annual_allowance} a year", "{pensions.annual_allowance} y flwyddyn"),
    until="2016-04-06",
)
def pension_annual_allowance():
    return rate("pensions.annual_allowance")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Annual allowance for pension saving", "Lwfans blynyddol ar gyfer cynilo pensiwn"),
    cite="Finance Act 2004 ss.228, 228ZA(1)-(3)",
    because=both(
        "{pensions.annual_allowance}; where threshold income is above "
        "{pensions.threshold_income}, less half of adjusted income above {pensions.taper_income}, "
        "but at least {pensions.least_annual_allowance}",
        "{pensions.annual_allowance}; lle mae'r incwm trothwy uwchlaw "
        "{pensions.threshold_income}, llai hanner yr incwm wedi'i addasu uwchlaw "
        "{pensions.taper_income}, ond o leiaf {pensions.least_annual_allowance}",
    ),
    from_="2016-04-06",
)
def pension_annual_allowance(pension_threshold_income, pension_adjusted_income):  # noqa: F811
    excess = at_least(pension_adjusted_income - rate("pensions.taper_income"), 0)
    # The reduction is rounded down to whole pounds (s.228ZA(2)).
    reduced = rate("pensions.annual_allowance") - round_down(excess / 2, 1)
    return when(
        pension_threshold_income > rate("pensions.threshold_income"),
        at_least(reduced, rate("pensions.least_annual_allowance")),
        rate("pensions.annual_allowance"),
    )


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Pension saving that is charged", "Cynilo pensiwn y codir tâl arno"),
    cite="Finance Act 2004 ss.227ZA, 228A",
    because=both(
        "{pension_input} above {pension_annual_allowance} and what earlier years left, "
        "{unused_pension_annual_allowance}",
        "{pension_input} uwchlaw {pension_annual_allowance} a'r hyn a adawodd blynyddoedd "
        "cynharach, {unused_pension_annual_allowance}",
    ),
    otherwise=both(
        "Pension saving is within the allowance", "Mae'r cynilo pensiwn o fewn y lwfans"
    ),
)
def pension_saving_charged(
    pension_input, pension_annual_allowance, unused_pension_annual_allowance
):
    return at_least(pension_input - pension_annual_allowance - unused_pension_annual_allowance, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income below the charge", "Incwm o dan y tâl"),
    cite="Finance Act 2004 s.227(4B); ITA 2007 s.23, Step 3",
    because=both(
        "Net income {net_income} after allowances", "Incwm net {net_income} ar ôl lwfansau"
    ),
)
def income_below_pension_charge(
    net_income,
    allowances_left,
    relief_at_source_contributions,
    relief_at_source_is_deducted,
):
    added = when(relief_at_source_is_deducted, relief_at_source_contributions, 0)
    return at_least(net_income - at_least(allowances_left - added, 0), 0)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Liable above the basic rate without relief at source",
        "Yn atebol uwchlaw'r gyfradd sylfaenol heb ryddhad yn y tarddiad",
    ),
    cite="Finance Act 2004 s.192(4)",
    because=both(
        "Income other than interest and dividends is above the basic rate limit",
        "Mae incwm heblaw llog a difidendau uwchlaw terfyn y gyfradd sylfaenol",
    ),
    otherwise=both(
        "No income at the ordinary rates is above the basic rate limit",
        "Nid oes incwm ar y cyfraddau arferol uwchlaw terfyn y gyfradd sylfaenol",
    ),
)
def relief_at_source_raises_limits(
    income_below_pension_charge,
    taxable_savings_interest,
    taxable_dividend_income,
    is_scottish_taxpayer,
    gift_aid_grossed_up,
):
    ordinary = income_below_pension_charge - taxable_savings_interest - taxable_dividend_income
    limit = when(
        is_scottish_taxpayer,
        rate("scottish_tax.intermediate_from"),
        rate("income_tax.basic_rate_limit"),
    )
    return ordinary > limit + gift_aid_grossed_up


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both(
        "Charge on pension saving above the allowance", "Tâl ar gynilo pensiwn uwchlaw'r lwfans"
    ),
    cite="Finance Act 2004 s.227(4)-(4AA), (4C)",
    because=both(
        "{pension_saving_charged}, taxed on top of {income_below_pension_charge}",
        "{pension_saving_charged}, wedi'i drethu ar ben {income_below_pension_charge}",
    ),
    otherwise=both("No pension saving is charged", "Ni chodir tâl ar gynilo pensiwn"),
)
def pension_annual_allowance_charge(
    pension_saving_charged,
    income_below_pension_charge,
    relief_at_source_raises_limits,
    relief_at_source_contributions,
    gift_aid_grossed_up,
    is_scottish_taxpayer,
):
    raised = gift_aid_grossed_up + when(
        relief_at_source_raises_limits, relief_at_source_contributions, 0
    )
    below, charged = income_below_pension_charge, pension_saving_charged
    uk = on_top(
        below,
        charged,
        (
            rate("income_tax.basic_rate_limit") + raised,
            rate("income_tax.higher_rate_limit") + raised,
        ),
        ("income_tax.basic_rate", "income_tax.higher_rate", "income_tax.additional_rate"),
    )
    scots = _scottish(below + charged, raised) - _scottish(below, raised)
    return when(charged > 0, when(is_scottish_taxpayer, scots, uk), 0)


def _scottish(amount: Term, raised: Term) -> Term:
    """Scottish rates; the starter band bears the basic rate here (s.227(4AA))."""
    return scale(
        amount,
        (0, rate("scottish_tax.basic_rate")),
        (rate("scottish_tax.intermediate_from") + raised, rate("scottish_tax.intermediate_rate")),
        (rate("scottish_tax.higher_from") + raised, rate("scottish_tax.higher_rate")),
        (rate("scottish_tax.advanced_from") + raised, rate("scottish_tax.advanced_rate")),
        (rate("scottish_tax.top_from") + raised, rate("scottish_tax.top_rate")),
    )
