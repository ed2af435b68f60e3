"""Drafts: start, open on any device, save page by page, discard."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from townhall.cases import models
from townhall.cases.engine import snapshot
from townhall.cases.engine.anonymous import TOKEN_BYTES, subject_of
from townhall.cases.errors import AlreadySubmitted, NotFound, PageErrors
from townhall.cases.models import drafts
from townhall.cases.operations import denials, evidence, moment, pinned, reading, uploads
from townhall.cases.views import DraftView, SourceView
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import assessment, interview
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.situation import Situation
from townhall.foundation import events, files
from townhall.foundation.acting import Acting
from townhall.foundation.database.identifiers import uuid7
from townhall.foundation.database.scope import scope

OPEN_DRAFT = "open a draft"


class Upload(Protocol):
    """An uploaded file, as Django hands it over."""

    name: str | None
    file: BinaryIO


def start_draft(
    acting: Acting, *, service_key: str, answers: Mapping[str, Any] | None = None
) -> DraftView:
    """Open a draft on the live version of a service, with what registers know already.

    Parameters
    ----------
    acting : whoever applies. Without a sign-in (and if the service allows it) a
        subject is made for this draft alone; the view's `link_token` is its key.
    answers : answers given before, in a guidance service; those that this service
        does not ask are left out.

    Raises
    ------
    NotFound, NotOffered, NeedsSignIn, NotPermitted
    """
    definition = pinned.live(service_key)
    pinned.insist_on_access(definition, acting)
    token = None
    if acting.person_id is None:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        acting = replace(acting, person_id=subject_of(token))
    now = moment.now()
    with scope(acting):
        view = _start(acting, definition, dict(answers or {}), now, anonymous=token is not None)
    return replace(view, link_token=token)


def open_draft(acting: Acting, *, draft_id: UUID) -> DraftView:
    """Return a draft as it stands; facts that are too old are read again.

    Raises
    ------
    NotFound
        If there is none that this person may see, or it has expired.
    """
    now = moment.now()
    with denials.within(acting, OPEN_DRAFT):
        draft = visible(acting, draft_id)
        definition = catalogue.by_hash(draft.definition_hash)
        situation = _situation(draft, acting, now)
        fresh = reading.without_stale(draft.facts, now)
        if draft.case_id is None and fresh.keys() != draft.facts.keys():
            draft = visible(acting, draft_id, lock=True)
            fresh = reading.without_stale(draft.facts, now)
            situation = replace(situation, facts=snapshot.facts_from_json(fresh))
            situation = _read_and_save(acting, draft, situation, fresh, now=now)
        return _view(definition, draft, situation)


def save_page(
    acting: Acting,
    *,
    draft_id: UUID,
    page_key: str,
    raw: Mapping[str, Sequence[Any]],
    files: Mapping[str, Iterable[Upload]] | None = None,
    partial: bool = False,
) -> DraftView:
    """Save one page of a draft; what becomes known by it is read from the registers.

    Parameters
    ----------
    raw : form fields as they were sent. What was sent for a register's fact, or
        for a question that does not exist here, is ignored.
    files : uploads by datum. They are kept even if the page is not accepted.
    partial : keep what is acceptable and leave the rest open: the person is not
        finished with the page, or leaves it for later.

    Raises
    ------
    PageErrors
        With a message per field; nothing else of the page was saved. Not if `partial`.
    AlreadySubmitted, NotFound
    """
    now = moment.now()
    refused: PageErrors | None = None
    with denials.within(acting, OPEN_DRAFT):
        draft = editable(acting, draft_id)
        definition = catalogue.by_hash(draft.definition_hash)
        page = definition.page(page_key)
        if page is None:
            raise NotFound(f"The service has no page {page_key!r}.")
        situation = _situation(draft, acting, now)
        form, kept, file_errors = uploads.store_all(
            acting,
            [definition.data[name] for name in page.ask],
            raw=raw,
            sent=files or {},
            answers=situation.answers,
            owner=draft,
        )
        accepted = interview.accept(definition, page_key, form, situation)
        problems = {**accepted.errors, **file_errors}
        answers = accepted.answers
        if problems and not partial:
            refused = PageErrors(problems, form, accepted.add_row)
            answers = {**draft.answers, **kept}
        if answers != draft.answers or not problems:
            uploads.drop_unused(draft.answers, answers)
            situation = _read_and_save(
                acting,
                draft,
                situation.with_answers(answers),
                draft.facts if problems else reading.without_unavailable(draft.facts),
                page_done=None if problems else page_key,
                now=now,
            )
        view = _view(definition, draft, situation)
    if refused is not None:
        raise refused
    return replace(view, add_row=accepted.add_row)


def remove_file(acting: Acting, *, draft_id: UUID, datum: str, file_id: str | UUID) -> DraftView:
    """Take an uploaded file back; taking it back twice changes nothing.

    Raises
    ------
    AlreadySubmitted, NotFound
    """
    now = moment.now()
    with denials.within(acting, OPEN_DRAFT):
        draft = editable(acting, draft_id)
        definition = catalogue.by_hash(draft.definition_hash)
        answers = uploads.without(draft.answers, datum, str(file_id))
        situation = _situation(draft, acting, now).with_answers(answers)
        if answers != draft.answers:
            uploads.drop_unused(draft.answers, answers)
            _save(draft, situation, draft.facts, now=now)
        return _view(definition, draft, situation)


def draft_file(
    acting: Acting, *, draft_id: UUID, file_id: UUID
) -> tuple[files.StoredFile, BinaryIO]:
    """Return a file uploaded for a draft; the caller closes it.

    Raises
    ------
    NotFound
    """
    with denials.within(acting, OPEN_DRAFT):
        draft = visible(acting, draft_id)
        if str(file_id) not in set(snapshot.files_in(draft.answers)):
            raise NotFound("The draft has no such file.")
        return files.read(file_id)


def discard_draft(acting: Acting, *, draft_id: UUID) -> None:
    """Delete a draft and everything uploaded for it.

    Raises
    ------
    AlreadySubmitted, NotFound
    """
    with denials.within(acting, OPEN_DRAFT):
        draft = editable(acting, draft_id)
        uploads.drop_unused(draft.answers, {})
        drafts.remove(draft)
        _record("draft.discarded", draft, acting)


def visible(acting: Acting, draft_id: UUID, *, lock: bool = False) -> models.Draft:
    """Return a draft of the person acted for; inside `denials.within`."""
    draft = drafts.get(acting.person_id, draft_id, lock=lock)
    if draft is None:
        raise denials.Hidden(models.Draft, draft_id)
    if draft.case_id is None and draft.expires_on < moment.day_of(moment.now()):
        raise NotFound("This draft has expired.")
    return draft


def editable(acting: Acting, draft_id: UUID) -> models.Draft:
    """Return a locked draft that is still a draft; inside `denials.within`."""
    draft = visible(acting, draft_id, lock=True)
    if draft.case_id is not None:
        raise AlreadySubmitted(draft.case_id)
    return draft


def view_of(acting: Acting, draft: models.Draft, now: datetime) -> DraftView:
    """Return the view of a draft of the person acted for; inside `denials.within`."""
    return _view(catalogue.by_hash(draft.definition_hash), draft, _situation(draft, acting, now))


def is_anonymous(acting: Acting) -> bool:
    """Say whether the person is a subject made for one draft: known only by its key."""
    return acting.actor == "anonymous"


def _start(
    acting: Acting,
    definition: Definition,
    answers: dict[str, Any],
    now: datetime,
    *,
    anonymous: bool,
) -> DraftView:
    person_id = acting.person_id
    assert person_id is not None
    service_no = catalogue.number_of(definition.service)
    today = moment.day_of(now)
    draft_id = uuid7()
    situation = Situation(
        today=today,
        channel=acting.channel,
        person=None if anonymous else evidence.person_of(acting),
        language=acting.language,
    )
    situation, facts = reading.read_due(
        acting,
        definition=definition,
        situation=situation,
        stored={},
        person_id=person_id,
        subject_id=draft_id,
        service_no=service_no,
        now=now,
    )
    if answers:
        known = {name: value for name, value in answers.items() if name in definition.data}
        accepted = interview.accept_json(definition, known, situation).answers
        situation = situation.with_answers(
            {name: value for name, value in accepted.items() if name in known}
        )
    verdict = assessment.assess(definition, situation, trace=False)
    draft = drafts.start(
        acting,
        draft_id=draft_id,
        person_id=person_id,
        service_no=service_no,
        definition_hash=definition.hash,
        facts=facts,
        answers=situation.answers,
        eligibility=verdict.eligibility,
        now=now,
        expires_on=pinned.draft_expires(definition, today),
    )
    _record("draft.started", draft, acting)
    if verdict.eligibility == "no":
        _count_attempt(draft, verdict)
    return _view(definition, draft, situation)


def _situation(draft: models.Draft, acting: Acting, now: datetime) -> Situation:
    person = None if is_anonymous(acting) else evidence.person_of(acting)
    return evidence.situation_of_draft(
        draft, acting=acting, today=evidence.judged_on(draft, now), person=person
    )


def _read_and_save(
    acting: Acting,
    draft: models.Draft,
    situation: Situation,
    stored: Mapping[str, Any],
    *,
    now: datetime,
    page_done: str | None = None,
) -> Situation:
    situation, facts = reading.read_due(
        acting,
        definition=catalogue.by_hash(draft.definition_hash),
        situation=replace(situation, facts=snapshot.facts_from_json(stored)),
        stored=stored,
        person_id=draft.person_id,
        subject_id=draft.id,
        service_no=draft.service_no,
        now=now,
    )
    _save(draft, situation, facts, now=now, page_done=page_done)
    return situation


def _save(
    draft: models.Draft,
    situation: Situation,
    facts: Mapping[str, Any],
    *,
    now: datetime,
    page_done: str | None = None,
) -> None:
    definition = catalogue.by_hash(draft.definition_hash)
    verdict = assessment.assess(definition, situation, trace=False)
    if verdict.eligibility == "no" and draft.eligibility != "no":
        _count_attempt(draft, verdict)
    drafts.save(
        draft,
        answers=situation.answers,
        facts=facts,
        page_done=page_done,
        eligibility=verdict.eligibility,
        now=now,
        expires_on=pinned.draft_expires(definition, moment.day_of(now)),
    )


def _count_attempt(draft: models.Draft, verdict: assessment.Assessment) -> None:
    """Count that somebody turned out not to be eligible, and by which line; not who."""
    reasons = [each.key for each in verdict.against if each.verdict == "no" and each.key]
    events.record(
        "service.not_eligible",
        subject=uuid7(),
        person_id=None,
        acting=Acting(actor="anonymous", channel=draft.channel),
        service_no=draft.service_no,
        payload={"because": reasons, "definition": draft.definition_hash},
    )


def _record(kind: str, draft: models.Draft, acting: Acting) -> None:
    events.record(
        kind,
        subject=draft.id,
        person_id=draft.person_id,
        acting=acting,
        payload={"service": draft.service_no, "definition": draft.definition_hash},
    )


def _view(definition: Definition, draft: models.Draft, situation: Situation) -> DraftView:
    pages = interview.page_list(definition, situation)
    open_page = next((page.key for page in pages if page.open), None)
    return DraftView(
        id=draft.id,
        service_key=definition.service,
        definition=definition,
        language=draft.language,
        channel=draft.channel,
        version=draft.version,
        answers=situation.answers,
        situation=situation,
        pages=pages,
        next_page=open_page,
        complete=open_page is None,
        sources=tuple(_sources(definition, draft, situation)),
        started_at=draft.started_at,
        saved_at=draft.saved_at,
        expires_on=draft.expires_on,
        on_behalf_of=draft.on_behalf_of,
        case_id=draft.case_id,
        amends=draft.amends,
    )


def _sources(
    definition: Definition, draft: models.Draft, situation: Situation
) -> Iterable[SourceView]:
    for datum in definition.register_data:
        stored = draft.facts.get(datum.name)
        fact = situation.facts.get(datum.name)
        if stored is not None and fact is not None:
            yield SourceView(
                datum=datum.name,
                register=fact.register,
                source=fact.source,
                outcome=fact.outcome,
                as_of=fact.as_of,
                read_at=snapshot.read_at(stored),
                fallback=situation.fallback_of(datum) or None,
            )
