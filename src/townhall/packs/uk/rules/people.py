"""Who people are: birth, age, home, couple, school. Facts that every programme shares.

Children of Part IX of the Social Security Contributions and Benefits Act 1992 (Child Benefit) are
defined here because Universal Credit and Pension Credit build on the same two notions.
"""

from townhall.rules.engine.law import (
    DATE,
    FAMILY,
    HOUSEHOLD,
    NUMBER,
    PERSON,
    YEARS,
    YES_NO,
    Book,
    choice,
    choose,
    today,
    when,
    years_between,
)

book = Book("people")

book.fact(
    "date_of_birth",
    PERSON,
    DATE,
    title={"en": "Date of birth", "cy": "Dyddiad geni"},
    ask={"en": "When were you born?", "cy": "Pryd cawsoch chi eich geni?"},
    cost=1,
    not_after="today",
)
book.fact(
    "sex",
    PERSON,
    choice("female", "male"),
    title={"en": "Sex in the register", "cy": "Rhyw yn y gofrestr"},
    ask={
        "en": "What sex is written in your birth or gender recognition certificate?",
        "cy": "Pa ryw sydd ar eich tystysgrif geni neu gydnabod rhywedd?",
    },
    usual="male",
    cost=2,
    options={
        "female": {"en": "female", "cy": "benyw"},
        "male": {"en": "male", "cy": "gwryw"},
    },
)
book.fact(
    "region",
    HOUSEHOLD,
    choice(
        "north_east",
        "north_west",
        "yorkshire",
        "east_midlands",
        "west_midlands",
        "east_of_england",
        "london",
        "south_east",
        "south_west",
        "wales",
        "scotland",
        "northern_ireland",
    ),
    title={"en": "Region or nation of your home", "cy": "Rhanbarth neu genedl eich cartref"},
    ask={"en": "Where do you live?", "cy": "Ble rydych chi'n byw?"},
    usual="london",
    cost=1,
    options={
        "north_east": {"en": "North East", "cy": "Gogledd-ddwyrain Lloegr"},
        "north_west": {"en": "North West", "cy": "Gogledd-orllewin Lloegr"},
        "yorkshire": {"en": "Yorkshire and the Humber", "cy": "Swydd Efrog a'r Humber"},
        "east_midlands": {"en": "East Midlands", "cy": "Dwyrain Canolbarth Lloegr"},
        "west_midlands": {"en": "West Midlands", "cy": "Gorllewin Canolbarth Lloegr"},
        "east_of_england": {"en": "East of England", "cy": "Dwyrain Lloegr"},
        "london": {"en": "London", "cy": "Llundain"},
        "south_east": {"en": "South East", "cy": "De-ddwyrain Lloegr"},
        "south_west": {"en": "South West", "cy": "De-orllewin Lloegr"},
        "wales": {"en": "Wales", "cy": "Cymru"},
        "scotland": {"en": "Scotland", "cy": "Yr Alban"},
        "northern_ireland": {"en": "Northern Ireland", "cy": "Gogledd Iwerddon"},
    },
)
book.fact(
    "is_married",
    FAMILY,
    YES_NO,
    title={
        "en": "Married or in a civil partnership",
        "cy": "Yn briod neu mewn partneriaeth sifil",
    },
    ask={
        "en": "Are you married or in a civil partnership?",
        "cy": "A ydych yn briod neu mewn partneriaeth sifil?",
    },
    usual=False,
    cost=1,
)
book.fact(
    "in_non_advanced_education",
    PERSON,
    YES_NO,
    title={
        "en": "In full-time education up to A level or the like",
        "cy": "Mewn addysg amser llawn hyd at Safon Uwch neu debyg",
    },
    ask={
        "en": "Is the young person in full-time education up to A level or the like?",
        "cy": "A yw'r person ifanc mewn addysg amser llawn hyd at Safon Uwch neu debyg?",
    },
    usual=False,
    cost=2,
)
book.fact(
    "in_approved_training",
    PERSON,
    YES_NO,
    title={"en": "In approved training", "cy": "Mewn hyfforddiant cymeradwy"},
    ask={
        "en": "Is the young person in approved unpaid training?",
        "cy": "A yw'r person ifanc mewn hyfforddiant di-dâl cymeradwy?",
    },
    usual=False,
    cost=2,
)
book.fact(
    "age_when_education_began",
    PERSON,
    YEARS,
    title={
        "en": "Age at which the education or training began or was agreed",
        "cy": "Oedran pan ddechreuodd neu y cytunwyd ar yr addysg neu'r hyfforddiant",
    },
    ask={
        "en": "How old was the young person when this course began or was agreed?",
        "cy": "Pa oedran oedd y person ifanc pan ddechreuodd neu y cytunwyd ar y cwrs hwn?",
    },
    usual=0,
    low=0,
    high=25,
    cost=3,
)
book.fact(
    "hours_worked_a_week",
    PERSON,
    NUMBER,
    title={"en": "Hours of paid work a week", "cy": "Oriau o waith cyflogedig yr wythnos"},
    ask={
        "en": "How many hours a week do you work for pay?",
        "cy": "Faint o oriau'r wythnos ydych chi'n gweithio am dâl?",
    },
    usual=0,
    low=0,
    high=168,
    cost=2,
)
book.fact(
    "is_severely_sight_impaired",
    PERSON,
    YES_NO,
    title={
        "en": "Registered as severely sight impaired (blind)",
        "cy": "Wedi'ch cofrestru â nam difrifol ar y golwg (dall)",
    },
    ask={
        "en": "Are you registered as severely sight impaired (blind)?",
        "cy": "A ydych wedi'ch cofrestru â nam difrifol ar y golwg (dall)?",
    },
    usual=False,
    cost=2,
)


