"""Universal Credit: what work is expected of a claimant, by group and by hours.

Welfare Reform Act 2012 ss.19 to 22; Universal Credit Regulations 2013 regs 85 to 91.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    NUMBER,
    PERSON,
    YEARS,
    YES_NO,
    Book,
    any_of,
    choice,
    choose,
    lowest,
    partner,
    rate,
    when,
)

book = Book("universal_credit_work")


def _reason(name: str, en: str, cy: str, ask_en: str, ask_cy: str) -> None:
    book.fact(
        name, PERSON, YES_NO, title=both(en, cy), ask=both(ask_en, ask_cy), usual=False, cost=2
    )


_reason(
    "is_near_birth_of_child",
    "Within 11 weeks before, or 15 weeks after, giving birth",
    "O fewn 11 wythnos cyn, neu 15 wythnos ar ôl, rhoi genedigaeth",
    "Do you expect to give birth within 11 weeks, or did you in the last 15 weeks?",
    "A ydych yn disgwyl rhoi genedigaeth o fewn 11 wythnos, neu a wnaethoch yn y 15 wythnos "
    "diwethaf?",
)
_reason(
    "adopted_within_year",
    "Adopted a child within the last year",
    "Wedi mabwysiadu plentyn o fewn y flwyddyn ddiwethaf",
    "Was a child placed with you for adoption within the last 12 months?",
    "A leolwyd plentyn gyda chi i'w fabwysiadu o fewn y 12 mis diwethaf?",
)
_reason(
    "is_student_with_income",
    "Student whose student income counts",
    "Myfyriwr y mae ei incwm myfyriwr yn cyfrif",
    "Are you a student with a student loan or grant?",
    "A ydych yn fyfyriwr â benthyciad neu grant myfyriwr?",
)
_reason(
    "fosters_child_under_1",
    "Main foster parent of a child under 1",
    "Prif riant maeth plentyn o dan 1",
    "Are you the main foster parent of a child under 1?",
    "Ai chi yw prif riant maeth plentyn o dan 1?",
)
_reason(
    "fosters_or_new_carer_of_child",
    "Foster parent, or new carer of a relative's or friend's child",
    "Rhiant maeth, neu ofalwr newydd plentyn perthynas neu ffrind",
    "Do you foster a child, or have you taken in a relative's or friend's child in the last "
    "12 months?",
    "A ydych yn maethu plentyn, neu wedi cymryd plentyn perthynas neu ffrind yn ystod y 12 mis "
    "diwethaf?",
)

GROUPS = choice("not_a_claimant", "none", "interviews", "preparation", "all")


@book.rule(
    PERSON,
    YES_NO,
    title=both("Works fewer hours than the partner", "Yn gweithio llai o oriau na'r partner"),
    # The couple nominates (s.19(6)); without a nomination the one who works fewer hours is taken,
    # of two with the same hours the elder.
    cite="Welfare Reform Act 2012 s.19(6); Universal Credit Regulations 2013 (SI 2013/376) reg. 86",
    because=both(
        "{hours_worked_a_week} hours a week, fewer than the partner, or as many and the elder",
        "{hours_worked_a_week} awr yr wythnos, llai na'r partner, neu gymaint ac yn hŷn",
    ),
    otherwise=both("The partner works fewer hours", "Mae'r partner yn gweithio llai o oriau"),
)
def works_fewer_hours(hours_worked_a_week, is_elder_of_couple):
    hours = hours_worked_a_week
    return (hours < partner(hours)) | ((hours == partner(hours)) & is_elder_of_couple)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Responsible carer of a child", "Gofalwr cyfrifol plentyn"),
    cite="Welfare Reform Act 2012 s.19(6); Universal Credit Regulations 2013 (SI 2013/376) regs 4, "
    "86",
    because=both(
        "Claims and is responsible for a child under 16, alone or as the one who is nominated",
        "Yn hawlio ac yn gyfrifol am blentyn o dan 16, ar eu pen eu hunain neu fel yr un a "
        "enwebwyd",
    ),
    otherwise=both(
        "Not responsible for a child under 16, or the partner is nominated",
        "Ddim yn gyfrifol am blentyn o dan 16, neu enwebwyd y partner",
    ),
)
def is_responsible_carer(
    is_universal_credit_claimant,
    is_joint_claim,
    works_fewer_hours,
    is_child_for_universal_credit,
    is_under_16,
):
    child = any_of(is_child_for_universal_credit & is_under_16, of=FAMILY)
    return is_universal_credit_claimant & child & (~is_joint_claim | works_fewer_hours)


@book.rule(
    FAMILY,
    YEARS,
    title=both("Age of the youngest child", "Oedran y plentyn ieuengaf"),
    cite="Welfare Reform Act 2012 ss.19 to 21",
    because=both("The youngest child is {value}", "Mae'r plentyn ieuengaf yn {value} oed"),
)
def age_of_youngest_child(is_child_for_universal_credit, is_under_16, age):
    return lowest(age, where=is_child_for_universal_credit & is_under_16)


@book.rule(
    PERSON,
    GROUPS,
    options={
        "not_a_claimant": both("does not claim", "nid yw'n hawlio"),
        "none": both("nothing is asked", "ni ofynnir dim"),
        "interviews": both("interviews only", "cyfweliadau yn unig"),
        "preparation": both("interviews and preparing for work", "cyfweliadau a pharatoi at waith"),
        "all": both(
            "looking for work and being ready for it", "chwilio am waith a bod yn barod amdano"
        ),
    },
    title=both(
        "Work-related requirements, earnings left aside",
        "Gofynion sy'n gysylltiedig â gwaith, heb ystyried enillion",
    ),
    cite="Welfare Reform Act 2012 ss.19 to 22; Universal Credit Regulations 2013 (SI 2013/376) "
    "regs 89, 91",
    because=both(
        "By health, care, age and the age of the youngest child: {value}",
        "Yn ôl iechyd, gofal, oedran ac oedran y plentyn ieuengaf: {value}",
    ),
)
def work_related_group(
    is_universal_credit_claimant,
    has_limited_capability_for_work_related_activity,
    has_limited_capability_for_work,
    has_caring_responsibilities,
    pension_credit_age_reached,
    is_near_birth_of_child,
    adopted_within_year,
    is_student_with_income,
    fosters_child_under_1,
    fosters_or_new_carer_of_child,
    is_responsible_carer,
    age_of_youngest_child,
):
    free = (
        has_limited_capability_for_work_related_activity
        | has_caring_responsibilities
        | pension_credit_age_reached
        | is_near_birth_of_child
        | adopted_within_year
        | is_student_with_income
        | fosters_child_under_1
    )
    youngest = age_of_youngest_child
    interviews = rate("universal_credit.youngest_child.interviews")
    preparation = rate("universal_credit.youngest_child.preparation")
    return choose(
        (~is_universal_credit_claimant, "not_a_claimant"),
        (free | (is_responsible_carer & (youngest < 1)), "none"),
        (
            fosters_or_new_carer_of_child | (is_responsible_carer & (youngest < interviews)),
            "interviews",
        ),
        (
            has_limited_capability_for_work | (is_responsible_carer & (youngest < preparation)),
            "preparation",
        ),
        otherwise="all",
    )


@book.rule(
    PERSON,
    NUMBER,
    title=both("Hours of work expected a week", "Oriau gwaith a ddisgwylir yr wythnos"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 88",
    because=both(
        "{universal_credit.hours.all_requirements} hours, or fewer for the responsible carer of a "
        "child under 13",
        "{universal_credit.hours.all_requirements} awr, neu lai i ofalwr cyfrifol plentyn o dan 13",
    ),
)
def expected_hours(is_responsible_carer, age_of_youngest_child):
    school = when(
        age_of_youngest_child < 5,
        rate("universal_credit.hours.below_school_age"),
        rate("universal_credit.hours.school_age"),
    )
    return when(
        is_responsible_carer & (age_of_youngest_child < 13),
        school,
        rate("universal_credit.hours.all_requirements"),
    )
