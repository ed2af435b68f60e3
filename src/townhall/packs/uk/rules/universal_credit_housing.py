"""Universal Credit: the housing costs element for renters, and what non-dependants contribute.

Welfare Reform Act 2012 s.11; Universal Credit Regulations 2013 regs 25, 26, Sch. 1, Sch. 4.
What the landlord's local housing allowance is for the family's size and area is a fact here.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    FAMILY,
    GBP,
    HOUSEHOLD,
    MONTH,
    NUMBER,
    PERSON,
    YES_NO,
    Book,
    any_of,
    at_least,
    at_most,
    choice,
    choose,
    rate,
    total,
    when,
)

book = Book("universal_credit_housing")

book.fact(
    "tenure",
    HOUSEHOLD,
    choice("owned", "mortgaged", "social_rent", "private_rent"),
    options={
        "owned": both("owned outright", "yn berchen arno'n llwyr"),
        "mortgaged": both("owned with a mortgage", "yn berchen arno gyda morgais"),
        "social_rent": both(
            "rented from a council or housing association",
            "wedi'i rentu gan gyngor neu gymdeithas dai",
        ),
        "private_rent": both("rented from a private landlord", "wedi'i rentu gan landlord preifat"),
    },
    title=both("How the home is held", "Sut y delir y cartref"),
    ask=both(
        "Do you own your home, or rent it, and from whom?",
        "A ydych yn berchen ar eich cartref, neu'n ei rentu, a chan bwy?",
    ),
    usual="owned",
    cost=1,
)
book.fact(
    "rent",
    FAMILY,
    GBP / MONTH,
    title=both("Rent a month with service charges", "Rhent y mis gyda thaliadau gwasanaeth"),
    ask=both("What rent do you pay a month?", "Faint o rent ydych chi'n ei dalu bob mis?"),
    usual=0,
    low=0,
    cost=1,
)
book.fact(
    "local_housing_allowance",
    FAMILY,
    GBP / MONTH,
    title=both(
        "Local housing allowance for the family's size and area, a month",
        "Lwfans tai lleol ar gyfer maint ac ardal y teulu, y mis",
    ),
    ask=both(
        "What is the local housing allowance for your area and the bedrooms you may have?",
        "Beth yw'r lwfans tai lleol ar gyfer eich ardal a'r ystafelloedd gwely y cewch eu cael?",
    ),
    low=0,
    cost=4,
)
book.fact(
    "spare_bedrooms",
    FAMILY,
    NUMBER,
    title=both(
        "Bedrooms more than the family may have", "Ystafelloedd gwely mwy nag a gaiff y teulu"
    ),
    ask=both(
        "How many bedrooms do you have that nobody needs?",
        "Faint o ystafelloedd gwely sydd gennych nad oes ar neb eu hangen?",
    ),
    usual=0,
    low=0,
    high=20,
    cost=2,
)
book.fact(
    "is_liable_for_rent",
    FAMILY,
    YES_NO,
    title=both("Has to pay rent for the home", "Yn gorfod talu rhent am y cartref"),
    ask=both("Is the rent yours to pay?", "Ai chi sydd i dalu'r rhent?"),
    usual=True,
    cost=1,
    rarely=True,
)
book.fact(
    "keeps_the_home",
    FAMILY,
    YES_NO,
    title=both(
        "The family with whom the others at the address live",
        "Y teulu y mae eraill yn y cyfeiriad yn byw gydag ef",
    ),
    usual=True,
    cost=2,
)
book.fact(
    "receives_pension_credit",
    PERSON,
    YES_NO,
    title=both("Gets Pension Credit", "Yn cael Credyd Pensiwn"),
    ask=both("Do you get Pension Credit?", "A ydych yn cael Credyd Pensiwn?"),
    usual=False,
    cost=1,
)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Responsible for a child under 5", "Yn gyfrifol am blentyn o dan 5"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) Sch. 4 para. 16(2)(i)",
    because=both("There is a child under 5 in the family", "Mae plentyn o dan 5 yn y teulu"),
    otherwise=both("No child under 5 in the family", "Dim plentyn o dan 5 yn y teulu"),
)
def is_responsible_for_child_under_5(is_adult_of_family, is_child_for_universal_credit, age):
    return is_adult_of_family & any_of(is_child_for_universal_credit & (age < 5), of=FAMILY)


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Contributes nothing to the rent of others", "Nid yw'n cyfrannu at rent pobl eraill"
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) Sch. 4 para. 16",
    because=both(
        "Gets Pension Credit, a benefit for care or a carer's benefit, or has a child under 5",
        "Yn cael Credyd Pensiwn, budd-dal ar gyfer gofal neu fudd-dal gofalwr, neu â phlentyn o "
        "dan 5",
    ),
    otherwise=both(
        "No Pension Credit, benefit for care or carer's benefit, and no child under 5",
        "Dim Credyd Pensiwn, budd-dal ar gyfer gofal na budd-dal gofalwr, a dim plentyn o dan 5",
    ),
)
def is_exempt_from_housing_contribution(
    receives_pension_credit,
    receives_care_benefit,
    receives_carer_benefit,
    is_responsible_for_child_under_5,
):
    return (
        receives_pension_credit
        | receives_care_benefit
        | receives_carer_benefit
        | is_responsible_for_child_under_5
    )


@book.rule(
    PERSON,
    YES_NO,
    title=both(
        "Would contribute to the rent of the family they live with",
        "Byddai'n cyfrannu at rent y teulu y maent yn byw gydag ef",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) Sch. 4 paras. 9, 13, 16",
    because=both(
        "{age} years old, {universal_credit.housing_cost_contribution.from_age} or over, pays no "
        "rent of their own and is not exempt",
        "{age} oed, {universal_credit.housing_cost_contribution.from_age} neu'n hŷn, nid yw'n talu "
        "rhent eu hunain ac nid yw wedi'i eithrio",
    ),
    otherwise=both(
        "Too young, pays rent of their own, or is exempt",
        "Yn rhy ifanc, yn talu rhent eu hunain, neu wedi'i eithrio",
    ),
)
def makes_housing_contribution(age, is_liable_for_rent, is_exempt_from_housing_contribution):
    grown = age >= rate("universal_credit.housing_cost_contribution.from_age")
    return grown & ~is_liable_for_rent & ~is_exempt_from_housing_contribution


@book.rule(
    PERSON,
    GBP / MONTH,
    title=both("Housing cost contribution", "Cyfraniad costau tai"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) Sch. 4 paras. 13, 14",
    because=both(
        "{universal_credit.housing_cost_contribution}, whatever they earn",
        "{universal_credit.housing_cost_contribution}, beth bynnag y maent yn ei ennill",
    ),
    otherwise=both("No contribution", "Dim cyfraniad"),
)
def housing_contribution(makes_housing_contribution):
    return when(makes_housing_contribution, rate("universal_credit.housing_cost_contribution"), 0)


@book.rule(
    FAMILY,
    YES_NO,
    title=both(
        "No contributions are expected of those who live with the family",
        "Ni ddisgwylir cyfraniadau gan y rhai sy'n byw gyda'r teulu",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) Sch. 4 para. 15",
    because=both(
        "The tenant or the partner is blind or gets a benefit for care",
        "Mae'r tenant neu'r partner yn ddall neu'n cael budd-dal ar gyfer gofal",
    ),
    otherwise=both(
        "Neither the tenant nor the partner is blind or gets a benefit for care",
        "Nid yw'r tenant na'r partner yn ddall nac yn cael budd-dal ar gyfer gofal",
    ),
)
def is_free_from_housing_contributions(
    is_adult_of_family, is_severely_sight_impaired, receives_care_benefit
):
    return any_of(is_adult_of_family & (is_severely_sight_impaired | receives_care_benefit))


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both(
        "Contributions of others who live with the family",
        "Cyfraniadau eraill sy'n byw gyda'r teulu",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) Sch. 4 paras. 9, 13 to 15",
    because=both(
        "What all others at the address contribute who pay no rent of their own",
        "Yr hyn y mae pawb arall yn y cyfeiriad nad ydynt yn talu rhent eu hunain yn ei gyfrannu",
    ),
    otherwise=both(
        "Nobody else at the address contributes", "Nid oes neb arall yn y cyfeiriad yn cyfrannu"
    ),
)
def housing_contributions_of_others(
    housing_contribution, is_liable_for_rent, keeps_the_home, is_free_from_housing_contributions
):
    paid = when(is_liable_for_rent, 0, housing_contribution)
    others = total(paid, of=HOUSEHOLD) - total(paid, of=FAMILY)
    return when(keeps_the_home & ~is_free_from_housing_contributions, others, 0)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both(
        "Rent that Universal Credit takes into account",
        "Rhent y mae Credyd Cynhwysol yn ei ystyried",
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) Sch. 4 paras. 22, 25, 34, 36",
    because=both(
        "The rent of {rent}; from a private landlord at most the local housing allowance, from a "
        "social landlord 14% less for one bedroom too many and 25% less for two or more",
        "Y rhent o {rent}; gan landlord preifat y lwfans tai lleol ar y mwyaf, gan landlord "
        "cymdeithasol 14% yn llai am un ystafell wely yn ormod a 25% yn llai am ddwy neu fwy",
    ),
    otherwise=both("No rent to pay", "Dim rhent i'w dalu"),
)
def eligible_rent(rent, tenure, local_housing_allowance, spare_bedrooms):
    social = choose(
        (spare_bedrooms >= 2, rent * "0.75"), (spare_bedrooms >= 1, rent * "0.86"), otherwise=rent
    )
    return choose(
        (tenure == "private_rent", at_most(rent, local_housing_allowance)),
        (tenure == "social_rent", social),
        otherwise=0,
    )


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Housing costs element", "Elfen costau tai"),
    cite="Welfare Reform Act 2012 s.11; Universal Credit Regulations 2013 (SI 2013/376) regs 25, "
    "26, Sch. 4 paras. 22, 23",
    because=both(
        "{eligible_rent} of rent less {housing_contributions_of_others} of contributions",
        "{eligible_rent} o rent llai {housing_contributions_of_others} o gyfraniadau",
    ),
    otherwise=both("No rent that counts is left", "Nid oes rhent sy'n cyfrif ar ôl"),
)
def universal_credit_housing_element(eligible_rent, housing_contributions_of_others):
    return at_least(eligible_rent - housing_contributions_of_others, 0)
