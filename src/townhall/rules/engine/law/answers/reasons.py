"""One step of an explanation, and the steps below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from townhall.rules.engine.law.entities import WORLD

MAX_DEPTH: Final = 60


class Words(NamedTuple):
    """What a step says: a fact has no reason, and a rate none either."""

    title: str
    value: str
    because: str
    cite: str


def once(make: Callable[[], Words]) -> Callable[[], Words]:
    """Return what makes the words when they are first asked for, and keeps them."""
    made: list[Words] = []

    def words() -> Words:
        if not made:
            made.append(make())
        return made[0]

    return words


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of an explanation; its words are made when somebody reads them.

    Attributes
    ----------
    kind
        `rule`, `fact`, `rate`, or `given` (a rule whose value was supplied).
    name
        Of the rule or fact, or the key of the rate.
    member
        Whose: the number of the person, family or household.
    since
        First day of a rate.
    raw
        The value as the law calculates.
    """

    kind: str
    name: str
    entity: str
    member: int
    since: date | None
    raw: Any
    _words: Callable[[], Words]
    _children: Callable[[], tuple[Reason, ...]]

    @property
    def title(self) -> str:
        """What it is about."""
        return self._words().title

    @property
    def value(self) -> str:
        """Its value as people write it."""
        return self._words().value

    @property
    def because(self) -> str:
        """Why, in a sentence; empty for facts and rates."""
        return self._words().because

    @property
    def cite(self) -> str:
        """The law."""
        return self._words().cite

    @property
    def children(self) -> tuple[Reason, ...]:
        """What it rests on, in the order of the rule."""
        return self._children()

    def lines(self) -> Iterator[str]:
        """Yield the whole explanation as indented text; what was told is not told twice."""
        yield from self._told(0, set())

    def _told(self, depth: int, told: set[str]) -> Iterator[str]:
        indent = "  " * depth
        law = f"   [{self.cite}]" if self.cite else ""
        yield f"{indent}{self.title}: {self.value}{law}"
        key = f"{self.name} {self.member}"
        if key in told or depth > MAX_DEPTH:
            return
        told.add(key)
        if self.because:
            yield f"{indent}  {self.because}"
        for child in self.children:
            yield from child._told(depth + 1, told)

    def to_data(self) -> dict[str, Any]:
        """Return the explanation as JSON data, to be kept with a decision.

        What was told is not told twice: where it comes again, it is `above`.
        """
        return self._data(0, set())

    def _data(self, depth: int, told: set[str]) -> dict[str, Any]:
        data: dict[str, Any] = {
            "kind": self.kind,
            "name": self.name,
            "title": self.title,
            "value": self.value,
        }
        if self.entity != WORLD.name:
            data |= {"entity": self.entity, "member": self.member}
        if self.cite:
            data["cite"] = self.cite
        if self.since:
            data["since"] = self.since.isoformat()
        key = f"{self.name} {self.member}"
        if key in told or depth > MAX_DEPTH:
            return {**data, "above": True} if self.kind == "rule" else data
        told.add(key)
        if self.because:
            data["because"] = self.because
        children = [child._data(depth + 1, told) for child in self.children]
        return {**data, "children": children} if children else data
