"""Promises of a log that people hold against it: judged by the copy, kept if they were broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from townhall.ledger.engine import witnessing
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.promises import Promise
from townhall.ledger.engine.witnessing import Answer
from townhall.ledger.witness.copies import Copy
from townhall.ledger.witness.state import Alarm, State
from townhall.ledger.witness.trusting import Trust

_WORDS: Final = (
    "{origin} has promised in writing to append an entry, and {seconds} seconds after the "
    "deadline it stands nowhere in the log. Ask its operator why. If it goes on withholding "
    "entries, the witnesses can hand the log over to somebody else."
)


class Promises:
    """The promises of all watched logs.

    Parameters
    ----------
    copies, trust, state
        Of the witness.
    alarm
        Raises an alarm, with what proves it.
    """

    def __init__(
        self,
        copies: Mapping[str, Copy],
        trust: Trust,
        state: State,
        alarm: Callable[[Alarm, dict[str, Any]], None],
    ) -> None:
        self._copies = copies
        self._trust = trust
        self._state = state
        self._alarm = alarm

    def judge(self, body: bytes, now: int) -> Answer:
        """Say whether a promise was kept; keep it and tell people if it was broken.

        Returns
        -------
        Answer
            200: the entry stands in the copy, and where. 202: it does not, and the alarm
            was raised. 400, 403, 404: no promise of a log that is watched here. 425: not
            due yet. 503: the copy is not read yet, or too many are kept already.
        """
        try:
            given = Promise.parse(body)
        except Refused as error:
            return witnessing.malformed(error)
        copy = self._copies.get(given.origin)
        if copy is None:
            return _answer(HTTPStatus.NOT_FOUND, "this log is not watched here")
        with self._state.transaction() as stored:
            keys = {*copy.watched.keys, *self._trust.keys(stored, copy.watched)}
        try:
            given.check(keys)
        except Refused as error:
            return _answer(HTTPStatus.FORBIDDEN, str(error))
        if now < given.deadline:
            return _answer(
                HTTPStatus.TOO_EARLY, f"due in {given.deadline - now} seconds: come back then"
            )
        with copy.lock:
            if copy.violation is None and copy.progress < copy.next_entry:
                return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "still replaying the copy")
            index = given.place(0, copy.progress, copy.log.entry)
        if index is not None:
            return _answer(HTTPStatus.OK, f"the promise was kept: it is entry {index}")
        return self._keep(given, now)

    def broken(self, origin: str) -> bytes:
        """Return the broken promises of a log, a file a line."""
        with self._state.transaction() as stored:
            return b"".join(each + b"\n" for each in stored.overdue(origin))

    def settle(self, copy: Copy, start: int, end: int) -> None:
        """Let go of promises that were kept after all, late as it is, in [start, end)."""
        with self._state.transaction() as stored:
            for content in stored.overdue(copy.watched.origin):
                given = Promise.parse(content)
                index = given.place(start, end, copy.log.entry)
                if index is not None:
                    stored.drop_overdue(given.digest)
                    stored.settle_alarm(_key_of(given), f"the entry came late: it is {index}")

    def _keep(self, given: Promise, now: int) -> Answer:
        text = _WORDS.format(origin=given.origin, seconds=now - given.deadline)
        with self._state.transaction() as stored:
            if not stored.add_overdue(given.origin, given.digest, given.render()):
                return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "too many are kept already")
        alarm = Alarm(_key_of(given), now, given.origin, "overdue", text)
        self._alarm(alarm, {"what": text, "promise": given.render().decode()})
        return _answer(HTTPStatus.ACCEPTED, "kept: the promise was broken")


def _key_of(promise: Promise) -> str:
    """Return the key under which a broken promise is told once."""
    return f"overdue {promise.origin} {promise.digest.hex()}"


def _answer(status: HTTPStatus, words: str) -> Answer:
    return Answer(status, f"{words}\n".encode(), reason=words)
