"""From what is stored of a draft or application to the situation that rules see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from townhall.cases import models
from townhall.cases.engine import snapshot
from townhall.cases.models import case as cases
from townhall.cases.operations import moment, pinned
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.situation import Situation, evaluated
from townhall.foundation.acting import Acting


def person_of(acting: Acting) -> dict[str, Any] | None:
    """Return what rules and letters may know of the person an application is about.

    The name is that of the actor only if they act for themselves.
    """
    if acting.person_id is None:
        return None
    own = acting.actor == f"person:{acting.person_id}"
    return {"id": str(acting.person_id), "name": acting.name if own else ""}


def situation_of_draft(
    draft: models.Draft, *, acting: Acting, today: date, person: dict[str, Any] | None
) -> Situation:
    """Return the situation of a draft, judged today."""
    return Situation(
        today=today,
        answers=draft.answers,
        facts=snapshot.facts_from_json(draft.facts),
        channel=draft.channel,
        person=person,
        language=acting.language,
    )


def situation_of(
    definition: Definition,
    application: models.Application,
    *,
    case: models.Case | None = None,
    decision: models.Decision | None = None,
) -> Situation:
    """Return the situation of one revision of an application, on its own reference date."""
    known: dict[str, Any] = {}
    if case is not None:
        known = {"number": case.number, "submitted": case.received_on, "due": case.due}
    if decision is not None:
        known |= {
            "decided": moment.day_of(decision.decided_at),
            "outcome": decision.outcome,
            "reason": decision.reason,
        }
    return Situation(
        today=application.today,
        answers=application.answers,
        facts=snapshot.facts_from_json(application.facts),
        channel=application.channel,
        person=application.person,
        language=application.language,
        case=known,
    )


def judged_on(draft: models.Draft, now: datetime) -> date:
    """Return the reference date of a draft: today, or that of the case which it amends."""
    amended = cases.get(draft.person_id, draft.amends) if draft.amends else None
    return moment.day_of(now) if amended is None else amended.received_on


def amend_until(
    definition: Definition, case: models.Case, application: models.Application
) -> date | None:
    """Return the last day on which the resident may amend a closed case; None: they may not."""
    row = pinned.state_of(definition, case.state)
    if case.open or row.amend is None:
        return None
    values = situation_of(definition, application, case=case).values(definition)
    day = evaluated(row.amend, values)
    return day if isinstance(day, date) else None
