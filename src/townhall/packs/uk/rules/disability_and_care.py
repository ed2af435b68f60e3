"""Disability benefits, incapacity for work and caring: facts that several benefits share.

Whether somebody is severely disabled, or able to work, is found by the Department for Work and
Pensions in another decision; here it is a fact, never inferred from an amount.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import NUMBER, PERSON, YES_NO, Book, choice, rate

book = Book("disability_and_care")

book.fact(
    "attendance_allowance_rate",
    PERSON,
    choice("none", "lower", "higher"),
    options={
        "none": both("none", "dim"),
        "lower": both("the lower rate", "y gyfradd is"),
        "higher": both("the higher rate", "y gyfradd uwch"),
    },
    title=both("Rate of Attendance Allowance", "Cyfradd y Lwfans Gweini"),
    ask=both(
        "Which rate of Attendance Allowance do you get?", "Pa gyfradd o'r Lwfans Gweini gewch chi?"
    ),
    usual="none",
    cost=2,
)
book.fact(
    "dla_care_rate",
    PERSON,
    choice("none", "lowest", "middle", "highest"),
    options={
        "none": both("none", "dim"),
        "lowest": both("the lowest rate", "y gyfradd isaf"),
        "middle": both("the middle rate", "y gyfradd ganol"),
        "highest": both("the highest rate", "y gyfradd uchaf"),
    },
    title=both(
        "Rate of the care component of Disability Living Allowance",
        "Cyfradd elfen gofal y Lwfans Byw i'r Anabl",
    ),
    ask=both(
        "Which rate of the care part of Disability Living Allowance (in Scotland Child "
        "Disability Payment) is paid?",
        "Pa gyfradd o ran gofal y Lwfans Byw i'r Anabl (yn yr Alban, Taliad Anabledd Plant) "
        "a delir?",
    ),
    usual="none",
    cost=2,
)
book.fact(
    "pip_daily_living_rate",
    PERSON,
    choice("none", "standard", "enhanced"),
    options={
        "none": both("none", "dim"),
        "standard": both("the standard rate", "y gyfradd safonol"),
        "enhanced": both("the enhanced rate", "y gyfradd uwch"),
    },
    title=both(
        "Rate of the daily living component of Personal Independence Payment",
        "Cyfradd elfen byw bob dydd y Taliad Annibyniaeth Personol",
    ),
    ask=both(
        "Which rate of the daily living part of Personal Independence Payment (in Scotland "
        "Adult Disability Payment) is paid?",
        "Pa gyfradd o ran byw bob dydd y Taliad Annibyniaeth Personol (yn yr Alban, Taliad "
        "Anabledd Oedolion) a delir?",
    ),
    usual="none",
    cost=2,
)
book.fact(
    "receives_mobility_component",
    PERSON,
    YES_NO,
    title=both(
        "Gets the mobility part of a disability benefit", "Yn cael rhan symudedd budd-dal anabledd"
    ),
    ask=both(
        "Do you get the mobility part of Disability Living Allowance or Personal "
        "Independence Payment?",
        "A ydych yn cael rhan symudedd y Lwfans Byw i'r Anabl neu'r Taliad Annibyniaeth Personol?",
    ),
    usual=False,
    cost=2,
)
book.fact(
    "receives_armed_forces_independence_payment",
    PERSON,
    YES_NO,
    title=both(
        "Gets Armed Forces Independence Payment", "Yn cael Taliad Annibyniaeth y Lluoedd Arfog"
    ),
    ask=both(
        "Do you get Armed Forces Independence Payment?",
        "A ydych yn cael Taliad Annibyniaeth y Lluoedd Arfog?",
    ),
    usual=False,
    cost=2,
)
book.fact(
    "has_limited_capability_for_work_related_activity",
    PERSON,
    YES_NO,
    title=both(
        "Found to have limited capability for work and work-related activity",
        "Wedi'ch cael â gallu cyfyngedig i weithio ac i wneud gweithgaredd sy'n gysylltiedig "
        "â gwaith",
    ),
    ask=both(
        "Has it been decided that you cannot work and need not prepare for work?",
        "A benderfynwyd na allwch weithio ac nad oes angen i chi baratoi ar gyfer gwaith?",
    ),
    usual=False,
    cost=3,
)
book.fact(
    "has_limited_capability_for_work_only",
    PERSON,
    YES_NO,
    title=both(
        "Found to have limited capability for work, but able to prepare for it",
        "Wedi'ch cael â gallu cyfyngedig i weithio, ond yn gallu paratoi ar gyfer gwaith",
    ),
    ask=both(
        "Has it been decided that you cannot work now but can prepare for work?",
        "A benderfynwyd na allwch weithio nawr ond y gallwch baratoi ar gyfer gwaith?",
    ),
    usual=False,
    cost=3,
)
book.fact(
    "care_hours",
    PERSON,
    NUMBER,
    title=both(
        "Hours a week of care for a severely disabled person",
        "Oriau'r wythnos o ofal am berson ag anabledd difrifol",
    ),
    ask=both(
        "How many hours a week do you care for somebody who gets a disability benefit?",
        "Faint o oriau'r wythnos ydych chi'n gofalu am rywun sy'n cael budd-dal anabledd?",
    ),
    usual=0,
    low=0,
    high=168,
    cost=2,
)
book.fact(
    "receives_carer_benefit",
    PERSON,
    YES_NO,
    title=both(
        "Gets Carer's Allowance or Carer Support Payment",
        "Yn cael Lwfans Gofalwr neu Daliad Cymorth Gofalwyr",
    ),
    ask=both(
        "Do you get Carer's Allowance or Carer Support Payment?",
        "A ydych yn cael Lwfans Gofalwr neu Daliad Cymorth Gofalwyr?",
    ),
    usual=False,
    cost=1,
)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Gets a benefit for care by day or night", "Yn cael budd-dal ar gyfer gofal ddydd neu nos"
    ),
    cite="SSCBA 1992 ss.64, 72; Welfare Reform Act 2012 s.78; Pension Credit: SI 2002/1792 reg. "
    "1(2), Sch. I para. 1",
    because=both(
        "Attendance Allowance ({attendance_allowance_rate}), the middle or highest rate of "
        "care ({dla_care_rate}), daily living ({pip_daily_living_rate}) or Armed Forces "
        "Independence Payment",
        "Lwfans Gweini ({attendance_allowance_rate}), cyfradd ganol neu uchaf gofal "
        "({dla_care_rate}), byw bob dydd ({pip_daily_living_rate}) neu Daliad Annibyniaeth y "
        "Lluoedd Arfog",
    ),
    otherwise=both(
        "No Attendance Allowance, middle or highest rate of care, daily living component "
        "or Armed Forces Independence Payment",
        "Dim Lwfans Gweini, cyfradd ganol neu uchaf gofal, elfen byw bob dydd na Thaliad "
        "Annibyniaeth y Lluoedd Arfog",
    ),
)
def receives_care_benefit(
    attendance_allowance_rate,
    dla_care_rate,
    pip_daily_living_rate,
    receives_armed_forces_independence_payment,
):
    return (
        (attendance_allowance_rate != "none")
        | (dla_care_rate == "middle")
        | (dla_care_rate == "highest")
        | (pip_daily_living_rate != "none")
        | receives_armed_forces_independence_payment
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Gets Disability Living Allowance or Personal Independence Payment",
        "Yn cael Lwfans Byw i'r Anabl neu Daliad Annibyniaeth Personol",
    ),
    cite="SSCBA 1992 s.71; Welfare Reform Act 2012 s.77",
    because=both("Some component of it is paid", "Telir rhyw elfen ohono"),
    otherwise=both("Neither of the two is paid", "Ni thelir yr un o'r ddau"),
)
def receives_dla_or_pip(dla_care_rate, pip_daily_living_rate, receives_mobility_component):
    return (
        (dla_care_rate != "none") | (pip_daily_living_rate != "none") | receives_mobility_component
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both("Limited capability for work", "Gallu cyfyngedig i weithio"),
    cite="Welfare Reform Act 2012 s.37",
    because=both(
        "It has been decided that you cannot be expected to work",
        "Penderfynwyd na ellir disgwyl i chi weithio",
    ),
    otherwise=both(
        "It has not been decided that you cannot be expected to work",
        "Ni phenderfynwyd na ellir disgwyl i chi weithio",
    ),
)
def has_limited_capability_for_work(
    has_limited_capability_for_work_related_activity, has_limited_capability_for_work_only
):
    return has_limited_capability_for_work_related_activity | has_limited_capability_for_work_only


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Regular and substantial care for a severely disabled person",
        "Gofal rheolaidd a sylweddol am berson ag anabledd difrifol",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 30(1), (2)",
    because=both(
        "{care_hours} hours of care a week ({universal_credit.carer.hours} are needed), or "
        "a carer's benefit; earnings do not matter",
        "{care_hours} awr o ofal yr wythnos (mae angen {universal_credit.carer.hours}), neu "
        "fudd-dal gofalwr; nid yw enillion yn berthnasol",
    ),
    otherwise=both(
        "{care_hours} hours of care a week: less than {universal_credit.carer.hours}",
        "{care_hours} awr o ofal yr wythnos: llai na {universal_credit.carer.hours}",
    ),
)
def has_caring_responsibilities(age, care_hours, receives_carer_benefit):
    enough = care_hours >= rate("universal_credit.carer.hours")
    return ((age >= 16) & enough) | receives_carer_benefit
