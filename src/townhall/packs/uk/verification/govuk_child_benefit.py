"""Child Benefit of a tax year and its charge against GOV.UK's calculator.

The calculator adds up a year of payments, one for each Monday, in which children come and go. Our
rules say what one week is worth and what the charge takes back; a year here is the sum of its weeks
by those rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from townhall.packs.uk.verification import Outcome, Sources, law, rows
from townhall.packs.uk.verification.rows import Row
from townhall.rules.engine.law import Situation

TABLE = "child_benefit_and_high_income_charge.csv"
CHARGE_BEGAN = date(2013, 1, 7)  # weeks before it were never charged: ITEPA 2003 s.681B
# ITA 2007 s.58 reads no rate of the years that the rows name, and our rates begin later than they.
ANY_DAY = date(2026, 11, 22)


def verify(sources: Sources) -> Outcome:
    """Compare all rows of the table."""
    return rows.compare("govuk_child_benefit", rows.read(sources, TABLE), FIGURES)


def _tax_year(row: Row) -> tuple[date, date]:
    """First and last day of the tax year that a row names."""
    first = int(row["tax_year"][:4])
    return date(first, 4, 6), date(first + 1, 4, 5)


def _claims(row: Row) -> Iterator[tuple[date, date | None]]:
    """The part-year claims of a row: first day, and last day if there is one."""
    for claim in filter(None, row["part_year_claims"].split("; ")):
        start, _, end = claim.partition("/")
        yield date.fromisoformat(start), date.fromisoformat(end) if end else None


def _mondays(start: date, end: date) -> Iterator[date]:
    day = start + timedelta(days=-start.weekday() % 7)
    while day <= end:
        yield day
        day += timedelta(weeks=1)


def _for_year(row: Row) -> Decimal:
    """Sum of the weekly payments: on each Monday, those of the children claimed on it.

    A claim is not clipped to the tax year: some rows name days of the year before, and still mean
    the rates of the year that they name.
    """
    first, last = _tax_year(row)
    # 2012-13 counts from the first week of the charge.
    first = max(first, CHARGE_BEGAN)
    whole_year = int(row["children"]) - int(row["children_part_year"])
    periods = [(first, last)] * whole_year
    for start, end in _claims(row):
        periods.append((max(start, CHARGE_BEGAN), end or last))
    children = Counter(monday for period in periods for monday in _mondays(*period))
    weeks = Counter(children.values())
    return sum((_weekly(number, last) * many for number, many in weeks.items()), start=Decimal(0))


def _weekly(children: int, day: date) -> Decimal:
    family = {"adults": [0], "facts": {"child_benefit_children": children}}
    situation = Situation(persons=[{}], families=[family])
    weekly: Decimal = law.decide("child_benefit_weekly", day, situation)
    return weekly


def _percentage(row: Row) -> Any:
    _, last = _tax_year(row)
    return law.person("charge_percentage", last, {"adjusted_net_income": row.number("income")})


def _charge(row: Row) -> Any:
    """Charge on somebody alone with the children and the income of the row."""
    _, last = _tax_year(row)
    family = {"adults": [0], "facts": {"child_benefit_paid": _for_year(row)}}
    parent = {"adjusted_net_income": row.number("income")}
    situation = Situation(persons=[parent], families=[family])
    return law.decide("high_income_child_benefit_charge", last, situation)


def _adjusted_net_income(row: Row) -> Any:
    return law.adjusted_net_income(
        ANY_DAY,
        income=row.number("income"),
        gross_pension=row.number("other_deductions_gross"),
        net_pension=Decimal(0),
        gift_aid=row.number("net_pension_and_gift_aid_paid"),
    )


FIGURES: dict[str, rows.Figure] = {
    "child_benefit_for_tax_year": _for_year,
    "high_income_charge_percent": _percentage,
    "high_income_charge": _charge,
    "adjusted_net_income": _adjusted_net_income,
}
