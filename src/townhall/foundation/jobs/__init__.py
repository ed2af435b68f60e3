"""Background work that is promised in the same transaction as the change that needs it.

A job is a row of `foundation_job`. `enqueue` inserts it on the caller's
connection: if the change is rolled back, the job was never promised; if it is
committed, the job will be run, whatever dies meanwhile. Delivery is at least
once; for handlers that keep to the database (`atomic=True`, the default) effect
and finish are one transaction, so the effect happens exactly once.

Start reading at `queue` (promising), then `claims` (the life of a row),
`running` (one job), `worker` (the process), `schedule` (periodic work) and
`operations` (what an operator does with jobs that were given up).

>>> @handler("letters.write")
... def write(*, letter: str) -> None: ...
>>> enqueue("letters.write", args={"letter": str(letter_id)})
"""

from townhall.foundation.jobs.queue import NewJob, enqueue, enqueue_many
from townhall.foundation.jobs.registry import UnknownJob, handler, periodic
from townhall.foundation.jobs.running import GiveUp, JobFailed, run_due

__all__ = [
    "GiveUp",
    "JobFailed",
    "NewJob",
    "UnknownJob",
    "enqueue",
    "enqueue_many",
    "handler",
    "periodic",
    "run_due",
]
