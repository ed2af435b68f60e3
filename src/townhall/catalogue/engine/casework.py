"""The parts of a definition that say what happens to a case.

Eligibility, results, the fee, the table of states, letters, the deadline and
retention: plain frozen values, like everything in `definition`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from townhall.catalogue.engine.words import NO_TEXT, NOTHING, Law, Text

if TYPE_CHECKING:
    from townhall.catalogue.engine.goals import Goal
    from townhall.rules.engine import Duration, Expression

Verdict = Literal["no", "review"]


@dataclass(frozen=True, slots=True)
class EligibleLine:
    """A condition of eligibility, and the verdict and reason when it fails."""

    condition: Expression
    verdict: Verdict
    say: Text
    say_key: str = ""
    law: Law | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """A named value computed when the case is decided, with its reason."""

    name: str
    value: Expression | Goal
    because: Text = NO_TEXT
    title: Text = NO_TEXT
    law: Law | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Numbers that people may try out before they send, and the result that is drawn."""

    change: tuple[str, ...]
    draw: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Award:
    """What is paid in periods for as long as the law says so, and adjusts itself.

    Attributes
    ----------
    amount
        The result that is paid for each period.
    every
        `week` (paid for each Monday) or `month` (assessment periods).
    start, until
        First day; the day after the last. None: the day of the application; no end.
    wait_over
        A change of more than this much, in all, waits for an officer. None: none waits.
    by
        The role that decides then.
    offer
        When a changed fact makes this so for somebody without the award, the claim is
        made ready for them. None: never.
    answers
        The answers of such a claim, by datum.
    title
        What the award is called; without it, as the service.
    """

    amount: str
    every: str = "week"
    start: Expression | None = None
    until: Expression | None = None
    wait_over: Decimal | None = None
    by: str = ""
    offer: Expression | None = None
    answers: Mapping[str, str] = NOTHING
    title: Text = NO_TEXT
    line: int = 0


@dataclass(frozen=True, slots=True)
class Fee:
    """What the service costs, when it is paid and when it is given back."""

    amount: Expression
    pay: Literal["before_decision", "after", "none"] = "before_decision"
    refund_on: tuple[str, ...] = ()
    because: Text = NO_TEXT
    law: Law | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of a decision list: go there if the condition holds."""

    go: str
    condition: Expression | None = None
    because: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class AutoStep:
    """A step that the house does by itself.

    `name` is `check_register`, `check_eligibility` or `check`; the last one
    carries its own condition, the outcome when it fails, and the reason.
    """

    name: str
    condition: Expression | None = None
    verdict: Literal["doubt", "no"] = "doubt"
    because: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Appeal:
    """The service by which the outcome can be contested, and until when."""

    service: str
    within: Duration


@dataclass(frozen=True, slots=True)
class State:
    """One row of the flow table."""

    name: str
    title: Text = NO_TEXT
    next: Text = NO_TEXT
    auto: tuple[AutoStep, ...] = ()
    by: str = ""
    within: Duration | None = None
    can: tuple[str, ...] = ()
    to: Mapping[str, str] = NOTHING
    branches: tuple[Branch, ...] = ()
    doubt: str = ""
    four_eyes: Expression | bool = False
    end: bool = False
    outcome: str = ""
    issue: str = ""
    letter: str = ""
    appeal: Appeal | None = None
    amend: Expression | None = None
    line: int = 0

    @property
    def is_automatic(self) -> bool:
        """Say whether the house moves on from here without a person."""
        return not self.end and not self.by


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a letter, left out when its condition does not hold."""

    text: Text
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter or certificate: title and paragraphs with `{placeholders}`."""

    name: str
    title: Text
    paragraphs: tuple[Paragraph, ...]
    kind: Literal["letter", "certificate"] = "letter"
    valid_for: Duration | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when the case must be decided."""

    legal: Duration
    promise: Duration | None = None
    extend_times: int = 0
    extend_by: Duration | None = None
    pause_while: str = "waiting_citizen"
    if_missed: Literal["escalate", "grant", "refuse", "note"] = "escalate"
    starts: Literal["day_after", "same_day"] = "day_after"
    law: Law | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Keep:
    """How long each outcome is kept, and what happens then."""

    periods: Mapping[str, Duration] = NOTHING
    then: Literal["erase", "archive"] = "erase"


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Which earlier reports are shown before a new one is written."""

    place: str
    within_m: int
    days: int


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment that the service may need."""

    name: str
    minutes: int
    when: Expression | None = None
