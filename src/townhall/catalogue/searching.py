"""The resident's own words as a query, and a definition as the words it is found by.

Accents are taken off on both sides, because people leave them out; PostgreSQL
does the stemming for languages it knows. A sentence ("I need to park outside my
house") finds what matches most of its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from townhall.catalogue.engine.datatypes.display import in_language
from townhall.catalogue.engine.definition import Definition

MAX_WORDS: Final = 16
MAX_QUERY: Final = 400
# Text search configurations that every PostgreSQL has; "simple" knows no stems.
_CONFIGS: Final = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "sv": "swedish",
}
# Words that say nothing, for languages whose configuration does not know them.
_EMPTY: Final = {
    "cy": frozenset(
        re.findall(
            "[a-z]+",
            "a ac ag ai am ar at beth chi ddim dim dw e ei eich eu fe fi fy fyny gael gan gyda hi "
            "hon hwn i iawn lle ma mae mi mo na nad nag ni nid o oddi oes os pa pan pwy roedd rydw "
            "rydym rwy rwyf sut sy sydd ti u un wedi wrth y ydw yma yn yna yr ym yw",
        )
    ),
}
_WORD: Final = re.compile(r"[^\W_]+", re.UNICODE)


def configuration(language: str) -> str:
    """Return the text search configuration for a language."""
    return _CONFIGS.get(language.partition("-")[0], "simple")


def unaccented(text: str) -> str:
    """Return the text without accents, in small letters."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


def words(text: str, language: str) -> tuple[str, ...]:
    """Return the words of a text that say something."""
    empty = _EMPTY.get(language.partition("-")[0], frozenset())
    found = (each for each in _WORD.findall(unaccented(text)) if each not in empty)
    return tuple(each[:40] for each in found)


def query(asked: str, language: str) -> tuple[str, str] | None:
    """Return the queries for all words and for any word; None if nothing is asked.

    The last word may be the beginning of one. Only letters and digits come
    through, so nothing that people type is read as an operator.
    """
    found = list(dict.fromkeys(words(asked[:MAX_QUERY], language)))[:MAX_WORDS]
    if not found:
        return None
    # One letter alone would match half the dictionary.
    last = f"{found[-1]}:*" if len(found[-1]) > 1 else found[-1]
    terms = [*(each for each in found[:-1] if len(each) > 1 or each.isdigit()), last]
    return " & ".join(terms), " | ".join(terms)


def weighted(definition: Definition, language: str) -> dict[str, str]:
    """Return the words of a definition by weight: what it is called counts most."""
    pack = definition.pack
    agency = pack.agencies.get(definition.agency)
    events = [pack.events[key] for key in definition.events if key in pack.events]
    by_weight: dict[str, Iterable[str]] = {
        "A": (
            in_language(definition.title, language),
            *definition.words.synonyms.get(language, ()),
        ),
        "B": (
            in_language(definition.summary, language),
            *definition.words.examples.get(language, ()),
        ),
        "C": (
            *definition.words.topics,
            *(in_language(each.title, language) for each in events),
        ),
        "D": (
            in_language(agency.title, language) if agency else "",
            *(in_language(text, language) for text in definition.guide.who),
            definition.service.replace("-", " "),
        ),
    }
    return {
        weight: " ".join(words(" ".join(texts), language)) for weight, texts in by_weight.items()
    }
