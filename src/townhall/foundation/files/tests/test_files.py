"""What people hand in: kept once, whole, for those who may see it; the rest is refused."""

from __future__ import annotations

import errno
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image

from townhall.foundation import files
from townhall.foundation.acting import ANONYMOUS, SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.files import background, blobs, checks, recognise

TABLE = ("csv", "parquet")
ALL = ("pdf", "jpg", "png", "heic", "txt", "docx")


def picture(format_: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format_)
    return out.getvalue()


def word(**parts: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def pdf(body: bytes = b"") -> bytes:
    pages = b"1 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj 2 0 obj<</Type/Page>>endobj\n"
    return b"%PDF-1.7\n" + pages + body + b"\nstartxref\n9\n%%EOF\n"


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def heic(width: int = 4032, height: int = 3024) -> bytes:
    extents = box(b"ispe", b"\0\0\0\0" + struct.pack(">II", width, height))
    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    return head + box(b"meta", b"\0\0\0\0" + extents) + box(b"mdat", b"x" * 50)


GOOD = {
    "letter.pdf": (pdf(), "application/pdf"),
    "photo.JPG": (picture("JPEG"), "image/jpeg"),
    "plan.png": (picture("PNG"), "image/png"),
    "phone.heic": (heic(), "image/heic"),
    "note.txt": ("Nid oes gen i gar. Ŵyl!\n".encode(), "text/plain"),
    "form.docx": (word(), recognise.KINDS["docx"].media_type),
}


def take(content: bytes, name: str, accept: tuple[str, ...] = ALL, **more: object):
    arguments = {"max_bytes": 10_000_000, "person_id": None, "acting": SYSTEM} | more
    return files.store(content=content, name=name, accept=accept, **arguments)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(blobs, "root", lambda: tmp_path / "files")
    return tmp_path / "files"


def contents(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.parametrize("name", GOOD)
def test_what_comes_in_comes_out(name: str) -> None:
    content, media_type = GOOD[name]
    with scope(SYSTEM):
        stored = take(content, name)
        described, stream = files.read(stored.id)
        with stream:
            assert stream.read() == content
    assert described == stored
    assert (stored.media_type, stored.name, stored.size) == (media_type, name, len(content))
    assert stored.scan == "not scanned"


MACRO = word(**{"word/vbaProject.bin": b"x"})
BOMB = word(**{"word/media/a.bin": b"\0" * 30_000_000})


def flat_png(width: int, height: int) -> bytes:
    """A PNG that claims so many pixels and brings next to none."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def object_stream(pages: int) -> bytes:
    return b"<</Type/ObjStm>>stream\n" + zlib.compress(b"<</Type/Page>>" * pages) + b"endstream\n"


BAD = {
    "nothing": (b"", "a.pdf", recognise.EMPTY),
    "a program called .pdf": (b"MZ\x90\0" + b"\0" * 200, "a.pdf", recognise.UNKNOWN),
    "a program called .jpg": (b"\x7fELF" + b"\0" * 200, "a.jpg", recognise.UNKNOWN),
    "a web page called .txt": (b"<!DOCTYPE html><script>", "a.txt", recognise.UNKNOWN),
    "an SVG called .png": (b"<svg xmlns='x'><script/></svg>", "a.png", recognise.UNKNOWN),
    "a text called .pdf": (b"hello there", "a.pdf", recognise.OTHER_KIND),
    "a PDF called .jpg": (pdf(), "a.jpg", recognise.OTHER_KIND),
    "a PDF called .docx": (pdf(), "a.docx", recognise.OTHER_KIND),
    "a JPEG cut off": (picture("JPEG", (900, 900))[:2000], "a.jpg", checks.BROKEN),
    "a PNG cut off": (picture("PNG", (900, 900))[:300], "a.png", checks.BROKEN),
    "a PDF cut off": (pdf()[:-8], "a.pdf", checks.BROKEN),
    "a PDF behind something": (b"x" * 20 + pdf(), "a.pdf", recognise.OTHER_KIND),
    "a HEIC cut off": (heic()[:-10], "a.heic", checks.BROKEN),
    "a HEIC too large": (heic(40_000, 40_000), "a.heic", checks.TOO_MANY_PIXELS),
    "a picture bomb": (flat_png(60_000, 60_000), "a.png", checks.TOO_MANY_PIXELS),
    "a picture too large": (flat_png(10_000, 7_000), "a.png", checks.TOO_MANY_PIXELS),
    "10,000 pages": (pdf(b"<</Type/Page>>" * 10_000), "a.pdf", checks.TOO_MANY_PAGES),
    "10,000 packed pages": (pdf(object_stream(10_000)), "a.pdf", checks.TOO_MANY_PAGES),
    "pages in many packs": (pdf(object_stream(1_500) * 2), "a.pdf", checks.TOO_MANY_PAGES),
    "claimed pages": (pdf(b"<</Count 999999999>>"), "a.pdf", checks.TOO_MANY_PAGES),
    "a zip bomb": (BOMB, "a.docx", checks.UNFOLDS),
    "a zip that climbs": (word(**{"../../etc/x": b"x"}), "a.docx", checks.UNFOLDS),
    "macros": (MACRO, "a.docx", checks.MACROS),
    "a zip that is no document": (
        word().replace(b"word/document.xml", b"word/documents.xm"),
        "a.docx",
        checks.BROKEN,
    ),
    "a picture with a zip behind it": (picture("PNG") + word(), "a.png", checks.TWO_IN_ONE),
    "a text with NUL": (b"hello\0there", "a.txt", recognise.UNKNOWN),
    "a text that is not UTF-8": (b"caf\xe9 au lait", "a.txt", recognise.UNKNOWN),
    "a text that breaks late": (b"a" * 70_000 + b"\xff", "a.txt", checks.NOT_TEXT),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", BAD)
def test_what_is_refused_leaves_nothing_behind(what: str, folder: Path) -> None:
    content, name, reason = BAD[what]
    with scope(SYSTEM), pytest.raises(files.FileRefused) as refused:
        take(content, name)
    assert refused.value.reason == reason
    assert "%(" not in refused.value.message("cy")
    assert contents(folder) == []


@pytest.mark.django_db
def test_a_kind_that_is_not_welcome_here_is_refused() -> None:
    with scope(SYSTEM), pytest.raises(files.FileRefused, match="JPG, PNG"):
        take(pdf(), "a.pdf", accept=("jpg", "png"))


@pytest.mark.django_db
def test_a_file_too_large_is_refused_while_it_comes(folder: Path) -> None:
    class Long(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"x" * size if self.given < 40_000_000 else b""

    stream = Long()
    with scope(SYSTEM), pytest.raises(files.FileRefused, match="larger than 5 MB"):
        take(stream, "a.txt", max_bytes=5_000_000)
    assert stream.given < 8_000_000
    assert contents(folder) == []


@pytest.mark.parametrize(
    ("given", "proper"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\fakepath\\me.jpeg", "me.jpeg"),
        ("me.png", "me.jpg"),
        ("me.exe", "me.exe.jpg"),
        ("\x00\r\n\u202egpj.exe", "gpj.exe.jpg"),
        ("", "file.jpg"),
        (".jpg", "jpg.jpg"),
        ("x" * 500 + ".jpg", "x" * 120 + ".jpg"),
    ],
)
def test_names_become_safe_and_true(given: str, proper: str) -> None:
    assert recognise.proper_name(given, recognise.KINDS["jpg"]) == proper


@pytest.mark.django_db
def test_who_may_read_a_file() -> None:
    who: UUID = uuid4()
    person = Acting(actor=f"person:{who}", person_id=who)
    with scope(person):
        stored = take(pdf(), "a.pdf", person_id=who, acting=person, service_no=7)
        files.read(stored.id)[1].close()
    with scope(Acting(actor="officer:x", services=(7,))):
        files.read(stored.id)[1].close()
    for other in (
        ANONYMOUS,
        Acting(actor="person:y", person_id=uuid4()),
        Acting(actor="officer:z", services=(8,)),
    ):
        with scope(other):
            with pytest.raises(files.FileMissing):
                files.read(stored.id)
            with pytest.raises(files.FileMissing):
                files.drop(stored.id)


@pytest.mark.django_db
def test_somebody_who_is_not_signed_in_can_hand_in_a_photo() -> None:
    with scope(ANONYMOUS):
        stored = take(picture("JPEG"), "a.jpg", acting=ANONYMOUS, service_no=3)
    with scope(Acting(actor="officer:x", services=(3,))):
        assert files.describe(stored.id) == stored


@pytest.mark.django_db
def test_the_same_content_lies_there_once_and_goes_with_the_last_file(folder: Path) -> None:
    with scope(SYSTEM):
        one, two = take(pdf(), "a.pdf"), take(pdf(), "b.pdf")
        assert one.sha256 == two.sha256
        assert contents(folder) == [blobs.place(one.sha256)]
        files.drop(one.id)
    os.utime(blobs.place(one.sha256), (0, 0))
    assert background.sweep(older_than=timedelta(hours=1)) == 0
    with scope(SYSTEM):
        files.drop(two.id)
    assert background.sweep(older_than=timedelta(hours=1)) == 1
    assert contents(folder) == []


@pytest.mark.django_db
def test_a_file_that_is_erased_takes_its_content_with_it_unless_another_has_it(
    folder: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with scope(SYSTEM):
        one, other = take(b"a,b\n1,2\n", "people.csv", TABLE), take(b"a,b\n1,2\n", "b.csv", TABLE)
    for file, left in ((one, 1), (other, 0)):
        with django_capture_on_commit_callbacks(execute=True), scope(SYSTEM):
            files.erase(file.id)
        assert len(contents(folder)) == left
    with pytest.raises(files.FileMissing), scope(SYSTEM):
        files.erase(one.id)


@pytest.mark.django_db
def test_tables_are_told_by_their_content() -> None:
    frame = b"PAR1" + b"\x00" * 8 + b"\x04\x00\x00\x00PAR1"
    with scope(SYSTEM):
        assert take(b"a,b\n", "people.csv", TABLE).media_type == "text/csv"
        assert take(b"a,b\n", "people.csv").name == "people.txt", "a text where texts are taken"
        assert take(frame, "people.csv.parquet", TABLE).name == "people.csv.parquet"
        for content in (
            b"PAR1",
            frame[:-1],
            b"PAR1" + b"\xff" * 12 + b"PAR1",
            b"a,\xff\n",
            b"a\x00",
        ):
            with pytest.raises(files.FileRefused):
                take(content, "people", TABLE)
        with pytest.raises(files.FileRefused):
            take(b"x" * 3_000_000 + b"\xff", "people.csv", TABLE)
        with pytest.raises(files.FileRefused):
            take(frame, "people.parquet")


@pytest.mark.django_db
def test_the_sweep_leaves_young_contents_and_takes_old_leftovers(folder: Path) -> None:
    with scope(SYSTEM):
        stored = take(pdf(), "a.pdf")
        files.drop(stored.id)
    left = folder / "incoming" / "half"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert background.sweep(older_than=timedelta(hours=1)) == 0
    assert contents(folder) == [blobs.place(stored.sha256)]


def test_the_sweep_cannot_take_what_is_being_stored_again(committed_db: object) -> None:
    with scope(SYSTEM):
        first = take(pdf(), "a.pdf")
        files.drop(first.id)
    os.utime(blobs.place(first.sha256), (0, 0))
    import threading

    from django.db import connections

    stored, swept = threading.Event(), threading.Event()

    def store_slowly() -> None:
        with scope(SYSTEM):
            take(pdf(), "again.pdf")
            os.utime(blobs.place(first.sha256), (0, 0))  # as if the clock had jumped
            stored.set()
            swept.wait(10)
        connections.close_all()

    thread = threading.Thread(target=store_slowly)
    thread.start()
    assert stored.wait(10)
    assert background.sweep(older_than=timedelta(hours=1)) == 0
    swept.set()
    thread.join()
    assert blobs.place(first.sha256).exists()


@pytest.mark.django_db
def test_a_full_disk_is_told_and_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with scope(SYSTEM), pytest.raises(files.StoreUnavailable, match="disk is full"):
        take(pdf(), "a.pdf")
    assert contents(folder) == []
