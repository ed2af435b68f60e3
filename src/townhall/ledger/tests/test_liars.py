"""One witness that answers what it likes stops neither the ledger nor the other witnesses."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import jobs
from townhall.ledger.engine import registers
from townhall.ledger.engine.keys import COSIGNER_ED25519, Signer
from townhall.ledger.models import alarm as alarms
from townhall.ledger.operator import demonstration, remembering
from townhall.ledger.tests.conftest import submit
from townhall.ledger.tests.town import Town, wait_for
from townhall.ledger.witness.client import Peer
from townhall.ledger.witness.collecting import Collector
from townhall.ledger.witness.tests import lying
from townhall.ledger.witness.tests import town as witnesses
from townhall.ledger.witness.tests.lying import Liar, liar

HONEST = ("auditor", "court", "university")


@contextmanager
def beside(town: Town, lies: lying.Answer) -> Iterator[Liar]:
    """Three honest witnesses, and one that lies."""
    town.start_witnesses(HONEST)
    with liar(lies) as lying_one:
        place = demonstration.settings_files(town.data)["citizens"].parent / "address"
        place.write_text(lying_one.url + "\n")
        yield lying_one


@pytest.mark.parametrize("lies", [lying.endless_ticket, lying.unprintable])
def test_whatever_one_witness_answers_entries_become_final(town: Town, lies: lying.Answer) -> None:
    with beside(town, lies) as lying_one:
        submit("case:1")
        operator = town.open()
        thread = threading.Thread(target=operator.run)
        thread.start()
        try:
            wait_for(lambda: town.line("decisions").finality.published == 1, "it is not final")
            wait_for(lambda: lying_one.asked > 1, "the liar was not asked")
            wait_for(lambda: said_of("citizens"), "nobody hears of the liar")
            assert thread.is_alive(), "the process of the ledger ended"
        finally:
            operator.stopping.set()
            thread.join(20)
    assert not thread.is_alive()
    assert all("\0" not in words and "\x1b" not in words for words in said_of("citizens"))


def said_of(name: str) -> list[str]:
    with scope(SYSTEM):
        return [each.words for each in alarms.open_alarms() if each.witness.endswith(name)]


@pytest.mark.parametrize("raw", [lying.dripping, lying.continuing])
def test_a_witness_that_never_ends_its_answer_does_not_hold_up_a_start(
    raw: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembering, "MOST_S", 3.0)
    log = witnesses.town_log(tmp_path / "log", 30)
    keys = [each.key for each in witnesses.SIGNERS]
    with witnesses.witnesses(tmp_path, 3) as honest, liar(raw=raw) as lying_one:  # type: ignore[arg-type]
        peers = [Peer("liar.example/w", lying_one.url, ()), *(each.peer for each in honest)]
        begun = time.monotonic()
        remembering.insist_on_newest(log, peers, keys, least=2)
        assert time.monotonic() - begun < 30, "it was waited for"
        with pytest.raises(remembering.NobodyToAsk):
            remembering.insist_on_newest(log, peers, keys, least=4)
    log.close()


def test_a_mirror_that_always_has_one_entry_more_is_left(tmp_path: Path) -> None:
    log = witnesses.town_log(tmp_path / "log", 30)
    key = Signer("liar.example/w/rules", COSIGNER_ED25519, witnesses.seed("liar")).key
    with liar(lying.ever_further()) as lying_one:
        collecting = Collector(
            [Peer("liar.example/w", lying_one.url, (key,))], lambda: int(time.time()), seconds=3
        )
        collecting.collect(witnesses.sign_log(log), log.snapshot, lambda _note: False, seconds=20)
        collecting.close()
        assert lying_one.asked < 60, "it was asked for more than the log has"
    log.close()


def test_a_collector_closes_while_a_witness_answers(tmp_path: Path) -> None:
    log = witnesses.town_log(tmp_path / "log", 30)
    with liar(raw=lying.dripping) as lying_one:
        key = Signer("liar.example/w/rules", COSIGNER_ED25519, witnesses.seed("liar")).key
        collecting = Collector(
            [Peer("liar.example/w", lying_one.url, (key,))], lambda: int(time.time()), seconds=60
        )
        collecting.collect(witnesses.sign_log(log), log.snapshot, lambda _note: False, seconds=1)
        closing = threading.Thread(target=collecting.close, daemon=True)
        closing.start()
        closing.join(20)
        assert not closing.is_alive(), "it waits for whoever never ends"
    log.close()


def test_what_the_audit_finds_is_told_whatever_a_witness_says(town: Town) -> None:
    state = registers.start("access", "town.example/access").encode().decode()
    told = json.dumps({"software": "1", "violation": "\0", "state": state}).encode()

    def lies(path: str) -> tuple[int, bytes]:
        return (200, told) if path.endswith("/state") else (404, b"")

    town.start_witnesses(HONEST)
    submit("case:1")
    operator = town.open()
    operator.step()
    town.line("decisions").finality.advance()
    public = town.line("decisions").finality.log.public
    (public / "tile/entries/000.p/1").write_bytes(b"\0\1x")  # somebody changed an entry
    place = demonstration.settings_files(town.data)["citizens"].parent / "address"
    with liar(lies) as lying_one:
        place.write_text(lying_one.url + "\n")
        jobs.audit()
    with scope(SYSTEM):
        assert [each.key for each in alarms.open_alarms() if each.key == "audit:log decisions"]
