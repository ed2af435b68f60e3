"""When a case is due, and how that date came about.

Conventions, each a field so that a definition can say otherwise:

* *Start.* The day of the event is not counted (Regulation (EEC, Euratom)
  1182/71, art. 3(1)): ``day_after``. ``same_day`` counts it as the first day.
* *End.* A term that ends on a day without work ends on the next working day
  (same Regulation, art. 3(4)).
* *Suspension.* While the resident is asked, the clock stands still: the term is
  longer by the days from the question to the answer, counted in the unit of the
  term (working days for a term in working days, else calendar days).
* *Extension.* Adds the declared period to the day reached so far.

A calendar ends with the last year whose holidays are known. Where a term reaches
beyond, only weekends are left out and the explanation says so ("uncovered"): a
resident's application is not refused because a list of holidays was not extended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from townhall.rules.engine import Calendar, Duration
from townhall.rules.engine.calendar import shift

StepKind = Literal["start", "term", "holidays", "extended", "paused", "moved", "uncovered", "due"]
_LONGEST_ROLL = 366


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from `start` (the question) to `end` (the answer; None = still)."""

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """What the definition says about one deadline."""

    length: Duration
    starts: Literal["day_after", "same_day"] = "day_after"

    @property
    def working(self) -> bool:
        return self.length.working_days > 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the explanation.

    on : the day reached. days : what it adds, in the unit of the term. note : "day_after"
    or "same_day" (start), the length (term, extended), the days that nobody works
    (holidays), since when (paused), from which day (moved).
    """

    kind: StepKind
    on: date
    days: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A due date and its explanation.

    on : None while the clock stands still.
    would_be : the date if the clock went on today; equal to `on` if it runs.
    """

    on: date | None
    would_be: date
    working: bool
    paused_since: date | None = None
    steps: tuple[Step, ...] = field(default=())

    def days_left(self, today: date, calendar: Calendar) -> int:
        """Return the days until it is due (negative = overdue), in the unit of the term."""
        if not self.working:
            return (self.would_be - today).days
        calendar = covering(calendar)
        if today <= self.would_be:
            return calendar.working_days_between(today, self.would_be)
        return -calendar.working_days_between(self.would_be, today)


def due_on(
    started: date,
    term: Term,
    calendar: Calendar,
    *,
    today: date,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Duration] = (),
) -> Due:
    """Return when a term begun on `started` is over.

    Parameters
    ----------
    started : day of receipt (or of entering a state).
    today : decides only what an open pause would add if it ended now.
    pauses : in order of time; only the last may be open. Overlaps count once.
    extensions : periods granted, in order.

    Raises
    ------
    EvaluationError
        If the day lies outside the years 1 to 9999.
    """
    calendar = covering(calendar)
    steps = [Step("start", started, note=term.starts)]
    origin = started if term.starts == "day_after" else started - timedelta(1)
    day = shift(origin, term.length, calendar)
    days = term.length.working_days or (day - origin).days
    steps.append(Step("term", day, days=days, note=str(term.length)))
    if term.working and (skipped := _holidays(origin, day, calendar)):
        # Holidays only: everybody knows that weekends are no working days.
        words = " ".join(each.isoformat() for each in skipped)
        steps.append(Step("holidays", day, days=len(skipped), note=words))
    for length in extensions:
        before, day = day, shift(day, length, calendar)
        days = length.working_days or (day - before).days
        steps.append(Step("extended", day, days=days, note=str(length)))
    open_since: date | None = None
    for pause in _merged(pauses, today):
        end = pause.end or max(today, pause.start)
        if pause.end is None:
            open_since = pause.start
        days = _days(pause.start, end, term, calendar)
        if days:
            day = _add(day, days, term, calendar)
        steps.append(Step("paused", day, days=days, note=pause.start.isoformat()))
    day = _rolled(day, calendar, steps)
    if calendar.ends is not None and day >= calendar.ends:
        steps.append(Step("uncovered", calendar.ends))
    steps.append(Step("due", day))
    return Due(
        on=None if open_since else day,
        would_be=day,
        working=term.working,
        paused_since=open_since,
        steps=tuple(steps),
    )


class Covering(Calendar):
    """A calendar that knows weekends beyond the end of its holidays; `ends` is that end."""

    ends: date | None

    def __init__(self, calendar: Calendar) -> None:
        super().__init__(calendar.holidays, calendar.weekend)
        object.__setattr__(self, "ends", calendar.until)


def covering(calendar: Calendar) -> Covering:
    """Return `calendar` so that it also answers for days beyond its holidays."""
    return calendar if isinstance(calendar, Covering) else Covering(calendar)


def shifted(due: date, pause: Pause, term: Term, calendar: Calendar) -> date:
    """Return a due date moved by one closed pause, as `due_on` would count it."""
    calendar = covering(calendar)
    days = _days(pause.start, pause.end or pause.start, term, calendar)
    return _rolled(_add(due, days, term, calendar) if days else due, calendar, [])


def _merged(pauses: Sequence[Pause], today: date) -> list[Pause]:
    """Return the pauses without overlaps: a day on which two questions are open counts once."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.start):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and pause.start > last.end):
            merged.append(pause)
        elif last.end is not None and (pause.end is None or pause.end > last.end):
            merged[-1] = Pause(last.start, pause.end)
    return merged


def _days(start: date, end: date, term: Term, calendar: Calendar) -> int:
    if end <= start:
        return 0
    return calendar.working_days_between(start, end) if term.working else (end - start).days


def _add(day: date, days: int, term: Term, calendar: Calendar) -> date:
    return calendar.add_working_days(day, days) if term.working else day + timedelta(days)


def _rolled(day: date, calendar: Calendar, steps: list[Step]) -> date:
    rolled = day
    for _ in range(_LONGEST_ROLL):
        if calendar.is_working_day(rolled):
            break
        rolled += timedelta(1)
    if rolled != day:
        steps.append(Step("moved", rolled, days=(rolled - day).days, note=day.isoformat()))
    return rolled


def _holidays(start: date, end: date, calendar: Calendar) -> list[date]:
    """Return the weekdays in (start, end] on which nobody works."""
    span = (start + timedelta(days) for days in range(1, (end - start).days + 1))
    return [
        day for day in span if day in calendar.holidays and day.weekday() not in calendar.weekend
    ]
