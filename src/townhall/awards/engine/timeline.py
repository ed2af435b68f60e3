"""What is known of an award's facts, over both times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Version:
    """One thing that became known: a datum has this value on the days [since, until).

    Attributes
    ----------
    seq
        Place in the order in which things became known, from 1.
    fact
        What the register said, as JSON.
    until
        None: until something later is known.
    """

    seq: int
    datum: str
    fact: Mapping[str, Any]
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it says something about the day."""
        return self.since <= day and (self.until is None or day < self.until)


class Timeline:
    """All versions of an award's facts."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self._versions = sorted(versions, key=lambda version: version.seq)

    def at(self, day: date, known: int | None = None) -> dict[str, Mapping[str, Any]]:
        """Return the facts of a day, as known when `known` things were known; None: now."""
        found: dict[str, Mapping[str, Any]] = {}
        for version in self._versions:
            if known is not None and version.seq > known:
                break
            if version.holds(day):
                found[version.datum] = version.fact
        return found

    def with_news(self, news: Iterable[Version]) -> Timeline:
        """Return the timeline with what became known now."""
        return Timeline([*self._versions, *news])

    @property
    def known(self) -> int:
        """How many things are known."""
        return self._versions[-1].seq if self._versions else 0

    def says(self, datum: str, day: date, fact: Mapping[str, Any]) -> bool:
        """Whether the same is known already of a datum on a day.

        When it was read is no difference.
        """
        now = self.at(day).get(datum)
        return now is not None and same(now, fact)


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two readings of a register say the same."""
    parts = ("outcome", "value", "register", "key")
    return all(one.get(part) == other.get(part) for part in parts)
