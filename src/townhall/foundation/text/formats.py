"""How money, dates, instants and numbers are written, by the rules of CLDR."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from functools import cache

from babel import dates, numbers
from django.utils import timezone

from townhall.foundation.text.languages import current_language, locale


def money(amount: Decimal | str, currency: str = "GBP", language: str | None = None) -> str:
    """Return an amount as people write it, e.g. "£1,234.50".

    Parameters
    ----------
    amount : in units of the currency; a string as in canonical JSON answers.
    currency : ISO 4217.
    """
    return numbers.format_currency(
        Decimal(amount), currency, locale=locale(language or current_language())
    )


def number(value: Decimal | int | str, language: str | None = None) -> str:
    """Return a number with the separators of the language and all of its decimals."""
    return numbers.format_decimal(
        Decimal(value), locale=locale(language or current_language()), decimal_quantization=False
    )


def date(value: Date | str, language: str | None = None, *, length: str = "long") -> str:
    """Return a date, e.g. "26 July 2026".

    Parameters
    ----------
    value : a date, an instant (its day where the people live) or "YYYY-MM-DD".
    length : "short", "medium", "long" or "full" (with the day of the week).
    """
    if isinstance(value, str):
        value = Date.fromisoformat(value)
    elif isinstance(value, datetime):
        value = _local(value).date()
    return _date(value, language or current_language(), length)


def months(language: str | None = None) -> list[str]:
    """Return the names of the twelve months as they stand in a date, January first."""
    named = dates.get_month_names("wide", locale=locale(language or current_language()))
    return [named[month] for month in range(1, 13)]


def instant(value: datetime, language: str | None = None, *, length: str = "long") -> str:
    """Return an instant as day and time where the people live, e.g. "26 July 2026, 14:05".

    Raises
    ------
    ValueError
        if `value` has no time zone.
    """
    language = language or current_language()
    local = _local(value)
    time = dates.format_time(local, format="short", locale=locale(language))
    return f"{_date(local.date(), language, length)}, {time}"


@cache
def _date(value: Date, language: str, length: str) -> str:
    return dates.format_date(value, format=length, locale=locale(language))


def _local(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone.")
    return timezone.localtime(value)
