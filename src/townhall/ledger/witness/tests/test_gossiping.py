"""An operator who shows every witness another history is found by the witnesses together."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from townhall.ledger.engine.equivocation import signers_of_both
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.witness.settings import SettingsInvalid, read_settings
from townhall.ledger.witness.tests import town
from townhall.ledger.witness.tests.lying import dripping, liar
from townhall.ledger.witness.tests.town import PATIENCE, History, Running


def wait_for(done: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.05)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Running]:
    running = town.start(tmp_path / "audit", "audit.example/w1")
    yield running
    running.stop()


@pytest.fixture
def court(tmp_path: Path, other: Running) -> Iterator[Running]:
    """It reads every second what the other one has cosigned."""
    running = town.start(tmp_path / "court", peers=[other.url], gossip_seconds=1)
    yield running
    running.stop()


def show(witness: Running, history: History, size: int) -> None:
    assert witness.add_checkpoint(history.request(0, size)).status == 200
    assert witness.add_entries(history.upload(0, size)).status == 200


def test_two_histories_of_one_size_are_found_and_proved(court: Running, other: Running) -> None:
    show(court, town.honest(300), 300)
    show(other, town.rewritten(300, 7), 300)
    assert other.health()["open_alarms"] == 0, "alone neither sees anything"
    wait_for(lambda: "[split-view]" in court.alarms())
    (evidence,) = (court.folder / "evidence").iterdir()
    told = json.loads(evidence.read_text())
    notes = [SignedNote.parse(told[each].encode()) for each in ("seen", "sent")]
    guilty = signers_of_both(*notes, [each.key for each in town.SIGNERS])
    assert set(guilty) == {each.key for each in town.SIGNERS}
    assert "What is wrong" in court.ask("GET", "/").text


def test_a_history_that_the_other_stopped_hearing_of_is_found_too(
    court: Running, other: Running
) -> None:
    show(other, town.rewritten(200, 7), 200)
    show(court, town.honest(300), 300)
    wait_for(lambda: "[fork]" in court.alarms())
    (evidence,) = (court.folder / "evidence").iterdir()
    told = json.loads(evidence.read_text())
    assert told["sent"].startswith(f"{town.ORIGIN}\n200\n")
    assert told["consistency_of_the_sent_size_with_the_seen_one"]


def test_a_peer_that_never_ends_its_answer_silences_no_other(
    tmp_path: Path, other: Running
) -> None:
    with liar(raw=dripping) as slow:
        court = town.start(tmp_path / "c", peers=[slow.url, other.url], gossip_seconds=1)
        try:
            show(court, town.honest(300), 300)
            show(other, town.rewritten(300, 7), 300)
            wait_for(lambda: "[split-view]" in court.alarms())
        finally:
            court.process.terminate()
            assert court.process.wait(20) is not None


def test_who_is_ahead_or_behind_is_no_liar(court: Running, other: Running) -> None:
    log = town.honest(500)
    show(other, log, 300)
    for size in (100, 300):
        old = 0 if size == 100 else 100
        assert court.add_checkpoint(log.request(old, size)).status == 200
        assert court.add_entries(log.upload(old, size)).status == 200
        time.sleep(1.5)  # it has read the other one meanwhile
    assert court.add_checkpoint(log.request(300, 500)).status == 200
    time.sleep(1.5)
    assert court.alarms() == "No alarms.\n"


def answering(content: bytes) -> http.server.ThreadingHTTPServer:
    """Something that calls itself a witness, and answers everybody the same."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    asked: list[str] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = asked  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\0" * 1_000,
        b"x" * (20 << 20),
        town.sign(300, bytes(32), town.STRANGER).render(),
        town.sign(300, bytes(32), origin="town.example/other").render(),
    ],
    ids=["nothing", "noise", "much", "a stranger's", "of another log"],
)
def test_what_the_log_has_not_signed_accuses_nobody(tmp_path: Path, content: bytes) -> None:
    server = answering(content)
    gone = "http://127.0.0.1:1"
    peers = [gone, f"http://127.0.0.1:{server.server_port}/below"]
    witness = town.start(tmp_path / "w1", peers=peers, gossip_seconds=1)
    try:
        show(witness, town.honest(300), 300)
        wait_for(lambda: len(server.asked) > 1)  # type: ignore[attr-defined]
        assert all(path.startswith("/below/witness/") for path in server.asked)  # type: ignore[attr-defined]
        assert witness.alarms() == "No alarms.\n"
        assert witness.health()["signs"]
    finally:
        witness.stop()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    "peer",
    [
        "",
        "court.example",
        "ftp://court.example",
        "https://",
        "https://a b",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:x",
    ],
)
def test_an_address_that_is_none_is_refused_at_the_start(tmp_path: Path, peer: str) -> None:
    path = town.settings(tmp_path / "w1", "court.example/w1", peers=[peer])
    with pytest.raises(SettingsInvalid, match="peers"):
        read_settings(path)
