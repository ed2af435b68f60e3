"""Words of the law: templates of reasons, and values as people write them.

A template is parsed when its rule is loaded. `{name}` stands for an argument or
a rate of the rule, `{value}` for its result, and `{name:child|children}` for a
number with the word that fits it. `{name:the other child|each of the # others}`
says by `#` where the number stands, if at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from townhall.rules.engine.law.units import DATE, PERCENT, YES_NO, Unit

if TYPE_CHECKING:
    from townhall.rules.engine.law.law import Variable

LANGUAGES: Final = ("en", "cy")
_PLACE: Final = re.compile(r"\{([^{}:]+)(?::([^{}|]*)\|([^{}|]*))?\}")
_MONTHS: Final = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "cy": [
        "Ionawr",
        "Chwefror",
        "Mawrth",
        "Ebrill",
        "Mai",
        "Mehefin",
        "Gorffennaf",
        "Awst",
        "Medi",
        "Hydref",
        "Tachwedd",
        "Rhagfyr",
    ],
}
_PERIODS: Final = {
    "en": {
        "hour": "an hour",
        "day": "a day",
        "week": "a week",
        "month": "a month",
        "year": "a year",
    },
    "cy": {
        "hour": "yr awr",
        "day": "y dydd",
        "week": "yr wythnos",
        "month": "y mis",
        "year": "y flwyddyn",
    },
}
_YES_NO: Final = {"en": ("no", "yes"), "cy": ("na", "ie")}
UNKNOWN_WORDS: Final = {"en": "not known", "cy": "ddim yn hysbys"}
_SYMBOLS: Final = {"GBP": "£", "EUR": "€", "USD": "$"}
_WIDE: Final = Context(prec=80)
_PENNY: Final = Decimal("0.01")
_FINEST: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Place:
    """A gap in a template: the name, and the words for one and for several."""

    name: str
    one: str
    several: str

    def filled(self, written: str, is_one: bool) -> str:
        """Return a value with the words that fit it; `#` among them is where it stands."""
        if not self.several:
            return written
        words = self.one if is_one else self.several
        if "#" in self.one + self.several:
            return words.replace("#", written)
        return f"{written} {words}"


@lru_cache(maxsize=4096)
def parsed(template: str) -> tuple[str | Place, ...]:
    """Return the parts of a template, in order."""
    parts: list[str | Place] = []
    end = 0
    for found in _PLACE.finditer(template):
        if found.start() > end:
            parts.append(template[end : found.start()])
        parts.append(Place(found[1].strip(), found[2] or "", found[3] or ""))
        end = found.end()
    if end < len(template):
        parts.append(template[end:])
    return tuple(parts)


def places(template: str) -> Iterable[Place]:
    """Yield the gaps of a template."""
    return (part for part in parsed(template) if isinstance(part, Place))


def problems_of(variable: Variable, variables: Mapping[str, Variable]) -> Iterable[str]:
    """Yield what is wrong with the templates of a rule and its exceptions.

    They name what the rule does not have, or what a reader could not tell apart;
    a gap is not closed; one language says less than another.
    """
    for templates in variable.templates():
        said = {
            language: {place.name for place in places(template)}
            for language, template in templates.items()
        }
        for language, template in templates.items():
            reason = f'the reason of "{variable.name}" ({language})'
            if any(isinstance(part, str) and set(part) & set("{}") for part in parsed(template)):
                yield (
                    f"{reason} has a brace that is no gap: "
                    "write {name}, or {name:child|children}."
                )
            for name in said[language]:
                yield from _problems_of_gap(name, reason, variable, variables)
            left_out = set().union(*said.values()) - said[language]
            if left_out:
                yield f'{reason} leaves out "{min(left_out)}", which another language tells.'


def _problems_of_gap(
    name: str, reason: str, variable: Variable, variables: Mapping[str, Variable]
) -> Iterable[str]:
    if name == "value" or name in variable.rates:
        return
    if name not in variable.arguments:
        yield f'{reason} names "{name}", which is no argument and no rate of it.'
    elif not variable.kind.entity.inside(variables[name].kind.entity):
        yield f'{reason} names "{name}", of which a {variable.kind.entity} has several.'


def chosen(words: Mapping[str, str], language: str) -> str:
    """Return the words in a language, or in English where they lack it."""
    return words.get(language) or words["en"]


def written(value: Any, unit: Unit, language: str) -> str:
    """Return a value of the law (dates as ordinals, shares as fractions) as people write it."""
    if value is None or (isinstance(value, Decimal) and not value.is_finite()):
        return UNKNOWN_WORDS.get(language, UNKNOWN_WORDS["en"])
    if unit.is_money:
        return _money(value, unit, language)
    if unit == PERCENT:
        return f"{_plain(value * 100)}%"
    if unit == DATE:
        return day(date.fromordinal(int(value)), language)
    if unit == YES_NO:
        return _YES_NO.get(language, _YES_NO["en"])[bool(value)]
    if unit.base == "choice":
        option = unit.options[int(value)]
        words = (unit.words or {}).get(option)
        return chosen(words, language) if words else option.replace("_", " ")
    return _plain(Decimal(value))


def day(when: date, language: str) -> str:
    """Return a date as people write it: 6 April 2026."""
    return f"{when.day} {_MONTHS.get(language, _MONTHS['en'])[when.month - 1]} {when.year}"


def _money(value: Decimal, unit: Unit, language: str) -> str:
    amount = Decimal(value).quantize(_PENNY, ROUND_HALF_UP, _WIDE)
    sign = "-" if amount < 0 else ""
    amount = amount.copy_abs()
    digits = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    text = f"{sign}{_SYMBOLS.get(unit.base, unit.base + ' ')}{digits}"
    if unit.period is None:
        return text
    return f"{text} {_PERIODS.get(language, _PERIODS['en'])[unit.period.name]}"


def _plain(value: Decimal) -> str:
    rounded = (
        value
        if value == value.to_integral_value()
        else value.quantize(_FINEST, ROUND_HALF_UP, _WIDE)
    )
    if rounded == rounded.to_integral_value():
        return f"{int(rounded):,}"  # no sign before a zero
    return f"{rounded.normalize():,f}"


def since(when: date, language: str) -> str:
    """Return the words for the day from which a rate is in force."""
    return f"{'o' if language == 'cy' else 'from'} {day(when, language)}"
