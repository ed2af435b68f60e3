"""A witness under other rules: it halts alone, and the audit shows in what the two differ."""

from __future__ import annotations

import http.server
import json
import threading
from pathlib import Path

import pytest

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import auditing, jobs
from townhall.ledger.engine import canonical, registers
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.registers import comparing
from townhall.ledger.models import alarm as alarms
from townhall.ledger.operator import mirrors
from townhall.ledger.operator.folder import open_folder
from townhall.ledger.operator.preparing import folder_of
from townhall.ledger.tests.conftest import submit
from townhall.ledger.tests.town import wait_for
from townhall.ledger.witness.client import Peer

OTHER = str(Path(__file__).with_name("other_rules.py"))


def opened(town, kind):
    """Three witnesses as they should be, and one whose program knows other rules."""
    town.start_witnesses(("auditor", "court", "university"))
    town.start_witness("citizens", program=(OTHER, kind))
    town.open()
    for number in range(4):
        submit(f"case:{number}")
    town.operator.step()
    line = town.line("decisions")
    assert line.finality.advance() == 4
    return line


def findings(about):
    return [each for each in auditing.audit() if each.about.startswith(about)]


def all_have_answered(town):
    """Whether each of the four has replayed the four entries, or has halted."""
    peers = town.line("decisions").finality._find_peers()
    origin = open_folder(folder_of(town.settings)).origin("decisions")
    told = mirrors.ask(peers, origin)
    return all(each.state.size == 4 or each.violation for each in told)


def open_keys():
    with scope(SYSTEM):
        return {each.key for each in alarms.open_alarms()}


def all_well(town):
    peers = town.line("decisions").finality._find_peers()
    origin = open_folder(folder_of(town.settings)).origin("decisions")
    return all(not each.violation and each.state.size == 5 for each in mirrors.ask(peers, origin))


def test_a_mirror_whose_rules_refuse_an_entry_halts_alone_and_is_shown_with_the_reason(town):
    line = opened(town, "strict")
    wait_for(lambda: all_have_answered(town), "the replay of all four")
    [wrong] = [each for each in findings("log decisions") if not each.holds]
    assert wrong.about == "log decisions at demonstration.example/citizens"
    assert "entry 2: only two decisions are known to these rules" in wrong.words
    assert "Townhall " in wrong.words and "up to date" in wrong.words
    [rest] = findings("mirrors of decisions")
    assert rest.words == "3 witnesses came to the same state"
    submit("case:more")
    town.operator.step()
    assert line.finality.advance() == 5  # the others go on
    with scope(SYSTEM):
        words = [each.words for each in alarms.open_alarms() if "citizens" in each.witness]
    assert any("entry 2" in each for each in words)
    # The audit's alarm lasts while the witness is away, and ends once it is as it should be.
    audited = "audit:log decisions at demonstration.example/citizens"
    jobs.audit()
    assert audited in open_keys()
    town.stop_witness("citizens")
    jobs.audit()
    assert audited in open_keys()
    town.start_witness("citizens")
    wait_for(lambda: line.finality.attend() or all_well(town), "the replay under the right rules")
    jobs.audit()
    assert audited not in open_keys()


def test_a_mirror_that_accepts_all_but_comes_to_something_else_is_shown_row_by_row(town):
    opened(town, "counting")
    wait_for(lambda: all_have_answered(town), "the replay of all four")
    [wrong] = [each for each in findings("log decisions") if not each.holds]
    assert "row 'decisions': nothing here, [4] there" in wrong.words


def test_witnesses_that_agree_are_counted_and_one_that_is_down_is_named(town):
    opened(town, "counting")
    town.stop_witness("citizens")
    [found] = findings("mirrors of decisions")
    assert found.holds and found.words.startswith("3 witnesses came to the same state; not asked:")
    assert "citizens" in found.words
    assert all(each.holds for each in auditing.audit())


