"""The surroundings of a test run; pytest loads this before it reads Django's settings.

Named in `addopts`, because a `conftest.py` comes too late: by then the settings
have been read, and would be those of a demo town hall in the user's own folder.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test asserts by the clock, and a machine that is busy is no fault of the code.
settings.register_profile("townhall", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("townhall")

# Short: a socket's path has 107 bytes at most, and the clusters of tests lie below.
SCRATCH = Path(tempfile.mkdtemp(prefix="th-", dir="/tmp"))
SCRATCH.chmod(0o711)  # run by root, the server drops to another user who must pass through
os.environ["TOWNHALL_PROFILE"] = "test"
os.environ["TOWNHALL_DATA"] = str(SCRATCH / "data")
os.environ["TOWNHALL_SECRET_KEY"] = "a-key-for-tests-" * 4
for name in ("DATABASE_URL", "TOWNHALL_OWNER_DATABASE_URL"):
    os.environ.pop(name, None)  # tests empty tables: never those of a server in use


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(SCRATCH, ignore_errors=True)
