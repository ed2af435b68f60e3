"""What the house does by itself: waiting automatic steps, and missed deadlines.

Each function works in the scope that the worker opened for it.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from townhall.cases.models import case as cases
from townhall.cases.operations import (
    answering,
    moment,
    pinned,
    reading,
    retries,
    transitions,
)
from townhall.cases.operations import desk as desks
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import assessment as assessing
from townhall.catalogue.engine import flow
from townhall.catalogue.engine.definition import Definition, State
from townhall.foundation.acting import SYSTEM
from townhall.foundation.text import formats, gettext, marked

BATCH = 100
DEEMED = {"grant": "granted", "refuse": "refused"}
MISSED = marked("The deadline of %(day)s passed without a decision; the law says what follows.")


def try_auto_step(*, person_id: UUID, case_id: UUID) -> None:
    """Try again the automatic step of a case whose register did not answer.

    After `retries.MOST_TRIES` the case goes to an officer: a step that cannot be
    done never decides.
    """
    case = cases.get(person_id, case_id, lock=True)
    if case is None or not case.open:
        return
    on = desks.desk(SYSTEM, case, moment.now(), trace=False)
    row = on.definition.flow.get(case.state)
    if row is None or not row.is_automatic:
        return
    before = on.application
    situation, facts = answering.reread(on, on.situation, reading.without_unavailable(before.facts))
    verdict = assessing.assess(on.definition, situation)
    waiting = flow.enter(on.definition, situation, verdict, case.state).waiting
    if waiting and not retries.exhausted(case):
        cases.update(case, auto_tries=case.auto_tries + 1)
        retries.promise(case)
        return
    after = before if waiting else answering.revise(on, before, situation, facts)
    on = replace(on, application=after, situation=situation, verdict=verdict)
    if waiting:
        transitions.move(on, target=_in_doubt(on.definition, row), action="doubt")
    else:
        transitions.move(on, target=case.state, action="checked")


def escalate_missed() -> int:
    """Deal with deadlines that have passed, as each definition says; return how many."""
    now = moment.now()
    today = moment.day_of(now)
    missed = cases.past_due(today, BATCH)
    for case in missed:
        definition = catalogue.by_hash(case.definition_hash)
        rule = definition.deadline.if_missed if definition.deadline else "note"
        cases.update(case, missed_at=now)
        transitions.record(SYSTEM, case, "case.overdue", rule=rule)
        if rule in DEEMED and DEEMED[rule] in definition.flow:
            day = formats.date(case.due, case.language) if case.due else ""
            transitions.move(
                desks.desk(SYSTEM, case, now),
                target=DEEMED[rule],
                action=rule,
                reason=gettext(MISSED, case.language) % {"day": day},
            )
    return len(missed)


def _in_doubt(definition: Definition, row: State) -> str:
    """Return the officers' state to which an automatic state leads in doubt."""
    named = row.doubt or row.to.get("doubt", "")
    if named and pinned.state_of(definition, named).by:
        return named
    return next(name for name, each in definition.flow.items() if each.by)
