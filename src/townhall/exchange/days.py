"""Days of the journal: each one that is over gets a root, and the root goes on the ledger.

From then on nobody can add a line to that day, take one out or change one, without
anybody being able to show it: not the operator, not with all passwords. The journal
itself stays where it is; nothing of a line can be found out from a root.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import connection

from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.ledger import auditing, receipts
from townhall.ledger import operations as ledger
from townhall.ledger.engine.receipts import Member, Receipt
from townhall.ledger.engine.registers.base import NO_HASH
from townhall.ledger.engine.tree import Frontier, MemoryNodes, inclusion_proof

LOG: Final = "access"
WHOSE: Final = "journal"
"""What the log calls the journal: there is one for all agencies of a town hall."""
MOST: Final = 400
_SALT_SIZE: Final = 32
_LARGEST: Final = 2**63 - 1  # number of a line: a bigint


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is over.

    Attributes
    ----------
    lines
        How many lines the journal has of it.
    salt
        What the salt of each line is made of.
    root, previous
        RFC 6962 root over the lines, and that of the day before.
    """

    day: date
    lines: int
    salt: bytes
    root: bytes
    previous: bytes


def seal(*, today: date) -> int:
    """Seal every day that is over, in order; return how many were sealed now.

    Days are those of UTC. A day without a line is sealed too, so that none can be
    left out.

    Parameters
    ----------
    today
        By UTC. It is not over yet.
    """
    sealed = 0
    while sealed < MOST:
        with scope(SYSTEM):
            last = _last()
            day = last.day + timedelta(days=1) if last else _first_day()
            if day is None or day >= today:
                return sealed
            made = _made(day, bytes.fromhex(NO_HASH) if last is None else last.root)
            _add(made)
            ledger.submit(
                SYSTEM,
                log=LOG,
                kind="day",
                ref=f"journal:{day.isoformat()}",
                public={
                    "agency": WHOSE,
                    "day": day.isoformat(),
                    "lines": made.lines,
                    "previous": made.previous.hex(),
                    "root": made.root.hex(),
                },
            )
        sealed += 1
    return sealed


def sealed_days(acting: Acting) -> frozenset[date]:
    """Return the days whose seal is on the ledger."""
    with scope(acting), connection.cursor() as cursor:
        cursor.execute("SELECT day FROM exchange_day")
        return frozenset(day for (day,) in cursor.fetchall())


def line_receipt(acting: Acting, *, number: int) -> Receipt | None:
    """Return the receipt of a line about oneself: the line, its day, and the day's seal.

    None if there is no such line about oneself, or its day is not sealed yet.

    Raises
    ------
    NotFinalYet, NoWitnesses
        See `ledger.receipts.receipt`.
    """
    if number > _LARGEST:
        return None
    with scope(acting), connection.cursor() as cursor:
        cursor.execute("SELECT day, content FROM exchange_journal_own_leaf(%s)", [number])
        found = cursor.fetchone()
        if found is None:
            return None
        day, content = found
        cursor.execute(
            "SELECT h.number, h.hash FROM exchange_day d,"
            " LATERAL exchange_journal_hashes(d.day, d.salt) h WHERE d.day = %s",
            [day],
        )
        lines = [(line, bytes(leaf)) for line, leaf in cursor.fetchall()]
    place = [line for line, _ in lines].index(number)
    nodes = MemoryNodes(leaf for _, leaf in lines)
    proof = tuple(inclusion_proof(nodes, place, len(lines)))
    member = Member(content.encode(), place, proof)
    ref = f"journal:{day.isoformat()}"
    # What is public of a day is nobody's: the line was checked to be one's own.
    return receipts.receipt(SYSTEM, log=LOG, ref=ref, member=member)


def changed_days() -> list[date]:
    """Return the sealed days whose lines no longer lead to the root that went on the ledger."""
    with scope(SYSTEM):
        days = _sealed()
        return [each.day for each in days if _root(each.day, each.salt) != (each.lines, each.root)]


@auditing.check_of_room("days of the access journal")
def _changed_in_words() -> list[str]:
    return [
        f"lines of {day.isoformat()} were changed, added or taken out after the day was sealed"
        for day in changed_days()
    ]


def _made(day: date, previous: bytes) -> Day:
    salt = secrets.token_bytes(_SALT_SIZE)
    lines, root = _root(day, salt)
    return Day(day, lines, salt, root, previous)


def _root(day: date, salt: bytes) -> tuple[int, bytes]:
    tree = Frontier()
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM exchange_journal_hashes(%s, %s)", [day, salt])
        while rows := cursor.fetchmany(10_000):
            tree.extend([bytes(each) for (each,) in rows])
    return tree.size, tree.root()


def _first_day() -> date | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT exchange_journal_first_day()")
        found: date | None = cursor.fetchone()[0]
    return found


def _last() -> Day | None:
    found = _sealed("ORDER BY day DESC LIMIT 1")
    return found[0] if found else None


def _sealed(how: str = "ORDER BY day") -> list[Day]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT day, lines, salt, root, previous FROM exchange_day {how}")  # noqa: S608
        return [
            Day(day, lines, bytes(salt), bytes(root), bytes(previous))
            for day, lines, salt, root, previous in cursor.fetchall()
        ]


def _add(day: Day) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_day (day, lines, salt, root, previous)"
            " VALUES (%s, %s, %s, %s, %s)",
            [day.day, day.lines, day.salt, day.root, day.previous],
        )
