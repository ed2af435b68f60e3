"""`townhall ledger run`: the process that gives entries their places and makes them final.

One thread takes the queues in turn; each log has a thread of its own for its
checkpoints, so that a slow witness holds up neither the queue nor another log.
Wherever it is killed, the next start goes on: see `sequencer` and `finality`.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import psycopg
import structlog
from django.db import DatabaseError, connection

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.settings import Settings
from townhall.ledger.log.errors import LogError
from townhall.ledger.log.log import Log
from townhall.ledger.models import alarm as alarms
from townhall.ledger.models import entry as entries
from townhall.ledger.operator import demonstration, policies, preparing, promising
from townhall.ledger.operator.examining import RUNNING
from townhall.ledger.operator.finality import Finality, NotFinal, peers_of
from townhall.ledger.operator.folder import LOGS, open_folder
from townhall.ledger.operator.remembering import RolledBack
from townhall.ledger.operator.sequencer import BATCH, OutOfStep, Sequencer
from townhall.ledger.witness.client import Peer

LOOK_S: Final = 0.1
"""How often an empty queue is looked at."""
CHECKPOINT_S: Final = 1.0
"""The least time between two checkpoints of a log."""
LONGEST_PAUSE_S: Final = 10.0

_log = structlog.get_logger("townhall.ledger")


@dataclass
class Line:
    """One log in work."""

    sequencer: Sequencer
    finality: Finality


class Operator:
    """Everything that the process holds open.

    Parameters
    ----------
    settings
        Of the town hall.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self.stopping = threading.Event()
        self.lines: dict[str, Line] = {}
        self.outdated = False
        self._policy_text = b""
        self._looked = 0.0
        self._behind: set[str] = set()  # logs whose files may lack what the database knows
        self._failure: BaseException | None = None
        self._alarmed: set[str] = set(LOGS)  # what an earlier process had to tell of

    def open(self) -> None:
        """Open the logs, and bring files and database into step.

        Raises
        ------
        OutOfStep, LogError, FolderUnusable
            If a log cannot go on; the text says what to do.
        """
        folder = preparing.own_folder(self._settings)
        policies.settle(folder)
        preparing.record_policy(folder)  # it may have been put there after all was prepared
        policy = folder.policy()
        self._policy_text = policy.text if policy else b""
        shown = policies.hand_overs(folder)

        def peers() -> list[Peer]:
            # A witness of the demonstration that starts again listens somewhere else.
            return peers_of(policy, demonstration.addresses(self._settings.data_dir), shown)

        for name in LOGS:
            preparing.make_log(folder, name)
            preparing.insist_on_own_keys(folder, name)
            # Everything is hashed before the first signature: disks forget, too.
            log = self._stack.enter_context(Log.open(folder.log(name), deep=True))
            sequencer = Sequencer(name, log)
            missing = sequencer.catch_up()
            if missing:
                _log.info("appended what a stop had left out", log=name, entries=missing)
            finality = Finality(
                name,
                log,
                folder.signers(name),
                policy=policy,
                peers=peers,
                earlier_keys=policies.keys_ever(folder, name),
            )
            self._stack.callback(finality.close)
            self.lines[name] = Line(sequencer, finality)

    def close(self) -> None:
        """Close everything; what is acknowledged stays."""
        self._stack.close()

    def run(self) -> None:
        """Work until `stopping` is set."""
        threads = [
            threading.Thread(target=self._thread, args=(name, line), name=f"final {name}")
            for name, line in self.lines.items()
        ]
        for thread in threads:
            thread.start()
        try:
            while not self.stopping.is_set() and not self._look_around():
                if self.step() < BATCH:
                    self.stopping.wait(LOOK_S)
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()
        if self._failure is not None:
            raise self._failure

    def step(self) -> int:
        """Take a batch from every queue; return the size of the largest.

        A log of which it is not known whether it is the newest gives no numbers.
        """
        ready = {name for name, line in self.lines.items() if line.finality.remembered}
        with scope(SYSTEM):
            waiting = entries.logs_with_waiting(ready)
        due = sorted(waiting | self._behind & ready)
        return max((self._step(name, self.lines[name].sequencer) for name in due), default=0)

    def remember(self) -> None:
        """Ask the witnesses of every log what they remember; tell of what is wrong."""
        for name, line in self.lines.items():
            try:
                line.finality.remember()
            except (NotFinal, RolledBack, LogError) as error:
                self._tell(name, str(error))

    def _look_around(self) -> bool:
        """Sign what was asked for; whether another policy is in force: then all is opened anew."""
        if time.monotonic() - self._looked >= CHECKPOINT_S:
            self._looked = time.monotonic()
            folder = open_folder(preparing.folder_of(self._settings))
            promising.sign_wanted(folder)
            policy = folder.policy()
            self.outdated = (policy.text if policy else b"") != self._policy_text
        return self.outdated

    def _step(self, name: str, sequencer: Sequencer) -> int:
        try:
            if name in self._behind:
                sequencer.catch_up()
                self._behind.discard(name)
            return sequencer.step()
        except OutOfStep:
            if name in self._behind:
                raise
            self._behind.add(name)
            return 0
        except LogError as error:
            # The files did not take what the database had committed: a full disk, say.
            self._behind.add(name)
            _log.error("the log cannot take entries", log=name, why=str(error))
            self.stopping.wait(1.0)
            return 0

    def _thread(self, name: str, line: Line) -> None:
        """Work on one log's checkpoints; what nobody foresaw ends the whole process."""
        try:
            self._finalise(name, line)
        except BaseException as error:
            self._failure = error
            self.stopping.set()
        finally:
            connection.close()

    def _finalise(self, name: str, line: Line) -> None:
        pause, until = 0.0, float("-inf")
        begun = attended = float("-inf")
        while not self.stopping.is_set():
            rest = max(begun + CHECKPOINT_S, until) - time.monotonic()
            idle = line.finality.remembered and not line.finality.due
            if idle and time.monotonic() - attended >= CHECKPOINT_S:
                attended = time.monotonic()
                line.finality.attend()
            if idle or rest > 0:
                self.stopping.wait(max(min(rest, 1.0), LOOK_S / 2))
                continue
            begun = time.monotonic()
            try:
                line.finality.remember()
                if line.finality.due:
                    line.finality.advance()
                pause = 0.0
                self._tell(name, "")
            except (NotFinal, RolledBack, LogError) as error:
                pause = min(max(pause * 2, 1.0), LONGEST_PAUSE_S)
                until = time.monotonic() + pause
                _log.warning("not final yet", log=name, why=str(error), next_try_s=pause)
                self._tell(name, str(error))

    def _tell(self, name: str, words: str) -> None:
        """Sound the alarm of a log that does not become final, or end it."""
        key, now = f"{name}:final", datetime.now(UTC)
        if words:
            self._alarmed.add(name)
        elif name not in self._alarmed:
            return
        with scope(SYSTEM):
            if words:
                alarms.sound(key=key, log=name, witness="", words=words, now=now)
            else:
                alarms.over(key, now)
                self._alarmed.discard(name)
        connection.close()


