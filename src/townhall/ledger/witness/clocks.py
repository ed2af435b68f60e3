"""How the clock of this machine behaves: set back, jumped ahead, right again.

Signatures say times, so a clock that is moved is told to people. What it is held against is
how long the machine has been running, which nobody sets. Which of the two times was the right
one, before or after, a machine cannot know alone; the alarm ends when it need not matter any
more:

- the clock is back where it would be had nobody moved it;
- or it was set back, and has since passed the latest time that was ever signed;
- or a log has just signed a checkpoint at the time that this clock shows.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final
from uuid import uuid4

STEP: Final = 60
"""Seconds that a clock may be moved without an alarm."""

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_RUNNING: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True, slots=True)
class Reading:
    """The clock at one signature.

    Attributes
    ----------
    at
        What it showed, POSIX seconds.
    run
        Seconds that the machine had been running.
    boot
        Names that run; empty if it is not known.
    moved
        By how many seconds the clock is ahead (behind: negative) of where it would be had
        nobody moved it, as long as an alarm is open about that; otherwise 0.
    latest
        The latest time that was signed, POSIX seconds.
    """

    at: int
    run: int
    boot: str
    moved: int = 0
    latest: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What a reading says, compared with the one before.

    Attributes
    ----------
    reading
        To be held against the next one.
    step
        By how many seconds the clock was moved in between, and people are to be told.
    ended
        Why alarms about the clock are over; None: they are not, or there are none.
    """

    reading: Reading
    step: int = 0
    ended: str | None = None


def read(now: int) -> Reading:
    """Return the reading of this machine at a time that its clock shows."""
    return Reading(now, int(time.clock_gettime(_RUNNING)), _this_run(), latest=now)


def compare(before: Reading | None, now: Reading, log_time: int | None) -> Change:
    """Return what has become of the clock.

    Parameters
    ----------
    before
        At the last signature; None: there was none.
    now
        As `read` gives it.
    log_time
        When the log says that it signed what is cosigned now, POSIX seconds; None: it
        does not say.
    """
    if before is None:
        return Change(now)
    step = _step(before, now)
    moved = before.moved + step
    latest = max(before.latest, now.at)
    if before.moved and abs(moved) <= STEP:
        return Change(replace(now, latest=now.at), ended="the clock is back where it was before")
    if not moved:
        return Change(replace(now, latest=latest))
    if not step:
        if before.moved < 0 and now.at >= before.latest:
            words = "the clock has passed the latest time that this witness signed"
            return Change(replace(now, latest=latest), ended=words)
        if log_time is not None and abs(log_time - now.at) <= STEP:
            words = "the clock shows the same time as the clock of a log"
            return Change(replace(now, latest=now.at), ended=words)
    return Change(replace(now, moved=moved, latest=latest), step=step)


def _step(before: Reading, now: Reading) -> int:
    """Return how far the clock was moved; of another run, only a step back is noticed."""
    passed = now.at - before.at
    if before.boot and before.boot == now.boot:
        step = passed - (now.run - before.run)
    else:
        step = min(passed, 0)
    return step if abs(step) > STEP else 0


@cache
def _this_run() -> str:
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return str(uuid4())  # then readings of one process are compared


class LastReading:
    """The clock at the last signature, in the state of a witness, within a transaction.

    Parameters
    ----------
    database
        Of the state.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def read(self) -> Reading | None:
        """Return the reading at the last signature; None if there was none."""
        row = self._database.execute("SELECT at, run, boot, moved, latest FROM clock").fetchone()
        if row is not None:
            return Reading(*row)
        # As witnesses noted it that were made before the table; their alarms never ended.
        (at,) = self._database.execute("SELECT signed_at FROM witness").fetchone()
        return Reading(at, 0, "", moved=-STEP - 1, latest=at) if at else None

    def store(self, reading: Reading) -> None:
        """Note the reading at a signature."""
        self._database.execute(
            "INSERT OR REPLACE INTO clock (only, at, run, boot, moved, latest) "
            "VALUES (1, ?, ?, ?, ?, ?)",
            [reading.at, reading.run, reading.boot, reading.moved, reading.latest],
        )
