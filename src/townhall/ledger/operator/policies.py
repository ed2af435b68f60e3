"""Putting another policy in force: the witnesses of the last one sign it, on paper first.

1. `statement_of` gives a short text: number and hash of the new policy.
2. Each witness's operator looks at the policy and signs the text: `townhall witness --agree`.
3. `put_in_force` puts policy and signatures on the log `keys`. Every witness checks there,
   by itself, that a quorum of the last policy has signed.
"""

from __future__ import annotations

from datetime import UTC, datetime

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import operations as ledger
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.notes import SignedNote, parse_signatures
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.registers import keys
from townhall.ledger.models import checkpoint as checkpoints
from townhall.ledger.operator.folder import Folder

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


def put_in_force(folder: Folder, text: bytes, signatures: str) -> int:
    """Put a policy in force that a quorum of the last one has signed; return its number.

    Raises
    ------
    PolicyRefused
        If too few have signed, or a signature is false.
    PolicyInvalid, PolicyUnsafe
    """
    statement = Checkpoint.parse(statement_of(folder, text))
    with scope(SYSTEM):
        before = checkpoints.policy_now()
        number = len(checkpoints.policies())
        if before is not None:
            _insist_on_quorum(Policy.parse(before.text.encode()), statement, signatures)
        checkpoints.set_policy(text.decode(), datetime.now(UTC))
        ledger.submit(
            SYSTEM,
            log=LOG,
            kind="policy",
            ref=f"policy:{number}",
            public={"policy": text.decode(), "sequence": number, "signatures": signatures},
        )
    folder.set_policy(text)
    return number


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
