"""How the operator of a witness agrees to another policy: a signature under its hash.

Whoever holds the keys decides by looking at the policy itself, not at this text. Nothing
but a statement about a policy is signed here: a checkpoint is only ever signed by the
process that remembers what it signed before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from townhall.ledger.engine import cosignatures
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import Signer
from townhall.ledger.engine.notes import SignedNote

ABOUT_POLICY: Final = "#policy"


class NoStatement(Refused):
    """A text that is no statement about a policy."""


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
    try:
        checkpoint = Checkpoint.parse(statement)
    except Refused as error:
        raise NoStatement(f"this is no statement about a policy: {error}") from None
    if not checkpoint.origin.endswith(ABOUT_POLICY) or checkpoint.extensions:
        raise NoStatement("this is no statement about a policy")
    made = tuple(cosignatures.cosign(checkpoint, each, time) for each in signers)
    return SignedNote(checkpoint.text, made).render().decode().removeprefix(checkpoint.text + "\n")
