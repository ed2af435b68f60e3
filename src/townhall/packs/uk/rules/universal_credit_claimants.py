"""Universal Credit: who may claim, for whom, alone or as a couple.

Welfare Reform Act 2012 ss.3, 4, 10, 40; Universal Credit Regulations 2013 regs 3, 4, 5, 8.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    PERSON,
    YES_NO,
    Book,
    add_years,
    any_of,
    count,
    partner,
    rate,
    steps,
    today,
)

book = Book("universal_credit_claimants")

book.fact(
    "is_excluded_from_joint_claim",
    PERSON,
    YES_NO,
    title=both(
        "Cannot claim Universal Credit with the partner",
        "Methu hawlio Credyd Cynhwysol gyda'r partner",
    ),
    ask=both(
        "Is there a reason why you cannot claim, such as subject to immigration control?",
        "A oes rheswm pam na allwch hawlio, fel bod o dan reolaeth fewnfudo?",
    ),
    usual=False,
    cost=3,
    rarely=True,
)
book.fact(
    "claims_universal_credit",
    FAMILY,
    YES_NO,
    title=both("Claims Universal Credit", "Yn hawlio Credyd Cynhwysol"),
    ask=both("Do you claim Universal Credit?", "A ydych yn hawlio Credyd Cynhwysol?"),
    usual=True,
    cost=1,
)
book.fact(
    "is_resident_for_benefits",
    PERSON,
    YES_NO,
    title=both(
        "Lives here permanently, with the right to claim benefits",
        "Yn byw yma'n barhaol, gyda'r hawl i hawlio budd-daliadau",
    ),
    ask=both(
        "Do you live here permanently, with the right to claim benefits?",
        "A ydych yn byw yma'n barhaol, gyda'r hawl i hawlio budd-daliadau?",
    ),
    usual=True,
    cost=1,
)
book.fact(
    "is_student_without_exception",
    PERSON,
    YES_NO,
    title=both(
        "In education that rules out Universal Credit", "Mewn addysg sy'n atal Credyd Cynhwysol"
    ),
    ask=both(
        "Are you in full-time education, and neither a parent, disabled nor without "
        "support of parents?",
        "A ydych mewn addysg amser llawn, ac nid yn rhiant, yn anabl nac heb gefnogaeth rhieni?",
    ),
    usual=False,
    cost=2,
)
book.fact(
    "is_looked_after_by_council",
    PERSON,
    YES_NO,
    title=both("Looked after by a local authority", "Yn derbyn gofal gan awdurdod lleol"),
    ask=both(
        "Is the child in care of a local authority?", "A yw'r plentyn yng ngofal awdurdod lleol?"
    ),
    usual=False,
    cost=1,
)
book.fact(
    "receives_benefits_in_own_right",
    PERSON,
    YES_NO,
    title=both("Gets benefits in their own right", "Yn cael budd-daliadau yn eu hawl eu hunain"),
    ask=both(
        "Does the young person get Universal Credit or another benefit of their own?",
        "A yw'r person ifanc yn cael Credyd Cynhwysol neu fudd-dal arall eu hunain?",
    ),
    usual=False,
    cost=2,
)

_SEPTEMBERS = {f"{year}-09-01": f"{year}-09-01" for year in range(2012, 2060)}


def _september_after(date_of_birth, years):
    """Whether the 1 September after that birthday is still to come: the birthday is no earlier
    than the latest 1 September."""
    latest = steps(today(), _SEPTEMBERS, otherwise="2011-09-01")
    return add_years(date_of_birth, years) >= latest


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Before the 1 September after the 16th birthday", "Cyn yr 1 Medi ar ôl y pen-blwydd yn 16"
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 5(1)(a)",
    because=both(
        "Born on {date_of_birth}: that 1 September is still to come",
        "Ganwyd ar {date_of_birth}: mae'r 1 Medi hwnnw eto i ddod",
    ),
    otherwise=both(
        "Born on {date_of_birth}: that 1 September has passed",
        "Ganwyd ar {date_of_birth}: mae'r 1 Medi hwnnw wedi mynd heibio",
    ),
)
def is_before_september_after_16(date_of_birth):
    return _september_after(date_of_birth, 16)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Before the 1 September after the 19th birthday", "Cyn yr 1 Medi ar ôl y pen-blwydd yn 19"
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 5(1)(b)",
    because=both(
        "Born on {date_of_birth}: that 1 September is still to come",
        "Ganwyd ar {date_of_birth}: mae'r 1 Medi hwnnw eto i ddod",
    ),
    otherwise=both(
        "Born on {date_of_birth}: that 1 September has passed",
        "Ganwyd ar {date_of_birth}: mae'r 1 Medi hwnnw wedi mynd heibio",
    ),
)
def is_before_september_after_19(date_of_birth):
    return _september_after(date_of_birth, 19)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Qualifying young person for Universal Credit",
        "Person ifanc cymwys ar gyfer Credyd Cynhwysol",
    ),
    cite="Welfare Reform Act 2012 s.10(5); Universal Credit Regulations 2013 (SI 2013/376) reg. 5",
    because=both(
        "{age} years old: not yet past the 1 September after 16, or in education or "
        "training that began before 19",
        "{age} oed: heb basio'r 1 Medi ar ôl 16 eto, neu mewn addysg neu hyfforddiant a "
        "ddechreuodd cyn 19",
    ),
    otherwise=both(
        "{age} years old: no young person in education or training",
        "{age} oed: nid person ifanc mewn addysg neu hyfforddiant",
    ),
)
def is_young_person_for_universal_credit(
    age,
    in_non_advanced_education,
    in_approved_training,
    age_when_education_began,
    is_before_september_after_16,
    is_before_september_after_19,
    receives_benefits_in_own_right,
    is_apprentice,
):
    # Education by reason of a job is none (reg. 5(2)).
    learns = (in_non_advanced_education | in_approved_training) & ~is_apprentice
    in_course = learns & (
        (age < 19) | ((age_when_education_began < 19) & is_before_september_after_19)
    )
    return (
        (age >= 16) & (is_before_september_after_16 | in_course) & ~receives_benefits_in_own_right
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Child or young person for Universal Credit",
        "Plentyn neu berson ifanc ar gyfer Credyd Cynhwysol",
    ),
    cite="Welfare Reform Act 2012 ss.10, 40; Universal Credit Regulations 2013 (SI 2013/376) "
    "regs 4, 4A, 5",
    because=both(
        "A child under 16 or a young person whom the family is responsible for",
        "Plentyn o dan 16 neu berson ifanc y mae'r teulu'n gyfrifol amdano",
    ),
    otherwise=both(
        "No child or young person whom the family is responsible for",
        "Nid plentyn na pherson ifanc y mae'r teulu'n gyfrifol amdano",
    ),
)
def is_child_for_universal_credit(
    is_adult_of_family,
    is_under_16,
    is_young_person_for_universal_credit,
    is_looked_after_by_council,
):
    young = is_under_16 | is_young_person_for_universal_credit
    return ~is_adult_of_family & young & ~is_looked_after_by_council


@book.rule(
    FAMILY,
    YES_NO,
    title=both(
        "Responsible for a child or young person", "Yn gyfrifol am blentyn neu berson ifanc"
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 4",
    because=both(
        "There is a child or a young person in the family",
        "Mae plentyn neu berson ifanc yn y teulu",
    ),
    otherwise=both(
        "There is no child and no young person in the family",
        "Nid oes plentyn na pherson ifanc yn y teulu",
    ),
)
def is_responsible_for_child(is_child_for_universal_credit):
    return any_of(is_child_for_universal_credit)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Old enough for Universal Credit", "Yn ddigon hen ar gyfer Credyd Cynhwysol"),
    cite="Welfare Reform Act 2012 s.4(1)(a), (3); Universal Credit Regulations 2013 (SI 2013/376) "
    "reg. 8(1)",
    because=both(
        "{age} years old: {universal_credit.age.minimum} or over, or "
        "{universal_credit.age.reduced} or over and a carer, a parent or not able to work",
        "{age} oed: {universal_credit.age.minimum} neu'n hŷn, neu "
        "{universal_credit.age.reduced} neu'n hŷn ac yn ofalwr, yn rhiant neu'n methu gweithio",
    ),
    otherwise=both(
        "{age} years old: under {universal_credit.age.minimum}, and neither a carer, a "
        "parent nor found unable to work",
        "{age} oed: o dan {universal_credit.age.minimum}, ac nid yn ofalwr, yn rhiant nac "
        "wedi'ch cael yn methu gweithio",
    ),
)
def is_old_enough_for_universal_credit(
    age,
    has_limited_capability_for_work,
    has_caring_responsibilities,
    is_adult_of_family,
    is_under_16,
    is_looked_after_by_council,
):
    child = any_of(~is_adult_of_family & is_under_16 & ~is_looked_after_by_council, of=FAMILY)
    special = has_limited_capability_for_work | has_caring_responsibilities
    special = special | (is_adult_of_family & child)
    return (age >= rate("universal_credit.age.minimum")) | (
        (age >= rate("universal_credit.age.reduced")) & special
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both("Partner who cannot be a joint claimant", "Partner na all fod yn gyd-hawlydd"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 3(3)",
    because=both(
        "Too young for Universal Credit, or ruled out: the partner claims as a single person",
        "Yn rhy ifanc ar gyfer Credyd Cynhwysol, neu wedi'i eithrio: mae'r partner yn "
        "hawlio fel person sengl",
    ),
    otherwise=both("Nothing rules out a claim as a couple", "Nid oes dim yn atal hawliad fel cwpl"),
)
def cannot_be_joint_claimant(
    is_adult_of_family, is_old_enough_for_universal_credit, is_excluded_from_joint_claim
):
    # Where both are too young nobody claims at all; one of them does not make the other single.
    too_young = ~is_old_enough_for_universal_credit & partner(is_old_enough_for_universal_credit)
    return is_adult_of_family & (is_excluded_from_joint_claim | too_young)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Single or joint claimant of Universal Credit",
        "Hawlydd sengl neu gyd-hawlydd Credyd Cynhwysol",
    ),
    cite="Welfare Reform Act 2012 s.40; Universal Credit Regulations 2013 (SI 2013/376) reg. 3",
    because=both("An adult of the family who can claim", "Oedolyn o'r teulu a all hawlio"),
    otherwise=both(
        "No adult of the family, or one who cannot claim",
        "Nid oedolyn o'r teulu, neu un na all hawlio",
    ),
)
def is_universal_credit_claimant(is_adult_of_family, cannot_be_joint_claimant):
    return is_adult_of_family & ~cannot_be_joint_claimant


@book.rule(
    FAMILY,
    YES_NO,
    title=both(
        "Claims as a single person although part of a couple",
        "Yn hawlio fel person sengl er ei fod yn rhan o gwpl",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 3(3)",
    because=both("The partner cannot be a joint claimant", "Ni all y partner fod yn gyd-hawlydd"),
    otherwise=both(
        "Nobody claims for a couple alone", "Nid oes neb yn hawlio ar ran cwpl ar eu pen eu hunain"
    ),
)
def claims_as_single_person(
    has_partner, is_universal_credit_claimant, cannot_be_joint_claimant, pension_credit_age_reached
):
    # Who claims alone has to be under the qualifying age: WRA 2012 s.4(1)(b); reg. 3(2) relaxes
    # that for joint claimants only.
    alone = is_universal_credit_claimant & ~pension_credit_age_reached
    return any_of(has_partner & cannot_be_joint_claimant) & any_of(alone)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Joint claim of a couple", "Hawliad ar y cyd gan gwpl"),
    cite="Welfare Reform Act 2012 s.3(2)",
    because=both("Both partners claim together", "Mae'r ddau bartner yn hawlio gyda'i gilydd"),
    otherwise=both("One person claims", "Mae un person yn hawlio"),
)
def is_joint_claim(is_universal_credit_claimant):
    return count(is_universal_credit_claimant) >= 2


@book.rule(
    FAMILY,
    YES_NO,
    title=both(
        "Meets the basic conditions of Universal Credit",
        "Yn bodloni amodau sylfaenol Credyd Cynhwysol",
    ),
    cite="Welfare Reform Act 2012 s.4(1); Universal Credit Regulations 2013 (SI 2013/376) "
    "regs 3, 8, 9, 14",
    because=both(
        "Somebody of working age claims who lives here and is in no education that rules it out",
        "Mae rhywun o oedran gweithio yn hawlio sy'n byw yma ac nad yw mewn addysg sy'n ei atal",
    ),
    otherwise=both(
        "Nobody in the family is old enough, under the qualifying age for Pension Credit, "
        "settled here and outside of education that rules it out",
        "Nid oes neb yn y teulu yn ddigon hen, o dan yr oedran cymhwyso ar gyfer Credyd "
        "Pensiwn, wedi ymgartrefu yma a'r tu allan i addysg sy'n ei atal",
    ),
)
def meets_universal_credit_conditions(
    is_universal_credit_claimant,
    is_old_enough_for_universal_credit,
    pension_credit_age_reached,
    is_resident_for_benefits,
    is_student_without_exception,
    meets_pension_credit_age_conditions,
    claims_on_migration,
):
    # Who moves from Working Tax Credit may be over the qualifying age: SI 2014/1230 reg. 60A.
    fits = (
        is_universal_credit_claimant
        & is_old_enough_for_universal_credit
        & (~pension_credit_age_reached | claims_on_migration)
        & is_resident_for_benefits
        & ~is_student_without_exception
    )
    # A couple that is within Pension Credit (SI 2019/37 art. 4) has that instead.
    return any_of(fits) & (~meets_pension_credit_age_conditions | claims_on_migration)
