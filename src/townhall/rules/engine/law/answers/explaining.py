"""Why: a decision in words, each step with its law, its dated rate and its facts.

Only what decided is told. Where a rule chooses, the branch that was taken is
followed; of an "and" that failed, what failed. A step is made when somebody
looks at it: the values are there, and what lies inside a rule is computed again
for the one member in question.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from townhall.rules.engine.graph import Node
from townhall.rules.engine.law import wording
from townhall.rules.engine.law.answers.inside import Inside
from townhall.rules.engine.law.answers.reasons import Reason, Words, once
from townhall.rules.engine.law.book import Exception_, Fact
from townhall.rules.engine.law.entities import STRUCTURE, WORLD, Entity
from townhall.rules.engine.law.exact.decimals import CONTEXT
from townhall.rules.engine.law.law import Decision, Law, Variable
from townhall.rules.engine.law.planning import ACROSS
from townhall.rules.engine.law.terms import Kind

SHORT: Final = 3
_ABSORBING: Final[Mapping[str, Any]] = {"and": False, "or": True, "mul": Decimal(0)}
"""Operations that one input can decide alone, and the value with which it does."""


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
        self.inside = Inside(decision)

    def reason(self, name: str, member: int) -> Reason:
        """Return the step of a fact or a rule of one member."""
        variable = self.law.variables[name]
        value = self.decision.values[name][member]
        given = variable.number in self.decision.plan.inputs
        kind = "fact" if not variable.is_rule else "given" if given else "rule"
        return Reason(
            kind=kind,
            name=name,
            entity=variable.kind.entity.name,
            member=member,
            since=None,
            raw=value,
            _words=once(lambda: self._words(variable, value, member, given)),
            _children=(lambda: ()) if kind != "rule" else lambda: self._children(variable, member),
        )

    def _words(self, variable: Variable, value: Any, member: int, given: bool) -> Words:
        computed = variable.is_rule and not given
        exception = self._exception(variable, member) if computed else None
        title, cite, because = self._told(variable, value, member, given, exception)
        written = wording.written(value, variable.kind.unit, self.language)
        return Words(title, written, because, cite)

    def _told(
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
        told = self._filled(wording.chosen(words, self.language), variable, member)
        if exception:
            told = f"{wording.chosen(source.title, self.language)}: {told}"
        return title, source.cite, told

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
                kind = self.inside.kind(number)
                value = self.inside.of(
                    number, self.inside.up(variable.kind.entity, kind.entity, member)
                )
                unit = kind.unit
            else:
                other = self.law.variables[part.name]
                at = self.inside.up(variable.kind.entity, other.kind.entity, member)
                value, unit = self.decision.values[part.name][at], other.kind.unit
            text.append(part.filled(wording.written(value, unit, self.language), value == 1))
        return "".join(text)

    # --- what a rule rests on

    def _children(self, variable: Variable, member: int) -> tuple[Reason, ...]:
        found: dict[tuple[str | int, int], Reason] = {}
        root = self.law.graph[variable.number].inputs[0]
        with decimal.localcontext(CONTEXT):
            for name, at in self._deciding(root, variable.kind.entity, member, set()):
                if (name, at) not in found:
                    found[name, at] = (
                        self.reason(name, at) if isinstance(name, str) else self._rate(name)
                    )
        return tuple(found.values())

    def _deciding(
        self, number: int, entity: Entity, member: int, seen: set[tuple[int, int]]
    ) -> Iterator[tuple[Any, int]]:
        """Yield (variable, member) and (node of a rate, 0) that decided a node's value."""
        node = self.law.graph[number]
        at = self.inside.up(entity, self.inside.kind(number).entity, member)
        entity = self.inside.kind(number).entity
        if (number, at) in seen:
            return
        seen.add((number, at))
        if number in self.inside.names:
            yield self.inside.names[number], at
        elif node.operation == "rate":
            yield number, 0
        elif node.operation in ACROSS:
            for part, source, each in self._across(node, entity, at):
                yield from self._deciding(part, source, each, seen)
        else:
            for part in self._looked_at(node, number, entity, at):
                yield from self._deciding(part, entity, at, seen)

    def _looked_at(self, node: Node, number: int, entity: Entity, member: int) -> Iterable[int]:
        """Return the inputs that made a node's value what it is."""
        if node.operation in ("if", "exception"):
            test = self.inside.at(node.inputs[0], entity, member)
            if test is None:
                return node.inputs
            return node.inputs[0], node.inputs[1 if test else 2]
        if node.operation in _ABSORBING:
            absorbing = _ABSORBING[node.operation]
            if self.inside.of(number, member) == absorbing:
                return [
                    part
                    for part in node.inputs
                    if self.inside.at(part, entity, member) == absorbing
                ]
        return node.inputs

    def _across(self, node: Node, entity: Entity, member: int) -> Iterator[tuple[int, Entity, int]]:
        """Yield (node, entity, member) of what a value over members rests on."""
        part = node.inputs[0]
        source = self.inside.kind(part).entity
        if node.operation == "partner":
            if self.structure.partner[member] >= 0:
                yield part, entity, self.structure.partner[member]
            return
        if node.operation == "position":
            yield from ((each, entity, member) for each in node.inputs)
            return
        members = self.structure.down[source.name, entity.name][member]
        counted = [each for each in members if self._counts(node, part, each)]
        yield from ((part, source, each) for each in counted or members)

    def _counts(self, node: Node, part: int, member: int) -> bool:
        """Whether a member makes the value what it is."""
        value = self.inside.of(part, member)
        if node.operation == "all":
            return not value
        if node.operation in ("max", "min"):
            entity = self.inside.kind(part).entity
            target = node.type
            assert isinstance(target, Kind)
            up = self.structure.up[entity.name, target.entity.name][member]
            return bool(value == self.inside.across(node, up))
        return bool(value)

    def _exception(self, variable: Variable, member: int) -> Exception_ | None:
        """Return the exception that took the place of the rule, if one did."""
        number = self.law.graph[variable.number].inputs[0]
        with decimal.localcontext(CONTEXT):
            while True:
                node = self.law.graph[number]
                if node.operation != "exception":
                    return None
                if self.inside.at(node.inputs[0], variable.kind.entity, member):
                    return next(
                        each for each in variable.exceptions if each.source.name == node.data
                    )
                number = node.inputs[2]

    def _rate(self, number: int) -> Reason:
        reference = self.law.graph[number].data
        parameter = self.law.book.parameters[reference.key]
        row = parameter.row(self.decision.day)
        unit = self.inside.kind(number).unit
        since = wording.since(row.start, self.language)
        value = f"{wording.written(reference.value, unit, self.language)} {since}"
        return Reason(
            kind="rate",
            name=reference.key,
            entity=WORLD.name,
            member=0,
            since=row.start,
            raw=reference.value,
            _words=lambda: Words(parameter.title or reference.key, value, "", row.cite),
            _children=lambda: (),
        )


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
