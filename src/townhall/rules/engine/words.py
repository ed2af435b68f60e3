"""A trace in words, English and Welsh.

Each operation has a template per language, filled with the words of what it
rests on. Facts go by the label that the service gives them, else by their name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from .values import ABSENT, UNKNOWN, Duration, Money, Special, Value
from .vocabulary import DATE_PHRASES, LANGUAGES, PHRASES, Vocabulary

if TYPE_CHECKING:
    from .explain import Step

_SYMBOLS: Final = {"GBP": "£", "EUR": "€", "USD": "$"}
MAX_SHOWN: Final = 200  # characters of a text, or items of a list


class Wording:
    """Words for traces, in one language and with one set of labels."""

    def __init__(
        self,
        language: str = "en",
        labels: Mapping[str, str] | None = None,
        show: Callable[[str, Value], str] | None = None,
    ) -> None:
        self.vocabulary: Vocabulary = LANGUAGES.get(language, LANGUAGES["en"])
        self.language = language if language in LANGUAGES else "en"
        self.labels = labels or {}
        self.show = show

    def lines(self, step: Step, level: int = 0) -> Iterator[tuple[int, str]]:
        """Yield (depth, words) for the step and all below it that says something."""
        yield level, self.line(step)
        if step.operation == "present":
            return
        for child in step.children:
            if child.item or not _is_written(child):
                yield from self.lines(child, level + 1)

    def line(self, step: Step) -> str:
        """Return one line: what it is, its value, and the law behind a rate."""
        if step.kind == "law":
            told = dict(step.told)
            return told.get(self.language) or told.get("en") or step.text
        value = self.fact_value(step) if step.kind == "fact" else self.value(step.value)
        start = f"{step.item}. " if step.item else ""
        if step.kind == "literal":
            return start + value
        line = f"{start}{self.phrase(step)}: {value}"
        if step.kind == "rate":
            line += self.period(step.unit)
            if step.since is not None:
                line += f" {self.vocabulary.since} {self.value(step.since)}"
            if step.note:
                line += f" [{step.note}]"
        return line

    def fact_value(self, step: Step) -> str:
        """Return the value of a fact, as its service writes it."""
        if self.show is not None and step.value.__class__ is not Special:
            return self.show(step.name, step.value)
        return self.value(step.value)

    def period(self, unit: str) -> str:
        """Return ` a week` for `GBP/week`."""
        period = unit.partition("/")[2]
        words = self.vocabulary.periods.get(period, period)
        return f" {words}" if words else ""

    # --- phrases

    def phrase(self, step: Step) -> str:
        """Return what the step is about, without its value."""
        if step.kind == "literal":
            return self.value(step.value)
        if step.name in self.labels:
            return self.labels[step.name]
        if step.kind == "fact":
            return step.name
        if step.kind == "rate":
            keys = [self.phrase(child) for child in step.children]
            words = PHRASES[self.language][step.operation]
            return words.format(step.name, ", ".join(keys))
        return self._template(step)

    def _template(self, step: Step) -> str:
        phrases = PHRASES[self.language]
        parts = [self.phrase(child) for child in step.children]
        key = step.name if step.kind == "function" else step.operation
        if step.operation == "not":
            inner = step.children[0]
            key = {"in": "not_in", "present": "not_present"}.get(inner.operation, "not")
            if key != "not":
                parts = [self.phrase(child) for child in inner.children]
        elif key in DATE_PHRASES[self.language] and _about_dates(step):
            return DATE_PHRASES[self.language][key].format(*parts)
        elif key in ("any", "all", "count", "sum", "min", "max"):
            key = f"{key}_where" if len(step.children) > 1 else f"{key}_of"
        if key == "list":
            return ", ".join(parts)
        template = phrases.get(key)
        if template is None or not parts:
            return step.text
        return template.format(*parts, joined=", ".join(parts))

    # --- values

    def value(self, value: Value) -> str:
        """Return a value as people write it."""
        match value:
            case bool():
                return self.vocabulary.yes if value else self.vocabulary.no
            case Money(amount=amount, currency=currency):
                symbol = _SYMBOLS.get(currency, f"{currency} ")
                sign = "-" if amount < 0 else ""
                return f"{sign}{symbol}{_amount(abs(amount))}"
            case Decimal() | int():
                return _number(Decimal(value))
            case date():
                return f"{value.day} {self.vocabulary.months[value.month - 1]} {value.year}"
            case Duration():
                return self.duration(value)
            case str():
                return value if len(value) <= MAX_SHOWN else f"{value[:MAX_SHOWN]} …"
            case list() | tuple():
                return self._items(value)
            case Mapping():
                return self._record(value)
            case Special():
                return self._special(value)
        return str(value)

    def duration(self, value: Duration) -> str:
        """Return a duration in words."""
        years, months = divmod(value.months, 12)
        parts = (
            (years, "year"),
            (months, "month"),
            (value.days, "day"),
            (value.working_days, "working day"),
        )
        words = [
            self.vocabulary.units[unit][number != 1].format(number)
            for number, unit in parts
            if number
        ]
        return " ".join(words) or self.vocabulary.units["day"][1].format(0)

    def _items(self, items: list[Value] | tuple[Value, ...]) -> str:
        if any(isinstance(item, Mapping) for item in items):
            return self.vocabulary.items[len(items) != 1].format(len(items))
        shown = ", ".join(self.value(item) for item in items[:MAX_SHOWN])
        return shown or self.vocabulary.none

    def _record(self, record: Mapping[str, Value]) -> str:
        if isinstance(record.get("words"), str) and record["words"]:
            return str(record["words"])
        parts = (
            f"{name} {self.value(part)}"
            for name, part in record.items()
            if part is not None and part is not ABSENT
        )
        return ", ".join(parts) or self.vocabulary.none

    def _special(self, value: Special) -> str:
        if value is UNKNOWN:
            return self.vocabulary.unknown
        return self.vocabulary.absent if value is ABSENT else self.vocabulary.failed


def _is_written(step: Step) -> bool:
    """Whether the step only repeats what the expression says."""
    if step.operation == "list":
        return all(_is_written(child) for child in step.children)
    return step.kind == "literal"


def _about_dates(step: Step) -> bool:
    return any(isinstance(child.value, date) for child in step.children)


def _amount(amount: Decimal) -> str:
    """Pounds without pennies if there are none, else with two places or all there are."""
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    if amount.adjusted() > 30 or places > 30:
        return str(amount)
    whole = amount == amount.to_integral_value()
    return f"{amount:,.0f}" if whole else f"{amount:,.{places}f}"


def _number(number: Decimal) -> str:
    if number.adjusted() > 30 or number.adjusted() < -30:
        return str(number)
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
