"""A person's own case: see it, answer what is asked, withdraw it, have it opened again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from townhall.cases import models
from townhall.cases.engine import snapshot
from townhall.cases.errors import AlreadyDecided, NotFound, NotPermitted, StaleState
from townhall.cases.models import applications, clock, decisions, letters, notes, requests
from townhall.cases.models import case as cases
from townhall.cases.operations import (
    answering,
    denials,
    desk,
    evidence,
    explanations,
    moment,
    pinned,
    showing,
    transitions,
)
from townhall.cases.operations.filing import Filed
from townhall.cases.views import (
    CaseView,
    Fee,
    RequestedField,
    RequestView,
)
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.definition import Definition
from townhall.foundation import events, files
from townhall.foundation.acting import Acting
from townhall.foundation.events import Event
from townhall.rules.engine.calendar import shift

OPEN_CASE = "open a case"
REOPEN, AMEND = "reopen", "amend"


def my_case(acting: Acting, *, case_id: UUID) -> CaseView:
    """Return one's own case with everything about it.

    Raises
    ------
    NotFound
    """
    with denials.within(acting, OPEN_CASE):
        return view_of(acting, case_id, moment.now())


def case_file(acting: Acting, *, case_id: UUID, file_id: UUID) -> tuple[files.StoredFile, BinaryIO]:
    """Return a file of one's own case; the caller closes it.

    Raises
    ------
    NotFound
    """
    with denials.within(acting, "open a file of a case"):
        case = _own(acting, case_id)
        for application in applications.all_of(case.person_id, case.id):
            if str(file_id) in set(snapshot.files_in(application.answers)):
                return files.read(file_id)
        raise NotFound("The case has no such file.")


def answer_request(
    acting: Acting,
    *,
    case_id: UUID,
    seen_state: int,
    raw: Mapping[str, Sequence[Any]],
    files: Mapping[str, Iterable[Any]] | None = None,
    message: str = "",
) -> CaseView:
    """Answer what an officer asked: only the marked fields are taken over.

    The answers make a new revision of the evidence, the clock goes on, and the
    case returns to the officer's state.

    Raises
    ------
    PageErrors
        With a message per field; the request stays open.
    StaleState, AlreadyDecided, NotPermitted, NotFound
    """
    now = moment.now()
    with denials.within(acting, OPEN_CASE):
        case = _own(acting, case_id, lock=True)
        insist_on_seen(case, seen_state)
        request = requests.open_of(case.person_id, case.id)
        if request is None or case.state != pinned.WAITING:
            raise NotPermitted("Nothing is asked on this case.")
        refused = answering.answer(
            desk.act(acting, case, now), request, raw=raw, sent=files or {}, message=message
        )
        view = None if refused else view_of(acting, case_id, now)
    if refused is not None:
        raise refused
    assert view is not None
    return view


def withdraw(acting: Acting, *, case_id: UUID, seen_state: int, reason: str = "") -> CaseView:
    """Take back an application that is not decided yet.

    Raises
    ------
    StaleState, AlreadyDecided, NotFound
    """
    now = moment.now()
    with denials.within(acting, OPEN_CASE):
        case = _own(acting, case_id, lock=True)
        insist_on_seen(case, seen_state)
        if not case.open:
            raise AlreadyDecided(case.state)
        transitions.withdraw(desk.act(acting, case, now), reason)
        return view_of(acting, case_id, now)


def reopen(acting: Acting, *, case_id: UUID, seen_state: int, reason: str) -> CaseView:
    """Have a closed case opened again, where its definition allows it.

    Raises
    ------
    NeedsReason
        Whoever looks at it again has to know what is wrong.
    NotPermitted, StaleState, NotFound
    """
    from townhall.cases.operations import casework

    now = moment.now()
    with denials.within(acting, OPEN_CASE):
        case = _own(acting, case_id, lock=True)
        insist_on_seen(case, seen_state)
        until = reopen_until(catalogue.by_hash(case.definition_hash), case)
        if until is not None and moment.day_of(now) > until:
            raise NotPermitted("The time in which this case could be opened again has passed.")
        casework.open_again(acting, case, reason, now)
        return view_of(acting, case_id, now)


def insist_on_seen(case: models.Case, seen_state: int) -> None:
    """Refuse an act on a case that has moved since it was looked at.

    Raises
    ------
    StaleState, AlreadyDecided : with what happened meanwhile.
    """
    if case.state_seq == seen_state:
        return
    definition = catalogue.by_hash(case.definition_hash)
    meanwhile = [
        event
        for event in events.history(subject=case.id, person_id=case.person_id)
        if int(event.payload.get("state_seq", 0)) > seen_state
    ]
    happened = showing.timeline(definition, meanwhile, language=case.language, for_officer=True)
    raise (StaleState if case.open else AlreadyDecided)(case.state, happened)


def view_of(acting: Acting, case_id: UUID, now: datetime) -> CaseView:
    """Return the view of the case of the person acted for; inside `denials.within`."""
    case = _own(acting, case_id)
    person_id = case.person_id
    definition = catalogue.by_hash(case.definition_hash)
    told = [each for each in notes.of_case(person_id, case.id) if each.kind != "note"]
    return _view(
        acting,
        definition,
        case,
        revisions=applications.all_of(person_id, case.id),
        decided=decisions.of_case(person_id, case.id),
        history=events.history(subject=case.id, person_id=person_id),
        clocked=clock.of_case(person_id, case.id),
        request=requests.open_of(person_id, case.id),
        made=letters.of_case(person_id, case.id),
        reasons={str(note.id): note.text for note in told},
        today=moment.day_of(now),
    )


def first_view(definition: Definition, filed: Filed, acting: Acting) -> CaseView:
    """Return the view of a case that was filed just now, without asking the database."""
    case = filed.case
    happened = [_event("case.submitted", case, acting.actor)]
    if filed.decision is not None:
        happened.append(_event("case.decided", case, filed.decision.decided_by))
    return _view(
        acting,
        definition,
        case,
        revisions=[filed.application],
        decided=[filed.decision] if filed.decision else [],
        history=happened,
        clocked=[],
        request=None,
        made=[],
        reasons={},
        today=case.received_on,
        values=filed.assessment.values,
    )


def brief_view(case: models.Case, today: date, *, pending: bool) -> CaseView:
    """Return what a list of cases needs, without evidence and history.

    Parameters
    ----------
    pending : decided, but a letter that belongs to the decision is not made yet.
    """
    definition = catalogue.by_hash(case.definition_hash)
    pending = pending and bool(showing.expected_letters(definition, case))
    shown = showing.BEING_SENT if pending else case.state
    return CaseView(
        **_head(definition, case, shown, pending=pending),
        due=showing.due_line(case, today),
        promise=None,
        answers=(),
        request=None,
        decision=None,
        timeline=(),
        letters=(),
        can=frozenset(),
    )


def brief_view_of(acting: Acting, case_id: UUID, now: datetime) -> CaseView:
    """Return the brief view of a case of the person acted for; inside `denials.within`."""
    case = _own(acting, case_id)
    pending = case.id in showing.pending_decisions(case.person_id, [case])
    return brief_view(case, moment.day_of(now), pending=pending)


def _own(acting: Acting, case_id: UUID, *, lock: bool = False) -> models.Case:
    case = cases.get(acting.person_id, case_id, lock=lock)
    if case is None:
        raise denials.Hidden(models.Case, case_id)
    return case


def _event(kind: str, case: models.Case, actor: str) -> Event:
    return Event(
        id=case.id,
        at=case.received_at,
        kind=kind,
        subject=case.id,
        person_id=case.person_id,
        service_no=case.service_no,
        actor=actor,
        on_behalf_of=case.on_behalf_of,
        mandate=case.mandate,
        assurance="",
        payload={"state": case.state if kind == "case.decided" else ""},
    )


def _head(
    definition: Definition, case: models.Case, shown: str, *, pending: bool
) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "service_key": definition.service,
        "definition": definition,
        "agency": definition.agency,
        "state": shown,
        "state_title": showing.title_of(definition, shown),
        "seen_state": case.state_seq,
        "outcome": None if pending else case.outcome,
        "open": case.open,
        "language": case.language,
        "channel": case.channel,
        "received_at": case.received_at,
        "closed_at": case.closed_at,
        "fee": fee_of(definition, case),
        "decision_pending": pending,
    }


def _view(
    acting: Acting,
    definition: Definition,
    case: models.Case,
    *,
    revisions: Sequence[models.Application],
    decided: Sequence[models.Decision],
    history: Iterable[Event],
    clocked: Sequence[models.ClockEntry],
    request: models.Request | None,
    made: Sequence[models.Letter],
    reasons: Mapping[str, str],
    today: date,
    values: Mapping[str, Any] | None = None,
) -> CaseView:
    language = acting.language
    there = {(letter.kind, letter.state_seq) for letter in made}
    wanted = {(kind, case.state_seq) for kind in showing.expected_letters(definition, case)}
    pending = bool(wanted - there)
    decision = decided[-1] if decided and not case.open else None
    application = revisions[-1]
    appeal = pinned.state_of(definition, case.state).appeal if decision and not pending else None
    changeable = None if pending else evidence.amend_until(definition, case, application)
    until = (
        shift(moment.day_of(decision.decided_at), appeal.within, definition.pack.calendar)
        if decision and appeal
        else None
    )
    promise = definition.deadline.promise if definition.deadline else None
    return CaseView(
        **_head(definition, case, showing.BEING_SENT if pending else case.state, pending=pending),
        due=showing.due_in_full(definition, case, clocked, today, language=language),
        promise=showing.due_in_full(
            definition, case, clocked, today, language=language, length=promise
        )
        if promise
        else None,
        answers=showing.answers(
            definition,
            application,
            values or evidence.situation_of(definition, application).values(definition),
            language=language,
            before=revisions[-2] if len(revisions) > 1 else None,
            request=request,
        ),
        request=request_view(definition, request) if request else None,
        decision=explanations.decision_view(definition, decision, language, for_officer=False)
        if decision and not pending
        else None,
        timeline=showing.timeline(
            definition, history, language=language, notes=reasons, hide_decision=pending
        ),
        letters=tuple(showing.letter_view(definition, case.number, each) for each in made),
        can=_can(definition, case, request, until, today, pending=pending)
        | ({AMEND} if changeable and today <= changeable else set()),
        amend_until=changeable,
        appeal_until=until,
        reopen_until=reopen_until(definition, case),
        appeal_to=appeal.service if appeal else "",
    )


def _can(
    definition: Definition,
    case: models.Case,
    request: models.Request | None,
    appeal_until: date | None,
    today: date,
    *,
    pending: bool,
) -> frozenset[str]:
    found = set()
    if case.open:
        found.add("withdraw")
        if request is not None and case.state == pinned.WAITING:
            found.add("answer")
    elif not pending and REOPEN in pinned.state_of(definition, case.state).can:
        until = reopen_until(definition, case)
        if until is None or today <= until:
            found.add(REOPEN)
    if appeal_until is not None and today <= appeal_until:
        found.add("appeal")
    return frozenset(found)


def reopen_until(definition: Definition, case: models.Case) -> date | None:
    """Return the last day on which a closed case may be opened again, None if it has no such day.

    It is counted from the day on which the case was closed.
    """
    row = pinned.state_of(definition, case.state)
    if case.open or REOPEN not in row.can or row.within is None or case.closed_at is None:
        return None
    return shift(moment.day_of(case.closed_at), row.within, definition.pack.calendar)


def fee_of(definition: Definition, case: models.Case) -> Fee | None:
    """Return the fee that was computed when the case was filed, or when its evidence changed."""
    if case.fee_amount is None:
        return None
    pay = definition.fee.pay if definition.fee else "none"
    return Fee(case.fee_amount, case.fee_currency, pay)


def request_view(definition: Definition, request: models.Request) -> RequestView:
    """Return what was asked, with the titles of the fields."""
    return RequestView(
        id=request.id,
        message=request.message,
        fields=tuple(
            RequestedField(each["datum"], definition.data[each["datum"]].label, each["why"])
            for each in request.fields
        ),
        asked_at=request.asked_at,
        answered_at=request.answered_at,
        answer_by=request.answer_by,
    )
