"""Cases: one row of constant size each; what happened is in events, what is known in revisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Case as When
from django.db.models import F, Q, Value
from django.db.models import When as If
from django.db.models.functions import Least

from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7

_NO_DUE = Value(date(9999, 12, 31), output_field=models.DateField())


class Case(models.Model):
    """One case.

    Attributes
    ----------
    state, state_seq : the state of the definition's table, and how many states
        the case has been in: an action names the `state_seq` it saw.
    return_state : where `waiting_citizen` leads back to.
    due : the legal deadline; task_due : `within` of the present state.
    work_due : what the worklist sorts by; while the clock stands still, last.
    evidence_revision : the application revision in force.
    waits_for_second : an open first signature exists.
    auto_tries : how often an automatic step could not be done (register down).
    place_lat, place_lon, topic : only of services that show what was reported nearby.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField()
    service_no = models.IntegerField()
    number = models.CharField(max_length=40)
    definition_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=64)
    state_seq = models.IntegerField(default=1)
    return_state = models.CharField(max_length=64, default="", blank=True)
    outcome = models.CharField(max_length=64, null=True)
    open = models.BooleanField(default=True)
    due = models.DateField(null=True)
    task_due = models.DateField(null=True)
    paused_since = models.DateField(null=True)
    work_due = models.GeneratedField(
        expression=When(
            If(
                paused_since__isnull=True,
                then=Least(F("due"), F("task_due"), _NO_DUE),
            ),
            default=_NO_DUE,
        ),
        output_field=models.DateField(),
        db_persist=True,
    )
    missed_at = models.DateTimeField(null=True)
    extended = models.IntegerField(default=0)
    claimed_by = models.CharField(max_length=64, default="", blank=True)
    claimed_name = models.CharField(max_length=200, default="", blank=True)
    waits_for_second = models.BooleanField(default=False)
    auto_tries = models.IntegerField(default=0)
    channel = models.CharField(max_length=16)
    language = models.CharField(max_length=16)
    fee_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    fee_currency = models.CharField(max_length=3, default="", blank=True)
    evidence_revision = models.IntegerField(default=1)
    actor = models.CharField(max_length=64)
    on_behalf_of = models.UUIDField(null=True)
    mandate = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    received_on = models.DateField()
    state_at = models.DateTimeField()
    state_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    erase_on = models.DateField(null=True)
    place_lat = models.FloatField(null=True)
    place_lon = models.FloatField(null=True)
    topic = models.CharField(max_length=100, default="", blank=True)

    class Meta:
        db_table = "cases_case"
        indexes = [
            models.Index(
                fields=["service_no", "work_due", "id"],
                include=["person_id"],  # row-level security asks for it: index-only
                condition=Q(open=True),
                name="cases_case_worklist",
            ),
            models.Index(
                fields=["service_no", "state", "work_due", "id"],
                include=["person_id"],
                condition=Q(open=True),
                name="cases_case_by_state",
            ),
            models.Index(
                fields=["number"], opclasses=["varchar_pattern_ops"], name="cases_case_number"
            ),
            models.Index(
                fields=["due"],
                condition=Q(open=True, missed_at=None, paused_since=None),
                name="cases_case_missing",
            ),
            models.Index(
                fields=["erase_on"],
                condition=Q(open=False, erase_on__isnull=False),
                name="cases_case_erasing",
            ),
            models.Index(
                fields=["claimed_by", "work_due", "id"],
                condition=Q(open=True) & ~Q(claimed_by=""),
                name="cases_case_claimed",
            ),
            models.Index(
                fields=["actor", "-id"],
                condition=Q(channel="api"),
                name="cases_case_of_program",
            ),
            models.Index(
                fields=["service_no", "place_lat"],
                condition=Q(place_lat__isnull=False),
                name="cases_case_places",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person_id", "id"], name="cases_case_key"),
            models.CheckConstraint(
                condition=Q(open=True, closed_at=None) | Q(open=False, closed_at__isnull=False),
                name="cases_case_closed_or_open",
            ),
            models.CheckConstraint(
                condition=Q(place_lat=None, place_lon=None)
                | Q(place_lat__range=(-90, 90), place_lon__range=(-180, 180)),
                name="cases_case_place_on_earth",
            ),
        ]


_OWN = rows.Query(Case, "person_id = %s AND id = %s")
_OF_SERVICES = rows.Query(Case, "id = %s AND service_no = ANY (%s::int[])")
_ANY = rows.Query(Case, "id = %s")


def get(person_id: UUID | None, case_id: UUID, *, lock: bool = False) -> Case | None:
    """Return this person's case, locked until the end of the transaction if asked."""
    if person_id is None:
        return None
    return _OWN.first(person_id, case_id, lock=lock)


def for_officer(services: tuple[int, ...], case_id: UUID, *, lock: bool = False) -> Case | None:
    """Return a case of one of these services; row-level security says the same."""
    return _OF_SERVICES.first(case_id, list(services), lock=lock)


def many_for_officer(services: tuple[int, ...], case_ids: list[UUID]) -> list[Case]:
    """Return the cases of these services among the ids, locked in the order of their ids."""
    found = Case.objects.filter(id__in=case_ids, service_no__in=services)
    return list(found.order_by("id").select_for_update())


def any_by_id(case_id: UUID, *, lock: bool = False) -> Case | None:
    """Return a case whoever it belongs to; only of use to the system's own scope."""
    return _ANY.first(case_id, lock=lock)


def of_person(person_id: UUID, limit: int) -> list[Case]:
    """Return the newest cases of a person; ids sort by the time they were made."""
    return list(Case.objects.filter(person_id=person_id).order_by("-id")[:limit])


def by_ids(person_id: UUID, rows: Iterable[Any]) -> list[Case]:
    """Return the cases of a person that these rows belong to (by their `case_id`)."""
    wanted = {row.case_id for row in rows}
    return list(Case.objects.filter(person_id=person_id, id__in=wanted)) if wanted else []


def of_program(actor: str, *, after: UUID | None, limit: int) -> list[Case]:
    """Return the cases that a program submitted, newest first; for the system's own scope."""
    found = Case.objects.filter(actor=actor, channel="api")
    if after is not None:
        found = found.filter(id__lt=after)
    return list(found.order_by("-id")[:limit])


def past_due(today: date, limit: int) -> list[Case]:
    """Return open cases whose deadline has passed unnoticed, locked; others are skipped."""
    found = Case.objects.filter(open=True, missed_at=None, paused_since=None, due__lt=today)
    return list(found.order_by("due")[:limit].select_for_update(skip_locked=True))


def to_erase(today: date, limit: int) -> list[Case]:
    """Return closed cases whose retention is over."""
    found = Case.objects.filter(open=False, erase_on__lte=today)
    return list(found.order_by("erase_on")[:limit].select_for_update(skip_locked=True))


def erase(case: Case) -> bool:
    """Erase a case with everything about it; the database checks that its time is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_erase(%s, %s)", (case.person_id, case.id))
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Near:
    """A report near a place: where, what and since when, never whose."""

    number: str
    state: str
    definition_hash: str
    topic: str
    received_at: datetime
    lat: float
    lon: float
    distance_m: float


def nearby(service_no: int, *, lat: float, lon: float, metres: int, since: datetime) -> list[Near]:
    """Return open cases of a service near a place, the nearest first, at most ten."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM cases_nearby(%s, %s, %s, %s, %s)",
            (service_no, lat, lon, metres, since),
        )
        return [Near(*row) for row in cursor.fetchall()]


def update(case: Case, **fields: Any) -> None:
    """Write these columns of a locked case, on the row and on the object."""
    for name, value in fields.items():
        setattr(case, name, value)
    Case.objects.filter(person_id=case.person_id, id=case.id).update(**fields)
