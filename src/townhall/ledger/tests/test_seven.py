"""Seven witnesses, five of whom must cosign: some down, some cut off, everything killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import receipts
from townhall.ledger.engine import checking
from townhall.ledger.engine import entries as engine
from townhall.ledger.log.reading import published
from townhall.ledger.models import log as logs
from townhall.ledger.models.entry import Entry
from townhall.ledger.operator import demonstration, preparing
from townhall.ledger.operator.finality import NotFinal
from townhall.ledger.operator.folder import LOGS, make_folder
from townhall.ledger.tests.conftest import submit
from townhall.ledger.tests.town import Town, wait_for

pytestmark = pytest.mark.slow
NAMES = tuple(f"w{number}" for number in range(7))


@pytest.fixture
def seven(tmp_path, committed_db, monkeypatch):
    """A town hall with the policy that is recommended for a country."""
    from townhall.foundation import settings as configuration

    monkeypatch.setenv("TOWNHALL_PROFILE", "demo")
    monkeypatch.setenv("TOWNHALL_DATA", str(tmp_path / "town"))
    configuration.current.cache_clear()
    town = Town(configuration.current())
    folder = make_folder(preparing.folder_of(town.settings), "town.example/ledger")
    for log in LOGS:
        folder.make_keys(log)
    folder.set_policy(demonstration.policy(folder, town.data, names=NAMES, quorum=5, faults=2))
    town.prepare()
    town.start_witnesses(NAMES)
    yield town
    town.end()
    monkeypatch.undo()
    configuration.current.cache_clear()


def final_size(town):
    folder = make_folder(preparing.folder_of(town.settings), "")
    found = published(folder.log("decisions"), folder.origin("decisions"))
    return found[1].head.size if found else 0


def test_with_two_down_nobody_notices_and_with_three_nothing_is_lost(seven):
    seven.open()
    line = seven.line("decisions")
    for name in ("w0", "w1"):
        seven.stop_witness(name)
    submit("case:1")
    seven.operator.step()
    assert line.finality.advance() == 1
    seven.stop_witness("w2")
    submit("case:2")
    seven.operator.step()
    with pytest.raises(NotFinal, match="no quorum"):
        line.finality.advance(patience=1.0)
    early = receipts.receipt(SYSTEM, log="decisions", ref="case:1")  # receipts go on
    assert not [step for step in checking.verify(early) if step.ok is False]
    seven.start_witness("w1")
    begun = time.monotonic()
    wait_for(lambda: _advanced(line) == 2, "finality after the third came back")
    assert time.monotonic() - begun < 60


def _advanced(line):
    try:
        return line.finality.advance(patience=1.0)
    except NotFinal:
        return 0


def test_a_network_cut_into_four_and_three_heals_by_itself(seven):
    """Three witnesses hang, as behind a cut: never is anything final on either side."""
    operator = seven.open()
    working = threading.Thread(target=operator.run)
    working.start()
    try:
        submit("case:1")
        wait_for(lambda: final_size(seven) == 1, "the first entry")
        cut = [seven.witnesses[name] for name in ("w4", "w5", "w6")]
        for process in cut:
            process.send_signal(signal.SIGSTOP)
        submit("case:2")
        time.sleep(6)
        assert final_size(seven) == 1
        for process in cut:
            process.send_signal(signal.SIGCONT)
        wait_for(lambda: final_size(seven) == 2, "the entry after the cut")
    finally:
        operator.stopping.set()
        working.join()


def test_whoever_is_killed_and_whenever_every_entry_stands_there_once_and_becomes_final(seven):
    draw = random.Random(7)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "townhall", "ledger", "run"]

    def start():
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    operator = start()
    count = 0
    try:
        for _ in range(int(os.environ.get("TOWNHALL_KILL_ROUNDS", "10")) // 2):
            for _ in range(40):
                submit(f"case:{count}")
                count += 1
            time.sleep(draw.uniform(0.2, 1.5))
            victim = draw.choice(NAMES)
            seven.stop_witness(victim)
            operator.kill()
            operator.wait()
            operator = start()
            seven.start_witness(victim)
        wait_for(lambda: final_size(seven) == count, f"{count} final entries", 60)
    finally:
        operator.kill()
        operator.wait()
    with scope(SYSTEM):
        places = dict(Entry.objects.filter(log="decisions").values_list("ref", "index"))
        row = logs.get("decisions")
    assert sorted(places.values()) == list(range(count))
    folder = make_folder(preparing.folder_of(seven.settings), "")
    _, snapshot = published(folder.log("decisions"), folder.origin("decisions"))
    handles = [engine.decode(each).body["handle"] for each in snapshot.entries(0, count)]
    assert len(set(handles)) == count == row.size
    for ref in draw.sample(sorted(places), 5):
        steps = checking.verify(receipts.receipt(SYSTEM, log="decisions", ref=ref))
        assert not [step for step in steps if step.ok is False]
