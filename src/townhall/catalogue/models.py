"""The tables of the catalogue, and the only code that writes them.

Nothing here is about a person. Versions are append-only: the application can
neither change nor delete one, and a trigger stops the owner's slip of the hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models.functions import Now


class Service(models.Model):
    """A service: its stable key, its small number, and which version is live.

    `roles` are those of all versions ever published: a case goes on with its
    version, and so with the role that version names.
    """

    number = models.SmallAutoField(primary_key=True)
    key = models.TextField(unique=True)
    live = models.CharField(max_length=64, null=True)
    roles = ArrayField(models.TextField(), default=list)

    class Meta:
        db_table = "catalogue_service"


class Version(models.Model):
    """One published version, named by the hash of its content; append-only."""

    hash = models.CharField(max_length=64, primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    canonical = models.TextField()
    problems = models.JSONField()
    report = models.JSONField()
    changes = models.JSONField()
    published_at = models.DateTimeField(db_default=Now())
    published_by = models.TextField()

    class Meta:
        db_table = "catalogue_version"
        constraints = (
            models.UniqueConstraint(fields=["service", "number"], name="catalogue_version_number"),
        )


class Words(models.Model):
    """The words by which a live service is found in one language."""

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="words")
    language = models.TextField()
    vector = SearchVectorField()

    class Meta:
        db_table = "catalogue_words"
        constraints = (
            models.UniqueConstraint(fields=["service", "language"], name="catalogue_words_one"),
        )
        indexes = (GinIndex(fields=["vector"], name="catalogue_words_vector"),)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which version of a service is live."""

    key: str
    number: int
    live: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is needed to rebuild a version."""

    hash: str
    filename: str
    source: str
    canonical: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list of versions."""

    hash: str
    number: int
    published_at: datetime
    published_by: str
    changes: tuple[Mapping[str, str], ...]
    problems: tuple[Mapping[str, Any], ...]
    tests: int


def pointers() -> tuple[Pointer, ...]:
    """Return every live service, by number."""
    rows = Service.objects.exclude(live=None).order_by("number")
    return tuple(
        Pointer(key, number, live, frozenset(roles))
        for number, key, live, roles in rows.values_list("number", "key", "live", "roles")
    )


def stored(hashes: Iterable[str]) -> tuple[Stored, ...]:
    """Return the sources of versions; those that do not exist are missing."""
    rows = Version.objects.filter(hash__in=list(hashes))
    return tuple(
        Stored(digest, f"{key}.yaml", source, canonical)
        for digest, key, source, canonical in rows.values_list(
            "hash", "service__key", "source", "canonical"
        )
    )


def lock(key: str) -> Service:
    """Return the service, made if need be, held until the transaction ends.

    Two publishers of one service come one after the other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_service (key, roles) VALUES (%s, '{}') "
            "ON CONFLICT (key) DO NOTHING",
            [key],
        )
    return Service.objects.select_for_update().get(key=key)


def newest(service: Service) -> int:
    """Return the highest version number ever published, 0 if none."""
    found = Version.objects.filter(service=service).aggregate(most=models.Max("number"))
    return int(found["most"] or 0)


def add_version(
    service: Service,
    *,
    hash: str,
    number: int,
    source: str,
    canonical: str,
    problems: list[Mapping[str, Any]],
    report: Mapping[str, Any],
    changes: list[Mapping[str, str]],
    roles: Iterable[str],
    by: str,
) -> None:
    """Add a version and make it the live one. Hold the service with `lock`."""
    Version.objects.create(
        hash=hash,
        service=service,
        number=number,
        source=source,
        canonical=canonical,
        problems=problems,
        report=report,
        changes=changes,
        published_by=by,
    )
    service.live = hash
    service.roles = sorted({*service.roles, *roles})
    service.save(update_fields=["live", "roles"])


def set_words(service: Service, language: str, config: str, weighted: Mapping[str, str]) -> None:
    """Replace the words of a service in a language.

    Parameters
    ----------
    config
        Text search configuration of PostgreSQL.
    weighted
        Text by weight, `A` the heaviest.
    """
    parts = [
        f"setweight(to_tsvector(%s::regconfig, %s), '{weight}')"
        for weight in weighted
        if weight in "ABCD"
    ]
    values = [each for text in weighted.values() for each in (config, text)]
    with connection.cursor() as cursor:
        cursor.execute(
            # Only the fixed weight letters are put into the statement; all text is bound.
            f"INSERT INTO catalogue_words (service_id, language, vector) "  # noqa: S608
            f"VALUES (%s, %s, {' || '.join(parts)}) "
            "ON CONFLICT (service_id, language) DO UPDATE SET vector = excluded.vector",
            [service.number, language, *values],
        )


_SEARCH = """
    SELECT s.key, max((w.vector @@ q.every)::int) AS whole,
           max(ts_rank_cd(w.vector, q.some, 1)) AS rank
    FROM catalogue_words w
    JOIN catalogue_service s ON s.number = w.service_id AND s.live IS NOT NULL
    JOIN (
        SELECT l.language, to_tsquery(l.config::regconfig, %(every)s) AS every,
               to_tsquery(l.config::regconfig, %(some)s) AS some
        FROM unnest(%(languages)s::text[], %(configs)s::text[]) AS l (language, config)
    ) q ON q.language = w.language AND w.vector @@ q.some
    GROUP BY s.key
    ORDER BY whole DESC, rank DESC, s.key
    LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A service that a search found: whether all words match, and how well."""

    key: str
    whole: bool
    rank: float


def search(
    every: str, some: str, languages: Iterable[tuple[str, str]], limit: int
) -> tuple[Hit, ...]:
    """Return the services whose words match, best first.

    Parameters
    ----------
    every, some
        Queries of PostgreSQL text search: all words, and any of them.
    languages
        Languages to look in, each with its text search configuration.
    """
    pairs = list(languages)
    with connection.cursor() as cursor:
        cursor.execute(
            _SEARCH,
            {
                "every": every,
                "some": some,
                "languages": [language for language, _ in pairs],
                "configs": [config for _, config in pairs],
                "limit": limit,
            },
        )
        return tuple(Hit(key, bool(whole), rank) for key, whole, rank in cursor.fetchall())


def lines(key: str) -> tuple[Line, ...]:
    """Return the versions of a service, newest first."""
    rows = Version.objects.filter(service__key=key).order_by("-number")
    return tuple(
        Line(
            row.hash,
            row.number,
            row.published_at,
            row.published_by,
            tuple(row.changes),
            tuple(row.problems),
            len(row.report.get("tests", ())),
        )
        for row in rows.defer("source", "canonical")
    )
