"""Functions of the test pack."""

from townhall.rules.engine import NUMBER, Function

FUNCTIONS = (Function("twice", (NUMBER,), NUMBER, lambda number: number * 2, "Twice the number."),)
