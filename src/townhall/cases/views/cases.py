"""A case as its owner, or a program for them, sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from townhall.cases.views.letters import LetterView
from townhall.cases.views.parts import (
    Answer,
    DecisionView,
    DueView,
    Fee,
    RequestView,
    TimelineEntry,
)
from townhall.catalogue.engine.definition import Definition, Text


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
    can : of "answer", "withdraw", "reopen", "amend", "appeal".
    amend_until : the last day to change what was filed, None where that is not possible.
    reopen_until : the last day to have it opened again, None without one.
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
    reopen_until: date | None = None
    amend_until: date | None = None
    appeal_to: str = ""
    link_token: str | None = None
