"""What people and officers see of awards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from townhall.awards import models
from townhall.awards.models import accounts, assessments, awards
from townhall.awards.operations import adjusting
from townhall.awards.views import AwardView, Change, Line, NotFound
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.definition import Definition, Text
from townhall.foundation.acting import Acting
from townhall.foundation.database.scope import scope
from townhall.rules.engine import Step

MOST_LINES = 120


def my_awards(acting: Acting) -> tuple[AwardView, ...]:
    """Return the awards of the person acted for, the newest first."""
    if acting.person_id is None:
        return ()
    with scope(acting):
        return tuple(_view(award) for award in awards.of_person(acting.person_id))


def my_award(acting: Acting, *, award_id: UUID) -> AwardView:
    """Return one's own award.

    Raises
    ------
    NotFound
    """
    for award in my_awards(acting):
        if award.id == award_id:
            return award
    raise NotFound("There is nothing here that you may see.")


def waiting(acting: Acting) -> tuple[Change, ...]:
    """Return the changes that wait for an officer of their service, the oldest first."""
    if not acting.services:
        return ()
    with scope(acting):
        return tuple(changes_of(assessments.waiting(acting.services)))


def waiting_change(acting: Acting, *, assessment_id: UUID) -> Change:
    """Return one change of an award, as an officer of its service sees it.

    Raises
    ------
    NotFound
    """
    with scope(acting):
        made = assessments.get(assessment_id)
        if made is None or made.service_no not in acting.services:
            raise NotFound("There is nothing here that you may see.")
        return next(iter(changes_of([made])))


def _view(award: models.Award) -> AwardView:
    definition = catalogue.by_hash(award.definition_hash)
    made = assessments.of_awards(award.person_id, [award.id])
    sums = accounts.sums(award)
    return AwardView(
        id=award.id,
        case_id=award.case_id,
        number=award.number,
        service=definition.service,
        title=title_of(definition),
        every=award.every,
        currency=award.currency,
        start_on=award.start_on,
        next_on=award.next_on,
        next_amount=award.next_amount,
        held=award.held,
        paid=sum(sums.values(), Decimal(0)),
        changes=tuple(changes_of(made, {award.id: award})),
        account=tuple(
            Line(row.day, row.kind, row.amount, row.made_at)
            for row in accounts.newest(award.person_id, award.id, MOST_LINES)
        ),
        watched=tuple(datum.label for datum in definition.register_data),
    )


def changes_of(
    made: Iterable[models.Assessment], known: Mapping[UUID, models.Award] | None = None
) -> Iterable[Change]:
    """Yield assessments as people read them, in the open scope."""
    known = dict(known or {})
    rulings: dict[UUID, models.Ruling] = {}
    seen: set[UUID] = set()
    for row in made:
        if row.award_id not in known:
            found = models.Award.objects.filter(person_id=row.person_id, id=row.award_id).first()
            if found is None:
                continue
            known[row.award_id] = found
        if row.award_id not in seen:
            seen.add(row.award_id)
            rulings |= assessments.rulings(row.person_id, [row.award_id])
        yield _change(row, known[row.award_id], rulings.get(row.id))


def _change(row: models.Assessment, award: models.Award, ruling: models.Ruling | None) -> Change:
    definition = catalogue.by_hash(award.definition_hash)
    lines = adjusting.lines_of(row)
    status = "applied"
    if row.waits:
        replaced = ruling is None and row.seq < award.assessed
        status = "replaced" if replaced else "waiting" if ruling is None else "rejected"
        if ruling is not None and ruling.applies:
            status = "applied"
    return Change(
        id=row.id,
        award_id=award.id,
        person_id=award.person_id,
        number=award.number,
        service=definition.service,
        service_title=title_of(definition),
        cause=row.cause,
        changed=tuple(_titles(definition, row.changed)),
        from_on=row.from_on,
        before=row.before,
        after=row.after,
        arrears=sum((line.amount for line in lines if line.amount > 0), Decimal(0)),
        overpaid=-sum((line.amount for line in lines if line.amount < 0), Decimal(0)),
        periods=len(lines),
        currency=award.currency,
        every=award.every,
        status=status,
        reason=ruling.reason if ruling else "",
        made_at=row.made_at,
        why_before=_step(row.explanation.get("before")),
        why_after=_step(row.explanation.get("after")),
        definition=definition,
    )


def title_of(definition: Definition) -> Text:
    """Return what the award of a service is called."""
    award = definition.award
    return (award.title if award is not None else None) or definition.title


def _titles(definition: Definition, names: Iterable[str]) -> Iterable[Text]:
    return (definition.data[name].label for name in names if name in definition.data)


def _step(stored: Any) -> Step | None:
    return Step.from_data(stored) if stored is not None else None
