"""The form of a reform: which rates change, on what day, over which population.

The form carries itself: every button sends all of it, and it comes back as it was, so that
nothing is stored before the run begins. Only a chosen file cannot come back; it is asked last.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import QueryDict

from townhall.foundation.text import current_language, gettext
from townhall.portal import lawfields
from townhall.rules.engine.law import PERCENT, wording
from townhall.rules.simulation import changes
from townhall.rules.simulation.changes import Rate, ReformRefused

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
USUAL_SIZE: Final = 10_000
MOST_FOUND: Final = 20
MOST_SEED: Final = 2**31 - 1
NAME_LENGTH: Final = 120
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass
class Form:
    """What was typed, and what is wrong with it.

    Attributes
    ----------
    chosen
        Names of rates in the order in which they were added, to what was typed.
    errors
        Id of an input to words.
    """

    name: str = ""
    day: Mapping[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    find: str = ""
    source: str = "invented"
    households: str = str(USUAL_SIZE)
    seed: str = "1"
    columns: str = ""
    usual: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def fresh(cls, today: date) -> Form:
        """Return the form as it is first shown."""
        return cls(day=_parts(today))

    @classmethod
    def sent(cls, given: QueryDict) -> Form:
        """Return the form as it was sent."""
        rates = given.getlist("rate")[: 2 * changes.MOST]
        return cls(
            name=given.get("name", "").strip()[:NAME_LENGTH],
            day={part: given.get(f"day.{part}", "").strip() for part in ("day", "month", "year")},
            chosen={rate: given.get(f"new:{rate}", "") for rate in rates},
            find=given.get("find", "").strip()[:200],
            source="file" if given.get("source") == "file" else "invented",
            households=given.get("households", ""),
            seed=given.get("seed", "1").strip(),
            columns=given.get("columns", ""),
            usual=given.get("usual") == "yes",
        )

    def day_given(self) -> date | None:
        """Return the day, or None where it is none."""
        try:
            year, month, day = (int(self.day.get(part, "")) for part in ("year", "month", "day"))
            return date(year, month, day)
        except ValueError:
            return None

    def refuse(self, at: str, words: str) -> None:
        """Note what is wrong with an input; the first thing that is."""
        self.errors.setdefault(at, words)

    def new_values(self, known: Mapping[str, Rate]) -> dict[str, Decimal]:
        """Return what was typed as numbers; what is none is noted."""
        found = {}
        for name, text in self.chosen.items():
            try:
                found[name] = changes.number(known[name], text)
            except ReformRefused as error:
                self.refuse(id_of(name), value_words(error, known[name]))
        return found

    def size_given(self) -> int:
        """Return the number of invented households; another than those offered is noted."""
        if self.households in {str(size) for size in SIZES}:
            return int(self.households)
        self.refuse("f-households", gettext("Choose how many households."))
        return 0

    def seed_given(self) -> int:
        """Return the seed; what is none is noted."""
        if self.seed.isascii() and self.seed.isdigit() and int(self.seed) <= MOST_SEED:
            return int(self.seed)
        self.refuse("f-seed", gettext("Write a whole number, such as 1."))
        return 0


def _parts(day: date) -> dict[str, str]:
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}


def id_of(rate: str) -> str:
    """Return the id of the input of a rate."""
    return "new-" + re.sub(r"[^a-z0-9]+", "-", rate.lower())


def value_words(error: ReformRefused, rate: Rate) -> str:
    """Return what is wrong with a new value."""
    if error.reason == "empty":
        return gettext("Write the new value of “%(rate)s”, or take it out.") % {"rate": title(rate)}
    if error.reason == "low":
        return gettext("“%(rate)s” cannot be below 0.") % {"rate": title(rate)}
    if error.reason == "high":
        return gettext("“%(rate)s” is too high.") % {"rate": title(rate)}
    return gettext("Write “%(rate)s” as a number, such as 12.50.") % {"rate": title(rate)}


def title(rate: Rate) -> str:
    """Return what a rate is called, with the entry of a tariff."""
    if not rate.options:
        return rate.title
    return f"{rate.title}: {', '.join(lawfields.option_words(each) for each in rate.options)}"


def written(rate: Rate, value: Decimal) -> str:
    """Return a value of a rate as people write it."""
    held = value / 100 if rate.unit == PERCENT else value
    return wording.written(held, rate.unit, current_language())


def rows(form: Form, known: Mapping[str, Rate]) -> list[dict[str, Any]]:
    """Return the chosen rates as rows of the form."""
    found = []
    for name, text in form.chosen.items():
        rate = known[name]
        found.append(
            {
                "name": name,
                "id": id_of(name),
                "title": title(rate),
                "value": text,
                "now": written(rate, rate.value),
                "cite": rate.cite,
                "href": f"/rules/rates/{rate.key}",
                "prefix": "£" if rate.unit.is_money else "",
                "suffix": "%" if rate.unit == PERCENT else "",
                "error": form.errors.get(id_of(name), ""),
            }
        )
    return found


def search(words: str, known: Mapping[str, Rate], besides: Sequence[str]) -> list[Rate]:
    """Return rates in whose title, law or name all words stand; a word may be a beginning."""
    wanted = _words(words)
    found = []
    for name, rate in known.items():
        if name in besides:
            continue
        there = _words(f"{title(rate)} {rate.cite} {name}")
        if all(any(each.startswith(word) for each in there) for word in wanted):
            found.append(rate)
    return found


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
