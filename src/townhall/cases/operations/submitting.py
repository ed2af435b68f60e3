"""Submitting: exactly once, in one transaction, with nothing outside the database in it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from townhall.cases.engine.anonymous import subject_of
from townhall.cases.errors import (
    CaseError,
    IdempotencyConflict,
    Incomplete,
    NeedsSignIn,
    NotEligible,
    NotPermitted,
    StaleState,
)
from townhall.cases.models import submissions
from townhall.cases.operations import (
    amending,
    denials,
    drafts,
    evidence,
    filing,
    moment,
    pinned,
    reading,
    residents,
    uploads,
)
from townhall.cases.views import CaseView
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import interview
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.messages import Message
from townhall.catalogue.engine.situation import Situation
from townhall.foundation import settings
from townhall.foundation.acting import Acting
from townhall.foundation.database.identifiers import uuid7
from townhall.foundation.database.scope import scope
from townhall.foundation.text import marked

NO_SUCH_FILE = marked("There is no such file. Send it again.")
SUBMIT = "submit a draft"


def submit(acting: Acting, *, draft_id: UUID, seen_version: int, insist: bool = False) -> CaseView:
    """Make a case of a draft. Submitting the same draft again returns the same case.

    Parameters
    ----------
    seen_version : version of the draft that was checked. If the draft was changed
        since (in another window), nothing is submitted.
    insist : file it although the rules say no, to get the refusal in writing.

    Raises
    ------
    Incomplete
        If an answer that matters is missing, or is not acceptable any more.
    NotEligible
        If the rules say no and the person does not insist.
    StaleState, NeedsSignIn, NotPermitted, NotFound
    """
    now = moment.now()
    with denials.within(acting, SUBMIT):
        draft = drafts.visible(acting, draft_id, lock=True)
        definition = catalogue.by_hash(draft.definition_hash)
        if draft.case_id is not None:
            return residents.view_of(acting, draft.case_id, now)
        pinned.insist_on_access(definition, acting)
        if draft.version != seen_version:
            raise StaleState(draft.version)
        person = None if drafts.is_anonymous(acting) else evidence.person_of(acting)
        situation = evidence.situation_of_draft(
            draft, acting=acting, today=evidence.judged_on(draft, now), person=person
        )
        situation = replace(situation, language=draft.language)
        _insist_on_complete(definition, situation)
        if draft.amends is not None:
            return amending.file_amendment(
                acting, draft=draft, situation=situation, now=now, insist=insist
            )
        filed = filing.file(
            acting,
            definition=definition,
            situation=situation,
            person_id=draft.person_id,
            case_id=uuid7(),
            facts=draft.facts,
            draft=draft,
            now=now,
            insist=insist,
        )
        return residents.first_view(definition, filed, acting)


def submit_application(
    acting: Acting,
    *,
    service_key: str,
    answers: Mapping[str, Any],
    idempotency_key: str,
    person_id: UUID | None = None,
    insist: bool = False,
) -> CaseView:
    """File a whole application that a program sends, exactly once for its key.

    Parameters
    ----------
    answers : canonical JSON by datum (`catalogue.engine.schema.answers_schema`).
    idempotency_key : chosen by the program. The same key with the same content
        returns the same case; with other content it is refused.
    person_id : whom it is for; None for services that need no sign-in. Then the
        view's `link_token` opens the case, also when the answer is sent again.

    Returns
    -------
    Number, state and due date; answers, decision and history are in `case_of_program`.

    Raises
    ------
    Incomplete, NotEligible, IdempotencyConflict, NeedsSignIn, NotOffered,
    NotPermitted, NotFound
    """
    definition = pinned.live(service_key)
    token = None
    if person_id is None:
        if not pinned.anonymous_allowed(definition):
            raise NeedsSignIn(definition.who.login)
        token = _keyed("link", acting.actor, service_key, idempotency_key).hex()
        subject = subject_of(token)
    elif acting.person_id not in (None, person_id):
        raise NotPermitted("The application is for another person than the one acted for.")
    else:
        subject = person_id
    acting = replace(acting, person_id=subject)
    pinned.insist_on_access(definition, acting)
    now = moment.now()
    case_id = uuid7()
    with scope(acting):
        earlier = submissions.claim(
            source=acting.actor,
            key_hash=_keyed("key", idempotency_key),
            body_hash=_body_hash(service_key, answers, person_id),
            case_id=case_id,
            now=now,
        )
        if earlier is not None:
            body_hash, filed_as = earlier
            if body_hash != _body_hash(service_key, answers, person_id):
                raise IdempotencyConflict("The key was used before with another application.")
            view, refused = residents.brief_view_of(acting, filed_as, now), None
        else:
            view, refused = _try_program(
                acting, definition, answers, idempotency_key,
                subject=subject, case_id=case_id, anonymous=token is not None, now=now,
                insist=insist,
            )  # fmt: skip
    if refused is not None:
        raise refused
    assert view is not None
    return replace(view, link_token=token)


def _try_program(
    acting: Acting,
    definition: Definition,
    answers: Mapping[str, Any],
    idempotency_key: str,
    *,
    subject: UUID,
    case_id: UUID,
    anonymous: bool,
    now: datetime,
    insist: bool,
) -> tuple[CaseView | None, CaseError | None]:
    """File the application, or give the key back and return why not.

    A refusal is not raised through the transaction: what registers were asked
    meanwhile has to stay in the journal, because the refusal may tell of it.
    """
    try:
        view = _file_program(
            acting, definition, answers, subject=subject, case_id=case_id, anonymous=anonymous,
            now=now, insist=insist,
        )  # fmt: skip
    except (Incomplete, NotEligible) as refused:
        submissions.give_back(source=acting.actor, key_hash=_keyed("key", idempotency_key))
        return None, refused
    return view, None


def _file_program(
    acting: Acting,
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    subject: UUID,
    case_id: UUID,
    anonymous: bool,
    now: datetime,
    insist: bool,
) -> CaseView:
    situation = Situation(
        today=moment.day_of(now),
        channel=acting.channel,
        person=None if anonymous else {"id": str(subject), "name": ""},
        language=acting.language,
    )
    read = partial(
        reading.read_due,
        acting,
        definition=definition,
        person_id=subject,
        subject_id=case_id,
        service_no=catalogue.number_of(definition.service),
        now=now,
    )
    situation, facts = read(situation=situation, stored={})
    # Answers and facts depend on each other: a plate is the key of a vehicle, which
    # decides whether a lease is asked for. So it goes round until nothing new is read.
    known = -1
    while len(facts) != known:
        known = len(facts)
        accepted = interview.accept_json(definition, answers, situation)
        situation, facts = read(situation=situation.with_answers(accepted.answers), stored=facts)
    if accepted.errors:
        raise Incomplete((), accepted.errors)
    _insist_on_complete(definition, situation, checked=True)
    filed = filing.file(
        acting,
        definition=definition,
        situation=situation,
        person_id=subject,
        case_id=case_id,
        facts=facts,
        draft=None,
        now=now,
        insist=insist,
    )
    return residents.brief_view(filed.case, situation.today, pending=not filed.case.open)


def _insist_on_complete(
    definition: Definition, situation: Situation, *, checked: bool = False
) -> None:
    """Raise `Incomplete` if something is missing or not acceptable any more.

    Parameters
    ----------
    checked : every answer was judged just now, beside all the others.
    """
    missing = tuple(datum.name for datum in interview.missing(definition, situation))
    errors = {} if missing or checked else interview.check(definition, situation)
    for name, stored in situation.answers.items():
        if isinstance(stored, list) and uploads.strangers({name: stored}):
            errors[name] = Message(NO_SUCH_FILE)
    if missing or errors:
        raise Incomplete(missing, errors)


def _body_hash(service_key: str, answers: Mapping[str, Any], person_id: UUID | None) -> bytes:
    body = json.dumps(
        [service_key, str(person_id or ""), answers], sort_keys=True, separators=(",", ":")
    )
    return _keyed("body", body)


def _keyed(*parts: str) -> bytes:
    """Return a keyed hash: of short contents, a plain one could be guessed back."""
    secret = settings.current().secret_key.encode()
    message = "\0".join(("townhall submission", *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(secret, message, hashlib.sha256).digest()
