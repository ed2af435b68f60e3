"""Child Benefit and the High Income Child Benefit Charge.

Source: Social Security Contributions and Benefits Act 1992 Part IX (ss.141-147); Child Benefit
(Rates) Regulations 2006 (SI 2006/965); Income Tax (Earnings and Pensions) Act 2003 Part 10
Chapter 8 (ss.681B-681H).

A payment is due for each Monday, so a tax year has 52 of them or 53. A year of payments here is
that of a family that stays as it is; `child_benefit_year` adds up a year in which
children come and go.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    NUMBER,
    PERCENT,
    PERSON,
    WEEK,
    YEAR,
    YES_NO,
    Book,
    add_years,
    at_least,
    clip,
    count,
    floor,
    lowest,
    mondays_between,
    partner,
    percent,
    rate,
    round_down,
    total,
    when,
)

book = Book("child_benefit")

book.fact(
    "claims_child_benefit",
    FAMILY,
    YES_NO,
    title=both("Child Benefit is claimed", "Hawlir Budd-dal Plant"),
    usual=True,
    cost=1,
)
book.fact(
    "is_child_benefit_claimant",
    PERSON,
    YES_NO,
    title=both("Claims the family's Child Benefit", "Yn hawlio Budd-dal Plant y teulu"),
    ask=both("Is it you who claims Child Benefit?", "Ai chi sy'n hawlio Budd-dal Plant?"),
    usual=False,
    cost=1,
)
book.fact(
    "stops_child_benefit_if_all_is_taken_back",
    FAMILY,
    YES_NO,
    title=both(
        "Wants no payment if the charge takes all of it back",
        "Dim eisiau taliad os yw'r tâl yn ei gymryd i gyd yn ôl",
    ),
    ask=both(
        "If tax would take all of it back, do you want the claim without the payments?",
        "Pe bai treth yn ei gymryd i gyd yn ôl, a ydych am gael yr hawliad heb y taliadau?",
    ),
    usual=False,
    cost=2,
)


@book.rule(
    FAMILY,
    NUMBER,
    title=both("Children for Child Benefit", "Plant ar gyfer Budd-dal Plant"),
    cite="SSCBA 1992 ss.141-143",
    because=both(
        "{value:child or young person|children and young people} in the family",
        "{value} o blant a phobl ifanc yn y teulu",
    ),
    otherwise=both(
        "No child or young person in the family", "Dim plentyn na pherson ifanc yn y teulu"
    ),
)
def child_benefit_children(is_dependent_child):
    return count(is_dependent_child)


@book.rule(
    FAMILY,
    NUMBER,
    title=both("Children after the eldest", "Plant ar ôl yr hynaf"),
    cite="SI 2006/965 reg. 2(1)(b)",
    because=both(
        "{child_benefit_children:child|children} less the eldest",
        "{child_benefit_children} o blant llai'r hynaf",
    ),
)
def other_children(child_benefit_children):
    return at_least(child_benefit_children - 1, 0)


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Child Benefit a week", "Budd-dal Plant yr wythnos"),
    cite="SSCBA 1992 s.145; SI 2006/965 reg. 2(1)",
    because=both(
        "{child_benefit_children:1 child|# children}: {child_benefit.eldest} for the eldest or "
        "only one, {child_benefit.other} for each other one",
        "{child_benefit_children:1 plentyn|# o blant}: {child_benefit.eldest} am yr hynaf neu'r "
        "unig un, {child_benefit.other} am bob un arall",
    ),
    otherwise=both("There is no child to claim for", "Nid oes plentyn i hawlio ar ei gyfer"),
)
def child_benefit_weekly(child_benefit_children, other_children):
    return when(
        child_benefit_children >= 1,
        rate("child_benefit.eldest") + rate("child_benefit.other") * other_children,
        0,
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both("Eldest child of the family", "Plentyn hynaf y teulu"),
    cite="SI 2006/965 reg. 2(1)(a)",
    because=both(
        "No other child was born before {date_of_birth}",
        "Ni anwyd plentyn arall cyn {date_of_birth}",
    ),
    otherwise=both("Another child is older", "Mae plentyn arall yn hŷn"),
)
def is_eldest_child(is_dependent_child, date_of_birth):
    first = lowest(date_of_birth, where=is_dependent_child, of=FAMILY)
    return is_dependent_child & (date_of_birth == first)


@book.rule(
    PERSON,
    GBP / WEEK,
    title=both("Child Benefit a week for this child", "Budd-dal Plant yr wythnos am y plentyn hwn"),
    cite="SI 2006/965 reg. 2(1), (2)",
    because=both(
        "{child_benefit.eldest} for the eldest child, {child_benefit.other} for another",
        "{child_benefit.eldest} am y plentyn hynaf, {child_benefit.other} am un arall",
    ),
    otherwise=both("No child of the family", "Dim un o blant y teulu"),
)
def child_benefit_for_child(is_dependent_child, is_eldest_child):
    # Of children born on one day, the law leaves open which is the elder: each has a fair share.
    eldest = count(is_eldest_child, of=FAMILY)
    high, low = rate("child_benefit.eldest"), rate("child_benefit.other")
    share = low + (high - low) / at_least(eldest, 1)
    return when(is_dependent_child, when(is_eldest_child, share, low), 0)


@book.rule(
    FAMILY,
    NUMBER,
    title=both("Weekly payments in the tax year", "Taliadau wythnosol yn y flwyddyn dreth"),
    cite="SSCBA 1992 s.147(1); ITEPA 2003 s.681H(3)",
    because=both("{value} Mondays in the tax year", "{value} dydd Llun yn y flwyddyn dreth"),
)
def child_benefit_weeks():
    start = rate("tax_year.start")
    end = add_years(start, 1)
    # The tax year ends the day before: a Monday on the first day of the next is not counted.
    after = mondays_between(end, end)
    return mondays_between(start, end) - after


@book.rule(
    FAMILY,
    GBP / YEAR,
    title=both("Child Benefit for the tax year", "Budd-dal Plant am y flwyddyn dreth"),
    cite="SSCBA 1992 s.141",
    because=both(
        "{child_benefit_weeks} payments of {child_benefit_weekly}",
        "{child_benefit_weeks} taliad o {child_benefit_weekly}",
    ),
    otherwise=both("There is no child to claim for", "Nid oes plentyn i hawlio ar ei gyfer"),
)
def child_benefit_for_year(child_benefit_weekly, child_benefit_weeks):
    return child_benefit_weekly.per(YEAR, times=child_benefit_weeks)


@book.rule(
    FAMILY,
    GBP / YEAR,
    title=both("Child Benefit paid in the tax year", "Budd-dal Plant a delir yn y flwyddyn dreth"),
    cite="SSCBA 1992 s.141; SSAA 1992 s.13A",
    because=both("All of the {child_benefit_for_year}", "Y cyfan o'r {child_benefit_for_year}"),
    otherwise=both(
        "It is not claimed, or you want no payment that tax takes back",
        "Nid yw'n cael ei hawlio, neu nid ydych am gael taliad y mae treth yn ei gymryd yn ôl",
    ),
)
def child_benefit_paid(
    claims_child_benefit,
    child_benefit_for_year,
    stops_child_benefit_if_all_is_taken_back,
    whole_child_benefit_is_taken_back,
):
    stopped = stops_child_benefit_if_all_is_taken_back & whole_child_benefit_is_taken_back
    return when(claims_child_benefit & ~stopped, child_benefit_for_year, 0)


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income at which the charge begins", "Incwm lle mae'r tâl yn dechrau"),
    cite="ITEPA 2003 s.681B(1)",
    because=both(
        "{high_income_charge.threshold} a year", "{high_income_charge.threshold} y flwyddyn"
    ),
)
def charge_threshold():
    return rate("high_income_charge.threshold")


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("Income for each percent of the charge", "Incwm am bob y cant o'r tâl"),
    cite="ITEPA 2003 s.681C(2)(b)",
    because=both("{high_income_charge.step} a year", "{high_income_charge.step} y flwyddyn"),
)
def charge_step():
    return rate("high_income_charge.step")


@book.rule(
    PERSON,
    PERCENT,
    title=both(
        "Part of Child Benefit that income takes back",
        "Rhan o Fudd-dal Plant y mae incwm yn ei chymryd yn ôl",
    ),
    cite="ITEPA 2003 s.681C(2), (3)(b)",
    because=both(
        "1% for each full {charge_step} of adjusted net income above {charge_threshold}, at most "
        "100%",
        "1% am bob {charge_step} llawn o incwm net wedi'i addasu uwchlaw {charge_threshold}, 100% "
        "ar y mwyaf",
    ),
    otherwise=both(
        "Adjusted net income of {adjusted_net_income} is not a full step above {charge_threshold}",
        "Nid yw incwm net wedi'i addasu o {adjusted_net_income} gam llawn uwchlaw "
        "{charge_threshold}",
    ),
)
def charge_percentage(adjusted_net_income, charge_threshold, charge_step):
    steps = (adjusted_net_income - charge_threshold) / charge_step
    # A whole percentage, rounded down (s.681C(3)(b)).
    return percent(floor(clip(steps, 0, 100)))


@book.rule(
    FAMILY,
    YES_NO,
    title=both(
        "The charge takes back all Child Benefit",
        "Mae'r tâl yn cymryd y cyfan o'r Budd-dal Plant yn ôl",
    ),
    cite="ITEPA 2003 s.681C(2)(a)",
    because=both(
        "An adult of the family has an income that takes back 100%",
        "Mae gan oedolyn o'r teulu incwm sy'n cymryd 100% yn ôl",
    ),
    otherwise=both("No income takes back all of it", "Nid oes incwm yn cymryd y cyfan yn ôl"),
)
def whole_child_benefit_is_taken_back(is_adult_of_family, charge_percentage):
    return count(is_adult_of_family & (charge_percentage >= 100)) >= 1


@book.rule(
    PERSON,
    YES_NO,
    title=both("Pays the charge", "Yn talu'r tâl"),
    cite="ITEPA 2003 s.681B(1)-(4)",
    because=both(
        "The adult of the family with the higher adjusted net income",
        "Oedolyn y teulu â'r incwm net wedi'i addasu uwch",
    ),
    otherwise=both(
        "Your partner has the higher income, or you are no adult of the family",
        "Mae gan eich partner yr incwm uwch, neu nid ydych yn oedolyn y teulu",
    ),
)
def pays_child_benefit_charge(
    is_adult_of_family, has_partner, adjusted_net_income, is_child_benefit_claimant
):
    # Of two equal incomes neither is the higher: whoever is entitled to the benefit pays.
    other = partner(adjusted_net_income)
    equal = (adjusted_net_income == other) & is_child_benefit_claimant
    return is_adult_of_family & (~has_partner | (adjusted_net_income > other) | equal)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "The year's benefit is cut to whole pounds first",
        "Torrir budd-dal y flwyddyn i bunnoedd cyfan yn gyntaf",
    ),
    cite="ITEPA 2003 s.681C(3)(a)",
    because=both("So the Act says", "Felly y dywed y Ddeddf"),
)
def charge_is_on_whole_pounds():
    # The law. Calculators that keep the pennies until the end turn it off.
    return True


@book.rule(
    PERSON,
    GBP / YEAR,
    title=both("High Income Child Benefit Charge", "Tâl Budd-dal Plant Incwm Uchel"),
    cite="ITEPA 2003 ss.681B, 681C",
    because=both(
        "{charge_percentage} of the {child_benefit_paid} paid, in whole pounds",
        "{charge_percentage} o'r {child_benefit_paid} a dalwyd, mewn punnoedd cyfan",
    ),
    otherwise=both(
        "No charge: no Child Benefit is paid, your income is low enough, or your partner pays it",
        "Dim tâl: ni thelir Budd-dal Plant, mae eich incwm yn ddigon isel, neu eich partner sy'n "
        "ei dalu",
    ),
)
def high_income_child_benefit_charge(
    pays_child_benefit_charge,
    charge_percentage,
    child_benefit_paid,
    charge_is_on_whole_pounds,
):
    benefit = when(charge_is_on_whole_pounds, round_down(child_benefit_paid, 1), child_benefit_paid)
    charge = round_down(benefit * charge_percentage, 1)
    return when(pays_child_benefit_charge, charge, 0)


@book.rule(
    FAMILY,
    GBP / YEAR,
    title=both("Child Benefit kept after the charge", "Budd-dal Plant sy'n weddill ar ôl y tâl"),
    cite="SSCBA 1992 s.141; ITEPA 2003 s.681B",
    because=both(
        "{child_benefit_paid} less the charge on the higher income",
        "{child_benefit_paid} llai'r tâl ar yr incwm uwch",
    ),
    otherwise=both("The charge takes back all of it", "Mae'r tâl yn cymryd y cyfan yn ôl"),
)
def child_benefit_kept(child_benefit_paid, high_income_child_benefit_charge):
    return child_benefit_paid - total(high_income_child_benefit_charge)


book.programme(
    "child_benefit",
    goal="child_benefit_for_year",
    title=both("Child Benefit", "Budd-dal Plant"),
    service="child-benefit",
)
