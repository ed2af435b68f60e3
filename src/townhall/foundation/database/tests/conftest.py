"""Places for real clusters, and a way to be another user for a moment."""

from __future__ import annotations

import os
import pickle
import pwd
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from townhall.foundation.database.cluster import Cluster, temporary_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in which a cluster may live, whoever runs the tests; removed afterwards."""
    with temporary_folder("th-") as folder:
        yield folder


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder that was started and stopped once, for tests that only look or start again."""
    with temporary_folder("th-") as folder:
        with Cluster(folder / "database"):
            pass
        yield folder / "database"


def as_user(name: str, what: Callable[[], Any]) -> Any:
    """Run `what` in a forked process of user `name` and return its (picklable) result.

    A fork, not a program: the interpreter may lie where that user cannot go.
    An exception is raised again here.
    """
    user = pwd.getpwnam(name)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            try:
                outcome = (True, what())
            except BaseException as error:
                outcome = (False, (type(error).__name__, str(error)))
            with os.fdopen(writing, "wb") as stream:
                pickle.dump(outcome, stream)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    os.waitpid(pid, 0)
    done, value = pickle.loads(data)
    if not done:
        raise OtherUserFailed(*value)
    return value


class OtherUserFailed(Exception):
    """What happened to the other user: the kind of error and its message."""
