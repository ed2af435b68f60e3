"""Letters: made by the worker, found by their person, checked by anybody."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from townhall.cases import models
from townhall.cases.engine import letter as content_of
from townhall.cases.engine.letter import Notice
from townhall.cases.errors import NotFound
from townhall.cases.letters import rendering
from townhall.cases.models import applications, decisions
from townhall.cases.models import case as cases
from townhall.cases.models import letters as table
from townhall.cases.operations import (
    correspondence,
    denials,
    moment,
    showing,
    transitions,
)
from townhall.cases.views import LetterCheck, LetterView
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.definition import Definition
from townhall.foundation import files, settings
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.text import gettext, offered, override

MOST = 200
LARGEST = 5_000_000


def my_letters(acting: Acting, *, limit: int = 50) -> tuple[LetterView, ...]:
    """Return the letters of the person acted for, newest first."""
    if acting.person_id is None:
        return ()
    with scope(acting):
        rows = table.of_person(acting.person_id, min(limit, MOST))
        numbers = {case.id: case for case in cases.by_ids(acting.person_id, rows)}
    return tuple(
        showing.letter_view(
            catalogue.by_hash(numbers[row.case_id].definition_hash),
            numbers[row.case_id].number,
            row,
        )
        for row in rows
    )


def letter_file(acting: Acting, *, letter_id: UUID) -> tuple[LetterView, BinaryIO]:
    """Return one's own letter with its file; the caller closes it.

    Raises
    ------
    NotFound
    """
    with denials.within(acting, "open a letter"):
        letter = table.get(acting.person_id, letter_id) if acting.person_id else None
        if letter is None:
            raise denials.Hidden(models.Letter, letter_id)
        case = cases.get(acting.person_id, letter.case_id)
        assert case is not None
        view = showing.letter_view(catalogue.by_hash(case.definition_hash), case.number, letter)
        return view, files.read(letter.file_id)[1]


def verify_letter(code: str, *, content: bytes | None = None) -> LetterCheck:
    """Say what letter a code belongs to; nothing in the answer is personal.

    Parameters
    ----------
    code : as somebody typed it: spaces, hyphens and small letters do not matter,
        nor whether O was read for 0, or I and L for 1.
    content : a PDF to be compared with the letter, byte for byte.

    Raises
    ------
    NotFound
        If no letter has this code.
    """
    hashed = content_of.code_hash(code)
    with scope(Acting(actor="anonymous")):
        found = table.public_by_code(hashed) if hashed else None
    if found is None:
        raise NotFound("No letter has this code.")
    definition = catalogue.by_hash(found["definition_hash"])
    agency = definition.pack.agencies.get(definition.agency)
    matches = None
    if content is not None:
        matches = hashlib.sha256(content).hexdigest() == found["sha256"]
    return LetterCheck(
        kind=found["kind"],
        title=_kind_title(definition, found["kind"]),
        service_title=definition.title,
        agency=definition.agency,
        agency_title=agency.title if agency else {},
        number=found["number"],
        issued_at=found["issued_at"],
        sha256=found["sha256"],
        matches=matches,
    )


def make(*, person_id: UUID, case_id: UUID, kind: str, state_seq: int) -> bool:
    """Make a letter of a case, once; the worker's part, in its own scope.

    Parameters
    ----------
    kind : "receipt", or a letter of the definition.
    state_seq : the state whose letter it is.

    Returns
    -------
    Whether it was made now: False if it exists, or the case is gone.
    """
    case = cases.get(person_id, case_id)
    if case is None or table.exists(person_id, case_id, kind, state_seq):
        return False
    now = moment.now()
    definition = catalogue.by_hash(case.definition_hash)
    with override(case.language):
        _store(case, kind, state_seq, _contents(definition, case, kind, state_seq, now), now)
    return True


def _store(
    case: models.Case, kind: str, seq: int, contents: content_of.Contents, now: datetime
) -> None:
    """Render a letter, and keep it."""
    pdf, code = _rendered(contents, now)
    stored = files.store(
        content=pdf,
        name=f"{case.number}-{kind}.pdf",
        accept=("pdf",),
        max_bytes=LARGEST,
        person_id=case.person_id,
        acting=SYSTEM,
        service_no=case.service_no,
    )
    letter = table.add(
        person_id=case.person_id,
        case_id=case.id,
        service_no=case.service_no,
        kind=kind,
        state_seq=seq,
        language=case.language,
        title=contents.title,
        file_id=stored.id,
        sha256=stored.sha256,
        size=stored.size,
        code_hash=content_of.code_hash(code),
        issued_at=now,
    )
    transitions.record(SYSTEM, case, "letter.issued", letter=str(letter.id), about=kind)


def make_notice(
    *,
    person_id: UUID,
    case_id: UUID,
    kind: str,
    seq: int,
    words: Callable[[str], Notice],
) -> bool:
    """Make a letter of another room about a case, once; the worker's part, in its own scope.

    Parameters
    ----------
    kind, seq : what it is called, and its number among those of the kind.
    words : given a language, what the letter says.

    Returns
    -------
    Whether it was made now: False if it exists, or the case is gone.
    """
    case = cases.get(person_id, case_id)
    if case is None or table.exists(person_id, case_id, kind, seq):
        return False
    now = moment.now()
    definition = catalogue.by_hash(case.definition_hash)
    application = applications.get(person_id, case_id, case.evidence_revision)
    with override(case.language):
        contents = correspondence.notice(
            definition, case, application, words(case.language), now=now
        )
        _store(case, kind, seq, contents, now)
    return True


def make_for_state(*, person_id: UUID, case_id: UUID, state: str, state_seq: int) -> None:
    """Make the letters that a state of a case declares; see `make`."""
    case = cases.get(person_id, case_id)
    if case is None:
        return
    definition = catalogue.by_hash(case.definition_hash)
    for kind in showing.letters_of(definition, state):
        make(person_id=person_id, case_id=case_id, kind=kind, state_seq=state_seq)


def _contents(
    definition: Definition, case: models.Case, kind: str, state_seq: int, now: datetime
) -> content_of.Contents:
    decided = [
        each for each in decisions.of_case(case.person_id, case.id) if each.state_seq == state_seq
    ]
    decision = decided[0] if decided else None
    revision = decision.evidence_revision if decision else case.evidence_revision
    if kind == correspondence.RECEIPT:
        first = applications.get(case.person_id, case.id, 1)
        return correspondence.receipt(definition, case, first)
    application = applications.get(case.person_id, case.id, revision)
    return correspondence.declared(definition, case, application, kind, decision=decision, now=now)


def _rendered(contents: content_of.Contents, now: datetime) -> tuple[bytes, str]:
    code = content_of.code_of(secrets.token_bytes(content_of.CODE_BYTES))
    url = f"{settings.current().base_url}/verify/{code}"
    data = content_of.compose(
        contents,
        labels=correspondence.labels(contents.language),
        verify_url=url,
        code=code,
        qr=rendering.qr_code(url),
    )
    return rendering.render(data, issued_at=now), code


def _kind_title(definition: Definition, kind: str) -> dict[str, str]:
    """Return what a letter is called, without what stands in its blanks."""
    if kind == correspondence.RECEIPT:
        return {each: gettext("Receipt of an application", each) for each in offered()}
    letter = definition.letters.get(kind)
    words = letter.title if letter else {}
    if any("{" in text for text in words.values()):
        return {each: gettext("Letter", each) for each in offered()}
    return dict(words)
