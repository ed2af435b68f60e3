"""What somebody has answered about their family: texts that fit into a cookie and a summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
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
class Registered:
    """An answer that a register gave.

    Attributes
    ----------
    text
        As an answer is written.
    register
        Key of the register.
    at
        When it was read, in ISO 8601.
    """

    text: str
    register: str
    at: str


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
    registered
        What registers said, by the names of `facts`. An answer there that differs is one
        that the person corrected for this calculation.
    """

    couple: bool = False
    children: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)
    duties: bool = False
    registered: Mapping[str, Registered] = field(default_factory=dict)

    @property
    def adults(self) -> int:
        return 2 if self.couple else 1

    def with_facts(self, facts: Mapping[str, str]) -> Answers:
        """Return the answers with some put in place of what was said before."""
        return replace(self, facts={**self.facts, **facts})

    def with_duties(self) -> Answers:
        """Return the answers of somebody who also wants to know what to pay."""
        return replace(self, duties=True)

    def is_registered(self, key: str) -> bool:
        """Whether an answer stands as a register gave it."""
        known = self.registered.get(key)
        return known is not None and self.facts.get(key) == known.text

    def as_registered(self, key: str) -> Answers:
        """Return the answers with one as the register gave it, whatever was said instead."""
        known = self.registered.get(key)
        return self if known is None else self.with_facts({key: known.text})

    def own(self) -> Answers:
        """Return what the person said, without what registers gave."""
        facts = {key: text for key, text in self.facts.items() if not self.is_registered(key)}
        return replace(self, facts=facts, registered={})

    def with_family(self, *, couple: bool, children: int) -> Answers:
        """Return the answers for another family; what was said of each who stays is kept.

        What registers gave is left out: of whom it is has to be settled anew.
        """
        moved = {}
        for key, value in self.own().facts.items():
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
        data = {
            "couple": self.couple,
            "children": self.children,
            "facts": dict(self.facts),
            "duties": self.duties,
        }
        if self.registered:
            data["registered"] = {key: astuple(each) for key, each in self.registered.items()}
        return data

    @classmethod
    def from_data(cls, data: Any) -> Answers | None:
        """Read answers that `to_data` wrote; None if it is something else."""
        try:
            children = int(data["children"])
            facts = {str(key): str(value) for key, value in data["facts"].items()}
            registered = {
                str(key): Registered(*map(str, each))
                for key, each in data.get("registered", {}).items()
            }
            for key in (*facts, *registered):
                split(key)
        except (TypeError, KeyError, ValueError, AttributeError):
            return None
        if not 0 <= children <= MAX_CHILDREN:
            return None
        duties = bool(data.get("duties"))
        return cls(bool(data["couple"]), children, facts, duties, registered)


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


def write(fact: Fact, value: Any) -> str | None:
    """Return a value of the law as an answer, the inverse of `read`; None if it is not one."""
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, (int, Decimal)):
        period = fact.unit.period
        text = f"{value:f}/{period.name}" if period else f"{value:f}"
    else:
        text = str(value)
    return text if read(fact, text) is not None else None
