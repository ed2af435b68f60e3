"""What a witness tells the people who run it, and the evidence that it keeps for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from townhall.ledger.engine.encoding import to_base64
from townhall.ledger.engine.registers import Rejected
from townhall.ledger.log.files import Disk
from townhall.ledger.witness import keyring as keyrings
from townhall.ledger.witness.copies import Copy
from townhall.ledger.witness.settings import Settings
from townhall.ledger.witness.state import Alarm, State

COPY: Final = "copy"


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

    def clock(self, origin: str, before: int, now: int) -> None:
        """Tell that the clock was set back, from one POSIX second to another."""
        text = _CLOCK.format(name=self._name, seconds=before - now)
        self.alarm(Alarm(f"clock {before}", now, origin, "clock", text))

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
            stored.settle_alarms(COPY, copy.watched.origin, "every entry was found right again")

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

    def alarm(self, alarm: Alarm, evidence: dict[str, Any] | None = None) -> None:
        """Raise an alarm once, the evidence durable first; tell people in a file, too."""
        name = ""
        if evidence is not None:
            name = f"evidence/{sha256(alarm.key.encode()).hexdigest()[:16]}.json"
            path = self._folder / name
            if not path.exists():
                told = {"kind": alarm.kind, "origin": alarm.origin, "at": alarm.at, **evidence}
                self._disk.replace(path, json.dumps(told, indent=1).encode() + b"\n")
        raised = Alarm(alarm.key, alarm.at, alarm.origin, alarm.kind, alarm.text, name)
        with self._state.transaction() as stored:
            new = stored.raise_alarm(raised)
        if new:
            with (self._folder / "alarms.txt").open("a", encoding="utf-8") as file:
                file.write(render_alarm(raised) + "\n")


def render_alarm(alarm: Alarm) -> str:
    """Return an alarm for people to read."""
    lines = [f"[{alarm.kind}] {alarm.origin}, at {alarm.at} (POSIX seconds)", alarm.text]
    if alarm.evidence:
        lines.append(f"Evidence: {alarm.evidence}")
    if alarm.settled is not None:
        lines.append(f"Settled: {alarm.settled}")
    return "\n".join(lines) + "\n"


_CLOCK: Final = (
    "The clock of {name} was set back by {seconds} seconds. Its signatures say times, and clients "
    "refuse times that are far off: check how this machine keeps its time."
)
_VIOLATION: Final = (
    "Entry {index} of {origin} breaks the rules of {rules}: {reason}. The key {name} vouches for "
    "no checkpoint that contains it. The log is append-only, so it needs people: ask its operator, "
    "and compare with the other witnesses. If they accept the entry, compare the versions of the "
    "software; after an update this witness replays the log by itself."
)
