"""Filing a case: the case, its evidence, its decision if there is one, and the end of the
draft, in one statement.

The application turns one round trip and one snapshot into four rows; row-level
security and the relations between the rows are checked as for four statements.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

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
_JSON = frozenset({"answers", "facts", "person", "explanation"})


def file(
    case: Case,
    application: Application,
    decision: Decision | None,
    *,
    draft: Draft | None,
    prefix: str,
) -> None:
    """Insert everything a submission makes, and give the case its number.

    Parameters
    ----------
    draft : the locked draft that becomes this case; it is tied to it and emptied.
    prefix : letters that the number begins with; its year is that of receipt.
    """
    parameters: list[Any] = []
    parts = [
        f"filed AS (INSERT INTO cases_case (number, {', '.join(_CASE)})"  # noqa: S608 - constants
        f" VALUES (cases_next_number(%s, %s), {_places(_CASE)}) RETURNING number)"
    ]
    parameters += [prefix, case.received_on.year, *_values(case, _CASE)]
    parts.append(_insert("evidence", "cases_application", _APPLICATION))
    parameters += _values(application, _APPLICATION)
    if decision is not None:
        parts.append(_insert("decided", "cases_decision", _DECISION))
        parameters += _values(decision, _DECISION)
    if draft is not None:
        parts.append(
            "handed AS (UPDATE cases_draft SET case_id = %s, answers = '{}', facts = '{}',"
            " saved_at = %s WHERE person_id = %s AND id = %s)"
        )
        parameters += [case.id, case.received_at, draft.person_id, draft.id]
        draft.case_id = case.id
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT number FROM filed", parameters)  # noqa: S608
        case.number = cursor.fetchone()[0]
    for row in (case, application, decision):
        if row is not None:
            row._state.adding = False


def _insert(name: str, table: str, columns: tuple[str, ...]) -> str:
    return (
        f"{name} AS (INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608 - constants
        f" VALUES ({_places(columns)}))"
    )


def _places(columns: tuple[str, ...]) -> str:
    return ", ".join(["%s"] * len(columns))


def _values(row: Case | Application | Decision, columns: tuple[str, ...]) -> list[Any]:
    return [
        Jsonb(value) if name in _JSON and value is not None else value
        for name, value in ((name, getattr(row, name)) for name in columns)
    ]
