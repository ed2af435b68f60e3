"""Translated texts of the house, read from the rooms' `locale/<language>.po`."""

from __future__ import annotations

import gettext as standard
import io
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from townhall.foundation.text.languages import current_language

_PACKAGE = Path(__file__).resolve().parents[2]


class CatalogueUnreadable(Exception):
    """A file of translations cannot be read; says which and where."""


def gettext(msgid: str, language: str | None = None) -> str:
    """Return `msgid` in `language` (the current one unless given), or itself if untranslated."""
    return catalogue(language or current_language()).gettext(msgid) if msgid else ""


def ngettext(singular: str, plural: str, number: int, language: str | None = None) -> str:
    """Return the form that goes with `number`; Welsh has six, English two."""
    return catalogue(language or current_language()).ngettext(singular, plural, number)


def pgettext(context: str, msgid: str, language: str | None = None) -> str:
    """Return `msgid` as it is meant in `context`."""
    return catalogue(language or current_language()).pgettext(context, msgid)


def marked(msgid: str) -> str:
    """Mark a text for translation where it is written; `gettext` is called where it is shown."""
    return msgid


@cache
def catalogue(language: str) -> standard.NullTranslations:
    """Return all texts of one language, read once a process.

    Raises
    ------
    CatalogueUnreadable
    """
    merged: Catalog | None = None
    for path in paths(language):
        one = _read(path, language)
        if merged is None:
            merged = one
            continue
        if _plurals(one) != _plurals(merged):
            raise CatalogueUnreadable(
                f"{path}: Plural-Forms is {one.plural_forms!r}, but other rooms of this language"
                f" have {merged.plural_forms!r}."
            )
        for message in one:
            # The first room wins, so that the order of rooms, not chance, decides.
            if message.id and merged.get(message.id, context=message.context) is None:
                merged[message.id] = message
    if merged is None:
        return standard.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return standard.GNUTranslations(compiled)


def paths(language: str) -> list[Path]:
    """Return the rooms' files of one language, in alphabetical order of the rooms."""
    return sorted(_PACKAGE.glob(f"*/locale/{language}.po"))


def _plurals(catalogue: Catalog) -> list[int]:
    """Return what the rule for plurals says for small numbers, however it is written."""
    rule = standard.c2py(catalogue.plural_expr)  # type: ignore[attr-defined]
    return [rule(number) for number in range(121)]


def _read(path: Path, language: str) -> Catalog:
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise CatalogueUnreadable(f"{path}: {error}") from error
