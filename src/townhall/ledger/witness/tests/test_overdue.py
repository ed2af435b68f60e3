"""Claims that a promise was broken: cheap to judge, and the places of honest ones not for sale."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from townhall.ledger.engine import entries
from townhall.ledger.engine.keys import ED25519, Signer
from townhall.ledger.engine.notes import Signature, SignedNote
from townhall.ledger.engine.promises import Promise, promise
from townhall.ledger.engine.witnessing import Answer
from townhall.ledger.witness import broken
from townhall.ledger.witness.broken import Room
from townhall.ledger.witness.service import Witness
from townhall.ledger.witness.settings import Settings, WatchedLog, watched_log
from townhall.ledger.witness.tests import town
from townhall.ledger.witness.tests.test_gossiping import wait_for
from townhall.ledger.witness.tests.town import PATIENCE

NOW = town.START + 1_000_000
KEYS = "town.example/keys"
OTHER = "town.example/registers"
THEN = Signer(town.ORIGIN, ED25519, town.seed("the key that came afterwards"))
LOG = town.honest(700)


def watched(origin: str, rules: str) -> WatchedLog:
    return watched_log(origin, [str(Signer(origin, ED25519, town.seed("town")).key)], rules)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    logs = watched(town.ORIGIN, "decisions"), watched(KEYS, "keys"), watched(OTHER, "registers")
    return Settings("court.example/w1", tmp_path / "w", logs, audit_seconds=0)


@pytest.fixture
def witness(settings: Settings) -> Iterator[Witness]:
    made = Witness(settings, lambda: NOW)
    grow(made, 0, 600)
    yield made
    made.close()


def grow(witness: Witness, old: int, size: int) -> None:
    assert witness.add_checkpoint(LOG.request(old, size, town.SIGNERS[0])).status == 200
    body = LOG.upload(old, size)
    at = [0]

    def read(count: int) -> bytes:
        at[0] += count
        return body[at[0] - count : at[0]]

    assert witness.add_entries(read).status == 200


def given(number: int, *, signer: Signer = town.SIGNERS[0], words: str = "withheld") -> Promise:
    """A promise to append the decision of a number, in the words of the log or in others."""
    entry = entries.decode(town.entry(number, words=words))
    return promise(
        signer.key.name,
        entry.kind,
        entry.body,
        entry.sources,
        received_at=town.START,
        deadline=town.START + 1_000,
        signers=(signer,),
    )


def kept(number: int) -> Promise:
    """A promise of what stands in the log, or will."""
    return given(number, words="")


def judge(witness: Witness, given: Promise) -> int:
    return witness.overdue(given.render()).status


def listed(witness: Witness, origin: str = town.ORIGIN) -> list[Promise]:
    return [Promise.parse(each) for each in witness._promises.broken(origin).splitlines()]


@contextmanager
def stuck_disk(witness: Witness, bundle: str = "001") -> Iterator[Callable[[], None]]:
    """Have whoever reads some entries of the copy wait; gives what lets them go on."""
    path = witness._copies[town.ORIGIN].folder / "public" / "tile" / "entries" / bundle
    aside = path.with_suffix(".aside")
    path.rename(aside)
    os.mkfifo(path)
    done = threading.Event()

    def let_go() -> None:
        if not done.is_set():
            done.set()
            writing = os.open(path, os.O_WRONLY)  # waits for the reader
            content = aside.read_bytes()
            aside.replace(path)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(content)

    try:
        yield let_go
    finally:
        let_go()


def in_background(witness: Witness, given: Promise) -> tuple[threading.Thread, list[Answer]]:
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(witness.overdue(given.render())))
    thread.start()
    return thread, answers


def test_the_copy_is_searched_while_uploads_go_on(witness: Witness) -> None:
    lock = witness._copies[town.ORIGIN].lock
    with stuck_disk(witness) as let_go:
        thread, answers = in_background(witness, given(5))
        thread.join(0.5)
        assert thread.is_alive(), "it waits for the disk"
        assert lock.acquire(timeout=PATIENCE)
        lock.release()
        let_go()
        thread.join(PATIENCE)
    assert [each.status for each in answers] == [202]


def test_a_promise_that_is_kept_here_is_answered_at_once(witness: Witness) -> None:
    assert judge(witness, given(5)) == 202
    held, release = threading.Event(), threading.Event()

    def upload() -> None:
        with witness._copies[town.ORIGIN].lock:
            held.set()
            release.wait(PATIENCE)

    holding = threading.Thread(target=upload)
    holding.start()
    held.wait(PATIENCE)
    thread, answers = in_background(witness, given(5))
    thread.join(PATIENCE / 2)
    assert [each.status for each in answers] == [202]
    release.set()
    holding.join()
    thread.join()


def test_claims_that_search_leave_threads_for_everybody_else(witness: Witness) -> None:
    with stuck_disk(witness) as let_go:
        claims = [in_background(witness, given(number)) for number in range(2)]
        for thread, _ in claims:
            thread.join(0.5)
        third, answers = in_background(witness, given(2))
        third.join(PATIENCE)
        assert [each.status for each in answers] == [503]
        assert witness.health()["signs"]
        let_go()
        for thread, found in claims:
            thread.join(PATIENCE)
            assert [each.status for each in found] == [202]
    assert judge(witness, given(2)) == 202


def test_what_was_found_once_is_not_looked_for_again(witness: Witness) -> None:
    answer = witness.overdue(kept(300).render())
    assert (answer.status, answer.reason) == (200, "the promise was kept: it is entry 300")
    for path in (witness._copies[town.ORIGIN].folder / "public" / "tile" / "entries").iterdir():
        if path.is_file():
            path.unlink()
    assert witness.overdue(kept(300).render()) == answer


def test_what_comes_late_leaves_its_place(witness: Witness) -> None:
    for number in (650, 660):
        assert judge(witness, kept(number)) == 202
    assert judge(witness, given(5)) == 202
    grow(witness, 600, 655)
    wait_for(lambda: listed(witness) == [kept(660), given(5)])
    assert witness.overdue(kept(650).render()).reason.endswith("entry 650")
    (ended,) = witness.alarms().ended
    assert ended.settled == "the entry came late: it is 650"
    grow(witness, 655, 700)
    wait_for(lambda: listed(witness) == [given(5)])


def test_what_came_late_before_a_crash_leaves_its_place_at_the_next_start(
    settings: Settings,
) -> None:
    before = Witness(settings, lambda: NOW)
    grow(before, 0, 600)
    assert judge(before, kept(650)) == 202
    before._promises.close()  # it ends between taking the entries and looking through them
    grow(before, 600, 700)
    assert listed(before) == [kept(650)]
    before.close()
    again = Witness(settings, lambda: NOW)
    try:
        wait_for(lambda: listed(again) == [])
    finally:
        again.close()


def test_only_what_a_key_of_the_log_signed_takes_a_place(witness: Witness) -> None:
    for number in range(20):
        assert judge(witness, given(number, signer=town.STRANGER)) == 403
        other = replace(given(number), note=given(number + 1).note)
        assert judge(witness, other) == 400
    assert listed(witness) == [] and witness.alarms().open_count == 0


def test_nobody_makes_a_promise_longer_than_the_log_made_it(witness: Witness) -> None:
    """A hundred as long as is allowed would fill all places that a log has here."""
    honest = given(5)
    padding = tuple(Signature("x.example/w", b"%04d" % each, bytes(2_000)) for each in range(40))
    padded = replace(honest, note=SignedNote(honest.note.text, padding + honest.note.signatures))
    assert len(padded.render()) > 100_000
    assert judge(witness, padded) == 202
    assert listed(witness) == [honest]


@pytest.fixture
def few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broken, "PRESENT", Room(5, 1 << 20))
    monkeypatch.setattr(broken, "EARLIER", Room(3, 1 << 20))


@pytest.mark.usefixtures("few_places")
def test_a_log_that_breaks_promises_without_end_is_shown_up_and_harms_no_other(
    witness: Witness,
) -> None:
    for number in range(640, 645):
        assert judge(witness, kept(number)) == 202
    for number in range(3):
        refused = witness.overdue(given(number).render())
        assert refused.status == 503
        assert "hand it to the other witnesses" in refused.reason
    assert judge(witness, kept(640)) == 202, "what is kept is kept"
    alarms = witness.alarms().open
    assert len(alarms) == 6
    assert "keeps no more of them" in alarms[0].text
    elsewhere = given(1, signer=Signer(OTHER, ED25519, town.seed("town")))
    assert judge(witness, elsewhere) == 202
    assert listed(witness, OTHER) == [elsewhere]
    # A successor appends what was owed: places are free, and who was not let in comes again.
    grow(witness, 600, 650)
    wait_for(lambda: listed(witness) == [])
    assert {each.origin for each in witness.alarms().open} == {OTHER}
    assert judge(witness, given(1)) == 202


@pytest.mark.usefixtures("few_places")
def test_a_stolen_key_that_was_replaced_fills_no_place_of_the_present_one(
    witness: Witness,
) -> None:
    thief = town.SIGNERS[0]
    assert judge(witness, given(0, signer=thief)) == 202, "before it was replaced"
    policy = f"log {THEN.key}\nquorum none\n"
    with witness._state.transaction() as stored:
        stored.follow(KEYS, 1, policy)
    states = [judge(witness, given(number, signer=thief)) for number in range(1, 6)]
    assert states == [202, 202, 503, 503, 503]
    assert "keeps no more of them" not in str(witness.alarms())
    assert "the thief may have made it" in witness.alarms().open[0].text
    states = [judge(witness, given(number, signer=THEN)) for number in range(10, 16)]
    assert states == [202, 202, 202, 202, 202, 503]
    assert len(listed(witness)) == 8


def test_places_are_bounded_in_bytes_too(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a witness lists must be read by whoever succeeds the operator, at one go."""
    monkeypatch.setattr(broken, "PRESENT", Room(1_000, 3 * len(given(1).render()) + 100))
    assert [judge(witness, given(number)) for number in range(5)] == [202, 202, 202, 503, 503]


@pytest.mark.parametrize("change", [{"at": 5}, {"rules": 7}, {"at": 10**12, "rules": 999_999}])
def test_time_and_rules_are_the_logs_to_choose(change: dict[str, int]) -> None:
    entry = entries.decode(town.entry(5))
    late = replace(entry, **({"at": entry.at} | change))
    assert kept(5).is_kept_by(late.encode()) == (late.at > town.START)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "letter"},
        {"origin": OTHER},
        {"sources": ("a" * 64,)},
        {"body": {"document": ',"rules":1,"sources":[],"v":1}'}},
        {"body": {}},
    ],
)
def test_another_entry_keeps_no_promise(change: dict[str, object]) -> None:
    other = replace(entries.decode(town.entry(5)), **change)
    assert not kept(5).is_kept_by(other.encode())
    for junk in (b"", b"{}", other.encode()[:-1], other.encode()[::-1]):
        assert not kept(5).is_kept_by(junk)
