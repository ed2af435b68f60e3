"""Promises of a log that people hold against it: judged by the copy, kept if they were broken.

Anybody may hand one in, so judging costs little: what was judged before is answered at once,
and the copy is searched by one claim at a time, while uploads go on.

A dishonest log can itself sign promises without end and break them all. Then it fills the
places that its broken promises have here (`broken.PRESENT`), and those of people who come
later are not kept. It cannot displace what is kept already, nor what is kept of other logs,
and has handed everybody the proof that it breaks its word: the alarm says so, and that is
what a hand-over needs. Whoever was not let in keeps the file, and hands it in again once a
successor has appended what was owed and places are free.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from http import HTTPStatus
from queue import SimpleQueue
from threading import BoundedSemaphore, Event, Lock, Thread
from typing import Any, Final

from townhall.ledger.engine import promises, witnessing
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.promises import Promise
from townhall.ledger.engine.witnessing import Answer
from townhall.ledger.log.errors import LogError
from townhall.ledger.log.log import Log
from townhall.ledger.witness.alarms import Alarm
from townhall.ledger.witness.broken import Waiting
from townhall.ledger.witness.copies import Copy, CopyUnusable
from townhall.ledger.witness.errors import WitnessStopped
from townhall.ledger.witness.state import State
from townhall.ledger.witness.trusting import Trust

KIND: Final = "overdue"
SLICE: Final = 4_096
"""Entries between two looks whether to stop."""
_MOST_CLAIMS: Final = 2  # that search the copy or wait for their turn: other requests need threads
_MOST_REMEMBERED: Final = 10_000
_WORDS: Final = (
    "{origin} has promised in writing to append an entry, and {seconds} seconds after the "
    "deadline it stands nowhere in the log. Ask its operator why. If it goes on withholding "
    "entries, the witnesses can hand the log over to somebody else."
)
_EARLIER: Final = (
    " The promise was signed with a key that the log has given up since: if that key was "
    "stolen, the thief may have made it."
)
_FLOOD: Final = (
    "{origin} has broken so many promises that this witness keeps no more of them. All that are "
    "kept bear its signature. Either it withholds entries altogether, or it signs promises only to "
    "break them, so that there is no place for those of others. Both are reasons for the witnesses "
    "to hand the log over to somebody else."
)

_log: Final = logging.getLogger("townhall.witness")


class Promises:
    """The promises of all watched logs.

    Parameters
    ----------
    copies, trust, state
        Of the witness.
    alarm
        Raises an alarm, with what proves it.
    clock
        Gives the time, POSIX seconds.
    """

    def __init__(
        self,
        copies: Mapping[str, Copy],
        trust: Trust,
        state: State,
        alarm: Callable[[Alarm, dict[str, Any]], None],
        clock: Callable[[], int],
    ) -> None:
        self._copies = copies
        self._trust = trust
        self._state = state
        self._alarm = alarm
        self._clock = clock
        self._claims = BoundedSemaphore(_MOST_CLAIMS)
        self._turn = Lock()
        # What was signed -> where the entry stands, or None, and how far it was looked for.
        self._remembered: OrderedDict[str, tuple[int | None, int]] = OrderedDict()
        self._ending = Event()
        self._grown: SimpleQueue[Copy | None] = SimpleQueue()
        for copy in copies.values():
            self._grown.put(copy)
        self._thread = Thread(target=self._run, name="promises", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, after the slice under way."""
        self._ending.set()
        self._grown.put(None)
        self._thread.join()

    def judge(self, body: bytes) -> Answer:
        """Say whether a promise was kept; keep it and tell people if it was broken.

        Returns
        -------
        Answer
            200: the entry stands in the copy, and where. 202: it does not, and the alarm
            was raised. 400, 403, 404: no promise of a log that is watched here. 425: not
            due yet. 503: the copy is not read yet, others are looked into, or too many are
            kept already.
        """
        try:
            given = Promise.parse(body)
        except Refused as error:
            return witnessing.malformed(error)
        copy = self._copies.get(given.origin)
        if copy is None:
            return _answer(HTTPStatus.NOT_FOUND, "this log is not watched here")
        with self._state.transaction() as stored:
            present = self._trust.keys(stored, copy.watched)
            kept = stored.promises.has(given.digest)
        try:
            given, signers = given.signed_by((*present, *self._trust.ever(copy.watched)))
        except (CopyUnusable, LogError) as error:
            return _answer(HTTPStatus.SERVICE_UNAVAILABLE, f"the copy of the keys: {error}")
        except Refused as error:
            return _answer(HTTPStatus.FORBIDDEN, str(error))
        now = self._clock()
        if now < given.deadline:
            return _answer(
                HTTPStatus.TOO_EARLY, f"due in {given.deadline - now} seconds: come back then"
            )
        if kept:
            return _KEPT
        if not self._claims.acquire(blocking=False):
            return _answer(
                HTTPStatus.SERVICE_UNAVAILABLE, "other promises are looked into: try again soon"
            )
        try:
            with copy.lock:
                log, end = copy.log, copy.progress
                behind = copy.violation is None and end < copy.next_entry
            if behind:
                return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "still replaying the copy")
            with self._turn:
                index = self._find(log, given, end)
        finally:
            self._claims.release()
        if index is not None:
            return _answer(HTTPStatus.OK, f"the promise was kept: it is entry {index}")
        names = {key.key_id.hex() for key in present}
        signer = min((key.key_id.hex() for key in signers), key=lambda each: each not in names)
        answer = self._keep(given, end, now, signer, names)
        self._grown.put(copy)  # it may have grown meanwhile
        return answer

    def broken(self, origin: str) -> bytes:
        """Return the broken promises of a log, a file a line."""
        with self._state.transaction() as stored:
            return b"".join(each + b"\n" for each in stored.promises.of(origin))

    def look_again(self, copy: Copy) -> None:
        """Have the entries that came since looked through, for promises that are kept late."""
        self._grown.put(copy)

    def _find(self, log: Log, given: Promise, end: int) -> int | None:
        """Return where an entry stands in a copy; remember it, and how far was looked."""
        index, scanned = self._remembered.get(given.note.text, (None, 0))
        if index is None and scanned < end:
            start = given.earliest(scanned, end, log.entry)
            found = (
                place
                for place, content in enumerate(log.entries(start, end), start)
                if given.is_kept_by(content)
            )
            index = next(found, None)
        self._remembered[given.note.text] = (index, max(scanned, end))
        self._remembered.move_to_end(given.note.text)
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return index

    def _keep(self, given: Promise, end: int, now: int, signer: str, present: set[str]) -> Answer:
        found = Waiting(given.digest, given.render(), end)
        with self._state.transaction() as stored:
            room = stored.promises.add(given.origin, found, signer, present)
        if not room:
            text = _FLOOD.format(origin=given.origin)
            if signer in present:
                flood = Alarm(_flood_key(given.origin), now, given.origin, KIND, text)
                self._alarm(flood, {"what": text, "promise": given.render().decode()})
            return _answer(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "the promise was broken, but so many others of this log are kept here that there "
                "is no place for it: keep the file, and hand it to the other witnesses, too",
            )
        text = _WORDS.format(origin=given.origin, seconds=now - given.deadline)
        text += "" if signer in present else _EARLIER
        alarm = Alarm(_key_of(given), now, given.origin, KIND, text)
        self._alarm(alarm, {"what": text, "promise": given.render().decode()})
        return _KEPT

    def _run(self) -> None:
        while (copy := self._grown.get()) is not None:
            try:
                self._settle(copy)
            except (CopyUnusable, LogError, WitnessStopped) as error:
                _log.warning("promises of %s: %s", copy.watched.origin, error)
            except Exception:  # what is wrong with one log is no reason to forget the others
                _log.exception("promises of %s", copy.watched.origin)

    def _settle(self, copy: Copy) -> None:
        """Let go of promises that were kept after all, late as it is."""
        with copy.lock:
            log, end = copy.log, copy.progress
        with self._state.transaction() as stored:
            waiting = stored.promises.waiting(copy.watched.origin, end)
        if not waiting:
            return
        owed: dict[bytes, list[Promise]] = {}
        for each in waiting:
            given = Promise.parse(each.promise)
            owed.setdefault(promises.fingerprint(given.submitted.encode()), []).append(given)
        digests = [each.digest for each in waiting]
        for start in range(min(each.scanned for each in waiting), end, SLICE):
            if self._ending.is_set():
                return
            stop = min(start + SLICE, end)
            kept = [
                (given, index)
                for index, content in enumerate(log.entries(start, stop), start)
                for given in owed.get(promises.fingerprint(content), ())
                if given.is_kept_by(content)
            ]
            with self._state.transaction() as stored:
                for given, index in kept:
                    stored.promises.drop(given.digest)
                    words, now = f"the entry came late: it is {index}", self._clock()
                    stored.alarms.end(_key_of(given), words, now)
                    stored.alarms.end(_flood_key(given.origin), "there are places again", now)
                stored.promises.note_scanned(digests, stop)


def _key_of(promise: Promise) -> str:
    """Return the key under which a broken promise is told once."""
    return f"{KIND} {promise.origin} {promise.digest.hex()}"


def _flood_key(origin: str) -> str:
    return f"{KIND} {origin} too many"


def _answer(status: HTTPStatus, words: str) -> Answer:
    return Answer(status, f"{words}\n".encode(), reason=words)


_KEPT: Final = _answer(HTTPStatus.ACCEPTED, "kept: the promise was broken")
