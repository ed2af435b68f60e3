"""Filling the blanks of texts and letters with values, in a language.

A text may hold `{name}` or `{vehicle.make}`; nothing else is read, so a text
can neither run anything nor reach what the case does not know. `{{` and `}}`
are literal braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from townhall.catalogue.engine import datatypes
from townhall.catalogue.engine.datatypes.display import (
    display_fact,
    display_value,
    in_language,
)
from townhall.catalogue.engine.definition import Definition, Letter, Text
from townhall.rules.engine import ABSENT, UNKNOWN, EvaluationError

_BLANK: Final = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\}")


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter in one language, ready for the page or the printer."""

    title: str
    paragraphs: tuple[str, ...]


def placeholders(text: str) -> tuple[str, ...]:
    """Return the blanks of a text, in order."""
    if "{" not in text:
        return ()
    return tuple(match for match in _BLANK.findall(text) if match)


def fill(text: Text, values: Mapping[str, Any], language: str, definition: Definition) -> str:
    """Return the text in a language with its blanks filled.

    Parameters
    ----------
    text
        Text of the definition.
    values
        Names of `Assessment.values` (or `Situation.values`).
    language
        Language of the reader; it also decides how dates and money look.
    definition
        Tells the words of choices.
    """
    words = in_language(text, language)
    if "{" not in words and "}" not in words:
        return words

    def replace(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        return _shown(match[1], values, language, definition)

    return _BLANK.sub(replace, words)


def render(
    letter: Letter, values: Mapping[str, Any], language: str, definition: Definition
) -> RenderedLetter:
    """Return the letter with the paragraphs whose conditions hold."""
    paragraphs = []
    for part in letter.paragraphs:
        if part.condition is not None and not _holds(part.condition, values):
            continue
        paragraphs.append(fill(part.text, values, language, definition))
    return RenderedLetter(fill(letter.title, values, language, definition), tuple(paragraphs))


def _holds(condition: Any, values: Mapping[str, Any]) -> bool:
    try:
        return condition.evaluate(values).value is True
    except EvaluationError:
        return False


def _shown(path: str, values: Mapping[str, Any], language: str, definition: Definition) -> str:
    if path == "service":
        return in_language(definition.title, language)
    if path == "agency":
        agency = definition.pack.agencies.get(definition.agency)
        return in_language(agency.title, language) if agency else ""
    root, *parts = path.split(".")
    value: Any = values.get(root, UNKNOWN)
    datum = definition.data.get(root)
    shape = datum.shape if datum is not None else None
    for part in parts:
        value = value.get(part) if isinstance(value, Mapping) else ABSENT
        shape = shape.fields.get(part) if shape is not None else None
    if shape is not None:
        return display_fact(shape, value, language)
    if datum is not None and datum.type == "choice" and value not in (UNKNOWN, ABSENT, None):
        chosen = list(value) if datum.several else value
        shown = datatypes.display(datum, chosen, language)
        return ", ".join(shown) if isinstance(shown, list) else shown
    return display_value(value, language)
