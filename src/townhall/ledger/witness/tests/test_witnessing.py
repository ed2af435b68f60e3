"""Every row of the witness's status table, against a real process (C2SP tlog-witness)."""

from __future__ import annotations

import gzip
import http.client
import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from townhall.ledger.engine import witnessing
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.witness.tests import town
from townhall.ledger.witness.tests.town import Running

HASH = sha256(town.ORIGIN.encode()).hexdigest()


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Running]:
    running = town.start(tmp_path / "w1")
    yield running
    running.stop()


def test_growth_is_cosigned_with_both_keys_and_served_to_monitors(witness: Running) -> None:
    log = town.honest(300)
    assert witness.ask("GET", f"/witness/{HASH}/checkpoint").status == 404
    for old, size in ((0, 5), (5, 5), (5, 300)):
        reply = witness.add_checkpoint(log.request(old, size))
        assert reply.status == 200
        checkpoint = Checkpoint(town.ORIGIN, size, log.root(size))
        made = witnessing.accept_signatures(reply.body, checkpoint, witness.keys)
        assert [each.name for each in made] == ["court.example/w1"] * 2
    served = witness.ask("GET", f"/witness/{HASH}/checkpoint")
    assert served.headers["content-type"] == "text/plain; charset=utf-8"
    note = SignedNote.parse(served.body)
    signers = {(each.name, each.key_id) for each in note.signatures}
    assert signers == {
        (key.name, key.key_id)
        for key in (*(each.key for each in town.SIGNERS), *witness.keys)
        if not key.name.endswith("/rules")
    }


def test_the_status_table_row_by_row(witness: Running) -> None:
    log, other = town.honest(300), town.rewritten(300, 7)
    assert witness.add_checkpoint(log.request(0, 100)).status == 200
    stale = witness.add_checkpoint(log.request(50, 200))
    assert (stale.status, stale.body) == (409, b"100\n")
    assert stale.headers["content-type"] == "text/x.tlog.size"
    replayed = witness.add_checkpoint(log.request(0, 100))
    assert (replayed.status, replayed.body) == (409, b"100\n")
    request = log.request(100, 200)
    shrunk = log.request(0, 50).replace(b"old 0\n", b"old 100\n")
    unknown = town.sign(5, log.root(5), origin="town.example/other")
    for status, body in (
        (400, b""),
        (400, b"old 100\n"),
        (400, request.replace(b"\n", b"\r\n")),
        (400, request.replace(b"old 100", b"old 0100")),
        (400, b"old 100\n" + b"A" * 43 + b"=\n" + b"\n" + request),
        (400, shrunk),
        (400, _with_hashes(request, 64)),
        (403, log.request(100, 200, town.STRANGER)),
        (403, request.replace(b"\n200\n", b"\n201\n")),
        (404, b"old 0\n\n" + unknown.render()),
        (422, _without_last_hash(request)),
        (422, _with_hashes(request, 63)),
        (422, other.request(100, 200)),
        (422, other.request(100, 100)),
    ):
        reply = witness.add_checkpoint(body)
        assert (reply.status, body[:20]) == (status, body[:20]), reply.text
    assert witness.add_checkpoint(request).status == 200


def _without_last_hash(request: bytes) -> bytes:
    proof, _, note = request.partition(b"\n\n")
    return proof.rpartition(b"\n")[0] + b"\n\n" + note


def _with_hashes(request: bytes, count: int) -> bytes:
    first = request.partition(b"\n")[0]
    note = request.partition(b"\n\n")[2]
    return first + b"\n" + (b"A" * 43 + b"=\n") * count + b"\n" + note


def test_the_rows_of_a_log_not_seen_before(witness: Running) -> None:
    log = town.honest(300)
    assert witness.add_checkpoint(log.request(100, 200)).status == 409
    with_proof = _with_hashes(log.request(0, 200), 1)
    assert witness.add_checkpoint(with_proof).status == 422
    wrong_empty = town.sign(0, bytes(32))
    assert witness.add_checkpoint(b"old 0\n\n" + wrong_empty.render()).status == 422
    assert "a root for no entries" in witness.alarms()
    assert witness.add_checkpoint(b"old 0\n\n" + town.sign(0, sha256(b"").digest()).render()).status
    assert witness.add_checkpoint(log.request(0, 200)).status == 200


def test_other_requests_are_answered_and_do_no_harm(witness: Running) -> None:
    assert witness.ask("GET", "/add-checkpoint").status == 405
    assert witness.ask("POST", "/health").status == 405
    assert witness.ask("GET", "/index.html").status == 404
    assert witness.ask("POST", "/").status == 405
    assert witness.ask("GET", "/witness/../../state.sqlite").status == 404
    assert witness.ask("GET", f"/mirror/{HASH}/../../keys.json").status == 404
    assert witness.ask("GET", f"/mirror/{HASH}/tile/0/000").status == 404
    assert witness.ask("HEAD", "/health").body == b""
    assert witness.add_checkpoint(b"x" * 300_000).status in (400, 413)
    assert witness.add_checkpoint(town.honest(10).request(0, 10)).status == 200


