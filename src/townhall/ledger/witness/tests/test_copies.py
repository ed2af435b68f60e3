"""The copy that a witness keeps: every entry authenticated, every rule held (C2SP tlog-mirror)."""

from __future__ import annotations

import base64
import gzip
import json
import signal
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from townhall.ledger.engine import mirroring, witnessing
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.tiles import tiles_between
from townhall.ledger.log.log import Log
from townhall.ledger.log.reading import Snapshot
from townhall.ledger.witness.tests import town
from townhall.ledger.witness.tests.town import Reply, Running

HASH = sha256(town.ORIGIN.encode()).hexdigest()


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Running]:
    running = town.start(tmp_path / "w1")
    yield running
    running.stop()


def info(reply: Reply) -> mirroring.Info:
    assert reply.headers["content-type"] == "text/x.tlog.mirror-info"
    return mirroring.parse_info(reply.body)


def must_be_cosigned(witness: Running, reply: Reply, log: town.History, size: int) -> None:
    assert reply.status == 200, reply.text
    checkpoint = Checkpoint(town.ORIGIN, size, log.root(size))
    made = witnessing.accept_signatures(reply.body, checkpoint, witness.keys)
    assert {each.name for each in made} == {"court.example/w1/rules"}
    assert len(made) == 2


def test_a_complete_copy_is_cosigned_and_served_as_a_log(witness: Running, tmp_path: Path) -> None:
    log = town.honest(700)
    for old, size in ((0, 300), (300, 700)):
        witness.add_checkpoint(log.request(old, size))
        must_be_cosigned(witness, witness.add_entries(log.upload(old, size)), log, size)
    served = witness.ask("GET", f"/mirror/{HASH}/checkpoint")
    assert {each.name for each in SignedNote.parse(served.body).signatures} == {
        town.ORIGIN,
        "court.example/w1/rules",
    }
    public = tmp_path / "downloaded"
    for tile in tiles_between(0, 700, entries=True):
        reply = witness.ask("GET", f"/mirror/{HASH}/{tile.path}")
        assert "immutable" in reply.headers["cache-control"]
        (public / tile.path).parent.mkdir(parents=True, exist_ok=True)
        (public / tile.path).write_bytes(reply.body)
    copy = Snapshot(public, town.head(log, 700))
    assert list(copy.entries(0, 700)) == log.entries


def test_the_status_table_of_uploads(witness: Running) -> None:
    log, other = town.honest(9_000), town.rewritten(9_000, 7)
    upload = log.upload(0, 300)
    assert witness.add_entries(upload).status == 422  # no checkpoint is pending
    assert witness.add_entries(upload.replace(b"decisions", b"decisionz", 1)).status == 404
    for nothing in (b"", upload[:3], upload[:20]):
        assert witness.add_entries(nothing).status == 400
    witness.add_checkpoint(log.request(0, 300))
    unknown_end = witness.add_entries(log.upload(0, 299))
    assert (unknown_end.status, info(unknown_end).size) == (409, 300)
    too_far = witness.add_entries(log.upload(256, 300))
    assert (too_far.status, info(too_far).next_entry) == (409, 0)
    assert witness.add_entries(upload[:200]).status == 400  # cut within the first package
    assert witness.add_entries(other.upload(0, 300)).status == 422
    spoilt = bytearray(upload)
    spoilt[200] ^= 1
    assert witness.add_entries(bytes(spoilt)).status in (400, 422)
    part = witness.add_entries(upload[:-10])
    assert (part.status, info(part).size, info(part).next_entry) == (202, 300, 256)
    must_be_cosigned(witness, witness.add_entries(log.upload(256, 300)), log, 300)
    witness.add_checkpoint(log.request(300, 9_000))
    below = witness.add_entries(log.upload(0, 299))
    assert below.status == 409
    part = witness.add_entries(log.upload(300, 9_000, packages=33))
    assert (part.status, info(part).next_entry) == (202, 256 * 34)
    excess = witness.add_entries(log.upload(0, 9_000, packages=1))
    assert (excess.status, info(excess).next_entry) == (409, 256 * 34)
    rest = log.upload(256 * 34, 9_000)
    must_be_cosigned(witness, witness.add_entries(rest), log, 9_000)
    must_be_cosigned(witness, witness.add_entries(log.upload(9_000, 9_000)), log, 9_000)


def test_an_upload_for_an_earlier_checkpoint_goes_on_with_its_ticket(witness: Running) -> None:
    """The log grew while the entries were on their way."""
    log = town.honest(900)
    witness.add_checkpoint(log.request(0, 600))
    part = info(witness.add_entries(log.upload(0, 600, packages=1)))
    witness.add_checkpoint(log.request(600, 900))
    assert witness.add_entries(log.upload(256, 600)).status == 409
    forged = part.ticket[:-1] + bytes([part.ticket[-1] ^ 1])
    assert witness.add_entries(log.upload(256, 600, ticket=forged)).status == 409
    done = witness.add_entries(log.upload(256, 600, ticket=part.ticket))
    must_be_cosigned(witness, done, log, 600)
    must_be_cosigned(witness, witness.add_entries(log.upload(600, 900)), log, 900)


