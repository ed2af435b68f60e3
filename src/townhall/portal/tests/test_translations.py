"""Every text of the portal is there in every language offered, with the same blanks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
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
    for message in catalogue:
        if not message.id or not isinstance(message.id, str):
            continue
        assert set(BLANKS.findall(message.id)) == set(BLANKS.findall(str(message.string)))


def _all(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)
