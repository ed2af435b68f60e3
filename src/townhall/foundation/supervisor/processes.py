"""Keeps the children of `townhall up` running, and stops them in reverse order.

One thread, one loop: the lines that the children say, their ends and the
signals of the operator all arrive at one selector. A child that ends is
started again after a pause that doubles up to half a minute, with the reason
shown. A child's whole process group goes with it, so that a half-dead server
keeps no port.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from townhall.foundation.database.errors import ClusterError
from townhall.foundation.supervisor import lifeline
from townhall.foundation.supervisor.console import Console

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
# A child that ran this long had started well: the next pause is short again.
STEADY_S = 60.0
STOP_PATIENCE_S = 20.0
# While PostgreSQL runs as our child, somebody has to look whether it still does.
LOOK_S = 0.5


class Server(Protocol):
    """What the supervisor needs of the embedded database."""

    @property
    def running(self) -> bool: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Stopped(Exception):
    """The operator asked to stop while something was being waited for."""


@dataclass
class Process:
    """One child: how it is started, and what became of it.

    Parameters
    ----------
    name
        What it is called in front of its lines.
    command
        Program and arguments.
    environment
        Its whole environment.
    """

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    child: lifeline.Child | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    pause: float = field(default=FIRST_PAUSE_S, init=False)
    due: float = field(default=0.0, init=False)

    @property
    def running(self) -> bool:
        """Whether it lives."""
        return self.child is not None and self.child.poll() is None


@dataclass
class _Database:
    server: Server
    pause: float = FIRST_PAUSE_S
    due: float = 0.0
    down: bool = False


class Supervisor:
    """Runs processes above a database until told to stop.

    Parameters
    ----------
    console
        Where the lines go.
    server
        The embedded database, already started; None when another runs it.
    """

    def __init__(self, console: Console, server: Server | None = None) -> None:
        self._console = console
        self._database = _Database(server) if server is not None else None
        self._processes: list[Process] = []
        self._selector = selectors.DefaultSelector()
        self._signals = 0
        self._may_interrupt = False

    @contextlib.contextmanager
    def signals(self) -> Iterator[None]:
        """Take Ctrl-C, SIGTERM and a closed terminal as the wish to stop, while the block runs.

        The second signal ends what is still there at once.
        """
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        os.set_blocking(reading, False)
        wakeup = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._stop_wanted) for number in wanted}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector.register(reading, selectors.EVENT_READ, None)
        try:
            yield
        finally:
            self._selector.unregister(reading)
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(wakeup)
            os.close(reading)
            os.close(writing)

    @property
    def stopping(self) -> bool:
        """Whether the operator has asked to stop, or nobody reads the lines any more."""
        return self._signals > 0 or self._console.closed

    def add(self, process: Process) -> None:
        """Start `process` and keep it running from now on."""
        self._processes.append(process)
        self._start(process)

    def run_once(self, process: Process) -> int:
        """Run `process` to its end, its lines prefixed; return its exit code.

        Raises
        ------
        Stopped
            When the operator asked to stop meanwhile; the process is ended.
        """
        self._start(process)
        child = process.child
        while child is not None and child.poll() is None:
            if self.stopping:
                self._end(process)
                raise Stopped
            self._turn(LOOK_S)
        self._gather(process)
        return child.returncode if child is not None else 1

    def wait_until(self, condition: Callable[[], bool], *, patience: float) -> bool:
        """Keep everything running until `condition` holds; False when `patience` (s) is over.

        Raises
        ------
        Stopped
            When the operator asked to stop meanwhile.
        """
        until = time.monotonic() + patience
        while not condition():
            if self.stopping:
                raise Stopped
            if time.monotonic() > until:
                return False
            self._turn(0.05)
            self._look_after()
        return True

    def run(self) -> None:
        """Keep everything running until the operator asks to stop."""
        with contextlib.suppress(Stopped):
            while not self.stopping:
                self._look_after()
                self._turn(self._patience())

    def stop(self) -> None:
        """End the processes in reverse order, each given time to finish what it does."""
        for process in reversed(self._processes):
            if process.child is not None:
                self._end(process)
        self._processes.clear()

    def _stop_wanted(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1
        if self._may_interrupt:
            raise Stopped

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Let a signal break off what happens in the block: a crash recovery can take minutes."""
        self._may_interrupt = True
        try:
            yield
        finally:
            self._may_interrupt = False

    def _patience(self) -> float:
        due = [p.due for p in self._processes if not p.running]
        limit = LOOK_S if self._database is not None else LONGEST_PAUSE_S
        return max(0.0, min([limit, *(moment - time.monotonic() for moment in due)]))

    def _turn(self, patience: float) -> None:
        """Wait for lines, ends and signals, and show the lines."""
        for key, _ in self._selector.select(patience):
            # Signals only have to wake us; what they mean is read elsewhere.
            data = os.read(key.fd, 65536) if key.data is None else self._read(key.data)
            if key.data is not None and data:
                self._console.feed(key.data.name, data)

    def _read(self, process: Process) -> bytes:
        stream = process.child.stdout if process.child is not None else None
        if stream is None:
            return b""
        data = os.read(stream.fileno(), 65536)
        if not data:
            self._selector.unregister(stream)
        return data

    def _look_after(self) -> None:
        self._look_after_database()
        for process in self._processes:
            if process.child is not None and not process.running:
                self._ended(process)
            if process.child is None and time.monotonic() >= process.due:
                self._start(process)

    def _look_after_database(self) -> None:
        database = self._database
        if database is None or database.server.running or time.monotonic() < database.due:
            return
        if not database.down:
            self._console.line("database", "PostgreSQL has stopped unexpectedly; starting it again")
        database.down = True
        try:
            with self._interruptible():
                database.server.start()
        except ClusterError as error:
            self._console.line("database", f"{error} Trying again in {database.pause:g} s.")
            database.due = time.monotonic() + database.pause
            database.pause = min(2 * database.pause, LONGEST_PAUSE_S)
            return
        database.down, database.pause = False, FIRST_PAUSE_S
        self._console.line("database", "PostgreSQL is running again; nothing stored was lost")

    def _start(self, process: Process) -> None:
        process.child = lifeline.spawn(
            process.command,
            # Not SIGTERM: whatever happens, nothing may be left that still holds a port.
            on_parent_death=signal.SIGKILL,
            environment=process.environment,
            output=lifeline.PIPE,
        )
        process.started = time.monotonic()
        assert process.child.stdout is not None
        os.set_blocking(process.child.stdout.fileno(), False)
        self._selector.register(process.child.stdout, selectors.EVENT_READ, process)

    def _ended(self, process: Process) -> None:
        """Say why a process ended and set the moment of its next start."""
        assert process.child is not None
        reason = why(process.child.returncode)
        self._gather(process)
        if time.monotonic() - process.started > STEADY_S:
            process.pause = FIRST_PAUSE_S
        process.due = time.monotonic() + process.pause
        self._console.line(process.name, f"{reason}; starting it again in {process.pause:g} s")
        process.pause = min(2 * process.pause, LONGEST_PAUSE_S)

    def _end(self, process: Process) -> None:
        """Ask a process to stop, wait while its lines are shown, and kill what does not go."""
        child = process.child
        if child is None:
            return
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
        until = time.monotonic() + STOP_PATIENCE_S
        while child.poll() is None and time.monotonic() < until and self._signals < 2:
            self._turn(0.05)
        if child.poll() is None:
            self._console.line(process.name, "did not stop in time and is killed")
        self._gather(process)

    def _gather(self, process: Process) -> None:
        """End the process group, show the last lines and forget the child."""
        child, stream = process.child, process.child.stdout if process.child else None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        if stream is not None:
            with contextlib.suppress(BlockingIOError):
                while data := os.read(stream.fileno(), 65536):
                    self._console.feed(process.name, data)
            with contextlib.suppress(KeyError):
                self._selector.unregister(stream)
            stream.close()
        self._console.finish(process.name)
        if child.watch is not None:
            os.close(child.watch)
        process.child = None


def why(code: int) -> str:
    """Say in words how a process ended, from its exit code."""
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"was ended by {name}" + (" (out of memory?)" if -code == signal.SIGKILL else "")
    return f"ended with code {code}"


def townhall(*arguments: str) -> list[str | Path]:
    """Return the command line of another Townhall command in this same environment."""
    return [sys.executable, "-m", "townhall", *arguments]
