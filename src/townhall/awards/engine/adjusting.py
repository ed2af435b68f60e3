"""What an assessment changes: period by period, paid before against due now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

ZERO: Final = Decimal(0)
PAYMENT, ARREARS, OVERPAYMENT = "payment", "arrears", "overpayment"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an award's account: how much the sum for a period changes, and why."""

    day: date
    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Adjustment:
    """The difference between what was paid and what is due.

    Attributes
    ----------
    entries
        One for each period whose sum changes, ascending.
    """

    entries: tuple[Entry, ...]

    @property
    def arrears(self) -> Decimal:
        """What is paid on top, in all."""
        return sum((each.amount for each in self.entries if each.amount > 0), ZERO)

    @property
    def overpaid(self) -> Decimal:
        """What was paid too much, in all; not below zero."""
        return -sum((each.amount for each in self.entries if each.amount < 0), ZERO)

    @property
    def total(self) -> Decimal:
        """The difference in all."""
        return sum((each.amount for each in self.entries), ZERO)

    def waits(self, limit: Decimal | None) -> bool:
        """Whether it is so large that an officer decides."""
        return limit is not None and max(self.arrears, self.overpaid) > limit


def compare(paid: Mapping[date, Decimal], due: Mapping[date, Decimal]) -> Adjustment:
    """Return what brings the sums of the paid periods to what is due.

    Parameters
    ----------
    paid
        Period to what was paid for it so far.
    due
        Period to what the law gives now, of the same periods at least.

    Raises
    ------
    KeyError
        If a paid period is not in `due`: nobody said what it is worth.
    """
    entries = []
    for day in sorted(paid):
        change = due[day] - paid[day]
        if change:
            entries.append(Entry(day, ARREARS if change > 0 else OVERPAYMENT, change))
    return Adjustment(tuple(entries))
