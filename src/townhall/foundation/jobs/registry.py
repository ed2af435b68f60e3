"""What can be run in the background: handlers and periodic work, found at start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

DEFAULT_SECONDS = 300

Function = TypeVar("Function", bound=Callable[..., None])


class UnknownJob(LookupError):
    """No handler is registered under this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No handler is registered for the job {name!r}. Handlers stand in a room's jobs.py"
            " (or are imported by it) and are found when Django starts."
        )


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is run.

    Attributes
    ----------
    name : "<room>.<what it does>".
    call : gets the job's `args` as keyword arguments.
    queue : jobs of one queue wait for each other; a slow kind gets its own.
    max_attempts : failures in a row after which an operator decides.
    max_seconds : a run longer than this loses its lease, and another worker tries.
    atomic : run and finish in one transaction, inside `scope(SYSTEM)`. False for
        handlers that call the outside world: they open their own scopes, and may
        run twice if the worker dies between the effect and the finish.
    """

    name: str
    call: Callable[..., None]
    queue: str
    max_attempts: int
    max_seconds: int
    atomic: bool


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that is due again and again."""

    name: str
    every: timedelta


_handlers: dict[str, Handler] = {}
_periodic: dict[str, Periodic] = {}


def handler(
    name: str,
    queue: str = "default",
    max_attempts: int = 8,
    *,
    max_seconds: int = DEFAULT_SECONDS,
    atomic: bool = True,
) -> Callable[[Function], Function]:
    """Register the decorated function as the one that runs jobs called `name`.

    The function gets the job's `args` as keyword arguments. See `Handler` for
    the parameters.

    Raises
    ------
    ValueError
        if another function has the name already.
    """

    def register(function: Function) -> Function:
        known = _handlers.get(name)
        if known is not None and not _same(known.call, function):
            raise ValueError(f"Two handlers are called {name!r}: {known.call!r} and {function!r}.")
        _handlers[name] = Handler(name, function, queue, max_attempts, max_seconds, atomic)
        return function

    return register


def periodic(
    name: str,
    every: timedelta,
    *,
    queue: str = "default",
    max_attempts: int = 3,
    max_seconds: int = DEFAULT_SECONDS,
    atomic: bool = True,
) -> Callable[[Function], Function]:
    """Register the decorated function, which takes no arguments, to run once in each period.

    Runs that were missed while no worker was up are made up for by one run.

    Parameters
    ----------
    name : "<room>.<what it does>".
    every : at least one second.
    """
    if every < timedelta(seconds=1):
        raise ValueError(f"{name!r} would run every {every}; the shortest period is one second.")

    def register(function: Function) -> Function:
        handler(name, queue, max_attempts, max_seconds=max_seconds, atomic=atomic)(function)
        _periodic[name] = Periodic(name, every)
        return function

    return register


def find(name: str) -> Handler:
    """Return the handler called `name`.

    Raises
    ------
    UnknownJob
    """
    try:
        return _handlers[name]
    except KeyError:
        raise UnknownJob(name) from None


def known(name: str) -> Handler | None:
    """Return the handler called `name`, or None: a newer process may have promised the job."""
    return _handlers.get(name)


def queues() -> tuple[str, ...]:
    """Return the queues that registered handlers use, "default" first."""
    others = sorted({each.queue for each in _handlers.values()} - {"default"})
    return ("default", *others)


def longest_seconds() -> int:
    """Return the longest time that any handler may run."""
    return max((each.max_seconds for each in _handlers.values()), default=DEFAULT_SECONDS)


def all_periodic() -> tuple[Periodic, ...]:
    """Return all periodic work, by name."""
    return tuple(_periodic[name] for name in sorted(_periodic))


def _same(one: Any, other: Any) -> bool:
    # A module imported a second time (a reload in a test run) brings the same function again.
    return (one.__module__, one.__qualname__) == (other.__module__, other.__qualname__)
