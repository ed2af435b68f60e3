"""Every text of the portal is there in every language offered, with the same blanks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from gettext import c2py  # type: ignore[attr-defined]
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from townhall import portal

PORTAL = Path(portal.__file__).parent
METHODS = [
    ("tests/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
]
OPTIONS = {
    "**/templates/**.html": {
        "extensions": "jinja2.ext.do",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
    }
}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "marked": None}
BLANKS = re.compile(r"%\(\w+\)s")


def _said() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(PORTAL, METHODS, OPTIONS, keywords=KEYWORDS)
    return {
        message if isinstance(message, str) else tuple(message) for _, _, message, _, _ in found
    }


@pytest.mark.parametrize("language", ["cy"])
def test_nothing_is_left_untranslated(language: str) -> None:
    with (PORTAL / "locale" / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    translated = {message.id: message.string for message in catalogue if message.id}
    missing = [said for said in _said() if not _all(translated.get(said))]
    assert missing == []


@pytest.mark.parametrize("language", ["cy"])
def test_translations_keep_the_blanks(language: str) -> None:
    with (PORTAL / "locale" / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    alone = _of_one_number(catalogue)
    lost = [
        said
        for message in catalogue
        if message.id
        for said, kept in _forms(message, alone)
        if not kept
    ]
    assert lost == []


def _forms(message: Message, alone: set[int]) -> Iterator[tuple[str, bool]]:
    """Every form of a translation, and whether it keeps the blanks of what it stands for.

    A form that stands for one number only may say it in words: "dau achos".
    """
    *singular, plural = [message.id] if isinstance(message.id, str) else message.id
    said = [str(message.string)] if isinstance(message.id, str) else message.string
    blanks = set(BLANKS.findall(plural))
    for number, form in enumerate(said):
        spare = {"%(num)s"} if singular and number in alone else set()
        found = set(BLANKS.findall(form))
        yield form, blanks - spare <= found <= blanks


def _of_one_number(catalogue: Catalog) -> set[int]:
    """The forms that stand for one number only, whatever people count."""
    form_of = c2py(catalogue.plural_expr)
    numbers = Counter(form_of(number) for number in range(1_000))
    return {form for form, count in numbers.items() if count == 1}


def _all(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)
