"""Another person's id: answered like one that does not exist, and written down.

The line goes to the journal of the person whose case, draft or letter it is, so
that they see the attempt.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from townhall.cases import models
from townhall.cases.errors import NotFound
from townhall.exchange import operations as exchange
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope


class Hidden(Exception):
    """Nothing of this id is visible to the actor; `within` turns it into `NotFound`."""

    def __init__(self, table: type[Any], row_id: UUID) -> None:
        super().__init__(f"{table._meta.db_table} {row_id} is not visible.")
        self.table = table
        self.row_id = row_id


@contextmanager
def within(acting: Acting, what: str) -> Iterator[Acting]:
    """Open the actor's scope; afterwards, and outside of it, write down what was denied.

    Parameters
    ----------
    what : what was tried, as the journal shall word it ("open the case").

    Raises
    ------
    NotFound
    """
    try:
        with scope(acting) as current:
            yield current
    except Hidden as hidden:
        _write_down(acting, what, hidden)
        raise NotFound("There is nothing here that you may see.") from hidden


def _write_down(acting: Acting, what: str, hidden: Hidden) -> None:
    with scope(SYSTEM):
        row = (
            hidden.table.objects.filter(id=hidden.row_id)
            .values_list("person_id", "service_no", *_case_column(hidden.table))
            .first()
        )
    if row is None:
        return
    person_id, service_no, case_id = row
    exchange.note_denied(
        acting,
        person_id=person_id,
        what=what,
        case_id=case_id or hidden.row_id,
        service_no=service_no,
        reason="not theirs",
    )


def _case_column(table: type[Any]) -> tuple[str]:
    return ("id",) if table is models.Case else ("case_id",)
