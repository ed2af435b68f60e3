"""The virus scanner's port, spoken at the wire with a local server in clamd's place."""

from __future__ import annotations

import io
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from townhall.foundation import events, files, jobs, settings
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.foundation.files import blobs, scan

# Standing in for the EICAR test file, which scanners on a developer's machine would take away.
SAMPLE = b"TOWNHALL-TEST-SIGNATURE"


class FakeClamd:
    """Reads INSTREAM as clamd does (clamd(8)) and answers; `answer` overrides what it says."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.received: list[bytes] = []
        self.answer: bytes | None = None
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while (length := struct.unpack(">I", stream.read(4))[0]) > 0:
                    assert length <= 1 << 20
                    content += stream.read(length)
                self.received.append(content)
                if self.answer is not None:
                    connection.sendall(self.answer)
                elif SAMPLE in content:
                    connection.sendall(b"stream: Townhall.Test.Signature FOUND\0")
                else:
                    connection.sendall(b"stream: OK\0")


@pytest.fixture
def clamd() -> Iterator[tuple[FakeClamd, str]]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield FakeClamd(listener), f"127.0.0.1:{listener.getsockname()[1]}"


def test_clean_and_infected(clamd: tuple[FakeClamd, str]) -> None:
    server, address = clamd
    content = b"x" * 200_000
    assert scan.scan(io.BytesIO(content), address) == ("clean", "")
    assert scan.scan(io.BytesIO(b""), address) == ("clean", "")
    assert scan.scan(io.BytesIO(content + SAMPLE), address) == (
        "infected",
        "Townhall.Test.Signature",
    )
    assert server.received == [content, b"", content + SAMPLE], "every byte reached the scanner"


def test_a_socket_in_the_file_system(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "clamd"))
        listener.listen()
        FakeClamd(listener)
        assert scan.scan(io.BytesIO(SAMPLE), str(tmp_path / "clamd")).state == "infected"


@pytest.mark.parametrize(
    "answer",
    [b"INSTREAM size limit exceeded. ERROR\0", b"", b"OK\0", b"stream: OKAY\0", b"x" * 9_000],
)
def test_an_answer_that_is_none_is_not_clean(clamd: tuple[FakeClamd, str], answer: bytes) -> None:
    server, address = clamd
    server.answer = answer
    with pytest.raises(scan.ScannerUnavailable):
        scan.scan(io.BytesIO(b"x"), address)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for address in (f"127.0.0.1:{port}", "/nowhere/clamd"):
        with pytest.raises(scan.ScannerUnavailable, match="virus scanner"):
            scan.scan(io.BytesIO(b"x"), address)


@pytest.fixture
def scanning(
    clamd: tuple[FakeClamd, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """A house whose settings name a scanner; call it with another address to change that."""
    monkeypatch.setattr(blobs, "root", lambda: tmp_path / "files")
    true = settings.current()

    def use(address: str) -> None:
        monkeypatch.setattr(settings, "current", lambda: replace(true, scan_address=address))

    use(clamd[1])
    return use


def take(content: bytes) -> files.StoredFile:
    return files.store(
        content=content,
        name="a.txt",
        accept=("txt",),
        max_bytes=1_000,
        person_id=None,
        acting=SYSTEM,
    )


@pytest.mark.django_db
def test_what_comes_in_is_scanned(scanning: Callable[[str], None]) -> None:
    with scope(SYSTEM):
        good, bad, gone = take(b"good"), take(SAMPLE), take(b"gone")
        assert good.scan == "not scanned"
        files.drop(gone.id)
    assert jobs.run_due() == 3
    with scope(SYSTEM):
        assert files.describe(good.id).scan == "clean"
        files.read(good.id)[1].close()
        with pytest.raises(files.FileInfected):
            files.read(bad.id)
        (told,) = events.history(subject=bad.id, person_id=None)
    assert (told.kind, told.payload) == ("file.infected", {"found": "Townhall.Test.Signature"})


@pytest.mark.django_db
def test_while_the_scanner_is_away_files_stay_not_scanned(
    scanning: Callable[[str], None], clamd: tuple[FakeClamd, str]
) -> None:
    scanning("/nowhere/clamd")
    with scope(SYSTEM):
        stored = take(b"good")
    with pytest.raises(jobs.JobFailed, match="virus scanner"):
        jobs.run_due()
    with scope(SYSTEM):
        assert files.describe(stored.id).scan == "not scanned"
    scanning(clamd[1])
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_job SET run_at = now()")
    assert jobs.run_due() == 1
    with scope(SYSTEM):
        assert files.describe(stored.id).scan == "clean"
