"""Awards, their facts over time, assessments and accounts: the only writer of these tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models

from townhall.awards.engine.adjusting import Entry as Line
from townhall.awards.engine.timeline import Timeline, Version
from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


class Award(models.Model):
    """One award: what the case decided stays; what changes is which periods are paid.

    Attributes
    ----------
    every : `week` or `month`.
    start_on, until_on : first day, and the day after the last; None: no end.
    next_on : the next period to be paid; None when the award has ended.
    next_amount : what it is worth as far as is known.
    assessed : how many assessments there are.
    held : an assessment waits for an officer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    case_id = models.UUIDField()
    service_no = models.IntegerField()
    number = models.CharField(max_length=40)
    definition_hash = models.CharField(max_length=64)
    every = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    start_on = models.DateField()
    until_on = models.DateField(null=True)
    next_on = models.DateField(null=True)
    next_amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    assessed = models.IntegerField(default=0)
    held = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "awards_award"
        constraints = [
            models.UniqueConstraint(fields=["person_id", "case_id"], name="awards_award_of_case")
        ]
        indexes = [
            models.Index(
                fields=["next_on"],
                condition=models.Q(next_on__isnull=False),
                name="awards_award_due",
            )
        ]


class FactVersion(models.Model):
    """What became known of a fact of an award; the table only grows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    award_id = models.UUIDField()
    service_no = models.IntegerField()
    seq = models.IntegerField()
    datum = models.CharField(max_length=64)
    fact = models.JSONField()
    since = models.DateField()
    until = models.DateField(null=True)
    known_at = models.DateTimeField()

    class Meta:
        db_table = "awards_fact"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "award_id", "seq"], name="awards_fact_in_order"
            )
        ]


class Watch(models.Model):
    """Which award rests on which fact: a change finds its awards by an index."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.UUIDField()
    award_id = models.UUIDField()
    service_no = models.IntegerField()
    about = models.UUIDField()
    register = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    datum = models.CharField(max_length=64)

    class Meta:
        db_table = "awards_watch"
        indexes = [models.Index(fields=["about", "register", "kind"], name="awards_watch_fact")]
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "award_id", "datum", "kind"], name="awards_watch_once"
            )
        ]


class Assessment(models.Model):
    """What the law gave from a day on, and why; the table only grows.

    Attributes
    ----------
    cause : `granted`, `fact`, `rates` or `ruling`.
    event_id : what brought it about; the same event is assessed once.
    known : how many things were known of its facts before.
    changed : names of the data that changed.
    from_on : the first period that it looks at.
    before, after : what a period was worth, and is worth now.
    difference : in all, over the periods that were paid.
    entries : the lines for the account, as (day, kind, amount).
    next_on, next_amount : what follows after it is applied.
    explanation : `{"before": trace or None, "after": trace or None}`.
    waits : an officer decides.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    award_id = models.UUIDField()
    service_no = models.IntegerField()
    seq = models.IntegerField()
    cause = models.CharField(max_length=16)
    event_id = models.UUIDField(null=True)
    known = models.IntegerField(default=0)
    changed = models.JSONField(default=list)
    from_on = models.DateField()
    before = models.DecimalField(max_digits=14, decimal_places=2)
    after = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    difference = models.DecimalField(max_digits=14, decimal_places=2)
    entries = models.JSONField(default=list)
    next_on = models.DateField(null=True)
    next_amount = models.DecimalField(max_digits=14, decimal_places=2)
    explanation = models.JSONField()
    waits = models.BooleanField(default=False)
    pack_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "awards_assessment"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "award_id", "seq"], name="awards_assessment_in_order"
            ),
            models.UniqueConstraint(
                fields=["person_id", "award_id", "event_id"], name="awards_assessment_of_event"
            ),
        ]
        indexes = [
            models.Index(
                fields=["service_no", "made_at"],
                condition=models.Q(waits=True),
                name="awards_assessment_waiting",
            )
        ]


class Ruling(models.Model):
    """What an officer decided about an assessment that waited; the table only grows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    award_id = models.UUIDField()
    assessment_id = models.UUIDField(unique=True)
    service_no = models.IntegerField()
    applies = models.BooleanField()
    reason = models.TextField()
    made_by = models.CharField(max_length=64)
    made_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "awards_ruling"


