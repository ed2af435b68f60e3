"""Universal Credit: standard allowance, and the elements for incapacity and for care.

Welfare Reform Act 2012 ss.9, 12; Universal Credit Regulations 2013 regs 27 to 30, 36.
Amounts are of one monthly assessment period.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    MONTH,
    PERSON,
    YES_NO,
    Book,
    any_of,
    choice,
    choose,
    count,
    partner,
    position,
    rate,
    when,
)

book = Book("universal_credit_elements")

book.fact(
    "is_protected_for_incapacity_amount",
    FAMILY,
    YES_NO,
    title=both(
        "Protected amount for limited capability (claim before 6 April 2026, severe "
        "conditions or end of life)",
        "Swm gwarchodedig am allu cyfyngedig (hawliad cyn 6 Ebrill 2026, cyflyrau difrifol "
        "neu ddiwedd oes)",
    ),
    ask=both(
        "Did you get the amount for limited capability before 6 April 2026, or do you meet "
        "the severe conditions criteria?",
        "A gawsoch y swm am allu cyfyngedig cyn 6 Ebrill 2026, neu a ydych yn bodloni'r "
        "meini prawf cyflyrau difrifol?",
    ),
    usual=False,
    cost=2,
    rarely=True,
)
book.fact(
    "partners_care_for_same_person",
    FAMILY,
    YES_NO,
    title=both(
        "Both partners care for the same person", "Mae'r ddau bartner yn gofalu am yr un person"
    ),
    ask=both(
        "Do you and your partner care for the same person?",
        "A ydych chi a'ch partner yn gofalu am yr un person?",
    ),
    usual=True,
    cost=1,
)


@book.rule(
    FAMILY,
    choice("single_under_25", "single_25_or_over", "couple_under_25", "couple_25_or_over"),
    options={
        "single_under_25": both("one person under 25", "un person o dan 25"),
        "single_25_or_over": both("one person of 25 or over", "un person 25 neu'n hŷn"),
        "couple_under_25": both("a couple, both under 25", "cwpl, y ddau o dan 25"),
        "couple_25_or_over": both(
            "a couple of whom one is 25 or over", "cwpl y mae un ohonynt yn 25 neu'n hŷn"
        ),
    },
    title=both("Who the standard allowance is for", "Ar gyfer pwy mae'r lwfans safonol"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 36(1), (3)",
    because=both(
        "Single or a couple, and whether somebody who claims is "
        "{universal_credit.age.full_rate} or over",
        "Sengl neu gwpl, ac a yw rhywun sy'n hawlio yn {universal_credit.age.full_rate} neu'n hŷn",
    ),
)
def standard_allowance_type(is_universal_credit_claimant, age, is_joint_claim):
    full = any_of(is_universal_credit_claimant & (age >= rate("universal_credit.age.full_rate")))
    return choose(
        (is_joint_claim & full, "couple_25_or_over"),
        (is_joint_claim, "couple_under_25"),
        (full, "single_25_or_over"),
        otherwise="single_under_25",
    )


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Standard allowance of Universal Credit", "Lwfans safonol Credyd Cynhwysol"),
    cite="Welfare Reform Act 2012 s.9; Universal Credit Regulations 2013 (SI 2013/376) reg. 36",
    because=both(
        "The standard allowance is {value} ({standard_allowance_type})",
        "Y lwfans safonol yw {value} ({standard_allowance_type})",
    ),
)
def universal_credit_standard_allowance(standard_allowance_type):
    return rate("universal_credit.standard_allowance", by=standard_allowance_type)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both(
        "Amount for limited capability for work and work-related activity",
        "Swm am allu cyfyngedig i weithio ac i wneud gweithgaredd sy'n gysylltiedig â gwaith",
    ),
    cite="Welfare Reform Act 2012 s.12(2)(a); Universal Credit Regulations 2013 (SI 2013/376) regs "
    "27, 29(4), 36; Universal Credit Act 2025 ss.2 to 4",
    because=both(
        "{universal_credit.lcwra}, or {universal_credit.lcwra_protected} where protected; "
        "once for the award",
        "{universal_credit.lcwra}, neu {universal_credit.lcwra_protected} lle mae'n "
        "warchodedig; unwaith ar gyfer y dyfarniad",
    ),
    otherwise=both(
        "Nobody who claims has been found to have that limited capability",
        "Nid oes neb sy'n hawlio wedi'i gael â'r gallu cyfyngedig hwnnw",
    ),
)
def universal_credit_incapacity_amount(
    is_universal_credit_claimant,
    has_limited_capability_for_work_related_activity,
    is_protected_for_incapacity_amount,
):
    found = is_universal_credit_claimant & has_limited_capability_for_work_related_activity
    amount = when(
        is_protected_for_incapacity_amount,
        rate("universal_credit.lcwra_protected"),
        rate("universal_credit.lcwra"),
    )
    return when(any_of(found), amount, 0)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Elder of the couple", "Yr hynaf o'r cwpl"),
    # The law lets the couple nominate; without a nomination the elder is taken.
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 29(3)",
    because=both(
        "Born before the partner, or named first", "Ganwyd cyn y partner, neu enwyd gyntaf"
    ),
    otherwise=both(
        "The partner was born before, or named first",
        "Ganwyd y partner cyn hynny, neu enwyd ef gyntaf",
    ),
)
def is_elder_of_couple(is_adult_of_family, date_of_birth):
    return position(date_of_birth, where=is_adult_of_family) == 1


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "The amount for limited capability is this person's",
        "Mae'r swm am allu cyfyngedig yn eiddo i'r person hwn",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 29(4)",
    because=both(
        "It is paid, and on account of this person", "Fe'i telir, ac ar gyfrif y person hwn"
    ),
    otherwise=both(
        "It is not paid, or on account of the partner", "Ni thelir ef, neu ar gyfrif y partner"
    ),
)
def holds_incapacity_amount(
    is_universal_credit_claimant,
    has_limited_capability_for_work_related_activity,
    has_caring_responsibilities,
    universal_credit_incapacity_amount,
    is_elder_of_couple,
):
    found = is_universal_credit_claimant & has_limited_capability_for_work_related_activity
    cares = has_caring_responsibilities
    # Where both have it, it goes to the one who is no carer, so that the other may have the
    # carer element; of two carers to the elder.
    partners = (~cares & partner(cares)) | ((cares == partner(cares)) & is_elder_of_couple)
    mine = found & (~partner(found) | partners)
    return mine & (universal_credit_incapacity_amount > 0)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Carer element on account of this person", "Elfen gofalwr ar gyfrif y person hwn"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 29(1) to (4)",
    because=both(
        "Claims, cares for a severely disabled person, and is not the one with the amount "
        "for limited capability",
        "Yn hawlio, yn gofalu am berson ag anabledd difrifol, ac nid y person â'r swm am "
        "allu cyfyngedig",
    ),
    otherwise=both(
        "No carer who claims, or the partner's care for the same person counts already, or "
        "the amount for limited capability is paid instead",
        "Nid gofalwr sy'n hawlio, neu mae gofal y partner am yr un person eisoes yn cyfrif, "
        "neu telir y swm am allu cyfyngedig yn ei le",
    ),
)
def has_carer_element(
    is_universal_credit_claimant,
    has_caring_responsibilities,
    holds_incapacity_amount,
    partners_care_for_same_person,
    is_elder_of_couple,
):
    fits = is_universal_credit_claimant & has_caring_responsibilities & ~holds_incapacity_amount
    taken = partner(fits) & partners_care_for_same_person & ~is_elder_of_couple
    return fits & ~taken


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Carer element", "Elfen gofalwr"),
    cite="Welfare Reform Act 2012 s.12(2)(c); Universal Credit Regulations 2013 (SI 2013/376) regs "
    "29, 36",
    because=both(
        "{universal_credit.carer} for each carer who counts",
        "{universal_credit.carer} am bob gofalwr sy'n cyfrif",
    ),
    otherwise=both("No carer who counts", "Dim gofalwr sy'n cyfrif"),
)
def universal_credit_carer_element(has_carer_element):
    return rate("universal_credit.carer") * count(has_carer_element)
