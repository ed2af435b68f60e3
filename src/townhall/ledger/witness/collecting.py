"""Asking all witnesses of a log at once, until there are enough cosignatures.

A witness that is slow or down holds up nobody: it is asked in a thread of its own,
and left alone for a while after it failed, never for longer than half a minute.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final

from townhall.ledger.engine.notes import Signature, SignedNote
from townhall.ledger.log.errors import LogError
from townhall.ledger.log.reading import Snapshot
from townhall.ledger.witness.client import Client, NoCosignature, Peer, WitnessAhead

LONGEST_PAUSE: Final = 30.0  # seconds
LONGEST_QUIET: Final = 60.0  # seconds without asking a witness of a log at rest
NOT_ASKED: Final = "not asked yet"
_FIRST_PAUSE: Final = 0.5

_log: Final = logging.getLogger("townhall.ledger")


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with one witness, for the operator's dashboard.

    Attributes
    ----------
    name
        Of the witness.
    reason
        Why it did not cosign; empty if it did.
    pause
        Seconds until it is asked again; 0: with the next checkpoint.
    ahead
        If it has seen more entries than the log has: how many. Then nothing more
        may be signed before the lost entries are back.
    """

    name: str
    reason: str = ""
    pause: float = 0.0
    ahead: int | None = None


class _Line:
    """One witness, its client, and what was last heard of it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.standing = Standing(client.peer.name, NOT_ASKED)
        self.failures = 0
        self.not_before = 0.0
        self.asked_at = 0.0
        self.busy: Future[tuple[Signature, ...]] | None = None

    def ask(self, note: SignedNote, log: Snapshot) -> tuple[Signature, ...]:
        """Return what the witness cosigns; note how it stands with it."""
        found: tuple[Signature, ...] = ()
        try:
            found = self.client.add_checkpoint(note, log)
            found += self.client.add_entries(note, log)
        except WitnessAhead as ahead:
            self._failed(str(ahead), ahead.size)
        except (NoCosignature, LogError) as error:
            self._failed(str(error), None)
        except Exception:
            # Whatever one witness answers, the log goes on with the others.
            _log.exception("asking a witness failed", extra={"witness": self.client.peer.name})
            self._failed(f"{self.client.peer.name} answers what was not foreseen", None)
        else:
            self.failures = 0
            self.standing = Standing(self.client.peer.name)
        return found

    def _failed(self, reason: str, ahead: int | None) -> None:
        self.failures += 1
        pause = min(_FIRST_PAUSE * 2 ** min(self.failures - 1, 16), LONGEST_PAUSE)
        pause *= random.uniform(0.8, 1.0)  # noqa: S311  # spreads load, guards nothing
        self.not_before = time.monotonic() + pause
        self.standing = Standing(self.client.peer.name, reason, pause, ahead)


class Collector:
    """Collects cosignatures for the checkpoints of one log.

    Parameters
    ----------
    peers
        The witnesses.
    clock
        Gives the time, POSIX seconds.
    seconds
        How long one answer of a witness may take.
    """

    def __init__(
        self, peers: Iterable[Peer], clock: Callable[[], int], *, seconds: float = 10
    ) -> None:
        self._lines = [_Line(Client(peer, clock, seconds)) for peer in peers]
        self._threads = ThreadPoolExecutor(max(len(self._lines), 1), "witnesses")

    def close(self) -> None:
        """Hang up on all witnesses, also on one that is answering."""
        for line in self._lines:
            line.client.hang_up()
        self._threads.shutdown(cancel_futures=True)
        for line in self._lines:
            line.client.close()

    def collect(
        self,
        note: SignedNote,
        snapshot: Callable[[], Snapshot],
        enough: Callable[[SignedNote], bool],
        *,
        seconds: float,
    ) -> SignedNote:
        """Return the checkpoint with the cosignatures that came in time.

        Parameters
        ----------
        note
            The checkpoint, signed by the log, and durable (`Log.sign`).
        snapshot
            Makes a snapshot of the log at this size or later, for one thread.
        enough
            Whether the log's policy is satisfied; then this returns at once, and the
            other witnesses are still told, in their own time.
        seconds
            How long to wait at most.

        Returns
        -------
        SignedNote
            Whether it satisfies the policy is for the caller to see. A second call
            with it asks the missing witnesses again.
        """
        until = time.monotonic() + seconds
        asked = [
            self._ask(line, note, snapshot) for line in self._lines if self._is_asked(line, note)
        ]
        waiting = set(asked)
        while waiting and not enough(note):
            done, waiting = wait(
                waiting, max(until - time.monotonic(), 0), return_when=FIRST_COMPLETED
            )
            if not done:
                break
            for future in done:
                note = note.with_signatures(*future.result())
        return note

    def ask_again(self, note: SignedNote, snapshot: Callable[[], Snapshot]) -> None:
        """Ask those who failed, or were never asked, once their pause is over; wait for nobody.

        For a log at rest: who comes back learns what it has missed, and its standing says so.
        All others are asked once a minute: who dies while nothing happens is noticed, too.

        Parameters
        ----------
        note, snapshot
            As for `collect`.
        """
        for line in self._lines:
            quiet = time.monotonic() - line.asked_at >= LONGEST_QUIET
            if (line.standing.reason or quiet) and self._is_asked(line, note):
                self._ask(line, note, snapshot)

    def standings(self) -> list[Standing]:
        """Return how it stands with every witness."""
        now = time.monotonic()
        return [
            Standing(
                line.standing.name,
                line.standing.reason,
                max(line.not_before - now, 0.0) if line.standing.reason else 0.0,
                line.standing.ahead,
            )
            for line in self._lines
        ]

    def _is_asked(self, line: _Line, note: SignedNote) -> bool:
        if line.busy is not None and not line.busy.done():
            return False
        has_all = all(any(map(key.made, note.signatures)) for key in line.client.peer.keys)
        return not has_all and time.monotonic() >= line.not_before

    def _ask(
        self, line: _Line, note: SignedNote, snapshot: Callable[[], Snapshot]
    ) -> Future[tuple[Signature, ...]]:
        line.asked_at = time.monotonic()
        line.busy = self._threads.submit(lambda: line.ask(note, snapshot()))
        return line.busy