class Entry(models.Model):
    """A line of an award's account; the table only grows.

    kind : `payment`, `arrears` or `overpayment` (then the amount is below zero).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    award_id = models.UUIDField()
    assessment_id = models.UUIDField()
    service_no = models.IntegerField()
    day = models.DateField()
    kind = models.CharField(max_length=16)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "awards_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "award_id", "day", "assessment_id"], name="awards_entry_once"
            ),
            # A period is paid once; what comes later are differences.
            models.UniqueConstraint(
                fields=["person_id", "award_id", "day"],
                condition=models.Q(kind="payment"),
                name="awards_entry_paid_once",
            ),
        ]


class Offer(models.Model):
    """A claim that is ready for its person to confirm.

    draft_id : the draft that holds it; discarded or submitted, the offer is gone.
    about : what brought it about, as "register.kind".
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    draft_id = models.UUIDField()
    service_no = models.IntegerField()
    about = models.CharField(max_length=130)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "awards_offer"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "service_no"],
                condition=models.Q(closed_at__isnull=True),
                name="awards_offer_one_open",
            )
        ]


# --- awards


_LOCKED = rows.Query(Award, "person_id = %s AND id = %s")
_VERSIONS = rows.Query(FactVersion, "person_id = %s AND award_id = %s", "ORDER BY seq")
_SUMS = (
    "SELECT day, sum(amount) FROM awards_entry "
    "WHERE person_id = %s AND award_id = %s AND day >= %s GROUP BY day"
)
_WATCHING = (
    "SELECT person_id, award_id, datum FROM awards_watch "
    "WHERE about = %s AND register = %s AND kind = %s"
)
_ASSESSED = (
    "SELECT 1 FROM awards_assessment WHERE person_id = %s AND award_id = %s AND event_id = %s"
)


