"""How names and values of the second source are read as facts and rules of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = dict[str, Any]


@dataclass(frozen=True)
class Vocabulary:
    """The names of one part of the law.

    Attributes
    ----------
    names
        Their name to ours, for what is given and what is expected. Amounts of a year become ours
        for the period of our name (52 weeks, 12 months), and back.
    choices
        Their name to (their option to ours); options that are not here are compared in small
        letters.
    adapters
        Their name to a function of the value and of all that is given for the same member (their
        names, values worked out): it returns our facts of that member. For what is not one fact.
    answers
        Their figure to our names and a function of their values of one member, for figures that
        are not one rule.
    ignored
        Their name to why it says nothing about the law: take-up, survey, behaviour.
    inferences
        Functions of the world of a case, its families and the year: facts of ours for each person,
        family and household that follow from several members. What a case gives outweighs them.
    of_families, of_households
        Their names that belong to a family or a household though no fact of ours has the name.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    adapters: Mapping[str, Callable[[Any, Mapping[str, Any]], Facts]] = field(default_factory=dict)
    answers: Mapping[str, tuple[tuple[str, ...], Callable[..., Any]]] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)
    inferences: tuple[Callable[..., Any], ...] = ()
    of_families: frozenset[str] = frozenset()
    of_households: frozenset[str] = frozenset()

    def joined(self, other: Vocabulary) -> Vocabulary:
        """Return both; a name is in one of them only."""
        return Vocabulary(
            {**self.names, **other.names},
            {**self.choices, **other.choices},
            _both(self.adapters, other.adapters),
            {**self.answers, **other.answers},
            {**self.ignored, **other.ignored},
            self.inferences + other.inferences,
            self.of_families | other.of_families,
            self.of_households | other.of_households,
        )


Adapter = Callable[[Any, Mapping[str, Any]], Facts]


def _both(one: Mapping[str, Adapter], other: Mapping[str, Adapter]) -> dict[str, Adapter]:
    """Return the adapters of both; where both read a name, the facts of both count."""
    joined = {**one, **other}
    for name in one.keys() & other.keys():
        joined[name] = _merged(one[name], other[name])
    return joined


def _merged(one: Adapter, other: Adapter) -> Adapter:
    def adapter(value: Any, given: Mapping[str, Any]) -> Facts:
        return {**one(value, given), **other(value, given)}

    return adapter
