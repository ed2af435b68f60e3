"""A population from a file of persons, or why there is none.

One row is a person. `person_id` may be there; `family_id`, `household_id` and
`adult` must; `weight` says for how many households of the country the person's
household stands. Every other column that is wanted is a fact of the law. A fact
of a family or a household stands in each row of its members, the same in all.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from townhall.rules.engine.law import DATE, YES_NO, Law, Unit
from townhall.rules.engine.law.book import Fact
from townhall.rules.engine.law.entities import FAMILY, HOUSEHOLD, PERSON, Entity
from townhall.rules.engine.law.populations.population import MEMBERS, Array, Population, limits
from townhall.rules.engine.law.situation import EARLIEST, GREATEST, LATEST
from townhall.rules.engine.law.units import NUMBER
from townhall.rules.simulation import cells
from townhall.rules.simulation.cells import Cells, Field
from townhall.rules.simulation.mapping import ColumnMapping
from townhall.rules.simulation.messages import Message, say
from townhall.rules.simulation.problems import PopulationRefused, Problem, Problems
from townhall.rules.simulation.sources import Chunk, Source, open_source
from townhall.rules.simulation.statistics import Progress

IDS: Final = ("person_id", "family_id", "household_id")
NEEDED: Final = ("family_id", "household_id", "adult")
OWN: Final = (*IDS, "adult", "weight")
NEAR: Final = 0.86


@dataclass(frozen=True)
class Loaded:
    """A population, and what has to be said of it.

    Attributes
    ----------
    weights
        Of each household; None where none are given and each stands for itself.
    given
        Names of facts that the source gives.
    unused
        Columns of the file that were not used.
    assumed
        Facts that are the same for everybody because the mapping says so.
    """

    population: Population
    weights: Array | None
    given: tuple[str, ...]
    unused: tuple[str, ...] = ()
    assumed: Mapping[str, str] = field(default_factory=dict)


def load(
    path: Path,
    law: Law,
    mapping: ColumnMapping,
    *,
    day: date,
    most_rows: int | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Return the population of a file.

    Parameters
    ----------
    day
        Of the decision: what lies after it, where a fact cannot, is refused.
    most_rows
        More are refused.

    Raises
    ------
    PopulationRefused
        With everything that is wrong: the row, the column, and what would fit.
    """
    source = open_source(path)
    problems = Problems()
    wanted = _wanted(source, law, mapping, day, problems)
    problems.insist()
    reading = _Reading(wanted, problems)
    for chunk in source.chunks([each.column for each in wanted], problems):
        reading.take(chunk)
        if most_rows is not None and reading.rows > most_rows:
            told = say("too_many_rows", most=f"{most_rows:,}")
            raise PopulationRefused([Problem(None, "", told)])
        if progress is not None:
            progress("read", chunk.read)
    if not reading.rows:
        problems.add(None, "", say("nobody"))
    problems.insist()
    used = {each.column for each in wanted}
    assumed = _assumed(law, mapping, day, problems)
    _check_order(law, reading, problems)
    built = _built(reading, problems, assumed)
    return Loaded(
        population=built[0],
        weights=built[1],
        given=tuple(each.name for each in wanted if each.name not in OWN),
        unused=tuple(name for name in source.columns if name not in used),
        assumed=dict(mapping.same),
    )


# --- which columns


def _wanted(
    source: Source, law: Law, mapping: ColumnMapping, day: date, problems: Problems
) -> tuple[Field, ...]:
    named = dict(mapping.columns)
    for ours, theirs in named.items():
        if theirs not in source.columns:
            problems.add(None, theirs, say("mapped_from_nowhere", fact=ours))
    taken = set(named.values())
    for column in source.columns:
        if column not in taken and column not in named and column not in mapping.same:
            if column in OWN or _fits(law, column):
                named[column] = column
            else:
                _insist_on_no_slip(column, law, problems)
    for name in NEEDED:
        if name not in named:
            problems.add(None, name, say("column_missing"))
    fields = []
    for ours, theirs in named.items():
        made = _field(law, ours, theirs, mapping, day)
        if made is None:
            problems.add(None, theirs, say("no_fact", fact=ours))
        else:
            fields.append(made)
    return tuple(fields)


