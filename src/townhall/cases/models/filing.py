"""Filing a case: the case, its evidence, its decision if there is one, and the end of the
draft, in one statement.

The application turns one round trip and one snapshot into four rows; row-level
security and the relations between the rows are checked as for four statements.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from townhall.cases.models.applications import Application
from townhall.cases.models.case import Case
from townhall.cases.models.decisions import Decision
from townhall.cases.models.drafts import Draft

_CASE = (
    "id", "person_id", "service_no", "definition_hash", "state", "state_seq", "return_state",
    "outcome", "open", "due", "task_due", "extended", "claimed_by", "claimed_name",
    "waits_for_second", "auto_tries", "channel", "language", "fee_amount", "fee_currency",
    "evidence_revision", "actor", "on_behalf_of", "mandate", "received_at", "received_on",
    "state_at", "state_on", "closed_at", "erase_on", "place_lat", "place_lon", "topic",
)  # fmt: skip
_APPLICATION = (
    "id", "person_id", "case_id", "service_no", "revision", "answers", "facts", "person",
    "definition_hash", "pack_hash", "today", "channel", "language", "made_by", "made_at",
)  # fmt: skip
_DECISION = (
    "id", "person_id", "case_id", "service_no", "evidence_revision", "state", "state_seq",
    "outcome", "action", "reason", "explanation", "automatic", "decided_by", "decided_name",
    "second_by", "second_name", "definition_hash", "pack_hash", "decided_at",
)  # fmt: skip


def file(
    case: Case,
    application: Application,
    decision: Decision | None,
    *,
    draft: Draft | None,
    prefix: str,
) -> None:
    """Insert everything a submission makes, and give the case its number.

    Each row travels as one JSON value: seventy parameters would cost more to write
    into the statement, and to read out of it, than the inserts themselves.

    Parameters
    ----------
    draft : the locked draft that becomes this case; it is tied to it and emptied.
    prefix : letters that the number begins with; its year is that of receipt.
    """
    parts = [_FILED, _EVIDENCE]
    parameters: list[Any] = [
        prefix,
        case.received_on.year,
        _row(case, _CASE),
        _row(application, _APPLICATION),
    ]
    if decision is not None:
        parts.append(_DECIDED)
        parameters.append(_row(decision, _DECISION))
    if draft is not None:
        parts.append(_HANDED)
        parameters += [case.id, case.received_at, draft.person_id, draft.id]
        draft.case_id = case.id
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT number FROM filed", parameters)  # noqa: S608
        case.number = cursor.fetchone()[0]
    for row in (case, application, decision):
        if row is not None:
            row._state.adding = False


def _insert(name: str, table: str, columns: tuple[str, ...], number: str = "") -> str:
    listed = ", ".join(columns)
    first = f"{number}, " if number else ""
    into = f"number, {listed}" if number else listed
    return (
        f"{name} AS (INSERT INTO {table} ({into}) SELECT {first}{listed}"  # noqa: S608 - constants
        f" FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
        f"{' RETURNING number' if number else ''})"
    )


_FILED = _insert("filed", "cases_case", _CASE, "cases_next_number(%s, %s)")
_EVIDENCE = _insert("evidence", "cases_application", _APPLICATION)
_DECIDED = _insert("decided", "cases_decision", _DECISION)
_HANDED = (
    "handed AS (UPDATE cases_draft SET case_id = %s, answers = '{}', facts = '{}', saved_at = %s"
    " WHERE person_id = %s AND id = %s)"
)


def _row(row: Case | Application | Decision, columns: tuple[str, ...]) -> str:
    return json.dumps({name: getattr(row, name) for name in columns}, default=str)
