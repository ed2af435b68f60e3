"""The worker process: threads that run jobs, and a main thread that listens, tidies and renews.

Each thread claims a batch, runs it job by job, and claims the next. The main
thread holds the one LISTEN connection; its bell wakes the threads. Without a
bell they look every second, so a lost bell or a lost connection costs that
second at most. After work they look again at once and then ever more rarely:
promises made in quick succession ring only once (`queue._Bell`).

A job that runs long keeps its lease as long as its handler may run; the jobs
behind it in the same batch are handed back to the other threads and workers.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import psycopg
import structlog
from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from townhall.foundation import settings
from townhall.foundation.jobs import claims, queue, registry, running, schedule
from townhall.foundation.jobs.claims import Claim

POLL_SECONDS = 1.0
HAND_BACK_AFTER = 1.0
RENEW_EVERY = claims.LEASE.total_seconds() / 3
GRACE_SECONDS = 15.0
LONGEST_PAUSE = 30.0

_log = structlog.get_logger("townhall.worker")


class WorkerBroken(Exception):
    """The worker itself is at fault, not a job: the process has to be started anew."""


@dataclass(slots=True)
class _Desk:
    """What one thread has before it; shared with the main thread under `lock`."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: deque[Claim] = field(default_factory=deque)
    current: Claim | None = None
    since: float = 0.0
    renewed: float = 0.0

    def take_up(self, batch: list[Claim]) -> None:
        with self.lock:
            self.waiting.extend(batch)

    def next(self) -> Claim | None:
        with self.lock:
            self.current = self.waiting.popleft() if self.waiting else None
            self.since = self.renewed = time.monotonic()
            return self.current

    def take_back(self) -> list[Claim]:
        """Take away what was not begun."""
        with self.lock:
            rest = list(self.waiting)
            self.waiting.clear()
            return rest

    def put_down(self) -> None:
        """Nothing is being run here."""
        with self.lock:
            self.current = None