def answering(content):
    """Serve one and the same answer to everybody."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


STATE = registers.start("decisions", "town.example/decisions")


def told(**changed):
    whole = {"software": "9", "state": STATE.encode().decode(), "violation": ""}
    return json.dumps(whole | changed).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\0",
        b"[" * 100_000,
        b"x" * (20 << 20),
        told(state="{}"),
        told(state="\ud800"),
        told(state=None),
        told(more=1),
        told(violation=7),
    ],
    ids=lambda content: repr(content[:20]),
)
def test_an_answer_that_nobody_understands_is_a_finding_that_says_what_to_do(content):
    server = answering(content)
    try:
        peer = Peer("w", f"http://127.0.0.1:{server.server_port}", ())
        [found] = mirrors.ask([peer], "town.example/decisions")
    finally:
        server.shutdown()
        server.server_close()
    if len(content) > 16 << 20:  # cut off before it is read
        assert isinstance(found, mirrors.Silent) and found.reason
        return
    assert isinstance(found, mirrors.Garbled) and found.reason
    [(name, words)] = mirrors.disagreements([found], {0: STATE}, 1)
    assert name == "w" and "ask its operator which version" in words


def test_the_state_of_another_log_differs_from_ours():
    other = registers.start("decisions", "elsewhere.example/decisions")
    answer = mirrors.Replayed("w", "9", other, "")
    [(name, words)] = mirrors.disagreements([answer], {0: STATE}, 1)
    assert name == "w" and "origin: town.example/decisions here, elsewhere" in words


def test_if_more_than_the_policy_reckons_with_say_the_same_we_are_the_suspect():
    halted = [mirrors.Replayed(f"w{n}", "9", STATE, "entry 7: no") for n in range(3)]
    other = mirrors.Replayed("w3", "9", STATE, "entry 8: no")
    found = dict(mirrors.disagreements([*halted, other], {}, 2))
    assert all("3 witnesses say the same" in found[f"w{n}"] for n in range(3))
    assert "this town hall first" in found["w0"] and "this town hall first" not in found["w3"]
    found = dict(mirrors.disagreements(halted, {}, 3))
    assert not any("this town hall first" in words for words in found.values())


def test_witnesses_that_never_finish_are_waited_for_together_and_not_for_long():
    """Seven of them, each of which sends a byte now and then."""

    class Slow(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            together.wait()  # all seven are here before one of them says a word
            while not ended.wait(0.05):
                self.wfile.write(b" ")

        def log_message(self, *_: object) -> None:
            pass

    ended, together = threading.Event(), threading.Barrier(7, timeout=20)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    peers = [Peer(f"w{n}", f"http://127.0.0.1:{server.server_port}", ()) for n in range(7)]
    try:
        found = mirrors.ask(peers, "town.example/decisions", seconds=2)
        assert not together.broken, "they were asked at once"
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
    assert [each.reason for each in found] == ["no answer came in time"] * 7


def test_a_witness_without_an_address_is_named_and_not_asked():
    [found] = mirrors.ask([Peer("w", "", ())], "town.example/decisions")
    assert found == mirrors.Silent("w", "it has no address")


@pytest.mark.parametrize(
    "changed",
    [
        {"erased": [[-1, "5"]]},
        {"erased": [[0, "0"]]},
        {"erased": [[0, "-5"]]},
        {"erased": [[0, "1" + "0" * 1024]]},
        {"erased": [[0, "0x5"]]},
        {"erased": [[0, "5"], [0, "7"]]},
        {"erased": [["0", "5"]]},
        {"size": -1},
        {"last_at": -1},
        {"rules": 0},
    ],
    ids=str,
)
def test_a_state_has_one_spelling_and_its_figures_their_bounds(changed):
    content = canonical.encode(json.loads(STATE.encode()) | changed)
    with pytest.raises(Refused):
        registers.State.decode(content)


def test_differences_are_told_up_to_a_bound():
    here = registers.State("access", "t.example/access", table={f"a{n}": [n] for n in range(50)})
    there = registers.State("access", "t.example/access", erased={0: 5})
    found = comparing.differences(here, there)
    assert len(found) == comparing.MOST + 1
    assert found[0] == "row 'a0': [0] here, nothing there"
    assert found[-1] == "and 31 more"
    assert comparing.differences(here, here) == []
