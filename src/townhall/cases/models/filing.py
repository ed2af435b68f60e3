"""Filing a case: the case, its evidence, its decision if there is one, and the end of the
draft, in one statement.

The application turns one round trip and one snapshot into four rows; row-level
security and the relations between the rows are checked as for four statements.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from townhall.cases.models.applications import Application
from townhall.cases.models.case import Case
from townhall.cases.models.decisions import Decision
from townhall.cases.models.drafts import Draft
from townhall.foundation.database import rows

_CASE = tuple(name for name in rows.columns(Case) if name != "number")
_FILED = (
    f"filed AS (INSERT INTO cases_case (number, {', '.join(_CASE)})"  # noqa: S608 - constants
    f" SELECT cases_next_number(%s, %s), {', '.join(_CASE)}"
    " FROM jsonb_populate_record(NULL::cases_case, %s::jsonb) RETURNING number)"
)
_EVIDENCE = f"evidence AS ({rows.insertion(Application, rows.columns(Application))})"
_DECIDED = f"decided AS ({rows.insertion(Decision, rows.columns(Decision))})"
_HANDED = (
    "handed AS (UPDATE cases_draft SET case_id = %s, answers = '{}', facts = '{}', saved_at = %s"
    " WHERE person_id = %s AND id = %s)"
)


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
        rows.as_json(case),
        rows.as_json(application),
    ]
    if decision is not None:
        parts.append(_DECIDED)
        parameters.append(rows.as_json(decision))
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
