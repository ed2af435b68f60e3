"""Putting another policy in force: the witnesses of the last one sign it, on paper first.

1. `statement_of` gives a short text: number and hash of the new policy.
2. Each witness's operator looks at the policy and signs the text: `townhall witness --agree`.
3. `put_in_force` puts policy and signatures on the log `keys`. Every witness checks there,
   by itself, that a quorum of the last policy has signed.

Other keys for a log are another policy: `with_new_keys` drafts it. Nobody signs with them
before it is in force, and with the old ones afterwards: they are gone then, and witnesses
are shown the policy as a hand-over (`engine.handovers`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import operations as ledger
from townhall.ledger.engine import handovers
from townhall.ledger.engine.bundles import LONGEST_ENTRY
from townhall.ledger.engine.canonical import MOST_EXACT
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.handovers import HandOver
from townhall.ledger.engine.keys import Signer, VerifierKey
from townhall.ledger.engine.notes import SignedNote, parse_signatures
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.registers import keys
from townhall.ledger.models import checkpoint as checkpoints
from townhall.ledger.models import entry as entries
from townhall.ledger.models import log as logs
from townhall.ledger.operator.folder import LOGS, Folder, FolderUnusable

LOG = "keys"


class PolicyRefused(Exception):
    """A policy cannot be put in force; the text says why."""


def statement_of(folder: Folder, text: bytes) -> str:
    """Return what the witnesses of the present policy sign.

    Raises
    ------
    PolicyInvalid, PolicyUnsafe
        If the new policy is none that could be relied on.
    """
    Policy.load(text)
    with scope(SYSTEM):
        number = len(checkpoints.policies())
    return keys.statement(folder.origin(LOG), number, text).text


def with_new_keys(folder: Folder, names: Collection[str]) -> bytes:
    """Return the present policy, naming keys for these logs that are made now.

    Raises
    ------
    PolicyRefused
        If there is no policy yet, or it does not name a log.
    """
    policy = folder.policy()
    if policy is None:
        raise PolicyRefused("There is no policy yet. The first one names the keys as they are.")
    for name in names:
        if not handovers.keys_of(policy, folder.origin(name)):
            raise PolicyRefused(f"The policy does not name the log {name}.")
    return naming(policy, folder, {name: folder.next_signers(name) for name in names})


def naming(policy: Policy, folder: Folder, signers: Mapping[str, Iterable[Signer]]) -> bytes:
    """Return a policy with other keys for some logs: the new one of each kind for the old."""
    text = policy.text.decode()
    for name, its in signers.items():
        by_kind = {each.key.kind: each.key for each in its}
        for each in handovers.keys_of(policy, folder.origin(name)):
            text = text.replace(str(each), str(by_kind[each.kind]))
    return text.encode()


def settle(folder: Folder) -> None:
    """Let the folder follow the database: its policy, and the keys that this one names.

    A stop between the two leaves them apart. A folder whose policy the database has never
    heard of is left alone: the database may have been put back from a backup.
    """
    with scope(SYSTEM):
        texts = [each.text.encode() for each in checkpoints.policies()]
    present = folder.policy()
    if not texts or (present is not None and present.text not in texts):
        return
    policy = Policy.parse(texts[-1])
    _turn(folder, policy)
    if present is None or present.text != texts[-1]:
        folder.set_policy(texts[-1])


def hand_over(folder: Folder, text: bytes, signatures: str) -> bytes:
    """Return the file by which witnesses follow a policy, whoever brings it to them.

    Raises
    ------
    PolicyRefused
        If no quorum of the present policy has signed, and it is not in force either.
    PolicyInvalid, PolicyUnsafe
    """
    signatures = _once(signatures)
    for known in hand_overs(folder):  # it may be in force already
        if HandOver.parse(known).policy == text.decode():
            return known
    statement = Checkpoint.parse(statement_of(folder, text))
    with scope(SYSTEM):
        before = checkpoints.policy_now()
    if before is None:
        raise PolicyRefused("There is no policy yet whose quorum could have signed.")
    _insist_on_quorum(Policy.parse(before.text.encode()), statement, signatures)
    return HandOver(folder.origin(LOG), statement.size, text.decode(), signatures).render()


def hand_overs(folder: Folder) -> list[bytes]:
    """Return every policy but the first, for witnesses that have missed it."""
    with scope(SYSTEM):
        bodies = entries.bodies(LOG)
    origin = folder.origin(LOG)
    return [
        HandOver(origin, body["sequence"], body["policy"], body["signatures"]).render()
        for body in bodies
        if body.get("sequence")
    ]


def keys_ever(folder: Folder, name: str) -> list[VerifierKey]:
    """Return every key that a log has had: copies may still show checkpoints of old ones."""
    with scope(SYSTEM):
        texts = [each.text.encode() for each in checkpoints.policies()]
    named = [handovers.keys_of(Policy.parse(text), folder.origin(name)) for text in texts]
    own = [each.key for each in folder.signers(name)]
    return list(dict.fromkeys([*own, *(key for keys in named for key in keys)]))


def put_in_force(folder: Folder, text: bytes, signatures: str) -> int:
    """Put a policy in force that a quorum of the last one has signed; return its number.

    Raises
    ------
    PolicyRefused
        If too few have signed, a signature is false, or the log `keys` would not take it.
    FolderUnusable
        If it names keys of a log that are not here.
    PolicyInvalid, PolicyUnsafe
    """
    policy = Policy.load(text)
    signatures = _once(signatures)
    signers = _signers(folder, policy)
    with scope(SYSTEM):
        logs.held(LOG)  # two at once would take the same number
        before = checkpoints.policy_now()
        number = len(checkpoints.policies())
        signatures = _accepted(folder, before, number, text, signatures)
        checkpoints.set_policy(text.decode(), datetime.now(UTC))
        for name, its in signers.items():
            logs.rekey(name, " ".join(str(each.key) for each in its))
        ledger.submit(
            SYSTEM,
            log=LOG,
            kind="policy",
            ref=f"policy:{number}",
            public={"policy": text.decode(), "sequence": number, "signatures": signatures},
        )
    _turn(folder, policy)
    folder.set_policy(text)
    return number


def _accepted(
    folder: Folder, before: checkpoints.Policy | None, number: int, text: bytes, signatures: str
) -> str:
    """Return the signatures that go on the log `keys` with a policy.

    Nothing is stored before it is certain that the log takes the entry: a policy in force
    that stands nowhere on it could never be followed by another.
    """
    origin = folder.origin(LOG)
    last = None if before is None else (number - 1, before.text)
    if before is not None:
        present = Policy.parse(before.text.encode())
        statement = keys.statement(origin, number, text)
        _insist_on_quorum(present, statement, signatures)
        if not _fits(origin, number, text, signatures):
            signatures = _fewest(signatures, lambda lines: _taken(origin, last, text, lines))
    try:
        keys.succeed(origin, last, number, text.decode(), signatures)
    except Refused as error:
        raise PolicyRefused(f"The log `keys` would not take this policy: {error}.") from error
    if not _fits(origin, number, text, signatures):
        raise PolicyRefused(
            f"Policy and signatures are longer than an entry may be ({LONGEST_ENTRY} bytes). "
            "Keys of ML-DSA-44 take 1,800 bytes each: name fewer of them."
        )
    return signatures


def _fits(origin: str, number: int, text: bytes, signatures: str) -> bool:
    body = {"policy": text.decode(), "sequence": number, "signatures": signatures}
    try:
        Entry(origin, "policy", MOST_EXACT, body).encode()
    except Refused:
        return False
    return True


def _fewest(signatures: str, is_quorum: Callable[[str], bool]) -> str:
    """Return as few signatures as make a quorum, without the longest first."""
    kept = [each.line for each in parse_signatures(signatures)]
    for line in sorted(kept, key=len, reverse=True):
        fewer = [each for each in kept if each != line]
        if is_quorum("".join(fewer)):
            kept = fewer
    return "".join(kept)


def _taken(origin: str, last: tuple[int, str] | None, text: bytes, signatures: str) -> bool:
    try:
        keys.succeed(origin, last, last[0] + 1 if last else 0, text.decode(), signatures)
    except Refused:
        return False
    return True


def _turn(folder: Folder, policy: Policy) -> None:
    """Let those sign whom a policy names."""
    for name, signers in _signers(folder, policy).items():
        folder.turn_to(name, signers)


def _signers(folder: Folder, policy: Policy) -> dict[str, tuple[Signer, ...]]:
    """Return who signs for each log that a policy names.

    Raises
    ------
    FolderUnusable
        If their keys are not here.
    """
    found = {}
    for name in LOGS:
        named = handovers.keys_of(policy, folder.origin(name))
        if not named:
            continue
        found[name] = folder.signers_named(name, named)
        if not found[name]:
            raise FolderUnusable(
                f"The policy names keys for the log {name} that are not in {folder.path}: it "
                "was handed over to somebody else, or the policy was not drafted by "
                "`townhall ledger keys`."
            )
    return found


def _once(signatures: str) -> str:
    """Return the signatures of a file, each key's newest: a witness may have agreed twice."""
    lines = [line for line in signatures.splitlines() if line.strip()]
    try:
        made = [parse_signatures(f"{line}\n")[0] for line in lines]
    except Refused as error:
        raise PolicyRefused(f"The signatures cannot be used: {error}.") from error
    return "".join({(each.name, each.key_id): each.line for each in made}.values())


def _insist_on_quorum(before: Policy, statement: Checkpoint, signatures: str) -> None:
    try:
        note = SignedNote(statement.text, parse_signatures(signatures))
        signed = before.cosigned(note)
    except Refused as error:
        raise PolicyRefused(f"The signatures cannot be used: {error}.") from error
    if not before.satisfied_by(signed):
        raise PolicyRefused(
            f"{len(signed)} signatures of the present policy are under it, and they are no "
            "quorum. Collect more."
        )
