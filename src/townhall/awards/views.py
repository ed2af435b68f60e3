"""What operations of this room return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from townhall.catalogue.engine.definition import Definition, Text
from townhall.rules.engine import Step


@dataclass(frozen=True, slots=True)
class Change:
    """One assessment of an award, as the person and officers read it.

    Attributes
    ----------
    cause
        `granted`, `fact`, `rates` or `ruling`.
    changed
        Titles of what changed.
    status
        `applied`, `waiting`, `rejected`, or `replaced` by a later assessment.
    after
        None where a machine cannot settle it.
    arrears, overpaid
        In all, over periods that were paid.
    why_before, why_after
        The explanations; None where there is none.
    """

    id: UUID
    award_id: UUID
    person_id: UUID
    number: str
    service: str
    service_title: Text
    cause: str
    changed: tuple[Text, ...]
    from_on: date
    before: Decimal
    after: Decimal | None
    arrears: Decimal
    overpaid: Decimal
    periods: int
    currency: str
    every: str
    status: str
    reason: str
    made_at: datetime
    why_before: Step | None
    why_after: Step | None
    definition: Definition


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the account."""

    day: date
    kind: str
    amount: Decimal
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AwardView:
    """An award, as its person reads it."""

    id: UUID
    case_id: UUID
    number: str
    service: str
    title: Text
    every: str
    currency: str
    start_on: date
    next_on: date | None
    next_amount: Decimal
    held: bool
    paid: Decimal
    changes: tuple[Change, ...]
    account: tuple[Line, ...]
    watched: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A claim that is ready, because a register knows that it would be granted."""

    draft_id: UUID
    service: str
    title: Text
    amount: Decimal
    currency: str
    every: str
    because: Mapping[str, str]


class AwardError(Exception):
    """Base of what can go wrong with awards; the message says what to do."""


class NotFound(AwardError):
    """There is nothing of this kind that the actor may see."""


class AlreadyRuled(AwardError):
    """Somebody decided about the assessment before."""


class Unsettled(AwardError):
    """A change cannot take effect, because the rules alone do not settle it."""


class NeedsReason(AwardError):
    """A ruling needs a reason that the person can read."""