def _all(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def locked(person_id: UUID, award_id: UUID) -> Award | None:
    """Return an award, locked until the end of the transaction."""
    return _LOCKED.first(person_id, award_id, lock=True)


def of_case(person_id: UUID, case_id: UUID) -> Award | None:
    """Return the award that a case began."""
    return Award.objects.filter(person_id=person_id, case_id=case_id).first()


def of_person(person_id: UUID) -> list[Award]:
    """Return the awards of a person, the newest first."""
    return list(Award.objects.filter(person_id=person_id).order_by("-made_at"))


def running(person_id: UUID, service_no: int) -> bool:
    """Whether the person has an award of a service that has not ended."""
    return Award.objects.filter(
        person_id=person_id, service_no=service_no, next_on__isnull=False
    ).exists()


def due(today: date, most: int) -> list[tuple[UUID, UUID]]:
    """Return (person, award) of awards with a period to be paid by today, the oldest first.

    Held ones wait for their officer, and must not stand before the others.
    """
    rows = Award.objects.filter(next_on__lte=today, held=False).order_by("next_on", "id")[:most]
    return list(rows.values_list("person_id", "id"))


def change(award: Award, **fields: Any) -> None:
    """Change columns of a locked award."""
    for name, value in fields.items():
        setattr(award, name, value)
    award.save(update_fields=list(fields))


# --- facts


def timeline(award: Award) -> Timeline:
    """Return the facts of an award over both times."""
    return Timeline(
        Version(row.seq, row.datum, row.fact, row.since, row.until)
        for row in _VERSIONS.all(award.person_id, award.id)
    )


def add_versions(award: Award, versions: Iterable[Version], known_at: datetime) -> None:
    """Add what became known."""
    FactVersion.objects.bulk_create(
        FactVersion(
            person_id=award.person_id,
            award_id=award.id,
            service_no=award.service_no,
            seq=version.seq,
            datum=version.datum,
            fact=dict(version.fact),
            since=version.since,
            until=version.until,
            known_at=known_at,
        )
        for version in versions
    )


def watch(award: Award, rows: Iterable[tuple[UUID, str, str, str]]) -> None:
    """Note that an award rests on facts: (about whom, register, kind, datum)."""
    Watch.objects.bulk_create(
        (
            Watch(
                person_id=award.person_id,
                award_id=award.id,
                service_no=award.service_no,
                about=about,
                register=register,
                kind=kind,
                datum=datum,
            )
            for about, register, kind, datum in rows
        ),
        ignore_conflicts=True,
    )


def watching(about: UUID, register: str, kind: str) -> dict[tuple[UUID, UUID], set[str]]:
    """Return the awards that rest on a fact: (person, award) to the data concerned."""
    found: dict[tuple[UUID, UUID], set[str]] = {}
    for person_id, award_id, datum in _all(_WATCHING, about, register, kind):
        found.setdefault((person_id, award_id), set()).add(datum)
    return found


# --- assessments and account


def add_assessment(**fields: Any) -> Assessment:
    """Add an assessment."""
    made = Assessment(**fields)
    made.save(force_insert=True)
    return made


def assessment_of_event(award: Award, event_id: UUID) -> bool:
    """Whether an event was assessed for an award."""
    return bool(_all(_ASSESSED, award.person_id, award.id, event_id))


def assessments(person_id: UUID, award_ids: Iterable[UUID]) -> list[Assessment]:
    """Return the assessments of awards, the newest first."""
    found = Assessment.objects.filter(person_id=person_id, award_id__in=list(award_ids))
    return list(found.order_by("-made_at", "-seq"))


def assessment(assessment_id: UUID) -> Assessment | None:
    """Return one assessment that the open scope may see."""
    return Assessment.objects.filter(id=assessment_id).first()


def waiting(services: Iterable[int]) -> list[Assessment]:
    """Return the assessments of services that wait for an officer, the oldest first.

    A later assessment of the same award takes the place of one that waits: it
    compares with what was paid by all that is known.
    """
    ruled = Ruling.objects.filter(assessment_id=models.OuterRef("id"))
    later = Assessment.objects.filter(
        person_id=models.OuterRef("person_id"),
        award_id=models.OuterRef("award_id"),
        seq__gt=models.OuterRef("seq"),
    )
    found = Assessment.objects.filter(waits=True, service_no__in=list(services))
    found = found.exclude(models.Exists(ruled)).exclude(models.Exists(later))
    return list(found.order_by("made_at")[:200])


def pending(award: Award) -> list[Assessment]:
    """Return the assessments of an award that wait and nobody ruled on, the oldest first."""
    ruled = Ruling.objects.filter(assessment_id=models.OuterRef("id"))
    found = Assessment.objects.filter(person_id=award.person_id, award_id=award.id, waits=True)
    return list(found.exclude(models.Exists(ruled)).order_by("seq"))


def add_ruling(**fields: Any) -> Ruling:
    """Add what an officer decided."""
    made = Ruling(**fields)
    made.save(force_insert=True)
    return made


def rulings(person_id: UUID, award_ids: Iterable[UUID]) -> dict[UUID, Ruling]:
    """Return the rulings on assessments of awards, by assessment."""
    found = Ruling.objects.filter(person_id=person_id, award_id__in=list(award_ids))
    return {row.assessment_id: row for row in found}


def book(award: Award, assessment_id: UUID, lines: Iterable[Line], now: datetime) -> None:
    """Add lines to the account."""
    Entry.objects.bulk_create(
        Entry(
            person_id=award.person_id,
            award_id=award.id,
            assessment_id=assessment_id,
            service_no=award.service_no,
            day=line.day,
            kind=line.kind,
            amount=line.amount,
            made_at=now,
        )
        for line in lines
    )


def sums(award: Award, since: date | None = None) -> dict[date, Decimal]:
    """Return what was paid for each period, from a day on."""
    return dict(_all(_SUMS, award.person_id, award.id, since or date.min))  # type: ignore[arg-type]


def last_paid(award: Award) -> date | None:
    """Return the last period that was paid."""
    rows = Entry.objects.filter(person_id=award.person_id, award_id=award.id)
    found: date | None = rows.aggregate(last=models.Max("day"))["last"]
    return found


def account(person_id: UUID, award_id: UUID, most: int) -> list[Entry]:
    """Return the newest lines of an award's account."""
    rows = Entry.objects.filter(person_id=person_id, award_id=award_id)
    return list(rows.order_by("-made_at", "-day")[:most])


def open_offers(person_id: UUID) -> list[Offer]:
    """Return the offers that a person has not answered."""
    found = Offer.objects.filter(person_id=person_id, closed_at__isnull=True)
    return list(found.order_by("-made_at"))


def add_offer(**fields: Any) -> Offer:
    """Add an offer."""
    made = Offer(**fields)
    made.save(force_insert=True)
    return made


def close_offer(offer: Offer, now: datetime) -> None:
    """Note that an offer was taken, declined, or is of no use any more."""
    offer.closed_at = now
    offer.save(update_fields=["closed_at"])


def lock_events(key: str) -> None:
    """Let one transaction at a time go on with a key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
