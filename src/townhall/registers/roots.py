"""Roots of registers: what each register said at a moment, fixed on the ledger.

A root is taken whenever a register has changed, some minutes later: a fact whose
transaction ends after the moment would otherwise belong to it and not be counted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import auditing
from townhall.ledger import operations as ledger
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.tree import Frontier

LOG: Final = "registers"
SETTLED: Final = timedelta(minutes=2)
_MICROSECONDS: Final = 1_000_000


def take(*, now: datetime) -> int:
    """Put the root of every register that has changed on the ledger; return how many.

    A root is that of the register's latest change, which is its sequence too
    (microseconds); one that changed just now waits for the next time.
    """
    return sum(_take(register, at) for register, at in _changed() if at <= now - SETTLED)


def root_of(register: str, moment: datetime) -> tuple[int, bytes]:
    """Return how many facts a register held at a moment, and its RFC 6962 root."""
    tree = Frontier()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registers_hashes(%s, %s)", [register, moment])
        while rows := cursor.fetchmany(10_000):
            tree.extend([leaf_hash(bytes(each)) for (each,) in rows])
    return tree.size, tree.root()


@auditing.check_of_room("roots of registers")
def _changed_in_words() -> list[str]:
    """Work out the newest root of each register again."""
    wrong = []
    with scope(SYSTEM):
        for found in ledger.newest_by(SYSTEM, log=LOG, field="register"):
            moment = datetime.fromtimestamp(found.body["sequence"] / _MICROSECONDS, UTC)
            count, root = root_of(found.body["register"], moment)
            if (count, root.hex()) != (found.body["count"], found.body["root"]):
                wrong.append(
                    f"the register {found.body['register']} no longer says what it said on "
                    f"{moment:%Y-%m-%d %H:%M} UTC"
                )
    return wrong


def _take(register: str, moment: datetime) -> bool:
    sequence = round(moment.timestamp() * _MICROSECONDS)
    with scope(SYSTEM):
        count, root = root_of(register, moment)
        return ledger.submit(
            SYSTEM,
            log=LOG,
            kind="root",
            ref=f"register:{register}:{sequence}",
            public={
                "count": count,
                "register": register,
                "root": root.hex(),
                "sequence": sequence,
            },
        )


def _changed() -> list[tuple[str, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT register, changed_at FROM registers_changed()")
        return list(cursor.fetchall())
