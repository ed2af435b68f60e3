"""What the operations of this room return: frozen values, ready for a page or a program.

Texts that come from a definition are mappings ``{language: text}``; the page
picks the language. Dates are dates, instants are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from townhall.catalogue.engine.assessment import Assessment, assess
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.interview import PageState
from townhall.catalogue.engine.situation import Situation

Text = Mapping[str, str]


# ---- drafts -----------------------------------------------------------------


@dataclass(frozen=True)
class DraftView:
    """A draft as its owner sees it.

    Attributes
    ----------
    version : grows with every save; `submit` names the one that was checked.
    pages : the pages that have something to ask, with what is complete.
    next_page : key of the first page that is not complete, None if all are.
    complete : every page has been answered, so it can be submitted.
    link_token : only in the answer of `start_draft` without sign-in: the secret
        that opens this draft and its case. It cannot be shown again.
    case_id : set once the draft has been submitted.
    add_row : the group whose "add another" was pressed, in the answer of `save_page`.
    """

    id: UUID
    service_key: str
    definition: Definition
    language: str
    channel: str
    version: int
    answers: Mapping[str, Any]
    situation: Situation
    pages: tuple[PageState, ...]
    next_page: str | None
    complete: bool
    sources: tuple[SourceView, ...]
    started_at: datetime
    saved_at: datetime
    expires_on: date
    on_behalf_of: UUID | None = None
    case_id: UUID | None = None
    link_token: str | None = None
    add_row: str = ""

    @cached_property
    def assessment(self) -> Assessment:
        """What follows from the draft as it stands, with every step; judged when first asked."""
        return assess(self.definition, self.situation)


@dataclass(frozen=True, slots=True)
class SourceView:
    """Where a prefilled datum came from, or why it did not come.

    outcome : "found", "none", "unavailable", "refused".
    fallback : what happens instead if it was not found: "upload", "ask", "review", "wait".
    """

    datum: str
    register: str
    source: str
    outcome: str
    as_of: datetime | None
    read_at: datetime
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line of "my drafts"."""

    id: UUID
    service_key: str
    title: Text
    started_at: datetime
    saved_at: datetime
    expires_on: date
    warned: bool


# ---- cases ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One step of the explanation how a due date came about.

    kind : "start", "term", "holidays" (that were left out of a term in working days),
        "paused", "extended", "moved" (off a day without work), "uncovered" (no
        holidays are known from that day on), "due".
    on : the date reached by this step.
    days : days it adds, in the unit of the term; None if it adds none.
    note : a remark in the reader's language, such as the length of the term or the
        dates of the holidays; may be empty.
    """

    kind: str
    on: date
    days: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class DueView:
    """When something is due, and why then.

    on : None if nothing is promised, or while the clock stands still.
    paused_since : the day from which the clock stands still.
    """

    on: date | None
    overdue: bool
    paused_since: date | None
    days_left: int | None
    working: bool
    steps: tuple[ClockStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One datum of an application, ready to show.

    shown : as `catalogue.engine.datatypes.display` words it, in the case's language.
    source : "resident", "register" or "computed"; `register`, `source_name` and
        `as_of` say more about a register's fact.
    outcome : "found", or why the register gave nothing ("none", "unavailable",
        "refused"); then `shown` is empty.
    marked : an open request asks to correct this field; `why` is what it says.
    changed : the value differs from the revision before.
    """

    datum: str
    title: Text
    value: Any
    shown: str | list[str]
    source: str
    register: str = ""
    source_name: str = ""
    as_of: datetime | None = None
    outcome: str = "found"
    files: tuple[FileView, ...] = ()
    marked: bool = False
    why: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class FileView:
    """An uploaded file. scan : "clean", "infected" or "not scanned"."""

    id: UUID
    name: str
    media_type: str
    size: int
    scan: str = ""


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason: its words, the law behind it, whether it holds, and the trace in words."""

    text: Text
    law: str
    holds: bool | None
    trace: Any = None


@dataclass(frozen=True, slots=True)
class ResultView:
    """One result of a decision (an amount, a period), with its trace in words."""

    name: str
    title: Text
    value: Any
    shown: str
    because: Text
    law: str = ""
    trace: Any = None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as it was made, with the evidence revision and the rules it rests on."""

    id: UUID
    outcome: str
    state: str
    state_title: Text
    action: str
    reason: str
    reasons: tuple[ReasonView, ...]
    results: tuple[ResultView, ...]
    fee: Fee | None
    decided_at: datetime
    decided_by: str
    second_by: str
    automatic: bool
    evidence_revision: int
    definition_hash: str
    pack_hash: str


@dataclass(frozen=True, slots=True)
class Fee:
    amount: Decimal
    currency: str
    pay: str


@dataclass(frozen=True, slots=True)
class RequestedField:
    datum: str
    title: Text
    why: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """What the officer asks of the resident (field-level send-back)."""

    id: UUID
    message: str
    fields: tuple[RequestedField, ...]
    asked_at: datetime
    answered_at: datetime | None
    answer_by: date | None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened. `who` is worded for the reader: officers are named
    to officers, and by their agency to residents."""

    at: datetime
    kind: str
    who: str
    state: str = ""
    state_title: Text = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter that was made. kind : "receipt" or the state whose letter it is."""

    id: UUID
    case_id: UUID
    number: str
    service_title: Text
    kind: str
    title: Text
    language: str
    issued_at: datetime
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of "my cases"."""

    id: UUID
    number: str
    service_key: str
    title: Text
    state: str
    state_title: Text
    outcome: str | None
    open: bool
    received_at: datetime
    due: DueView
    waits_for_me: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its owner (or a program for them) sees it.

    Attributes
    ----------
    seen_state : hand it back with an action (`withdraw`, `answer_request`).
    due : the legal deadline; promise : the shorter one that the agency promises.
    decision : None while undecided, and until its letter exists.
    decision_pending : decided, the letter is being made; `state` is "being_sent".
    can : of "answer", "withdraw", "reopen", "appeal".
    """

    id: UUID
    number: str
    service_key: str
    definition: Definition
    agency: str
    state: str
    state_title: Text
    seen_state: int
    outcome: str | None
    open: bool
    language: str
    channel: str
    received_at: datetime
    closed_at: datetime | None
    due: DueView
    promise: DueView | None
    fee: Fee | None
    answers: tuple[Answer, ...]
    request: RequestView | None
    decision: DecisionView | None
    decision_pending: bool
    timeline: tuple[TimelineEntry, ...]
    letters: tuple[LetterView, ...]
    can: frozenset[str]
    appeal_until: date | None = None
    appeal_to: str = ""
    link_token: str | None = None


# ---- casework ---------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class LetterCheck:
    """What the public check page may say about a letter. Nothing in it is personal.

    matches : with an uploaded file: True if it is byte for byte the letter issued.
    """

    kind: str
    title: Text
    service_title: Text
    agency: str
    agency_title: Text
    number: str
    issued_at: datetime
    sha256: str
    matches: bool | None = None


@dataclass(frozen=True, slots=True)
class NearbyCase:
    """An open report near a place: what and where, never who."""

    number: str
    topic: Text
    state_title: Text
    received_at: datetime
    lat: float
    lon: float
    distance_m: int


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How far drafts of a service came: `reached` drafts completed page `page`."""

    page: str
    title: Text
    reached: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """How drafts of a service fare: started, page by page, submitted."""

    started: int
    pages: tuple[FunnelStep, ...]
    submitted: int
