"""Drafts: an application on its way, pinned to one version of its definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q

from townhall.foundation.acting import Acting
from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class Draft(models.Model):
    """One draft.

    `version` grows with every save; whoever submits names the version that was
    checked. `amends` is the case whose evidence it replaces. Once submitted,
    `case_id` is set and the contents are emptied: the application holds them.
    `pages_done` stays for the funnel of the service owner.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    service_no = models.IntegerField()
    definition_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=16)
    channel = models.CharField(max_length=16)
    version = models.IntegerField(default=1)
    answers = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    pages_done = ArrayField(models.TextField(), default=list)
    eligibility = models.CharField(max_length=16, default="", blank=True)
    actor = models.CharField(max_length=64)
    on_behalf_of = models.UUIDField(null=True)
    mandate = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_on = models.DateField()
    warned_at = models.DateTimeField(null=True)
    case_id = models.UUIDField(null=True)
    amends = models.UUIDField(null=True)

    class Meta:
        db_table = "cases_draft"
        indexes = [
            models.Index(fields=["person_id", "-saved_at"], name="cases_draft_of_person"),
            models.Index(fields=["expires_on"], name="cases_draft_expiring"),
            models.Index(fields=["service_no", "started_at"], name="cases_draft_of_service"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="cases_draft_version_counts"),
        ]


_OWN = rows.Query(Draft, "person_id = %s AND id = %s")


def start(
    acting: Acting,
    *,
    draft_id: UUID,
    person_id: UUID,
    service_no: int,
    definition_hash: str,
    facts: Mapping[str, Any],
    answers: Mapping[str, Any],
    eligibility: str,
    now: datetime,
    expires_on: date,
    amends: UUID | None = None,
) -> Draft:
    """Insert a draft; its first version holds the facts that could be read at once."""
    draft = Draft(
        id=draft_id,
        person_id=person_id,
        service_no=service_no,
        definition_hash=definition_hash,
        language=acting.language,
        channel=acting.channel,
        answers=dict(answers),
        facts=dict(facts),
        eligibility=eligibility,
        actor=acting.actor,
        on_behalf_of=acting.on_behalf_of,
        mandate=acting.mandate,
        started_at=now,
        saved_at=now,
        expires_on=expires_on,
        amends=amends,
    )
    rows.add(draft)
    return draft


def get(person_id: UUID | None, draft_id: UUID, *, lock: bool = False) -> Draft | None:
    """Return this person's draft, locked until the end of the transaction if asked."""
    if person_id is None:
        return None
    return _OWN.first(person_id, draft_id, lock=lock)


def amending(person_id: UUID, case_id: UUID) -> Draft | None:
    """Return the open draft that amends a case, locked until the end of the transaction."""
    return (
        Draft.objects.filter(person_id=person_id, amends=case_id, case_id=None)
        .select_for_update()
        .first()
    )


def hand_over(draft: Draft, case_id: UUID, now: datetime) -> None:
    """Tie a locked draft to the case that holds its contents now, and empty it."""
    draft.case_id = case_id
    _update(draft, case_id=case_id, answers={}, facts={}, saved_at=now)


def save(
    draft: Draft,
    *,
    answers: Mapping[str, Any],
    facts: Mapping[str, Any],
    page_done: str | None,
    eligibility: str,
    now: datetime,
    expires_on: date,
) -> None:
    """Write the next version of a locked draft."""
    draft.version += 1
    draft.answers, draft.facts = dict(answers), dict(facts)
    draft.eligibility, draft.saved_at, draft.expires_on = eligibility, now, expires_on
    draft.warned_at = None
    if page_done is not None and page_done not in draft.pages_done:
        draft.pages_done = [*draft.pages_done, page_done]
    _update(
        draft,
        version=draft.version,
        answers=draft.answers,
        facts=draft.facts,
        eligibility=eligibility,
        saved_at=now,
        expires_on=expires_on,
        warned_at=None,
        pages_done=draft.pages_done,
    )


def remove(draft: Draft) -> None:
    """Delete a draft; its files are dropped by the caller."""
    Draft.objects.filter(person_id=draft.person_id, id=draft.id).delete()


def of_person(person_id: UUID, limit: int) -> Sequence[Draft]:
    """Return the open drafts of a person, last saved first."""
    return list(
        Draft.objects.filter(person_id=person_id, case_id=None).order_by("-saved_at")[:limit]
    )


def expiring(*, before: date, limit: int, warned: bool) -> Sequence[Draft]:
    """Return open drafts that expire before a day; `warned=False`: only those not yet warned."""
    found = Draft.objects.filter(case_id=None, expires_on__lt=before)
    if not warned:
        found = found.filter(warned_at=None)
    return list(found.order_by("expires_on")[:limit].select_for_update(skip_locked=True))


def submitted_before(day: date, limit: int) -> Sequence[Draft]:
    """Return emptied drafts of the past whose row is only kept for the funnel."""
    found = Draft.objects.filter(expires_on__lt=day).exclude(case_id=None)
    return list(found.order_by("expires_on")[:limit].select_for_update(skip_locked=True))


def mark_warned(draft: Draft, now: datetime) -> None:
    _update(draft, warned_at=now)


def pages_reached(service_no: int, since: datetime) -> tuple[int, int, dict[str, int]]:
    """Return how many drafts were started since then, how many were submitted, and how many
    completed each page."""
    recent = "FROM cases_draft WHERE service_no = %s AND started_at >= %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count(case_id) {recent}",
            (service_no, since),
        )
        started, submitted = cursor.fetchone()
        cursor.execute(
            f"SELECT page, count(*) FROM (SELECT unnest(pages_done) {recent}) AS done(page)"  # noqa: S608
            " GROUP BY page",
            (service_no, since),
        )
        return started, submitted, dict(cursor.fetchall())


def _update(draft: Draft, **fields: Any) -> None:
    Draft.objects.filter(person_id=draft.person_id, id=draft.id).update(**fields)
