"""A torn record was never acknowledged; a damaged one was: they are never confused."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from townhall.ledger.log import journal as journals
from townhall.ledger.log.errors import DiskFull, LogDamaged
from townhall.ledger.log.files import Disk
from townhall.ledger.log.journal import Journal

FIRST = [b"the first batch", b"", b"has three entries"]
SECOND = [b"the second batch " + b"." * 1_700, b"two entries"]
LAST = [b"the last batch " + b"x" * 1200, b"ends here"]


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk(writers=1)
    yield disk
    disk.close()


def begin(folder: Path, disk: Disk) -> Journal:
    folder.mkdir(exist_ok=True)
    journal = Journal(folder, disk)
    assert list(journal.recover(0)) == []
    return journal


def recovered(folder: Path, disk: Disk, size: int = 0) -> list[bytes]:
    journal = Journal(folder, disk)
    found = [each for record in journal.recover(size) for each in record.entries]
    journal.close()
    return found


@pytest.fixture
def written(tmp_path: Path, disk: Disk) -> tuple[Path, list[int]]:
    """A segment with three records, and where each ends."""
    journal = begin(tmp_path / "journal", disk)
    ends = []
    for batch in (FIRST, SECOND, LAST):
        journal.append(batch)
        ends.append(journal.bytes_written)
    journal.close()
    return tmp_path / "journal" / f"{0:020d}.journal", ends


def test_batches_come_back_in_order_and_go_on(tmp_path: Path, disk: Disk) -> None:
    journal = begin(tmp_path / "journal", disk)
    assert journal.append(FIRST) == 0
    assert journal.append(SECOND) == 3
    journal.close()
    again = Journal(tmp_path / "journal", disk)
    assert [record.first for record in again.recover(0)] == [0, 3]
    assert again.append(LAST) == 5
    again.close()
    assert recovered(tmp_path / "journal", disk) == FIRST + SECOND + LAST


def test_power_cut_at_every_byte_of_the_last_record_loses_that_record_only(
    written: tuple[Path, list[int]], disk: Disk
) -> None:
    path, ends = written
    content = path.read_bytes()
    for length in range(ends[1], ends[2]):
        for each in path.parent.iterdir():
            each.unlink()
        path.write_bytes(content[:length])
        assert recovered(path.parent, disk) == FIRST + SECOND
        assert path.stat().st_size == ends[1]


def test_power_cut_that_left_sectors_unwritten_loses_the_last_record_only(
    written: tuple[Path, list[int]], disk: Disk
) -> None:
    path, ends = written
    content = path.read_bytes()
    for sector in range(ends[1] // 512, (ends[2] - 9) // 512 + 1):
        start, end = max(sector * 512, ends[1]), min(sector * 512 + 512, ends[2])
        for each in path.parent.iterdir():
            each.unlink()
        path.write_bytes(content[:start] + bytes(end - start) + content[end:])
        assert recovered(path.parent, disk) == FIRST + SECOND


def test_one_flipped_bit_anywhere_is_refused_and_nothing_is_cut_off(
    written: tuple[Path, list[int]], disk: Disk
) -> None:
    path, _ = written
    content = bytearray(path.read_bytes())
    # The last record's length, made greater, would look torn but for its own check.
    for at in range(len(content)):
        content[at] ^= 1 << at % 8
        path.write_bytes(content)
        with pytest.raises(LogDamaged, match=r"damaged at byte"):
            recovered(path.parent, disk)
        assert path.read_bytes() == content
        content[at] ^= 1 << at % 8


def test_a_sector_lost_in_an_acknowledged_record_is_refused(
    written: tuple[Path, list[int]], disk: Disk
) -> None:
    """It looks like a power cut, but a later record tells that this one was acknowledged."""
    path, ends = written
    content = path.read_bytes()
    at = (ends[0] // 512 + 1) * 512
    assert at + 512 < ends[1]
    path.write_bytes(content[:at] + bytes(512) + content[at + 512 :])
    with pytest.raises(LogDamaged, match="entry 3 was acknowledged"):
        recovered(path.parent, disk)


def test_what_a_full_disk_left_of_a_batch_does_not_stand_in_the_way(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = begin(tmp_path / "journal", disk)
    journal.append(FIRST)

    def half(descriptor: int, content: bytes) -> None:
        os.write(descriptor, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(journals, "write_whole", half)
        with pytest.raises(DiskFull):
            journal.append(LAST)
    assert journal.append([b"short"]) == 3
    journal.close()
    assert recovered(tmp_path / "journal", disk) == [*FIRST, b"short"]


def test_an_entry_that_looks_like_a_record_is_an_entry(tmp_path: Path, disk: Disk) -> None:
    journal = begin(tmp_path / "journal", disk)
    forged = journals._header(bytes(16), 1, 1, b"\x00\x01x") + b"\x00\x01x"
    journal.append([b"before"])
    start = journal.bytes_written
    journal.append([forged, b"y" * 5_000])
    journal.close()
    path = tmp_path / "journal" / f"{0:020d}.journal"
    os.truncate(path, start + 2_000)
    assert recovered(tmp_path / "journal", disk) == [b"before"]


def test_a_missing_segment_is_refused(tmp_path: Path, disk: Disk) -> None:
    journal = begin(tmp_path / "journal", disk)
    journal.append(FIRST)
    journal.start_segment()
    journal.append(SECOND)
    journal.start_segment()
    journal.append(LAST)
    journal.close()
    (tmp_path / "journal" / f"{3:020d}.journal").unlink()
    with pytest.raises(LogDamaged, match="lacks entries 3 to 4"):
        recovered(tmp_path / "journal", disk)


def test_segments_go_once_their_entries_lie_in_tiles(tmp_path: Path, disk: Disk) -> None:
    journal = begin(tmp_path / "journal", disk)
    journal.append(FIRST)
    journal.start_segment()
    journal.append(SECOND)
    journal.drop_before(2)
    assert len(list((tmp_path / "journal").iterdir())) == 2
    journal.drop_before(3)
    assert len(list((tmp_path / "journal").iterdir())) == 1
    journal.close()
    assert recovered(tmp_path / "journal", disk, size=3) == SECOND
