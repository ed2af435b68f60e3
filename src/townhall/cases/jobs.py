"""What the worker does for cases: letters after events, and what comes round by itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from townhall.cases.operations import (
    correspondence,
    letters,
    proving,
    retention,
    retries,
    upkeep,
)
from townhall.foundation.events import Event, subscriber
from townhall.foundation.jobs import handler, periodic

LETTERS = "letters"
PROOFS = "proofs"


@subscriber("case.submitted", name="cases.receipt", queue=LETTERS)
def make_receipt(event: Event) -> None:
    """Make the receipt of a case that was submitted."""
    assert event.person_id is not None
    letters.make(
        person_id=event.person_id,
        case_id=event.subject,
        kind=correspondence.RECEIPT,
        state_seq=0,
    )


@subscriber("case.decided", "case.moved", name="cases.letters", queue=LETTERS)
def make_letters(event: Event) -> None:
    """Make the letters that the state declares which a case came to."""
    assert event.person_id is not None
    letters.make_for_state(
        person_id=event.person_id,
        case_id=event.subject,
        state=str(event.payload["state"]),
        state_seq=int(event.payload["state_seq"]),
    )


@subscriber("case.decided", name="cases.prove_decision", queue=PROOFS)
def prove_decision(event: Event) -> None:
    """Put a decision on the ledger."""
    assert event.person_id is not None
    proving.commit_decisions(person_id=event.person_id, case_id=event.subject)


@subscriber("letter.issued", name="cases.prove_letter", queue=PROOFS)
def prove_letter(event: Event) -> None:
    """Put a letter on the ledger."""
    assert event.person_id is not None
    proving.commit_letter(
        person_id=event.person_id,
        case_id=event.subject,
        letter_id=UUID(str(event.payload["letter"])),
    )


@subscriber("case.erased", name="cases.forget_proofs", queue=PROOFS)
def forget_proofs(event: Event) -> None:
    """Destroy what opens the commitments of a case that was erased."""
    assert event.person_id is not None
    proving.forget(person_id=event.person_id, case_id=event.subject)


@handler(retries.JOB)
def auto_step(*, case: str, person: str) -> None:
    """Try a waiting automatic step again."""
    upkeep.try_auto_step(person_id=UUID(person), case_id=UUID(case))


@periodic("cases.deadlines", timedelta(minutes=10))
def deadlines() -> None:
    """Deal with deadlines that have passed."""
    upkeep.escalate_missed()


@periodic("cases.retention", timedelta(minutes=30))
def keep_and_erase() -> None:
    """Warn of drafts that expire, and erase what is kept no longer."""
    retention.warn_of_expiry()
    retention.expire_drafts()
    retention.erase_cases()
    retention.forget_keys()
