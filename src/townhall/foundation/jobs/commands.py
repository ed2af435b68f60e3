"""`townhall jobs`: background work that was given up after many tries."""

from __future__ import annotations

import argparse
from uuid import UUID


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `townhall jobs list|retry|drop`."""
    parser = subparsers.add_parser("jobs", help="look after background work that was given up")
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="how the queues stand, and what was given up and why")
    listing.set_defaults(run=_list, needs_database=True)
    retry = actions.add_parser("retry", help="have jobs tried again, when the cause is mended")
    retry.add_argument("job", nargs="+", type=UUID, help="ids from `townhall jobs list`")
    retry.set_defaults(run=_retry, needs_database=True)
    drop = actions.add_parser("drop", help="remove jobs that need not be done")
    drop.add_argument("job", nargs="+", type=UUID, help="ids from `townhall jobs list`")
    drop.add_argument("--reason", required=True, help="why; it is remembered as an event")
    drop.set_defaults(run=_drop, needs_database=True)


def _list(arguments: argparse.Namespace) -> int:
    from townhall.foundation.jobs import operations

    for each in operations.queues():
        print(
            f"queue {each.queue}: {each.ready} ready, {each.waiting} waiting, "
            f"{each.leased} being done, {each.dead} given up"
        )
    last = None
    while page := operations.dead(after=last):
        for job in page:
            print(
                f"{job.id}  {job.name}  {job.failures} tries, "
                f"given up {job.given_up_at:%Y-%m-%d %H:%M} UTC\n  {job.last_error}"
            )
        last = page[-1].id
    return 0


def _retry(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.foundation.jobs import operations

    return _said(operations.retry(ids=arguments.job, acting=SYSTEM), "tried again")


def _drop(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.foundation.jobs import operations

    try:
        count = operations.drop(ids=arguments.job, reason=arguments.reason, acting=SYSTEM)
    except ValueError as error:
        print(error)
        return 1
    return _said(count, "dropped")


def _said(count: int, done: str) -> int:
    if not count:
        print("None of these jobs has been given up. `townhall jobs list` shows which have.")
        return 1
    print(f"{count} {'job' if count == 1 else 'jobs'} {done}.")
    return 0
