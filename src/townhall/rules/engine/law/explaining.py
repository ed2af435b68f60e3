"""Why: a decision in words, each step with its law, its dated rate and its facts.

Only what decided is told. Where a rule chooses, the branch that was taken is
followed; of an "and" that failed, what failed. A step is made when somebody
looks at it: the values are there, and what lies inside a rule is computed again
for the one member in question.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from townhall.rules.engine.graph import Node
from townhall.rules.engine.law import decimals, wording
from townhall.rules.engine.law.book import Exception_, Fact
from townhall.rules.engine.law.decimals import CONTEXT
from townhall.rules.engine.law.entities import PERSON, STRUCTURE, WORLD, Entity
from townhall.rules.engine.law.law import Decision, Law, Variable
from townhall.rules.engine.law.planning import ACROSS
from townhall.rules.engine.law.terms import Kind

MAX_DEPTH: Final = 60
SHORT: Final = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of an explanation.

    Attributes
    ----------
    kind
        `rule`, `fact`, `rate`, or `given` (a rule whose value was supplied).
    name
        Of the rule or fact, or the key of the rate.
    member
        Whose: the number of the person, family or household.
    title, value, because, cite
        Words. A fact has no reason, and a rate none either.
    since
        First day of a rate.
    raw
        The value as the law calculates.
    """

    kind: str
    name: str
    entity: str
    member: int
    title: str
    value: str
    because: str
    cite: str
    since: date | None
    raw: Any
    _children: Callable[[], tuple[Reason, ...]]

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

    def to_data(self, depth: int = MAX_DEPTH) -> dict[str, Any]:
        """Return the explanation as JSON data, to be kept with a decision."""
        data: dict[str, Any] = {
            "kind": self.kind,
            "name": self.name,
            "title": self.title,
            "value": self.value,
        }
        if self.because:
            data["because"] = self.because
        if self.cite:
            data["cite"] = self.cite
        if self.since:
            data["since"] = self.since.isoformat()
        children = [child.to_data(depth - 1) for child in self.children] if depth else []
        if children:
            data["children"] = children
        return data


def explain(decision: Decision, name: str, member: int = 0, language: str = "en") -> Reason:
    """Return why a fact or rule has its value.

    Parameters
    ----------
    name
        Of a goal, or of anything that the decision computed on the way.
    member
        Number of the person, family or household.
    language
        `en` or `cy`; what lacks words in it is told in English.

    Raises
    ------
    KeyError
        If the decision did not compute it.
    """
    return _Explainer(decision, language).reason(name, member)


def short(
    decision: Decision, name: str, member: int = 0, language: str = "en"
) -> tuple[Reason, tuple[Reason, ...]]:
    """Return the conclusion, and the two or three reasons that decided it.

    A rule that only passes on another's value is looked through.
    """
    top = explain(decision, name, member, language)
    found = top
    while found.kind == "rule":
        below = [child for child in found.children if child.kind != "rate"]
        if len(below) != 1 or below[0].raw != found.raw:
            break
        found = below[0]
    deciding = [child for child in found.children if child.kind != "rate"]
    deciding.sort(key=lambda child: (child.raw != found.raw, child.kind == "fact"))
    return top, tuple(deciding[:SHORT])


