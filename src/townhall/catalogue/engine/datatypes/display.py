"""Answers and computed values in the words of a language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from townhall.catalogue.engine import shapes
from townhall.catalogue.engine.definition import Datum, Text
from townhall.rules.engine import ABSENT, UNKNOWN, Duration, Money

# The engine has no gettext: these two words are all that it says by itself.
_WORDS: dict[str, dict[str, str]] = {
    "Yes": {"cy": "Ie"},
    "No": {"cy": "Na"},
}


def in_language(text: Text, language: str) -> str:
    """Return the text in the language, else in the first it is written in."""
    return text.get(language) or next((each for each in text.values() if each), "")


def word(english: str, language: str) -> str:
    """Return one of the engine's own few words in the language."""
    return _WORDS.get(english, {}).get(language, english)


@lru_cache(maxsize=64)
def locale(language: str) -> Locale:
    """Return the formats of a language; a day comes before its month.

    Plain `en` would write dates and separators as in the United States.
    """
    try:
        return Locale.parse(
            "en_GB" if language == "en" else language, sep="-" if "-" in language else "_"
        )
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def money(amount: Decimal, currency: str, language: str) -> str:
    """Return an amount as people write it; whole amounts keep their decimals."""
    return format_currency(amount, currency, locale=locale(language))


def day(value: date, language: str) -> str:
    """Return a day with the month in words."""
    return format_date(value, format="long", locale=locale(language))


def number(value: Decimal, language: str) -> str:
    """Return a number with the separators of the language, all decimals kept."""
    return format_decimal(value, locale=locale(language), decimal_quantization=False)


def display(datum: Datum, stored: Any, language: str) -> str | list[str]:
    """Return a stored answer in words; a list stands for several lines.

    Parameters
    ----------
    datum
        The question.
    stored
        Its canonical JSON; None gives an empty text.
    language
        Language of the reader.
    """
    if stored is None:
        return ""
    if datum.shape is not None:
        return _shape(datum.shape, stored, datum.currency, language)
    if datum.type == "choice":
        return _options(datum, stored, language)
    if datum.type == "group":
        return _rows(datum, stored, language)
    if datum.type == "file":
        return [each["name"] for each in stored]
    if datum.type == "number":
        unit = in_language(datum.unit, language)
        return number(Decimal(stored), language) + (f" {unit}" if unit else "")
    if datum.type == "period":
        return " – ".join(
            day(date.fromisoformat(stored[end]), language) for end in ("start", "end")
        )
    if datum.type == "text" and "\n" in stored:
        return str(stored).split("\n")
    kind = shapes.ADDRESS if datum.type == "address" else shapes.Shape(datum.type)
    return _shape(kind, stored, datum.currency, language)


def _options(datum: Datum, stored: Any, language: str) -> str | list[str]:
    values: Sequence[str] = stored if datum.several else [stored]
    words = []
    for value in values:
        option = datum.option(value)
        words.append(in_language(option.text, language) if option else value)
    return words if datum.several else words[0]


def _rows(datum: Datum, stored: Any, language: str) -> list[str]:
    lines = []
    for row in stored:
        parts = []
        for name, field in datum.fields.items():
            shown = display(field, row.get(name), language)
            parts.append(", ".join(shown) if isinstance(shown, list) else shown)
        lines.append(", ".join(part for part in parts if part))
    return lines


def _shape(shape: shapes.Shape, stored: Any, currency: str, language: str) -> str | list[str]:
    if shape.kind in ("record", "address"):
        lines: list[str] = []
        for name, field in shape.fields.items():
            part = stored.get(name)
            if part not in (None, "") and not field.hidden:
                shown = _shape(field, part, currency, language)
                lines.extend(shown if isinstance(shown, list) else [shown])
        return lines
    if shape.kind == "list":
        assert shape.item is not None
        rows = (_shape(shape.item, each, currency, language) for each in stored)
        return [", ".join(row) if isinstance(row, list) else row for row in rows]
    if shape.kind == "place":
        return _place(stored)
    return display_value(shapes.typed(shape, stored, currency), language)


def display_fact(shape: shapes.Shape, value: Any, language: str) -> str:
    """Return a typed value of a register fact in words, without its hidden parts."""
    if isinstance(value, Mapping) and shape.fields:
        parts = (
            display_fact(field, value.get(name), language)
            for name, field in shape.fields.items()
            if not field.hidden
        )
        return ", ".join(part for part in parts if part)
    if isinstance(value, (list, tuple)) and shape.item is not None:
        return "; ".join(display_fact(shape.item, each, language) for each in value)
    return display_value(value, language)


def _place(stored: Mapping[str, Any]) -> str:
    point = ""
    if stored.get("lat") is not None and stored.get("lon") is not None:
        point = f"{float(stored['lat']):.5f}, {float(stored['lon']):.5f}"
    words = stored.get("words") or ""
    return f"{words} ({point})" if words and point else words or point


def display_value(value: Any, language: str) -> str:
    """Return a computed value in words; unknown and absent give an empty text."""
    if value is None or value is UNKNOWN or value is ABSENT:
        return ""
    if isinstance(value, bool):
        return word("Yes" if value else "No", language)
    if isinstance(value, Money):
        return money(value.amount, value.currency, language)
    if isinstance(value, (Decimal, int)):
        return number(Decimal(value), language)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, Mapping):
        if "words" in value and "lat" in value:
            return _place(value)
        shown = (display_value(part, language) for part in value.values())
        return ", ".join(part for part in shown if part)
    if isinstance(value, (list, tuple)):
        return ", ".join(display_value(each, language) for each in value)
    if isinstance(value, Duration):
        return str(value)
    return str(value)
