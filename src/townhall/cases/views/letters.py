"""Letters, and what anybody may know of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from townhall.catalogue.engine.definition import Text


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter that was made. kind : "receipt" or the state whose letter it is."""

    id: UUID
    case_id: UUID
    number: str
    service_title: Text
    agency_title: Text
    kind: str
    title: Text
    language: str
    issued_at: datetime
    sha256: str
    size: int


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
