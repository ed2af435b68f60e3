"""From what a log holds to a published checkpoint: integrate, sign, collect, publish."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from django.db import connection

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger.engine import checkpoints
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import Signer, VerifierKey
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.policy import Policy, Witness
from townhall.ledger.log.log import Log
from townhall.ledger.models import alarm as alarms
from townhall.ledger.models import checkpoint as published
from townhall.ledger.models import log as logs
from townhall.ledger.operator import remembering
from townhall.ledger.operator.folder import RULES
from townhall.ledger.witness.client import Peer
from townhall.ledger.witness.collecting import NOT_ASKED, Collector, Standing

PATIENCE_S: Final = 5.0
"""How long a checkpoint waits for its quorum before the next try."""


class NotFinal(Exception):
    """Too few witnesses cosigned; the entries are safe and wait."""


class Finality:
    """One log's way to the public.

    Parameters
    ----------
    name, log
        The log, by its name and its files.
    signers
        Its keys.
    policy
        Whose cosignatures make it final; None: nobody's, the log speaks for itself.
    peers
        Returns the witnesses that are asked, and where they listen now.
    earlier_keys
        With which it signed before: witnesses may still show checkpoints of that time.
    clock
        Gives the time, POSIX seconds.
    """

    def __init__(
        self,
        name: str,
        log: Log,
        signers: Sequence[Signer],
        *,
        policy: Policy | None,
        peers: Callable[[], Sequence[Peer]],
        earlier_keys: Sequence[VerifierKey] = (),
        clock: Callable[[], int] = lambda: int(time.time()),
    ) -> None:
        self.name = name
        self.log = log
        self._signers = signers
        self._policy = policy
        self._earlier_keys = earlier_keys
        self._clock = clock
        self._find_peers = peers
        self._peers: Sequence[Peer] = ()
        self._collector = Collector((), clock)
        self._told: dict[str, str] = {}  # of witnesses, as the alarms say it
        self._published = _size_of(log.checkpoint)
        self._is_sealed = self._final_now(log.checkpoint)
        self.remembered = policy is None  # without witnesses there is nobody to ask

    def close(self) -> None:
        """Hang up on the witnesses."""
        self._collector.close()

    @property
    def published(self) -> int:
        """How many entries are final."""
        return self._published

    @property
    def due(self) -> bool:
        """Whether the log holds entries that are not final, or are by an earlier policy only."""
        return self.log.appended > self._published or not self._is_sealed

    def advance(self, *, patience: float = PATIENCE_S) -> int:
        """Make final what the log holds; return the size that is final now.

        Raises
        ------
        NotFinal
            If the witnesses are no quorum. Nothing is published; the next call goes on.
        RolledBack
            If witnesses have seen more than there is. Nothing is signed.
        LogError
            If the files do not allow it.
        """
        self.remember()
        self._call()
        self.log.integrate()
        head = self.log.head
        with _briefly():
            logs.signed(self.name, head.size, head.root)
        signed_at = datetime.now(UTC)
        note = SignedNote.parse(self.log.sign(self._sign))
        note = self._collector.collect(note, self.log.snapshot, self._is_enough, seconds=patience)
        self._tell_standings()
        if not self._is_enough(note):
            raise NotFinal(self._why(note))
        note = self._trimmed(note)
        self.log.publish(note.render())
        self._published, self._is_sealed = head.size, True
        now = datetime.now(UTC)
        with _briefly():
            published.add(
                log=self.name,
                size=head.size,
                root=head.root,
                note=note.render().decode(),
                cosigners=self._parties(note),
                signed_at=signed_at,
                final_at=now,
            )
            logs.published(self.name, head.size, now)
        return head.size

    def attend(self) -> None:
        """Ask witnesses again that did not answer while the log is at rest; tell how it stands.

        What they cosign is not added to the published checkpoint: that has its quorum.
        """
        if self._policy is None or self.log.checkpoint is None:
            return
        self._call()
        note = SignedNote.parse(self.log.checkpoint)
        own = [
            made for made in note.signatures if any(each.key.made(made) for each in self._signers)
        ]
        self._collector.ask_again(SignedNote(note.text, tuple(own)), self.log.snapshot)
        self._tell_standings()

    def _call(self) -> None:
        """Get in touch with the witnesses, anew if one has moved."""
        peers = self._find_peers()
        if list(peers) != list(self._peers):
            self._collector.close()
            self._peers, self._collector = peers, Collector(peers, self._clock)

    def remember(self) -> None:
        """Ask those who do not forget whether this log is the newest, once a process.

        Before that no entry gets a number: it could be one that another entry had.

        Raises
        ------
        NotFinal
            If too few witnesses answer to know.
        RolledBack
            If witnesses have seen more than there is.
        """
        if self.remembered:
            return
        assert self._policy is not None
        self._call()
        self.log.integrate()
        quorum = [each for each in self._peers if self._policy.asks_for(each.keys)]
        least = self._policy.fewest_to_know()
        keys = [each.key for each in self._signers]
        try:
            unbelieved = remembering.insist_on_newest(
                self.log,
                quorum,
                keys,
                least=least,
                earlier=[each for each in self._earlier_keys if each not in keys],
                faults=self._policy.faults or 0,
            )
        except remembering.NobodyToAsk as error:
            raise NotFinal(str(error)) from error
        self._tell_unbelieved("\n".join(unbelieved))
        self.remembered = True

    def _tell_unbelieved(self, words: str) -> None:
        key, now = f"{self.name}:old keys", datetime.now(UTC)
        with _briefly():
            if words:
                alarms.sound(key=key, log=self.name, witness="", words=words, now=now)
            else:
                alarms.over(key, now)

    def standings(self) -> list[Standing]:
        """Return how it stands with every witness."""
        return self._collector.standings()

    def _sign(self, text: str) -> bytes:
        checkpoint = Checkpoint.parse(text)
        return checkpoints.sign(checkpoint, *self._signers, time=self._clock()).render()

    def _final_now(self, note: bytes | None) -> bool:
        if self._policy is None or note is None:
            return True
        try:
            self._policy.verify(note)
        except Refused:
            return False
        return True

    def _is_enough(self, note: SignedNote) -> bool:
        return self._policy is None or self._policy.satisfied_by(self._counted(note))

    def _counted(self, note: SignedNote) -> Mapping[str, int]:
        assert self._policy is not None
        try:
            return self._policy.cosigned(note)
        except Refused:
            return {}

    def _parties(self, note: SignedNote) -> list[str]:
        """Return who vouched for the rules, each party once."""
        if self._policy is None:
            return []
        counted = self._counted(note)
        return sorted(
            {
                party_of(each)
                for each in self._policy.witnesses
                if each.name in counted and each.key.name.endswith(RULES)
            }
        )

    def _trimmed(self, note: SignedNote) -> SignedNote:
        """Return the note without what does not count: receipts carry it for decades."""
        if self._policy is None:
            return note
        own = [each.key for each in self._signers]
        counting = [each.key for each in self._policy.witnesses if each.key.name.endswith(RULES)]
        kept = tuple(
            made for made in note.signatures if any(key.made(made) for key in (*own, *counting))
        )
        return SignedNote(note.text, kept)

    def _why(self, note: SignedNote) -> str:
        parties = len(self._parties(note))
        missing = "; ".join(
            f"{each.name}: {each.reason}" for each in self.standings() if each.reason
        )
        return (
            f"Only {parties} witnesses vouched for the log {self.name} with "
            f"{_size_of(note.render())} entries, which is no quorum. Entries go on being "
            f"taken, and become final when enough witnesses answer. {missing}"
        )

    def _tell_standings(self) -> None:
        """Sound the alarm of every witness with which something is wrong, or end it."""
        now = datetime.now(UTC)
        reasons = {each.name: each.reason for each in self.standings()}
        news = {
            name: reason
            for name, reason in reasons.items()
            if reason != NOT_ASKED and self._told.get(name) != reason
        }
        if not news:
            return
        with _briefly():
            if not self._told:  # a policy that has come since may name others
                alarms.over_about_others(self.name, reasons.keys(), now)
            for name, reason in news.items():
                key = f"{self.name}:{name}"
                if reason:
                    alarms.sound(key=key, log=self.name, witness=name, words=reason, now=now)
                else:
                    alarms.over(key, now)
        self._told.update(news)


@contextmanager
def _briefly() -> Iterator[None]:
    """Use the database, and give the connection back: there are more threads than connections."""
    try:
        with scope(SYSTEM):
            yield
    finally:
        if not connection.in_atomic_block:
            connection.close()


def party_of(witness: Witness) -> str:
    """Return the name of the party that holds a witness's key."""
    return witness.key.name.removesuffix(RULES)


def peers_of(
    policy: Policy | None, addresses: Mapping[str, str], hand_overs: Sequence[bytes] = ()
) -> list[Peer]:
    """Return the witnesses of a policy, one for each party, with all its keys.

    Parameters
    ----------
    addresses
        URLs of parties whose lines in the policy have none.
    hand_overs
        For those who slept through a change of the logs' keys.
    """
    found: dict[str, list[Witness]] = {}
    for each in policy.witnesses if policy else ():
        found.setdefault(party_of(each), []).append(each)
    return [
        Peer(
            party,
            next((each.url for each in members if each.url), addresses.get(party, "")),
            tuple(each.key for each in members),
            tuple(hand_overs),
        )
        for party, members in found.items()
    ]


def _size_of(note: bytes | None) -> int:
    return 0 if note is None else Checkpoint.parse(SignedNote.parse(note).text).size
