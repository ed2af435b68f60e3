"""The worklist as one statement.

For each service the first cases by due date, by the index
``(service_no, work_due, id) WHERE open``; of these the first ones overall. So
the work is bounded by services times page size, not by the number of cases.
Comparisons are ones that PostgreSQL knows to be leak-proof, else row-level
security would keep them from the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

NEVER = date(9999, 12, 31)

_COLUMNS = (
    "c.id, c.number, c.service_no, c.definition_hash, c.state, c.state_seq, c.received_at,"
    " c.work_due, c.paused_since IS NOT NULL, c.claimed_by, c.claimed_name, c.waits_for_second"
)


@dataclass(frozen=True, slots=True)
class Line:
    """What the worklist needs of one case."""

    id: UUID
    number: str
    service_no: int
    definition_hash: str
    state: str
    state_seq: int
    received_at: datetime
    work_due: date
    paused: bool
    claimed_by: str
    claimed_name: str
    waits_for_second: bool


def page(
    services: Sequence[int],
    *,
    after: tuple[date, UUID] | None,
    limit: int,
    state: str = "",
    claimed_by: str | None = None,
    due_before: date | None = None,
    number: str = "",
) -> list[Line]:
    """Return the first `limit` open cases after a place, by due date.

    Parameters
    ----------
    claimed_by : an actor; "" for cases that nobody has; None for all.
    number : beginning of a case number.
    """
    # What one officer has taken up is few: an index of its own, whatever the services.
    direct = bool(claimed_by)
    where = ["c.open", "c.service_no = ANY (%s::int[])" if direct else "c.service_no = s.no"]
    parameters: list[object] = [list(services)]
    if after is not None:
        where.append("(c.work_due, c.id) > (%s, %s)")
        parameters += after
    if state:
        where.append("c.state = %s")
        parameters.append(state)
    if claimed_by is not None:
        where.append("c.claimed_by = %s")
        parameters.append(claimed_by)
    if due_before is not None:
        where.append("c.work_due < %s")
        parameters.append(due_before)
    if number:
        where.append("c.number ~>=~ %s AND c.number ~<~ %s")
        parameters += [number, _following(number)]
    matching = (
        f"SELECT c.work_due, c.id FROM cases_case c WHERE {' AND '.join(where)}"  # noqa: S608
        " ORDER BY c.work_due, c.id LIMIT %s"
    )
    if direct:
        places = matching
    else:
        places = (
            "SELECT w.work_due, w.id FROM unnest(%s::int[]) AS s(no)"  # noqa: S608 - constants
            f" CROSS JOIN LATERAL ({matching}) AS w ORDER BY w.work_due, w.id LIMIT %s"
        )
        parameters.append(limit)
    # First the places only, which the index holds; then the rows of one page.
    sql = (
        f"SELECT {_COLUMNS} FROM ({places}) AS place JOIN cases_case c ON c.id = place.id"  # noqa: S608
        " ORDER BY place.work_due, place.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, limit])
        return [Line(*row) for row in cursor.fetchall()]


def _following(text: str) -> str:
    """Return the first text after all those that begin with `text`, by code point."""
    return text[:-1] + chr(ord(text[-1]) + 1)
