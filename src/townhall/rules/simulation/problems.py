"""What is wrong with a file, row by row: the first are told, all are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from townhall.rules.simulation.messages import Message

SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one place.

    Attributes
    ----------
    row
        As a spreadsheet counts it, the heading being row 1; None where the whole
        column or file is meant.
    column
        As the file calls it; empty where the whole row is meant.
    said
        What is wrong, and what would fit.
    """

    row: int | None
    column: str
    said: Message

    @property
    def message(self) -> str:
        return str(self.said)

    def __str__(self) -> str:
        where = [f"row {self.row}"] if self.row is not None else []
        where += [f'column "{self.column}"'] if self.column else []
        return f"{', '.join(where)}: {self.message}" if where else self.message


class PopulationRefused(ValueError):
    """A file cannot be used.

    Attributes
    ----------
    problems
        The first of them, at most `SHOWN`.
    more
        How many there are besides.
    """

    def __init__(self, problems: Iterable[Problem], more: int = 0) -> None:
        self.problems = tuple(problems)
        self.more = more
        lines = [str(problem) for problem in self.problems]
        if more:
            lines.append(f"and {more} more")
        super().__init__("\n".join(lines))


class Problems:
    """A list of problems that does not grow without end."""

    def __init__(self) -> None:
        self.shown: list[Problem] = []
        self.count = 0

    def add(self, row: int | None, column: str, said: Message) -> None:
        """Note one problem."""
        self.count += 1
        if len(self.shown) < SHOWN:
            self.shown.append(Problem(row, column, said))

    def add_rows(self, rows: Any, column: str, said: Callable[[int], Message], first: int) -> None:
        """Note a problem of each of some rows.

        Parameters
        ----------
        rows
            Positions in an array, ascending.
        said
            Position to words.
        first
            The row of the file at position 0.
        """
        for position in rows[: SHOWN - len(self.shown)]:
            self.shown.append(Problem(int(position) + first, column, said(int(position))))
        self.count += len(rows)

    def insist(self) -> None:
        """Raise `PopulationRefused` if there is a problem."""
        if self.count:
            shown = sorted(self.shown, key=lambda each: (each.row is not None, each.row or 0))
            raise PopulationRefused(shown, self.count - len(self.shown))
