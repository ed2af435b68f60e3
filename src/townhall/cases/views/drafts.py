"""Drafts: an application on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from townhall.catalogue.engine.assessment import Assessment, assess
from townhall.catalogue.engine.definition import Definition, Text
from townhall.catalogue.engine.interview import PageState
from townhall.catalogue.engine.situation import Situation


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
    amends : the case whose evidence it replaces, None for a new application.
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
    amends: UUID | None = None
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
