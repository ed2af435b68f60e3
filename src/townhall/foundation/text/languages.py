"""Which language is spoken now, which way it runs, and the best text of several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache

from babel import Locale
from django.utils import translation

from townhall.foundation import settings

LANGUAGES = settings.LANGUAGES

# CLDR territory of each language where the plain language would format as for elsewhere.
_TERRITORIES = {"en": "GB", "cy": "GB"}


def offered() -> tuple[str, ...]:
    """Return the languages of this town hall; the first is the default."""
    return settings.current().languages


# What `override` chose. Django's own variable costs ten times as much to read, and a page asks
# for the language of every text.
_chosen: ContextVar[str | None] = ContextVar("townhall_language", default=None)


def current_language() -> str:
    """Return the language of the current dialogue, one of `offered`."""
    return _chosen.get() or nearest(translation.get_language() or "") or offered()[0]


def nearest(code: str) -> str | None:
    """Return the offered language for a tag such as "cy-GB", or None."""
    return _nearest(code, offered())


@lru_cache(maxsize=1024)
def _nearest(code: str, among: tuple[str, ...]) -> str | None:
    parts = code.strip().lower().replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        candidate = "-".join(parts[:length])
        for language in among:
            if language.lower() == candidate:
                return language
    return None


@contextmanager
def override(language: str) -> Iterator[None]:
    """Speak `language` inside the block, e.g. that of the case a letter belongs to."""
    token = _chosen.set(nearest(language))
    try:
        with translation.override(language):
            yield
    finally:
        _chosen.reset(token)


@cache
def locale(language: str) -> Locale:
    """Return CLDR's description of a language."""
    return Locale.parse("_".join(filter(None, (language, _TERRITORIES.get(language)))))


@cache
def direction(language: str) -> str:
    """Return "ltr" or "rtl", for the `dir` of every page, fragment and letter."""
    return locale(language).text_direction


def pick(text: Mapping[str, str] | str | None, language: str | None = None) -> str:
    """Return the best text of a `{language: text}` mapping.

    The language asked for, then its base language, then the default of this
    town hall, then any that is there: a text in another language is better than none.

    Parameters
    ----------
    text : the mapping; a plain string is returned as it is, None as "".
    language : the current one unless given.
    """
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    wanted = language or current_language()
    for code in (wanted, wanted.partition("-")[0], *offered()):
        if text.get(code):
            return text[code]
    return next((each for each in text.values() if each), "")
