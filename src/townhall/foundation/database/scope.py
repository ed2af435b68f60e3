"""The transaction in which one actor works, and the four facts that row-level security reads.

The facts are set *inside* the transaction (`set_config(..., true)`): set per
session they would leak to the next request that gets the pooled connection.
The outermost scope decides; an operation called by another joins it unchanged,
so calling deeper can never widen what may be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from townhall.foundation.acting import Acting

_current: ContextVar[Acting | None] = ContextVar("townhall_scope", default=None)

_SET = (
    "SELECT set_config('app.person', %s, true), "
    "set_config('app.services', %s, true), "
    "set_config('app.system', %s, true), "
    "set_config('app.agency', %s, true)"
)


@contextmanager
def scope(acting: Acting) -> Iterator[Acting]:
    """Open the transaction of one actor, or join the one that is open.

    Parameters
    ----------
    acting : whose rows become visible: their own (`person_id`), those of the
        services they work on (`services`), those of the agency that an officer
        works for (`agency`), or all (`system`).

    Yields
    ------
    The actor whose rights hold, i.e. that of the outermost scope.
    """
    outer = _current.get()
    if outer is not None and connection.in_atomic_block:
        # No savepoint: a failure inside dooms the whole act, as it should.
        with transaction.atomic(savepoint=False):
            yield outer
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_SET, _facts(acting))
        token = _current.set(acting)
        try:
            yield acting
        finally:
            _current.reset(token)
        _clear_if_enclosed()


def current() -> Acting | None:
    """Return the actor of the open scope, or None outside of one."""
    return _current.get()


def _facts(acting: Acting) -> tuple[str, str, str, str]:
    return (
        str(acting.person_id or ""),
        "{" + ",".join(str(number) for number in acting.services) + "}",
        "on" if acting.system else "off",
        acting.agency,
    )


def _clear_if_enclosed() -> None:
    """Take the rights back where the scope was not the outermost transaction.

    Only tests wrap a scope in a transaction of their own; without this, rows
    would stay visible between two scopes of one test and hide a missing right.
    """
    if connection.savepoint_ids and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute(_SET, ("", "{}", "off", ""))
