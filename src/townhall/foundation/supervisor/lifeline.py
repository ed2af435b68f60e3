"""Children that do not outlive their parent.

Linux offers `PR_SET_PDEATHSIG`: the kernel sends the child a signal when the
*thread* that forked it ends. Two traps follow, and both are handled here. The
setting is cleared by a change of user, so it is made after it; and the parent
may die between the fork and the setting, so the child looks once more who its
parent is. Elsewhere a small shell waits at the other end of a pipe that only
the parent holds open.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
PIPE = subprocess.PIPE


class NotMainThread(RuntimeError):
    """A child with a lifeline was to be started from a thread that may end before it."""


class Child(subprocess.Popen[bytes]):
    """A running child; `watch` keeps its lifeline where the kernel has none."""

    watch: int | None = None


def spawn(
    command: Sequence[str | Path],
    *,
    on_parent_death: signal.Signals,
    environment: Mapping[str, str],
    output: int | IO[bytes],
    folder: Path | None = None,
    user: int | None = None,
    group: int | None = None,
    own_session: bool = True,
) -> Child:
    """Start `command` so that it gets `on_parent_death` when this process dies.

    Parameters
    ----------
    command
        Program and arguments.
    on_parent_death
        Signal that the child gets when this process ends, however it ends.
    environment
        The child's whole environment.
    output
        Where standard output and error go (a descriptor or `subprocess.PIPE`).
    folder
        Working folder of the child.
    user, group
        Numeric ids to drop to (needs root); supplementary groups are dropped.
    own_session
        Start a session of its own, so that Ctrl-C in a terminal does not
        reach the child and the parent can stop things in the right order.

    Raises
    ------
    NotMainThread
        When called from another thread than the main one: the child would
        die with that thread.
    """
    if threading.current_thread() is not threading.main_thread():
        raise NotMainThread("A process with a lifeline must be started from the main thread.")
    child = Child(
        [os.fspath(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environment),
        cwd=folder,
        user=user,
        group=group,
        extra_groups=None if user is None else [],
        start_new_session=own_session,
        # Runs after the change of user, and makes system calls only.
        preexec_fn=_death_signal(on_parent_death),
    )
    if sys.platform != "linux":
        child.watch = pipe_watch(child.pid, on_parent_death)
    return child


def _death_signal(number: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def set_in_child() -> None:
        if prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0) != 0 or os.getppid() != parent:
            os._exit(127)

    return set_in_child


def die_with_parent(number: signal.Signals = signal.SIGKILL) -> None:
    """Have this process get `number` when the process that forked it dies (Linux).

    For workers that a server forks itself. Call it in the worker's main thread.
    """
    if sys.platform != "linux":
        return
    parent = multiprocessing.parent_process()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if parent is not None and os.getppid() != parent.pid:
        os._exit(0)


def pipe_watch(pid: int, number: signal.Signals) -> int:
    """Have a shell send `number` to `pid` when this process ends; return the pipe to keep open.

    The pipe's other end is held by this process alone: it closes when the
    process dies, the shell's `read` returns, and it signals. Closing the
    returned descriptor by hand does the same.
    """
    reading, writing = os.pipe()
    try:
        subprocess.Popen(  # noqa: S603 - two numbers of our own, no outside input
            ["/bin/sh", "-c", f"read -r _; kill -{int(number)} {pid} 2>/dev/null"],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    finally:
        os.close(reading)
    return writing
