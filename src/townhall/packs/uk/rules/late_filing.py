"""What lateness costs in Self Assessment: penalties for a late return and a late payment, interest.

Source: Finance Act 2009 Sch. 55 (late returns), Sch. 56 (late payment), s.101 (interest). The day
of the return counts as a day on which it was late, as in the official calculator. Penalties after
twelve months are those of a failure that is not deliberate.
"""

from decimal import Decimal
from pathlib import Path
from typing import Final

import yaml

from townhall.packs.uk.rules.bilingual import both
from townhall.rules.engine.law import (
    DATE,
    GBP,
    NUMBER,
    PERSON,
    YES_NO,
    Book,
    add_months,
    at_least,
    at_most,
    clip,
    days_between,
    rate,
    round_down,
    when,
)

book = Book("late_filing")

_RATES = Path(__file__).parents[1] / "parameters" / "self-assessment.yaml"
_FAR: Final = "2199-01-01"


def _interest_rows() -> list[tuple[str, str, Decimal]]:
    """Return first day, day after the last, and rate a year of each row of the interest table."""
    text = _RATES.read_text(encoding="utf-8")
    rows = yaml.load(text, Loader=yaml.BaseLoader)["late_payment.interest"]["values"]  # noqa: S506
    days = [*rows, _FAR]
    return [(day, days[number + 1], Decimal(rows[day])) for number, day in enumerate(rows)]


book.fact(
    "return_filed_on",
    PERSON,
    DATE,
    title=both("Day on which the return was sent", "Diwrnod anfon y ffurflen dreth"),
    ask=both("When was the return sent?", "Pryd anfonwyd y ffurflen dreth?"),
    cost=1,
)
book.fact(
    "tax_paid_on",
    PERSON,
    DATE,
    title=both("Day on which the tax is paid", "Diwrnod talu'r dreth"),
    ask=both("When is the tax paid?", "Pryd telir y dreth?"),
    cost=1,
)


@book.rule(
    PERSON,
    YES_NO,
    title=both("The return is late", "Mae'r ffurflen dreth yn hwyr"),
    cite="Finance Act 2009 Sch. 55 para. 1",
    because=both(
        "Sent on {return_filed_on}, after {return_due_on}",
        "Anfonwyd ar {return_filed_on}, ar ôl {return_due_on}",
    ),
    otherwise=both(
        "Sent on {return_filed_on}, by {return_due_on}",
        "Anfonwyd ar {return_filed_on}, erbyn {return_due_on}",
    ),
)
def return_is_late(return_filed_on, return_due_on):
    return return_filed_on > return_due_on


@book.rule(
    PERSON,
    GBP,
    title=both("First penalty for a late return", "Cosb gyntaf am ffurflen dreth hwyr"),
    cite="Finance Act 2009 Sch. 55 para. 3",
    because=both(
        "{late_return.first_penalty} at once, even if no tax is due",
        "{late_return.first_penalty} ar unwaith, hyd yn oed os nad oes treth yn ddyledus",
    ),
    otherwise=both("The return is not late", "Nid yw'r ffurflen dreth yn hwyr"),
)
def late_return_first_penalty(return_is_late):
    return when(return_is_late, rate("late_return.first_penalty"), 0)


@book.rule(
    PERSON,
    NUMBER,
    title=both("Days with a daily penalty", "Diwrnodau â chosb ddyddiol"),
    cite="Finance Act 2009 Sch. 55 para. 4",
    because=both(
        "Days from three months after {return_due_on} until {return_filed_on}, at most "
        "{late_return.most_days}",
        "Diwrnodau o dri mis ar ôl {return_due_on} hyd {return_filed_on}, {late_return.most_days} "
        "ar y mwyaf",
    ),
    otherwise=both("Less than three months late", "Llai na thri mis yn hwyr"),
)
def late_return_days(return_filed_on, return_due_on):
    late = days_between(add_months(return_due_on, 3), return_filed_on).as_unit(NUMBER)
    return clip(late, 0, rate("late_return.most_days"))


@book.rule(
    PERSON,
    GBP,
    title=both("Daily penalties", "Cosbau dyddiol"),
    cite="Finance Act 2009 Sch. 55 para. 4",
    because=both(
        "{late_return.daily_penalty} for each of {late_return_days} days",
        "{late_return.daily_penalty} am bob un o {late_return_days} diwrnod",
    ),
    otherwise=both("Less than three months late", "Llai na thri mis yn hwyr"),
)
def late_return_daily_penalties(late_return_days):
    return rate("late_return.daily_penalty") * late_return_days


@book.rule(
    PERSON,
    GBP,
    title=both("Penalty after six months", "Cosb ar ôl chwe mis"),
    cite="Finance Act 2009 Sch. 55 paras. 5, 24",
    because=both(
        "The greater of {late_return.least_further_penalty} and {late_return.share} of the tax to "
        "pay, {self_assessment_to_pay}",
        "Y mwyaf o {late_return.least_further_penalty} a {late_return.share} o'r dreth i'w thalu, "
        "{self_assessment_to_pay}",
    ),
    otherwise=both("Not more than six months late", "Dim mwy na chwe mis yn hwyr"),
)
def late_return_penalty_after_6_months(return_filed_on, return_due_on, self_assessment_to_pay):
    share = self_assessment_to_pay * rate("late_return.share")
    penalty = round_down(at_least(share, rate("late_return.least_further_penalty")), "0.01")
    return when(return_filed_on > add_months(return_due_on, 6), penalty, 0)


