"""What somebody has answered about their family: texts that fit into a cookie and a summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from townhall.rules.engine.law import DATE, FAMILY, HOUSEHOLD, PERSON, YES_NO
from townhall.rules.engine.law.book import Fact
from townhall.rules.engine.law.units import PERIODS

BIRTH: Final = "date_of_birth"
UNKNOWN: Final = "?"
"""The answer "I do not know"."""
SOME: Final = "+"
"""There is such an income or cost; how much is not said yet."""
MAX_CHILDREN: Final = 12
PLACES: Final = {"person": PERSON, "family": FAMILY, "household": HOUSEHOLD}


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody has answered.

    Attributes
    ----------
    couple, children
        Who is in the family: alone or with a partner, and how many children.
    facts
        `person.0.employment_income` to a text: `yes`, `no`, an ISO date, a number, an option,
        an amount with what it is for (`2000/month`), `UNKNOWN` or `SOME`. Person 0 is who asks;
        then comes the partner, then the children.
    duties
        Ask also what only matters for what people pay, such as taxes.
    """

    couple: bool = False
    children: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)
    duties: bool = False

    @property
    def adults(self) -> int:
        return 2 if self.couple else 1

    def with_facts(self, facts: Mapping[str, str]) -> Answers:
        """Return the answers with some put in place of what was said before."""
        return replace(self, facts={**self.facts, **facts})

    def with_duties(self) -> Answers:
        """Return the answers of somebody who also wants to know what to pay."""
        return replace(self, duties=True)

    def with_family(self, *, couple: bool, children: int) -> Answers:
        """Return the answers for another family; what was said of each who stays is kept."""
        moved = {}
        for key, value in self.facts.items():
            place, member, name = split(key)
            if place == "person":
                adult = member < self.adults
                member = member if adult else member - self.adults + 1 + couple
                if (adult and member > couple) or member > couple + children:
                    continue
            moved[f"{place}.{member}.{name}"] = value
        return Answers(couple, children, moved, self.duties)

    def to_data(self) -> dict[str, Any]:
        """Return the answers as JSON data."""
        return {
            "couple": self.couple,
            "children": self.children,
            "facts": dict(self.facts),
            "duties": self.duties,
        }

    @classmethod
    def from_data(cls, data: Any) -> Answers | None:
        """Read answers that `to_data` wrote; None if it is something else."""
        try:
            children = int(data["children"])
            facts = {str(key): str(value) for key, value in data["facts"].items()}
            for key in facts:
                split(key)
        except (TypeError, KeyError, ValueError, AttributeError):
            return None
        if not 0 <= children <= MAX_CHILDREN:
            return None
        return cls(bool(data["couple"]), children, facts, bool(data.get("duties")))


def key_of(fact: Fact, member: int) -> str:
    """Return the name of an answer."""
    return f"{fact.entity.name}.{member}.{fact.name}"


def split(key: str) -> tuple[str, int, str]:
    """Return whose an answer is, the number of it, and the fact."""
    place, member, name = key.split(".")
    if place not in PLACES or not member.isdecimal():
        raise ValueError(key)
    return place, int(member), name


def usual(fact: Fact) -> Any:
    """Return the usual value of a fact, as a situation takes it."""
    if fact.unit == DATE:
        return date.fromisoformat(str(fact.usual))
    if fact.unit == YES_NO or fact.unit.base == "choice":
        return fact.usual
    return Decimal(str(fact.usual))


def read(fact: Fact, text: str) -> Any:
    """Return an answer as a situation takes it; None where it is not known or cannot be read."""
    if text in (UNKNOWN, SOME):
        return None
    try:
        if fact.unit == YES_NO:
            return {"yes": True, "no": False}.get(text)
        if fact.unit == DATE:
            return date.fromisoformat(text)
        if fact.unit.base == "choice":
            return text if text in fact.unit.options else None
        return _number(fact, text)
    except (ValueError, KeyError, InvalidOperation):
        return None


def _number(fact: Fact, text: str) -> Decimal:
    amount, _, period = text.partition("/")
    value = Decimal(amount)
    own = fact.unit.period
    if own is None or period in ("", own.name):
        return value
    return value * PERIODS[period].in_year / own.in_year
