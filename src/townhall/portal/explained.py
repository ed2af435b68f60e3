"""An explanation of the law as lines that fold out: value, reason, law, dated rate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from townhall.foundation.text import current_language, gettext
from townhall.rules.engine.law.answers.reasons import Reason
from townhall.rules.engine.law.exact.bounds import Ranged
from townhall.rules.engine.law.exact.intervals import Bound
from townhall.rules.engine.law.law import Decision
from townhall.rules.engine.law.units import DATE, YES_NO, Unit
from townhall.rules.engine.law.wording import UNKNOWN_WORDS, written

Line = dict[str, Any]
MAX_LINES = 400
_FAR = 10**12


class Telling:
    """Explains the values of one decision; what was told is not told twice.

    Parameters
    ----------
    ranged : bounds of what is not certain.
    whose : names of the persons, for facts of somebody else than the reader.
    """

    def __init__(
        self, decision: Decision, ranged: Ranged | None = None, whose: Sequence[str] = ()
    ) -> None:
        self.decision = decision
        self.ranged = ranged
        self.whose = whose
        self.left = MAX_LINES
        self.cut = False

    @property
    def lines(self) -> int:
        """How many lines were told."""
        return MAX_LINES - self.left

    def tree(self, reason: Reason, steps: int = 0) -> Line:
        """Return a reason with all that it rests on, for the macro `explanation`.

        Parameters
        ----------
        steps : how many below it are told; 0 for all.
        """
        self.cut = False
        found = self._line(reason, set(), steps or MAX_LINES)
        found["cut"] = self.cut
        return found

    def _line(self, reason: Reason, told: set[tuple[str, int]], steps: int) -> Line:
        key = (reason.name, reason.member)
        again = key in told
        told.add(key)
        self.left -= 1
        more = not again and self.left > 0 and steps > 0
        self.cut = self.cut or (reason.kind == "rule" and not again and not more)
        return {
            "kind": reason.kind,
            "href": address(reason),
            "title": self.title(reason),
            "value": self.value(reason),
            "because": "" if again else because_of(reason),
            "cite": reason.cite,
            "again": again and reason.kind == "rule",
            "children": [self._line(each, told, steps - 1) for each in reason.children]
            if more
            else [],
        }

    def value(self, reason: Reason) -> str:
        """Return the value of a reason in words, as bounds where it is not certain."""
        if reason.raw is not None or self.ranged is None or reason.kind != "rule":
            return reason.value
        bound = self.ranged.values[reason.name][reason.member]
        return between(bound, self.decision.law.variables[reason.name].kind.unit)

    def title(self, reason: Reason) -> str:
        """Return what a reason is called, with whose it is where there are several people."""
        if reason.entity == "person" and reason.kind != "rate" and len(self.whose) > 1:
            return f"{reason.title} ({self.whose[reason.member]})"
        return reason.title


def because_of(reason: Reason) -> str:
    """Return the words of a reason; none where they would rest on what nobody knows."""
    unknown = UNKNOWN_WORDS.get(current_language(), UNKNOWN_WORDS["en"])
    return "" if unknown in reason.because else reason.because


def address(reason: Reason) -> str:
    """Return the page of the rule browser about what a reason tells."""
    return f"/rules/rates/{reason.name}" if reason.kind == "rate" else f"/rules/{reason.name}"


def between(bound: Bound, unit: Unit) -> str:
    """Return the bounds of a value in words."""
    low, high, _ = bound
    language = current_language()
    if low == high:
        return written(low, unit, language)
    if unit == YES_NO:
        return gettext("yes or no")
    if unit.base == "choice" or unit == DATE:
        return gettext("not known")
    least = written(low, unit, language) if abs(low) < _FAR else ""
    most = written(high, unit, language) if abs(high) < _FAR else ""
    if most and low == 0:
        return gettext("up to %(most)s") % {"most": most}
    if least and most:
        return gettext("between %(least)s and %(most)s") % {"least": least, "most": most}
    if least and low > 0:
        return gettext("at least %(least)s") % {"least": least}
    return gettext("not known")


def day_words(day: date) -> str:
    """Return a day as the law's words write it."""
    return written(day.toordinal(), DATE, current_language())
