"""How the operator of a witness agrees to another policy: a signature under its hash.

Whoever holds the keys decides by looking at the policy itself, not at this text. Nothing
but a statement about a policy is signed here: a checkpoint is only ever signed by the
process that remembers what it signed before.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from townhall.ledger.engine import cosignatures
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import Signer
from townhall.ledger.engine.notes import SignedNote

ABOUT_POLICY: Final = "#policy"


class NoStatement(Refused):
    """A text that is no statement about a policy."""


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


def note_down(path: Path, statement: str, *, instead: bool = False) -> None:
    """Remember what was agreed to, durably, before the signature leaves the house.

    Two policies of one number, each with a quorum, would be two successors of one log.
    Quorums share an honest witness, so it is enough that an honest one never signs both.

    Parameters
    ----------
    path
        A line for each statement.
    instead
        Agree although another one of this number was agreed to.

    Raises
    ------
    AgreedToAnother
        If another one was, and nobody says that it was given up.
    """
    checkpoint = _parse(statement)
    about = f"{checkpoint.origin} {checkpoint.size} "
    line = f"{about}{checkpoint.root.hex()}\n"
    known = path.read_text("utf-8").splitlines(keepends=True) if path.exists() else []
    if line in known:
        return
    if not instead and any(each.startswith(about) for each in known):
        raise AgreedToAnother(
            f"this witness has agreed to another policy of number {checkpoint.size}: if both were "
            "put in force, the logs would have two operators. Say --instead only when all who "
            "agreed to that one have given it up"
        )
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _parse(statement: str) -> Checkpoint:
    try:
        checkpoint = Checkpoint.parse(statement)
    except Refused as error:
        raise NoStatement(f"this is no statement about a policy: {error}") from None
    if not checkpoint.origin.endswith(ABOUT_POLICY) or checkpoint.extensions:
        raise NoStatement("this is no statement about a policy")
    return checkpoint
