"""What a witness tells the people who run it, and the evidence that it keeps for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from townhall.ledger.engine.encoding import to_base64
from townhall.ledger.engine.registers import Rejected
from townhall.ledger.log.files import Disk
from townhall.ledger.witness import keyring as keyrings
from townhall.ledger.witness import listing
from townhall.ledger.witness.alarms import MOST_OPEN, Alarm
from townhall.ledger.witness.copies import Copy
from townhall.ledger.witness.settings import Settings
from townhall.ledger.witness.state import State

LONGEST_FILE: Final = 4 << 20
"""Bytes of `alarms.txt` before another one is begun; the last one stays beside it."""
COPY: Final = "copy"
CLOCK: Final = "clock"


class Teller:
    """Raises alarms, each once, and ends them.

    Parameters
    ----------
    settings, state, disk, clock
        Of the witness.
    """

    def __init__(
        self, settings: Settings, state: State, disk: Disk, clock: Callable[[], int]
    ) -> None:
        self._name = settings.name
        self._folder = settings.folder
        self._state = state
        self._disk = disk
        self._clock = clock
        (settings.folder / "evidence").mkdir(exist_ok=True)

    def clock(self, origin: str, step: int, now: int) -> None:
        """Tell by how many seconds the clock was moved, ahead or (negative) back."""
        words = _CLOCK_BACK if step < 0 else _CLOCK_AHEAD
        text = words.format(name=self._name, seconds=abs(step))
        self.alarm(Alarm(f"clock {now} {step}", now, origin, CLOCK, text))

    def clock_is_right(self, why: str, now: int) -> None:
        """Tell that nothing is wrong with the clock any more."""
        with self._state.transaction() as stored:
            stored.alarms.end_all(CLOCK, why, now)

    def trouble(self, copy: Copy) -> None:
        """Tell what is wrong with a copy."""
        origin, text = copy.watched.origin, copy.trouble
        self.alarm(Alarm(f"{COPY} {origin} {text}", self._clock(), origin, COPY, text))

    def mended(self, copy: Copy, text: str) -> None:
        """Tell of damage to a copy that was mended by itself: the disk wants looking at."""
        origin = copy.watched.origin
        self.alarm(Alarm(f"{COPY} {origin} {text}", self._clock(), origin, COPY, text))
        self.whole(copy)

    def whole(self, copy: Copy) -> None:
        """Tell that nothing is wrong with a copy any more."""
        with self._state.transaction() as stored:
            words = "every entry was found right again"
            stored.alarms.end_all(COPY, words, self._clock(), origin=copy.watched.origin)

    def violation(self, copy: Copy, violation: Rejected) -> None:
        """Tell of an entry that the rules refuse, and keep it."""
        origin = copy.watched.origin
        text = _VIOLATION.format(
            origin=origin,
            index=violation.index,
            reason=violation.reason,
            rules=copy.watched.rules,
            name=self._name + keyrings.RULES,
        )
        entry = copy.log.entry(violation.index)
        evidence = {"what": text, "index": violation.index, "entry": to_base64(entry)}
        key = f"rules {origin} {violation.index} {violation.reason}"
        self.alarm(Alarm(key, self._clock(), origin, "rules", text), evidence)

    def alarm(
        self, alarm: Alarm, evidence: dict[str, Any] | None = None, *, most: int = MOST_OPEN
    ) -> None:
        """Raise an alarm once, the evidence durable first; tell people in a file, too.

        Parameters
        ----------
        most
            So many of its kind may be open about this log. Further ones are not kept: they
            would tell people nothing new, and whoever makes them could fill the disk.
        """
        with self._state.transaction() as stored:
            before = stored.alarms.named(alarm.key)
            room = stored.alarms.has_room(alarm.kind, alarm.origin, most)
        if not room and (before is None or before.settled is not None):
            return
        # Witnesses of earlier versions gave shorter names; those stay.
        name = before.evidence if before is not None else ""
        if evidence is not None:
            name = name or f"evidence/{sha256(alarm.key.encode()).hexdigest()}.json"
            path = self._folder / name
            if not path.exists():
                told = {"kind": alarm.kind, "origin": alarm.origin, "at": alarm.at, **evidence}
                self._disk.replace(path, json.dumps(told, indent=1).encode() + b"\n")
        raised = replace(alarm, evidence=name)
        with self._state.transaction() as stored:
            new = stored.alarms.add(raised)
            unneeded = stored.alarms.forget_oldest() if new else []
        if new:
            self._note_down(raised)
        for each in unneeded:
            (self._folder / each).unlink(missing_ok=True)

    def _note_down(self, alarm: Alarm) -> None:
        path = self._folder / "alarms.txt"
        if path.exists() and path.stat().st_size > LONGEST_FILE:
            path.replace(path.with_name("alarms.earlier.txt"))
        with path.open("a", encoding="utf-8") as file:
            file.write(listing.render_open(alarm) + "\n")

    def evidence(self, alarm: Alarm) -> dict[str, Any] | None:
        """Return what was kept with an alarm; None if it is there no more."""
        try:
            told: dict[str, Any] = json.loads((self._folder / alarm.evidence).read_bytes())
        except (OSError, ValueError):
            return None
        return told


_CLOCK_BACK: Final = (
    "The clock of {name} was set back by {seconds} seconds. Its signatures say times, and clients "
    "refuse times that are far off: check how this machine keeps its time. This ends by itself "
    "when the clock is as it was, or shows the time of a log, or has passed what was signed."
)
_CLOCK_AHEAD: Final = (
    "The clock of {name} jumped ahead by {seconds} seconds. Its signatures say times, and clients "
    "refuse times that are far off: check how this machine keeps its time. This ends by itself "
    "when the clock is as it was, or shows the time of a log."
)
_VIOLATION: Final = (
    "Entry {index} of {origin} breaks the rules of {rules}: {reason}. The key {name} vouches for "
    "no checkpoint that contains it. The log is append-only, so it needs people: ask its operator, "
    "and compare with the other witnesses. If they accept the entry, compare the versions of the "
    "software; after an update this witness replays the log by itself."
)
