"""Entries, from the promise to append to their place in a log, and what opens their commitments."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg.types.json import Jsonb

from townhall.ledger.engine import entries as engine


class Entry(models.Model):
    """One entry. Until it has an `index` it waits; from then on nothing about it changes.

    log : name of the log.
    ref : what it is about, as the room that sent it calls it; once a log. Only the operator
        knows it: it never stands in the log.
    body : what is public, and the commitments.
    erases : the entry whose openings were destroyed, for an entry that says so.
    content : the bytes that were appended, made when the index was given.
    refused : why the log's own rules did not let it in; it then never gets a place.
    promise_wanted, promise : whether somebody asked for the log's word that it was received,
        and that word (`engine.promises`).
    """

    id = models.BigAutoField(primary_key=True)
    log = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    person_id = models.UUIDField(null=True)
    ref = models.CharField(max_length=160)
    body = models.JSONField()
    sources = ArrayField(models.CharField(max_length=64), default=list)
    erases = models.BigIntegerField(null=True)
    queued_at = models.DateTimeField()
    index = models.BigIntegerField(null=True)
    content = models.BinaryField(null=True)
    sequenced_at = models.DateTimeField(null=True)
    refused = models.TextField(default="", db_default="")
    promise_wanted = models.BooleanField(default=False, db_default=False)
    promise = models.TextField(default="", db_default="")

    class Meta:
        db_table = "ledger_entry"
        constraints = [
            models.UniqueConstraint(fields=["log", "ref"], name="ledger_entry_once"),
            models.UniqueConstraint(fields=["log", "index"], name="ledger_entry_place"),
        ]
        indexes = [
            models.Index(
                fields=["log", "id"],
                condition=models.Q(index__isnull=True, refused=""),
                name="ledger_entry_waiting",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(promise_wanted=True, promise=""),
                name="ledger_entry_promise",
            ),
        ]


class Opening(models.Model):
    """What opens one commitment: the value and its salt. Erasing deletes the row."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.UUIDField(null=True)
    entry_id = models.BigIntegerField()
    field = models.CharField(max_length=64)
    salt = models.BinaryField(max_length=32)
    value = models.BinaryField()

    class Meta:
        db_table = "ledger_opening"
        constraints = [
            models.UniqueConstraint(fields=["entry_id", "field"], name="ledger_opening_once"),
        ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that has no place yet."""

    id: int
    kind: str
    body: Mapping[str, Any]
    sources: tuple[str, ...]
    erases: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with its place, and the bytes that stand there."""

    id: int
    index: int
    content: bytes


def add(
    *,
    log: str,
    kind: str,
    ref: str,
    person_id: UUID | None,
    body: Mapping[str, Any],
    sources: Sequence[str],
    erases: int | None,
    now: datetime,
) -> int | None:
    """Add an entry that waits for its place; None if the log has one with this `ref`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (log, kind, ref, person_id, body, sources, erases, queued_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (log, ref) DO NOTHING RETURNING id",
            [log, kind, ref, person_id, Jsonb(body), list(sources), erases, now],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def add_openings(
    entry_id: int, person_id: UUID | None, openings: Iterable[tuple[str, bytes, bytes]]
) -> None:
    """Keep what opens the commitments of an entry: (field, salt, value)."""
    rows = [(person_id, entry_id, *each) for each in openings]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_opening (person_id, entry_id, field, salt, value)"
            " VALUES (%s, %s, %s, %s, %s)",
            rows,
        )


def waiting(log: str, most: int) -> list[Waiting]:
    """Return the entries that wait, oldest first; the sequencer's, under its lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, body::text, sources, erases FROM ledger_entry"
            " WHERE log = %s AND index IS NULL AND refused = '' ORDER BY id LIMIT %s",
            [log, most],
        )
        return [
            Waiting(number, kind, json.loads(body), tuple(sources), erases)
            for number, kind, body, sources, erases in cursor.fetchall()
        ]


