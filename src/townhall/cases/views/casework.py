"""Cases as officers see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from townhall.cases.views.letters import LetterView
from townhall.cases.views.parts import (
    Answer,
    DecisionView,
    DueView,
    Fee,
    ReasonView,
    RequestView,
    ResultView,
    TimelineEntry,
)
from townhall.catalogue.engine.definition import Definition, Text


@dataclass(frozen=True, slots=True)
class WorklistFilters:
    """Filters of the worklist; all given ones hold together.

    services : catalogue numbers; empty means every one the officer may see.
    claim : "", "mine" or "unclaimed". number : a case number, whole or its beginning.
    """

    services: tuple[int, ...] = ()
    state: str = ""
    claim: str = ""
    overdue: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """One open case on the worklist. It names no resident: opening the case does, and is noted."""

    id: UUID
    number: str
    service_key: str
    title: Text
    state: str
    state_title: Text
    seen_state: int
    received_at: datetime
    due: date | None
    overdue: bool
    paused: bool
    claimed_by: str
    claimed_by_name: str
    mine: bool
    waits_for_second: bool


@dataclass(frozen=True, slots=True)
class Worklist:
    """One page of the worklist. `after` opens the next one; None if there is none."""

    rows: tuple[WorklistRow, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class ActionView:
    """Something this officer can do now.

    leads_to : the state, with its title. needs_second : four eyes hold for it.
    blocked : why not, in words, if it is shown but cannot be done ("" = it can).
    """

    action: str
    leads_to: str
    leads_to_title: Text
    needs_reason: bool
    needs_second: bool
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A first signature that waits for the second."""

    action: str
    reason: str
    by: str
    by_name: str
    signed_at: datetime
    evidence_revision: int
    mine: bool


@dataclass(frozen=True, slots=True)
class NoteView:
    id: UUID
    text: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules propose for the evidence on file, with the reasons.

    action : the action that would carry it out, "" if the rules leave it to the officer.
    """

    action: str
    eligibility: str
    reasons: tuple[ReasonView, ...]
    results: tuple[ResultView, ...]
    fee: Fee | None
    depends_on: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class OfficerCaseView:
    """A case as an officer sees it; opening it wrote a line in the resident's journal."""

    id: UUID
    number: str
    person_id: UUID
    service_key: str
    definition: Definition
    state: str
    state_title: Text
    seen_state: int
    outcome: str | None
    open: bool
    language: str
    channel: str
    received_at: datetime
    closed_at: datetime | None
    submitted_by: str
    on_behalf_of: UUID | None
    due: DueView
    task_due: DueView
    fee: Fee | None
    answers: tuple[Answer, ...]
    evidence_revision: int
    requests: tuple[RequestView, ...]
    proposal: Proposal
    signature: SignatureView | None
    decisions: tuple[DecisionView, ...]
    actions: tuple[ActionView, ...]
    claimed_by: str
    claimed_by_name: str
    mine: bool
    history: tuple[TimelineEntry, ...]
    notes: tuple[NoteView, ...]
    letters: tuple[LetterView, ...]


@dataclass(frozen=True, slots=True)
class Bulk:
    """What came of an act on many cases: done, and not done with the reason."""

    done: tuple[UUID, ...]
    failed: Mapping[UUID, str]
