"""Under whose keys a log is heard: those of its settings, until a quorum names others.

The settings say where trust began. Policies come afterwards, each signed by a quorum of
the one before: as entries of the log `keys`, which this witness replays, or handed in by
anybody, when the operator of that log would not write down its own replacement.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from townhall.ledger.engine import entries, handovers
from townhall.ledger.engine.encoding import to_utf8
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.handovers import HandOver
from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.registers import keys as register
from townhall.ledger.engine.witnessing import Answer
from townhall.ledger.witness.copies import Copy
from townhall.ledger.witness.settings import WatchedLog
from townhall.ledger.witness.state import State, Transaction

RULES: Final = "keys"


class Trust:
    """Which keys speak for which log.

    Parameters
    ----------
    copies
        The copies of all watched logs, by origin.
    """

    def __init__(self, copies: Mapping[str, Copy]) -> None:
        self._copies = copies

    def keys(self, stored: Transaction, watched: WatchedLog) -> tuple[VerifierKey, ...]:
        """Return the keys under which a log is heard now."""
        newest = self._newest(stored, handovers.governing(watched.origin))
        # The first policy is the operator's own word, and replaces nothing.
        if newest is None or newest[0] == 0:
            return watched.keys
        return _named(newest[1], watched.origin) or watched.keys

    def ever(self, watched: WatchedLog) -> tuple[VerifierKey, ...]:
        """Return all keys under which a log was heard: what it promised then, it promised.

        Raises
        ------
        CopyUnusable, LogError
            If the copy of the log `keys` cannot be read.
        """
        copy = self._copies.get(handovers.governing(watched.origin))
        if copy is None or copy.watched.rules != RULES:
            return watched.keys
        with copy.lock:
            log, end = copy.log, copy.progress
        policies = [entries.decode(each).body.get("policy") for each in log.entries(0, end)]
        named = [_named(each, watched.origin) for each in policies if each is not None]
        return tuple(dict.fromkeys((*watched.keys, *(key for keys in named for key in keys))))

    def policies(self, stored: Transaction) -> list[str]:
        """Return the policy in force of every log `keys`, as this witness knows it."""
        found = [self._newest(stored, origin) for origin in sorted(self._copies)]
        return [each[1] for each in found if each is not None]

    def take(self, state: State, given: HandOver) -> Answer:
        """Follow a policy that was handed in, if it is the next one.

        Anybody can hand in a long one, so nothing waits while it is read and verified.

        Returns
        -------
        Answer
            200: it is followed, now or before. 404: no such log `keys` is watched here.
            409: another policy is due, and the body says which number this witness has.
            422: no quorum signed it.
        """
        with state.transaction() as stored:
            newest = self._newest(stored, given.origin)
        if newest is None:
            return _answer(HTTPStatus.NOT_FOUND, "no policy of this town hall is known here")
        number, text = newest
        if (given.sequence, given.policy) == newest:
            return _answer(HTTPStatus.OK, f"policy {number} is followed already")
        if given.sequence != number + 1:
            return _answer(HTTPStatus.CONFLICT, f"policy {number} is in force here")
        try:
            given.check((number, text))
        except Refused as error:
            return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        with state.transaction() as stored:
            if self._newest(stored, given.origin) != newest:
                return _answer(HTTPStatus.CONFLICT, "another policy came first: hand it in again")
            stored.follow(given.origin, given.sequence, given.policy)
        return _answer(HTTPStatus.OK, f"policy {given.sequence} is followed from now on")

    def _newest(self, stored: Transaction, origin: str) -> tuple[int, str] | None:
        copy = self._copies.get(origin)
        if copy is None or copy.watched.rules != RULES:
            return None
        found = [stored.followed(origin), register.policy_in(copy.state)]
        return max((each for each in found if each is not None), default=None)


@lru_cache(maxsize=64)
def _named(policy: str, origin: str) -> tuple[VerifierKey, ...]:
    """Return the keys that a policy names for a log; it is asked for with every checkpoint."""
    return handovers.keys_of(Policy.parse(to_utf8(policy)), origin)


def _answer(status: HTTPStatus, words: str) -> Answer:
    return Answer(status, f"{words}\n".encode(), reason=words)
