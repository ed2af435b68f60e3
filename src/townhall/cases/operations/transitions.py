"""Moving a locked case from state to state; every way in comes through here.

The caller holds the lock of the case row and has checked who may do it. One
transition is one transaction: state, decision, clock, event and the jobs that
follow from the event.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from townhall.cases import models
from townhall.cases.engine import deadline
from townhall.cases.models import case as cases
from townhall.cases.models import clock, notes, requests, signatures
from townhall.cases.operations import explanations, filing, pinned, retries, showing
from townhall.cases.operations.desk import Act, Desk
from townhall.catalogue.engine import flow
from townhall.catalogue.engine.flow import Path
from townhall.exchange import operations as exchange
from townhall.foundation import events
from townhall.foundation.acting import SYSTEM, Acting


def move(
    desk: Desk,
    *,
    target: str,
    action: str,
    reason: str = "",
    first: models.Signature | None = None,
) -> None:
    """Lead a case to a state, and on from there as far as it goes by itself.

    Parameters
    ----------
    action : what led here; it stands in the decision, if the state ends the case.
    reason : in the officer's words; the resident reads it.
    first : the first signature, if the actor is the second person.
    """
    path = _onward(desk, target)
    enter(desk, path)
    if not path.outcome:
        tell(desk, "case.moved", note=(action, reason))
        if path.waiting:
            retries.promise(desk.case)
        return
    if path.state == target:
        decision = _decision(desk, action, reason, first)
    else:  # the person led to a state from which the rules went on
        decision = filing.automatic_decision(
            desk.definition, desk.case, desk.application, desk.verdict, path
        )
    decision.decided_at = desk.now
    decision.save(force_insert=True)
    by = SYSTEM if decision.automatic else desk.acting
    events.record_many([filing.decided(by, desk.case, decision)])
    end_reading(desk)


def enter(act: Act, path: Path, **more: Any) -> None:
    """Write the state that a path leads to; `more` are further columns of the case.

    A first signature that is still open was for the state that is left: it is void.
    """
    case, ended = act.case, bool(path.outcome)
    signatures.close(
        case.person_id, case.id, how="void", by=act.acting.actor, reason="", now=act.now
    )
    fields: dict[str, Any] = {
        "state": path.state,
        "state_seq": case.state_seq + len(path.visited),
        "state_at": act.now,
        "state_on": act.today,
        "return_state": "",
        "task_due": None if ended else filing.task_due(act.definition, path.state, act.today),
        "waits_for_second": False,
        "auto_tries": 0,
    }
    if ended:
        fields |= {
            "outcome": path.outcome,
            "open": False,
            "closed_at": act.now,
            "erase_on": pinned.erase_on(act.definition, path.outcome, act.today),
            "paused_since": None,
        }
    cases.update(case, **{**fields, **more})


def pause(act: Act) -> date | None:
    """Stop the clock of a case, if its definition says so; return since when."""
    rule = act.definition.deadline
    if rule is None or rule.pause_while != pinned.WAITING:
        return None
    _add_clock(act, "pause")
    return act.today


def resume(act: Act) -> dict[str, Any]:
    """Let the clock go on; return the columns that change by it."""
    if act.case.paused_since is None:
        return {}
    _add_clock(act, "resume")
    return {"paused_since": None, "due": recounted(act)}


def extend(act: Act) -> None:
    """Extend the deadline by what the definition declares."""
    rule = act.definition.deadline
    assert rule is not None
    assert rule.extend_by is not None
    _add_clock(act, "extend", period=str(rule.extend_by))
    cases.update(act.case, extended=act.case.extended + 1, due=recounted(act), missed_at=None)


def restart(act: Act) -> None:
    """Begin the clock anew, on the day on which a case is opened again."""
    _add_clock(act, "restart")


def recounted(act: Act) -> date | None:
    """Return the due date as the clock gives it now."""
    if act.definition.deadline is None:
        return None
    entries = clock.of_case(act.case.person_id, act.case.id)
    return showing.counted(act.definition, act.case, entries, act.today).would_be


def shifted_task(act: Act, state: str) -> date | None:
    """Return the due date of a state that was left for a question and is entered again."""
    before, since = act.case.task_due, act.case.paused_since
    within = pinned.state_of(act.definition, state).within
    if before is None or within is None:
        return filing.task_due(act.definition, state, act.today)
    if since is None:
        return before
    pause_of_task = deadline.Pause(since, act.today)
    term = deadline.Term(within)
    return deadline.shifted(before, pause_of_task, term, act.definition.pack.calendar)


def tell(act: Act, kind: str, *, note: tuple[str, str] = ("", ""), **payload: Any) -> None:
    """Record what happened to a case.

    Parameters
    ----------
    note : an act and its reason in somebody's own words; kept with the case and not
        in the event, because events are never erased.
    """
    why, words = note
    if words.strip():
        written = notes.add(
            person_id=act.case.person_id,
            case_id=act.case.id,
            service_no=act.case.service_no,
            kind=why[:20],
            text=words.strip(),
            made_by=act.acting.actor,
            made_name=act.acting.name,
            now=act.now,
        )
        payload["note"] = str(written.id)
    record(act.acting, act.case, kind, **payload)


def record(acting: Acting, case: models.Case, kind: str, **payload: Any) -> None:
    """Record an event of a case, with the state it is in."""
    if acting.actor.startswith(("officer:", "partner:")):
        payload["by"] = acting.name
    events.record(
        kind,
        subject=case.id,
        person_id=case.person_id,
        acting=acting,
        service_no=case.service_no,
        payload={"state": case.state, "state_seq": case.state_seq, **payload},
    )


def withdraw(act: Act, reason: str) -> None:
    """End a case because its owner takes it back."""
    requests.close(act.case.person_id, act.case.id, answered=False, now=act.now)
    enter(act, Path((pinned.WITHDRAWN,), pinned.WITHDRAWN, pinned.WITHDRAWN))
    tell(act, "case.withdrawn", note=("withdraw", reason))
    end_reading(act)


def end_reading(act: Act) -> None:
    """Take back the right to read registers for a case that is over."""
    case = act.case
    exchange.revoke_tickets(
        act.acting, person_id=case.person_id, case_id=case.id, service_no=case.service_no
    )


def _onward(desk: Desk, target: str) -> Path:
    row = pinned.state_of(desk.definition, target)
    if target in desk.definition.flow and row.is_automatic:
        return flow.enter(desk.definition, desk.situation, desk.verdict, target)
    return Path((target,), target, row.outcome if row.end else "")


def _decision(
    desk: Desk, action: str, reason: str, first: models.Signature | None
) -> models.Decision:
    """Return the decision of one officer, or of the first confirmed by the second."""
    case, acting = desk.case, desk.acting
    return models.Decision(
        person_id=case.person_id,
        case_id=case.id,
        service_no=case.service_no,
        evidence_revision=desk.application.revision,
        state=case.state,
        state_seq=case.state_seq,
        outcome=case.outcome,
        action=action,
        reason=reason.strip(),
        explanation=explanations.to_json(desk.definition, desk.verdict),
        automatic=acting.system,
        decided_by=first.signed_by if first else acting.actor,
        decided_name=first.signed_name if first else acting.name,
        second_by=acting.actor if first else "",
        second_name=acting.name if first else "",
        definition_hash=desk.application.definition_hash,
        pack_hash=pinned.pack_hash(desk.definition.pack),
    )


def _add_clock(act: Act, kind: str, period: str = "") -> None:
    clock.add(
        person_id=act.case.person_id,
        case_id=act.case.id,
        service_no=act.case.service_no,
        kind=kind,
        on_day=act.today,
        period=period,
        made_by=act.acting.actor,
        now=act.now,
    )
