"""The operator of a log and four witnesses, each a process of its own."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from townhall.ledger.engine import cosignatures
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.log.errors import LogDamaged
from townhall.ledger.log.log import Log
from townhall.ledger.witness.client import Client, NoCosignature, Peer, WitnessAhead
from townhall.ledger.witness.collecting import Collector
from townhall.ledger.witness.refetching import Copy, NotFetched, refetch, signed_head
from townhall.ledger.witness.tests import town
from townhall.ledger.witness.tests.town import Running


def now() -> int:
    return int(time.time())


@pytest.fixture
def four(tmp_path: Path) -> Iterator[list[Running]]:
    with town.witnesses(tmp_path, 4) as running:
        yield running


@contextmanager
def collector(peers: list[Peer], *, seconds: float = 3) -> Iterator[Collector]:
    collecting = Collector(peers, now, seconds=seconds)
    try:
        yield collecting
    finally:
        collecting.close()


def rules_of(running: list[Running]) -> list:
    return [key for each in running for key in each.keys if key.name.endswith("/rules")]


def parties(note: SignedNote, running: list[Running]) -> set[str]:
    """Who vouches for copy and rules."""
    return {key.name for key in cosignatures.cosigners_of(note, rules_of(running))}


def collect(
    collecting: Collector, log: Log, running: list[Running], quorum: int, seconds: float = 15
) -> SignedNote:
    note = town.sign_log(log)
    return collecting.collect(
        note, log.snapshot, lambda each: len(parties(each, running)) >= quorum, seconds=seconds
    )


def test_a_log_becomes_final_and_grows(four: list[Running], tmp_path: Path) -> None:
    with town.town_log(tmp_path / "log", 700) as log, collector([w.peer for w in four]) as asked:
        for size in (700, 701, 1_500, 12_000):
            log.append(town.entries(log.appended, size))
            log.integrate()
            note = collect(asked, log, four, 4)
            assert len(parties(note, four)) == 4
            assert len(note.signatures) == 2 + 4 * 4
            log.publish(note.render())
        assert {each.reason for each in asked.standings()} == {""}
    told = [each.health()["logs"][town.ORIGIN] for each in four]
    assert {each["rules_hold_up_to"] for each in told} == {12_000}
    assert len({each["state_root"] for each in told}) == 1


def test_with_one_down_it_is_final_and_the_one_catches_up(
    four: list[Running], tmp_path: Path
) -> None:
    with town.town_log(tmp_path / "log", 300) as log, collector([w.peer for w in four]) as asked:
        four[3].stop()
        assert len(parties(collect(asked, log, four, 3), four)) >= 3
        assert asked.standings()[3].reason.endswith("nothing listens there")
        log.append(town.entries(300, 900))
        log.integrate()
        assert len(parties(collect(asked, log, four, 3), four)) >= 3
        four[3] = town.start(four[3].folder, four[3].name)
        with collector([w.peer for w in four]) as again:  # it has another port now
            assert len(parties(collect(again, log, four, 4), four)) == 4


def test_with_two_down_nothing_is_final_and_the_reason_is_shown(
    four: list[Running], tmp_path: Path
) -> None:
    for each in four[:2]:
        each.stop()
    with town.town_log(tmp_path / "log", 300) as log, collector([w.peer for w in four]) as asked:
        assert len(parties(collect(asked, log, four, 3), four)) == 2
        for _ in range(3):
            collect(asked, log, four, 3, seconds=1)
        standings = asked.standings()
        assert [bool(each.reason) for each in standings] == [True, True, False, False]
        assert all(0 < each.pause <= 30 for each in standings[:2])


def test_a_rewritten_entry_is_refused_by_all_and_all_raise_the_alarm(
    four: list[Running], tmp_path: Path
) -> None:
    """The operator changes a decision and builds the whole tree anew."""
    with town.town_log(tmp_path / "log", 300) as log, collector([w.peer for w in four]) as asked:
        assert len(parties(collect(asked, log, four, 4), four)) == 4
    changed = town.rewritten(400, 7).entries
    with Log.create(tmp_path / "forged", town.ORIGIN) as forged:
        forged.append(changed)
        forged.integrate()
        with collector([w.peer for w in four]) as asked:
            note = collect(asked, forged, four, 1)
            assert parties(note, four) == set()
            assert len(note.signatures) == 2
            assert all("refuses with 422" in each.reason for each in asked.standings())
    for each in four:
        assert "did not prove that it continues the 300 entries" in each.alarms()
        assert each.health()["open_alarms"] == 1


def test_a_log_restored_from_a_backup_learns_it_from_its_witnesses(
    four: list[Running], tmp_path: Path
) -> None:
    peers = [w.peer for w in four]
    with town.town_log(tmp_path / "log", 300) as log, collector(peers) as asked:
        collect(asked, log, four, 4)
    shutil.copytree(tmp_path / "log", tmp_path / "backup")
    with Log.open(tmp_path / "log") as log, collector(peers) as asked:
        log.append(town.entries(300, 400))
        log.integrate()
        assert len(parties(collect(asked, log, four, 4), four)) == 4
    with Log.open(tmp_path / "backup") as old, collector(peers) as asked:
        note = collect(asked, old, four, 1)
        assert parties(note, four) == set()
        assert {each.ahead for each in asked.standings()} == {400}
        assert "restored from a backup" in asked.standings()[0].reason


def test_a_town_that_shows_a_citizen_another_history_gets_no_cosignature(
    four: list[Running], tmp_path: Path
) -> None:
    """A fork for one citizen: same size, another decision."""
    with town.town_log(tmp_path / "log", 300) as log, collector([w.peer for w in four]) as asked:
        collect(asked, log, four, 4)
    forged = town.rewritten(300, 5)
    for each in four:
        assert each.add_checkpoint(forged.request(300, 300)).status == 422
        assert "[split-view]" in each.alarms()


def test_a_witness_whose_clock_is_off_is_told_so_and_recovers(
    four: list[Running], tmp_path: Path
) -> None:
    with town.town_log(tmp_path / "log", 300) as log:
        note = town.sign_log(log)
        for off, words in ((3_600, "behind"), (-3_600, "ahead")):
            client = Client(four[0].peer, lambda off=off: now() + off)
            with pytest.raises(NoCosignature, match=rf"clock of .* seconds {words}"):
                client.add_checkpoint(note, log.snapshot())
            client.close()
        client = Client(four[0].peer, now)
        assert client.add_checkpoint(note, log.snapshot())
        client.close()


def test_a_silent_witness_holds_up_nobody(four: list[Running], tmp_path: Path) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{silent.getsockname()[1]}"
    peers = [*(w.peer for w in four[:3]), replace(four[3].peer, url=url)]
    with town.town_log(tmp_path / "log", 300) as log, collector(peers, seconds=60) as asked:
        assert len(parties(collect(asked, log, four, 3, seconds=50), four)) == 3
        assert asked.standings()[3].reason == "not asked yet", "nobody waited for its answer"
        silent.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nyes\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000,
        b"HTTP/1.1 409 Conflict\r\nContent-Length: 3\r\n\r\n-1\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
        b"no HTTP at all\r\n\r\n",
        b"",
    ],
)
def test_nonsense_from_a_witness_is_told_and_not_believed(tmp_path: Path, answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def speak() -> None:
            for _ in range(2):
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1 << 20)
                    connection.sendall(answer)

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        keys = tuple(each.key for each in town.SIGNERS)
        with town.town_log(tmp_path / "log", 30) as log:
            client = Client(Peer("liar", url, keys), now, seconds=3)
            with pytest.raises(NoCosignature, match="liar"):
                client.add_checkpoint(town.sign_log(log), log.snapshot())
            client.close()


def test_a_cosignature_of_another_key_does_not_count(four: list[Running], tmp_path: Path) -> None:
    with town.town_log(tmp_path / "log", 300) as log:
        note = town.sign_log(log)
        client = Client(replace(four[0].peer, keys=four[1].keys), now)
        assert client.add_checkpoint(note, log.snapshot()) == ()
        with pytest.raises(NoCosignature, match="no signature of a key that is known"):
            client.add_entries(note, log.snapshot())
        client.close()


def test_a_policy_may_count_the_mirrors_keys_only(four: list[Running], tmp_path: Path) -> None:
    peers = [
        replace(w.peer, keys=tuple(key for key in w.keys if key.name.endswith("/rules")))
        for w in four
    ]
    with town.town_log(tmp_path / "log", 300) as log, collector(peers) as asked:
        note = collect(asked, log, four, 4)
        assert len(note.signatures) == 2 + 4 * 2


def test_ahead_says_by_how_much(four: list[Running], tmp_path: Path) -> None:
    four[0].add_checkpoint(town.honest(500).request(0, 500))
    with town.town_log(tmp_path / "log", 300) as log:
        client = Client(four[0].peer, now)
        with pytest.raises(WitnessAhead) as ahead:
            client.add_checkpoint(town.sign_log(log), log.snapshot())
        client.close()
        assert ahead.value.size == 500


def test_lost_entries_come_back_from_a_mirror(four: list[Running], tmp_path: Path) -> None:
    """A log restored from a backup takes back what it had signed, and goes on."""
    peers = [w.peer for w in four]
    keys = [each.key for each in town.SIGNERS]
    with town.town_log(tmp_path / "log", 300) as log, collector(peers) as asked:
        log.append(town.entries(300, 9_000))
        log.integrate()
        collect(asked, log, four, 4)
        lost = log.head
    with town.town_log(tmp_path / "backup", 300) as log, collector(peers) as asked:
        town.sign_log(log)
        copy = Copy(four[0].url + "/mirror", town.ORIGIN)
        assert refetch(log, copy, signed_head(copy, keys), "decisions") == 8_700
        assert refetch(log, copy, signed_head(copy, keys), "decisions") == 0
        copy.close()
        assert log.head == lost
        log.append(town.entries(9_000, 9_100))
        log.integrate()
        assert len(parties(collect(asked, log, four, 4), four)) == 4


def test_nothing_is_fetched_that_the_log_has_not_signed(
    four: list[Running], tmp_path: Path
) -> None:
    honest = town.honest(600)
    four[0].add_checkpoint(honest.request(0, 600))
    assert four[0].add_entries(honest.upload(0, 600)).status == 200
    copy = Copy(four[0].url + "/mirror", town.ORIGIN)
    with town.town_log(tmp_path / "log", 300) as log:
        with pytest.raises(NotFetched, match="not of"):
            signed_head(copy, [town.STRANGER.key])
        log.append([town.entry(300, words="after the loss")])
        with pytest.raises(NotFetched, match="not the beginning"):
            refetch(log, copy, signed_head(copy, [each.key for each in town.SIGNERS]), "decisions")
        with pytest.raises(NotFetched, match="no copy"):
            signed_head(Copy(four[1].url + "/mirror", town.ORIGIN), [])
    with town.town_log(tmp_path / "other", 300) as log:
        tile = next((four[0].folder / "copies").glob("*/public/tile/entries/001"))
        tile.write_bytes(tile.read_bytes().replace(b"decision", b"derision"))
        with pytest.raises(LogDamaged, match="not what was logged"):
            refetch(log, copy, signed_head(copy, [each.key for each in town.SIGNERS]), "decisions")
    copy.close()
