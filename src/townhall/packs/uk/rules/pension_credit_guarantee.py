"""Pension Credit: the minimum guarantee with its additions for disability, care and children.

State Pension Credit Act 2002 s.2; State Pension Credit Regulations 2002 reg. 6, Sch. I, Sch. IIA.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    HOUSEHOLD,
    NUMBER,
    PERSON,
    WEEK,
    YES_NO,
    Book,
    any_of,
    choice,
    choose,
    count,
    position,
    rate,
    total,
    when,
)

book = Book("pension_credit_guarantee")

book.fact(
    "is_cared_for_by_carer_on_benefit",
    PERSON,
    YES_NO,
    title=both(
        "Somebody gets a carer's benefit for looking after this person",
        "Mae rhywun yn cael budd-dal gofalwr am ofalu am y person hwn",
    ),
    ask=both(
        "Does somebody get Carer's Allowance or the carer element for looking after you?",
        "A oes rhywun yn cael Lwfans Gofalwr neu'r elfen gofalwr am ofalu amdanoch chi?",
    ),
    usual=False,
    cost=1,
)
_TAX_CREDITS = {
    "title": both("Has an award of tax credits", "Mae ganddo ddyfarniad o gredydau treth"),
    "otherwise": both("No award of tax credits", "Dim dyfarniad o gredydau treth"),
}


@book.rule(
    FAMILY,
    YES_NO,
    **_TAX_CREDITS,
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 6(11)",
    because=both(
        "There is an award, even at a nil rate", "Mae dyfarniad, hyd yn oed ar gyfradd sero"
    ),
    until="2025-04-06",
)
def has_tax_credit_award(receives_tax_credits):
    return receives_tax_credits


@book.rule(
    FAMILY,
    YES_NO,
    **_TAX_CREDITS,
    cite="Tax Credits Act 2002, abolished from 6 April 2025 (Welfare Reform Act 2012 s.33)",
    because=both("Tax credits have ended", "Mae credydau treth wedi dod i ben"),
    from_="2025-04-06",
)
def has_tax_credit_award(receives_tax_credits):  # noqa: F811
    return receives_tax_credits & False


@book.rule(
    FAMILY,
    choice("single", "couple"),
    options={
        "single": both("one person", "un person"),
        "couple": both("a couple", "cwpl"),
    },
    title=both("Single or a couple", "Sengl neu gwpl"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 1(2)",
    because=both("By who lives together: {value}", "Yn ôl pwy sy'n byw gyda'i gilydd: {value}"),
)
def single_or_couple(has_partner):
    return when(any_of(has_partner), "couple", "single")


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Standard minimum guarantee", "Isafswm gwarant safonol"),
    cite="State Pension Credit Act 2002 s.2(4), (5); State Pension Credit Regulations 2002 (SI "
    "2002/1792) reg. 6(1)",
    because=both("{value} ({single_or_couple})", "{value} ({single_or_couple})"),
)
def standard_minimum_guarantee(single_or_couple):
    return rate("pension_credit.standard_guarantee", by=single_or_couple)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Adult whose living there stops the severe disability addition",
        "Oedolyn y mae ei fod yn byw yno'n atal yr ychwanegiad anabledd difrifol",
    ),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) Sch. I para. 2",
    because=both(
        "18 or over, without a benefit for care, not blind, and no young person in education",
        "18 neu'n hŷn, heb fudd-dal ar gyfer gofal, nid yn ddall, ac nid yn berson ifanc mewn "
        "addysg",
    ),
    otherwise=both(
        "Under 18, with a benefit for care, blind, or a young person in education",
        "O dan 18, gyda budd-dal ar gyfer gofal, yn ddall, neu'n berson ifanc mewn addysg",
    ),
)
def counts_as_other_resident(
    age, receives_care_benefit, is_severely_sight_impaired, is_dependent_child
):
    return (age >= 18) & ~receives_care_benefit & ~is_severely_sight_impaired & ~is_dependent_child


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Nobody else lives there who counts", "Nid oes neb arall sy'n cyfrif yn byw yno"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) Sch. I paras. 1(1)(a)(ii), "
    "(b)(ii), 2",
    because=both(
        "Beside the adults of the family nobody lives there who counts",
        "Ar wahân i oedolion y teulu nid oes neb sy'n cyfrif yn byw yno",
    ),
    otherwise=both(
        "Another adult lives there who counts", "Mae oedolyn arall sy'n cyfrif yn byw yno"
    ),
)
def lives_without_others(counts_as_other_resident, is_adult_of_family):
    everybody = count(counts_as_other_resident, of=HOUSEHOLD)
    own = count(counts_as_other_resident & is_adult_of_family, of=FAMILY)
    return everybody <= own


@book.rule(
    FAMILY,
    NUMBER,
    title=both(
        "People for whom the severe disability addition is paid",
        "Pobl y telir yr ychwanegiad anabledd difrifol ar eu cyfer",
    ),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 6(4), (5), Sch. I para. 1",
    because=both(
        "Who gets a benefit for care, lives without other adults and has no carer who is paid a "
        "carer's benefit; of a couple both, or one whose partner is blind",
        "Pwy sy'n cael budd-dal ar gyfer gofal, yn byw heb oedolion eraill ac heb ofalwr sy'n cael "
        "budd-dal gofalwr; o gwpl y ddau, neu un y mae ei bartner yn ddall",
    ),
    otherwise=both(
        "Nobody meets the conditions, or another adult lives there",
        "Nid oes neb yn bodloni'r amodau, neu mae oedolyn arall yn byw yno",
    ),
)
def severely_disabled_people(
    is_adult_of_family,
    receives_care_benefit,
    is_severely_sight_impaired,
    is_cared_for_by_carer_on_benefit,
    lives_without_others,
    single_or_couple,
):
    adults = count(is_adult_of_family)
    disabled = count(is_adult_of_family & receives_care_benefit)
    free = count(is_adult_of_family & receives_care_benefit & ~is_cared_for_by_carer_on_benefit)
    blind = is_adult_of_family & ~receives_care_benefit & is_severely_sight_impaired
    people = choose(
        (disabled == adults, free),  # single, or a couple of whom both are disabled
        ((single_or_couple == "couple") & any_of(blind), free),
        otherwise=0,
    )
    return when(lives_without_others, people, 0)


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Addition for severe disability", "Ychwanegiad am anabledd difrifol"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 6(4), (5), Sch. I para. 1",
    because=both(
        "{pension_credit.severe_disability} for {severely_disabled_people:person|people}",
        "{pension_credit.severe_disability} ar gyfer {severely_disabled_people:person|o bobl}",
    ),
    otherwise=both("Nobody meets the conditions", "Nid oes neb yn bodloni'r amodau"),
)
def severe_disability_addition(severely_disabled_people):
    return rate("pension_credit.severe_disability") * severely_disabled_people


@book.rule(
    PERSON,
    YES_NO,
    title=both("Entitled to a carer's benefit", "Yn gymwys i gael budd-dal gofalwr"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) Sch. I para. 4",
    because=both(
        "Carer's Allowance or Carer Support Payment has been claimed and is due",
        "Hawliwyd Lwfans Gofalwr neu Daliad Cymorth Gofalwyr ac mae'n ddyledus",
    ),
    otherwise=both(
        "Neither Carer's Allowance nor Carer Support Payment is due on a claim",
        "Nid oes Lwfans Gofalwr na Thaliad Cymorth Gofalwyr yn ddyledus ar hawliad",
    ),
)
def is_entitled_to_carer_benefit(receives_carer_benefit, carers_allowance, carer_support_payment):
    return receives_carer_benefit | (carers_allowance > 0) | (carer_support_payment > 0)


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Addition for carers", "Ychwanegiad i ofalwyr"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 6(6)(a), (8), Sch. I para. 4",
    because=both(
        "{pension_credit.carer} for each adult entitled to a carer's benefit",
        "{pension_credit.carer} am bob oedolyn sy'n gymwys i gael budd-dal gofalwr",
    ),
    otherwise=both(
        "No adult is entitled to a carer's benefit",
        "Nid oes oedolyn yn gymwys i gael budd-dal gofalwr",
    ),
)
def pension_credit_carer_addition(is_adult_of_family, is_entitled_to_carer_benefit):
    return rate("pension_credit.carer") * count(is_adult_of_family & is_entitled_to_carer_benefit)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Child for Pension Credit", "Plentyn ar gyfer Credyd Pensiwn"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 4A, Sch. IIA paras. 2 to 5",
    because=both(
        "A child or young person whom the family brings up",
        "Plentyn neu berson ifanc y mae'r teulu'n ei fagu",
    ),
    otherwise=both(
        "No child of the family, or in care of a local authority",
        "Nid plentyn o'r teulu, neu yng ngofal awdurdod lleol",
    ),
)
def is_child_for_pension_credit(is_dependent_child, is_looked_after_by_council):
    return is_dependent_child & ~is_looked_after_by_council


@book.rule(
    PERSON,
    GBP / WEEK,
    title=both("Addition for this child", "Ychwanegiad am y plentyn hwn"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) Sch. IIA paras. 9, 10",
    because=both(
        "{pension_credit.child.first} for the eldest if born before 6 April 2017, "
        "{pension_credit.child} for others; {pension_credit.child.disabled} more if disabled, "
        "{pension_credit.child.severely_disabled} if severely",
        "{pension_credit.child.first} am yr hynaf os ganwyd cyn 6 Ebrill 2017, "
        "{pension_credit.child} am eraill; {pension_credit.child.disabled} yn fwy os yn anabl, "
        "{pension_credit.child.severely_disabled} os yn ddifrifol",
    ),
    otherwise=both("No child of the family", "Nid plentyn o'r teulu"),
)
def pension_credit_addition_for_child(
    is_child_for_pension_credit,
    date_of_birth,
    receives_dla_or_pip,
    dla_care_rate,
    pip_daily_living_rate,
    is_severely_sight_impaired,
):
    child = is_child_for_pension_credit
    eldest = position(date_of_birth, where=child) == 1
    basic = when(
        eldest & (date_of_birth < "2017-04-06"),
        rate("pension_credit.child.first"),
        rate("pension_credit.child"),
    )
    severe = (dla_care_rate == "highest") | (pip_daily_living_rate == "enhanced")
    more = choose(
        (severe | is_severely_sight_impaired, rate("pension_credit.child.severely_disabled")),
        (receives_dla_or_pip, rate("pension_credit.child.disabled")),
        otherwise=0,
    )
    return when(child, basic + more, 0)


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Addition for children", "Ychwanegiad am blant"),
    cite="State Pension Credit Regulations 2002 (SI 2002/1792) reg. 6(6)(d), Sch. IIA",
    because=both(
        "The additions of all children together", "Ychwanegiadau'r holl blant gyda'i gilydd"
    ),
    otherwise=both(
        "No children, or tax credits are paid for them",
        "Dim plant, neu telir credydau treth ar eu cyfer",
    ),
)
def pension_credit_child_addition(pension_credit_addition_for_child, has_tax_credit_award):
    return when(has_tax_credit_award, 0, total(pension_credit_addition_for_child))


@book.rule(
    FAMILY,
    GBP / WEEK,
    title=both("Minimum guarantee", "Isafswm gwarant"),
    cite="State Pension Credit Act 2002 s.2(3); State Pension Credit Regulations 2002 (SI "
    "2002/1792) reg. 6",
    because=both(
        "{standard_minimum_guarantee}, with {severe_disability_addition} for severe disability, "
        "{pension_credit_carer_addition} for carers and {pension_credit_child_addition} for "
        "children",
        "{standard_minimum_guarantee}, gyda {severe_disability_addition} am anabledd difrifol, "
        "{pension_credit_carer_addition} i ofalwyr a {pension_credit_child_addition} am blant",
    ),
)
def minimum_guarantee(
    standard_minimum_guarantee,
    severe_disability_addition,
    pension_credit_carer_addition,
    pension_credit_child_addition,
):
    return (
        standard_minimum_guarantee
        + severe_disability_addition
        + pension_credit_carer_addition
        + pension_credit_child_addition
    )
