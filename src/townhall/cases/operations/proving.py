"""What a case leaves on the ledger: a commitment to each decision and to each letter.

Nobody can read there what was decided, or about whom. Whoever holds the letter can prove
that it is the one that was issued, then, and with which outcome.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final
from uuid import UUID

from townhall.cases.engine import letter as content_of
from townhall.cases.errors import NotFound
from townhall.cases.models import case as cases
from townhall.cases.models import decisions
from townhall.cases.models import letters as table
from townhall.cases.models.decisions import Decision
from townhall.cases.operations import letters
from townhall.cases.views import LetterView
from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.ledger import operations as ledger
from townhall.ledger import receipts
from townhall.ledger.engine.receipts import Receipt
from townhall.ledger.receipts import Progress

LOG: Final = "decisions"
KIND: Final = "decision"
SHOWN_TO_ALL: Final = frozenset({"document", "issued_at", "letter", "service", "case_number"})
"""What a receipt opens for whoever knows the code of a letter."""


def letter_ref(case_id: UUID, letter_id: UUID) -> str:
    """Return what the ledger's queue calls a letter."""
    return f"{_of_case(case_id)}letter:{letter_id}"


def commit_decisions(*, person_id: UUID, case_id: UUID) -> int:
    """Put every decision on a case on the ledger that is not there yet; return how many."""
    case = cases.get(person_id, case_id)
    if case is None:
        return 0
    return sum(
        ledger.submit(
            SYSTEM,
            log=LOG,
            kind=KIND,
            ref=f"{_of_case(case_id)}decision:{decision.id}",
            person_id=person_id,
            secret={"document": _record_hash(decision), **_about(case.number, decision)},
        )
        for decision in decisions.of_case(person_id, case_id)
    )


def commit_letter(*, person_id: UUID, case_id: UUID, letter_id: UUID) -> bool:
    """Put a letter on the ledger, with the decision that it tells of."""
    case, letter = cases.get(person_id, case_id), table.get(person_id, letter_id)
    if case is None or letter is None:
        return False
    told = [
        each for each in decisions.of_case(person_id, case_id) if each.state_seq == letter.state_seq
    ]
    about = _about(case.number, told[0]) if told else {"case_number": case.number}
    return ledger.submit(
        SYSTEM,
        log=LOG,
        kind=KIND,
        ref=letter_ref(case_id, letter.id),
        person_id=person_id,
        secret={
            "document": letter.sha256,
            "issued_at": letter.issued_at.isoformat(),
            "letter": letter.kind,
            "service": catalogue.by_hash(case.definition_hash).service,
            **about,
        },
    )


def letter_progress(acting: Acting, *, letter_id: UUID) -> tuple[LetterView, Progress | None]:
    """Return one's own letter, and how far it has come on the ledger.

    Raises
    ------
    NotFound
    """
    view = _own_letter(acting, letter_id)
    ref = letter_ref(view.case_id, letter_id)
    return view, receipts.progress(acting, log=LOG, ref=ref)


def ask_for_letter_promise(acting: Acting, *, letter_id: UUID) -> bool:
    """Ask for the ledger's signed word that one's own letter was received for the record.

    Raises
    ------
    NotFound
    """
    view = _own_letter(acting, letter_id)
    return receipts.ask_for_promise(acting, log=LOG, ref=letter_ref(view.case_id, letter_id))


def letter_promise(acting: Acting, *, letter_id: UUID) -> bytes | None:
    """Return that word as a file; None if it is not signed yet.

    Raises
    ------
    NotFound
    """
    view = _own_letter(acting, letter_id)
    return receipts.promise(acting, log=LOG, ref=letter_ref(view.case_id, letter_id))


def letter_receipt(acting: Acting, *, letter_id: UUID) -> Receipt | None:
    """Return the receipt of one's own letter; None if it is on no ledger.

    Raises
    ------
    NotFound
    NotFinalYet, NoWitnesses
        See `ledger.receipts.receipt`.
    """
    view = _own_letter(acting, letter_id)
    return receipts.receipt(acting, log=LOG, ref=letter_ref(view.case_id, letter_id))


def receipt_by_code(code: str) -> Receipt | None:
    """Return the receipt of the letter with this code, for whoever holds the letter.

    It opens only what the check of a letter shows anyway.

    Raises
    ------
    NotFound
    NotFinalYet, NoWitnesses
    """
    hashed = content_of.code_hash(code)
    with scope(SYSTEM):
        letter = table.by_code(hashed) if hashed else None
    if letter is None:
        raise NotFound("No letter has this code.")
    ref = letter_ref(letter.case_id, letter.id)
    return receipts.receipt(SYSTEM, log=LOG, ref=ref, only=SHOWN_TO_ALL)


def _own_letter(acting: Acting, letter_id: UUID) -> LetterView:
    view, content = letters.letter_file(acting, letter_id=letter_id)
    content.close()
    return view


def forget(*, person_id: UUID, case_id: UUID) -> int:
    """Destroy what opens the commitments of a case that was erased; return how many entries."""
    return ledger.erase(SYSTEM, person_id=person_id, prefix=_of_case(case_id))


def _of_case(case_id: UUID) -> str:
    return f"case:{case_id}/"


def _about(number: str, decision: Decision) -> dict[str, str]:
    return {
        "case_number": number,
        "decided_at": decision.decided_at.isoformat(),
        "definition": decision.definition_hash,
        "explanation": _hash(decision.explanation),
        "outcome": decision.outcome,
    }


def _record_hash(decision: Decision) -> str:
    """Return what a decision comes to, with all that it rests on."""
    return _hash(
        {
            "action": decision.action,
            "automatic": decision.automatic,
            "decided_at": decision.decided_at.isoformat(),
            "decided_by": decision.decided_by,
            "definition_hash": decision.definition_hash,
            "evidence_revision": decision.evidence_revision,
            "explanation": decision.explanation,
            "outcome": decision.outcome,
            "pack_hash": decision.pack_hash,
            "reason": decision.reason,
            "second_by": decision.second_by,
            "state": decision.state,
        }
    )


def _hash(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
