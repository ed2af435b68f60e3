"""What is wrong with a file: where, what, and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding. `hint` says what to write instead; errors stop publication."""

    file: str
    line: int
    message: str
    hint: str = ""
    severity: Severity = "error"

    def render(self, width: int = 0) -> str:
        """Return the finding as lines for a terminal, hints indented below.

        Parameters
        ----------
        width
            Column in which the message begins; 0 = right after the place.
        """
        place = f"{self.file}:{self.line}" if self.line else self.file
        if self.severity == "warning":
            place += " (advice)"
        width = max(width, len(place) + 2)
        lines = [*self.message.split("\n"), *(self.hint.split("\n") if self.hint else ())]
        first = place.ljust(width) + lines[0]
        return "\n".join([first, *(" " * width + line for line in lines[1:])])

    def as_json(self) -> dict[str, object]:
        """Return the finding for editors and other programs."""
        return {
            "file": self.file,
            "line": self.line,
            "message": self.message,
            "hint": self.hint,
            "severity": self.severity,
        }


@dataclass(slots=True)
class Findings:
    """Collects problems of one file; each is kept once, ordered by line."""

    file: str
    _found: dict[Problem, None] = field(default_factory=dict)

    def error(self, line: int, message: str, hint: str = "") -> None:
        """Note something that stops publication."""
        self._found[Problem(self.file, line, message, hint)] = None

    def warning(self, line: int, message: str, hint: str = "") -> None:
        """Note something that the author should look at."""
        self._found[Problem(self.file, line, message, hint, "warning")] = None

    @property
    def has_errors(self) -> bool:
        """Say whether anything stops publication."""
        return any(problem.severity == "error" for problem in self._found)

    def ordered(self) -> tuple[Problem, ...]:
        """Return everything found, by line."""
        return tuple(sorted(self._found, key=lambda each: (each.line, each.message)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `Did you mean "x"?`, or which words there are, or nothing."""
    known = sorted(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f'Did you mean "{close[0]}"?'
    if not known:
        return ""
    listed = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
    return f"There are: {listed}."


def render(problems: Iterable[Problem]) -> str:
    """Return all findings as one text, messages aligned."""
    problems = list(problems)
    width = max((len(f"{each.file}:{each.line}") for each in problems), default=0) + 2
    return "\n".join(problem.render(width) for problem in problems)
