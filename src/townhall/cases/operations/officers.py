"""A case on an officer's desk: evidence with sources, what the rules propose, what can be done."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from townhall.cases import models
from townhall.cases.engine import snapshot
from townhall.cases.errors import NotFound
from townhall.cases.models import (
    applications,
    clock,
    decisions,
    letters,
    notes,
    requests,
    signatures,
)
from townhall.cases.models import case as cases
from townhall.cases.operations import (
    denials,
    evidence,
    explanations,
    moment,
    pinned,
    residents,
    showing,
)
from townhall.cases.views import (
    ActionView,
    NoteView,
    OfficerCaseView,
    Proposal,
    SignatureView,
)
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import assessment as assessing
from townhall.catalogue.engine import flow
from townhall.catalogue.engine.assessment import Assessment
from townhall.catalogue.engine.definition import Definition, State
from townhall.exchange import operations as exchange
from townhall.foundation import events, files
from townhall.foundation.acting import Acting
from townhall.foundation.text import gettext, marked
from townhall.identity import operations as identity

PURPOSE = marked("To work on your case")


def view_of(acting: Acting, case: models.Case, now: datetime) -> OfficerCaseView:
    """Return a case for an officer and note in the person's journal that it was opened."""
    definition = catalogue.by_hash(case.definition_hash)
    person_id, language, today = case.person_id, acting.language, moment.day_of(now)
    exchange.note_view(
        acting,
        person_id=person_id,
        what="case",
        case_id=case.id,
        service_no=case.service_no,
        purpose=PURPOSE,
    )
    revisions = applications.all_of(person_id, case.id)
    application = revisions[-1]
    situation = evidence.situation_of(definition, application, case=case)
    verdict = assessing.assess(definition, situation)
    written = notes.of_case(person_id, case.id)
    asked = requests.of_case(person_id, case.id)
    waiting = next((each for each in asked if not (each.answered_at or each.dropped_at)), None)
    first = signatures.open_of(person_id, case.id)
    history = events.history(subject=case.id, person_id=person_id)
    return OfficerCaseView(
        id=case.id,
        number=case.number,
        person_id=person_id,
        service_key=definition.service,
        definition=definition,
        state=case.state,
        state_title=showing.title_of(definition, case.state),
        seen_state=case.state_seq,
        outcome=case.outcome,
        open=case.open,
        language=case.language,
        channel=case.channel,
        received_at=case.received_at,
        closed_at=case.closed_at,
        submitted_by=_submitted_by(case, application),
        on_behalf_of=case.on_behalf_of,
        due=showing.due_in_full(
            definition, case, clock.of_case(person_id, case.id), today, language=language
        ),
        task_due=showing.task_due(definition, case, today),
        fee=residents.fee_of(definition, case),
        answers=showing.answers(
            definition,
            application,
            verdict.values,
            language=language,
            before=revisions[-2] if len(revisions) > 1 else None,
            request=waiting,
            scans=True,
        ),
        evidence_revision=application.revision,
        requests=tuple(residents.request_view(definition, each) for each in asked),
        proposal=proposal(definition, case, verdict, language),
        signature=_signature(acting, first),
        decisions=tuple(
            explanations.decision_view(definition, each, language, for_officer=True)
            for each in decisions.of_case(person_id, case.id)
        ),
        actions=tuple(_actions(acting, case, verdict, signed=first is not None, today=today)),
        claimed_by=case.claimed_by,
        claimed_by_name=case.claimed_name,
        mine=case.claimed_by == acting.actor,
        history=showing.timeline(
            definition,
            history,
            language=language,
            notes={str(note.id): note.text for note in written},
            for_officer=True,
        ),
        notes=tuple(
            NoteView(each.id, each.text, each.made_name, each.made_at)
            for each in written
            if each.kind == "note"
        ),
        letters=tuple(
            showing.letter_view(definition, case.number, each)
            for each in letters.of_case(person_id, case.id)
        ),
    )


def evidence_file(
    acting: Acting, *, case_id: UUID, file_id: UUID
) -> tuple[files.StoredFile, BinaryIO]:
    """Return a file of the evidence; opening it is noted. The caller closes it.

    Raises
    ------
    NotFound
    FileInfected
        If the virus scanner found something in it.
    """
    with denials.within(acting, "open a file of a case"):
        case = _visible(acting, case_id)
        for application in applications.all_of(case.person_id, case.id):
            if str(file_id) in set(snapshot.files_in(application.answers)):
                _note(acting, case, "file")
                return files.read(file_id)
        raise NotFound("The case has no such file.")


def letter_for_officer(acting: Acting, *, case_id: UUID, letter_id: UUID) -> Any:
    """Return a letter of a case with its file; the caller closes it.

    Raises
    ------
    NotFound
    """
    with denials.within(acting, "open a letter"):
        case = _visible(acting, case_id)
        letter = letters.for_officer(acting.services, letter_id)
        if letter is None or letter.case_id != case.id:
            raise NotFound("The case has no such letter.")
        _note(acting, case, "letter")
        definition = catalogue.by_hash(case.definition_hash)
        _, content = files.read(letter.file_id)
        return showing.letter_view(definition, case.number, letter), content


