"""The tables of this room, one file a concept; only these files write them."""

from townhall.cases.models.applications import Application
from townhall.cases.models.case import Case
from townhall.cases.models.clock import ClockEntry
from townhall.cases.models.decisions import Decision
from townhall.cases.models.drafts import Draft
from townhall.cases.models.letters import Letter
from townhall.cases.models.notes import Note
from townhall.cases.models.requests import Request
from townhall.cases.models.signatures import Signature
from townhall.cases.models.submissions import Submission

__all__ = [
    "Application",
    "Case",
    "ClockEntry",
    "Decision",
    "Draft",
    "Letter",
    "Note",
    "Request",
    "Signature",
    "Submission",
]