def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Run until SIGTERM or SIGINT. Waits while another process does the same.

    Raises
    ------
    OutOfStep, LogError, FolderUnusable
        If a log cannot go on.
    """
    ended = threading.Event()
    at_work: list[Operator] = []

    def end(*_: object) -> None:
        ended.set()
        for operator in at_work:
            operator.stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    with psycopg.connect(settings.database_url, autocommit=True) as held:
        told = False
        while not _is_ours(held):
            if not told:
                say("another process runs the ledger; waiting for it to end")
                told = True
            if ended.wait(1.0):
                return
        while not ended.is_set():
            at_work[:] = [operator := Operator(settings)]
            try:
                operator.open()
                say(f"{len(operator.lines)} logs open")
                _tell_of_end("")
                operator.run()
            except Exception as error:
                _tell_of_end(f"The ledger does not run; entries wait. {error}")
                raise
            finally:
                operator.close()
            if not operator.outdated:
                return
            say("another policy is in force; going on with it")


def _tell_of_end(words: str) -> None:
    """Sound the alarm that nothing is recorded any more, or end it."""
    now = datetime.now(UTC)
    try:
        with scope(SYSTEM):
            if words:
                alarms.sound(key="ledger:run", log="", witness="", words=words, now=now)
            else:
                alarms.over("ledger:run", now)
    except DatabaseError as error:  # why it ended is told in the log of the process, too
        _log.warning("the alarm cannot be kept", words=words, why=str(error))
    finally:
        connection.close()


def _is_ours(held: psycopg.Connection) -> bool:
    row = held.execute("SELECT pg_try_advisory_lock(%s)", [RUNNING]).fetchone()
    return bool(row and row[0])
