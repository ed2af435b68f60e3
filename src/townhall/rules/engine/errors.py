"""What can go wrong: while an expression is read, and while it is evaluated."""

from __future__ import annotations


class ExpressionError(ValueError):
    """The text is not an expression, or its types do not fit.

    Attributes
    ----------
    message
        A sentence without its subject, such as `uses "vehicle.keper", which
        does not exist.`: whoever reports it puts the place in front.
    column
        Where it is wrong, counted in characters from 1.
    hint
        What to write instead; may be empty.
    """

    def __init__(self, message: str, column: int = 1, hint: str = "") -> None:
        self.message = message
        self.column = column
        self.hint = hint
        super().__init__(message, column, hint)

    def __str__(self) -> str:
        words = f"The expression {self.message} (column {self.column})"
        return f"{words} {self.hint}" if self.hint else words


class EvaluationError(ArithmeticError):
    """A sound expression met values that have no result, such as a zero divisor."""


class AbsentUsed(EvaluationError):
    """A datum that is absent here was used without `present(...)` before it."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f'"{path}" is absent here. Guard its use: if present({path}) then ... else ...'
        )


class WrongValue(EvaluationError):
    """A value does not have the type that was declared for its name."""


class MissingParameter(EvaluationError):
    """No row of a dated parameter or tariff is in force on the day asked for."""


class ParameterError(ValueError):
    """Dated parameters contradict themselves, such as two rows for one day."""
