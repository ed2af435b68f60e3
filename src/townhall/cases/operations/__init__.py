"""The use cases of this room, by who asks.

Every function takes the actor first, opens one transaction in the actor's scope,
and records what happened in it. Errors are in `townhall.cases.errors`, results in
`townhall.cases.views`.
"""

from townhall.cases.errors import (
    AlreadyDecided,
    AlreadySubmitted,
    CaseError,
    IdempotencyConflict,
    Incomplete,
    NeedsReason,
    NeedsSignIn,
    NotEligible,
    NotFound,
    NotOffered,
    NotPermitted,
    PageErrors,
    StaleState,
)
from townhall.cases.operations.amending import start_amendment
from townhall.cases.operations.casework import (
    add_note,
    ask,
    case_for_officer,
    decide,
    extend,
    recheck,
    second,
)
from townhall.cases.operations.claiming import claim, release
from townhall.cases.operations.drafts import (
    discard_draft,
    draft_file,
    open_draft,
    remove_file,
    save_page,
    start_draft,
)
from townhall.cases.operations.letters import letter_file, my_letters, verify_letter
from townhall.cases.operations.lists import my_cases, my_drafts, worklist
from townhall.cases.operations.nearby import nearby
from townhall.cases.operations.officers import evidence_file, letter_for_officer
from townhall.cases.operations.once_only import read_registers, readable_registers
from townhall.cases.operations.programs import case_of_program, submitted_by_program
from townhall.cases.operations.proving import (
    ask_for_letter_promise,
    letter_progress,
    letter_promise,
    letter_receipt,
    receipt_by_code,
)
from townhall.cases.operations.residents import (
    answer_request,
    case_file,
    my_case,
    reopen,
    withdraw,
)
from townhall.cases.operations.statistics import funnel
from townhall.cases.operations.submitting import submit, submit_application

__all__ = [
    "AlreadyDecided",
    "AlreadySubmitted",
    "CaseError",
    "IdempotencyConflict",
    "Incomplete",
    "NeedsReason",
    "NeedsSignIn",
    "NotEligible",
    "NotFound",
    "NotOffered",
    "NotPermitted",
    "PageErrors",
    "StaleState",
    "add_note",
    "answer_request",
    "ask",
    "ask_for_letter_promise",
    "case_file",
    "case_for_officer",
    "case_of_program",
    "claim",
    "decide",
    "discard_draft",
    "draft_file",
    "evidence_file",
    "extend",
    "funnel",
    "letter_file",
    "letter_for_officer",
    "letter_progress",
    "letter_promise",
    "letter_receipt",
    "my_case",
    "my_cases",
    "my_drafts",
    "my_letters",
    "nearby",
    "open_draft",
    "read_registers",
    "readable_registers",
    "receipt_by_code",
    "recheck",
    "release",
    "remove_file",
    "reopen",
    "save_page",
    "second",
    "start_amendment",
    "start_draft",
    "submit",
    "submit_application",
    "submitted_by_program",
    "verify_letter",
    "withdraw",
    "worklist",
]
