"""How the operator of a witness agrees to another policy: a signature under its hash.

Whoever holds the keys decides by looking at the policy itself, not at this text. Nothing
but a statement about a policy is signed here: a checkpoint is only ever signed by the
process that remembers what it signed before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import sha256
from typing import Final

from townhall.ledger.engine import cosignatures
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import Signer, VerifierKey
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.policy import Policy
from townhall.ledger.witness import keyring
from townhall.ledger.witness.state import State

ABOUT_POLICY: Final = "#policy"
NOT_IN_IT: Final = "This witness does NOT stand in it: after it, nobody counts its signatures."


class NoStatement(Refused):
    """A text that is no statement about a policy."""


class OfAnother(Refused):
    """A statement about another policy than the one that was shown."""


class AgreedToAnother(Refused):
    """Another policy of the same number was agreed to: two of them could be put in force."""


def agree(statement: str, signers: Iterable[Signer], time: int) -> str:
    """Return the lines by which a witness agrees to the policy that a statement names.

    Parameters
    ----------
    statement
        As `townhall ledger policy FILE` prints it.
    signers
        The witness's keys that vouch for rules.
    time
        POSIX seconds.

    Raises
    ------
    NoStatement
        If it is anything else, such as a checkpoint.
    """
    checkpoint = _parse(statement)
    made = tuple(cosignatures.cosign(checkpoint, each, time) for each in signers)
    return SignedNote(checkpoint.text, made).render().decode().removeprefix(checkpoint.text + "\n")


def remember(state: State, statement: str, *, instead: bool = False) -> None:
    """Remember what is agreed to, durably, before the signature leaves the house.

    Two policies of one number, each with a quorum, would be two successors of one log.
    Quorums share an honest witness, so it is enough that an honest one never signs both.
    It stands with what the witness must never forget: a state that was put back from a
    backup, and may have forgotten it, does not open.

    Parameters
    ----------
    state
        Of the witness.
    instead
        Agree although another one of this number was agreed to.

    Raises
    ------
    AgreedToAnother
        If another one was, and nobody says that it was given up.
    WitnessStopped
        If it cannot be stored.
    """
    checkpoint = _parse(statement)
    with state.transaction() as transaction:
        known = transaction.agreed(checkpoint.origin, checkpoint.size)
        if checkpoint.root in known:
            return
        if known and not instead:
            raise AgreedToAnother(
                f"this witness has agreed to another policy of number {checkpoint.size}: if both "
                "were put in force, the logs would have two operators. Say --instead only when all "
                "who agreed to that one have given it up"
            )
        transaction.agree(checkpoint.origin, checkpoint.size, checkpoint.root)


def describe(statement: str, policy: bytes, keys: Collection[VerifierKey]) -> str:
    """Return in words what a policy says, for whoever is asked to agree to it.

    Parameters
    ----------
    policy
        The file that the statement is said to be about.
    keys
        Of the witness.

    Raises
    ------
    OfAnother
        If the statement is about another policy.
    PolicyInvalid, PolicyUnsafe
        If no witness should agree to it.
    """
    checkpoint = _parse(statement)
    if sha256(policy).digest() != checkpoint.root:
        raise OfAnother("this statement is about another policy than this file: do not sign it")
    read = Policy.load(policy)
    parties = {each.key.name.removesuffix(keyring.RULES) for each in read.witnesses}
    own = sum(each.key in keys for each in read.witnesses)
    lines = [
        f"Policy {checkpoint.size} of {checkpoint.origin.removesuffix(ABOUT_POLICY)}.",
        f"Witnesses: {', '.join(sorted(parties))}.",
        f"It withstands {read.faults} dishonest of them; {read.fewest_to_stop()} that do not "
        "answer hold up new entries.",
        "Logs: " + ", ".join(sorted({each.key.name for each in read.logs})) + ".",
        f"This witness stands in it with {own} of its keys." if own else NOT_IN_IT,
    ]
    return "\n".join(lines) + "\n"


def _parse(statement: str) -> Checkpoint:
    try:
        checkpoint = Checkpoint.parse(statement)
    except Refused as error:
        raise NoStatement(f"this is no statement about a policy: {error}") from None
    if not checkpoint.origin.endswith(ABOUT_POLICY) or checkpoint.extensions:
        raise NoStatement("this is no statement about a policy")
    return checkpoint
