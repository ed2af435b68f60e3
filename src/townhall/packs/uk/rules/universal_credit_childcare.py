"""Universal Credit: help with the costs of childcare.

Welfare Reform Act 2012 s.12(2)(d); Universal Credit Regulations 2013 regs 31 to 36.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    MONTH,
    NUMBER,
    PERSON,
    YES_NO,
    Book,
    any_of,
    at_most,
    choose,
    count,
    partner,
    rate,
    total,
    when,
)

book = Book("universal_credit_childcare")

book.fact(
    "childcare_charges",
    PERSON,
    GBP / MONTH,
    title=both("Charges for childcare a month", "Taliadau gofal plant y mis"),
    ask=both(
        "What do you pay a month to a registered childminder, nursery or club?",
        "Faint ydych chi'n ei dalu bob mis i warchodwr plant, meithrinfa neu glwb cofrestredig?",
    ),
    usual=0,
    low=0,
    cost=2,
)
book.fact(
    "has_offer_of_work",
    PERSON,
    YES_NO,
    title=both(
        "Offer of work that starts before the next assessment period ends",
        "Cynnig o waith sy'n dechrau cyn diwedd y cyfnod asesu nesaf",
    ),
    ask=both(
        "Do you have an offer of work that starts within the next month?",
        "A oes gennych gynnig o waith sy'n dechrau o fewn y mis nesaf?",
    ),
    usual=False,
    cost=1,
)
book.fact(
    "is_temporarily_absent",
    PERSON,
    YES_NO,
    title=both("Away from home for a time", "I ffwrdd o gartref am gyfnod"),
    ask=both(
        "Is your partner away from home for a time, in prison, hospital or care?",
        "A yw eich partner i ffwrdd o gartref am gyfnod, mewn carchar, ysbyty neu ofal?",
    ),
    usual=False,
    cost=1,
    rarely=True,
)
book.fact(
    "claims_childcare_element",
    FAMILY,
    YES_NO,
    title=both("Childcare charges have been reported", "Mae taliadau gofal plant wedi'u hadrodd"),
    usual=True,
    cost=1,
)


@book.rule(
    PERSON,
    YES_NO,
    title=both("In paid work", "Mewn gwaith cyflogedig"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 2",
    because=both("Works for pay or profit", "Yn gweithio am dâl neu elw"),
    otherwise=both("No work for pay or profit", "Dim gwaith am dâl nac elw"),
)
def is_in_paid_work(employment_income, self_employment_income, hours_worked_a_week):
    return (employment_income > 0) | (self_employment_income > 0) | (hours_worked_a_week > 0)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Treated as in paid work for childcare",
        "Yn cael ei drin fel un mewn gwaith cyflogedig at ddibenion gofal plant",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 32(2)(b)",
    because=both(
        "Gets sick pay, maternity or paternity pay, or Maternity Allowance",
        "Yn cael tâl salwch, tâl mamolaeth neu dadolaeth, neu Lwfans Mamolaeth",
    ),
    otherwise=both(
        "No sick pay, maternity or paternity pay, and no Maternity Allowance",
        "Dim tâl salwch, tâl mamolaeth na thadolaeth, na Lwfans Mamolaeth",
    ),
)
def is_treated_as_in_paid_work(
    statutory_sick_pay_received,
    statutory_maternity_pay_received,
    statutory_paternity_pay_received,
    maternity_allowance,
):
    return (
        (statutory_sick_pay_received > 0)
        | (statutory_maternity_pay_received > 0)
        | (statutory_paternity_pay_received > 0)
        | (maternity_allowance > 0)
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both("Cannot look after the children", "Methu gofalu am y plant"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 32(1)(b)(i) to (iii)",
    because=both(
        "Limited capability for work, a carer, or away from home for a time",
        "Gallu cyfyngedig i weithio, yn ofalwr, neu i ffwrdd o gartref am gyfnod",
    ),
    otherwise=both(
        "Nothing stands in the way of looking after the children",
        "Nid oes dim yn rhwystro gofalu am y plant",
    ),
)
def cannot_look_after_children(
    is_adult_of_family,
    has_limited_capability_for_work,
    has_caring_responsibilities,
    is_temporarily_absent,
):
    reason = has_limited_capability_for_work | has_caring_responsibilities | is_temporarily_absent
    return is_adult_of_family & reason


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Work condition for childcare", "Amod gwaith ar gyfer gofal plant"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 32(1), (2)",
    because=both(
        "Who claims works or is about to, and the partner works or cannot look after the children",
        "Mae'r sawl sy'n hawlio yn gweithio neu ar fin gwneud, ac mae'r partner yn gweithio "
        "neu'n methu gofalu am y plant",
    ),
    otherwise=both(
        "Nobody who claims works, or the partner neither works nor is unable to look after "
        "the children",
        "Nid oes neb sy'n hawlio yn gweithio, neu nid yw'r partner yn gweithio nac yn methu "
        "gofalu am y plant",
    ),
)
def meets_childcare_work_condition(
    is_universal_credit_claimant,
    is_adult_of_family,
    has_partner,
    is_in_paid_work,
    is_treated_as_in_paid_work,
    has_offer_of_work,
    cannot_look_after_children,
):
    # Only a claimant is treated as working (reg. 32(2)); an offer serves the first person only.
    works = is_in_paid_work | (is_universal_credit_claimant & is_treated_as_in_paid_work)
    other = ~has_partner | partner(works | cannot_look_after_children)
    return any_of(is_universal_credit_claimant & (works | has_offer_of_work) & other)


@book.rule(
    FAMILY,
    NUMBER,
    title=both(
        "Children for whom childcare can be paid", "Plant y gellir talu gofal plant ar eu cyfer"
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 31, 34(1)(b)",
    because=both(
        "The family is responsible for {value:child|children}; the two-child limit does not matter",
        "Mae'r teulu'n gyfrifol am {value:plentyn|o blant}; nid yw'r terfyn dau blentyn yn "
        "berthnasol",
    ),
    otherwise=both("No children", "Dim plant"),
)
def childcare_children(is_child_for_universal_credit):
    return count(is_child_for_universal_credit)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Most that is paid for childcare", "Yr uchafswm a delir am ofal plant"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 34(1)(b), 36",
    because=both(
        "{universal_credit.childcare.one_child} for one child, "
        "{universal_credit.childcare.more_children} for two or more",
        "{universal_credit.childcare.one_child} am un plentyn, "
        "{universal_credit.childcare.more_children} am ddau neu fwy",
    ),
    otherwise=both("No children", "Dim plant"),
)
def most_for_childcare(childcare_children):
    return choose(
        (childcare_children >= 2, rate("universal_credit.childcare.more_children")),
        (childcare_children >= 1, rate("universal_credit.childcare.one_child")),
        otherwise=0,
    )


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Childcare costs element", "Elfen costau gofal plant"),
    cite="Welfare Reform Act 2012 s.12(2)(d); Universal Credit Regulations 2013 (SI 2013/376) regs "
    "31 to 34",
    because=both(
        "{universal_credit.childcare.share} of the charges, at most {most_for_childcare}",
        "{universal_credit.childcare.share} o'r taliadau, {most_for_childcare} ar y mwyaf",
    ),
    otherwise=both(
        "No charges, no children, or the work condition is not met",
        "Dim taliadau, dim plant, neu ni fodlonir yr amod gwaith",
    ),
)
def universal_credit_childcare_element(
    childcare_charges, most_for_childcare, meets_childcare_work_condition, claims_childcare_element
):
    share = total(childcare_charges) * rate("universal_credit.childcare.share")
    paid = at_most(share, most_for_childcare)
    return when(meets_childcare_work_condition & claims_childcare_element, paid, 0)
