"""A grant begins an award."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from townhall.awards import models
from townhall.awards.engine import periods
from townhall.awards.engine.timeline import Version
from townhall.awards.models import assessments, awards, facts
from townhall.awards.operations import moment, worth
from townhall.cases.operations import basis as cases
from townhall.cases.operations.basis import Basis
from townhall.catalogue.engine.results import with_results
from townhall.catalogue.engine.situation import evaluated
from townhall.foundation import events
from townhall.foundation.acting import SYSTEM

GRANTS = frozenset({"granted", "part_granted"})
BEGAN = "award.began"
_ALWAYS = date(1, 1, 1)  # what the case knew counts for all days, until something else is known


def begin(*, person_id: UUID, case_id: UUID) -> models.Award | None:
    """Begin the award of a case that was granted, once; the caller is in the system's scope.

    Returns
    -------
    None where the service pays nothing in periods, the case is not granted, or
    its award began before.
    """
    basis = cases.basis_of(person_id=person_id, case_id=case_id)
    if basis is None or basis.definition.award is None or basis.outcome not in GRANTS:
        return None
    awards.one_at_a_time(f"awards {case_id}")
    if awards.of_case(person_id, case_id) is not None:
        return None
    now = moment.now()
    start, until = _span(basis)
    award = models.Award(
        person_id=person_id,
        case_id=case_id,
        service_no=basis.service_no,
        number=basis.number,
        definition_hash=basis.definition.hash,
        every=worth.declared(basis).every,
        currency=basis.definition.pack.currency,
        start_on=start,
        until_on=until,
        made_at=now,
    )
    award.save(force_insert=True)
    facts.add_versions(award, _known(basis), now)
    facts.watch(award, _watched(basis))
    cases.keep(person_id=person_id, case_id=case_id)
    _first(award, basis, now)
    return award


def _span(basis: Basis) -> tuple[date, date | None]:
    """Return the first day of the award, and the day after its last."""
    rule = worth.declared(basis)
    values = with_results(basis.definition, basis.situation.values(basis.definition))
    start = evaluated(rule.start, values) if rule.start is not None else basis.received_on
    until = evaluated(rule.until, values) if rule.until is not None else None
    return (
        start if isinstance(start, date) else basis.received_on,
        until if isinstance(until, date) else None,
    )


def _known(basis: Basis) -> Iterator[Version]:
    for seq, (datum, fact) in enumerate(sorted(basis.facts.items()), start=1):
        yield Version(seq, datum, fact, _ALWAYS)


def _watched(basis: Basis) -> Iterator[tuple[UUID, str, str, str]]:
    """Yield what the award rests on: (about whom, register, kind, datum)."""
    for datum in basis.definition.register_data:
        source, fact = datum.source, basis.facts.get(datum.name)
        if source is None or fact is None:
            continue
        about = _person(fact.get("key")) or basis.person_id
        for kind in source.facts or (source.fact,):
            yield about, source.register, kind, datum.name


def _person(key: object) -> UUID | None:
    try:
        return UUID(str(key))
    except ValueError:
        return None


def _first(award: models.Award, basis: Basis, now: datetime) -> None:
    """Assess what was granted, and say when the first payment is due."""
    today = moment.day_of(now)
    first = periods.after(award.every, award.start_on, award.until_on, _before(award.start_on))
    timeline = facts.timeline(award)
    found = worth.of_day(basis, timeline, first or today, trace=True)
    amount = found.amount if found.amount is not None else Decimal(0)
    assessments.add(
        person_id=award.person_id,
        award_id=award.id,
        service_no=award.service_no,
        seq=1,
        cause="granted",
        from_on=first or today,
        before=0,
        after=found.amount,
        difference=0,
        next_on=first,
        next_amount=amount,
        explanation={"before": None, "after": found.trace},
        pack_hash=basis.pack_hash,
        made_at=now,
    )
    awards.change(award, next_on=first, next_amount=amount, assessed=1)
    events.record(
        BEGAN,
        subject=award.id,
        person_id=award.person_id,
        acting=SYSTEM,
        service_no=award.service_no,
        payload={"case": str(award.case_id), "next_on": first.isoformat() if first else None},
    )


def _before(day: date) -> date:
    return date.fromordinal(max(1, day.toordinal() - 1))
