"""Answering a request: new evidence, the clock goes on, the case returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from townhall.cases import models
from townhall.cases.engine import snapshot
from townhall.cases.errors import PageErrors
from townhall.cases.models import applications, requests
from townhall.cases.models import case as cases
from townhall.cases.operations import evidence, pinned, reading, transitions, uploads
from townhall.cases.operations.desk import Act
from townhall.catalogue.engine import assessment, interview
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.flow import Path
from townhall.catalogue.engine.messages import Message
from townhall.catalogue.engine.situation import Situation


def answer(
    act: Act,
    request: models.Request,
    *,
    raw: Mapping[str, Sequence[Any]],
    sent: Mapping[str, Iterable[Any]],
    message: str,
) -> PageErrors | None:
    """Take over the answers to an open request on a locked case.

    Returns
    -------
    What was refused; then nothing has changed.
    """
    case, definition = act.case, act.definition
    before = applications.get(case.person_id, case.id, case.evidence_revision)
    situation = evidence.situation_of(definition, before)
    asked = [each["datum"] for each in request.fields]
    form, _, errors = uploads.store_all(
        act.acting,
        [definition.data[name] for name in asked],
        raw={name: values for name, values in raw.items() if name.partition(".")[0] in asked},
        sent=sent,
        answers=situation.answers,
        owner=case,
    )
    answers, more = _accepted(definition, situation, form, asked)
    problems = {**more, **errors}
    if problems:
        new = set(snapshot.files_in(form)) - set(snapshot.files_in(situation.answers))
        uploads.drop(new)
        return PageErrors(problems, dict(raw))
    situation = situation.with_answers(answers)
    if answers != before.answers:
        situation, facts = reread(act, situation, before.facts)
        revise(act, before, situation, facts)
    requests.close(case.person_id, case.id, answered=True, now=act.now)
    _return(act, message)
    return None


def reread(
    act: Act, situation: Situation, stored: Mapping[str, Any]
) -> tuple[Situation, dict[str, Any]]:
    """Return the situation with what registers say now, where `stored` has no fact."""
    return reading.read_due(
        act.acting,
        definition=act.definition,
        situation=replace(situation, facts=snapshot.facts_from_json(stored)),
        stored=stored,
        person_id=act.case.person_id,
        subject_id=act.case.id,
        service_no=act.case.service_no,
        now=act.now,
        purpose=reading.CHECKING,
    )


def revise(
    act: Act, before: models.Application, situation: Situation, facts: Mapping[str, Any]
) -> models.Application:
    """Add a revision of the evidence of a locked case.

    The columns of the case that follow from the evidence (revision, fee) are
    written; a first signature names the revision that it saw, so it cannot be
    confirmed any more.
    """
    definition = act.definition
    situation = situation.with_answers(interview.drop_hidden(definition, situation))
    revision = applications.revise(
        before,
        answers=situation.answers,
        facts=facts,
        pack_hash=pinned.pack_hash(definition.pack),
        today=before.today,
        made_by=act.acting.actor,
        now=act.now,
    )
    fee = assessment.assess(definition, situation, trace=False).fee
    fields: dict[str, Any] = {"evidence_revision": revision.revision}
    if definition.fee is not None and fee is not None:
        fields |= {"fee_amount": fee.amount, "fee_currency": fee.currency}
    cases.update(act.case, **fields)
    return revision


def _accepted(
    definition: Definition, situation: Situation, form: Mapping[str, Any], asked: Sequence[str]
) -> tuple[dict[str, Any], dict[str, Message]]:
    """Return the answers with the asked ones taken over, page by page, and what is wrong."""
    errors: dict[str, Message] = {}
    for page in definition.pages:
        on_page = [name for name in asked if name in page.ask]
        if not on_page:
            continue
        shown = {**form, interview.ASKED_FIELD: on_page}
        accepted = interview.accept(definition, page.key, shown, situation)
        errors |= accepted.errors
        situation = situation.with_answers(accepted.answers)
    return dict(situation.answers), errors


def _return(act: Act, message: str) -> None:
    """Let a case that was answered go back to the state from which it was asked."""
    state = act.case.return_state
    task_due = transitions.shifted_task(act, state)
    columns = transitions.resume(act)
    transitions.enter(act, Path((state,), state), **{**columns, "task_due": task_due})
    transitions.tell(act, "case.answered", note=("answer", message))