@pytest.mark.parametrize("kind", ["split-view", "fork", "unproved"])
def test_a_log_with_two_histories_raises_an_alarm_with_evidence(
    witness: Running, kind: str
) -> None:
    log, other = town.honest(300), town.rewritten(320, 7)
    assert witness.add_checkpoint(log.request(0, 300)).status == 200
    _mirror(witness, log, 300)
    body, status = {
        "split-view": (other.request(0, 300), 409),  # whatever the old size says
        "fork": (other.request(0, 100), 409),
        "unproved": (other.request(300, 320), 422),
    }[kind]
    assert witness.add_checkpoint(body).status == status
    assert f"[{kind}] {town.ORIGIN}" in witness.alarms()
    (evidence,) = (witness.folder / "evidence").iterdir()
    told = json.loads(evidence.read_text())
    assert told["sent"].encode() == body.partition(b"\n\n")[2]
    assert told["seen"].startswith(f"{town.ORIGIN}\n300\n")
    assert (witness.folder / "alarms.txt").read_text().count("[") == 1
    witness.add_checkpoint(body)
    assert (witness.folder / "alarms.txt").read_text().count("[") == 1
    assert witness.add_checkpoint(log.request(300, 300)).status == 200


def _mirror(witness: Running, log: town.History, size: int) -> None:
    assert witness.add_entries(log.upload(0, size)).status == 200


def test_a_suspicion_is_settled_once_the_proof_arrives(witness: Running) -> None:
    """A stranger spoils a proof: the log is not guilty."""
    log = town.honest(300)
    assert witness.add_checkpoint(log.request(0, 100)).status == 200
    assert witness.add_checkpoint(_without_last_hash(log.request(100, 200))).status == 422
    assert witness.health()["open_alarms"] == 1
    assert witness.add_checkpoint(log.request(100, 200)).status == 200
    assert witness.health()["open_alarms"] == 0
    assert "It ended because the proof arrived" in witness.alarms()


def test_a_log_restored_from_a_backup_is_noticed(witness: Running) -> None:
    log = town.honest(300)
    assert witness.add_checkpoint(log.request(0, 300)).status == 200
    body = log.request(0, 200).replace(b"old 0\n", b"old 300\n")
    assert witness.add_checkpoint(body).status == 400
    assert "[shrunk]" in witness.alarms()
    assert "restored from a backup" in witness.alarms()