def logs_with_waiting(names: Collection[str]) -> set[str]:
    """Return in which of these logs entries wait; a probe of the index for each, no lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS l(name) WHERE EXISTS (SELECT FROM ledger_entry"
            " WHERE log = l.name AND index IS NULL AND refused = '')",
            [list(names)],
        )
        return {name for (name,) in cursor.fetchall()}


def place(placed: Sequence[Placed], now: datetime) -> None:
    """Give entries their places."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_entry e SET index = p.index, content = p.content, sequenced_at = %s"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS p(id, index, content)"
            " WHERE e.id = p.id",
            [
                now,
                [each.id for each in placed],
                [each.index for each in placed],
                [each.content for each in placed],
            ],
        )


def refuse(refused: Mapping[int, str]) -> None:
    """Note why entries never get a place."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE ledger_entry SET refused = %s WHERE id = %s",
            [(reason, each) for each, reason in refused.items()],
        )


def want_promise(log: str, ref: str) -> bool:
    """Note that somebody wants a promise for an entry that they may see."""
    found = Entry.objects.filter(log=log, ref=ref, refused="", erases=None)
    return bool(found.update(promise_wanted=True))


def promises_wanted(most: int) -> list[Entry]:
    """Return entries for which a promise is to be signed, the oldest first."""
    wanted = Entry.objects.filter(promise_wanted=True, promise="", refused="")
    return list(wanted.order_by("id")[:most])


def decline_promise(entry_id: int) -> None:
    """Note that no promise can be given for an entry: its log would not take it."""
    Entry.objects.filter(id=entry_id).update(promise_wanted=False)


def keep_promise(entry_id: int, promise: str) -> None:
    """Keep the promise that was signed for an entry."""
    Entry.objects.filter(id=entry_id).update(promise=promise)


def adopt(log: str, first: int, contents: Sequence[bytes], now: datetime) -> None:
    """Take in entries that stand in the log and that the database does not know any more."""
    rows = [
        (log, "adopted", f"adopted:{first + place}", Jsonb({}), [], now, first + place, each, now)
        for place, each in enumerate(contents)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_entry"
            " (log, kind, ref, body, sources, queued_at, index, content, sequenced_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            rows,
        )


def contents(log: str, start: int, most: int) -> list[bytes]:
    """Return the bytes of entries from index `start` on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT content FROM ledger_entry WHERE log = %s AND index >= %s"
            " ORDER BY index LIMIT %s",
            [log, start, most],
        )
        return [bytes(content) for (content,) in cursor.fetchall()]


def bodies(log: str) -> list[Mapping[str, Any]]:
    """Return what the entries of a small log say, in their order, also those that wait."""
    found = Entry.objects.filter(log=log, refused="")
    return [
        engine.decode(bytes(each.content)).body if each.content else each.body
        for each in found.order_by(models.F("index").asc(nulls_last=True), "id")
    ]


def places_of(ids: Sequence[int]) -> dict[int, int | None]:
    """Return the index of each of these entries."""
    return dict(Entry.objects.filter(id__in=list(ids)).values_list("id", "index"))


def find(log: str, ref: str) -> Entry | None:
    """Return the entry about `ref`, if the open scope may see it."""
    return Entry.objects.filter(log=log, ref=ref).first()


def newest_by(log: str, field: str) -> list[Entry]:
    """Return the newest entry for each value of a public field."""
    found = Entry.objects.filter(log=log, **{f"body__{field}__isnull": False})
    return list(found.order_by(f"body__{field}", "-id").distinct(f"body__{field}"))


def openings_of(entry_id: int) -> list[Opening]:
    """Return what opens the commitments of an entry, by field."""
    return list(Opening.objects.filter(entry_id=entry_id).order_by("field"))


def destroy_openings(entry_id: int) -> int:
    """Delete what opens the commitments of an entry; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_opening WHERE entry_id = %s", [entry_id])
        return int(cursor.rowcount)


def forget(entry_id: int) -> None:
    """Forget whose an entry was and what it was about."""
    Entry.objects.filter(id=entry_id).update(person_id=None, ref=f"forgotten:{entry_id}")


def with_openings(person_id: UUID, prefix: str) -> list[Entry]:
    """Return the entries of a person whose `ref` starts so and that can still be opened."""
    opened = Opening.objects.filter(person_id=person_id).values("entry_id")
    found = Entry.objects.filter(person_id=person_id, ref__startswith=prefix, id__in=opened)
    return list(found.order_by("id"))
