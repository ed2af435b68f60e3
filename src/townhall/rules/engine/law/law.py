"""The law in force in one span of time, and decisions by it."""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from townhall.rules.engine.graph import Graph
from townhall.rules.engine.law import planning
from townhall.rules.engine.law.admission import Admitted, Admitting, Columns, admitting
from townhall.rules.engine.law.book import Exception_, Fact, Version
from townhall.rules.engine.law.entities import ENTITIES, WORLD
from townhall.rules.engine.law.errors import FactError, NoResult, NotInForce, OpenFact
from townhall.rules.engine.law.exact import bounds, faults
from townhall.rules.engine.law.exact.decimals import Program
from townhall.rules.engine.law.situation import Situation
from townhall.rules.engine.law.terms import Kind, Words, constant
from townhall.rules.engine.law.units import DATE, PERCENT, Unit
from townhall.rules.engine.values import UNKNOWN

if TYPE_CHECKING:
    from townhall.rules.engine.law.lawbook import Lawbook


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact or a rule of the law of one day.

    Attributes
    ----------
    number
        Its node.
    spec
        What its author wrote; None for what the engine knows (`has_partner`).
    rates
        Rates that the rule uses: key to node.
    arguments
        Facts and rules that it uses.
    """

    name: str
    number: int
    kind: Kind
    spec: Fact | Version | None
    rates: Mapping[str, int] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    exceptions: tuple[Exception_, ...] = ()

    @property
    def is_rule(self) -> bool:
        """Whether it is computed, if it is not supplied."""
        return isinstance(self.spec, Version)

    def templates(self) -> Iterable[Words]:
        """Yield all words with gaps."""
        if isinstance(self.spec, Version):
            yield self.spec.source.because
            if self.spec.otherwise:
                yield self.spec.otherwise
        for each in self.exceptions:
            yield each.source.because


class Law:
    """All rules in force on the days [start, until), as one graph.

    Made by `Lawbook.on`.
    """

    def __init__(
        self,
        book: Lawbook,
        graph: Graph,
        variables: Mapping[str, Variable],
        missing: tuple[str, ...],
        span: tuple[date | None, date | None],
    ) -> None:
        self.book = book
        self.graph = graph
        self.variables = variables
        self.missing = missing
        self.start, self.until = span
        self._numbers = {name: variable.number for name, variable in variables.items()}
        self._plans: dict[tuple[frozenset[str], frozenset[str], bool], planning.Plan] = {}
        self._programs: dict[int, Program] = {}
        self._bounds: dict[int, bounds.BoundsProgram] = {}

    def plan(
        self,
        goals: Iterable[str],
        given: Iterable[str] = (),
        *,
        trace: bool = True,
        gaps: bool = False,
    ) -> planning.Plan:
        """Return what is computed for the goals, where some rules are given as facts.

        Parameters
        ----------
        gaps
            Whether rates and rules that are not in force may be among what the
            goals rest on, to be passed by where they do not matter: `bounds`
            tells. Other back ends do not know what to make of them.

        Raises
        ------
        KeyError
            If a name is none of the law.
        NotInForce
            If a goal needs what is not in force.
        """
        key = (frozenset(goals), frozenset(given), trace)
        found = self._plans.get(key)
        if found is None:
            made = planning.make(self.graph, self._numbers, sorted(key[0]), key[1], trace=trace)
            if len(self._plans) > 512:
                self._plans.clear()
                self._programs.clear()
                self._bounds.clear()
            found = self._plans[key] = made
        if found.missing and not gaps:
            raise NotInForce(next(iter(found.missing.values())))
        return found

    def program(self, planned: planning.Plan) -> Program:
        """Return the exact program of a plan, compiled once."""
        found = self._programs.get(id(planned))
        if found is None or found.plan is not planned:
            found = self._programs[id(planned)] = Program(planned)
        return found

    def bounds_program(self, planned: planning.Plan) -> bounds.BoundsProgram:
        """Return the program of a plan for facts that are not known, compiled once."""
        found = self._bounds.get(id(planned))
        if found is None or found.plan is not planned:
            found = self._bounds[id(planned)] = bounds.BoundsProgram(planned)
        return found

    # --- facts

    def admit(self, situation: Situation) -> Admitted:
        """Check all facts of a situation, and return them as the law calculates.

        Raises
        ------
        FactError
            If a fact is of a wrong type or out of its limits, or none of the law.
        """
        columns: dict[str, list[Any]] = {}
        open_: set[str] = set()
        for entity in ENTITIES[1:]:
            members = situation.facts_of(entity)
            for name in dict.fromkeys(name for facts in members for name in facts):
                admit = self._admitting.get((entity.name, name))
                if admit is None:
                    raise self._refusal(name, entity.name)
                columns[name] = column = [
                    admit(facts.get(name, UNKNOWN), member) for member, facts in enumerate(members)
                ]
                for value in column:
                    if value is UNKNOWN:
                        open_.add(name)
                        break
        return Admitted(situation, columns, frozenset(open_))

    @cached_property
    def rules(self) -> frozenset[str]:
        """The names of all rules."""
        return frozenset(name for name, each in self.variables.items() if each.is_rule)

    @cached_property
    def _admitting(self) -> Mapping[tuple[str, str], Admitting]:
        """Name of an entity and of a fact to what checks its values."""
        made = {}
        for name, variable in self.variables.items():
            spec = variable.spec
            limits = (spec.low, spec.high) if isinstance(spec, Fact) else (None, None)
            if variable.kind.entity != WORLD and spec is not None:
                made[variable.kind.entity.name, name] = admitting(name, variable.kind.unit, *limits)
        return made

    def _refusal(self, name: str, entity: str) -> FactError:
        """Return why a name is none that an entity can have."""
        variable = self.variables.get(name)
        if variable is not None and variable.spec is None:
            return FactError(name, 0, f'"{name}" is told by who belongs to whom, not as a fact.')
        if variable is None or variable.kind.entity == WORLD:
            near = difflib.get_close_matches(name, self.variables, 1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            return FactError(name, 0, f'"{name}" is no fact and no rule of this law.{hint}')
        return FactError(
            name, 0, f'"{name}" belongs to a {variable.kind.entity}, not to a {entity}.'
        )

    def usual(
        self,
        situation: Situation,
        *,
        among: Container[str] | None = None,
        besides: Container[str] = (),
    ) -> Situation:
        """Return the situation with facts that are missing at their usual values.

        Facts without a usual value stay unknown.

        Parameters
        ----------
        among
            Only these; by default all.
        besides
            Not these.
        """
        for entity in ENTITIES[1:]:
            usual = {
                name: value
                for name, value in self.book.usual_values(entity).items()
                if (among is None or name in among) and name not in besides
            }
            filled = [
                {**facts, **{name: usual[name] for name in usual if _is_open(facts.get(name))}}
                for facts in situation.facts_of(entity)
            ]
            situation = situation.with_all(entity, filled)
        return situation

    def assumed(
        self, found: Admitted, planned: planning.Plan, *, besides: Container[str] = ()
    ) -> Admitted:
        """Return the facts with what a plan still needs at its usual value; see `usual`.

        The same as `admit(usual(situation))`, but quick: what is usual needs no check.
        """
        columns = dict(found.columns)
        still = set(found.open)
        for number, name in planned.inputs.items():
            value = self._usual.get(name, UNKNOWN)
            if value is UNKNOWN or name in besides or (name in columns and name not in still):
                continue
            still.discard(name)
            known = columns.get(name)
            columns[name] = (
                [value] * planned.size(number, found.sizes)
                if known is None
                else [value if each is UNKNOWN else each for each in known]
            )
        return Admitted(found.situation, columns, frozenset(still))

    @cached_property
    def _usual(self) -> Mapping[str, Any]:
        """Name of a fact to its usual value, as the law calculates."""
        return {
            fact.name: constant(fact.usual, fact.unit)
            for fact in self.book.facts.values()
            if fact.usual is not None
        }

    # --- decisions

    def decide(
        self, goals: Iterable[str], situation: Situation, *, day: date, usual: bool = False
    ) -> Decision:
        """Return the exact values of the goals.

        Parameters
        ----------
        usual
            Whether facts that are missing are taken at their usual values.

        Raises
        ------
        OpenFact
            If a fact that nobody knows can still change a goal.
        FactError, NotInForce, NoResult
            If a fact cannot be used, a rate is missing or this is not the law of
            the day, or there is no result.
        """
        goals = tuple(goals)
        self._insist_on(day)
        found = self.admit(situation)
        planned = self.plan(goals, found.given(self), gaps=True)
        if usual:
            found = self.assumed(found, planned)
        if found.lacking(planned):
            ranged = bounds.evaluate(self, planned, found, day)
            open_ = ranged.open_facts(goals)
            if open_:
                raise OpenFact(open_, _open_words(self, open_))
            for words in ranged.not_in_force(goals):
                raise NotInForce(words)
            return self.decided(goals, found, planned, day, ranged.exact())
        found.insist_on_order(self, day)
        return self.decided(goals, found, planned, day)

    def _insist_on(self, day: date) -> None:
        """Refuse a day on which another law is in force."""
        if (self.start and day < self.start) or (self.until and day >= self.until):
            since = self.start.isoformat() if self.start else "the beginning"
            until = self.until.isoformat() if self.until else "now"
            raise NotInForce(
                f"On {day.isoformat()} another law is in force than this, which is that from "
                f"{since} until {until}: ask the law book for the law on that day."
            )

    def decided(
        self,
        goals: tuple[str, ...],
        found: Admitted,
        planned: planning.Plan,
        day: date,
        values: Columns | None = None,
    ) -> Decision:
        """Return the decision on admitted facts, of which those that matter are known.

        Parameters
        ----------
        values
            Those that are certain, where they are computed already.
        """
        if values is None:
            given = (found.columns, found.situation.structure, found.sizes, day.toordinal())
            values, doubtful = self.program(planned).noting(*given)
            if doubtful:
                faults.insist(planned, *given)
        decision = Decision(self, found.situation, day, goals, values, planned, found)
        decision.insist_on_results()
        return decision


@dataclass(frozen=True)
class Decision:
    """Exact values, and all that they rest on.

    Attributes
    ----------
    values
        Name of each fact and rule to its values, one for each member, as the
        law calculates: dates are ordinals, choices positions, percentages shares.
        None where a value is not known and does not matter.
    """

    law: Law
    situation: Situation
    day: date
    goals: tuple[str, ...]
    values: Columns
    plan: planning.Plan
    admitted: Admitted

    def __getitem__(self, name: str) -> list[Any]:
        """Return the values of a goal as they are given: dates, texts, percents of a hundred."""
        unit = self.law.variables[name].kind.unit
        return [outward(value, unit) for value in self.values[name]]

    def insist_on_results(self) -> None:
        """Raise `NoResult` if a goal has none."""
        for name in self.goals:
            for value in self.values[name]:
                if isinstance(value, Decimal) and not value.is_finite():
                    raise NoResult(
                        f'"{name}" has no result: something is divided by zero, or too large.'
                    )


def _is_open(value: Any) -> bool:
    return value is None or value is UNKNOWN


def outward(value: Any, unit: Unit) -> Any:
    """Return a value of the law as it is given outside: dates, texts, percents of a hundred."""
    if value is None:
        return None
    if unit == DATE:
        return date.fromordinal(value)
    if unit == PERCENT:
        return value * 100
    if unit.base == "choice":
        return unit.options[value]
    return value


def _open_words(law: Law, names: Sequence[str]) -> str:
    titles = []
    for name in names:
        spec = law.variables[name].spec
        source = spec.source if isinstance(spec, Version) else spec
        titles.append(f'"{name}" ({source.title["en"]})' if source else f'"{name}"')
    return f"A final decision needs to know: {', '.join(titles)}."
