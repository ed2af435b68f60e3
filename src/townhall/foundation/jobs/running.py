"""Running claimed jobs: effect and finish in one transaction, each failure on its own."""

from __future__ import annotations

from typing import NamedTuple

import structlog
from django.db import connection
from django.db.utils import InterfaceError, OperationalError

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.jobs import claims, registry
from townhall.foundation.jobs.claims import Claim, LeaseLost

_log = structlog.get_logger("townhall.jobs")


class GiveUp(Exception):
    """Raised by a handler: trying again cannot help, an operator has to look at the job."""


class JobFailed(Exception):
    """Raised by `run_due` after everything has run, if a job failed."""


class Result(NamedTuple):
    """How one run ended: "done", "failed", "dead" or "lost"; and the error, if there was one."""

    outcome: str
    error: BaseException | None = None


def run(claimed: Claim) -> Result:
    """Run one claimed job and settle its row; never raises for what the handler does.

    Raises
    ------
    DatabaseError
        if not even the failure could be recorded.
    """
    with structlog.contextvars.bound_contextvars(job=claimed.name, job_id=str(claimed.id)):
        return _run(claimed)


def _run(claimed: Claim) -> Result:
    handler = registry.known(claimed.name)
    try:
        if handler is None:
            raise registry.UnknownJob(claimed.name)
        if handler.atomic:
            _run_atomic(handler, claimed)
        else:
            handler.call(**claimed.args)
            claims.finish(claimed)
    except LeaseLost as lost:
        _log.warning("job lost to another worker")
        return Result("lost", lost)
    except (Exception, SystemExit) as error:  # whatever a handler does becomes a recorded failure
        return _failed(claimed, error)
    return Result("done")


def _run_atomic(handler: registry.Handler, claimed: Claim) -> None:
    with scope(SYSTEM):
        handler.call(**claimed.args)
        claims.finish(claimed, with_effect=True)


def _failed(claimed: Claim, error: BaseException) -> Result:
    if isinstance(error, (OperationalError, InterfaceError)) and not connection.in_atomic_block:
        # The connection may be gone; the next statement opens a new one.
        connection.close_if_unusable_or_obsolete()
    state = claims.fail(claimed, error, hopeless=isinstance(error, GiveUp))
    if state is None:
        return Result("lost", error)
    _log.error(
        "job failed",
        failures=claimed.failures + 1,
        state=state,
        error=claims.described(error),
    )
    return Result("dead" if state == "dead" else "failed", error)


def run_due(limit: int = 1_000, *, queue: str | None = None, strict: bool = True) -> int:
    """Run due jobs now, in this process, until none is due.

    Jobs that become due by running others are run too. Used by tests and by
    `townhall up --check`; the worker does it better.

    Parameters
    ----------
    limit : the most jobs to run.
    queue : only this queue.
    strict : raise if a job failed.

    Returns
    -------
    How many jobs were done.

    Raises
    ------
    JobFailed
        if `strict` and a job failed; each failure is recorded as the worker would.
    """
    done = ran = 0
    failures: list[tuple[Claim, BaseException]] = []
    while ran < limit:
        claims.tidy()
        batch: list[Claim] = []
        for name in (queue,) if queue else registry.queues():
            for alone in (False, True):
                batch += claims.claim(
                    name, min(claims.BATCH, limit - ran) - len(batch), alone=alone
                )
        if not batch:
            break
        for claimed in batch:
            result = run(claimed)
            ran += 1
            done += result.outcome == "done"
            if result.outcome != "done" and result.error is not None:
                failures.append((claimed, result.error))
    if failures and strict:
        text = "; ".join(f"{each.name}: {claims.described(error)}" for each, error in failures)
        raise JobFailed(text) from failures[0][1]
    return done
