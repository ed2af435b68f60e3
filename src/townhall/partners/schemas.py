"""What goes over the wire. Texts are in the language that the caller asks for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema


class ServiceOut(Schema):
    """A service in the catalogue."""

    key: str
    title: str
    summary: str
    agency: str
    life_events: list[str]
    guidance: bool
    sign_in: str = Field(description="none, low, substantial or high")


class ServiceListOut(Schema):
    items: list[ServiceOut]


class ServiceDetailOut(ServiceOut):
    """A service with the version that is in force now."""

    version: str = Field(description="For people; the identity is `definition`")
    definition: str = Field(description="Content hash of the definition (SHA-256)")
    answers_schema: dict[str, Any] = Field(description="JSON Schema 2020-12 of `answers`")


class ApplicationIn(Schema):
    """An application. Facts that registers know are not sent: Townhall reads them."""

    model_config = {"extra": "forbid"}

    answers: dict[str, Any]
    person: UUID | None = Field(None, description="Who applies; needs scope apply-for-person")


class DueOut(Schema):
    on: date | None
    overdue: bool
    paused_since: date | None


class FeeOut(Schema):
    amount: str
    currency: str
    pay: str


class CaseOut(Schema):
    """A case and where it stands."""

    id: UUID
    number: str
    service: str
    definition: str
    state: str
    state_title: str
    open: bool
    outcome: str | None
    received_at: datetime
    closed_at: datetime | None
    due: DueOut
    fee: FeeOut | None


class CaseListOut(Schema):
    items: list[CaseOut]
    after: str | None = Field(description="Send it as `after` for the next page; null at the end")


class ReasonOut(Schema):
    text: str
    law: str
    holds: bool | None


class ResultOut(Schema):
    name: str
    title: str
    value: str
    because: str
    law: str


class DecisionOut(Schema):
    """A decision with its reasons, and what it rests on."""

    id: UUID
    outcome: str
    action: str
    reason: str
    reasons: list[ReasonOut]
    results: list[ResultOut]
    decided_at: datetime
    automatic: bool
    definition: str
    rules: str = Field(description="Hash of the rules and rates that were applied")
