"""A fact changes: the awards that rest on it are assessed again, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from townhall.awards import models
from townhall.awards.engine import adjusting, periods
from townhall.awards.engine.adjusting import Adjustment
from townhall.awards.engine.timeline import Timeline, Version, same
from townhall.awards.models import accounts, assessments, awards, facts
from townhall.awards.operations import moment, worth
from townhall.awards.operations.worth import Worth
from townhall.cases.operations import basis as cases
from townhall.cases.operations.basis import Basis
from townhall.foundation import events
from townhall.foundation.acting import SYSTEM
from townhall.foundation.text import marked

ADJUSTED, HELD = "award.adjusted", "award.held"
ADJUSTING = marked("To adjust your award after a change")
_ZERO = Decimal(0)


def react(*, about: UUID, register: str, kind: str, since: date, event_id: UUID) -> int:
    """Assess the awards that rest on a fact which a register says has changed.

    The caller is in the system's scope, in one transaction with the end of its job.

    Parameters
    ----------
    about
        Whose fact it is.
    since
        The first day on which it holds.

    Returns
    -------
    How many awards were assessed anew.
    """
    found = facts.watching(about, register, kind)
    changed = 0
    for (person_id, award_id), data in sorted(found.items()):
        award = awards.locked(person_id, award_id)
        if award is None or assessments.has_assessed(award, event_id):
            continue
        basis = cases.basis_of(person_id=person_id, case_id=award.case_id)
        if basis is not None:
            changed += _reassess(award, basis, data, since, event_id)
    return changed


def _reassess(
    award: models.Award, basis: Basis, data: Collection[str], since: date, event_id: UUID
) -> bool:
    now = moment.now()
    before = facts.timeline(award)
    first = max(since, award.start_on)
    paid = accounts.sums(award, first)
    days = sorted({first, *paid, *([award.next_on] if award.next_on else [])})
    news = list(_news(basis, before, data, [day for day in days if day >= since], now))
    if not news:
        return False
    facts.add_versions(award, news, now)
    after = before.with_news(news)
    changed = sorted({version.datum for version in news})
    assess(
        award,
        basis,
        Case(before.known, after, paid, first, changed, event_id, "fact"),
        now,
    )
    return True


def _news(
    basis: Basis, timeline: Timeline, data: Collection[str], days: list[date], now: datetime
) -> Iterable[Version]:
    """Yield what the register says otherwise than it is known, in stretches of days.

    The first and the last day are read; only where they differ, those between.
    """
    if not days:
        return
    read: dict[date, Mapping[str, Any]] = {}

    def at(day: date) -> Mapping[str, Any]:
        if day not in read:
            read[day] = cases.read_again(
                SYSTEM,
                basis,
                facts=timeline.at(day),
                data=data,
                on=day,
                now=now,
                purpose=ADJUSTING,
            )
        return read[day]

    seq = timeline.known
    for datum in sorted(data):
        for since, until, fact in _stretches(datum, days, at):
            within = [day for day in days if since <= day and (until is None or day < until)]
            if all(timeline.says(datum, day, fact) for day in within):
                continue
            seq += 1
            yield Version(seq, datum, fact, since, until)


def _stretches(
    datum: str, days: list[date], at: Any
) -> Iterable[tuple[date, date | None, Mapping[str, Any]]]:
    first, last = at(days[0])[datum], at(days[-1])[datum]
    if same(first, last):
        yield days[0], None, first
        return
    start, fact = days[0], first
    for day in days[1:]:
        now = at(day)[datum]
        if not same(now, fact):
            yield start, day, fact
            start, fact = day, now
    yield start, None, fact


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be assessed.

    Attributes
    ----------
    known
        How many things were known before.
    paid
        Period to what was paid for it, of the periods concerned.
    """

    known: int
    after: Timeline
    paid: Mapping[date, Decimal]
    first: date
    changed: list[str]
    event_id: UUID | None
    cause: str


def assess(award: models.Award, basis: Basis, case: Case, now: datetime) -> models.Assessment:
    """Compare what was paid with what is due, keep why, and apply it or let it wait."""
    due = worth.of_days(basis, case.after, case.paid)
    coming = worth.of_day(basis, case.after, award.next_on) if award.next_on else Worth(_ZERO)
    unsettled = [each for each in (*due.values(), coming) if each.amount is None]
    adjustment = (
        Adjustment(())
        if unsettled
        else adjusting.compare(case.paid, {day: each.amount or _ZERO for day, each in due.items()})
    )
    shown = adjustment.entries[0].day if adjustment.entries else award.next_on or case.first
    # Other rates, or a birthday: before is the period before, not the same as known before.
    earlier = shown if case.cause == "fact" else accounts.last_paid(award) or shown
    old = worth.of_day(basis, case.after, earlier, known=case.known, trace=True)
    new = worth.of_day(basis, case.after, shown, trace=True)
    rule = worth.declared(basis)
    waits = bool(unsettled) or adjustment.waits(rule.wait_over)
    made = assessments.add(
        person_id=award.person_id,
        award_id=award.id,
        service_no=award.service_no,
        seq=award.assessed + 1,
        cause=case.cause,
        event_id=case.event_id,
        known=case.known,
        changed=case.changed,
        from_on=shown,
        before=old.amount if old.amount is not None else _ZERO,
        after=new.amount,
        difference=adjustment.total,
        entries=[
            {"day": each.day.isoformat(), "kind": each.kind, "amount": str(each.amount)}
            for each in adjustment.entries
        ],
        next_on=award.next_on,
        next_amount=coming.amount if coming.amount is not None else _ZERO,
        explanation={"before": old.trace, "after": new.trace},
        waits=waits,
        pack_hash=basis.pack_hash,
        made_at=now,
    )
    if waits:
        awards.change(award, assessed=made.seq, held=True)
        _tell(award, made, HELD)
    else:
        apply(award, made, now)
    return made


def apply(award: models.Award, made: models.Assessment, now: datetime) -> None:
    """Put the differences of an assessment on the account, and tell."""
    accounts.book(award, made.id, lines_of(made), now)
    awards.change(
        award,
        assessed=max(award.assessed, made.seq),
        next_amount=made.next_amount,
        held=False,
    )
    _tell(award, made, ADJUSTED)


def lines_of(made: models.Assessment) -> list[adjusting.Entry]:
    """Return the differences of an assessment."""
    return [
        adjusting.Entry(date.fromisoformat(each["day"]), each["kind"], Decimal(each["amount"]))
        for each in made.entries
    ]


def again(award: models.Award, now: datetime, *, cause: str) -> models.Assessment | None:
    """Assess the next period of an award by what is known; None if its case is gone."""
    basis = cases.basis_of(person_id=award.person_id, case_id=award.case_id)
    if basis is None:
        return None
    timeline = facts.timeline(award)
    first = award.next_on or award.start_on
    return assess(award, basis, Case(timeline.known, timeline, {}, first, [], None, cause), now)


def coming(award: models.Award, day: date) -> date | None:
    """Return the period after one that was paid."""
    return periods.after(award.every, award.start_on, award.until_on, day)


def _tell(award: models.Award, made: models.Assessment, kind: str) -> None:
    events.record(
        kind,
        subject=award.id,
        person_id=award.person_id,
        acting=SYSTEM,
        service_no=award.service_no,
        payload={
            "assessment": str(made.id),
            "case": str(award.case_id),
            "seq": made.seq,
            "cause": made.cause,
        },
    )
