"""Amending: new answers in place of those that a decided case rests on.

Some law lets people change what they filed for a time (of a tax return, Taxes
Management Act 1970 s.9ZA). It is done on the pages of a draft, prefilled with the
answers that are in force. Sending it adds a revision of the evidence and a
decision to the same case; what was there before stays as it was.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from townhall.cases import models
from townhall.cases.engine import snapshot
from townhall.cases.errors import NotEligible, NotPermitted
from townhall.cases.models import applications, drafts
from townhall.cases.models import case as cases
from townhall.cases.operations import (
    answering,
    denials,
    desk,
    evidence,
    filing,
    moment,
    pinned,
    reading,
    residents,
    transitions,
)
from townhall.cases.operations import drafts as drafting
from townhall.cases.views import CaseView, DraftView
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import flow
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.situation import Situation
from townhall.foundation import events
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.identifiers import uuid7

AMEND = "amend a case"


def start_amendment(acting: Acting, *, case_id: UUID) -> DraftView:
    """Open a draft with the answers of a decided case; the one that is open, if there is one.

    Files are asked for again: those that were sent belong to the case.

    Raises
    ------
    NotPermitted
        If the case may not be amended, or not any more.
    NotFound
    """
    now = moment.now()
    with denials.within(acting, AMEND):
        case = _own(acting, case_id)
        definition = catalogue.by_hash(case.definition_hash)
        before = applications.get(case.person_id, case.id, case.evidence_revision)
        _insist_on_time(definition, case, before, now)
        open_already = drafts.amending(case.person_id, case.id)
        if open_already is not None:
            return drafting.view_of(acting, open_already, now)
        draft_id = uuid7()
        situation = Situation(
            today=before.today,
            answers={
                name: value
                for name, value in before.answers.items()
                if not list(snapshot.files_in({name: value}))
            },
            channel=acting.channel,
            person=evidence.person_of(acting),
            language=acting.language,
        )
        situation, facts = reading.read_due(
            acting,
            definition=definition,
            situation=situation,
            stored={},
            person_id=case.person_id,
            subject_id=draft_id,
            service_no=case.service_no,
            now=now,
        )
        draft = drafts.start(
            acting,
            draft_id=draft_id,
            person_id=case.person_id,
            service_no=case.service_no,
            definition_hash=definition.hash,
            facts=facts,
            answers=situation.answers,
            eligibility="",
            now=now,
            expires_on=pinned.draft_expires(definition, moment.day_of(now)),
            amends=case.id,
        )
        return drafting.view_of(acting, draft, now)


def file_amendment(
    acting: Acting,
    *,
    draft: models.Draft,
    situation: Situation,
    now: datetime,
    insist: bool,
) -> CaseView:
    """Put the answers of a complete, locked draft in force; inside `denials.within`.

    Raises
    ------
    NotPermitted
        If the case may not be amended any more.
    NotEligible
        If the rules now say no and the person does not insist on a decision.
    """
    assert draft.amends is not None
    case = _own(acting, draft.amends, lock=True)
    act = desk.act(acting, case, now)
    before = applications.get(case.person_id, case.id, case.evidence_revision)
    _insist_on_time(act.definition, case, before, now)
    answering.revise(act, before, situation, draft.facts)
    on = desk.desk(acting, case, now)
    if on.verdict.eligibility == "no" and not insist:
        raise NotEligible(on.verdict.reasons)
    drafts.hand_over(draft, case.id, now)
    path = flow.enter(on.definition, on.situation, on.verdict)
    transitions.restart(on)
    reopened = {"open": True, "outcome": None, "closed_at": None, "erase_on": None}
    due = {"missed_at": None, "extended": 0, "due": transitions.recounted(on)}
    transitions.enter(on, path, **({} if path.outcome else reopened), **due)
    transitions.tell(on, "case.amended", revision=case.evidence_revision)
    if path.outcome:
        decision = filing.automatic_decision(on.definition, case, on.application, on.verdict, path)
        decision.decided_at = now
        decision.save(force_insert=True)
        events.record_many([filing.decided(SYSTEM, case, decision)])
        transitions.end_reading(on)
    return residents.view_of(acting, case.id, now)


def _insist_on_time(
    definition: Definition, case: models.Case, application: models.Application, now: datetime
) -> None:
    until = evidence.amend_until(definition, case, application)
    if until is None:
        raise NotPermitted("This case cannot be amended.")
    if moment.day_of(now) > until:
        raise NotPermitted("The time in which this case could be amended has passed.")


def _own(acting: Acting, case_id: UUID, *, lock: bool = False) -> models.Case:
    case = cases.get(acting.person_id, case_id, lock=lock)
    if case is None:
        raise denials.Hidden(models.Case, case_id)
    return case
