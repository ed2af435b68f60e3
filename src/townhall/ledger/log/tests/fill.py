"""Fill a small disk with a log, make room, and go on; see `test_full_disk`."""

from __future__ import annotations

import sys
from pathlib import Path

from townhall.ledger.log.errors import DiskFull
from townhall.ledger.log.log import Log
from townhall.ledger.log.tests import logs


def main(disk: Path) -> None:
    """Meet a full disk in every step of a tick."""
    ballast = disk / "ballast"
    log = Log.create(disk / "log", logs.ORIGIN)
    met: set[str] = set()
    for room in range(0, 100_000, 4_096):
        size = log.appended
        _fill(ballast, leaving=room)
        for step in (_append, Log.integrate, logs.tick):
            try:
                step(log)
            except DiskFull:
                met.add(step.__name__)
        assert log.appended - size in (0, 200), "half a batch is visible"
        ballast.unlink()
        logs.tick(log)
        logs.must_be_right(log, size)
    assert met == {"_append", "integrate", "tick"}, f"the disk was full for {met} only"
    log.close()
    with Log.open(disk / "log", deep=True) as again:
        logs.must_be_right(again, log.appended)
        assert not again.mended
    print("right")  # noqa: T201  # for the test that started this


def _append(log: Log) -> None:
    log.append(logs.entries(log.appended, log.appended + 200))


def _fill(path: Path, *, leaving: int) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            pass
        try:
            while True:
                file.write(bytes(4_096))
        except OSError:
            pass
        file.truncate(max(path.stat().st_size - leaving, 0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
