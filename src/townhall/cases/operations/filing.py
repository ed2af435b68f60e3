"""What submitting comes to: judge the snapshot once, let the flow run as far as it can by
itself, and write everything down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from townhall.cases import models
from townhall.cases.engine import deadline
from townhall.cases.errors import NotEligible
from townhall.cases.models import filing
from townhall.cases.operations import explanations, pinned, retries
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import assessment as assessing
from townhall.catalogue.engine import flow, interview, letters
from townhall.catalogue.engine.assessment import Assessment
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.flow import Path
from townhall.catalogue.engine.situation import Situation
from townhall.foundation import events
from townhall.foundation.acting import SYSTEM, Acting
from townhall.rules.engine.calendar import shift

AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Filed:
    """What was filed; `at` names the moment of each event for the first view."""

    case: models.Case
    application: models.Application
    decision: models.Decision | None
    assessment: Assessment
    situation: Situation


def file(
    acting: Acting,
    *,
    definition: Definition,
    situation: Situation,
    person_id: UUID,
    case_id: UUID,
    facts: dict[str, Any],
    draft: models.Draft | None,
    now: datetime,
    insist: bool,
) -> Filed:
    """File a complete application in the open transaction.

    Raises
    ------
    NotEligible
        If the rules say no and the person does not insist on a decision.
    """
    situation = situation.with_answers(interview.drop_hidden(definition, situation))
    today = situation.today
    verdict = assessing.assess(definition, situation)
    if verdict.eligibility == "no" and not insist:
        raise NotEligible(verdict.reasons)
    path = flow.enter(definition, situation, verdict)
    case = _case(acting, definition, situation, verdict, path)
    case.id, case.person_id, case.received_at, case.state_at = case_id, person_id, now, now
    case.closed_at = now if path.outcome else None
    if draft is not None:
        case.channel, case.language = draft.channel, draft.language
        situation = replace(situation, channel=draft.channel)
    application = models.Application(
        person_id=person_id,
        case_id=case_id,
        service_no=case.service_no,
        revision=1,
        answers=dict(situation.answers),
        facts=facts,
        person=dict(situation.person) if situation.person else None,
        definition_hash=definition.hash,
        pack_hash=pinned.pack_hash(definition.pack),
        today=today,
        channel=case.channel,
        language=case.language,
        made_by=acting.actor,
        made_at=now,
    )
    decision = None
    if path.outcome:
        decision = automatic_decision(definition, case, application, verdict, path)
        decision.decided_at = now
    filing.file(case, application, decision, draft=draft, prefix=pinned.number_prefix(definition))
    _tell(acting, case, path, decision)
    if path.waiting:
        retries.promise(case)
    return Filed(case, application, decision, verdict, situation)


def automatic_decision(
    definition: Definition,
    case: models.Case,
    application: models.Application,
    verdict: Assessment,
    path: Path,
) -> models.Decision:
    """Return the decision that the rules came to by themselves; not written yet, and without
    its instant."""
    words = [letters.fill(text, verdict.values, case.language, definition) for text in path.reasons]
    return models.Decision(
        person_id=case.person_id,
        case_id=case.id,
        service_no=case.service_no,
        evidence_revision=application.revision,
        state=path.state,
        state_seq=case.state_seq,
        outcome=path.outcome,
        action=AUTOMATIC,
        reason=" ".join(dict.fromkeys(word for word in words if word)),
        explanation=explanations.to_json(definition, verdict),
        automatic=True,
        decided_by=SYSTEM.actor,
        definition_hash=application.definition_hash,
        pack_hash=pinned.pack_hash(definition.pack),
    )


def task_due(definition: Definition, state: str, entered: date) -> date | None:
    """Return by when a state that is entered on this day should be left."""
    row = pinned.state_of(definition, state)
    if row.within is None or row.end:
        return None
    return shift(entered, row.within, deadline.covering(definition.pack.calendar))


def _case(
    acting: Acting,
    definition: Definition,
    situation: Situation,
    verdict: Assessment,
    path: Path,
) -> models.Case:
    """Return the case in the state it came to; its ids and instants are for the caller."""
    today = situation.today
    ended = bool(path.outcome)
    place, topic = _place(definition, situation)
    fee = verdict.fee if definition.fee is not None else None
    return models.Case(
        service_no=catalogue.number_of(definition.service),
        definition_hash=definition.hash,
        state=path.state,
        state_seq=len(path.visited),
        outcome=path.outcome or None,
        open=not ended,
        due=_due(definition, today),
        task_due=None if ended else task_due(definition, path.state, today),
        channel=situation.channel,
        language=situation.language,
        fee_amount=fee.amount if fee else None,
        fee_currency=fee.currency if fee else "",
        actor=acting.actor,
        on_behalf_of=acting.on_behalf_of,
        mandate=acting.mandate,
        received_on=today,
        state_on=today,
        erase_on=pinned.erase_on(definition, path.outcome, today) if ended else None,
        place_lat=place[0] if place else None,
        place_lon=place[1] if place else None,
        topic=topic,
    )


def _due(definition: Definition, today: date) -> date | None:
    rule = definition.deadline
    if rule is None:
        return None
    term = deadline.Term(rule.legal, rule.starts)
    return deadline.due_on(today, term, definition.pack.calendar, today=today).on


def _place(definition: Definition, situation: Situation) -> tuple[tuple[float, float] | None, str]:
    """Return place and topic for services that show what was reported nearby.

    The topic is an option of a choice: nothing that the person worded.
    """
    if definition.duplicates is None:
        return None, ""
    answer = situation.answers.get(definition.duplicates.place) or {}
    lat, lon = answer.get("lat"), answer.get("lon")
    topic = next(
        (
            situation.answers[name]
            for name in definition.order
            if definition.data[name].type == "choice"
            and isinstance(situation.answers.get(name), str)
        ),
        "",
    )
    if lat is None or lon is None:
        return None, topic
    return (float(lat), float(lon)), topic


def _tell(acting: Acting, case: models.Case, path: Path, decision: models.Decision | None) -> None:
    by = {"by": acting.name} if not acting.actor.startswith("person:") and acting.name else {}
    submitted = events.NewEvent(
        "case.submitted",
        subject=case.id,
        person_id=case.person_id,
        acting=acting,
        service_no=case.service_no,
        payload={
            "number": case.number,
            "state": "" if decision else path.state,
            "visited": list(path.visited),
            "checks": path.checks,
            "due": case.due.isoformat() if case.due else None,
            **by,
        },
    )
    events.record_many([submitted, decided(SYSTEM, case, decision)] if decision else [submitted])


def decided(acting: Acting, case: models.Case, decision: models.Decision) -> events.NewEvent:
    """Return the event that a case was decided; its letters follow from it."""
    officer = {"by": acting.name} if acting.actor.startswith("officer:") else {}
    return events.NewEvent(
        "case.decided",
        subject=case.id,
        person_id=case.person_id,
        acting=acting,
        service_no=case.service_no,
        payload={
            "decision": str(decision.id),
            "state": decision.state,
            "state_seq": decision.state_seq,
            "outcome": decision.outcome,
            "automatic": decision.automatic,
            **officer,
        },
    )
