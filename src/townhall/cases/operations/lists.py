"""What waits: the officers' worklist, and a resident's own drafts and cases."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from townhall.cases import models
from townhall.cases.errors import NotFound, NotPermitted
from townhall.cases.models import case as cases
from townhall.cases.models import drafts
from townhall.cases.models import worklist as lines
from townhall.cases.operations import moment, pinned, showing
from townhall.cases.views import CaseLine, DraftLine, Worklist, WorklistFilters, WorklistRow
from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import Acting
from townhall.foundation.database.scope import scope

MOST = 200
_NUMBER = re.compile(r"[A-Z0-9-]{0,40}")
ALL = WorklistFilters()


def worklist(
    acting: Acting,
    *,
    filters: WorklistFilters = ALL,
    after: str | None = None,
    limit: int = 25,
) -> Worklist:
    """Return open cases of the services that the officer may see, overdue first.

    One statement whatever the number of services and cases. Nothing is counted:
    `after` of the answer is None on the last page.

    Parameters
    ----------
    after : `Worklist.after` of the page before.
    limit : rows a page, 1 to 200.

    Raises
    ------
    NotPermitted
        If the actor is no officer of any service.
    NotFound
        If `after` is not the end of a page.
    """
    if not acting.services:
        raise NotPermitted("Only officers have a worklist.")
    services = acting.services
    if filters.services:
        services = tuple(set(services) & set(filters.services))
    number = filters.number.strip().upper()
    if not services or not _NUMBER.fullmatch(number):
        return Worklist((), None)
    limit = max(1, min(limit, MOST))
    today = moment.day_of(moment.now())
    with scope(acting):
        found = lines.page(
            services,
            after=_read(after),
            limit=limit + 1,
            state=filters.state,
            claimed_by={"mine": acting.actor, "unclaimed": ""}.get(filters.claim),
            due_before=today if filters.overdue else None,
            number=number,
        )
    rows = tuple(_row(line, acting, today) for line in found[:limit])
    last = found[limit - 1] if len(found) > limit else None
    return Worklist(rows, _written(last) if last else None)


def my_drafts(acting: Acting, *, limit: int = 50) -> tuple[DraftLine, ...]:
    """Return the drafts of the person acted for, last saved first."""
    if acting.person_id is None:
        return ()
    today = moment.day_of(moment.now())
    with scope(acting):
        rows = drafts.of_person(acting.person_id, min(limit, MOST))
    return tuple(_draft_line(row) for row in rows if row.expires_on >= today)


def my_cases(acting: Acting, *, limit: int = 50) -> tuple[CaseLine, ...]:
    """Return the cases of the person acted for, newest first."""
    if acting.person_id is None:
        return ()
    with scope(acting):
        rows = cases.of_person(acting.person_id, min(limit, MOST))
        pending = showing.pending_decisions(acting.person_id, rows)
    today = moment.day_of(moment.now())
    return tuple(_case_line(row, today, hidden=row.id in pending) for row in rows)


def _draft_line(draft: models.Draft) -> DraftLine:
    definition = catalogue.by_hash(draft.definition_hash)
    return DraftLine(
        id=draft.id,
        service_key=definition.service,
        title=definition.title,
        started_at=draft.started_at,
        saved_at=draft.saved_at,
        expires_on=draft.expires_on,
        warned=draft.warned_at is not None,
    )


def _case_line(case: models.Case, today: date, *, hidden: bool) -> CaseLine:
    definition = catalogue.by_hash(case.definition_hash)
    state = pinned.state_of(definition, case.state)
    return CaseLine(
        id=case.id,
        number=case.number,
        service_key=definition.service,
        title=definition.title,
        state=showing.BEING_SENT if hidden else case.state,
        state_title=showing.title_of(definition, showing.BEING_SENT if hidden else state.name),
        outcome=None if hidden else case.outcome,
        open=case.open,
        received_at=case.received_at,
        due=showing.due_line(case, today),
        waits_for_me=case.state == pinned.WAITING,
    )


def _row(line: lines.Line, acting: Acting, today: date) -> WorklistRow:
    definition = catalogue.by_hash(line.definition_hash)
    due = None if line.work_due == lines.NEVER else line.work_due
    return WorklistRow(
        id=line.id,
        number=line.number,
        service_key=definition.service,
        title=definition.title,
        state=line.state,
        state_title=showing.title_of(definition, line.state),
        seen_state=line.state_seq,
        received_at=line.received_at,
        due=due,
        overdue=due is not None and due < today,
        paused=line.paused,
        claimed_by=line.claimed_by,
        claimed_by_name=line.claimed_name,
        mine=line.claimed_by == acting.actor,
        waits_for_second=line.waits_for_second,
    )


def _written(line: lines.Line) -> str:
    text = json.dumps([line.work_due.isoformat(), str(line.id)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(after: str | None) -> tuple[date, UUID] | None:
    if after is None:
        return None
    try:
        padded = after + "=" * (-len(after) % 4)
        parts: Sequence[str] = json.loads(base64.urlsafe_b64decode(padded))
        day, case_id = parts
        return date.fromisoformat(day), UUID(case_id)
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise NotFound("This is not the end of a page of the worklist.") from error
