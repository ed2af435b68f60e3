"""Taking a ledger over from an operator who is gone, or whom the quorum no longer wants.

The successor begins with empty logs of the same names under keys of its own, fetches
every entry from the witnesses' copies, and has the quorum name its keys. Nothing of the
old operator is needed: neither its database, nor its keys, nor its consent.

What entries were about, and what opens their commitments, is not in the logs. It comes
with the database of the town hall, or stays where it is.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger.engine import checkpoints, handovers
from townhall.ledger.engine import entries as engine
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import VerifierKey
from townhall.ledger.engine.policy import Policy
from townhall.ledger.log.log import Log
from townhall.ledger.models import checkpoint as policies_kept
from townhall.ledger.operator import policies, promising, remembering
from townhall.ledger.operator.finality import peers_of
from townhall.ledger.operator.folder import LOGS, Folder
from townhall.ledger.operator.sequencer import Sequencer
from townhall.ledger.witness.client import Peer
from townhall.ledger.witness.refetching import Copy, NotFetched, refetch


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
    peers = peers_of(policy, addresses)
    for name in LOGS:
        keys = handovers.keys_of(policy, folder.origin(name))
        with Log.open(folder.log(name)) as log:
            fetched = _fetch(log, peers, keys)
            remembering.insist_on_newest(log, peers, keys, least=policy.fewest_to_stop() or 0)
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
    if newest is None or newest.text.encode() != policy.text:
        raise CannotTakeOver(
            "The log `keys` knows a newer policy than the one that was given. Begin again "
            "with that: it decides whose signatures are needed."
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


def _fetch(log: Log, peers: Sequence[Peer], keys: Sequence[VerifierKey]) -> int:
    """Fetch what the largest copy has; return how many entries these were."""
    sizes = [(_size(peer, log.origin, keys), peer) for peer in peers]
    size, peer = max(sizes, key=lambda each: each[0], default=(0, None))
    if not size or peer is None:
        return 0
    copy = Copy(f"{peer.url}/mirror", log.origin)
    try:
        return refetch(log, copy, keys)
    except NotFetched as error:
        raise CannotTakeOver(str(error)) from error
    finally:
        copy.close()


def _size(peer: Peer, origin: str, keys: Sequence[VerifierKey]) -> int:
    """Return how many entries a copy has; 0 if it has none, or does not answer."""
    copy = Copy(f"{peer.url}/mirror", origin, remembering.PATIENCE_S)
    try:
        note = copy.read(Path("checkpoint"))
        return checkpoints.open_checkpoint(note, origin, keys).checkpoint.size
    except (OSError, http.client.HTTPException, NotFetched, Refused):
        return 0
    finally:
        copy.close()


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