@book.rule(
    PERSON,
    GBP,
    title=both("Penalty after twelve months", "Cosb ar ôl deuddeg mis"),
    cite="Finance Act 2009 Sch. 55 paras. 6(5), 24",
    because=both(
        "The greater of {late_return.least_further_penalty} and {late_return.share} of the tax to "
        "pay, {self_assessment_to_pay}",
        "Y mwyaf o {late_return.least_further_penalty} a {late_return.share} o'r dreth i'w thalu, "
        "{self_assessment_to_pay}",
    ),
    otherwise=both("Not more than twelve months late", "Dim mwy na deuddeg mis yn hwyr"),
)
def late_return_penalty_after_12_months(return_filed_on, return_due_on, self_assessment_to_pay):
    share = self_assessment_to_pay * rate("late_return.share")
    penalty = round_down(at_least(share, rate("late_return.least_further_penalty")), "0.01")
    return when(return_filed_on > add_months(return_due_on, 12), penalty, 0)


@book.rule(
    PERSON,
    GBP,
    title=both("Penalties for the late return", "Cosbau am y ffurflen dreth hwyr"),
    cite="Finance Act 2009 Sch. 55",
    because=both(
        "{late_return_first_penalty} at once, {late_return_daily_penalties} by the day, "
        "{late_return_penalty_after_6_months} after six and {late_return_penalty_after_12_months} "
        "after twelve months",
        "{late_return_first_penalty} ar unwaith, {late_return_daily_penalties} fesul diwrnod, "
        "{late_return_penalty_after_6_months} ar ôl chwe mis a "
        "{late_return_penalty_after_12_months} ar ôl deuddeg mis",
    ),
    otherwise=both(
        "None: the return is sent by {return_due_on}",
        "Dim: anfonir y ffurflen dreth erbyn {return_due_on}",
    ),
)
def late_return_penalties(
    late_return_first_penalty,
    late_return_daily_penalties,
    late_return_penalty_after_6_months,
    late_return_penalty_after_12_months,
    return_due_on,
):
    return (
        late_return_first_penalty
        + late_return_daily_penalties
        + late_return_penalty_after_6_months
        + late_return_penalty_after_12_months
    )


@book.rule(
    PERSON,
    NUMBER,
    title=both("Penalties for late payment that have come", "Cosbau talu hwyr sydd wedi dod"),
    cite="Finance Act 2009 Sch. 56 paras. 1(4), 3",
    because=both(
        "One if not paid by {self_assessment.late_payment_day}, another five and eleven months "
        "after it; paid on {tax_paid_on}",
        "Un os nas telir erbyn {self_assessment.late_payment_day}, un arall bum mis ac un mis ar "
        "ddeg wedyn; talwyd ar {tax_paid_on}",
    ),
    otherwise=both(
        "None: paid by {self_assessment.late_payment_day}",
        "Dim: talwyd erbyn {self_assessment.late_payment_day}",
    ),
)
def late_payment_steps(tax_paid_on):
    day = rate("self_assessment.late_payment_day")
    return (
        when(tax_paid_on > day, 1, 0)
        + when(tax_paid_on > add_months(day, 5), 1, 0)
        + when(tax_paid_on > add_months(day, 11), 1, 0)
    )


@book.rule(
    PERSON,
    GBP,
    title=both("Penalties for late payment", "Cosbau am dalu'n hwyr"),
    cite="Finance Act 2009 Sch. 56 para. 3",
    because=both(
        "{late_payment.share} of the {self_assessment_to_pay} unpaid, "
        "{late_payment_steps:time|times}",
        "{late_payment.share} o'r {self_assessment_to_pay} heb ei dalu, "
        "{late_payment_steps:waith|gwaith}",
    ),
    otherwise=both("Nothing is unpaid for 30 days", "Nid oes dim heb ei dalu am 30 diwrnod"),
)
def late_payment_penalties(late_payment_steps, self_assessment_to_pay):
    each = round_down(self_assessment_to_pay * rate("late_payment.share"), "0.01")
    return each * late_payment_steps


@book.rule(
    PERSON,
    GBP,
    title=both("Interest on the late payment", "Llog ar y taliad hwyr"),
    cite="Finance Act 2009 s.101; SI 2011/2446 reg. 3",
    because=both(
        "Simple interest on {self_assessment_to_pay} for each day from {return_due_on} to "
        "{tax_paid_on}, at the rate of that day",
        "Llog syml ar {self_assessment_to_pay} am bob diwrnod o {return_due_on} hyd "
        "{tax_paid_on}, ar gyfradd y diwrnod hwnnw",
    ),
    otherwise=both(
        "None: paid by {return_due_on}, or nothing is due",
        "Dim: talwyd erbyn {return_due_on}, neu nid oes dim yn ddyledus",
    ),
)
def late_payment_interest(self_assessment_to_pay, return_due_on, tax_paid_on):
    owed = self_assessment_to_pay
    interest = owed * 0
    for start, end, percentage in _interest_rows():
        days = days_between(at_least(return_due_on, start), at_most(tax_paid_on, end))
        interest = interest + owed * at_least(days.as_unit(NUMBER), 0) * percentage / 36500
    return round_down(interest, "0.01")
