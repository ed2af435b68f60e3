"""What several views are made of: due dates, answers, reasons, what happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from townhall.catalogue.engine.definition import Text


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
