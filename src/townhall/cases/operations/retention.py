"""Retention: drafts expire after a warning, closed cases are erased as `keep` says."""

from __future__ import annotations

from datetime import timedelta

from townhall.cases import models
from townhall.cases.engine import snapshot
from townhall.cases.models import applications, drafts, letters, submissions
from townhall.cases.models import case as cases
from townhall.cases.operations import moment, pinned, uploads
from townhall.catalogue import operations as catalogue
from townhall.foundation import events
from townhall.foundation.acting import SYSTEM

BATCH = 100
WARNED_BEFORE = timedelta(days=7)


def warn_of_expiry() -> int:
    """Tell of drafts that expire within a week; return how many were told of."""
    now = moment.now()
    soon = drafts.expiring(before=moment.day_of(now) + WARNED_BEFORE, limit=BATCH, warned=False)
    told = 0
    for draft in soon:
        # A draft that lives no longer than a week would be told of at once: only at half time.
        life = pinned.draft_expires(
            catalogue.by_hash(draft.definition_hash), moment.day_of(draft.saved_at)
        ) - moment.day_of(draft.saved_at)
        if draft.expires_on - moment.day_of(now) > life / 2:
            continue
        drafts.mark_warned(draft, now)
        _record("draft.expiring", draft, expires=draft.expires_on.isoformat())
        told += 1
    return told


def expire_drafts() -> int:
    """Erase drafts whose time is over, with their files; return how many.

    A draft that became a case is an empty row by now; it goes with its date.
    """
    today = moment.day_of(moment.now())
    over = drafts.expiring(before=today, limit=BATCH, warned=True)
    for draft in over:
        uploads.drop_unused(draft.answers, {})
        drafts.remove(draft)
        _record("draft.expired", draft)
    submitted = drafts.submitted_before(today, BATCH)
    for draft in submitted:
        drafts.remove(draft)
    return len(over) + len(submitted)


def erase_cases() -> int:
    """Erase closed cases whose retention is over, with their files; return how many."""
    over = cases.to_erase(moment.day_of(moment.now()), BATCH)
    for case in over:
        files = {
            file_id
            for application in applications.all_of(case.person_id, case.id)
            for file_id in snapshot.files_in(application.answers)
        }
        files |= {str(letter.file_id) for letter in letters.of_case(case.person_id, case.id)}
        if not cases.erase(case):
            continue
        uploads.drop(files)
        events.record(
            "case.erased",
            subject=case.id,
            person_id=case.person_id,
            acting=SYSTEM,
            service_no=case.service_no,
            payload={"number": case.number, "outcome": case.outcome or ""},
        )
    return len(over)


def forget_keys() -> int:
    """Forget idempotency keys that no program will repeat any more; return how many."""
    return submissions.purge(moment.now() - timedelta(days=submissions.KEEP_DAYS))


def _record(kind: str, draft: models.Draft, **payload: str) -> None:
    events.record(
        kind,
        subject=draft.id,
        person_id=draft.person_id,
        acting=SYSTEM,
        payload={"service": draft.service_no, **payload},
    )
