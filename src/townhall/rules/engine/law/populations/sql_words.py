"""What the words of the law are in SQL, for the row of one member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from townhall.rules.engine.graph import Node
from townhall.rules.engine.law.exact.decimals import table_of
from townhall.rules.engine.law.populations.folding import (
    RELATIVE_TOLERANCE,
    STEP_TOLERANCE,
    TOLERANCE,
)
from townhall.rules.engine.law.populations.sql_dialects import Dialect

_INFIX: Final = {
    "add": "+", "sub": "-", "mul": "*", "and": "AND", "or": "OR",
    "eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
}  # fmt: skip
_HAIR: Final = {"lt": "-", "ge": "-", "le": "+", "gt": "+"}

_LONG: Final = 60  # characters that are not written twice


class Words:
    """Writes expressions of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def literal(self, value: Any, kind: str) -> str:
        """Return a constant with its type: a bare 52.5 would be a decimal in some databases."""
        if kind == "b":
            return "TRUE" if value else "FALSE"
        if kind == "f":
            return f"CAST({float(value)!r} AS {self.dialect.number})"
        return f"CAST({int(value)} AS {self.dialect.whole})"

    def cast(self, text: str, kind: str) -> str:
        """Return a column in the type that the law calculates with."""
        of = {"f": self.dialect.number, "b": self.dialect.flag}.get(kind, self.dialect.whole)
        return f"CAST({text} AS {of})"

    def word(
        self, node: Node, parts: Sequence[str], kinds: Sequence[str], kind: str, *, rough: bool
    ) -> str:
        """Return the expression of a node on the expressions of its inputs."""
        operation = node.operation
        if operation == "sub" and kinds[0] == "i":
            return self.cast(f"({parts[0]} - {parts[1]})", "f")
        if operation == "div":
            return f"({parts[0]} / NULLIF({parts[1]}, {self.literal(0, 'f')}))"
        if operation in _INFIX:
            return self._infix(operation, parts, rough)
        if operation in ("if", "exception"):
            return f"CASE WHEN {parts[0]} THEN {parts[1]} ELSE {parts[2]} END"
        if operation in ("rule", "relabel"):
            return parts[0]
        if operation == "neg":
            return f"(-{parts[0]})"
        if operation == "not":
            return f"(NOT {parts[0]})"
        if operation in ("least", "greatest"):
            found = parts[0]
            for part in parts[1:]:
                found = _extreme(operation, found, part)
            return found
        if operation.startswith("round_"):
            return self._rounded(operation, parts[0], float(node.data))
        if operation == "scale":
            return self._scale(parts)
        if operation == "steps":
            return self._stepped(node, parts[0], kinds[0], kind, rough)
        return self._on_days(operation, parts)

    def _infix(self, operation: str, parts: Sequence[str], rough: bool) -> str:
        one, other = parts
        hair = self.literal(TOLERANCE, "f")
        if rough and operation in ("eq", "ne"):
            return f"(ABS({one} - {other}) {'<=' if operation == 'eq' else '>'} {hair})"
        if rough and operation in _HAIR:
            other = f"({other} {_HAIR[operation]} {hair})"
        return f"({one} {_INFIX[operation]} {other})"

    def _rounded(self, operation: str, value: str, step: float) -> str:
        parts = round(1 / step)
        whole = parts * step == 1
        by = self.literal(parts if whole else step, "f")
        steps = value if step == 1 else f"({value} {'*' if whole else '/'} {by})"
        relative, absolute = (
            self.literal(each, "f") for each in (RELATIVE_TOLERANCE, STEP_TOLERANCE)
        )
        hair = f"(ABS({steps}) * {relative} + {absolute})"
        if operation == "round_down":
            found = self.cast(f"FLOOR({steps} + {hair})", "f")
        elif operation == "round_up":
            found = self.cast(f"CEIL({steps} - {hair})", "f")
        else:
            half = self.literal(0.5, "f")
            size = self.cast(f"FLOOR(ABS({steps}) + {half} + {hair})", "f")
            found = f"({size} * {self.cast(f'SIGN({steps})', 'f')})"
        return found if step == 1 else f"({found} {'/' if whole else '*'} {by})"

    def _scale(self, parts: Sequence[str]) -> str:
        value, *bands = parts
        slices = []
        before = None
        for start, share in zip(bands[0::2], bands[1::2], strict=True):
            more = share if before is None else f"({share} - {before})"
            above = f"({value} - {start}) ELSE {self.literal(0, 'f')}"
            slices.append(f"CASE WHEN {value} > {start} THEN {above} END * {more}")
            before = share
        return f"({' + '.join(slices)})"

    def _stepped(self, node: Node, value: str, at_kind: str, kind: str, rough: bool) -> str:
        at, gives, otherwise = table_of(node)
        hair = TOLERANCE if rough else 0
        rows = []
        for start, result in zip(reversed(at), reversed(gives), strict=True):
            begins = self.literal(float(start) - hair if hair else start, at_kind)
            rows.append(f"WHEN {value} >= {begins} THEN {self.literal(result, kind)}")
        return f"CASE {' '.join(rows)} ELSE {self.literal(otherwise, kind)} END"

    def _on_days(self, operation: str, parts: Sequence[str]) -> str:
        dialect = self.dialect
        start, other = parts
        if operation == "mondays_between":
            weeks = [f"FLOOR({self.cast(f'({day})', 'f')} / {self.literal(7, 'f')})" for day in (
                f"{other} + 6", f"{start} + 5")]  # fmt: skip
            return f"GREATEST({self.cast(f'{weeks[0]} - {weeks[1]}', 'f')}, {self.literal(0, 'f')})"
        if operation == "years_between":
            apart = self.cast(f"({self._parts(other)} - {self._parts(start)})", "f")
            return self.cast(f"FLOOR({apart} / {self.literal(10_000, 'f')})", "f")
        if operation == "add_months":
            return dialect.add_months(start, other)
        months = f"({other} * 12)"
        leap = f"{self._parts(start)} % 10000 = 229"
        before = dialect.add_months(f"({start} - 1)", months)
        usual = dialect.add_months(start, months)
        return f"CASE WHEN {leap} THEN {before} + 1 ELSE {usual} END"

    def _parts(self, ordinal: str) -> str:
        """Return year, month and day as one number; of a constant, the number itself."""
        constant = ordinal.removeprefix("CAST(").removesuffix(f" AS {self.dialect.whole})")
        if constant.isdecimal():
            day = date.fromordinal(int(constant))
            return str(day.year * 10_000 + day.month * 100 + day.day)
        return self.dialect.parts(ordinal)


def _extreme(operation: str, one: str, other: str) -> str:
    """Return the expression of the greater or the lesser; a CASE is much the faster in DuckDB."""
    if len(one) > _LONG or len(other) > _LONG:
        return f"{operation.upper()}({one}, {other})"
    sign = ">" if operation == "greatest" else "<"
    return f"CASE WHEN {one} {sign} {other} THEN {one} ELSE {other} END"
