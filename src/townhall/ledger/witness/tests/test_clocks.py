"""A clock that is set back or jumps ahead is told of, and the alarm ends once it is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from townhall.ledger.engine import checkpoints
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.witnessing import Answer, Request, parse_request
from townhall.ledger.witness import clocks
from townhall.ledger.witness.alarms import Alarm
from townhall.ledger.witness.clocks import Reading
from townhall.ledger.witness.service import Witness
from townhall.ledger.witness.settings import Settings, watched_log
from townhall.ledger.witness.tests import town

NOON = 1_760_000_000
HOUR = 3_600
LOG = town.honest(40)


class Machine:
    """A witness whose clock somebody sets, and a log that is asked for one more entry each time."""

    def __init__(self, folder: Path) -> None:
        log = watched_log(town.ORIGIN, [str(each.key) for each in town.SIGNERS], "decisions")
        self._settings = Settings("court.example/w1", folder, (log,), audit_seconds=0)
        self.time = NOON
        self.size = 0
        self.start()

    def start(self) -> None:
        self.witness = Witness(self._settings, lambda: self.time)

    def restart(self) -> None:
        self.witness.close()
        self.start()

    def sign(self, *, log_time: int = town.START) -> Answer:
        """Have it sign one entry more, which the log says it signed at a time."""
        request = parse_request(LOG.request(self.size, self.size + 1))
        self.size += 1
        stated = Checkpoint(town.ORIGIN, self.size, LOG.root(self.size))
        note = checkpoints.sign(stated, *town.SIGNERS, time=log_time)
        answer = self.witness.add_checkpoint(
            Request(request.old, request.proof, note, stated).render()
        )
        assert answer.status == 200
        return answer

    @property
    def open(self) -> list[str]:
        return [each.text for each in self.witness.alarms().open]

    @property
    def ended(self) -> list[Alarm]:
        return list(self.witness.alarms().ended)


@pytest.fixture
def machine(tmp_path: Path):
    made = Machine(tmp_path / "w")
    made.sign()
    yield made
    made.witness.close()


def test_a_clock_that_jumps_ahead_is_told_of_until_it_is_set_right(machine: Machine) -> None:
    machine.time += HOUR
    machine.sign()
    (told,) = machine.open
    assert "jumped ahead by 3600 seconds" in told
    machine.sign()
    assert machine.open == [told]
    machine.time -= HOUR
    machine.sign()
    assert machine.open == []
    (ended,) = machine.ended
    assert ended.settled == "the clock is back where it was before"
    assert (ended.at, ended.ended) == (NOON + HOUR, NOON)


def test_a_clock_that_jumped_ahead_while_the_witness_was_stopped_is_told_of(
    machine: Machine,
) -> None:
    machine.time += HOUR
    machine.restart()
    machine.sign()
    assert "jumped ahead by 3600 seconds" in machine.open[0]


def test_a_clock_set_back_is_told_of_until_it_has_passed_what_was_signed(
    machine: Machine,
) -> None:
    machine.time -= HOUR
    machine.sign()
    machine.restart()
    machine.sign()
    (told,) = machine.open
    assert "set back by 3600 seconds" in told
    machine.time = NOON - HOUR  # an hour later the machine has run for an hour, too
    later(machine.witness, HOUR)
    machine.time = NOON
    machine.sign()
    assert machine.open == []
    assert "passed the latest time" in str(machine.ended[0].settled)


def test_a_clock_that_was_corrected_is_right_once_it_shows_the_time_of_the_log(
    machine: Machine,
) -> None:
    """It had been an hour ahead from the start, so only now are its signatures worth anything."""
    machine.time -= HOUR
    machine.sign(log_time=machine.time - 30)
    assert len(machine.open) == 1, "people are told in any case"
    machine.sign(log_time=NOON)
    assert len(machine.open) == 1, "the log says another time"
    machine.sign(log_time=machine.time - 30)
    assert machine.open == []
    assert machine.ended[0].settled == "the clock shows the same time as the clock of a log"


def test_seconds_are_no_alarm(machine: Machine) -> None:
    for off in (30, -10, 40, 0):
        machine.time = NOON + off
        machine.sign()
    assert machine.open == [] and machine.ended == []


def later(witness: Witness, seconds: int) -> None:
    """As if the last signature had been so many seconds of the machine's run ago."""
    with witness._state.transaction() as stored:
        last = stored.clock.read()
        assert last is not None
        run = last.run - seconds
        stored.clock.store(Reading(last.at, run, last.boot, last.moved, last.latest))


def reading(at: int, run: int = 0, boot: str = "a") -> Reading:
    return Reading(at, run, boot, latest=at)


@pytest.mark.parametrize(
    ("now", "step"),
    [
        (reading(NOON + 500, 500), 0),
        (reading(NOON + 500, 100), 400),
        (reading(NOON, 500), -500),
        (reading(NOON + 86_400, 10, "b"), 0),
        (reading(NOON - 500, 10, "b"), -500),
        (reading(NOON - 500, 10, ""), -500),
    ],
    ids=["waited", "ahead", "stopped", "started anew", "back over a start", "unknown run"],
)
def test_only_what_the_run_of_the_machine_does_not_explain_is_a_step(
    now: Reading, step: int
) -> None:
    assert clocks.compare(reading(NOON), now, None).step == step


@pytest.mark.parametrize("was", [NOON + HOUR, NOON - HOUR], ids=["later", "earlier"])
def test_a_state_from_before_knows_only_the_last_time(tmp_path: Path, was: int) -> None:
    """Its alarms about the clock never ended, and nobody noted whether they still hold."""
    machine = Machine(tmp_path / "w")
    with machine.witness._state.transaction() as stored:
        stored._database.execute("UPDATE witness SET signed_at = ?", [was])
        stored.alarms.add(Alarm("clock 5", 5, town.ORIGIN, "clock", "of long ago"))
    machine.sign()
    if was > NOON:
        assert "set back by 3600 seconds" in machine.open[0]
    else:
        assert machine.open == []
    machine.witness.close()
