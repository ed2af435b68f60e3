"""Who wants to hear of what: subscriptions are made at start and served by jobs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING
from uuid import UUID

from townhall.foundation.jobs import registry

if TYPE_CHECKING:
    from townhall.foundation.events.memory import Event

_by_kind: dict[str, list[str]] = {}


class EventMissing(Exception):
    """A job tells of an event that is not in the memory."""


def subscriber(
    *kinds: str, name: str, queue: str = "default", max_attempts: int = 8, atomic: bool = True
) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Have the decorated function called by the worker for each event of these kinds.

    It runs in a transaction of its own, inside `scope(SYSTEM)`, together with
    the end of its job: its effect on the database happens exactly once. Events
    of one subject may arrive in another order than they happened.

    Parameters
    ----------
    kinds : kinds of event.
    name : name of the job, "<room>.<what it does>"; it must not change while jobs are open.
    queue, max_attempts, atomic : as for `jobs.handler`.
    """

    def register(function: Callable[[Event], None]) -> Callable[[Event], None]:
        @wraps(function)
        def run(*, event: str) -> None:
            function(_load(UUID(event)))

        registry.handler(name, queue, max_attempts, atomic=atomic)(run)
        for kind in kinds:
            names = _by_kind.setdefault(kind, [])
            if name not in names:
                names.append(name)
        return function

    return register


def names_for(kind: str) -> tuple[str, ...]:
    """Return the names of the jobs that an event of this kind brings about."""
    return tuple(_by_kind.get(kind, ()))


def _load(identifier: UUID) -> Event:
    from townhall.foundation.acting import SYSTEM
    from townhall.foundation.database.scope import scope
    from townhall.foundation.events import memory

    with scope(SYSTEM):
        event = memory.find(identifier)
    if event is None:
        raise EventMissing(f"There is no event {identifier}.")
    return event