@book.rule(
    PERSON,
    YEARS,
    title={"en": "Age in whole years", "cy": "Oedran mewn blynyddoedd cyfan"},
    cite="Family Law Reform Act 1969 s.9",
    because={
        "en": "Born on {date_of_birth}, {value} years old on the day of the decision",
        "cy": "Ganwyd ar {date_of_birth}, {value} oed ar ddiwrnod y penderfyniad",
    },
)
def age(date_of_birth):
    return years_between(date_of_birth, today())


@book.rule(
    HOUSEHOLD,
    choice("england", "wales", "scotland", "northern_ireland"),
    title={"en": "Country of your home", "cy": "Gwlad eich cartref"},
    cite="Interpretation Act 1978 Sch. 1",
    because={"en": "Your home is in {region}", "cy": "Eich cartref: {region}"},
    options={
        "england": {"en": "England", "cy": "Lloegr"},
        "wales": {"en": "Wales", "cy": "Cymru"},
        "scotland": {"en": "Scotland", "cy": "Yr Alban"},
        "northern_ireland": {"en": "Northern Ireland", "cy": "Gogledd Iwerddon"},
    },
)
def country(region):
    return choose(
        (region == "wales", "wales"),
        (region == "scotland", "scotland"),
        (region == "northern_ireland", "northern_ireland"),
        otherwise="england",
    )


@book.rule(
    PERSON,
    YES_NO,
    title={"en": "Under 16", "cy": "O dan 16 oed"},
    cite="SSCBA 1992 s.142(1)",
    because={
        "en": "{age} years old: a child until the 16th birthday",
        "cy": "{age} oed: plentyn hyd at y pen-blwydd yn 16",
    },
    otherwise={"en": "{age} years old: 16 or more", "cy": "{age} oed: 16 neu fwy"},
)
def is_under_16(age):
    return age < 16


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "Young person in education or training",
        "cy": "Person ifanc mewn addysg neu hyfforddiant",
    },
    cite="SSCBA 1992 s.142(2); Child Benefit (General) Regulations 2006 (SI 2006/223) reg. 3",
    because={
        "en": "{age} years old and in education or training that began before 19",
        "cy": "{age} oed ac mewn addysg neu hyfforddiant a ddechreuodd cyn 19",
    },
    otherwise={
        "en": "Not between 16 and 19 in education or training that began before 19",
        "cy": "Ddim rhwng 16 ac 19 mewn addysg neu hyfforddiant a ddechreuodd cyn 19",
    },
)
def is_qualifying_young_person(
    age, in_non_advanced_education, in_approved_training, age_when_education_began
):
    in_course = in_non_advanced_education | in_approved_training
    began_in_time = when(age < 19, True, age_when_education_began < 19)
    return (age >= 16) & (age < 20) & in_course & began_in_time


@book.rule(
    PERSON,
    YES_NO,
    title={
        "en": "Child or young person whom the family brings up",
        "cy": "Plentyn neu berson ifanc y mae'r teulu'n ei fagu",
    },
    cite="SSCBA 1992 ss.142, 143",
    because={
        "en": "A child, or a young person in education or training",
        "cy": "Plentyn, neu berson ifanc mewn addysg neu hyfforddiant",
    },
    otherwise={
        "en": "Neither a child nor a young person in education or training",
        "cy": "Nid plentyn na pherson ifanc mewn addysg neu hyfforddiant",
    },
)
def is_dependent_child(is_adult_of_family, is_under_16, is_qualifying_young_person):
    return ~is_adult_of_family & (is_under_16 | is_qualifying_young_person)
