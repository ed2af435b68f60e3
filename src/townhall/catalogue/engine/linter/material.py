"""What the checks look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from townhall.catalogue.engine.compiler.expressions import Names, Use
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.reader import Reader
from townhall.rules.engine import EvaluationError, Expression


@dataclass(frozen=True, slots=True)
class Material:
    """A definition as far as it could be read, and what was seen on the way.

    `services` are the keys of all services, for appeals and `apply:`.
    """

    definition: Definition
    reader: Reader
    names: Names
    services: frozenset[str]

    @property
    def uses(self) -> Sequence[Use]:
        """Return every expression of the file."""
        return self.names.uses

    def error(self, line: int, message: str, hint: str = "") -> None:
        """Note something that stops publication."""
        self.reader.findings.error(line, message, hint)

    def advise(self, line: int, message: str, hint: str = "") -> None:
        """Note something that the author should look at."""
        self.reader.findings.warning(line, message, hint)


def constant(expression: Expression | None) -> bool | None:
    """Return what a condition always is, whatever is answered; None if it varies."""
    # Kleene logic may settle it whatever is known: `no and x` is no without x.
    if expression is None or (expression.roots and not _has_literal(expression)):
        return None
    try:
        value = expression.evaluate({}).value
    except EvaluationError:
        return None
    return value if isinstance(value, bool) else None


def _has_literal(expression: Expression) -> bool:
    return any(
        node.operation == "literal" and isinstance(node.data, bool) for node in expression.graph
    )
