"""Universal Credit: the child element, its two-child limit, and the additions for disability.

Welfare Reform Act 2012 s.10; Universal Credit Regulations 2013 regs 24, 24A, 24B, 36, Sch. 12.
The limit held from 6 April 2017 until reg. 24A was revoked on 6 April 2026.
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
    position,
    rate,
    today,
    total,
    when,
)

book = Book("universal_credit_children")


def _exception(name: str, en: str, cy: str) -> None:
    book.fact(
        name,
        PERSON,
        YES_NO,
        title=both(
            f"Exception to the two-child limit: {en}", f"Eithriad i'r terfyn dau blentyn: {cy}"
        ),
        usual=False,
        cost=4,
    )


_exception("is_born_with_other_child", "born in a multiple birth", "genedigaeth luosog")
_exception("is_adopted_child", "adopted", "wedi'i fabwysiadu")
_exception(
    "is_in_non_parental_care", "in the care of family or friends", "yng ngofal teulu neu ffrindiau"
)
_exception(
    "is_conceived_without_consent", "conceived without consent", "wedi'i genhedlu heb gydsyniad"
)
_exception(
    "continues_earlier_exception", "continues an earlier exception", "yn parhau eithriad cynharach"
)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Child born before 6 April 2017", "Plentyn a anwyd cyn 6 Ebrill 2017"),
    cite="SI 2014/1230 reg. 43; Universal Credit Regulations 2013 (SI 2013/376) reg. 24A(1)(za)",
    because=both(
        "Born on {date_of_birth}, before 6 April 2017",
        "Ganwyd ar {date_of_birth}, cyn 6 Ebrill 2017",
    ),
    otherwise=both(
        "Not a child of the family born before 6 April 2017",
        "Nid plentyn o'r teulu a anwyd cyn 6 Ebrill 2017",
    ),
)
def is_child_born_before_limit(is_child_for_universal_credit, date_of_birth):
    return is_child_for_universal_credit & (date_of_birth < "2017-04-06")


@book.rule(
    PERSON,
    NUMBER,
    title=both("Place of the child by date of birth", "Safle'r plentyn yn ôl dyddiad geni"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 24B(1)",
    because=both(
        "Born on {date_of_birth}: number {value} of the children",
        "Ganwyd ar {date_of_birth}: rhif {value} o'r plant",
    ),
    otherwise=both(
        "No child that the family is responsible for", "Nid plentyn y mae'r teulu'n gyfrifol amdano"
    ),
)
def child_place(is_child_for_universal_credit, date_of_birth):
    return position(date_of_birth, where=is_child_for_universal_credit)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Left out of the order of children", "Wedi'i adael allan o drefn y plant"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 24B(2A), Sch. 12 paras. 3, 4",
    because=both(
        "Adopted or in the care of family or friends: takes no place under the limit",
        "Wedi'i fabwysiadu neu yng ngofal teulu neu ffrindiau: nid yw'n cymryd lle o dan y terfyn",
    ),
    otherwise=both("Takes a place in the order of children", "Yn cymryd lle yn nhrefn y plant"),
    from_="2018-11-28",
)
def is_left_out_of_limit(is_child_for_universal_credit, is_adopted_child, is_in_non_parental_care):
    return is_child_for_universal_credit & (is_adopted_child | is_in_non_parental_care)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Left out of the order of children", "Wedi'i adael allan o drefn y plant"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 24B, as it stood",
    because=both(
        "Nobody was left out of the order before 28 November 2018",
        "Ni adawyd neb allan o'r drefn cyn 28 Tachwedd 2018",
    ),
    until="2018-11-28",
)
def is_left_out_of_limit(is_child_for_universal_credit):  # noqa: F811
    return is_child_for_universal_credit & False


@book.rule(
    PERSON,
    NUMBER,
    title=both(
        "Place of the child under the two-child limit", "Safle'r plentyn o dan y terfyn dau blentyn"
    ),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 24B",
    because=both(
        "Number {value} of the children that count under the limit",
        "Rhif {value} o'r plant sy'n cyfrif o dan y terfyn",
    ),
    otherwise=both("Takes no place under the limit", "Nid yw'n cymryd lle o dan y terfyn"),
)
def place_under_child_limit(
    is_child_for_universal_credit,
    is_left_out_of_limit,
    date_of_birth,
    is_born_with_other_child,
    is_conceived_without_consent,
    continues_earlier_exception,
):
    counts = is_child_for_universal_credit & ~is_left_out_of_limit
    excepted = is_born_with_other_child | is_conceived_without_consent | continues_earlier_exception
    # Of children born on one day the order that gives the most is taken (reg. 24B(2)(b)): who
    # has an exception of its own comes last.
    order = (date_of_birth - today()) * 2 + when(excepted, 1, 0)
    return position(order, where=counts)


@book.rule(
    PERSON,
    YES_NO,
    title=both("The two-child limit stands in the way", "Mae'r terfyn dau blentyn yn rhwystr"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 24A, Sch. 12",
    because=both(
        "Number {place_under_child_limit} of the children, more than "
        "{universal_credit.child.limit}, born from 6 April 2017 on and without an exception",
        "Rhif {place_under_child_limit} o'r plant, mwy na {universal_credit.child.limit}, "
        "wedi'i eni o 6 Ebrill 2017 ymlaen a heb eithriad",
    ),
    otherwise=both(
        "Among the first {universal_credit.child.limit} children, born before 6 April 2017, "
        "or an exception applies",
        "Ymhlith y {universal_credit.child.limit} blentyn cyntaf, wedi'i eni cyn 6 Ebrill "
        "2017, neu mae eithriad yn berthnasol",
    ),
    from_="2017-04-06",
    until="2026-04-06",
)
def is_beyond_child_limit(
    is_child_for_universal_credit,
    place_under_child_limit,
    is_child_born_before_limit,
    is_born_with_other_child,
    is_adopted_child,
    is_in_non_parental_care,
    is_conceived_without_consent,
    continues_earlier_exception,
):
    excepted = (
        is_born_with_other_child
        | is_adopted_child
        | is_in_non_parental_care
        | is_conceived_without_consent
        | continues_earlier_exception
    )
    beyond = place_under_child_limit > rate("universal_credit.child.limit")
    return is_child_for_universal_credit & beyond & ~is_child_born_before_limit & ~excepted


@book.rule(
    PERSON,
    YES_NO,
    title=both("The two-child limit stands in the way", "Mae'r terfyn dau blentyn yn rhwystr"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 24A, revoked from 6 April 2026",
    because=both("There has been no limit since 6 April 2026", "Ni fu terfyn ers 6 Ebrill 2026"),
    otherwise=both("There has been no limit since 6 April 2026", "Ni fu terfyn ers 6 Ebrill 2026"),
    from_="2026-04-06",
)
def is_beyond_child_limit(is_child_for_universal_credit):  # noqa: F811
    return is_child_for_universal_credit & False


@book.rule(
    PERSON,
    GBP / MONTH,
    title=both("Child element for this child", "Elfen plentyn ar gyfer y plentyn hwn"),
    cite="Welfare Reform Act 2012 s.10; Universal Credit Regulations 2013 (SI 2013/376) regs "
    "24(1), 36; SI 2014/1230 reg. 43",
    because=both(
        "{universal_credit.child.first} for the first child if born before 6 April 2017, "
        "{universal_credit.child.other} for every other child",
        "{universal_credit.child.first} am y plentyn cyntaf os ganwyd cyn 6 Ebrill 2017, "
        "{universal_credit.child.other} am bob plentyn arall",
    ),
    otherwise=both(
        "No child of the family, or the two-child limit stands in the way",
        "Nid plentyn o'r teulu, neu mae'r terfyn dau blentyn yn rhwystr",
    ),
)
def child_element_of_child(
    is_child_for_universal_credit, is_beyond_child_limit, child_place, is_child_born_before_limit
):
    amount = when(
        (child_place == 1) & is_child_born_before_limit,
        rate("universal_credit.child.first"),
        rate("universal_credit.child.other"),
    )
    return when(is_child_for_universal_credit & ~is_beyond_child_limit, amount, 0)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Child element", "Elfen plentyn"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 24(1)",
    because=both("The amounts of all children together", "Symiau'r holl blant gyda'i gilydd"),
    otherwise=both("No child for whom it is paid", "Dim plentyn y telir ef ar ei gyfer"),
)
def universal_credit_child_element(child_element_of_child):
    return total(child_element_of_child)


@book.rule(
    PERSON,
    YES_NO,
    title=both("Severely disabled child", "Plentyn ag anabledd difrifol"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 24(2)(b)",
    because=both(
        "A child with the highest rate of care, enhanced daily living, or blind",
        "Plentyn â chyfradd uchaf gofal, byw bob dydd uwch, neu'n ddall",
    ),
    otherwise=both(
        "No child with the highest rate of care, enhanced daily living, or blind",
        "Nid plentyn â chyfradd uchaf gofal, byw bob dydd uwch, neu'n ddall",
    ),
)
def is_severely_disabled_child(
    is_child_for_universal_credit,
    dla_care_rate,
    pip_daily_living_rate,
    is_severely_sight_impaired,
):
    severe = (dla_care_rate == "highest") | (pip_daily_living_rate == "enhanced")
    return is_child_for_universal_credit & (severe | is_severely_sight_impaired)


@book.rule(
    PERSON,
    GBP / MONTH,
    title=both("Disabled child addition, higher rate", "Ychwanegiad plentyn anabl, cyfradd uwch"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 24(2)(b), 36",
    because=both(
        "{universal_credit.child.severely_disabled} for a severely disabled child; the "
        "two-child limit does not matter",
        "{universal_credit.child.severely_disabled} am blentyn ag anabledd difrifol; nid yw'r "
        "terfyn dau blentyn yn berthnasol",
    ),
    otherwise=both("No severely disabled child", "Nid plentyn ag anabledd difrifol"),
)
def severely_disabled_child_addition(is_severely_disabled_child):
    return when(is_severely_disabled_child, rate("universal_credit.child.severely_disabled"), 0)


@book.rule(
    PERSON,
    GBP / MONTH,
    title=both("Disabled child addition, lower rate", "Ychwanegiad plentyn anabl, cyfradd is"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) regs 24(2)(a), 36",
    because=both(
        "{universal_credit.child.disabled} for a disabled child",
        "{universal_credit.child.disabled} am blentyn anabl",
    ),
    otherwise=both(
        "No disabled child, or the higher rate is paid",
        "Nid plentyn anabl, neu telir y gyfradd uwch",
    ),
)
def disabled_child_addition(
    is_child_for_universal_credit, is_severely_disabled_child, receives_dla_or_pip
):
    disabled = is_child_for_universal_credit & receives_dla_or_pip & ~is_severely_disabled_child
    return when(disabled, rate("universal_credit.child.disabled"), 0)


@book.rule(
    FAMILY,
    GBP / MONTH,
    title=both("Disabled child additions", "Ychwanegiadau plentyn anabl"),
    cite="Universal Credit Regulations 2013 (SI 2013/376) reg. 24(2)",
    because=both(
        "The additions of all children together", "Ychwanegiadau'r holl blant gyda'i gilydd"
    ),
    otherwise=both("No disabled child", "Dim plentyn anabl"),
)
def disabled_child_additions(disabled_child_addition, severely_disabled_child_addition):
    return total(disabled_child_addition) + total(severely_disabled_child_addition)
