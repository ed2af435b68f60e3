"""An officer decides about an assessment that waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from townhall.awards import models
from townhall.awards.engine.timeline import Version
from townhall.awards.models import assessments, awards, facts
from townhall.awards.operations import adjusting, moment
from townhall.awards.views import AlreadyRuled, NeedsReason, NotFound, Unsettled
from townhall.foundation import events
from townhall.foundation.acting import Acting
from townhall.foundation.database.scope import scope

RULED = "award.ruled"


def _restore(award: models.Award, pending: list[models.Assessment], now: datetime) -> None:
    """Let what was known before all that waits go on holding: the officer found that it is so."""
    timeline = facts.timeline(award)
    since = min(each.from_on for each in pending)
    before = timeline.at(since, pending[0].known)
    changed = sorted({name for each in pending for name in each.changed})
    versions = [
        Version(
            timeline.known + place,
            datum,
            {**before[datum], "source": "officer"},
            since,
        )
        for place, datum in enumerate((each for each in changed if each in before), start=1)
    ]
    facts.add_versions(award, versions, now)
    awards.change(award, held=False)


def rule(acting: Acting, *, assessment_id: UUID, applies: bool, reason: str) -> None:
    """Let a change of an award take effect, or not.

    Parameters
    ----------
    reason
        In the officer's words; the person reads it.

    Raises
    ------
    NotFound
        If the actor is no officer of the service, or nothing waits under this id.
    AlreadyRuled, NeedsReason, Unsettled
    """
    if not reason.strip():
        raise NeedsReason("Write the reason: the person reads it with the change.")
    if not acting.actor.startswith("officer:"):
        raise NotFound("There is nothing here that you may decide.")
    with scope(acting):
        made = assessments.get(assessment_id)
        if made is None or not made.waits or made.service_no not in acting.services:
            raise NotFound("There is nothing here that you may decide.")
        if applies and made.after is None:
            raise Unsettled(
                "The rules alone do not settle this change. Correct the fact in its register, or "
                "keep the award as it was."
            )
        award = awards.locked(made.person_id, made.award_id)
        assert award is not None
        if made.id in assessments.rulings(made.person_id, [made.award_id]):
            raise AlreadyRuled("Somebody has decided this before you. Open it again to see.")
        if made.seq != award.assessed:
            raise AlreadyRuled("A later change took the place of this one. Decide about that one.")
        now = moment.now()
        pending = assessments.pending(award)
        assessments.add_ruling(
            person_id=made.person_id,
            award_id=made.award_id,
            assessment_id=made.id,
            service_no=made.service_no,
            applies=applies,
            reason=reason.strip()[:4000],
            made_by=acting.actor,
            made_name=acting.name,
            made_at=now,
        )
        events.record(
            RULED,
            subject=award.id,
            person_id=award.person_id,
            acting=acting,
            service_no=award.service_no,
            payload={"assessment": str(made.id), "applies": applies},
        )
        if applies:
            adjusting.apply(award, made, now)
        else:
            _restore(award, pending, now)
