"""Pension Credit: the qualifying age, and couples of whom only one has reached it.

State Pension Credit Act 2002 ss.1, 4(1A); SI 2019/37. From 15 May 2019 a couple needs both
partners over the qualifying age, unless it has had Pension Credit or pension-age Housing Benefit
without a break since before.
"""

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import FAMILY, PERSON, YES_NO, Book, all_of, any_of

book = Book("pension_credit_age")


def _receipt(name: str, en: str, cy: str, ask_en: str, ask_cy: str) -> None:
    book.fact(
        name, PERSON, YES_NO, title=both(en, cy), ask=both(ask_en, ask_cy), usual=False, cost=2
    )


_receipt(
    "receives_pension_age_housing_benefit",
    "Gets Housing Benefit under the rules for pension age",
    "Yn cael Budd-dal Tai o dan y rheolau oedran pensiwn",
    "Do you get Housing Benefit as a pensioner?",
    "A ydych yn cael Budd-dal Tai fel pensiynwr?",
)
_receipt(
    "receives_universal_credit",
    "Gets Universal Credit",
    "Yn cael Credyd Cynhwysol",
    "Do you get Universal Credit?",
    "A ydych yn cael Credyd Cynhwysol?",
)


@book.rule(
    FAMILY,
    YES_NO,
    title=both("Mixed-age couple", "Cwpl oedran cymysg"),
    cite="State Pension Credit Act 2002 s.4(1A)",
    because=both(
        "One partner has reached the qualifying age, the other has not",
        "Mae un partner wedi cyrraedd yr oedran cymhwyso, a'r llall heb",
    ),
    otherwise=both(
        "No couple, or both partners are on the same side of the qualifying age",
        "Nid cwpl, neu mae'r ddau bartner ar yr un ochr i'r oedran cymhwyso",
    ),
)
def is_mixed_age_couple(is_adult_of_family, pension_credit_age_reached):
    reached = is_adult_of_family & pension_credit_age_reached
    return any_of(reached) & any_of(is_adult_of_family & ~pension_credit_age_reached)


@book.rule(
    FAMILY,
    YES_NO,
    title=both(
        "Mixed-age couple that keeps the rules from before 15 May 2019",
        "Cwpl oedran cymysg sy'n cadw'r rheolau o cyn 15 Mai 2019",
    ),
    cite="Welfare Reform Act 2012 (Commencement No. 31) Order 2019 (SI 2019/37) arts 2, 4",
    because=both(
        "Pension Credit or pension-age Housing Benefit has been paid since before 15 May 2019, and "
        "Universal Credit has not",
        "Talwyd Credyd Pensiwn neu Fudd-dal Tai oedran pensiwn ers cyn 15 Mai 2019, ac nid Credyd "
        "Cynhwysol",
    ),
    otherwise=both(
        "No such award since before 15 May 2019, or Universal Credit has been paid since",
        "Dim dyfarniad o'r fath ers cyn 15 Mai 2019, neu talwyd Credyd Cynhwysol ers hynny",
    ),
)
def has_mixed_age_saving(
    is_mixed_age_couple,
    is_adult_of_family,
    pension_credit_date,
    receives_pension_credit,
    receives_pension_age_housing_benefit,
    receives_universal_credit,
):
    # Only a couple of whom one was over the qualifying age then can have had the award then.
    older = is_adult_of_family & (pension_credit_date < "2019-05-15")
    award = any_of(is_adult_of_family & receives_pension_credit) | any_of(
        older & receives_pension_age_housing_benefit
    )
    ended = any_of(is_adult_of_family & receives_universal_credit)
    return is_mixed_age_couple & any_of(older) & award & ~ended


_AGE = {
    "title": both("Old enough for Pension Credit", "Yn ddigon hen ar gyfer Credyd Pensiwn"),
    "cite": "State Pension Credit Act 2002 ss.1(2)(b), 4(1A); SI 2019/37",
}


@book.rule(
    FAMILY,
    YES_NO,
    **_AGE,
    because=both(
        "One of the adults has reached the qualifying age",
        "Mae un o'r oedolion wedi cyrraedd yr oedran cymhwyso",
    ),
    otherwise=both(
        "No adult has reached the qualifying age, or the couple is on Universal Credit",
        "Nid oes oedolyn wedi cyrraedd yr oedran cymhwyso, neu mae'r cwpl ar Gredyd Cynhwysol",
    ),
    until="2019-05-15",
)
def meets_pension_credit_age_conditions(
    is_adult_of_family, pension_credit_age_reached, is_mixed_age_couple, receives_universal_credit
):
    on_universal_credit = any_of(is_adult_of_family & receives_universal_credit)
    reached = any_of(is_adult_of_family & pension_credit_age_reached)
    return reached & ~(is_mixed_age_couple & on_universal_credit)


@book.rule(
    FAMILY,
    YES_NO,
    **_AGE,
    because=both(
        "Every adult has reached the qualifying age, or the couple keeps the earlier rules",
        "Mae pob oedolyn wedi cyrraedd yr oedran cymhwyso, neu mae'r cwpl yn cadw'r rheolau "
        "cynharach",
    ),
    otherwise=both(
        "An adult of the family is below the qualifying age",
        "Mae oedolyn o'r teulu o dan yr oedran cymhwyso",
    ),
    from_="2019-05-15",
)
def meets_pension_credit_age_conditions(  # noqa: F811
    is_adult_of_family, pension_credit_age_reached, is_mixed_age_couple, has_mixed_age_saving
):
    reached = all_of(~is_adult_of_family | pension_credit_age_reached)
    return reached | (is_mixed_age_couple & has_mixed_age_saving)
