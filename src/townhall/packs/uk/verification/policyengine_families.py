"""Who is whose partner and child in a case of the second source, and when they were born.

The source states ages and members and presumes the rest; its own cases show how. What it presumes
is written out here, because our law asks for it: the adults of a family, and a date of birth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from townhall.rules.engine import calendar

USUAL_AGE: Final = 40
ADULT_AGE: Final = 18
LEAST_AGE: Final = 16
# An age in whole years is read as half a year after the birthday.
HALF_A_YEAR: Final = Decimal(6)
DAYS_IN_MONTH: Final = Decimal("30.4")
# From how many years below the claimant a member is taken for a child of theirs.
GAP: Final = 20
GAP_UNDER_20: Final = 16
GAP_BELOW_PARENT: Final = 16

Member = Mapping[str, Any]


def date_of_birth(member: Member, year: int) -> date:
    """Return the date of birth of somebody who has an age in the middle of a tax year."""
    stated = member.get("date_of_birth")
    if stated is not None:
        return date.fromisoformat(str(int(stated)))
    age = Decimal(str(member.get("age", USUAL_AGE)))
    whole = int(age)
    months = member.get("months_since_last_birthday")
    if months is None:
        months = HALF_A_YEAR if age == whole else (age - whole) * 12
    day = calendar.add_months(date(year, 10, 6), -12 * whole - int(months))
    return day - timedelta(days=int(((months - int(months)) * DAYS_IN_MONTH).to_integral_value()))


@dataclass(frozen=True, slots=True)
class Family:
    """Positions of the adults (the claimant first) and of the other members."""

    adults: tuple[int, ...]
    others: tuple[int, ...]


def family(members: Sequence[int], people: Sequence[Member]) -> Family:
    """Return who of the members are the claimant and the partner."""
    flags = {number: _flag(people[number]) for number in members}
    stated = [number for number in members if flags[number] is True]
    if stated:
        adults = tuple(sorted(stated, key=lambda number: -_age(people[number]))[:2])
    else:
        open_ = [number for number in members if flags[number] is not False]
        adults = _presumed(open_ or list(members), people)
    return Family(adults, tuple(number for number in members if number not in adults))


def can_claim(member: Member) -> bool:
    """Whether somebody can be the claimant of a family."""
    flag = _flag(member)
    return flag is True or (flag is None and _age(member) >= LEAST_AGE)


def _flag(member: Member) -> Any:
    return member.get("is_uc_claimant", member.get("is_claimant_or_partner"))


def _presumed(members: Sequence[int], people: Sequence[Member]) -> tuple[int, ...]:
    head = _head(members, people)
    ages = {number: _age(people[number]) for number in members}
    candidates = sorted(
        (number for number in members if number != head and ages[number] >= ADULT_AGE),
        key=lambda number: (not people[number].get("is_parent", False), -ages[number]),
    )
    parents = [number for number in members if people[number].get("is_parent") is True]
    young = any(age < ADULT_AGE - 2 for age in ages.values())
    for number in candidates:
        if number in parents and head in parents:
            return head, number
        if head in parents and _learns(people[number]):
            continue
        gap = ages[head] - ages[number]
        limit = GAP if ages[number] >= 20 else GAP_UNDER_20
        if parents and not young:
            limit = min(limit, GAP_BELOW_PARENT)
        if people[head].get("is_benunit_head") is True and gap < 0:
            return head, number
        if gap < limit and not (len(parents) > 1 and number not in parents):
            return head, number
    return (head,)


def _learns(member: Member) -> bool:
    """Whether somebody under 20 is at school: a child of the family beside a parent."""
    at_school = member.get("current_education") in ("UPPER_SECONDARY", "POST_SECONDARY")
    return _age(member) < 20 and (at_school or bool(member.get("is_in_non_advanced_education")))


def _head(members: Sequence[int], people: Sequence[Member]) -> int:
    """The claimant: who is named head, else the eldest who is named a parent, else the eldest."""
    named = [number for number in members if people[number].get("is_benunit_head") is True]
    parents = [number for number in members if people[number].get("is_parent") is True]
    among = named or parents or list(members)
    return max(among, key=lambda number: (_age(people[number]), -number))


def _age(member: Member) -> Decimal:
    return Decimal(str(member.get("age", USUAL_AGE)))
