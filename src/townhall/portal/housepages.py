"""Pages of the house that people look for as they look for services: in the search, at home."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from townhall.foundation.text import current_language, gettext, marked

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class HousePage:
    """A page, and the words by which people mean it, in every language."""

    href: str
    title: str
    text: str
    icon: str
    words: dict[str, tuple[str, ...]]


PAGES = (
    HousePage(
        "/what-can-i-get",
        marked("What can I get?"),
        marked("Every benefit for you and your family, with the reasons. No account needed."),
        "money",
        {
            "en": (
                "what can i get",
                "benefits",
                "benefit calculator",
                "help with money",
                "entitled entitlement entitlements",
                "am i entitled to",
                "money help low income",
                "cannot afford",
                "cost of living",
                "help paying bills rent",
                "universal credit",
                "pension credit",
                "child benefit",
            ),
            "cy": (
                "beth alla i ei gael",
                "budd-daliadau budd-dal",
                "cyfrifiannell budd-daliadau",
                "help gydag arian",
                "hawl gen i",
                "cymorth arian incwm isel",
                "costau byw",
                "credyd cynhwysol",
                "credyd pensiwn",
            ),
        },
    ),
    HousePage(
        "/rules",
        marked("The rules"),
        marked("What we decide by, in words, with the law and every rate. Try each rule."),
        "law",
        {
            "en": (
                "rules rule",
                "law laws legislation",
                "tax rates rate thresholds allowance",
                "how is it worked out calculated",
                "income tax",
                "national insurance",
                "personal allowance",
            ),
            "cy": (
                "rheolau rheol",
                "cyfraith deddf",
                "cyfraddau treth trothwy lwfans",
                "sut mae'n cael ei gyfrifo",
                "treth incwm",
                "yswiriant gwladol",
            ),
        },
    ),
)
_EMPTY = frozenset(
    _WORD.findall(
        "a am an and any anything at can do does for from get have how i in is it me my need of on "
        "or our out some something the there to we what which with you your ar beth ei fi gen mae "
        "mewn o oes sut y yn yr"
    )
)


def found(asked: str) -> list[dict[str, Any]]:
    """Return the pages that are meant, as rows of cards: all words that say something fit."""
    wanted = _words(asked)
    telling = [word for word in wanted if word not in _EMPTY]
    languages = dict.fromkeys((current_language(), "en"))
    return [
        _row(page)
        for page in PAGES
        if any(
            _fits(wanted, telling, phrase)
            for language in languages
            for phrase in page.words.get(language, ())
        )
    ]


def row(href: str) -> dict[str, Any]:
    """Return one page as a row of cards."""
    return next(_row(page) for page in PAGES if page.href == href)


def _row(page: HousePage) -> dict[str, Any]:
    return {
        "href": page.href,
        "title": gettext(page.title),
        "text": gettext(page.text),
        "icon": page.icon,
        "kind": "highlight",
        "foot": "",
    }


def _fits(wanted: list[str], telling: list[str], phrase: str) -> bool:
    there = _words(phrase)
    if not telling:
        return bool(wanted) and wanted == there[: len(wanted)] and len(wanted) > 1
    return all(any(word.startswith(each) for word in there) for each in telling)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
