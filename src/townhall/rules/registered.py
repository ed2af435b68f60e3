"""What registers said of somebody who asks what they can get, and how it becomes answers.

A register knows the person and their children before it is said who lives with them. So what
was read is kept by whom it is about, and becomes answers for a family only when that is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
from typing import Any

from townhall.rules.answers import MAX_CHILDREN, Answers, Registered

Facts = Mapping[str, Registered]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of asking the registers.

    Attributes
    ----------
    me, partner, family, household
        Fact of the law to what a register said. `partner` is None where no register knows
        of one.
    children
        The facts of each child; None where no register said which children there are.
    children_from
        Key of the register that named them.
    silent
        Registers that gave nothing: their key to `none`, `unavailable` or `refused`.
    """

    at: str
    me: Facts = field(default_factory=dict)
    partner: Facts | None = None
    children: tuple[Facts, ...] | None = None
    children_from: str = ""
    family: Facts = field(default_factory=dict)
    household: Facts = field(default_factory=dict)
    silent: Mapping[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int | None:
        """How many children registers know; None where they do not say, or more than we ask."""
        if self.children is None or len(self.children) > MAX_CHILDREN:
            return None
        return len(self.children)

    def fill(self, answers: Answers) -> Answers:
        """Return the answers of a family with what registers said; what the person said wins.

        If the person counts fewer children than the registers, nobody can tell which of them
        are meant: then they are asked.
        """
        own = answers.own()
        told: dict[str, Registered] = {}
        _put(told, "person.0", self.me)
        _put(told, "family.0", self.family)
        _put(told, "household.0", self.household)
        if own.couple:
            _put(told, "person.1", self.partner or {})
        if self.count is not None and self.count <= own.children:
            for number, child in enumerate(self.children or (), start=own.adults):
                _put(told, f"person.{number}", child)
        facts = {key: each.text for key, each in told.items()} | dict(own.facts)
        return replace(own, facts=facts, registered=told)

    def to_data(self) -> dict[str, Any]:
        """Return the reading as JSON data."""
        return {
            "at": self.at,
            "me": _data(self.me),
            "partner": None if self.partner is None else _data(self.partner),
            "children": None if self.children is None else [_data(each) for each in self.children],
            "children_from": self.children_from,
            "family": _data(self.family),
            "household": _data(self.household),
            "silent": dict(self.silent),
        }

    @classmethod
    def from_data(cls, data: Any) -> Reading:
        """Read what `to_data` wrote."""
        partner, children = data["partner"], data["children"]
        return cls(
            data["at"],
            _facts(data["me"]),
            None if partner is None else _facts(partner),
            None if children is None else tuple(_facts(each) for each in children),
            data["children_from"],
            _facts(data["family"]),
            _facts(data["household"]),
            data["silent"],
        )


def _put(told: dict[str, Registered], place: str, facts: Facts) -> None:
    told.update({f"{place}.{name}": each for name, each in facts.items()})


def _data(facts: Facts) -> dict[str, Any]:
    return {name: astuple(each) for name, each in facts.items()}


def _facts(data: Mapping[str, Any]) -> dict[str, Registered]:
    return {name: Registered(*each) for name, each in data.items()}
