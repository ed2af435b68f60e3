"""From a fact of the law to a question on a page, and from what was sent to an answer.

A fact is asked as a datum of a service would be, so that it looks the same and is refused with
the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_symbol

from townhall.catalogue.engine import datatypes
from townhall.catalogue.engine.definition import Datum, Option
from townhall.foundation.text import current_language, gettext, marked, offered, pick
from townhall.portal import fields, forms
from townhall.rules.answers import BIRTH
from townhall.rules.engine.law import DATE, PERCENT, YES_NO
from townhall.rules.engine.law.book import Fact
from townhall.rules.engine.law.units import Unit

Form = Mapping[str, Sequence[Any]]
PERIODS = ("week", "month", "year")
"""What people may say an amount for."""
_LEAST = Decimal(-1_000_000_000)
_BEFORE_TODAY = marked("This day must not be in the future.")


@dataclass(frozen=True, slots=True)
class Amount:
    """A question for an amount of money and what it is for."""

    name: str
    label: str
    error: str
    value: str
    period: str
    periods: tuple[tuple[str, str], ...]
    symbol: str

    @property
    def id(self) -> str:
        return f"f-{self.name}"


def label(fact: Fact, whose: str = "", *, titled: bool = False) -> str:
    """Return the question of a fact, or whose it is and what it is called."""
    if whose:
        return f"{whose}: {pick(fact.title)}"
    return pick(fact.title if titled else fact.ask or fact.title)


def question(
    fact: Fact,
    key: str,
    form: Form,
    error: str = "",
    *,
    whose: str = "",
    lead: bool = False,
    titled: bool = False,
) -> fields.Question:
    """Return the question of a fact.

    Parameters
    ----------
    key : name of its fields.
    form : what stands in them.
    whose : of whom, where it is not the reader.
    lead : it is the heading of its page.
    titled : it is asked by its name, not by its question.
    """
    asked = fields.question(
        _datum(fact, key, whose, titled=titled),
        values=form,
        errors={key: error} if error else {},
    )
    return fields.leading(asked) if lead else asked


def amount(fact: Fact, key: str, form: Form, error: str = "", *, whose: str = "") -> Amount:
    """Return the question how much, and a week, month or year of it."""
    assert fact.unit.period is not None
    said = last(form, f"{key}.per")
    return Amount(
        name=key,
        label=label(fact, whose) if whose else pick(fact.title),
        error=error,
        value=last(form, key),
        period=said if said in PERIODS else "month",
        periods=period_words(),
        symbol=get_currency_symbol(fact.unit.base, locale="en_GB"),
    )


def period_words() -> tuple[tuple[str, str], ...]:
    """Return the periods with their words."""
    return (
        ("week", gettext("a week")),
        ("month", gettext("a month")),
        ("year", gettext("a year")),
    )


def has_period(fact: Fact) -> bool:
    """Whether an amount is asked with what it is for."""
    return fact.unit.is_money and fact.unit.period is not None


def parse(fact: Fact, key: str, form: Form, today: date) -> str:
    """Return the answer in a form as `entitlements` keeps it; empty if nothing was sent.

    Raises
    ------
    datatypes.Invalid
        With the words of what is wrong.
    """
    datum = _datum(fact, key)
    if not any(is_filled(form, name) for name in datatypes.input_names(datum)):
        return ""
    found = datatypes.parse(datum, form)
    if isinstance(found, bool):
        return "yes" if found else "no"
    if fact.name == BIRTH and date.fromisoformat(found) > today:
        raise datatypes.Invalid(_BEFORE_TODAY)
    if has_period(fact) and f"{key}.per" in form:
        said = last(form, f"{key}.per")
        return f"{found}/{said}" if said in PERIODS else str(found)
    return str(found)


def filled(fact: Fact, key: str, text: str) -> dict[str, list[Any]]:
    """Return an answer as the fields of a form, the inverse of `parse`."""
    if fact.unit == YES_NO:
        return {key: [text]}
    plain, _, period = text.partition("/")
    form = forms.sent_from(_datum(fact, key), plain)
    if has_period(fact):
        form[f"{key}.per"] = [period or fact.unit.period.name]  # type: ignore[union-attr]
    return form


def shown(fact: Fact, text: str) -> str:
    """Return an answer in words, as a summary tells it."""
    if fact.unit == YES_NO:
        return gettext("Yes") if text == "yes" else gettext("No")
    plain, _, period = text.partition("/")
    told = datatypes.display(_datum(fact, "x"), plain, current_language())
    words = told if isinstance(told, str) else ", ".join(told)
    if has_period(fact):
        period = period or fact.unit.period.name  # type: ignore[union-attr]
        return f"{words} {dict(period_words()).get(period, '')}".strip()
    return words


def last(form: Form, name: str) -> str:
    """Return what a form says under a name, empty if it says nothing."""
    values = form.get(name) or ("",)
    return values[-1] if isinstance(values[-1], str) else ""


def is_filled(form: Form, name: str) -> bool:
    """Whether something was written into a field."""
    return bool(last(form, name).strip())


def option_words(option: str, unit: Unit | None = None, language: str | None = None) -> str:
    """Return an option of a choice as people read it, with a capital letter."""
    told = (unit.words or {}).get(option) if unit is not None else None
    words = pick(told, language) if told else option.replace("_", " ")
    return words[:1].upper() + words[1:]


_data: dict[tuple[int, str, str, str, bool], tuple[Fact, Datum]] = {}
_MOST = 4_096


def _datum(fact: Fact, key: str, whose: str = "", *, titled: bool = False) -> Datum:
    """Return the fact as a datum; made once, because its wording is kept by its identity."""
    language = current_language()
    known = (id(fact), key, whose, language, titled)
    found = _data.get(known)
    if found is None:
        if len(_data) >= _MOST:
            _data.clear()
        words = {language: label(fact, whose, titled=titled)}
        found = _data[known] = (fact, _made(fact, key, words))
    return found[1]


def _made(fact: Fact, key: str, words: Mapping[str, str]) -> Datum:
    unit = fact.unit
    if unit == YES_NO:
        return Datum(key, "yes/no", ask=words)
    if unit == DATE:
        hint = {each: gettext("For example 27 3 1980.", each) for each in offered()}
        return Datum(key, "date", ask=words, hint=hint)
    if unit.base == "choice":
        options = tuple(Option(each, _words_of(each, unit)) for each in unit.options)
        return Datum(key, "choice", ask=words, options=options)
    least = _LEAST if fact.low is None else fact.low
    kind = "money" if unit.is_money else "number"
    return Datum(
        key,
        kind,
        ask=words,
        min=least,
        max=fact.high,
        unit=_unit_words(unit),
        currency=unit.base if unit.is_money else "",
    )


def _words_of(option: str, unit: Unit) -> dict[str, str]:
    return {each: option_words(option, unit, each) for each in offered()}


def _unit_words(unit: Unit) -> dict[str, str]:
    if unit.is_money and unit.period:
        words = {
            "hour": marked("an hour"),
            "day": marked("a day"),
            "week": marked("a week"),
            "month": marked("a month"),
            "year": marked("a year"),
        }[unit.period.name]
        return {each: gettext(words, each) for each in offered()}
    if unit == PERCENT:
        return dict.fromkeys(offered(), "%")
    return {}
