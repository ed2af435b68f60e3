"""Who is in a case of the second source, and what it gives of each, in one of its years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from townhall.packs.uk.verification import policyengine_families as families
from townhall.packs.uk.verification.names import Vocabulary
from townhall.packs.uk.verification.policyengine_cases import GROUPS, Case, worked_out
from townhall.rules.engine.law import Law

# What holds in the other years of a case too.
LASTING: Final = frozenset(
    {
        "age",
        "country",
        "date_of_birth",
        "gender",
        "is_benunit_head",
        "is_claimant_or_partner",
        "is_male",
        "is_parent",
        "members",
        "months_since_last_birthday",
        "region",
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A case read for one of its years, by the law of its day.

    Attributes
    ----------
    year
        First year of the tax year that is asked about; `case.year` is that which the ages are of.
    """

    case: Case
    year: int
    day: date
    law: Law
    words: Vocabulary

    def group_of(self, name: str) -> str:
        """Group of members that a name of theirs belongs to."""
        ours = self.words.names.get(name)
        if ours is not None and ours in self.law.variables:
            return self.group_of_ours(ours)
        if name in self.words.of_households:
            return "households"
        return "benunits" if name in self.words.of_families else "people"

    def group_of_ours(self, ours: str) -> str:
        """Group of members that a fact or rule of ours belongs to."""
        known = self.law.variables.get(ours)
        entity = known.kind.entity.name if known else "person"
        return next(group for group, each in GROUPS.items() if each == entity)

    def in_year(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What is given for the year: its entry, or a plain value in the case's own year."""
        result = {}
        for key, raw in given.items():
            value = worked_out(raw)
            if isinstance(value, Mapping):
                for entry in (self.year, str(self.year)):
                    if entry in value:
                        result[key] = value[entry]
            elif self.year == self.case.year or key in LASTING:
                result[key] = value
        return result


@dataclass(slots=True)
class World:
    """Members of each group as the source gives them, in order.

    Attributes
    ----------
    keys
        Group to the names of its members.
    added
        How many people at the end are none of the case's own.
    """

    people: list[dict[str, Any]] = field(default_factory=list)
    benunits: list[dict[str, Any]] = field(default_factory=list)
    households: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, list[str]] = field(default_factory=dict)
    added: int = 0

    def rows(self, group: str) -> list[dict[str, Any]]:
        """Return what is given of the members of a group."""
        found: list[dict[str, Any]] = getattr(self, group)
        return found

    def people_in(self, row: Mapping[str, Any]) -> list[int]:
        """Return the positions of the people of a family or household."""
        keys = self.keys["people"]
        members = row.get("members") or keys
        if isinstance(members, str):
            members = [members]
        return [keys.index(str(member)) for member in members]

    def position_of(self, person: int, group: str) -> int:
        """Return the position of the family or household that a person belongs to."""
        rows = self.rows(group)
        return next((n for n, row in enumerate(rows) if person in self.people_in(row)), 0)


def worlds(reading: Reading) -> list[World]:
    """Return the worlds of a case: one, or one for each place of its lists."""
    given = reading.case.given
    flat = reading.in_year({key: value for key, value in given.items() if key not in GROUPS})
    grouped = {key: value for key, value in given.items() if key in GROUPS}
    many = max((len(value) for value in flat.values() if isinstance(value, list)), default=0)
    if grouped or not many:
        return [_world(reading, grouped, flat)]
    return [
        _world(
            reading,
            {},
            {key: value[at] if isinstance(value, list) else value for key, value in flat.items()},
        )
        for at in range(many)
    ]


def _world(reading: Reading, grouped: Mapping[str, Any], flat: Mapping[str, Any]) -> World:
    world = World()
    for group in GROUPS:
        members = grouped.get(group) or {}
        world.keys[group] = [str(key) for key in members]
        world.rows(group).extend(reading.in_year(each or {}) for each in members.values())
    if not world.people:
        world.people.append({})
        world.keys["people"] = ["person"]
    for group in ("benunits", "households"):
        if not world.rows(group):
            world.rows(group).append({"members": list(world.keys["people"])})
            world.keys[group] = ["the only one"]
    for key, value in flat.items():
        for row in world.rows(reading.group_of(key)):
            row.setdefault(key, value)
    _add_guardians(world)
    return world


def _add_guardians(world: World) -> None:
    """Give a family of children only an adult: our law knows no family without one."""
    for row in world.benunits:
        inside = world.people_in(row)
        if any(families.can_claim(world.people[number]) for number in inside):
            continue
        child = world.keys["people"][inside[0]]
        name = f"guardian of {child}"
        homes = [home for home in world.households if inside[0] in world.people_in(home)]
        row["members"] = [*(world.keys["people"][number] for number in inside), name]
        for home in homes:
            home["members"] = [*(world.keys["people"][n] for n in world.people_in(home)), name]
        world.people.append({"age": families.USUAL_AGE, "is_claimant_or_partner": True})
        world.keys["people"].append(name)
        world.added += 1
