"""Witnesses compare what they were shown: an operator who shows each another history is found.

Alone, a witness sees that its history only grows, and so does every other one. Only the two
checkpoints together prove anything, and both bear the signature of the log. So every witness
reads what the others have cosigned, and holds it against its own copy. Of two whose sizes
differ, the one that is ahead can tell.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import Final

from townhall.ledger.witness.refetching import Copy, NotFetched

_PATIENCE: Final = 10  # seconds for a piece of an answer

_log: Final = logging.getLogger("townhall.witness")


class Gossip:
    """Reads what the other witnesses have cosigned, again and again, in threads of its own.

    Parameters
    ----------
    peers
        Their addresses.
    origins
        The logs that are watched here.
    hear
        Takes a checkpoint that a peer has cosigned: origin and signed note.
    every
        Seconds between two rounds.
    """

    def __init__(
        self,
        peers: Sequence[str],
        origins: Iterable[str],
        hear: Callable[[str, bytes], None],
        every: float,
    ) -> None:
        self._origins = tuple(origins)
        self._hear = hear
        self._every = every
        self._ending = Event()
        # A thread each: whoever never ends an answer must not silence the others.
        self._threads = [
            Thread(target=self._run, args=(peer,), name="gossip", daemon=True)
            for peer in peers
            if every > 0
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop, after the answers under way, unless they take too long."""
        self._ending.set()
        until = time.monotonic() + _PATIENCE
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0))

    def _run(self, peer: str) -> None:
        while not self._ending.wait(self._every):
            for origin in self._origins:
                if self._ending.is_set():
                    return
                try:
                    self._read(peer, origin)
                except Exception:  # what it says of one log is no reason not to ask for others
                    _log.exception("reading %s failed", peer)

    def _read(self, peer: str, origin: str) -> None:
        copy = Copy(f"{peer.rstrip('/')}/witness", origin, _PATIENCE)
        try:
            note = copy.read(Path("checkpoint"))
        except FileNotFoundError:
            return  # it does not watch this log, or has seen nothing of it
        except NotFetched as error:
            _log.debug("%s", error)
            return
        finally:
            copy.close()
        self._hear(origin, note)
