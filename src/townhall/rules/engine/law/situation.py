"""Who lives with whom, and what is known of them.

A situation is what a decision is made about: persons, the families that they
form, the households in which the families live, and companies. A fact that is
not given is unknown; it is never taken as zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from townhall.rules.engine.law.entities import (
    COMPANY,
    FAMILY,
    HOUSEHOLD,
    PERSON,
    WORLD,
    Entity,
)
from townhall.rules.engine.law.errors import FactError

Facts = Mapping[str, Any]
MAX_PERSONS: Final = 1000
EARLIEST: Final = date(1850, 1, 1)
LATEST: Final = date(2200, 1, 1)
GREATEST: Final = Decimal(10**15)
"""No amount of a person, a company or a country is larger; the law counts on it."""


@dataclass(frozen=True, slots=True)
class Family:
    """The adults of a benefit unit and the children they are responsible for.

    Attributes
    ----------
    adults
        Numbers of one person, or of the two of a couple.
    children
        Numbers of the others.
    """

    adults: tuple[int, ...]
    children: tuple[int, ...] = ()
    facts: Facts = field(default_factory=dict)

    @property
    def members(self) -> tuple[int, ...]:
        """Numbers of all, ascending."""
        return tuple(sorted((*self.adults, *self.children)))


@dataclass(frozen=True, slots=True)
class Household:
    """Families at one address, by their numbers."""

    families: tuple[int, ...]
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Situation:
    """Whom a decision is about.

    Parameters
    ----------
    persons
        Facts of each person, by name; a number of the law as Decimal, whole
        number or `Money`, a date as `date`, a choice as its text.
    families
        By default one: the first person is its adult, all others are children.
        Mappings `{"adults", "children" | "members", "facts"}` are read as families.
    households
        By default one, of all families.
    companies
        Facts of each company.

    Raises
    ------
    FactError
        If a person is in no family or in two, or a number is none of a person.
    """

    persons: Sequence[Facts]
    families: Sequence[Family | Mapping[str, Any]] = ()
    households: Sequence[Household | Mapping[str, Any]] = ()
    companies: Sequence[Facts] = ()

    def __post_init__(self) -> None:
        if len(self.persons) > MAX_PERSONS:
            raise FactError("persons", MAX_PERSONS, f"More than {MAX_PERSONS} persons.")
        whole = tuple(range(len(self.persons)))
        families = [_family(each, number) for number, each in enumerate(self.families)] or (
            [Family(whole[:1], whole[1:])] if whole else []
        )
        everybody = tuple(range(len(families)))
        households = [_household(each, number) for number, each in enumerate(self.households)] or (
            [Household(everybody)] if families else []
        )
        object.__setattr__(self, "families", tuple(families))
        object.__setattr__(self, "households", tuple(households))
        _insist_on_partition(whole, [family.members for family in families], "person", "family")
        _insist_on_partition(
            everybody, [each.families for each in households], "family", "household"
        )
        for position, family in enumerate(families):
            if not 1 <= len(family.adults) <= 2:
                raise FactError(
                    "adults", position, f"A family has one adult or two, not {len(family.adults)}."
                )

    def facts_of(self, entity: Entity) -> Sequence[Facts]:
        """Return the facts of each member of an entity."""
        if entity == PERSON:
            return self.persons
        if entity == FAMILY:
            return [family.facts for family in self._families]
        if entity == HOUSEHOLD:
            return [household.facts for household in self._households]
        return self.companies if entity == COMPANY else ()

    @property
    def _families(self) -> tuple[Family, ...]:
        return self.families  # type: ignore[return-value]

    @property
    def _households(self) -> tuple[Household, ...]:
        return self.households  # type: ignore[return-value]

    def size(self, entity: Entity) -> int:
        """Return how many there are of an entity."""
        return 1 if entity == WORLD else len(self.facts_of(entity))

    @cached_property
    def structure(self) -> Structure:
        """Who belongs to whom, as numbers."""
        return Structure.of(self)

    def with_facts(self, entity: Entity, member: int, facts: Facts) -> Situation:
        """Return the situation with some facts of one member put in place of what was known."""
        members = list(self.facts_of(entity))
        members[member] = {**members[member], **facts}
        return self.with_all(entity, members)

    def with_all(self, entity: Entity, members: Sequence[Facts]) -> Situation:
        """Return the situation with the facts of all members of an entity put in place."""
        if entity == PERSON:
            return replace(self, persons=members)
        if entity == FAMILY:
            both = zip(self._families, members, strict=True)
            return replace(self, families=[replace(each, facts=facts) for each, facts in both])
        if entity == HOUSEHOLD:
            homes = zip(self._households, members, strict=True)
            return replace(self, households=[replace(each, facts=facts) for each, facts in homes])
        return replace(self, companies=members)


@dataclass(frozen=True, slots=True)
class Structure:
    """Who belongs to whom.

    Attributes
    ----------
    up
        (narrower, wider) to, for each member of the narrower, the number of the wider.
    down
        (narrower, wider) to, for each member of the wider, the numbers of the narrower.
    partner
        For each person the number of the other adult of the couple, or -1.
    adult
        Whether each person is an adult of the family.
    """

    up: Mapping[tuple[str, str], tuple[int, ...]]
    down: Mapping[tuple[str, str], tuple[tuple[int, ...], ...]]
    partner: tuple[int, ...]
    adult: tuple[bool, ...]

    @classmethod
    def of(cls, situation: Situation) -> Structure:
        """Return who belongs to whom in a situation."""
        families, households = situation._families, situation._households
        family_of = [0] * len(situation.persons)
        partner = [-1] * len(situation.persons)
        adult = [False] * len(situation.persons)
        for number, family in enumerate(families):
            for member in family.members:
                family_of[member] = number
            for member in family.adults:
                adult[member] = True
            if len(family.adults) == 2:
                one, other = family.adults
                partner[one], partner[other] = other, one
        household_of = [0] * len(families)
        for number, household in enumerate(households):
            for member in household.families:
                household_of[member] = number
        members = tuple(family.members for family in families)
        return cls(
            up={
                ("person", "family"): tuple(family_of),
                ("person", "household"): tuple(household_of[number] for number in family_of),
                ("family", "household"): tuple(household_of),
            },
            down={
                ("person", "family"): members,
                ("family", "household"): tuple(each.families for each in households),
                ("person", "household"): tuple(
                    tuple(person for family in each.families for person in members[family])
                    for each in households
                ),
            },
            partner=tuple(partner),
            adult=tuple(adult),
        )


def _family(given: Family | Mapping[str, Any], number: int) -> Family:
    if isinstance(given, Family):
        return given
    _insist_on_keys(given, "family", number, {"adults", "children", "members", "facts"})
    if "adults" not in given:
        raise FactError("adults", number, f"The family {number} does not say who its adults are.")
    adults = tuple(given["adults"])
    children = given.get("children")
    if children is None:
        children = [member for member in given.get("members", ()) if member not in adults]
    return Family(adults, tuple(children), given.get("facts", {}))


def _household(given: Household | Mapping[str, Any], number: int) -> Household:
    if isinstance(given, Household):
        return given
    _insist_on_keys(given, "household", number, {"families", "members", "facts"})
    families = given.get("families", given.get("members", ()))
    return Household(tuple(families), given.get("facts", {}))


def _insist_on_keys(given: Mapping[str, Any], group: str, number: int, known: set[str]) -> None:
    for key in given:
        if key not in known:
            raise FactError(
                group,
                number,
                f'The {group} {number} has "{key}", and can have {", ".join(sorted(known))}; '
                "what is known of it stands in facts.",
            )


def _insist_on_partition(
    everybody: tuple[int, ...], groups: Iterable[tuple[int, ...]], member: str, group: str
) -> None:
    known, seen = set(everybody), set[int]()
    for number, members in enumerate(groups):
        if not members:
            raise FactError(group, number, f"The {group} {number} has no members.")
        for each in members:
            if each not in known:
                raise FactError(group, number, f"There is no {member} {each}.")
            if each in seen:
                raise FactError(group, number, f"The {member} {each} is in two of them.")
            seen.add(each)
    lost = known - seen
    if lost:
        raise FactError(group, min(lost), f"The {member} {min(lost)} is in no {group}.")
