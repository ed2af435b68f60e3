"""The law as SQL, for DuckDB, PostgreSQL, Spark and ClickHouse.

The tables are `person` (person_id, family_id, household_id, partner_id, adult, and
facts), `family` (family_id, household_id, facts) and `household` (household_id,
facts); `tables` makes them of a population. Each segment of a plan becomes a few
selections, one on top of the other: what it takes from others is joined or summed
up first, then come the values that are used more than once. Every constant has a
type, and every sum one row for each member, so that no database counts in another
way. Names of facts are the only ones that a person chose, and they are quoted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np

from townhall.rules.engine.law.entities import FAMILY, HOUSEHOLD, PERSON, WORLD, Entity
from townhall.rules.engine.law.planning import ACROSS
from townhall.rules.engine.law.populations import sql_counts
from townhall.rules.engine.law.populations.column_steps import kind_of
from townhall.rules.engine.law.populations.columns import plan_for
from townhall.rules.engine.law.populations.folding import Folded, fold
from townhall.rules.engine.law.populations.population import MEMBERS, Array, Population
from townhall.rules.engine.law.populations.sql_dialects import Dialect
from townhall.rules.engine.law.populations.sql_words import Words

if TYPE_CHECKING:
    from townhall.rules.engine.law.law import Law

_KEYS: Final = {
    PERSON: ("person_id", "family_id", "household_id", "partner_id", "adult"),
    FAMILY: ("family_id", "household_id"),
    HOUSEHOLD: ("household_id",),
}
_LONGEST: Final = 1_500  # characters of an expression that is written out again
_SHORT: Final = 12  # of one that need not be kept, however often it is used
_REPEATING: Final = frozenset(
    {"scale", "steps", "round_down", "round_up", "round_half_up", "years_between", "add_years"}
    | {"least", "greatest"}
)
_NAMED: Final = re.compile(r"(?:FROM|JOIN) ((?:person|family|household)_\d+)")
_COUNTED: Final = {"count": "", "any": "> 0", "all": "= 0"}
_GATHERED: Final = ACROSS - {"partner", "position"}


@dataclass(frozen=True, slots=True)
class Selection:
    """One step: a name, and the text of its SELECT."""

    name: str
    text: str


def query(selections: Sequence[Selection], dialect: Dialect) -> str:
    """Return selections as one statement, a common table expression each."""
    *others, last = selections
    if not others:
        return last.text
    named = Counter(name for each in selections for name in _NAMED.findall(each.text))
    steps = []
    for each in others:
        how = dialect.once or (dialect.shared if named[each.name] > 1 else "")
        steps.append(f"{each.name} AS{how} (\n{each.text}\n)")
    return "WITH {}\n{}".format(",\n".join(steps), last.text)


def script(selections: Sequence[Selection], dialect: Dialect) -> list[str]:
    """Return selections as a statement each, that keep a table for the next ones.

    Spark and ClickHouse compute a common table expression anew wherever it is
    named; for a plan of many segments this is what they can run.
    """
    *others, last = selections
    return [*(f"{dialect.table.format(each.name)}\n{each.text}" for each in others), last.text]


def selections(
    law: Law, goals: Iterable[str], population: Population, day: date, dialect: Dialect
) -> dict[Entity, list[Selection]]:
    """Return for each entity the selections that end in its goals.

    The last one has the id of the entity and a column for each goal. The facts are
    those that a population of this shape has: no family or household may have more than
    `sql_counts.MOST` members where this one's have no more.
    """
    found = {}
    names = list(goals)
    largest = max(int(np.diff(each).max(initial=0)) for each in population.starts.values())
    packs = largest <= sql_counts.MOST
    for entity in MEMBERS:
        here = [name for name in names if law.variables[name].kind.entity == entity]
        if here:
            plan = plan_for(law, here, population)
            found[entity] = _Emitter(fold(plan, day), dialect, packs=packs).emit(entity)
    return found


def tables(population: Population) -> dict[str, dict[str, Array]]:
    """Return the columns of each table of a population; days are ordinals."""
    persons = np.arange(population.size(PERSON), dtype=np.int32)
    families = np.arange(population.size(FAMILY), dtype=np.int32)
    keys: dict[Entity, dict[str, Array]] = {
        PERSON: {
            "person_id": persons,
            "family_id": population.family_of,
            "household_id": population.household_of[population.family_of],
            "partner_id": population.partner,
            "adult": population.adult,
        },
        FAMILY: {"family_id": families, "household_id": population.household_of},
        HOUSEHOLD: {"household_id": np.arange(population.size(HOUSEHOLD), dtype=np.int32)},
    }
    return {
        entity.name: {**columns, **population.columns.get(entity, {})}
        for entity, columns in keys.items()
    }


class _Emitter:
    """Writes the selections of a plan, segment by segment."""

    def __init__(self, folded: Folded, dialect: Dialect, *, packs: bool) -> None:
        self.folded = folded
        self.plan = folded.plan
        self.packs = packs
        self.words = Words(dialect)
        self.dialect = dialect
        self.made: list[Selection] = []
        self.now: dict[Entity, str] = {}  # the selection that holds what an entity has so far
        self.held: dict[Entity, list[int]] = {entity: [] for entity in MEMBERS}
        self.segment_of = {
            node: place
            for place, segment in enumerate(self.plan.segments)
            for node in segment.nodes
        }
        self._written: dict[int, str] = {}  # the expressions of values that are named
        self.users: dict[int, list[int]] = {node: [] for node in self.segment_of}
        for node in self.segment_of:
            if node not in self.plan.inputs:
                for part in self.plan.graph[node].inputs:
                    self.users[part].append(node)
        self.nulls = self._may_lack_values()

    def emit(self, entity: Entity) -> list[Selection]:
        """Return all selections; the last gives the goals of the entity."""
        for each in MEMBERS:
            self._begin(each)
        for place, segment in enumerate(self.plan.segments):
            if segment.entity != WORLD:
                self._segment(place, segment.entity, segment.nodes)
        columns = [f"{entity.name}_id"]
        for name, node in self.plan.goals.items():
            value = self._constant(node) if node in self.folded.constants else f"n{node}"
            columns.append(f"{value} AS {self.dialect.quoted(name)}")
        last = f"SELECT {', '.join(columns)}\nFROM {self.now[entity]}"
        return [*self.made, Selection(f"{entity.name}_goals", last)]

    def _begin(self, entity: Entity) -> None:
        columns = list(_KEYS[entity])
        if entity == PERSON:
            columns[-1] = f"{self.words.cast('adult', 'b')} AS adult"
        for node, name in self.plan.inputs.items():
            if self.plan.entity(node) == entity:
                held = self.words.cast(self.dialect.quoted(name), self._kind(node))
                columns.append(f"{held} AS n{node}")
                self.held[entity].append(node)
        self.now[entity] = f"{entity.name}_0"
        text = f"SELECT {', '.join(columns)}\nFROM {entity.name}"
        self.made.append(Selection(self.now[entity], text))

    def _segment(self, place: int, entity: Entity, nodes: Sequence[int]) -> None:
        computed = [node for node in nodes if node not in self.plan.inputs]
        if not computed:
            return
        self._take(place, entity, computed)
        texts: dict[int, str] = {}
        depth: dict[int, int] = {}
        named: dict[int, list[int]] = {}
        for node in computed:
            if node in self.held[entity]:
                continue
            found = self.plan.graph[node]
            text = self._text(node, entity, texts)
            texts[node] = text
            depth[node] = max((depth.get(part, 0) for part in found.inputs), default=0)
            if self._is_named(node, place, text):
                depth[node] += 1
                named.setdefault(depth[node], []).append(node)
                texts[node] = f"n{node}"
                self._written[node] = text
        for level in sorted(named):
            new = [f"{self._written[node]} AS n{node}" for node in named[level]]
            self._add(place, entity, new, named[level], f"FROM {self.now[entity]} t")

    def _is_named(self, node: int, place: int, text: str) -> bool:
        if node in self.plan.goals.values():
            return True
        users = self.users[node]
        if any(self.segment_of[user] != place for user in users):
            return True
        uses = sum(2 if self._operation(user) in _REPEATING else 1 for user in users)
        return len(text) > _LONGEST or (uses > 1 and len(text) > _SHORT)

    def _take(self, place: int, entity: Entity, computed: Sequence[int]) -> None:
        """Join what the segment takes from other entities, and from other members."""
        columns: list[str] = []
        new: list[int] = []
        joins: list[str] = []
        for narrow in MEMBERS:
            sums = [
                node
                for node in computed
                if self._operation(node) in _GATHERED and self._source(node) == narrow
            ]
            if sums:
                key = f"{entity.name}_id"
                rows = self._rows(sums, key, narrow)
                joins.append(f"JOIN ({rows}) of_{narrow} ON of_{narrow}.{key} = t.{key}")
                columns += [f"of_{narrow}.n{node} AS n{node}" for node in sums]
                new += sums
        wide: dict[Entity, dict[int, None]] = {}
        for node in computed:
            if self._operation(node) in _GATHERED:
                continue
            for part in self.plan.graph[node].inputs:
                of = self.plan.entity(part)
                if of not in (WORLD, entity) and part not in self.held[entity]:
                    wide.setdefault(of, {})[part] = None
        for of, parts in wide.items():
            key = f"{of.name}_id"
            joins.append(f"JOIN {self.now[of]} {of} ON {of}.{key} = t.{key}")
            columns += [f"{of}.n{part} AS n{part}" for part in parts]
            new += parts
        if columns:
            start = f"FROM {self.now[entity]} t\n{chr(10).join(joins)}"
            self._add(place, entity, columns, new, start)
        self._take_partner(place, entity, computed)

    def _take_partner(self, place: int, entity: Entity, computed: Sequence[int]) -> None:
        pairs = [node for node in computed if self._operation(node) == "partner"]
        if not pairs:
            return
        columns = []
        for node in pairs:
            part = self.plan.graph[node].inputs[0]
            kind = self._kind(node)
            value = self._constant(part) if part in self.folded.constants else f"p.n{part}"
            nothing = self.words.literal(1 if kind == "i" else 0, kind)
            columns.append(
                f"CASE WHEN t.partner_id >= 0 THEN {value} ELSE {nothing} END AS n{node}"
            )
        join = f"LEFT JOIN {self.now[PERSON]} p ON p.person_id = t.partner_id"
        start = f"FROM {self.now[PERSON]} t\n{join}"
        self._add(place, entity, columns, pairs, start)

    def _add(
        self, place: int, entity: Entity, columns: Sequence[str], new: Sequence[int], start: str
    ) -> None:
        """Add a selection that keeps what is still needed, and has some columns more."""
        goals = self.plan.goals.values()
        kept = [
            node
            for node in self.held[entity]
            if node in goals or any(self.segment_of[user] >= place for user in self.users[node])
        ]
        texts = [f"t.{key} AS {key}" for key in _KEYS[entity]]
        texts += [f"t.n{node} AS n{node}" for node in kept]
        name = f"{entity.name}_{len(self.made)}"
        self.made.append(Selection(name, f"SELECT {', '.join([*texts, *columns])}\n{start}"))
        self.now[entity] = name
        self.held[entity] = [*kept, *new]

    def _text(self, node: int, entity: Entity, texts: dict[int, str]) -> str:
        found = self.plan.graph[node]
        if found.operation == "structure":
            return "(partner_id >= 0)" if found.data == "has_partner" else "adult"
        parts = [self._part(part, texts) for part in found.inputs]
        kinds = [self._kind(part) for part in found.inputs]
        if found.operation == "position":
            value, test = parts
            key = f"{found.data}_id"
            group = f"PARTITION BY {key}, {test} ORDER BY {value}, person_id"
            place = self.words.cast(f"ROW_NUMBER() OVER ({group})", "f")
            return f"CASE WHEN {test} THEN {place} ELSE {self.words.literal(0, 'f')} END"
        if found.operation == "div" and self._is_safe_divisor(found.inputs[1]):
            return f"({parts[0]} / {parts[1]})"
        rough = any(part in self.folded.rough for part in found.inputs)
        return self.words.word(found, parts, kinds, self._kind(node), rough=rough)

    def _part(self, part: int, texts: dict[int, str]) -> str:
        if part in self.folded.constants:
            return self._constant(part)
        return texts.get(part, f"n{part}")

    def _constant(self, node: int) -> str:
        return self.words.literal(self.folded.float(node), self._kind(node))

    def _rows(self, nodes: Sequence[int], key: str, narrow: Entity) -> str:
        """Return the SELECT of what is summed up, a row for each key.

        Only names of the engine stand in it: numbers of nodes, and its own tables.
        """
        counts = [self._count(node) for node in nodes if self._operation(node) in _COUNTED]
        others = [f"{self._gathered(node)} AS n{node}" for node in nodes
                  if self._operation(node) not in _COUNTED]  # fmt: skip
        source = f"FROM {self.now[narrow]} GROUP BY {key}"
        if len(counts) < 2 or not self.packs:
            for each in counts:
                rows = f"COUNT(CASE WHEN {each.test} THEN 1 END)"
                told = f"({rows} {each.compared})" if each.compared else self.words.cast(rows, "f")
                others.append(f"{told} AS {each.name}")
            return f"SELECT {key}, {', '.join(others)} {source}"
        sums = [*sql_counts.sums(counts, self.words, nulls=self.nulls), *others]
        given = [f"n{node}" for node in nodes if self._operation(node) not in _COUNTED]
        columns = [*sql_counts.taken_apart(counts, self.words), *given]
        inner = f"SELECT {key}, {', '.join(sums)} {source}"
        return f"SELECT {key}, {', '.join(columns)} FROM ({inner}) packed"  # noqa: S608

    def _count(self, node: int) -> sql_counts.Count:
        value = self._member_value(node)
        operation = self._operation(node)
        test = f"(NOT {value})" if operation == "all" else value
        return sql_counts.Count(f"n{node}", test, _COUNTED[operation])

    def _gathered(self, node: int) -> str:
        return f"{self._operation(node).upper()}({self._member_value(node)})"

    def _member_value(self, node: int) -> str:
        part = self.plan.graph[node].inputs[0]
        return self._constant(part) if part in self.folded.constants else f"n{part}"

    def _may_lack_values(self) -> bool:
        """Whether a division by nothing is possible, which has no value in a database."""
        return any(
            found.operation == "div" and not self._is_safe_divisor(found.inputs[1])
            for found in map(self.plan.graph.__getitem__, self.segment_of)
        )

    def _is_safe_divisor(self, node: int) -> bool:
        return node in self.folded.constants and self.folded.float(node) != 0

    def _kind(self, node: int) -> str:
        return kind_of(self.folded.unit(node))

    def _operation(self, node: int) -> str:
        return self.plan.graph[node].operation

    def _source(self, node: int) -> Entity:
        return self.plan.entity(self.plan.graph[node].inputs[0])
