"""An automatic step whose register does not answer: tried again, then given to an officer."""

from __future__ import annotations

from datetime import timedelta

from townhall.cases import models
from townhall.foundation import jobs

JOB = "cases.auto_step"
# 1, 2, 4 … minutes, at most 6 hours apart: together a little more than a day.
MOST_TRIES = 14
_FIRST = timedelta(minutes=1)
_LONGEST = timedelta(hours=6)


def promise(case: models.Case) -> None:
    """Promise, in the open transaction, to try the waiting step of a case again."""
    delay = min(_FIRST * 2**case.auto_tries, _LONGEST)
    jobs.enqueue(
        JOB,
        args={"case": str(case.id), "person": str(case.person_id)},
        key=str(case.id),
        run_at=delay,
    )


def exhausted(case: models.Case) -> bool:
    """Say whether it has been tried often enough."""
    return case.auto_tries >= MOST_TRIES