def humans(acting: Acting) -> list[str]:
    """Return the human beings behind an act: the person of the account, and whoever they
    act for. Two accounts or roles of one person are one human being."""
    found = {acting.actor}
    person = acting.person_id or identity.person_behind(acting.actor)
    if person is not None:
        found.add(str(person))
    if acting.on_behalf_of is not None:
        found.add(str(acting.on_behalf_of))
    return sorted(found)


def is_own(acting: Acting, case: models.Case) -> bool:
    """Say whether a case is one's own: as its subject, or because one submitted it."""
    concerned = {str(case.person_id), str(case.on_behalf_of or ""), case.actor}
    concerned.add(case.actor.partition(":")[2])
    # An officer who files at the counter for somebody has not made the case their own.
    if case.channel == "counter":
        concerned -= {case.actor, case.actor.partition(":")[2]}
    return bool(concerned & set(humans(acting)))


def extension_blocked(definition: Definition, case: models.Case, today: date) -> str:
    """Return why the deadline cannot be extended, "" if it can."""
    rule = definition.deadline
    if rule is None or rule.extend_by is None:
        return gettext("This deadline cannot be extended.")
    if case.extended >= rule.extend_times:
        return gettext("The deadline has been extended as often as it may be.")
    if case.paused_since is None and case.due is not None and case.due < today:
        return gettext("The deadline has passed; it can only be extended before.")
    return ""


def proposal(
    definition: Definition, case: models.Case, verdict: Assessment, language: str
) -> Proposal:
    """Return what the rules propose for the evidence on file."""
    stored = explanations.to_json(definition, verdict)
    can = pinned.state_of(definition, case.state).can
    wanted = {"yes": "grant", "no": "refuse"}.get(verdict.eligibility, "")
    if verdict.doubts and wanted == "grant":
        wanted = ""
    return Proposal(
        action=wanted if wanted in can else "",
        eligibility=verdict.eligibility,
        reasons=explanations.reasons(stored, language),
        results=explanations.results(stored, language),
        fee=residents.fee_of(definition, case),
        depends_on=tuple(
            definition.data[root].label
            for root in sorted({name.partition(".")[0] for name in verdict.unknown})
            if root in definition.data
        ),
    )


def _actions(
    acting: Acting, case: models.Case, verdict: Assessment, *, signed: bool, today: date
) -> list[ActionView]:
    definition = catalogue.by_hash(case.definition_hash)
    row = pinned.state_of(definition, case.state)
    found = []
    for action in row.can:
        if action == "withdraw":
            continue
        target = _target(definition, row, action)
        outcome = definition.flow[target].outcome if target in definition.flow else ""
        needs_second = flow.four_eyes(row, flow.Move(action, target, outcome), verdict.values)
        found.append(
            ActionView(
                action=action,
                leads_to=target,
                leads_to_title={} if target == case.state else showing.title_of(definition, target),
                needs_reason=action in flow.NEEDS_REASON,
                needs_second=needs_second and action not in flow.STAYING,
                blocked=_blocked(acting, case, action, signed=signed, today=today),
            )
        )
    return found


def _target(definition: Definition, row: State, action: str) -> str:
    if action == "ask":
        return pinned.WAITING
    if action == "reopen":
        return row.to.get(action) or next(
            (name for name, each in definition.flow.items() if each.by), definition.start
        )
    return row.to.get(action, row.name)


def _blocked(acting: Acting, case: models.Case, action: str, *, signed: bool, today: date) -> str:
    definition = catalogue.by_hash(case.definition_hash)
    row = pinned.state_of(definition, case.state)
    allowed = {row.by} if row.by else definition.roles
    if not allowed & acting.roles:
        return gettext("This step is for another role.")
    if is_own(acting, case):
        return gettext("Nobody works on a case of their own.")
    if signed and action != "ask":
        return gettext("A first signature waits for the second.")
    if action == "extend":
        return extension_blocked(definition, case, today)
    return ""


def _signature(acting: Acting, first: models.Signature | None) -> SignatureView | None:
    if first is None:
        return None
    return SignatureView(
        action=first.action,
        reason=first.reason,
        by=first.signed_by,
        by_name=first.signed_name,
        signed_at=first.signed_at,
        evidence_revision=first.evidence_revision,
        mine=bool(set(first.humans) & set(humans(acting))),
    )


def _submitted_by(case: models.Case, application: models.Application) -> str:
    kind, _, key = case.actor.partition(":")
    if kind == "partner":
        return key
    if kind == "anonymous":
        return gettext("Somebody without a sign-in")
    return (application.person or {}).get("name", "")


def _visible(acting: Acting, case_id: UUID) -> models.Case:
    case = cases.for_officer(acting.services, case_id)
    if case is None:
        raise denials.Hidden(models.Case, case_id)
    return case


def _note(acting: Acting, case: models.Case, what: str) -> None:
    exchange.note_view(
        acting,
        person_id=case.person_id,
        what=what,
        case_id=case.id,
        service_no=case.service_no,
        purpose=PURPOSE,
    )
