"""On its day a period is paid: at the rates and by the facts of that day."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from townhall.awards import models
from townhall.awards.engine import adjusting as engine
from townhall.awards.models import accounts, assessments, awards, facts
from townhall.awards.operations import adjusting, moment, worth
from townhall.cases.operations import basis as cases
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope

MOST = 500


def pay_due() -> int:
    """Pay every period that is due, each award in a transaction of its own.

    Returns
    -------
    How many periods were paid.
    """
    today = moment.day_of(moment.now())
    paid = 0
    while True:
        with scope(SYSTEM):
            waiting = awards.due(today, MOST)
        done = sum(_pay(person_id, award_id, today) for person_id, award_id in waiting)
        paid += done
        if not done:
            return paid


def _pay(person_id: UUID, award_id: UUID, today: date) -> int:
    with scope(SYSTEM):
        award = awards.locked(person_id, award_id)
        if award is None or award.held:
            return 0
        basis = cases.basis_of(person_id=person_id, case_id=award.case_id)
        if basis is None:
            return 0
        count, now = 0, moment.now()
        timeline = facts.timeline(award)
        while award.next_on is not None and award.next_on <= today:
            found = worth.of_day(basis, timeline, award.next_on)
            if found.amount is None or found.amount != award.next_amount:
                # Other rates, or somebody's birthday: assessed and told before it is paid.
                made = adjusting.again(award, now, cause="rates")
                if made is None or made.waits:
                    break
            _book(award, award.next_amount, now)
            count += 1
        return count


def _book(award: models.Award, amount: Decimal, now: datetime) -> None:
    assert award.next_on is not None
    day = award.next_on
    newest = assessments.of_awards(award.person_id, [award.id])[0]
    accounts.book(award, newest.id, [engine.Entry(day, engine.PAYMENT, amount)], now)
    following = adjusting.coming(award, day)
    awards.change(award, next_on=following)
    if following is None:
        cases.release(person_id=award.person_id, case_id=award.case_id, on=day)
