"""Random situations for any law: values at the seams of its rates, some of them not known."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from townhall.rules.engine.law import DATE, YES_NO, Law, NotInForce, Situation, Unit, Variable
from townhall.rules.engine.law.book import Fact
from townhall.rules.engine.law.entities import COMPANY, ENTITIES, FAMILY, HOUSEHOLD, PERSON, Entity
from townhall.rules.engine.law.exact import bounds, faults
from townhall.rules.engine.law.planning import Plan

PENNY = Decimal("0.01")


@dataclass(frozen=True)
class Random:
    """Random values that the facts of a law can have."""

    law: Law
    day: date
    source: random.Random
    seams: Sequence[Decimal]

    @classmethod
    def of(cls, law: Law, day: date, source: random.Random) -> Random:
        rates = {node.data.value for node in law.graph if node.operation == "rate"}
        written = {node.data for node in law.graph if node.operation == "literal"}
        numbers = sorted(value for value in rates | written if isinstance(value, Decimal))
        return cls(law, day, source, [each for each in numbers if abs(each) < 10**7])

    def value(self, variable: Variable) -> Any:
        """Return a value of a fact or a rule, as it is given from outside."""
        unit, spec = variable.kind.unit, variable.spec
        if unit == YES_NO:
            return self.source.random() < 0.5
        if unit.options:
            return self.source.choice(unit.options)
        if unit == DATE:
            return self._date(spec)
        low, high = (spec.low, spec.high) if isinstance(spec, Fact) else (None, None)
        return self._number(unit, low, high)

    def _date(self, spec: Any) -> date:
        if self.source.random() < 0.1:
            return date(self.source.choice((1936, 1952, 2004, 2020)), 2, 29)
        back = self.source.choice((300, 365 * 20, 365 * 100))
        found = self.day - timedelta(days=self.source.randrange(back))
        ahead = not (isinstance(spec, Fact) and spec.not_after) and self.source.random() < 0.2
        return found + timedelta(days=self.source.randrange(4000)) if ahead else found

    def _number(self, unit: Unit, low: Decimal | None, high: Decimal | None) -> Decimal:
        kind = self.source.random()
        if unit.base in ("percent", "years"):
            found = Decimal(self.source.randrange(101))
        elif kind < 0.25:
            found = Decimal(0)
        elif kind < 0.6 and self.seams:
            found = self.source.choice(self.seams) + self.source.choice((-PENNY, 0, PENNY))
        else:
            top = 10 ** self.source.randrange(2, 7)
            found = Decimal(self.source.randrange(-(top // 10), 10 * top)) / 10
        found = found if low is None else max(low, found)
        return found if high is None else min(high, found)

    def situation(self, given: Sequence[str]) -> Situation:
        """Return a household in which everything is known, and some rules are supplied."""
        families, persons = [], 0
        for _ in range(self.source.choice((1, 1, 2))):
            adults = self.source.choice((1, 2))
            members = adults + self.source.choice((0, 0, 1, 2, 3))
            numbers = list(range(persons, persons + members))
            self.source.shuffle(numbers)
            families.append({"adults": numbers[:adults], "children": numbers[adults:]})
            persons += members
        bare = Situation([{} for _ in range(persons)], families, companies=[{}])
        for entity in ENTITIES[1:]:
            bare = bare.with_all(
                entity, [self._facts(entity, given) for _ in bare.facts_of(entity)]
            )
        return bare

    def _facts(self, entity: Entity, given: Sequence[str]) -> dict[str, Any]:
        facts = {
            name: self.value(variable)
            for name, variable in self.law.variables.items()
            if variable.kind.entity == entity and (isinstance(variable.spec, Fact) or name in given)
        }
        return self.in_order(facts)

    def in_order(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Return facts of which none lies before what it cannot."""
        for name, least, _ in self.law.book.ordered:
            if facts.get(name) and facts.get(least) and facts[name] < facts[least]:
                facts = {**facts, name: facts[least]}
        return facts

    def partly(self, whole: Situation, share: float) -> Situation:
        """Return a situation of which a share of the facts is not known."""
        for entity in (PERSON, FAMILY, HOUSEHOLD, COMPANY):
            rows = [
                {name: value for name, value in facts.items() if self.source.random() >= share}
                for facts in whole.facts_of(entity)
            ]
            whole = whole.with_all(entity, rows)
        return whole

    def another(self, whole: Situation, name: str, member: int) -> Situation:
        """Return the situation with another value of one fact."""
        variable = self.law.variables[name]
        return whole.with_facts(variable.kind.entity, member, {name: self.value(variable)})


def in_force(law: Law) -> Iterator[str]:
    """Yield the rules that rest on nothing that has ended."""
    for name, variable in law.variables.items():
        if variable.is_rule:
            try:
                law.plan([name])
            except NotInForce:
                continue
            yield name


def planned(law: Law, goals: Sequence[str], situation: Situation) -> Plan:
    """Return the plan for the goals in a situation."""
    return law.plan(goals, law.admit(situation).given(law))


def exact(law: Law, plan: Plan, situation: Situation, day: date) -> dict[str, Sequence[Any]]:
    """Return all values of a situation in which all is known; None for what has no result."""
    found = law.admit(situation)
    given = (found.columns, situation.structure, found.sizes, day.toordinal())
    values, doubtful = law.program(plan).noting(*given)
    if doubtful:
        for name, looked in faults.looked(plan, *given).items():
            values[name] = [None if isinstance(each, faults.Fault) else each for each in looked]
    return values


def ranged(law: Law, plan: Plan, situation: Situation, day: date) -> bounds.Ranged:
    """Return the bounds of a situation in which not everything is known."""
    return bounds.evaluate(law, plan, law.admit(situation), day)


def hidden(law: Law, plan: Plan, whole: Situation, partial: Situation) -> list[tuple[str, int]]:
    """Return (fact, member) of what is known in the one and not in the other."""
    found = []
    for name in plan.inputs.values():
        entity = law.variables[name].kind.entity
        pairs = zip(whole.facts_of(entity), partial.facts_of(entity), strict=True)
        found += [
            (name, member)
            for member, (all_, some) in enumerate(pairs)
            if name in all_ and name not in some
        ]
    return found
