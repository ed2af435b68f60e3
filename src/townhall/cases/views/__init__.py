"""What the operations of this room return: frozen values, ready for a page or a program.

Texts that come from a definition are mappings ``{language: text}``; the page
picks the language. Dates are dates, instants are aware and in UTC.
"""

from townhall.cases.views.cases import CaseLine, CaseView
from townhall.cases.views.casework import (
    ActionView,
    Bulk,
    NoteView,
    OfficerCaseView,
    Proposal,
    SignatureView,
    Worklist,
    WorklistFilters,
    WorklistRow,
)
from townhall.cases.views.drafts import (
    DraftLine,
    DraftView,
    Funnel,
    FunnelStep,
    NearbyCase,
    SourceView,
)
from townhall.cases.views.letters import LetterCheck, LetterView
from townhall.cases.views.parts import (
    Answer,
    ClockStep,
    DecisionView,
    DueView,
    Fee,
    FileView,
    ReasonView,
    RequestedField,
    RequestView,
    ResultView,
    TimelineEntry,
)

__all__ = [
    "ActionView",
    "Answer",
    "Bulk",
    "CaseLine",
    "CaseView",
    "ClockStep",
    "DecisionView",
    "DraftLine",
    "DraftView",
    "DueView",
    "Fee",
    "FileView",
    "Funnel",
    "FunnelStep",
    "LetterCheck",
    "LetterView",
    "NearbyCase",
    "NoteView",
    "OfficerCaseView",
    "Proposal",
    "ReasonView",
    "RequestView",
    "RequestedField",
    "ResultView",
    "SignatureView",
    "SourceView",
    "TimelineEntry",
    "Worklist",
    "WorklistFilters",
    "WorklistRow",
]
