"""Taking in, handing out and dropping files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.db import connection, transaction

from townhall.foundation import jobs, settings
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.identifiers import uuid7
from townhall.foundation.database.scope import scope
from townhall.foundation.files import blobs, recognise
from townhall.foundation.files.refusal import FileRefused
from townhall.foundation.text.translations import marked

SCAN_JOB = "foundation.scan_file"

TOO_LARGE = marked("The file is larger than %(limit)s MB. Choose a smaller one.")

_COLUMNS = "id, sha256, size, media_type, name, scan"


class FileMissing(LookupError):
    """There is no such file, or the open scope may not see it."""


class FileInfected(Exception):
    """The virus scanner found something; the content is not handed out."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was taken in.

    Attributes
    ----------
    id : opaque.
    sha256 : digest of the content, lower-case hexadecimal.
    size : bytes.
    media_type : read from the content.
    name : safe to show and to save under.
    scan : "clean", "infected" or "not scanned".
    """

    id: UUID
    sha256: str
    size: int
    media_type: str
    name: str
    scan: str


def store(
    *,
    content: bytes | BinaryIO,
    name: str,
    accept: Sequence[str],
    max_bytes: int,
    person_id: UUID | None,
    acting: Acting,
    service_no: int | None = None,
) -> StoredFile:
    """Take in a file, in the caller's transaction.

    Parameters
    ----------
    content : the bytes, or a stream that is read once.
    name : as the person's device called it.
    accept : kinds that are welcome: "pdf", "jpg", "png", "heic", "txt", "docx", "csv",
        "parquet".
    max_bytes : a larger one is refused while it is read.
    person_id : whose file it is.
    acting : who hands it in.
    service_no : officers of this service may read it, too.

    Raises
    ------
    FileRefused
        with a reason for the person.
    StoreUnavailable
        if the folder cannot be written; nothing is kept.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    try:
        with blobs.receive(stream, max_bytes) as incoming:
            kind = recognise.recognise(incoming.path, name=name, accept=accept)
            file = StoredFile(
                id=uuid7(),
                sha256=incoming.sha256,
                size=incoming.size,
                media_type=kind.media_type,
                name=recognise.proper_name(name, kind),
                scan="not scanned",
            )
            with transaction.atomic():
                # Held until the caller's commit: the sweep cannot take the content away meanwhile.
                _lock(incoming.sha256)
                blobs.keep(incoming)
                _insert(file, person_id, service_no, acting)
                if settings.current().scan_address:
                    jobs.enqueue(SCAN_JOB, args={"file": str(file.id)})
    except blobs.TooLong as error:
        raise FileRefused(TOO_LARGE, limit=f"{max_bytes / 1_000_000:g}") from error
    return file


def describe(file_id: UUID) -> StoredFile:
    """Return what is known of a file.

    Raises
    ------
    FileMissing
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM foundation_file WHERE id = %s",  # noqa: S608
            [file_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise FileMissing(f"There is no file {file_id} here.")
    return StoredFile(*row)


def read(file_id: UUID) -> tuple[StoredFile, BinaryIO]:
    """Return a file and its content, open for reading; the caller closes it.

    Raises
    ------
    FileMissing
        if there is none that the open scope may see.
    FileInfected
        if the virus scanner found something in it.
    """
    file = describe(file_id)
    if file.scan == "infected":
        raise FileInfected(f"The virus scanner found something in the file {file_id}.")
    try:
        return file, blobs.reading(file.sha256)
    except FileNotFoundError as error:
        raise FileMissing(f"The content of the file {file_id} is not in the store.") from error


def drop(file_id: UUID) -> None:
    """Forget a file; its content goes with the next sweep, once no other file has it.

    Raises
    ------
    FileMissing
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM foundation_file WHERE id = %s", [file_id])
        if cursor.rowcount == 0:
            raise FileMissing(f"There is no file {file_id} here.")


def erase(file_id: UUID) -> None:
    """Forget a file, and once that is committed its content, too, unless another file has it.

    For what must not lie about until the next sweep.

    Raises
    ------
    FileMissing
    """
    sha256 = describe(file_id).sha256
    drop(file_id)
    transaction.on_commit(lambda: remove_unneeded(sha256), robust=True)


def remove_unneeded(sha256: str) -> bool:
    """Remove a content that no file has; say whether it was removed.

    It is looked at under the lock that storing takes until its commit, so that a
    content which is being stored again is either seen or left alone.
    """
    with scope(SYSTEM), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_number(sha256)])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM foundation_file WHERE sha256 = %s)", [sha256])
        if cursor.fetchone()[0]:
            return False
        blobs.remove(sha256)
        return True


def _insert(
    file: StoredFile, person_id: UUID | None, service_no: int | None, acting: Acting
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_file (id, person_id, service_no, sha256, size, media_type,"
            " name, scan, created_by) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                file.id,
                person_id,
                service_no,
                file.sha256,
                file.size,
                file.media_type,
                file.name,
                file.scan,
                acting.actor,
            ],
        )


def _lock(sha256: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(sha256)])


def lock_number(sha256: str) -> int:
    """Return the number under which storing and sweeping of one content exclude each other."""
    return int.from_bytes(bytes.fromhex(sha256[:16]), "big", signed=True)