def _fits(law: Law, name: str) -> bool:
    variable = law.variables.get(name)
    return variable is not None and variable.spec is not None and variable.kind.entity in MEMBERS


def _insist_on_no_slip(column: str, law: Law, problems: Problems) -> None:
    """Refuse what is nearly the name of a fact: it would be taken at its usual value."""
    near = difflib.get_close_matches(column, [*OWN, *law.variables], 1, NEAR)
    if near:
        problems.add(None, column, say("nearly", fact=near[0]))


def _field(law: Law, ours: str, theirs: str, mapping: ColumnMapping, day: date) -> Field | None:
    times = float(mapping.times.get(ours, 1))
    meanings = mapping.values.get(ours)
    if ours in IDS:
        return Field(ours, theirs, PERSON, NUMBER)
    if ours == "adult":
        return Field(ours, theirs, PERSON, YES_NO, meanings=meanings)
    if ours == "weight":
        return Field(ours, theirs, HOUSEHOLD, NUMBER, 0.0, times=times, meanings=meanings)
    if not _fits(law, ours):
        return None
    variable = law.variables[ours]
    kind = variable.kind
    low, high = _limits(variable.spec, kind.unit, day)
    return Field(ours, theirs, kind.entity, kind.unit, low, high, times, meanings)


def _limits(spec: object, unit: Unit, day: date) -> tuple[float, float]:
    if unit != DATE:
        low, high = limits(spec)
        return max(low, -float(GREATEST)), min(high, float(GREATEST))
    first, last = EARLIEST, LATEST
    if isinstance(spec, Fact):
        first = day if spec.not_before == "today" else first
        last = day if spec.not_after == "today" else last
    return first.toordinal(), last.toordinal()


# --- rows


class _Reading:
    """The columns of a file as they come, chunk after chunk."""

    def __init__(self, wanted: tuple[Field, ...], problems: Problems) -> None:
        self.fields = {each.name: each for each in wanted}
        self.problems = problems
        self.rows = 0
        self.first = 1
        self.parts: dict[str, list[Array]] = {each.name: [] for each in wanted}
        self.numbers: dict[str, dict[str, int]] = {name: {} for name in IDS[1:]}

    def take(self, chunk: Chunk) -> None:
        if not self.rows:
            self.first = chunk.first
        for name, wanted in self.fields.items():
            found = chunk.columns[wanted.column]
            if name in IDS:
                self.parts[name].append(self._ids(name, found, chunk.first))
            else:
                self.parts[name].append(cells.read(wanted, found, self.problems, chunk.first))
        self.rows += chunk.rows

    def _ids(self, name: str, found: Cells, first: int) -> Array:
        """Return numbers that stand for ids: for families and households from 0 on."""
        texts = cells.texts(found)
        empty = [row for row, text in enumerate(texts) if not text]
        column = self.fields[name].column
        self.problems.add_rows(empty, column, lambda row: say("no_id"), first)
        if name == "person_id":
            # 64 bits of each id: two of millions are the same once in ten million files.
            return np.array([hash(text) for text in texts], np.int64)
        known = self.numbers[name]
        return np.array([known.setdefault(text, len(known)) for text in texts], np.int32)

    def whole(self, name: str) -> Array:
        """Return a whole column."""
        self.parts[name] = [np.concatenate(self.parts[name])]
        return self.parts[name][0]

    def column(self, name: str) -> Array:
        """Return a whole column, and forget its parts."""
        parts = self.parts.pop(name)
        return np.concatenate(parts) if parts else np.zeros(0)


