"""Reading what registers know, for a draft or a case, through the one gate.

Each read makes a ticket for this step and writes the journal line in the same
transaction. What came back is kept with where and when it was read, including
that nothing came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from townhall.cases.engine import snapshot
from townhall.catalogue.engine import interview
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.situation import Situation
from townhall.exchange import operations as exchange
from townhall.foundation.acting import Acting
from townhall.foundation.text import marked

Stored = dict[str, Any]

APPLYING = marked("To fill in your application")
CHECKING = marked("To check your application")
PUBLIC_TASK = marked("Public task of the agency (GDPR art. 6(1)(e))")

# A fact older than this is read again when a draft is opened, never silently at submit.
FACTS_FRESH = timedelta(hours=24)
_MOST_ROUNDS = 8


def read_due(
    acting: Acting,
    *,
    definition: Definition,
    situation: Situation,
    stored: Mapping[str, Any],
    person_id: UUID,
    subject_id: UUID,
    service_no: int | None,
    now: datetime,
    purpose: str = APPLYING,
) -> tuple[Situation, Stored]:
    """Read every fact whose key is known by now; a fact may be the key of the next.

    Parameters
    ----------
    stored : the facts that are there, as `snapshot.fact_to_json` writes them.
    subject_id : the draft or case that needs them.
    service_no : None outside any service, which only a person may do for themselves.

    Returns
    -------
    The situation with the facts, and all facts as they are to be stored.
    """
    facts = {name: fact for name, fact in stored.items() if name in definition.data}
    step = exchange.Step(
        person_id=person_id,
        case_id=subject_id,
        service_no=service_no,
        agency=definition.agency,
        purpose=purpose,
        legal_basis=_legal_basis(definition),
    )
    for _ in range(_MOST_ROUNDS):
        if _all_read(definition, facts):
            break
        due = interview.reads_due(definition, situation)
        if not due:
            break
        reads = [exchange.Read(each.register, each.facts or (each.fact,), each.by) for each in due]
        found = exchange.read_many(acting, step=step, reads=reads, on=situation.today)
        for each, read, fact in zip(due, reads, found, strict=True):
            value = fact.value
            # The whole entry is a record also if only one fact of it is used.
            if not each.fact and len(read.kinds) == 1 and fact.outcome == "found":
                value = {read.kinds[0]: fact.value}
            kept = replace(fact, value=value, key=each.by)
            facts[each.datum.name] = snapshot.fact_to_json(kept, now)
        situation = replace(situation, facts=snapshot.facts_from_json(facts))
    return situation, facts


def _all_read(definition: Definition, facts: Mapping[str, Any]) -> bool:
    """Say, without evaluating anything, that there is nothing left to read.

    A fact whose key is another datum may have been read by another key than the one
    now given, so a definition with such facts is always looked at.
    """
    return all(
        datum.name in facts and datum.source is not None and not datum.source.by
        for datum in definition.register_data
    )


def without_stale(stored: Mapping[str, Any], now: datetime) -> Stored:
    """Return the facts without those that are too old, or that were not to be had."""
    return {
        name: fact
        for name, fact in stored.items()
        if now - snapshot.read_at(fact) < FACTS_FRESH and fact["outcome"] != "unavailable"
    }


def without_unavailable(stored: Mapping[str, Any]) -> Stored:
    """Return the facts without those whose register did not answer, to ask it again."""
    return {name: fact for name, fact in stored.items() if fact["outcome"] != "unavailable"}


def _legal_basis(definition: Definition) -> str:
    law = next(iter(definition.law), None)
    return next(iter(law.title.values()), PUBLIC_TASK) if law else PUBLIC_TASK
