"""Structural checks: a file must be a whole, sane instance of the kind it seems to be.

Each check reads with limits set before anything is unpacked, so that a small
file which unfolds into a huge one costs nothing.
"""

from __future__ import annotations

import codecs
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from PIL import Image, UnidentifiedImageError

from townhall.foundation.files.refusal import FileRefused
from townhall.foundation.text.translations import marked

PIXELS = 60_000_000
PAGES = 2_000
UNPACKED_BYTES = 100_000_000
UNPACKED_RATIO = 200
ENTRIES = 2_000
TEXT_BYTES = 2_000_000
PARQUET = b"PAR1"

BROKEN = marked("The file is damaged or incomplete. Open it yourself first, then send it again.")
TOO_MANY_PIXELS = marked("The picture has more than %(limit)s million pixels. Make it smaller.")
TOO_MANY_PAGES = marked("The document has more than %(limit)s pages. Send it in parts.")
UNFOLDS = marked("The document unfolds to more than it should. Save it as PDF and send that.")
MACROS = marked("The document contains macros. Save it as PDF and send that.")
TWO_IN_ONE = marked("Another file is hidden in this one. Save it anew and send that.")
NOT_TEXT = marked("The text contains characters that cannot be shown. Save it as UTF-8 text.")


def is_text(head: bytes) -> bool:
    """Tell whether these first bytes of a file are UTF-8 text without control characters."""
    try:
        # Not final: the last character may be cut in two.
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return False
    return not any((ord(each) < 32 and each not in "\t\n\r\f") or each == "\x7f" for each in text)


def text(path: Path) -> None:
    """Check a plain text: UTF-8, no control characters, at most 2 MB."""
    content = path.read_bytes()
    if len(content) > TEXT_BYTES or not is_text(content):
        raise FileRefused(NOT_TEXT)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(NOT_TEXT) from error


def jpeg(path: Path) -> None:
    """Check a JPEG by decoding it at an eighth of its size."""
    _picture(path, "JPEG")
    _no_second_file(path)


def png(path: Path) -> None:
    """Check a PNG by decoding it."""
    _picture(path, "PNG")
    _no_second_file(path)


def heic(path: Path) -> None:
    """Check a HEIC by walking its boxes (ISO/IEC 14496-12 §4.2): whole, with picture data.

    Nothing that we ship decodes HEVC; the dimensions are read from the `ispe` boxes.
    """
    names: list[bytes] = []
    size = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at < size:
            file.seek(at)
            header = file.read(16)
            if len(header) < 8:
                raise FileRefused(BROKEN)
            length, name = struct.unpack(">I4s", header[:8])
            if length == 1 and len(header) == 16:
                (length,) = struct.unpack(">Q", header[8:])
            elif length == 0:
                length = size - at
            if length < 8 or at + length > size:
                raise FileRefused(BROKEN)
            names.append(name)
            if name == b"meta":
                file.seek(at)
                _limit_heic_pixels(file.read(min(length, 1 << 20)))
            at += length
    if names[:1] != [b"ftyp"] or b"meta" not in names or b"mdat" not in names:
        raise FileRefused(BROKEN)
    _no_second_file(path)


def pdf(path: Path) -> None:
    """Check a PDF: header at its start, cross-references and trailer at its end, sane page count.

    ISO 32000-2 §7.5. It is not rendered here, and is handed out as an attachment only.
    """
    content = path.read_bytes()
    if not re.match(rb"%PDF-[12]\.\d", content):
        raise FileRefused(BROKEN)
    tail = content[-2048:]
    if b"%%EOF" not in tail or b"startxref" not in tail:
        raise FileRefused(BROKEN)
    if _pages(content) > PAGES:
        raise FileRefused(TOO_MANY_PAGES, limit=PAGES)
    _no_second_file(path)


def docx(path: Path) -> None:
    """Check a Word document: a whole ZIP with the expected parts, no macros, no bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_archive(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError) as error:
        raise FileRefused(BROKEN) from error


def _check_archive(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise FileRefused(BROKEN)
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if (
        len(entries) > ENTRIES
        or len(names) != len(entries)
        or unpacked > UNPACKED_BYTES
        or (unpacked > 1_000_000 and unpacked / packed > UNPACKED_RATIO)
        or any(_escapes(name) for name in names)
    ):
        raise FileRefused(UNFOLDS)
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise FileRefused(MACROS)
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(BROKEN)
    if archive.testzip() is not None:
        raise FileRefused(BROKEN)


def _escapes(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts


def _picture(path: Path, format_: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=[format_]) as picture:
                if picture.width * picture.height > PIXELS:
                    raise FileRefused(TOO_MANY_PIXELS, limit=PIXELS // 1_000_000)
                if format_ == "JPEG":
                    picture.draft("L", (max(1, picture.width // 8), max(1, picture.height // 8)))
                picture.load()
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused(TOO_MANY_PIXELS, limit=PIXELS // 1_000_000) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error) as error:
        raise FileRefused(BROKEN) from error


def _limit_heic_pixels(meta: bytes) -> None:
    # ISO/IEC 23008-12 §6.5.3: "ispe", version and flags, width, height
    for found in re.finditer(rb"ispe\0\0\0\0(.{8})", meta, re.DOTALL):
        width, height = struct.unpack(">II", found.group(1))
        if width * height > PIXELS:
            raise FileRefused(TOO_MANY_PIXELS, limit=PIXELS // 1_000_000)


def _pages(content: bytes) -> int:
    """Return the largest number of pages that the document claims or shows.

    Reads `/Count` of page trees and counts page objects, also in compressed
    object streams, of which it unpacks no more than a limit.
    """
    counts = [int(each) for each in re.findall(rb"/Count\s+(\d{1,9})", content)]
    shown = len(re.findall(rb"/Type\s*/Page\b", content))
    budget = UNPACKED_BYTES
    for found in re.finditer(rb"/ObjStm\b.{0,500}?stream\r?\n", content, re.DOTALL):
        unpacker = zlib.decompressobj()
        try:
            unpacked = unpacker.decompress(content[found.end() : found.end() + (8 << 20)], budget)
        except zlib.error:
            continue  # another filter than Flate: such streams are not counted
        budget -= len(unpacked)
        if budget <= 0:
            raise FileRefused(UNFOLDS)
        counts += [int(each) for each in re.findall(rb"/Count\s+(\d{1,9})", unpacked)]
        shown += len(re.findall(rb"/Type\s*/Page\b", unpacked))
    return max([shown, *counts])


def _no_second_file(path: Path) -> None:
    if zipfile.is_zipfile(path):
        raise FileRefused(TWO_IN_ONE)


def csv(path: Path) -> None:
    """Check a table in text: UTF-8 from beginning to end; how long it may be is the caller's."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                if "\x00" in decoder.decode(part):
                    raise FileRefused(NOT_TEXT)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise FileRefused(NOT_TEXT) from error


def parquet(path: Path) -> None:
    """Check the frame of a Parquet file: its mark at both ends, its footer within it."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size < 12:
            raise FileRefused(BROKEN)
        file.seek(-8, 2)
        length, mark = struct.unpack("<I4s", file.read(8))
    if mark != PARQUET or length + 12 > size:
        raise FileRefused(BROKEN)


CHECKS: dict[str, Callable[[Path], None]] = {
    "pdf": pdf,
    "jpg": jpeg,
    "png": png,
    "heic": heic,
    "txt": text,
    "docx": docx,
    "csv": csv,
    "parquet": parquet,
}
