"""A witness looks after its own copies: once a day every entry is hashed anew.

A copy is what others fetch after a loss, so a byte that a disk has forgotten must be found
while another copy is whole. Not the stored hashes are compared with each other, but the
entries with them, and all with the root that this witness vouched for.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Mapping
from threading import Event, Thread
from typing import Final

from townhall.ledger.engine.tiles import WIDTH
from townhall.ledger.engine.witnessing import Seen
from townhall.ledger.log.errors import LogError
from townhall.ledger.witness.copies import Copy, CopyUnusable
from townhall.ledger.witness.telling import Teller

SLICE: Final = 16 * WIDTH
"""Entries between two pauses, about 25 ms of work."""
PAUSE: Final = 0.05  # seconds
_PASSING: Final = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EINTR, errno.EAGAIN}

_log: Final = logging.getLogger("townhall.witness")


class _NotNow(Exception):
    """The machine lacks something else than the copy's bytes."""


class Rehashing:
    """Hashes all copies again and again, in a thread of its own.

    Parameters
    ----------
    copies
        By the origin of their log.
    vouched
        Returns the largest checkpoint under whose copy this witness put its name.
    teller
        Tells what was found.
    every
        Seconds from the end of one turn to the next; 0: never.
    """

    def __init__(
        self,
        copies: Mapping[str, Copy],
        vouched: Callable[[str], Seen | None],
        teller: Teller,
        every: float,
    ) -> None:
        self._copies = copies
        self._vouched = vouched
        self._teller = teller
        self._every = every
        self._ending = Event()
        self._thread = Thread(target=self._run, name="rehash", daemon=True)
        if every > 0:
            self._thread.start()

    def close(self) -> None:
        """Stop, after the slice under way."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(self._every):
            for copy in self._copies.values():
                self.look_at(copy)

    def look_at(self, copy: Copy) -> None:
        """Hash a copy anew; mend it, or give it up, and tell of it."""
        if copy.trouble:
            return  # told, and waiting for its operator
        try:
            self._hash(copy)
        except CopyUnusable:
            return
        except _NotNow as error:
            _log.warning("%s was not hashed anew: %s", copy.watched.origin, error)
        except LogError as damage:
            copy.open_again()
            if copy.trouble:
                self._teller.trouble(copy)
            else:
                words = f"{damage}. It was mended from the journal: check the disk"
                self._teller.mended(copy, words)

    def _hash(self, copy: Copy) -> None:
        with copy.lock:
            log, size = copy.log, copy.log.size
        for start in range(0, size, SLICE):
            try:
                log.audit(start, start + SLICE)
            except LogError as error:
                if isinstance(error.__cause__, OSError) and error.__cause__.errno in _PASSING:
                    raise _NotNow(str(error.__cause__)) from error
                raise
            if self._ending.wait(PAUSE):
                return
        seen = self._vouched(copy.watched.origin)
        if seen is not None and copy.root_at(seen.size) != seen.root:
            raise LogError(
                f"the copy of {copy.watched.origin} does not lead to the checkpoint with "
                f"{seen.size} entries that this witness vouched for"
            )
