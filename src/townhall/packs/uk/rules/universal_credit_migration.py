"""Moving to Universal Credit when tax credits and the other older benefits end.

Welfare Reform Act 2012 s.33; Universal Credit (Transitional Provisions) Regulations 2014 (SI
2014/1230) Part 4 and regs 60A, 60B. Working Tax Credit over the qualifying age for Pension Credit
moves too, unless Pension Credit is paid; Child Tax Credit alone goes to Pension Credit.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import FAMILY, YES_NO, Book, any_of, rate

book = Book("universal_credit_migration")


def _receipt(name: str, en: str, cy: str, *, usual: bool = False) -> None:
    book.fact(name, FAMILY, YES_NO, title=both(en, cy), usual=usual, cost=2)


_receipt("receives_tax_credits", "Gets tax credits", "Yn cael credydau treth")
_receipt("receives_working_tax_credit", "Gets Working Tax Credit", "Yn cael Credyd Treth Gwaith")
_receipt(
    "receives_income_support",
    "Gets Income Support or income-based Jobseeker's Allowance",
    "Yn cael Cymhorthdal Incwm neu Lwfans Ceisio Gwaith ar sail incwm",
)
_receipt(
    "claims_when_older_benefits_end",
    "Claims Universal Credit when older benefits end",
    "Yn hawlio Credyd Cynhwysol pan ddaw budd-daliadau hŷn i ben",
    usual=True,
)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("The older benefit has ended", "Mae'r budd-dal hŷn wedi dod i ben"),
    cite="Welfare Reform Act 2012 s.33; SI 2014/1230 regs 44 to 46, 60A",
    because=both(
        "A benefit that the family had has been abolished, and the family is to claim Universal "
        "Credit instead",
        "Diddymwyd budd-dal a oedd gan y teulu, ac mae'r teulu i hawlio Credyd Cynhwysol yn ei le",
    ),
    otherwise=both(
        "No older benefit of the family has ended, or it moves to Pension Credit",
        "Nid oes budd-dal hŷn y teulu wedi dod i ben, neu mae'n symud i Gredyd Pensiwn",
    ),
)
def older_benefit_has_ended(
    receives_tax_credits,
    receives_working_tax_credit,
    receives_income_support,
    meets_pension_credit_age_conditions,
    is_adult_of_family,
    receives_pension_credit,
):
    pension_age = meets_pension_credit_age_conditions
    paid = any_of(is_adult_of_family & receives_pension_credit)
    credits = (~pension_age & receives_tax_credits) | (
        pension_age & receives_working_tax_credit & ~paid
    )
    support = ~pension_age & receives_income_support
    return (credits & rate("older_benefits.tax_credits_ended")) | (
        support & rate("older_benefits.income_support_ended")
    )


@book.rule(
    FAMILY,
    YES_NO,
    title=both(
        "Claims Universal Credit because an older benefit ended",
        "Yn hawlio Credyd Cynhwysol am fod budd-dal hŷn wedi dod i ben",
    ),
    cite="SI 2014/1230 regs 44, 46, 60A",
    because=both(
        "The older benefit ended and a claim is made", "Daeth y budd-dal hŷn i ben a gwneir hawliad"
    ),
    otherwise=both(
        "No older benefit ended, or no claim is made",
        "Ni ddaeth budd-dal hŷn i ben, neu ni wneir hawliad",
    ),
)
def claims_on_migration(older_benefit_has_ended, claims_when_older_benefits_end):
    return older_benefit_has_ended & claims_when_older_benefits_end


@book.rule(
    FAMILY,
    YES_NO,
    title=both("A claim for Universal Credit is made", "Gwneir hawliad am Gredyd Cynhwysol"),
    cite="Welfare Reform Act 2012 s.2; Social Security Administration Act 1992 s.1",
    because=both("The family claims", "Mae'r teulu'n hawlio"),
    otherwise=both("The family does not claim", "Nid yw'r teulu'n hawlio"),
)
def makes_universal_credit_claim(claims_universal_credit, claims_on_migration):
    return claims_universal_credit | claims_on_migration


@book.rule(
    FAMILY,
    YES_NO,
    title=both(
        "Left Pension Credit for Universal Credit", "Wedi gadael Credyd Pensiwn am Gredyd Cynhwysol"
    ),
    cite="State Pension Credit Act 2002 s.4(1A); SI 2014/1230 regs 60A, 60B",
    because=both(
        "Over the qualifying age, but entitled to Universal Credit since tax credits ended",
        "Dros yr oedran cymhwyso, ond â hawl i Gredyd Cynhwysol ers i gredydau treth ddod i ben",
    ),
    otherwise=both(
        "Not entitled to Universal Credit over the qualifying age",
        "Dim hawl i Gredyd Cynhwysol dros yr oedran cymhwyso",
    ),
)
def left_pension_credit_for_universal_credit(
    meets_pension_credit_age_conditions, claims_on_migration, is_entitled_to_universal_credit
):
    moved = meets_pension_credit_age_conditions & claims_on_migration
    return moved & is_entitled_to_universal_credit
