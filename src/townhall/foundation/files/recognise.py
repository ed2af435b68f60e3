"""What a file is, read from its content; its name and the browser's word count for nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import puremagic

from townhall.foundation.files import checks
from townhall.foundation.files.refusal import FileRefused
from townhall.foundation.text.translations import marked


class Kind(NamedTuple):
    """A kind of file that a service may accept."""

    key: str
    media_type: str
    suffixes: tuple[str, ...]
    family: str


KINDS = {
    kind.key: kind
    for kind in (
        Kind("pdf", "application/pdf", (".pdf",), "document"),
        Kind("jpg", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), "picture"),
        Kind("png", "image/png", (".png",), "picture"),
        Kind("heic", "image/heic", (".heic", ".heif"), "picture"),
        Kind("txt", "text/plain", (".txt", ".text"), "text"),
        Kind("csv", "text/csv", (".csv", ".tsv"), "text"),
        Kind("parquet", "application/vnd.apache.parquet", (".parquet", ".pq"), "table"),
        Kind(
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            (".docx",),
            "document",
        ),
    )
}

EMPTY = marked("The file is empty. Choose another file.")
UNKNOWN = marked("This kind of file cannot be used. Choose one of these: %(accepted)s.")
OTHER_KIND = marked(
    "The name says %(named)s, but the file is something else. Choose one of these: %(accepted)s."
)

_HEAD = 64 * 1024
_MARKUP = re.compile(rb"\s*<(!doctype|html|\?xml|svg|script|head|body|\?php)", re.IGNORECASE)
_NAME_LENGTH = 120


def recognise(path: Path, *, name: str, accept: Sequence[str]) -> Kind:
    """Return what the file at `path` is, once all checks of that kind have passed.

    Parameters
    ----------
    path : the content.
    name : as the person's device called it; used only to notice a lie.
    accept : keys of `KINDS`.

    Raises
    ------
    FileRefused
        if it is none of `accept`, broken, dangerous, or its name claims another kind.
    """
    if path.stat().st_size == 0:
        raise FileRefused(EMPTY)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind = _kind(head, accept)
    named = _named(name)
    accepted = ", ".join(key.upper() for key in accept)
    if kind is None or kind.key not in accept:
        raise FileRefused(UNKNOWN, accepted=accepted)
    # Telephones rename pictures; a picture with another picture's suffix is no lie worth refusing.
    if named is not None and named.family != kind.family:
        raise FileRefused(OTHER_KIND, named=named.key.upper(), accepted=accepted)
    if named is not None and named.family == "document" and named != kind:
        raise FileRefused(OTHER_KIND, named=named.key.upper(), accepted=accepted)
    checks.CHECKS[kind.key](path)
    return kind


def proper_name(name: str, kind: Kind) -> str:
    """Return a name that is safe to show and to save, with a suffix that tells the truth."""
    base = PurePosixPath(name.replace("\\", "/")).name
    base = "".join(each for each in base if each.isprintable()).strip(" .") or "file"
    stem, dot, suffix = base.rpartition(".")
    if dot and f".{suffix.lower()}" in kind.suffixes:
        return f"{stem[:_NAME_LENGTH]}.{suffix}" if stem else f"file.{suffix}"
    if dot and stem and _named(base) is not None:
        base = stem
    return base[:_NAME_LENGTH] + kind.suffixes[0]


def _kind(head: bytes, accept: Sequence[str]) -> Kind | None:
    if head.startswith(checks.PARQUET):
        return KINDS["parquet"]
    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        guesses = []
    suffixes = {guess.extension for guess in guesses}
    for kind in KINDS.values():
        if kind.family not in ("text", "table") and suffixes.intersection(kind.suffixes):
            return kind
    if not checks.is_text(head) or _MARKUP.match(head):
        return None
    # A table is a text like others; only the one who asks knows which of them is meant.
    return KINDS["csv" if "csv" in accept and "txt" not in accept else "txt"]


def _named(name: str) -> Kind | None:
    suffix = PurePosixPath(name).suffix.lower()
    return next((kind for kind in KINDS.values() if suffix in kind.suffixes), None)
