"""The page `/alarms`, as text: what is wrong now, and what was and has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from townhall.ledger.witness.alarms import Alarm

MOST_SHOWN: Final = 50
"""How many of each are shown; who runs the witness has all in the file `alarms.txt`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Alarms, as many as are shown, and how many there are.

    Attributes
    ----------
    open, ended
        The newest first.
    open_count, ended_count
        Of all.
    """

    open: Sequence[Alarm]
    open_count: int
    ended: Sequence[Alarm]
    ended_count: int


def render(listed: Listed) -> str:
    """Return the page."""
    if not listed.open_count and not listed.ended_count:
        return "No alarms.\n"
    parts = ["Nothing is wrong now.\n"] if not listed.open_count else []
    parts += map(render_open, listed.open)
    parts += _more(listed.open_count - len(listed.open), "open")
    if listed.ended_count:
        parts.append("Alarms that ended, the last one first:\n")
    parts += map(render_ended, listed.ended)
    parts += _more(listed.ended_count - len(listed.ended), "that ended")
    return "\n".join(parts)


def render_open(alarm: Alarm) -> str:
    """Return an alarm for people to read, as it is when it is raised."""
    lines = [f"[{alarm.kind}] {alarm.origin}, since {moment(alarm.at)}", alarm.text]
    if alarm.evidence:
        lines.append(f"Evidence: {alarm.evidence}")
    return "\n".join(lines) + "\n"


def render_ended(alarm: Alarm) -> str:
    """Return an alarm that ended: when, why, and what it said."""
    until = "a time that was not noted" if alarm.ended is None else moment(alarm.ended)
    return (
        f"[{alarm.kind}] {alarm.origin}, ended: from {moment(alarm.at)} until {until}\n"
        f"It ended because {alarm.settled}.\nIt said: {alarm.text}\n"
    )


def moment(time: int) -> str:
    """Return a time in words."""
    try:
        return f"{datetime.fromtimestamp(time, UTC):%-d %B %Y, %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return f"second {time}"


def _more(count: int, which: str) -> list[str]:
    """Say how many are left out, if any are."""
    if count <= 0:
        return []
    return [f"And {count} more {which}: who runs this witness finds them in alarms.txt.\n"]