class Worker:
    """Runs jobs until told to stop.

    Parameters
    ----------
    threads : how many jobs at the same time.
    queues : only these; all that handlers use unless given.
    stop : set it to have the worker finish what is running, hand back the rest, and end.
    """

    def __init__(
        self,
        *,
        threads: int,
        queues: tuple[str, ...] | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self.stop = stop or threading.Event()
        self.broken = False
        self._queues = queues or registry.queues()
        self._desks = [_Desk() for _ in range(threads)]
        self._bell = threading.Condition()
        self._rung = 0

    def run(self) -> None:
        """Work until `stop` is set; returns when nothing of ours is left undone."""
        threads = [
            threading.Thread(target=self._work, args=(desk, number), name=f"jobs-{number}")
            for number, desk in enumerate(self._desks)
        ]
        for thread in threads:
            thread.daemon = True  # a handler that never returns must not keep the process
            thread.start()
        _log.info("worker started", threads=len(threads), queues=list(self._queues))
        try:
            self._listen_and_look_after()
        finally:
            self.stop.set()
            self.ring()
            until = time.monotonic() + GRACE_SECONDS
            for thread in threads:
                thread.join(max(0.0, until - time.monotonic()))
            connections.close_all()
            _log.info("worker stopped", unfinished=sum(thread.is_alive() for thread in threads))

    def ring(self) -> None:
        """Wake the threads that wait for work."""
        with self._bell:
            self._rung += 1
            self._bell.notify_all()

    # The threads ------------------------------------------------------------------

    def _work(self, desk: _Desk, number: int) -> None:
        try:
            self._work_until_stopped(desk, number)
        except BaseException:
            # A fault of the worker itself: end the process, so that a fresh one takes over.
            _log.exception("worker broken")
            self.broken = True
            self.stop.set()
        with contextlib.suppress(DatabaseError):
            claims.hand_back(desk.take_back())
        connections.close_all()

    def _work_until_stopped(self, desk: _Desk, number: int) -> None:
        pause = POLL_SECONDS
        trouble: DatabaseError | None = None
        troubles = 0
        while not self.stop.is_set():
            rung = self._rung
            try:
                if trouble is not None:
                    self._settle_after(trouble, desk)
                busy = self._one_round(desk, number)
                trouble, troubles = None, 0
            except DatabaseError as error:
                trouble, troubles = error, troubles + 1
                self._pause_for(error, troubles)
                continue
            pause = queue.LOOK_AGAIN_SECONDS if busy else min(POLL_SECONDS, pause * 2)
            if not busy:
                with self._bell:
                    self._bell.wait_for(lambda r=rung: self._rung != r or self.stop.is_set(), pause)

    @staticmethod
    def _settle_after(trouble: DatabaseError, desk: _Desk) -> None:
        """Once the database is back: the job that ran has failed, those behind it have not."""
        if desk.current is not None:
            claims.fail(desk.current, trouble)
            desk.put_down()
        claims.hand_back(list(desk.waiting))
        desk.take_back()

    def _one_round(self, desk: _Desk, number: int) -> bool:
        """Claim from each queue in turn and run what came; tell whether there was any."""
        busy = False
        start = number % len(self._queues)
        for name in self._queues[start:] + self._queues[:start]:
            for alone in (False, True):
                batch = claims.claim(name, 1 if alone else claims.BATCH, alone=alone)
                desk.take_up(batch)
                busy = busy or bool(batch)
                while not self.stop.is_set() and (claimed := desk.next()) is not None:
                    running.run(claimed)
                if self.stop.is_set():
                    return busy
        return busy

    def _pause_for(self, error: Exception, troubles: int) -> None:
        _log.warning("database out of reach", error=claims.described(error), times=troubles)
        with contextlib.suppress(DatabaseError):
            connection.close()
        self.stop.wait(min(LONGEST_PAUSE, 0.1 * 2 ** min(troubles, 10)))

    # The main thread --------------------------------------------------------------

    def _listen_and_look_after(self) -> None:
        troubles = 0
        looked = -POLL_SECONDS
        while not self.stop.is_set():
            try:
                with _listening() as listener:
                    self.ring()  # whatever rang while nobody listened
                    while not self.stop.is_set():
                        if time.monotonic() - looked >= POLL_SECONDS:
                            looked = time.monotonic()
                            self._look_after()
                            troubles = 0
                        for _ in listener.notifies(timeout=POLL_SECONDS, stop_after=1):
                            self.ring()
            except (DatabaseError, psycopg.Error) as error:
                troubles += 1
                self._pause_for(error, troubles)

    def _look_after(self) -> None:
        """Every second: due jobs, dead workers' jobs, long jobs, periodic work."""
        now = time.monotonic()
        if claims.tidy():
            self.ring()
        schedule.promise_due()
        long_running = []
        for desk in self._desks:
            with desk.lock:
                current, since, renewed = desk.current, desk.since, desk.renewed
            if current is None:
                continue
            if now - since > HAND_BACK_AFTER:
                claims.hand_back(desk.take_back())
            handler = registry.known(current.name)
            if handler and now - since > handler.max_seconds:
                continue  # stuck: let the lease end, so that somebody else gets the job
            if now - renewed > RENEW_EVERY:
                long_running.append(current)
                desk.renewed = now
        claims.renew(long_running)


@contextlib.contextmanager
def _listening() -> Iterator[psycopg.Connection[Any]]:
    """Open a connection of its own that hears the bell; the pool must not have it."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold", "pool"):
        parameters.pop(name, None)
    with psycopg.connect(**parameters, autocommit=True) as listener:
        listener.execute(f"LISTEN {queue.CHANNEL}")
        yield listener


def run(stop: threading.Event | None = None, *, threads: int | None = None) -> None:
    """Work until `stop` is set, or until SIGTERM or SIGINT if this is the main thread.

    What runs is finished (for up to 15 s); what was claimed and not started is handed back.

    Parameters
    ----------
    stop : made here unless given.
    threads : how many jobs at the same time; that of the settings unless given.
    """
    worker = Worker(threads=threads or settings.current().worker_threads, stop=stop)
    connection_created.connect(_limit_statements)
    if threading.current_thread() is threading.main_thread():

        def stop_working(signum: int, frame: FrameType | None) -> None:
            worker.stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop_working)
    worker.run()
    if worker.broken:
        raise WorkerBroken("A thread of the worker failed; the reason stands in the log above.")


def _limit_statements(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let no statement of a handler run for ever: its job would be with another worker by then."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = %s", [registry.longest_seconds() * 1000])


def main() -> int:
    """Run the worker as a process of its own; return its exit code."""
    run()
    return 0
