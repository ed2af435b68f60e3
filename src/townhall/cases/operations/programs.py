"""What a program sees of the cases that it submitted.

A program is no person and no officer, so no row-level policy is made for it: the
house looks for it, by one predicate (the case was submitted by this program), and
reading one case in full is noted in the journal of the person concerned.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from townhall.cases.errors import NotFound, NotPermitted
from townhall.cases.models import case as cases
from townhall.cases.operations import moment, residents, showing
from townhall.cases.views import CaseView
from townhall.exchange import operations as exchange
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.text import marked

MOST = 200
FOLLOWING = marked("To follow an application that a partner sent")


def submitted_by_program(
    acting: Acting, *, after: UUID | None = None, limit: int = 50
) -> tuple[CaseView, ...]:
    """Return the cases that a program submitted, newest first, without their contents.

    Parameters
    ----------
    after : id of the last case of the page before.

    Raises
    ------
    NotPermitted
        If the actor is no program.
    """
    _insist_on_program(acting)
    today = moment.day_of(moment.now())
    with scope(SYSTEM):
        rows = cases.of_program(acting.actor, after=after, limit=max(1, min(limit, MOST + 1)))
        pending = {
            row.id for row in rows if row.id in showing.pending_decisions(row.person_id, [row])
        }
    return tuple(residents.brief_view(row, today, pending=row.id in pending) for row in rows)


def case_of_program(acting: Acting, *, case_id: UUID) -> CaseView:
    """Return a case that the program submitted.

    Raises
    ------
    NotFound
        Also for cases that somebody else submitted; then the attempt is noted.
    NotPermitted
    """
    _insist_on_program(acting)
    with scope(SYSTEM):
        case = cases.any_by_id(case_id)
    if case is None or case.actor != acting.actor:
        if case is not None:
            exchange.note_denied(
                acting,
                person_id=case.person_id,
                what="open a case",
                case_id=case.id,
                service_no=case.service_no,
                reason="not theirs",
            )
        raise NotFound("This program submitted no such case.")
    acting = replace(acting, person_id=case.person_id)
    with scope(acting):
        exchange.note_view(
            acting,
            person_id=case.person_id,
            what="case",
            case_id=case.id,
            service_no=case.service_no,
            purpose=FOLLOWING,
        )
        return residents.view_of(acting, case_id, moment.now())


def _insist_on_program(acting: Acting) -> None:
    if not acting.actor.startswith("partner:"):
        raise NotPermitted("Only programs of partners ask this way.")
