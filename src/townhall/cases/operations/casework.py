"""What officers do: open a case, take it up, ask, decide, sign second, extend, open again.

Who may: the service must be among the actor's (one SQL predicate, and row-level
security says the same), and the state's role must be among the actor's roles.
Nobody works on a case of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from townhall.cases import models
from townhall.cases.errors import (
    AlreadyDecided,
    NeedsReason,
    NotPermitted,
    StaleState,
)
from townhall.cases.models import case as cases
from townhall.cases.models import notes, requests, signatures
from townhall.cases.operations import (
    answering,
    denials,
    moment,
    officers,
    pinned,
    residents,
    transitions,
)
from townhall.cases.operations import desk as desks
from townhall.cases.operations.desk import Desk
from townhall.cases.views import OfficerCaseView
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import flow, interview
from townhall.foundation.acting import Acting

WORK = "work on a case"
ASK, EXTEND, REOPEN, WITHDRAW = "ask", "extend", "reopen", "withdraw"
TIME_TO_ANSWER = timedelta(days=14)


def case_for_officer(acting: Acting, *, case_id: UUID) -> OfficerCaseView:
    """Open a case as an officer; the resident's journal says who did, in the same transaction.

    Raises
    ------
    NotFound
        Also for cases of services that are not the officer's.
    """
    with denials.within(acting, "open a case"):
        return officers.view_of(acting, _visible(acting, case_id), moment.now())


def add_note(acting: Acting, *, case_id: UUID, text: str) -> OfficerCaseView:
    """Keep a note among officers.

    Raises
    ------
    NeedsReason
        If it is empty.
    NotFound
    """
    if not text.strip():
        raise NeedsReason("Write the note first.")
    now = moment.now()
    with denials.within(acting, WORK):
        case = _visible(acting, case_id)
        notes.add(
            person_id=case.person_id,
            case_id=case.id,
            service_no=case.service_no,
            text=text.strip(),
            made_by=acting.actor,
            made_name=acting.name,
            now=now,
        )
        transitions.record(acting, case, "case.noted")
        return officers.view_of(acting, case, now)


def ask(
    acting: Acting,
    *,
    case_id: UUID,
    seen_state: int,
    fields: Mapping[str, str],
    message: str,
    answer_by: date | None = None,
) -> OfficerCaseView:
    """Send a case back to the resident, with the fields that are wrong.

    Parameters
    ----------
    fields : what is wrong with each datum; "" if the message says it all.
    message : what is needed, in words for the resident.
    answer_by : asked for by then; two weeks from now if not given.

    Raises
    ------
    NotPermitted, NeedsReason, StaleState, AlreadyDecided, NotFound
    """
    now = moment.now()
    with denials.within(acting, WORK):
        on = _desk(acting, case_id, seen_state, now)
        case, definition = on.case, on.definition
        for name in fields:
            if name not in definition.data or not interview.askable(definition.data[name]):
                raise NotPermitted(f"The resident cannot be asked for {name!r}.")
        _move(on, ASK, message)
        asked = case.state
        requests.ask(
            person_id=case.person_id,
            case_id=case.id,
            service_no=case.service_no,
            message=message.strip(),
            fields=[{"datum": name, "why": why.strip()} for name, why in fields.items()],
            asked_by=acting.actor,
            now=now,
            answer_by=answer_by or moment.day_of(now) + TIME_TO_ANSWER,
        )
        paused = transitions.pause(on)
        transitions.enter(
            on,
            flow.Path((pinned.WAITING,), pinned.WAITING),
            return_state=asked,
            task_due=case.task_due,
            paused_since=paused,
        )
        transitions.record(acting, case, "case.asked")
        return officers.view_of(acting, case, now)


def decide(
    acting: Acting, *, case_id: UUID, seen_state: int, action: str, reason: str = ""
) -> OfficerCaseView:
    """Carry out an action of the state, or sign it first where four eyes are declared.

    Parameters
    ----------
    seen_state : `seen_state` of the view that the officer decided on.
    action : one of the state's `can`.
    reason : in words for the resident, where the action touches them.

    Returns
    -------
    The case afterwards; its `signature` is set if a second person has to confirm.

    Raises
    ------
    StaleState, AlreadyDecided
        With what happened meanwhile.
    NotPermitted, NeedsReason, NotFound
    """
    if action == EXTEND:
        return extend(acting, case_id=case_id, seen_state=seen_state, reason=reason)
    if action == ASK:
        return ask(acting, case_id=case_id, seen_state=seen_state, fields={}, message=reason)
    now = moment.now()
    with denials.within(acting, WORK):
        if action == REOPEN:
            case = _locked(acting, case_id, seen_state, ended=True)
            _insist_on_role(acting, case)
            open_again(acting, case, reason, now)
        else:
            on = _desk(acting, case_id, seen_state, now)
            case = on.case
            _carry_out(on, action, reason)
        return officers.view_of(acting, case, now)


def second(
    acting: Acting, *, case_id: UUID, seen_state: int, approve: bool, reason: str = ""
) -> OfficerCaseView:
    """Confirm or decline what a colleague signed first.

    Raises
    ------
    NotPermitted
        If the second person is the first, also through a mandate or another role.
    StaleState
        If there is no signature to confirm any more, or the evidence has changed.
    NeedsReason
        If it is declined without a word.
    AlreadyDecided, NotFound
    """
    now = moment.now()
    with denials.within(acting, WORK):
        on = _desk(acting, case_id, seen_state, now)
        case = on.case
        first = signatures.open_of(case.person_id, case.id)
        if first is None or first.evidence_revision != case.evidence_revision:
            raise StaleState(case.state)
        if set(first.humans) & set(officers.humans(acting)):
            raise NotPermitted("The second person must be another one than the first.")
        if approve:
            move = _move(on, first.action, first.reason, first=first.signed_by)
            _close(on, "confirmed", reason)
            transitions.move(
                on, target=move.state, action=move.action, reason=first.reason, first=first
            )
        else:
            if not reason.strip():
                raise NeedsReason("Tell your colleague why you do not confirm it.")
            _close(on, "declined", reason)
            cases.update(case, waits_for_second=False)
            transitions.tell(on, "case.declined", note=("decline", reason))
        return officers.view_of(acting, case, now)


def extend(acting: Acting, *, case_id: UUID, seen_state: int, reason: str) -> OfficerCaseView:
    """Extend the deadline, as often and by as much as the definition declares.

    Raises
    ------
    NotPermitted
        If it declares no extension, all are used, or the deadline has passed.
    NeedsReason, StaleState, AlreadyDecided, NotFound
    """
    now = moment.now()
    with denials.within(acting, WORK):
        on = _desk(acting, case_id, seen_state, now)
        if on.case.waits_for_second:
            raise StaleState(on.case.state)
        _move(on, EXTEND, reason)
        if why := officers.extension_blocked(on.definition, on.case, on.today):
            raise NotPermitted(why)
        transitions.extend(on)
        transitions.tell(on, "case.extended", note=(EXTEND, reason))
        return officers.view_of(acting, on.case, now)


def recheck(acting: Acting, *, case_id: UUID, seen_state: int) -> OfficerCaseView:
    """Read the registers again; a difference makes a new revision of the evidence.

    A first signature on the old evidence is void then.

    Raises
    ------
    StaleState, AlreadyDecided, NotPermitted, NotFound
    """
    now = moment.now()
    with denials.within(acting, WORK):
        on = _desk(acting, case_id, seen_state, now)
        situation, facts = answering.reread(on, on.situation, {})
        revision = answering.revise(on, on.application, situation, facts)
        if _close(on, "void", ""):
            cases.update(on.case, waits_for_second=False)
            transitions.record(acting, on.case, "case.voided")
        transitions.record(acting, on.case, "case.rechecked", revision=revision.revision)
        return officers.view_of(acting, on.case, now)


def open_again(acting: Acting, case: models.Case, reason: str, now: datetime) -> None:
    """Open a locked, closed case again: it goes to an officer, and its clock begins anew.

    Raises
    ------
    NotPermitted
        If its definition does not allow it in this state.
    NeedsReason
    """
    if case.open:
        raise NotPermitted("The case is open.")
    on = desks.desk(acting, case, now, trace=False)
    if not reason.strip():
        raise NeedsReason("Say what is wrong, for whoever looks at it again.")
    move = _move(on, REOPEN, reason)
    transitions.restart(on)
    transitions.enter(
        on,
        flow.Path((move.state,), move.state),
        open=True,
        outcome=None,
        closed_at=None,
        erase_on=None,
        missed_at=None,
        extended=0,
        due=transitions.recounted(on),
    )
    transitions.tell(on, "case.reopened", note=(REOPEN, reason))


# ---- what the acts have in common -----------------------------------------------


def _visible(acting: Acting, case_id: UUID, *, lock: bool = False) -> models.Case:
    case = cases.for_officer(acting.services, case_id, lock=lock)
    if case is None:
        raise denials.Hidden(models.Case, case_id)
    return case


def _locked(acting: Acting, case_id: UUID, seen_state: int, *, ended: bool = False) -> models.Case:
    case = _visible(acting, case_id, lock=True)
    residents.insist_on_seen(case, seen_state)
    if not case.open and not ended:
        raise AlreadyDecided(case.state)
    if officers.is_own(acting, case):
        raise NotPermitted("Nobody works on a case of their own.")
    return case


def _desk(acting: Acting, case_id: UUID, seen_state: int, now: datetime) -> Desk:
    case = _locked(acting, case_id, seen_state)
    _insist_on_role(acting, case)
    return desks.desk(acting, case, now)


def _insist_on_role(acting: Acting, case: models.Case) -> None:
    definition = catalogue.by_hash(case.definition_hash)
    row = pinned.state_of(definition, case.state)
    allowed = {row.by} if row.by else definition.roles
    if not allowed & acting.roles:
        raise NotPermitted(f"This step is for {row.by or 'an officer of the service'}.")


def _move(on: Desk, action: str, reason: str, *, first: str | None = None) -> flow.Move:
    """Return where an action leads; words of the flow become errors of this room.

    Raises
    ------
    NeedsReason, NotPermitted
    flow.NeedsSecond
    """
    if action == WITHDRAW:
        raise NotPermitted("Only the owner of a case withdraws it.")
    try:
        return flow.act(
            on.definition,
            on.case.state,
            action,
            on.verdict.values,
            reason=reason,
            actor=on.acting.actor,
            first=first,
        )
    except flow.NeedsReason as error:
        raise NeedsReason(str(error)) from error
    except (flow.SamePerson, flow.NotAllowed) as error:
        raise NotPermitted(str(error)) from error


def _carry_out(on: Desk, action: str, reason: str) -> None:
    if on.case.waits_for_second:
        raise StaleState(on.case.state)
    try:
        move = _move(on, action, reason)
    except flow.NeedsSecond:
        _sign(on, action, reason)
        return
    if action in flow.STAYING:
        cases.update(on.case, claimed_by="", claimed_name="")
        transitions.tell(on, "case.transferred", note=(action, reason))
        return
    transitions.move(on, target=move.state, action=move.action, reason=reason)


def _sign(on: Desk, action: str, reason: str) -> None:
    case = on.case
    signatures.sign(
        person_id=case.person_id,
        case_id=case.id,
        service_no=case.service_no,
        state_seq=case.state_seq,
        evidence_revision=case.evidence_revision,
        action=action,
        reason=reason.strip(),
        signed_by=on.acting.actor,
        signed_name=on.acting.name,
        humans=officers.humans(on.acting),
        mandate=on.acting.mandate,
        signed_at=on.now,
    )
    cases.update(case, waits_for_second=True)
    transitions.record(on.acting, case, "case.signed", action=action)


def _close(on: Desk, how: str, reason: str) -> int:
    return signatures.close(
        on.case.person_id,
        on.case.id,
        how=how,
        by=on.acting.actor,
        reason=reason.strip(),
        now=on.now,
    )
