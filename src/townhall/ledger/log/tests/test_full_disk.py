"""A full disk stops a log without harm: it goes on once there is room."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from townhall.ledger.log import files
from townhall.ledger.log.errors import DiskFull, LogStopped
from townhall.ledger.log.log import Log
from townhall.ledger.log.tests import logs

SMALL = "mount -t tmpfs -o size=3m none {0} && exec {1} -m townhall.ledger.log.tests.fill {0}"


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """A child process with a disk of 3 MiB of its own fills it, and goes on after making room."""
    if not shutil.which("unshare"):
        pytest.skip("needs `unshare` to mount a small disk")
    script = SMALL.format(tmp_path, sys.executable)
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this machine lets nobody mount a small disk")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "right"


def test_a_failed_sync_of_the_journal_stops_the_log_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = logs.make(tmp_path / "log", 100)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", _fail)
        with pytest.raises(LogStopped, match="could not sync the journal"):
            log.append([b"uncertain"])
    for attempt in (lambda: log.append([b"later"]), log.integrate, lambda: log.sign(logs.sign)):
        with pytest.raises(LogStopped):
            attempt()
    assert log.appended == 100
    log.close()
    with Log.open(tmp_path / "log") as again:
        assert again.appended in (100, 101)
        assert again.size == again.appended


def test_a_failed_sync_of_a_tile_stops_the_log_and_leaves_no_tile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = logs.make(tmp_path / "log", 100)
    logs.grow(log, 300)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", _fail)
        with pytest.raises(LogStopped):
            log.integrate()
    assert not (log.public / "tile/0/000").exists()
    with pytest.raises(LogStopped):
        log.append([b"later"])
    log.close()
    with Log.open(tmp_path / "log") as again:
        logs.must_be_right(again, 300)


def test_no_room_for_tiles_leaves_the_entries_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with logs.make(tmp_path / "log", 100) as log:
        logs.grow(log, 300)
        with monkeypatch.context() as full:
            full.setattr(files, "write_whole", _no_room)
            with pytest.raises(DiskFull, match="make room"):
                log.integrate()
        assert log.size == 100
        assert not list((tmp_path / "log").rglob("*.new"))
        assert log.append([logs.entry(300)]) == range(300, 301)
        logs.tick(log)
        logs.must_be_right(log, 301)


def _fail(*_: object) -> None:
    raise OSError(5, "Input/output error")


def _no_room(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_nothing_is_told_before_every_file_and_folder_is_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = {"fsync": os.fsync, "fdatasync": os.fdatasync}

    def record(name: str):
        def sync(descriptor: int) -> None:
            real[name](descriptor)
            synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))

        return sync

    with logs.make(tmp_path / "log", 100) as log:
        for name in real:
            monkeypatch.setattr(os, name, record(name))
        log.append(logs.entries(100, 300))
        assert synced == [str(next((tmp_path / "log" / "journal").iterdir()))]
        before = set(log.public.rglob("*"))
        synced.clear()
        log.integrate()
        new = set(log.public.rglob("*")) - before
        drafts = {f"{path}.new" for path in new if path.is_file()}
        assert len(drafts) == 2 + 2 + 1
        assert drafts <= set(synced), "files are synced before renaming"
        assert {str(path.parent) for path in new} <= set(synced), "and then the names"
        synced.clear()
        log.publish(log.sign(logs.sign))
        folder = tmp_path / "log"
        for path in (folder / "checkpoint.signed", folder / "public" / "checkpoint"):
            draft, place = synced.index(f"{path}.new"), synced.index(str(path.parent))
            assert draft < place
