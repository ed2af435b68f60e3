"""The facts of awards over both times, and which award rests on which fact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models

from townhall.awards.engine.timeline import Timeline, Version
from townhall.awards.models.awards import Award
from townhall.foundation.database import rows
from townhall.foundation.database.identifiers import uuid7


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


_VERSIONS = rows.Query(FactVersion, "person_id = %s AND award_id = %s", "ORDER BY seq")
_WATCHING = (
    "SELECT person_id, award_id, datum FROM awards_watch "
    "WHERE about = %s AND register = %s AND kind = %s"
)


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


def watch(award: Award, rests_on: Iterable[tuple[UUID, str, str, str]]) -> None:
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
            for about, register, kind, datum in rests_on
        ),
        ignore_conflicts=True,
    )


def watching(about: UUID, register: str, kind: str) -> dict[tuple[UUID, UUID], set[str]]:
    """Return the awards that rest on a fact: (person, award) to the data concerned."""
    found: dict[tuple[UUID, UUID], set[str]] = {}
    for person_id, award_id, datum in rows.found(_WATCHING, about, register, kind):
        found.setdefault((person_id, award_id), set()).add(datum)
    return found