def test_requests_at_once_never_roll_a_witness_back(witness: Running) -> None:
    """C2SP/C2SP pull request 66: the race between checking and storing."""
    log = town.honest(200)
    assert witness.add_checkpoint(log.request(0, 1)).status == 200
    largest = 1
    for turn in range(8):
        base = largest
        bodies = [log.request(base, base + step) for step in (1, 5, 10, 20)]
        replies: list[tuple[int, int]] = []

        def send(body: bytes, step: int, replies: list[tuple[int, int]] = replies) -> None:
            replies.append((witness.add_checkpoint(body).status, step))

        threads = [
            threading.Thread(target=send, args=each)
            for each in zip(bodies, (1, 5, 10, 20), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        won = [step for status, step in replies if status == 200]
        assert len(won) == 1, f"turn {turn}: {replies}"
        largest = base + won[0]
        stale = witness.add_checkpoint(log.request(0, 1))
        assert stale.body == b"%d\n" % largest


def test_killed_in_the_middle_a_witness_forgets_nothing_that_it_signed(tmp_path: Path) -> None:
    log = town.honest(400)
    signed = 0
    for turn in range(5):
        witness = town.start(tmp_path / "w1")
        told = witness.add_checkpoint(log.request(399, 400))
        assert told.status == 409
        assert int(told.body) >= signed
        base = int(told.body)
        killer = threading.Timer(0.02 * turn, witness.process.kill)
        killer.start()
        try:
            for size in range(base + 1, base + 60):
                if witness.add_checkpoint(log.request(size - 1, size)).status == 200:
                    signed = size
        except (OSError, http.client.HTTPException):  # also in the middle of an answer
            pass
        killer.join()
        witness.stop(signal.SIGKILL)
    assert signed


def test_eight_slow_clients_do_not_hold_up_the_ninth(witness: Running) -> None:
    """Each promises a body and sends one byte of it."""
    url = urlsplit(witness.url)
    slow = [socket.create_connection((url.hostname, url.port)) for _ in range(20)]
    try:
        for each in slow:
            each.sendall(
                b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\no"
            )
        assert witness.add_checkpoint(town.honest(10).request(0, 10)).status == 200
    finally:
        for each in slow:
            each.close()


def test_a_client_that_sends_byte_by_byte_is_cut_off(tmp_path: Path) -> None:
    """Every byte is activity; only the whole request is progress."""
    witness = town.start(tmp_path / "w1", seconds=1)
    url = urlsplit(witness.url)
    try:
        with socket.create_connection((url.hostname, url.port), town.PATIENCE) as slow:
            slow.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100000\r\n\r\n")
            slow.settimeout(0.2)
            for _ in range(town.PATIENCE * 5):
                try:
                    slow.sendall(b"o")
                    if slow.recv(1) == b"":
                        break
                except TimeoutError:
                    continue
                except OSError:
                    break
            else:
                raise AssertionError("it may send as long as it likes")
        assert witness.add_checkpoint(town.honest(10).request(0, 10)).status == 200
    finally:
        witness.stop()


def test_a_body_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    witness = town.start(tmp_path / "w1", largest_body=100_000)
    log = town.honest(2_000)
    try:
        assert witness.add_checkpoint(log.request(0, 2_000)).status == 200
        packed = gzip.compress(log.upload(0, 2_000, packages=3))
        assert len(packed) < 100_000
        part = witness.add_entries(packed, **{"Content-Encoding": "gzip"})
        assert (part.status, part.text.splitlines()[:2]) == (202, ["2000", "256"])
        assert witness.add_entries(log.upload(0, 2_000)).status == 413
        assert witness.add_entries(log.upload(256, 2_000, packages=1)).status == 202
    finally:
        witness.stop()


def answers(connection: socket.socket) -> int:
    """How many answers still lie on a line that is read to its end."""
    connection.settimeout(20)
    content = b""
    with suppress(ConnectionError):
        while part := connection.recv(1 << 16):
            content += part
    return content.count(b"HTTP/1.1 200")


def test_who_does_not_read_is_cut_off_and_holds_up_nobody(tmp_path: Path) -> None:
    witness = town.start(tmp_path / "w1", seconds=2)
    silent = []
    try:
        asked = b"GET / HTTP/1.1\r\nHost: w\r\n\r\n" * 400
        for _ in range(12):  # more than there are threads
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            connection.connect(("127.0.0.1", int(witness.url.rpartition(":")[2])))
            connection.sendall(asked)
            silent.append(connection)
        time.sleep(6)
        assert witness.health()["signs"]
        assert max(map(answers, silent)) < 400, "it was waited for"
    finally:
        for connection in silent:
            connection.close()
        witness.stop()


def refused_at_once(witness: Running, head: str, body: bytes = b"") -> tuple[bytes, bytes]:
    """Send the beginning of a request; return the first line and the text that answer it."""
    url = urlsplit(witness.url)
    with socket.create_connection((url.hostname, url.port), town.PATIENCE) as connection:
        connection.sendall(f"{head}\r\nHost: w\r\n\r\n".encode() + body)
        content = b""
        with suppress(ConnectionError):
            while part := connection.recv(1 << 16):
                content += part
    top, _, text = content.partition(b"\r\n\r\n")
    return top.split(b"\r\n")[0], text


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", "/add-checkpoint", 262_144),
        ("POST", "/hand-over", 524_288),
        ("POST", "/overdue", 262_144),
        ("POST", "/add-entries", 64 << 20),
        ("POST", "/", 0),
        ("GET", "/health", 0),
        ("PUT", "/add-checkpoint/", 0),
    ],
)
@pytest.mark.parametrize("more", ["", "\r\nExpect: 100-continue"], ids=["", "asks before"])
def test_no_path_takes_more_than_it_can_need(
    witness: Running, method: str, path: str, most: int, more: str
) -> None:
    """None of the body has arrived, so none of it was kept."""
    head = f"{method} {path} HTTP/1.1\r\nContent-Length: {most + 1}{more}"
    status, text = refused_at_once(witness, head)
    assert status == b"HTTP/1.1 413 Request Entity Too Large"
    words = f"has at most {most} bytes" if most else "has no body"
    assert text.decode() == f"a request to {path} {words}\n"
    assert witness.health()["signs"]


def test_a_body_of_pieces_is_no_way_around(witness: Running) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    for path, chunks in (("/add-checkpoint", 5), ("/health", 1), ("/nothing", 1)):
        head = f"POST {path} HTTP/1.1\r\nTransfer-Encoding: chunked"
        status, text = refused_at_once(witness, head, chunk * chunks)
        assert status.startswith(b"HTTP/1.1 413"), path
        assert text.startswith(b"a request to /")


def test_the_longest_bodies_that_are_needed_are_taken(witness: Running) -> None:
    for path, most in (
        ("/add-checkpoint", 262_144),
        ("/hand-over", 524_288),
        ("/overdue", 262_144),
    ):
        assert witness.ask("POST", path, b"x" * most).status == 400
        packed = gzip.compress(b"x" * most)
        assert witness.ask("POST", path, packed, {"Content-Encoding": "gzip"}).status == 400
