"""Where an expression uses which datum, and what is known to hold there.

A datum may be absent. Whoever uses it must make sure that it is there: by
`present(lease) and ...`, by `if present(lease) then ...`, or because the very
condition under which the datum exists is known to hold at that place. The
three-valued logic makes the order irrelevant: of `a and b`, b matters only
where a holds, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from operator import or_
from typing import TYPE_CHECKING, Final

from .syntax import Binary, Call, Connective, If, Items, Name, Tree, Unary, canonical

if TYPE_CHECKING:
    from .expression import Expression

_OPPOSITE: Final = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "in": "not in",
    "not in": "in",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at a place of an expression.

    Attributes
    ----------
    present
        Dotted names known to be there.
    given
        Conditions known to hold, in canonical text.
    """

    present: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()

    def __or__(self, other: Facts) -> Facts:
        return Facts(self.present | other.present, self.given | other.given)


@dataclass(frozen=True, slots=True)
class Use:
    """One place where an expression uses a datum's value.

    Asking whether it is `present` is no use of its value.
    """

    name: str  # dotted
    at: int  # offset in the text
    facts: Facts

    @property
    def guarded(self) -> bool:
        """Whether the datum, or the part of it, is known to be there."""
        return any(
            self.name == name
            or self.name.startswith(f"{name}.")
            or name.startswith(f"{self.name}.")
            for name in self.facts.present
        )


def uses(expression: Expression, facts: Facts | None = None) -> tuple[Use, ...]:
    """Return every use of a datum in the expression.

    Parameters
    ----------
    expression
        What to look through.
    facts
        What is known before it is evaluated at all.
    """
    found: list[Use] = []
    _collect(expression.tree, facts or Facts(), expression.resolved, found)
    return tuple(found)


def unguarded(
    expression: Expression,
    *,
    conditions: Mapping[str, Expression] | None = None,
    given: Iterable[Expression] = (),
    denied: Iterable[Expression] = (),
) -> frozenset[str]:
    """Return the dotted names that are used where they are not known to be there.

    Parameters
    ----------
    expression
        What to look through.
    conditions
        Root name to the condition under which the datum exists: a use where
        that condition is known to hold is guarded too.
    given, denied
        Conditions known to hold, and known not to hold, whenever the expression
        is evaluated.
    """
    facts = Facts()
    for condition in given:
        facts |= holding(condition)
    for condition in denied:
        facts |= failing(condition)
    needed = {root: holding(condition).given for root, condition in (conditions or {}).items()}
    found = set()
    for use in uses(expression, facts):
        exists = needed.get(use.name.partition(".")[0])
        if not use.guarded and not (exists and exists <= use.facts.given):
            found.add(use.name)
    return frozenset(found)


def holding(condition: Expression) -> Facts:
    """Return what is known where the condition holds."""
    return _facts(condition.tree, True, condition.resolved)


def failing(condition: Expression) -> Facts:
    """Return what is known where the condition does not hold."""
    return _facts(condition.tree, False, condition.resolved)


def _facts(tree: Tree, holds: bool, resolved: Mapping[int, str]) -> Facts:
    """Return what follows from a condition that is known to hold, or not to."""
    match tree:
        case Connective(operator=operator, parts=parts) if (operator == "and") is holds:
            facts = Facts()
            for part in parts:
                facts |= _facts(part, holds, resolved)
            return facts
        case Unary(operator="not", operand=operand):
            return _facts(operand, not holds, resolved)
        case Call(name="present", arguments=(Name() as name,)):
            text = canonical(tree)
            if holds:
                return Facts(frozenset({resolved.get(name.at, name.dotted)}), frozenset({text}))
            return Facts(given=frozenset({f"not {text}"}))
        case Binary(operator=operator) if operator in _OPPOSITE:
            kept = operator if holds else _OPPOSITE[operator]
            return Facts(given=frozenset({canonical(Binary(kept, tree.left, tree.right))}))
    return Facts(given=frozenset({canonical(tree if holds else Unary("not", tree))}))


def _collect(tree: Tree, facts: Facts, resolved: Mapping[int, str], found: list[Use]) -> None:
    match tree:
        case Name():
            if tree.at in resolved:
                found.append(Use(resolved[tree.at], tree.at, facts))
        case Connective(operator=operator, parts=parts):
            known = [_facts(part, operator == "and", resolved) for part in parts]
            before = list(accumulate(known, or_, initial=facts))
            after = list(accumulate(reversed(known), or_, initial=Facts()))
            for position, part in enumerate(parts):
                others = before[position] | after[len(parts) - position - 1]
                _collect(part, others, resolved, found)
        case If(condition=condition, then=then, otherwise=otherwise):
            _collect(condition, facts, resolved, found)
            _collect(then, facts | _facts(condition, True, resolved), resolved, found)
            _collect(otherwise, facts | _facts(condition, False, resolved), resolved, found)
        case Unary(operand=operand):
            _collect(operand, facts, resolved, found)
        case Binary(left=left, right=right):
            _collect(left, facts, resolved, found)
            _collect(right, facts, resolved, found)
        case Call(name=name, arguments=parts):
            for part in () if name == "present" else parts:
                _collect(part, facts, resolved, found)
        case Items(items=parts):
            for part in parts:
                _collect(part, facts, resolved, found)
