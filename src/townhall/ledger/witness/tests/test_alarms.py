"""What people read about alarms, open and ended, however many there are."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from townhall.ledger.engine.witnessing import parse_request
from townhall.ledger.witness import alarms, telling
from townhall.ledger.witness.alarms import Alarm
from townhall.ledger.witness.service import Witness
from townhall.ledger.witness.settings import read_settings
from townhall.ledger.witness.tests import town
from townhall.ledger.witness.web import Application

MOMENT = r"\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d:\d\d UTC"


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    settings = read_settings(town.settings(tmp_path / "w", "court.example/w1", audit_seconds=0))
    made = Witness(settings, lambda: int(time.time()))
    yield made
    made.close()


def get(witness: Witness, path: str) -> str:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path}
    return b"".join(Application(witness)(environ, lambda *_: None)).decode()


def raise_many(witness: Witness, count: int, *, ended: bool) -> None:
    """Raise alarms with the longest words that any has, as they come and go over the months."""
    for number in range(count):
        key, at = f"copy {number}", 1_700_000_000 + 100 * number
        witness._teller.alarm(Alarm(key, at, town.ORIGIN, "copy", f"number {number}. " + "x" * 600))
        if ended:
            with witness._state.transaction() as stored:
                stored.alarms.end(key, "it was mended", at + 50)


def test_an_alarm_that_ended_says_from_when_until_when_and_why(tmp_path: Path) -> None:
    running = town.start(tmp_path / "w1")
    try:
        log = town.honest(300)
        assert running.add_checkpoint(log.request(0, 100)).status == 200
        spoilt = b"old 100\n\n" + parse_request(log.request(0, 200)).note.render()
        assert running.add_checkpoint(spoilt).status == 422
        told = running.alarms()
        assert re.search(rf"^\[unproved\] {town.ORIGIN}, since {MOMENT}$", told, re.MULTILINE)
        assert "ended" not in told
        assert running.add_checkpoint(log.request(100, 200)).status == 200
        told = running.alarms()
        assert told.startswith("Nothing is wrong now.\n")
        assert re.search(
            rf"^\[unproved\] {town.ORIGIN}, ended: from {MOMENT} until {MOMENT}$\n"
            "^It ended because the proof arrived",
            told,
            re.MULTILINE,
        )
        assert "Nothing is wrong" in running.ask("GET", "/").text
    finally:
        running.stop()


@pytest.mark.parametrize("ended", [False, True], ids=["open", "ended"])
def test_a_thousand_alarms_make_no_large_page(witness: Witness, ended: bool) -> None:
    if not ended:
        for log in range(10):
            for number in range(100):
                kind = f"copy {log} {number}"
                text = "x" * 600
                witness._teller.alarm(Alarm(kind, 1_700_000_000, f"log{log}", "copy", text))
    else:
        raise_many(witness, 1_000, ended=True)
    told = get(witness, "/alarms")
    assert len(told) < 50_000
    which = "that ended" if ended else "open"
    assert f"And 950 more {which}" in told
    assert told.count("Nothing is wrong now.") == ended
    assert len(get(witness, "/")) < 60_000
    assert witness.health()["open_alarms"] == (0 if ended else 1_000)
    if ended:
        assert told.index("number 999.") < told.index("number 998."), "the last one first"
    else:
        assert "And 950 more" in get(witness, "/")


def test_of_those_that_ended_the_oldest_are_forgotten_with_their_evidence(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "MOST_ENDED", 5)
    for number in range(8):
        alarm = Alarm(f"copy {number}", number, town.ORIGIN, "copy", f"number {number}")
        witness._teller.alarm(alarm, {"number": number})
        with witness._state.transaction() as stored:
            stored.alarms.end(alarm.key, "over", number)
    witness._teller.alarm(Alarm("fork", 9, town.ORIGIN, "fork", "two histories"), {"number": 9})
    kept = [json.loads(each.read_text()) for each in evidence_of(witness)]
    assert sorted(each["number"] for each in kept) == [3, 4, 5, 6, 7, 9]
    assert witness.alarms().ended_count == 5


def test_the_file_of_alarms_does_not_grow_for_ever(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "LONGEST_FILE", 5_000)
    raise_many(witness, 50, ended=True)
    now, earlier = (witness.settings.folder / f"alarms{each}.txt" for each in ("", ".earlier"))
    assert max(each.stat().st_size for each in (now, earlier)) < 6_000
    assert "number 49." in now.read_text()
    assert len(list(witness.settings.folder.glob("alarms*"))) == 2


def evidence_of(witness: Witness) -> list[Path]:
    return list((witness.settings.folder / "evidence").iterdir())


def test_the_name_of_evidence_is_the_whole_hash(witness: Witness) -> None:
    """Of half of one, somebody finds two alarms whose evidence has the same name."""
    witness._teller.alarm(Alarm("fork x", 1, town.ORIGIN, "fork", "two histories"), {"a": 1})
    (path,) = evidence_of(witness)
    assert path.name == f"{sha256(b'fork x').hexdigest()}.json"
    assert witness.alarms().open[0].evidence == f"evidence/{path.name}"


def test_evidence_under_a_short_name_of_before_is_found_and_stays(tmp_path: Path) -> None:
    running = town.start(tmp_path / "w1")
    log, other = town.honest(300), town.rewritten(300, 7)
    try:
        assert running.add_checkpoint(log.request(0, 300)).status == 200
        for _ in range(2):
            assert running.add_checkpoint(other.request(0, 300)).status == 409
        running.stop()
        settings = read_settings(tmp_path / "w1.json")
        witness = Witness(settings, lambda: int(time.time()))
        (path,) = evidence_of(witness)
        short = path.rename(path.with_name(path.name[:16] + ".json"))
        with witness._state.transaction() as stored:
            stored._database.execute("UPDATE alarm SET evidence = ?", [f"evidence/{short.name}"])
        witness.close()
        running = town.start(tmp_path / "w1")
        assert running.add_checkpoint(other.request(0, 300)).status == 409
        assert f"Evidence: evidence/{short.name}" in running.alarms()
        assert list((running.folder / "evidence").iterdir()) == [short]
    finally:
        running.stop()
