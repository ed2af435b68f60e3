"""Taking a ledger over from an operator who is gone, or whom the quorum no longer wants.

The successor begins with empty logs of the same names under keys of its own, fetches
every entry from the witnesses' copies, and has the quorum name its keys. Nothing of the
old operator is needed: neither its database, nor its keys, nor its consent.

What entries were about, and what opens their commitments, is not in the logs. It comes
with the database of the town hall, or stays where it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger.engine import entries as engine
from townhall.ledger.engine import handovers
from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.engine.policy import Policy
from townhall.ledger.log.errors import LogDamaged
from townhall.ledger.log.heads import Head
from townhall.ledger.log.log import Log
from townhall.ledger.log.reading import Snapshot
from townhall.ledger.models import checkpoint as policies_kept
from townhall.ledger.operator import policies, promising, remembering
from townhall.ledger.operator.finality import peers_of
from townhall.ledger.operator.folder import LOGS, Folder, write_durably
from townhall.ledger.operator.remembering import Memory
from townhall.ledger.operator.sequencer import Sequencer
from townhall.ledger.witness.client import Peer
from townhall.ledger.witness.refetching import Copy, NotFetched, refetch, signed_head

_log: Final = logging.getLogger("townhall.ledger")


class CannotTakeOver(Exception):
    """The logs cannot be taken over; the text says why and what to do."""


def take_over(
    folder: Folder, policy: Policy, addresses: Mapping[str, str], say: Callable[[str], None]
) -> bytes:
    """Fetch every log from the witnesses; return the policy that names our keys.

    Safe to repeat: what was fetched stays. Nothing is signed here.

    Parameters
    ----------
    folder
        Of this town hall, with logs that are empty or were fetched before.
    policy
        The one in force, from a source that one trusts: its keys tell true copies.
    addresses
        URLs of witnesses whose lines in the policy have none, by party.

    Raises
    ------
    CannotTakeOver
        If the logs have another name, hold entries of their own, or too few witnesses
        answer to know what was final.
    RolledBack, NobodyToAsk
        If a witness has seen more than any copy gives, or too few answer.
    """
    _insist_on_name(folder, policy)
    peers = [each for each in peers_of(policy, addresses) if policy.asks_for(each.keys)]
    enough = policy.fewest_to_know() + (policy.faults or 0)
    for name in LOGS:
        keys = handovers.keys_of(policy, folder.origin(name))
        with Log.open(folder.log(name)) as log:
            agreeing, fetched = _fetch(log, peers, keys, name=name, enough=enough, say=say)
            remembering.insist_on_newest(log, agreeing, keys, least=policy.fewest_to_know())
            sequencer = Sequencer(name, log)
            _insist_on_fetched(sequencer, fetched)
            sequencer.adopt()
            if name == policies.LOG:
                _adopt_policies(log)
            owed = promising.take_in(name, log, peers, keys)
            say(
                f"{name:<12} {log.appended} entries, {fetched} fetched now; {owed} that were "
                "promised and withheld wait in the queue"
            )
    with scope(SYSTEM):
        newest = policies_kept.policy_now()
    if newest is None:
        raise CannotTakeOver("The log `keys` that was fetched holds no policy.")
    if newest.text.encode() != policy.text:
        path = folder.path / "policy.newest"
        write_durably(path, newest.text.encode(), mode=0o644)
        raise CannotTakeOver(
            "The log `keys` knows a newer policy than the one that was given: it decides whose "
            f"signatures are needed. It is now in {path}, with the SHA-256 "
            f"{sha256(newest.text.encode()).hexdigest()}. Ask the witnesses whether that is the "
            "one they know, and begin again with it."
        )
    folder.set_policy(policy.text)
    return policies.naming(policy, folder, {name: folder.signers(name) for name in LOGS})


def _insist_on_name(folder: Folder, policy: Policy) -> None:
    missing = [name for name in LOGS if not handovers.keys_of(policy, folder.origin(name))]
    if missing:
        raise CannotTakeOver(
            f"The policy names no log {folder.origin(missing[0])}. The logs of this town hall "
            f"begin with {folder.name}: set TOWNHALL_BASE_URL to the address of the town hall "
            "whose ledger is taken over, and prepare an empty data folder."
        )


@dataclass(frozen=True, slots=True)
class _Offer:
    """What the copy of one witness has of a log, by a checkpoint that the log signed."""

    peer: Peer
    head: Head

    def open(self, origin: str) -> Copy:
        return Copy(f"{self.peer.url}/mirror", origin)


def _fetch(
    log: Log,
    peers: Sequence[Peer],
    keys: tuple[VerifierKey, ...],
    *,
    name: str,
    enough: int,
    say: Callable[[str], None],
) -> tuple[list[Peer], int]:
    """Fetch the largest copy that enough witnesses bear out; return those, and how many entries.

    Whoever has the log's keys and one witness can show a longer history than all others
    know. Appended, it could not be taken back. So a history counts only if it goes on from
    what so many witnesses remember that one honest of them signed all that became final.
    """
    memories = remembering.ask(peers, log.origin, keys)
    if len(memories) < enough:
        raise remembering.NobodyToAsk(
            f"Only {len(memories)} witnesses of {log.origin} answer. At least {enough} must, to "
            "know which copies are true. Give the addresses of others with --witness."
        )
    why = "no copy holds what enough witnesses remember"
    for offer in _offers(peers, log.origin, keys):
        copy = offer.open(log.origin)
        try:
            agreeing = _borne_out_by(memories, offer.head, copy)
            if len(agreeing) < enough:
                say(_forlorn(log.origin, offer, len(agreeing)))
                continue
            fetched = refetch(log, copy, offer.head, name)
        except (NotFetched, LogDamaged) as error:
            why = str(error)
            say(f"{offer.peer.name}: {error}")
            continue
        finally:
            copy.close()
        for each in memories:
            if each.size and each.peer not in agreeing:
                say(
                    f"{each.peer.name} remembers {each.size} entries of {log.origin} that are not "
                    f"those which {len(agreeing)} others bear out: it was lied to, or it lies"
                )
        return agreeing, fetched
    nothing = [each.peer for each in memories if not each.size]
    if len(nothing) >= enough:
        return nothing, 0
    raise CannotTakeOver(f"{log.origin} cannot be fetched: {why}.")


def _forlorn(origin: str, offer: _Offer, agreeing: int) -> str:
    return (
        f"{offer.peer.name} has a copy of {origin} with {offer.head.size} entries, and only "
        f"{agreeing} witnesses remember what it holds: it is not taken"
    )


def _offers(peers: Sequence[Peer], origin: str, keys: Sequence[VerifierKey]) -> list[_Offer]:
    """Return what there is to fetch, the largest first."""
    found = []
    for peer in peers:
        copy = Copy(f"{peer.url}/mirror", origin, remembering.PATIENCE_S)
        try:
            found.append(_Offer(peer, signed_head(copy, keys)))
        except NotFetched as error:
            _log.debug("%s offers nothing of %s: %s", peer.name, origin, error)
        finally:
            copy.close()
    return sorted(found, key=lambda each: each.head.size, reverse=True)


def _borne_out_by(memories: Sequence[Memory], head: Head, copy: Copy) -> list[Peer]:
    """Return who remembers a beginning of a history; who remembers nothing bears out nothing."""
    history = Snapshot(Path(), head, copy.read)
    return [
        each.peer
        for each in memories
        if 0 < each.size <= head.size and history.root(each.size) == each.root
    ]


def _insist_on_fetched(sequencer: Sequencer, fetched: int) -> None:
    with scope(SYSTEM):
        known = sequencer.known()
    if fetched and known > sequencer.log.appended - fetched:
        raise CannotTakeOver(
            f"The database already has {known} entries of {sequencer.name} that are not in its "
            "files: this town hall has a ledger of its own. Take over with an empty one."
        )


def _adopt_policies(log: Log) -> None:
    """Let the database know the policies that the log `keys` holds, with their dates."""
    with scope(SYSTEM):
        known = len(policies_kept.policies())
        for content in log.entries(0, log.appended):
            entry = engine.decode(content)
            if entry.kind == "policy" and entry.body["sequence"] == known:
                policies_kept.set_policy(
                    entry.body["policy"], datetime.fromtimestamp(entry.at, UTC)
                )
                known += 1
