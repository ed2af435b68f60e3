"""The sequencer: gives each waiting entry its place, in the database first, then in the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger.engine import registers
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.registers import Rejected, State
from townhall.ledger.log.log import Log
from townhall.ledger.models import entry as entries
from townhall.ledger.models import log as logs
from townhall.ledger.models.entry import Placed, Waiting

BATCH: Final = 4096
"""The most entries of one commit and one sync."""


class OutOfStep(Exception):
    """Database and files of a log contradict each other; the text says what to do."""


class Sequencer:
    """One log's way from the queue to its files.

    Parameters
    ----------
    name
        Of the log.
    log
        Its files, opened for writing. Only the process that holds the operator's lock
        may have them.
    """

    def __init__(self, name: str, log: Log) -> None:
        self.name = name
        self.log = log

    def step(self) -> int:
        """Append a batch of what waits; return how many entries were looked at.

        The places are committed before the files are written: what a crash leaves out
        between the two, `catch_up` appends.
        """
        now = datetime.now(UTC)
        with scope(SYSTEM):
            row = logs.held(self.name)
            found = entries.waiting(self.name, BATCH)
            if not found:
                return 0
            if row.size != self.log.appended:
                raise OutOfStep(self._differ(row.size))
            state = self._state(bytes(row.state))
            placed, refused, state = self._decide(found, state, int(now.timestamp()))
            entries.place(placed, now)
            entries.refuse(refused)
            kinds = Counter(each.kind for each in found if each.id not in refused)
            logs.grown(row, state.size, kinds, state.last_at, state.encode())
        self.log.append([each.content for each in placed])
        return len(found)

    def catch_up(self) -> int:
        """Append what has a place in the database and is missing in the files.

        Returns
        -------
        How many entries these were.

        Raises
        ------
        OutOfStep
            If the files hold more than the database knows, or other entries than those
            of which a checkpoint was signed.
        """
        with scope(SYSTEM):
            row = logs.get(self.name)
            assert row is not None
            if self.log.appended > row.size:
                raise OutOfStep(self._differ(row.size))
            missing = row.size - self.log.appended
            while self.log.appended < row.size:
                contents = entries.contents(self.name, self.log.appended, BATCH)
                if not contents:
                    raise OutOfStep(
                        f"Entry {self.log.appended} of the log {self.name} is neither in its "
                        "files nor in the database. Put the files back from a witness's mirror."
                    )
                self.log.append(contents)
        self._insist_on_what_was_signed(row)
        return missing

    def known(self) -> int:
        """Return how many entries the database has given a place."""
        row = logs.get(self.name)
        return 0 if row is None else row.size

    def adopt(self) -> int:
        """Take into the database what stands in the log's files and is not known there.

        For a database that was put back from a backup older than the log. What the
        entries were about is lost; that they exist is not.

        Returns
        -------
        How many entries these were.
        """
        with scope(SYSTEM):
            row = logs.held(self.name)
            first, end = row.size, self.log.appended
            contents = list(self.log.entries(first, end)) if end > first else []
            state = self._state(bytes(row.state))
            for place, content in enumerate(contents):
                state = registers.apply(state, first + place, content)
            entries.adopt(self.name, first, contents, datetime.now(UTC))
            logs.grown(row, end, {"adopted": end - first}, state.last_at, state.encode())
        return end - first

    def _decide(
        self, found: Sequence[Waiting], state: State, now: int
    ) -> tuple[list[Placed], dict[int, str], State]:
        """Give each entry its place, unless the rules of the log refuse it.

        An entry that the rules refuse would never be cosigned, and nothing after it.
        """
        placed: list[Placed] = []
        refused: dict[int, str] = {}
        moment = max(now, state.last_at)  # a clock that was put back changes no order
        places = self._places(found)
        for each in found:
            body = dict(each.body)
            if each.erases is not None:
                body["index"] = places.get(each.erases)
            try:
                content = Entry(
                    self.log.origin, each.kind, moment, body, each.sources, state.rules
                ).encode()
                state = registers.apply(state, state.size, content)
            except Rejected as rejected:
                refused[each.id] = rejected.reason
                continue
            except Refused as error:
                refused[each.id] = str(error)
                continue
            placed.append(Placed(each.id, state.size - 1, content))
            places[each.id] = state.size - 1
        return placed, refused, state

    def _places(self, found: Sequence[Waiting]) -> dict[int, int | None]:
        erased = [each.erases for each in found if each.erases is not None]
        return entries.places_of(erased) if erased else {}

    def _state(self, kept: bytes) -> State:
        return State.decode(kept) if kept else registers.start(self.name, self.log.origin)

    def _insist_on_what_was_signed(self, row: logs.Log) -> None:
        """Refuse a log that no longer leads to what it has signed (rollback, rewriting)."""
        if not row.signed_size:
            return
        self.log.integrate()
        if self.log.size < row.signed_size:
            raise OutOfStep(
                f"The log {self.name} has {self.log.size} entries and has signed "
                f"{row.signed_size}: files and database were put back from an old backup. "
                "Nothing more is signed. Fetch the missing entries from a witness's mirror "
                "(docs/how-to/run-the-ledger.md, 'After a loss')."
            )
        if self.log.snapshot().root(row.signed_size) != bytes(row.signed_root):
            raise OutOfStep(
                f"The entries of the log {self.name} no longer lead to the checkpoint of size "
                f"{row.signed_size} that it has signed: somebody rewrote them. Nothing more is "
                "signed. Compare with a witness's mirror."
            )

    def _differ(self, size: int) -> str:
        return (
            f"The files of the log {self.name} hold {self.log.appended} entries, the database "
            f"knows {size}. If the database was put back from a backup, "
            "`townhall ledger recover` takes the others in."
        )