def _built(
    reading: _Reading, problems: Problems, assumed: Mapping[str, tuple[Entity, Array]]
) -> tuple[Population, Array | None]:
    family, household = reading.column("family_id"), reading.column("household_id")
    adult = reading.column("adult").astype(np.bool_)
    _check_ids(reading, family, household, adult, problems)
    problems.insist()
    # Households in the order in which they first come, families within, persons within.
    first_of_family = _firsts(family)
    family_rank = np.argsort(np.argsort(household[first_of_family], kind="stable"), kind="stable")
    order = np.argsort(family_rank[family], kind="stable")
    families = np.empty(len(first_of_family), np.intp)
    families[family_rank] = first_of_family
    groups = {FAMILY: (family, families), HOUSEHOLD: (household, _firsts(household))}
    columns: dict[Entity, dict[str, Array]] = {entity: {} for entity in MEMBERS}
    weights: Array | None = None
    for name, wanted in reading.fields.items():
        if name in IDS or name == "adult":
            continue
        values = reading.column(name)
        if wanted.entity != PERSON:
            of, firsts = groups[wanted.entity]
            _check_same(reading, wanted, values, of, problems)
            values = values[firsts]
        else:
            values = values[order]
        if name == "weight":
            weights = values
        else:
            columns[wanted.entity][name] = values
    if weights is not None and not weights.sum() > 0:
        problems.add(None, reading.fields["weight"].column, say("no_weight"))
    problems.insist()
    sizes = {PERSON: len(order), FAMILY: len(families), HOUSEHOLD: int(household.max()) + 1}
    for name, (entity, value) in assumed.items():
        columns[entity][name] = np.broadcast_to(value, (sizes[entity],))
    made = Population.of(family_rank[family][order], household[families], adult[order], columns)
    return made, weights


def _firsts(of: Array) -> Array:
    """Return the first row of each group; groups are numbered as they first come."""
    return np.unique(of, return_index=True)[1]


def _check_ids(
    reading: _Reading, family: Array, household: Array, adult: Array, problems: Problems
) -> None:
    first, fields = reading.first, reading.fields
    if "person_id" in fields:
        ids = reading.column("person_id")
        _, firsts, number = np.unique(ids, return_index=True, return_inverse=True)
        earlier = firsts[number]
        twice = np.flatnonzero(earlier != np.arange(len(ids)))
        problems.add_rows(
            twice,
            fields["person_id"].column,
            lambda row: say("id_twice", row=earlier[row] + first),
            first,
        )
    firsts = _firsts(family)
    of_first = household[firsts][family]
    problems.add_rows(
        np.flatnonzero(household != of_first),
        fields["household_id"].column,
        lambda row: say("other_home", row=firsts[family[row]] + first),
        first,
    )
    adults = np.bincount(family, weights=adult, minlength=len(firsts)).astype(int)
    wrong = np.flatnonzero((adults < 1) | (adults > 2))
    by_row = {int(firsts[each]): int(adults[each]) for each in wrong}
    problems.add_rows(
        sorted(by_row),
        fields["adult"].column,
        lambda row: say("adults", number=by_row[row]),
        first,
    )


def _check_order(law: Law, reading: _Reading, problems: Problems) -> None:
    """Note days that lie before or after those of another column which they cannot."""
    for name, least, greatest in law.book.ordered:
        for other, before in ((least, True), (greatest, False)):
            if other is None or name not in reading.parts or other not in reading.parts:
                continue
            days, limit = reading.whole(name), reading.whole(other)
            wrong = np.flatnonzero(days < limit if before else days > limit)
            said = say("before" if before else "after", column=reading.fields[other].column)
            column = reading.fields[name].column
            problems.add_rows(wrong, column, _always(said), reading.first)
    problems.insist()


def _always(said: Message) -> Callable[[int], Message]:
    return lambda row: said


def _check_same(
    reading: _Reading, wanted: Field, values: Array, of: Array, problems: Problems
) -> None:
    """Note rows whose value is not that of the first of the family or household."""
    firsts = _firsts(of)
    problems.add_rows(
        np.flatnonzero(values != values[firsts][of]),
        wanted.column,
        lambda row: say(f"not_same_{wanted.entity}", row=firsts[of[row]] + reading.first),
        reading.first,
    )


def _assumed(
    law: Law, mapping: ColumnMapping, day: date, problems: Problems
) -> dict[str, tuple[Entity, Array]]:
    """Return what the mapping says is the same for everybody."""
    found = {}
    for name, text in mapping.same.items():
        wanted = _field(law, name, name, mapping, day)
        if wanted is None or name in OWN:
            problems.add(None, name, say("same_no_fact"))
            continue
        found[name] = (wanted.entity, cells.read(wanted, [text], problems, 1)[0])
    problems.insist()
    return found
