"""Killed at any point, or cut off from power: what was acknowledged and published stays."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from townhall.ledger.log.log import Log
from townhall.ledger.log.tests import logs

POINTS = [
    "journal unsynced",
    "journal synced",
    "journal segment",
    "journal dropped",
    "file unsynced",
    "files written",
    "files renamed",
    "folders synced",
    "integrated marked",
    "checkpoint unsigned",
    "checkpoint signed",
    "checkpoint published",
    "partial tiles removed",
]
ROUNDS = int(os.environ.get("TOWNHALL_CRASH_ROUNDS", "5"))


def work(folder: Path, fault: Callable[[str], None], tell: Callable[[str, int], None]) -> None:
    """Open a log and let it grow for three ticks, telling what is acknowledged."""
    with Log.open(folder, fault=fault) as log:
        for batch in (3, 250, 40):
            log.append(logs.entries(log.appended, log.appended + batch))
            tell("acknowledged", log.appended)
            log.append(logs.entries(log.appended, log.appended + 1))
            tell("acknowledged", log.appended)
            logs.tick(log)
            log._rotate()  # otherwise only after 16 MiB
            tell("published", log.size)


def run_and_kill(folder: Path, point: str, turn: int) -> dict[str, int]:
    """Work in a child process that kills itself at a point; return what it told."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        left = turn

        def fault(passed: str) -> None:
            nonlocal left
            left -= passed == point
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            work(
                folder,
                fault,
                lambda what, size: os.write(writer, b"%s %d\n" % (what.encode(), size)),
            )  # type: ignore[func-returns-value]
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        lines = [line.split() for line in told]
    os.waitpid(child, 0)
    return {what: int(size) for what, size in lines}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point_again_and_again(tmp_path: Path, point: str) -> None:
    folder = tmp_path / "log"
    chance = random.Random(point)
    Log.create(folder, logs.ORIGIN).close()
    acknowledged = 0
    for _ in range(ROUNDS):
        told = run_and_kill(folder, point, chance.randint(1, 6))
        acknowledged = max(acknowledged, told.get("acknowledged", 0))
        assert logs.published_size(folder) >= told.get("published", 0)
        with Log.open(folder, deep=chance.random() < 0.2) as log:
            logs.must_be_right(log, acknowledged)
            assert not log.mended
            acknowledged = log.appended
        if acknowledged > 1_000:
            acknowledged = anew(folder)
    with Log.open(folder, deep=True) as log:
        logs.must_be_right(log, acknowledged)
        assert log.size == log.appended


def anew(folder: Path) -> int:
    """Begin an empty log: large ones make the rounds slow, not hard."""
    shutil.rmtree(folder)
    Log.create(folder, logs.ORIGIN).close()
    return 0


class PowerCut(BaseException):
    """The lights go out."""


def cut_power(folder: Path, durable: Path, point: str, turn: int) -> dict[str, int]:
    """Work until a point; keep beside it what had been synced until then."""
    told: dict[str, int] = {}
    left = turn

    def fault(passed: str) -> None:
        nonlocal left
        if passed in ("folders synced", "journal synced", "journal segment", "integrated marked"):
            shutil.rmtree(durable, ignore_errors=True)
            shutil.copytree(folder, durable)
        left -= passed == point
        if left <= 0:
            raise PowerCut

    shutil.rmtree(durable, ignore_errors=True)
    shutil.copytree(folder, durable)
    with suppress(PowerCut):
        work(folder, fault, told.__setitem__)
    return told


def what_survives(folder: Path, durable: Path, chance: random.Random) -> None:
    """Leave in `folder` a mixture of what was synced and what was not."""
    paths = {
        path.relative_to(top)
        for top in (folder, durable)
        for path in top.rglob("*")
        if path.is_file()
    }
    for path in sorted(paths):
        now, synced = folder / path, durable / path
        if path.suffix == ".journal" and now.exists() and synced.exists():
            least = min(now.stat().st_size, synced.stat().st_size)
            os.truncate(now, chance.randint(least, now.stat().st_size))
        elif path.suffix == ".new" and now.exists():
            os.truncate(now, chance.randint(0, now.stat().st_size))
        elif chance.random() < 0.5:
            now.unlink(missing_ok=True)
            if synced.exists():
                now.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(synced, now)


@pytest.mark.parametrize("point", POINTS)
def test_power_cut_at_a_point_keeps_what_was_synced(tmp_path: Path, point: str) -> None:
    folder, durable = tmp_path / "log", tmp_path / "durable"
    chance = random.Random(point)
    Log.create(folder, logs.ORIGIN).close()
    for _ in range(ROUNDS):
        told = cut_power(folder, durable, point, chance.randint(1, 6))
        what_survives(folder, durable, chance)
        assert logs.published_size(folder) >= told.get("published", 0)
        with Log.open(folder, deep=chance.random() < 0.5) as log:
            logs.must_be_right(log, told.get("acknowledged", 0))
            assert not log.mended
        if log.appended > 1_000:
            anew(folder)