def test_packed_uploads_are_unpacked_and_bombs_are_not(witness: Running) -> None:
    log = town.honest(300)
    witness.add_checkpoint(log.request(0, 300))
    packed = {"Content-Encoding": "gzip"}
    cut = gzip.compress(log.upload(0, 300))[:-40]
    assert witness.add_entries(cut, **packed).status in (202, 400)
    reply = witness.add_entries(gzip.compress(log.upload(0, 300)), **packed)
    must_be_cosigned(witness, reply, log, 300)
    assert reply.headers["accept-encoding"] == "gzip"
    assert witness.add_entries(b"no gzip at all", **packed).status == 400
    assert witness.add_entries(b"", **{"Content-Encoding": "br"}).status == 415
    witness.add_checkpoint(town.honest(40_000).request(300, 40_000))
    header = mirroring.Header(town.ORIGIN, 300, 40_000).render()
    bomb = gzip.compress(header + (b"\xff\xff" + bytes(65_535)) * 2_000)
    assert len(bomb) < 1 << 20
    assert witness.add_entries(bomb, **packed).status == 400


def lawless() -> bytes:
    """An entry that is well-formed, and breaks the rules: it comes before the one before it."""
    return Entry(
        origin=town.ORIGIN,
        kind="decision",
        at=town.START - 1,
        body={"handle": "ab" * 16, "document": "cd" * 32},
    ).encode()


@pytest.mark.parametrize("bad", [lawless(), b"not even an entry"])
def test_an_entry_against_the_rules_is_kept_and_never_vouched_for(
    witness: Running, bad: bytes
) -> None:
    leaves = town.entries(0, 300)
    leaves[150] = bad
    log = town.History(leaves)
    witness.add_checkpoint(log.request(0, 150))
    must_be_cosigned(witness, witness.add_entries(log.upload(0, 150)), log, 150)
    grown = witness.add_checkpoint(log.request(150, 300))
    assert grown.status == 200, "the log did grow, and this key says no more"
    reply = witness.add_entries(log.upload(150, 300))
    assert reply.status == 422
    assert reply.text.startswith("entry 150: ")
    assert "Entry 150 of town.example/decisions breaks the rules of decisions:" in witness.alarms()
    (evidence,) = (witness.folder / "evidence").iterdir()
    assert base64.b64decode(json.loads(evidence.read_text())["entry"]) == bad
    again = witness.add_entries(log.upload(300, 300))
    assert again.status == 422
    served = witness.ask("GET", f"/mirror/{HASH}/checkpoint")
    assert served.text.splitlines()[1] == "150"
    assert witness.health()["logs"][town.ORIGIN]["rules_hold_up_to"] == 150
    assert witness.health()["open_alarms"] == 1


def test_a_violation_is_found_again_after_a_start(tmp_path: Path) -> None:
    leaves = town.entries(0, 300)
    leaves[200] = lawless()
    log = town.History(leaves)
    witness = town.start(tmp_path / "w1")
    witness.add_checkpoint(log.request(0, 300))
    assert witness.add_entries(log.upload(0, 300)).status == 422
    witness.stop(signal.SIGKILL)
    witness = town.start(tmp_path / "w1")
    try:
        for _ in range(200):
            reply = witness.add_entries(log.upload(300, 300))
            if reply.status != 503:  # while the rules are replayed
                break
        assert reply.status == 422
        assert witness.health()["open_alarms"] == 1
    finally:
        witness.stop()


def test_killed_while_uploads_arrive_the_copy_loses_and_invents_nothing(tmp_path: Path) -> None:
    log = town.honest(3_000)
    done = 0
    for turn in range(6):
        witness = town.start(tmp_path / "w1")
        seen = int(witness.add_checkpoint(log.request(2_999, 3_000)).body or 0)
        goal = min(seen + 500, 3_000)
        assert witness.add_checkpoint(log.request(seen, goal)).status == 200
        start = info(witness.add_entries(log.upload(goal, goal))).next_entry
        if turn % 2:
            witness.process.kill()
        else:
            must_be_cosigned(witness, witness.add_entries(log.upload(start, goal)), log, goal)
            done = goal
        witness.stop(signal.SIGKILL)
    with Log.open(tmp_path / "w1" / "copies" / HASH, deep=True) as copy:
        assert copy.size >= done
        assert list(copy.entries(0, copy.size)) == log.entries[: copy.size]


def test_a_damaged_copy_is_told_and_sent_anew(tmp_path: Path) -> None:
    log = town.honest(600)
    witness = town.start(tmp_path / "w1")
    witness.add_checkpoint(log.request(0, 600))
    must_be_cosigned(witness, witness.add_entries(log.upload(0, 600)), log, 600)
    witness.stop()
    copy = tmp_path / "w1" / "copies" / HASH
    damaged = copy / "public" / "tile" / "entries" / "000"
    damaged.write_bytes(damaged.read_bytes().replace(b"decision", b"derision", 1))
    for segment in (copy / "journal").iterdir():
        segment.unlink()  # or it would be mended from there
    witness = town.start(tmp_path / "w1")
    assert witness.add_checkpoint(log.request(600, 600)).status == 200, "the other key goes on"
    assert witness.add_entries(log.upload(600, 600)).status == 503
    assert "move" in witness.alarms()
    witness.stop()
    copy.rename(tmp_path / "moved away")
    witness = town.start(tmp_path / "w1")
    try:
        assert info(witness.add_entries(log.upload(600, 600))).next_entry == 0
        must_be_cosigned(witness, witness.add_entries(log.upload(0, 600)), log, 600)
    finally:
        witness.stop()
