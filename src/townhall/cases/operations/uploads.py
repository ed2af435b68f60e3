"""Files that belong to a draft or a request: taken in, kept beside the answers, dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from townhall.cases import models
from townhall.cases.engine import snapshot
from townhall.catalogue.engine.definition import Datum
from townhall.catalogue.engine.messages import Message
from townhall.foundation import files
from townhall.foundation.acting import Acting
from townhall.foundation.text import marked

TOO_MANY = marked("Choose at most %(limit)s files.")
_MOST_AT_ONCE = 10

Form = dict[str, list[Any]]


def store_all(
    acting: Acting,
    data: Iterable[Datum],
    *,
    raw: Mapping[str, Sequence[Any]],
    sent: Mapping[str, Iterable[Any]],
    answers: Mapping[str, Any],
    owner: models.Draft | models.Case,
) -> tuple[Form, dict[str, Any], dict[str, Message]]:
    """Store what was uploaded for the file questions among these data.

    Parameters
    ----------
    raw : form fields as they were sent.
    sent : uploads by datum.
    answers : what is answered already; its files stay.
    owner : the draft or case that the files belong to.

    Returns
    -------
    The form with every file field filled from what is stored, never from what the
    browser sent for it; the answers of the file fields; and what was refused.
    """
    form: Form = {name: list(values) for name, values in raw.items()}
    kept: dict[str, Any] = {}
    errors: dict[str, Message] = {}
    for datum in data:
        if datum.type != "file":
            continue
        form.pop(datum.name, None)
        before = list(answers.get(datum.name) or [])
        new: list[dict[str, Any]] = []
        for upload in list(sent.get(datum.name, ()))[: _MOST_AT_ONCE + 1]:
            if len(before) + len(new) >= _MOST_AT_ONCE:
                errors[datum.name] = Message(TOO_MANY, {"limit": _MOST_AT_ONCE})
                break
            try:
                new.append(_store(acting, datum, upload, owner))
            except files.FileRefused as refusal:
                errors[datum.name] = Message(refusal.reason, refusal.params)
        found = [*before, *new] if datum.several else (new[-1:] or before)
        if found:
            form[datum.name] = found
        if new:
            kept[datum.name] = found
    return form, kept, errors


def without(answers: Mapping[str, Any], datum: str, file_id: str) -> dict[str, Any]:
    """Return the answers without one file; a question left without any is open again."""
    left = dict(answers)
    if isinstance(left.get(datum), list):
        remaining = [each for each in left[datum] if each.get("file") != file_id]
        if remaining:
            left[datum] = remaining
        else:
            del left[datum]
    return left


def drop_unused(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Forget the files that answers referred to and now do not."""
    drop(set(snapshot.files_in(before)) - set(snapshot.files_in(after)))


def drop(file_ids: Iterable[str]) -> None:
    """Forget files; one that is gone already is no failure."""
    for file_id in sorted(file_ids):
        try:
            files.drop(UUID(file_id))
        except files.FileMissing:
            continue


def strangers(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the files among the answers that the open scope may not see."""
    found = []
    for file_id in snapshot.files_in(answers):
        try:
            files.describe(UUID(file_id))
        except (files.FileMissing, ValueError):
            found.append(file_id)
    return tuple(found)


def _store(
    acting: Acting, datum: Datum, upload: Any, owner: models.Draft | models.Case
) -> dict[str, Any]:
    stored = files.store(
        content=upload.file,
        name=upload.name or "file",
        accept=datum.accept,
        max_bytes=datum.max_bytes or 10_000_000,
        person_id=owner.person_id,
        acting=acting,
        service_no=owner.service_no,
    )
    return {
        "file": str(stored.id),
        "name": stored.name,
        "media_type": stored.media_type,
        "size": stored.size,
    }