class _Explainer:
    """Makes the reasons of one decision in one language."""

    def __init__(self, decision: Decision, language: str) -> None:
        self.decision = decision
        self.law: Law = decision.law
        self.language = language
        self.structure = decision.situation.structure
        self.names: Mapping[int, str] = decision.plan.names
        self.memo: dict[tuple[int, int], Any] = {}

    def reason(self, name: str, member: int) -> Reason:
        variable = self.law.variables[name]
        value = self.decision.values[name][member]
        unit = variable.kind.unit
        given = variable.number in self.decision.plan.inputs
        computed = variable.is_rule and not given
        exception = self._exception(variable, member) if computed else None
        title, cite, because = self._words(variable, value, member, given, exception)
        kind = "fact" if not variable.is_rule else "given" if given else "rule"
        return Reason(
            kind=kind,
            name=name,
            entity=variable.kind.entity.name,
            member=member,
            title=title,
            value=wording.written(value, unit, self.language),
            because=because,
            cite=cite,
            since=None,
            raw=value,
            _children=(lambda: ()) if kind != "rule" else lambda: self._children(variable, member),
        )

    def _words(
        self,
        variable: Variable,
        value: Any,
        member: int,
        given: bool,
        exception: Exception_ | None,
    ) -> tuple[str, str, str]:
        """Return title, citation and reason."""
        spec = variable.spec
        if spec is None:
            return wording.chosen(STRUCTURE[variable.name], self.language), "", ""
        if isinstance(spec, Fact):
            return wording.chosen(spec.title, self.language), "", ""
        title = wording.chosen(spec.source.title, self.language)
        if given or value is None:
            return title, spec.source.cite, ""
        source = exception.source if exception else spec.source
        words = source.because
        if not exception and spec.otherwise and not value:
            words = spec.otherwise
        template = wording.chosen(words, self.language)
        return title, source.cite, self._filled(template, variable, member)

    def _filled(self, template: str, variable: Variable, member: int) -> str:
        text = []
        for part in wording.parsed(template):
            if isinstance(part, str):
                text.append(part)
                continue
            if part.name == "value":
                value, unit = self.decision.values[variable.name][member], variable.kind.unit
            elif part.name in variable.rates:
                number = variable.rates[part.name]
                kind = self._kind(number)
                value = self._value(number, self._up(variable.kind.entity, kind.entity, member))
                unit = kind.unit
            else:
                other = self.law.variables[part.name]
                at = self._up(variable.kind.entity, other.kind.entity, member)
                value, unit = self.decision.values[part.name][at], other.kind.unit
            written = wording.written(value, unit, self.language)
            if part.several:
                written = f"{written} {part.one if value == 1 else part.several}"
            text.append(written)
        return "".join(text)

    # --- what a rule rests on

    def _children(self, variable: Variable, member: int) -> tuple[Reason, ...]:
        found: dict[tuple[str | int, int], Reason] = {}
        root = self.law.graph[variable.number].inputs[0]
        with decimal.localcontext(CONTEXT):
            for name, at in self._deciding(root, variable.kind.entity, member):
                if (name, at) not in found:
                    found[name, at] = (
                        self.reason(name, at) if isinstance(name, str) else self._rate(name)
                    )
        return tuple(found.values())

    def _deciding(self, number: int, entity: Entity, member: int) -> Iterator[tuple[Any, int]]:
        """Yield (variable, member) and (node of a rate, 0) that decided a node's value."""
        node = self.law.graph[number]
        at = self._up(entity, self._kind(number).entity, member)
        entity = self._kind(number).entity
        if number in self.names:
            yield self.names[number], at
            return
        if node.operation == "rate":
            yield number, 0
            return
        if node.operation in ACROSS:
            yield from self._across(node, entity, at)
            return
        for part in self._looked_at(node, number, entity, at):
            yield from self._deciding(part, entity, at)

    def _looked_at(self, node: Node, number: int, entity: Entity, member: int) -> Iterable[int]:
        if node.operation in ("if", "exception"):
            test = self._value_at(node.inputs[0], entity, member)
            if test is None:
                return node.inputs
            return node.inputs[0], node.inputs[1 if test else 2]
        if node.operation in ("and", "or"):
            decides = node.operation == "or"
            if self._value(number, member) is decides:
                return [
                    part for part in node.inputs if self._value_at(part, entity, member) is decides
                ]
        return node.inputs

    def _across(self, node: Node, entity: Entity, member: int) -> Iterator[tuple[Any, int]]:
        part = node.inputs[0]
        source = self._kind(part).entity
        if node.operation == "partner":
            if self.structure.partner[member] >= 0:
                yield from self._deciding(part, source, self.structure.partner[member])
            return
        if node.operation == "position":
            for each in node.inputs:
                yield from self._deciding(each, entity, member)
            return
        members = self.structure.down[source.name, entity.name][member]
        counted = [each for each in members if self._counts(node, part, each)]
        for each in counted or members:
            yield from self._deciding(part, source, each)

    def _counts(self, node: Node, part: int, member: int) -> bool:
        """Whether a member makes the value what it is."""
        value = self._value(part, member)
        if node.operation == "all":
            return not value
        if node.operation in ("max", "min"):
            entity = self._kind(part).entity
            target = node.type
            assert isinstance(target, Kind)
            up = self.structure.up[entity.name, target.entity.name][member]
            return bool(value == self._across_value(node, up))
        return bool(value)

    def _exception(self, variable: Variable, member: int) -> Exception_ | None:
        """Return the exception that took the place of the rule, if one did."""
        number = self.law.graph[variable.number].inputs[0]
        with decimal.localcontext(CONTEXT):
            while True:
                node = self.law.graph[number]
                if node.operation != "exception":
                    return None
                if self._value_at(node.inputs[0], variable.kind.entity, member):
                    return next(
                        each for each in variable.exceptions if each.source.name == node.data
                    )
                number = node.inputs[2]

    def _rate(self, number: int) -> Reason:
        reference = self.law.graph[number].data
        parameter = self.law.book.parameters[reference.key]
        row = parameter.row(self.decision.day)
        unit = self._kind(number).unit
        since = wording.since(row.start, self.language)
        return Reason(
            kind="rate",
            name=reference.key,
            entity=WORLD.name,
            member=0,
            title=parameter.title or reference.key,
            value=f"{wording.written(reference.value, unit, self.language)} {since}",
            because="",
            cite=row.cite,
            since=row.start,
            raw=reference.value,
            _children=lambda: (),
        )

    # --- values inside a rule

    def _kind(self, number: int) -> Kind:
        kind = self.law.graph[number].type
        assert isinstance(kind, Kind)
        return kind

    def _up(self, entity: Entity, wider: Entity, member: int) -> int:
        if entity == wider:
            return member
        return 0 if wider == WORLD else self.structure.up[entity.name, wider.name][member]

    def _value_at(self, number: int, entity: Entity, member: int) -> Any:
        return self._value(number, self._up(entity, self._kind(number).entity, member))

    def _value(self, number: int, member: int) -> Any:
        """Return the value of any node for a member of its own entity."""
        name = self.names.get(number)
        if name is not None:
            return self.decision.values[name][member]
        key = (number, member)
        if key not in self.memo:
            self.memo[key] = self._computed(number, member)
        return self.memo[key]

    def _computed(self, number: int, member: int) -> Any:
        node = self.law.graph[number]
        if node.operation in ("literal", "rate"):
            return node.data if node.operation == "literal" else node.data.value
        if node.operation == "today":
            return self.decision.day.toordinal()
        if node.operation == "missing":
            return None  # not in force, and of no matter here
        if node.operation in ACROSS:
            return self._across_value(node, member)
        entity = self._kind(number).entity
        inputs = [self._value_at(part, entity, member) for part in node.inputs]
        if any(value is None for value in inputs):
            return None
        return decimals.expression(node)(*inputs)

    def _across_value(self, node: Node, member: int) -> Any:
        part = node.inputs[0]
        source = self._kind(part).entity
        kind = node.type
        assert isinstance(kind, Kind)
        if node.operation == "partner":
            other = self.structure.partner[member]
            if other >= 0:
                return self._value(part, other)
            return decimals.nobodys(node)
        if node.operation == "position":
            persons = range(len(self.decision.situation.persons))
            family = self.structure.up["person", node.data][member]
            members = self.structure.down["person", node.data][family]
            values, tests = (
                [self._value(each, self._up_person(each, person)) for person in persons]
                for each in node.inputs
            )
            return decimals.position(values, tests, members, member)
        members = self.structure.down[source.name, kind.entity.name][member]
        values = [self._value(part, each) for each in members]
        return None if None in values else decimals.OVER[node.operation](values)

    def _up_person(self, number: int, person: int) -> int:
        wider = self._kind(number).entity
        return person if wider.name == "person" else self._up(PERSON, wider, person)


def programmes(decision: Decision, language: str = "en") -> Sequence[tuple[str, Sequence[Reason]]]:
    """Return each programme that was decided, with the reason of every member's award."""
    found = []
    for programme in decision.law.book.programmes.values():
        values = decision.values.get(programme.goal)
        if values is not None:
            found.append(
                (
                    programme.name,
                    [
                        explain(decision, programme.goal, member, language)
                        for member in range(len(values))
                    ],
                )
            )
    return found
