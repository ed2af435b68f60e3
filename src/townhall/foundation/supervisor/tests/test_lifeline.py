"""No child outlives its parent, however the parent goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from townhall.foundation.supervisor import lifeline

PARENT = """
import os, signal, sys, time
from townhall.foundation.supervisor import lifeline
child = lifeline.spawn(
    [sys.executable, "-c", "import time; time.sleep(600)"],
    on_parent_death=signal.SIGKILL,
    environment=dict(os.environ),
    output=1,
    user={user},
)
print(child.pid, flush=True)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie that nobody has reaped yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone_within(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            return False
        time.sleep(0.01)
    return True


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("user", [None, 65_534])
def test_a_child_dies_with_its_parent_also_after_dropping_from_root(
    number: signal.Signals, user: int | None
) -> None:
    if user is not None and os.geteuid() != 0:
        pytest.skip("only root can drop to another user")
    script = PARENT.format(user=user)
    if user is not None:
        # The interpreter may lie where that user cannot go; sleep(1) does not.
        script = script.replace(
            '[sys.executable, "-c", "import time; time.sleep(600)"]', '["/bin/sleep", "600"]'
        )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.send_signal(number)
    parent.wait()
    assert gone_within(child, 30)


def test_a_thread_may_not_start_what_would_die_with_it() -> None:
    caught: list[Exception] = []

    def start() -> None:
        try:
            lifeline.spawn(["/bin/true"], on_parent_death=signal.SIGKILL, environment={}, output=1)
        except lifeline.NotMainThread as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_where_the_kernel_has_no_lifeline_a_pipe_is_one() -> None:
    """What other systems than Linux get, shown here on its own."""
    script = (
        "import signal, subprocess, time\n"
        "from townhall.foundation.supervisor import lifeline\n"
        "child = subprocess.Popen(['/bin/sleep', '600'], start_new_session=True)\n"
        "watch = lifeline.pipe_watch(child.pid, signal.SIGINT)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(0.2)
    assert alive(child), "the pipe is open, nothing happens"
    parent.kill()
    parent.wait()
    assert gone_within(child, 30)


def test_a_forked_worker_dies_with_the_server_that_forked_it() -> None:
    script = (
        "import multiprocessing, time\n"
        "from townhall.foundation.supervisor import lifeline\n"
        "def work():\n"
        "    lifeline.die_with_parent()\n"
        "    time.sleep(600)\n"
        "worker = multiprocessing.get_context('fork').Process(target=work)\n"
        "worker.start()\n"
        "time.sleep(0.3)\n"
        "print(worker.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert gone_within(worker, 30)
