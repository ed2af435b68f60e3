"""A year of Child Benefit in which children come and go: one payment for each Monday.

Source: Social Security Contributions and Benefits Act 1992 s.147(1) (weeks begin on Monday); Income
Tax (Earnings and Pensions) Act 2003 s.681B (the charge, for weeks from 7 January 2013). What one
week is worth is the rule `child_benefit_weekly`; it is an argument here, so there is one source of
it.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

CHARGE_BEGAN = date(2013, 1, 7)
MOST_CHILDREN = 30


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """The time for which a child is claimed, both days included; no end: to the end of the year."""

    start: date
    end: date | None = None

    @property
    def ends_after_it_starts(self) -> bool:
        return self.end is None or self.end > self.start

    def starts_within(self, tax_year: int) -> bool:
        """Whether it begins in the tax year that begins in April of ``tax_year``."""
        first, last = days_of(tax_year)
        return first <= self.start <= last


def days_of(tax_year: int) -> tuple[date, date]:
    """First and last day of the tax year that begins in April of ``tax_year``."""
    return date(tax_year, 4, 6), date(tax_year + 1, 4, 5)


def children_fit(children: int) -> bool:
    """Whether somebody can have entered so many children: one to thirty."""
    return 1 <= children <= MOST_CHILDREN


def part_year_children_fit(part_year: int, children: int) -> bool:
    """Whether so many of the children can be those claimed for a part of the year."""
    return 1 <= part_year <= children


def mondays(start: date, end: date) -> Iterator[date]:
    """Mondays from ``start`` to ``end``, both included."""
    day = start + timedelta(days=-start.weekday() % 7)
    while day <= end:
        yield day
        day += timedelta(weeks=1)


def children_by_monday(
    tax_year: int, whole_year: int, claims: tuple[Claim, ...] = ()
) -> Counter[date]:
    """How many children are claimed on each Monday on which there is one.

    Parameters
    ----------
    tax_year
        Year in whose April it begins. 2012-13 counts from 7 January 2013 only, when the charge
        began.
    whole_year
        Children claimed all year.
    claims
        One for each other child. They are not cut to the tax year: whoever names days outside it
        means them (see `Claim.starts_within`).
    """
    first, last = days_of(tax_year)
    periods = [(max(first, CHARGE_BEGAN), last)] * whole_year
    periods += [(max(claim.start, CHARGE_BEGAN), claim.end or last) for claim in claims]
    return Counter(monday for period in periods for monday in mondays(*period))


def total(by_monday: Counter[date], weekly: Callable[[int], Decimal]) -> Decimal:
    """Sum of a year of payments, where ``weekly`` says what so many children are worth a week."""
    weeks = Counter(by_monday.values())
    return sum((weekly(children) * many for children, many in weeks.items()), start=Decimal(0))
