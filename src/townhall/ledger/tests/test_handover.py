"""Other keys sign for a log: rotated under load, after a theft, or against the operator's will."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg
import pytest

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import receipts
from townhall.ledger.engine import checking, checkpoints, handovers
from townhall.ledger.engine import entries as engine
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.handovers import HandOver
from townhall.ledger.engine.keys import Signer
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.policy import Policy
from townhall.ledger.log.log import Log
from townhall.ledger.log.reading import published
from townhall.ledger.models import alarm as alarms
from townhall.ledger.operator import (
    demonstration,
    policies,
    preparing,
    remembering,
    taking_over,
)
from townhall.ledger.operator.finality import Finality, NotFinal, peers_of
from townhall.ledger.operator.folder import KINDS, LOGS, Folder, FolderUnusable, open_folder
from townhall.ledger.operator.policies import PolicyRefused
from townhall.ledger.operator.remembering import RolledBack
from townhall.ledger.operator.sequencer import Sequencer
from townhall.ledger.tests.conftest import submit
from townhall.ledger.tests.test_policies import agreed
from townhall.ledger.tests.town import wait_for
from townhall.ledger.witness.client import Client, NoCosignature, Peer
from townhall.ledger.witness.refetching import Copy, refetch, signed_head
from townhall.ledger.witness.tests.lying import liar

QUORUM = ("auditor", "court", "university")


@pytest.fixture
def folder(town):
    return open_folder(preparing.folder_of(town.settings))


@pytest.fixture
def witnessed(town):
    """A town hall with three final decisions, whose process is not running."""
    town.start_witnesses(demonstration.NAMES)
    town.open()
    for number in range(3):
        submit(f"case:{number}")
    town.operator.step()
    for log in ("keys", "decisions"):
        town.line(log).finality.advance()
    return town


def rotated(town, folder):
    """Put other keys in force for all logs, as three witnesses agree."""
    draft = policies.with_new_keys(folder, LOGS)
    signatures = agreed(town, policies.statement_of(folder, draft), *QUORUM)
    assert policies.put_in_force(folder, draft, signatures) == 1
    return draft


def send(town, name, content, path="hand-over"):
    """Bring something to a witness, as anybody can; return status and words."""
    url = urlsplit(demonstration.addresses(town.data)[f"{demonstration.HOST}/{name}"])
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    connection.request("POST", f"/{path}", content)
    answer = connection.getresponse()
    words = answer.read().decode()
    connection.close()
    return answer.status, words


def peers(town, policy, hand_overs=()):
    return peers_of(policy, demonstration.addresses(town.data), hand_overs)


def running():
    return subprocess.Popen(
        [sys.executable, "-m", "townhall", "ledger", "run"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def sealed(folder, log="decisions"):
    found = published(folder.log(log), folder.origin(log))
    return found[1].head.size if found else 0


@pytest.mark.slow
def test_keys_are_rotated_while_entries_keep_coming_and_one_witness_sleeps(town, folder):
    town.start_witnesses(demonstration.NAMES)
    process = running()
    count = 0

    def more(entries):
        nonlocal count
        for _ in range(entries):
            submit(f"case:{count}")
            count += 1

    try:
        more(20)
        wait_for(lambda: sealed(folder) == 20 and sealed(folder, "keys") == 1, "the first seals")
        early = receipts.receipt(SYSTEM, log="decisions", ref="case:7")
        before = folder.policy()
        town.stop_witness("citizens", signal.SIGTERM)
        more(20)
        draft = rotated(town, folder)
        more(20)
        wait_for(lambda: sealed(folder) == 60 and sealed(folder, "keys") == 2, "the other keys")
        town.start_witness("citizens")
        town.stop_witness("auditor")  # now the one that slept is needed
        more(20)
        wait_for(lambda: sealed(folder) == count, "the witness that had slept")
    finally:
        process.terminate()
        process.wait(20)
    late = receipts.receipt(SYSTEM, log="decisions", ref=f"case:{count - 1}")
    assert late.policy == draft and late.log_key not in [log.key for log in before.logs]
    for each, trusted in ((early, before), (late, Policy.load(draft))):
        steps = checking.verify(each, trusted=[trusted])
        assert {step.ok for step in steps if step.name != "document"} == {True}
    # What was signed under the keys of before is worth nothing under those of now.
    steps = checking.verify(early, trusted=[Policy.load(draft)])
    assert checking.verdict(steps) is checking.Verdict.FAILS
    assert not list((folder.path / "keys").glob("*.next"))


def test_a_stolen_key_that_was_replaced_stops_nobody(witnessed, folder, tmp_path):
    """One witness shows a longer history, which the old keys truly signed."""
    stolen = folder.signers("decisions")
    rotated(witnessed, folder)
    witnessed.close()
    with poisoned(witnessed, folder.origin("decisions"), stolen, tmp_path) as (_, url):
        place = demonstration.settings_files(witnessed.data)["citizens"].parent / "address"
        place.write_text(url + "\n")
        witnessed.open()
        submit("case:3")
        witnessed.operator.step()
        assert witnessed.line("decisions").finality.advance() == 4
        with scope(SYSTEM):
            [alarm] = [each for each in alarms.open_alarms() if each.key == "decisions:old keys"]
        assert "Not believed" in alarm.words and "citizens has seen 40" in alarm.words
        # The keys that sign now are believed, whoever shows what they signed.
        witnessed.close()
    with poisoned(
        witnessed, folder.origin("decisions"), folder.signers("decisions"), tmp_path / "new"
    ) as (_, url):
        place.write_text(url + "\n")
        witnessed.open()
        with pytest.raises(RolledBack):
            witnessed.line("decisions").finality.advance()


def test_a_log_in_which_nothing_happens_is_sealed_under_the_new_keys_too(witnessed, folder):
    draft = rotated(witnessed, folder)
    witnessed.close()
    witnessed.open()
    line = witnessed.line("decisions")
    assert line.finality.due
    assert line.finality.advance() == 3
    assert not line.finality.due
    assert receipts.receipt(SYSTEM, log="decisions", ref="case:1").policy == draft


def test_a_witness_shows_the_policy_that_it_follows(witnessed, folder, succession):
    """Readers compare its fingerprint with the one that the town hall shows."""
    url = demonstration.addresses(witnessed.data)[f"{demonstration.HOST}/court"]

    def shown():
        with urlopen(f"{url}/", timeout=10) as answer:
            return answer.read().decode()

    assert sha256(folder.policy().text).hexdigest() in shown()
    hand_over = handed_over(witnessed, folder, succession, *QUORUM)
    assert send(witnessed, "court", hand_over)[0] == 200
    assert sha256(succession).hexdigest() in shown()
    assert sha256(folder.policy().text).hexdigest() not in shown()


def test_a_thief_of_the_old_keys_is_heard_by_no_witness(witnessed, folder, tmp_path):
    stolen = folder.signers("decisions")
    rotated(witnessed, folder)
    witnessed.close()
    witnessed.open()
    witnessed.line("decisions").finality.advance()
    honest = witnessed.line("decisions").sequencer.log
    fork = Log.create(tmp_path / "fork", honest.origin)
    contents = list(honest.entries(0, 3))
    last = engine.decode(contents[-1])
    body = {**last.body, "document": "f" * 64}
    fork.append([*contents, engine.Entry(last.origin, last.kind, last.at, body).encode()])
    fork.integrate()
    note = SignedNote.parse(
        fork.sign(lambda text: checkpoints.sign(Checkpoint.parse(text), *stolen, time=1).render())
    )
    for peer in peers(witnessed, folder.policy()):
        client = Client(peer, lambda: int(time.time()))
        with pytest.raises(NoCosignature, match="403"):
            client.add_checkpoint(note, fork.snapshot())
        client.close()
    fork.close()


def test_a_stop_between_database_and_folder_is_made_up_for_at_the_next_start(witnessed, folder):
    before = folder.policy().text
    place = folder.path / "keys"
    old = (place / "decisions").read_text()
    draft = rotated(witnessed, folder)
    new = (place / "decisions").read_text()
    # As if the process had ended before the folder followed the database.
    (place / "decisions.next").write_text(new)
    (place / "decisions").write_text(old)
    folder.set_policy(before)
    witnessed.prepare()
    assert folder.policy().text == draft
    assert (place / "decisions").read_text() == new != old


def test_a_policy_whose_keys_are_not_here_is_not_put_in_force(witnessed, folder):
    policy = folder.policy()
    own = folder.signers("decisions")[0].key
    other = Signer(own.name, own.kind, b"x" * 32).key
    foreign = policy.text.replace(str(own).encode(), str(other).encode())
    signatures = agreed(witnessed, policies.statement_of(folder, foreign), *QUORUM)
    with pytest.raises(FolderUnusable, match="not in"):
        policies.put_in_force(folder, foreign, signatures)
    assert folder.policy() == policy


def test_new_keys_are_drafted_only_for_a_log_that_the_policy_names(witnessed, folder):
    lines = [line for line in folder.policy().text.splitlines(True) if b"/registers+" not in line]
    folder.set_policy(b"".join(lines))
    with pytest.raises(PolicyRefused, match="does not name the log registers"):
        policies.with_new_keys(folder, ["registers"])


# --- against the will of the operator ---------------------------------------------------


@pytest.fixture
def successor(folder):
    """The keys of somebody else, for every log."""
    return {
        log: [Signer(folder.origin(log), kind, bytes([kind, place]) * 16) for kind in KINDS]
        for place, log in enumerate(LOGS)
    }


@pytest.fixture
def succession(folder, successor):
    """The present policy, with the successor's keys."""
    text = folder.policy().text.decode()
    for log, signers in successor.items():
        for old in handovers.keys_of(folder.policy(), folder.origin(log)):
            new = next(each.key for each in signers if each.key.kind == old.kind)
            text = text.replace(str(old), str(new))
    return text.encode()


def handed_over(town, folder, text, *names):
    signatures = agreed(town, policies.statement_of(folder, text), *names)
    return HandOver(folder.origin("keys"), 1, text.decode(), signatures).render()


def test_an_operator_who_leaves_somebody_out_is_replaced_by_the_quorum(
    witnessed, folder, succession, successor, tmp_path
):
    """The successor starts from a mirror, appends what was left out, and is final with it."""
    left_out = engine.Entry(
        folder.origin("decisions"),
        "decision",
        int(time.time()),
        {"handle": "5" * 32, "document": "a" * 64},
    ).encode()
    hand_over = handed_over(witnessed, folder, succession, *QUORUM)
    for name in demonstration.NAMES:
        assert send(witnessed, name, hand_over)[0] == 200
    # The old operator goes on as if nothing had happened, and nobody hears it.
    submit("case:of a friend")
    witnessed.operator.step()
    with pytest.raises(NotFinal, match="403"):
        witnessed.line("decisions").finality.advance(patience=3.0)
    taken = Log.create(tmp_path / "taken", folder.origin("decisions"))
    policy = Policy.load(succession)
    court = demonstration.addresses(witnessed.data)[f"{demonstration.HOST}/court"]
    copy = Copy(f"{court}/mirror", taken.origin)
    old_keys = handovers.keys_of(folder.policy(), taken.origin)
    assert refetch(taken, copy, signed_head(copy, old_keys), "decisions") == 3
    copy.close()
    taken.append([left_out])
    new = Finality(
        "decisions",
        taken,
        successor["decisions"],
        policy=policy,
        peers=lambda: peers(witnessed, policy),
        earlier_keys=old_keys,
    )
    assert new.advance() == 4
    note = SignedNote.parse(taken.checkpoint)
    assert policy.verify(note).checkpoint.size == 4
    assert taken.entry(3) == left_out
    new.close()
    taken.close()


def test_a_witness_follows_after_a_restart_and_takes_the_same_hand_over_twice(
    witnessed, folder, succession
):
    hand_over = handed_over(witnessed, folder, succession, *QUORUM)
    assert send(witnessed, "court", hand_over) == (200, "policy 1 is followed from now on\n")
    witnessed.stop_witness("court")
    witnessed.start_witness("court")
    assert send(witnessed, "court", hand_over) == (200, "policy 1 is followed already\n")
    log = witnessed.line("decisions").sequencer.log
    [court] = [each for each in peers(witnessed, folder.policy()) if each.name.endswith("court")]
    client = Client(court, lambda: int(time.time()))
    with pytest.raises(NoCosignature, match="403"):
        client.add_checkpoint(SignedNote.parse(log.signed), log.snapshot())
    client.close()


def test_what_no_quorum_signed_changes_nothing(witnessed, folder, succession):
    good = HandOver.parse(handed_over(witnessed, folder, succession, *QUORUM))
    two = HandOver.parse(handed_over(witnessed, folder, succession, "auditor", "court"))
    more = succession.decode() + "# and a line more\n"
    for status, given in (
        (422, two),
        (422, HandOver(good.origin, 1, good.policy, "")),
        (422, HandOver(good.origin, 1, more, good.signatures)),
        (409, HandOver(good.origin, 2, good.policy, good.signatures)),
        (409, HandOver(good.origin, 0, good.policy, good.signatures)),
        (404, HandOver("elsewhere.example/ledger/keys", 1, good.policy, good.signatures)),
        (404, HandOver(folder.origin("decisions"), 1, good.policy, good.signatures)),
    ):
        assert send(witnessed, "court", given.render())[0] == status, given.sequence
    for junk in (b"", b"{}", b"\0" * 9, b"[" * 100_000, b'{"format":1}', b"x" * 500_000):
        assert send(witnessed, "court", junk)[0] == 400
    submit("case:as before")
    witnessed.operator.step()
    assert witnessed.line("decisions").finality.advance() == 4


def said(*words):
    """Run `townhall ledger …` as an operator does; return exit code, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "townhall", "ledger", *map(str, words)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    return done.returncode, (done.stdout or done.stderr).decode()


def test_on_the_command_line_from_new_keys_to_a_hand_over_that_a_witness_takes(
    witnessed, folder, tmp_path
):
    code, draft = said("keys", "decisions")
    assert code == 0
    (tmp_path / "policy").write_text(draft)
    code, statement = said("policy", tmp_path / "policy")
    assert code == 0
    (tmp_path / "signatures").write_text(agreed(witnessed, statement, *QUORUM))
    files = (tmp_path / "policy", "--signatures", tmp_path / "signatures")
    code, content = said("hand-over", *files)
    assert code == 0
    assert send(witnessed, "court", content.encode())[0] == 200
    assert folder.policy().text != draft.encode()  # nothing is in force here yet
    code, words = said("policy", *files)
    assert (code, folder.policy().text) == (0, draft.encode()), words
    for words, code, why in (
        (("keys", "nosuch"), 2, "There is no log nosuch"),
        (("policy", *files), 1, "not over this checkpoint"),  # they signed for 1, and 2 is due
        (("hand-over", *files), 0, content),  # who slept is shown it when it is in force, too
        (("take-over", tmp_path / "nothing"), 2, "cannot be read"),
    ):
        found, told = said(*words)
        assert found == code and why in told, told


def test_a_policy_of_one_town_speaks_for_no_other(folder, succession):
    origin = "elsewhere.example/ledger/decisions"
    assert handovers.keys_of(Policy.load(succession), origin) == ()
    assert handovers.governing(origin) == "elsewhere.example/ledger/keys"
    assert handovers.governing(folder.origin("decisions")) == folder.origin("keys")


def test_a_peer_without_hand_overs_is_told_why(witnessed, folder, succession):
    hand_over = handed_over(witnessed, folder, succession, *QUORUM)
    assert send(witnessed, "court", hand_over)[0] == 200
    log = witnessed.line("decisions").sequencer.log
    [court] = [each for each in peers(witnessed, folder.policy()) if each.name.endswith("court")]
    client = Client(Peer(court.name, court.url, court.keys, (hand_over,)), lambda: int(time.time()))
    with pytest.raises(NoCosignature, match="no key that is trusted"):
        client.add_checkpoint(SignedNote.parse(log.signed), log.snapshot())
    client.close()


@pytest.fixture
def orphaned(witnessed, server, tmp_path):
    """The witnesses of a town hall that is gone, and a new one without any entry."""
    policy = open_folder(preparing.folder_of(witnessed.settings)).policy()
    witnessed.close()
    addresses = demonstration.addresses(witnessed.data)
    with psycopg.connect(server.owner_dsn, autocommit=True) as connection:
        tables = ("entry", "opening", "log", "checkpoint", "policy", "alarm")
        connection.execute(f"TRUNCATE {', '.join(f'ledger_{each}' for each in tables)}")
    settings = replace(witnessed.settings, data_dir=tmp_path / "successor", profile="production")
    preparing.prepare(settings)
    return settings, policy, addresses


def test_another_town_hall_takes_the_logs_over_and_goes_on_with_them(orphaned, witnessed):
    settings, before, addresses = orphaned
    folder = open_folder(preparing.folder_of(settings))
    said = []
    draft = taking_over.take_over(folder, before, addresses, said.append)
    assert any("decisions    3 entries, 3 fetched" in each for each in said)
    again = taking_over.take_over(folder, before, addresses, said.append)
    assert again == draft != before.text
    signatures = agreed(witnessed, policies.statement_of(folder, draft), *QUORUM)
    assert policies.put_in_force(folder, draft, signatures) == 1
    submit("case:in the new house")
    shown = policies.hand_overs(folder)
    for name in ("keys", "decisions"):
        with Log.open(folder.log(name)) as log:
            sequencer = Sequencer(name, log)
            policy = folder.policy()
            line = Finality(
                name,
                log,
                folder.signers(name),
                policy=policy,
                peers=lambda: peers_of(folder.policy(), addresses, shown),
                earlier_keys=policies.keys_ever(folder, name),
            )
            line.remember()
            sequencer.step()
            assert line.advance() == {"keys": 2, "decisions": 4}[name]
            policy.verify(log.checkpoint)
            line.close()


@contextmanager
def poisoned(witnessed, origin, signers, tmp_path, *, beginning=(), since=0):
    """One of the witnesses, with a copy of a longer history that the stolen keys signed."""
    forged = Log.create(tmp_path / "forged", origin)
    bodies = [{"handle": f"{at:032x}", "document": "b" * 64} for at in range(40)]
    more = [engine.Entry(origin, "decision", since, body).encode() for body in bodies]
    forged.append([*beginning, *more])
    forged.integrate()
    forged.sign(lambda text: checkpoints.sign(Checkpoint.parse(text), *signers, time=1).render())
    forged.publish(forged.signed)

    def answer(path):
        _, kind, log, *rest = path.split("/")
        if kind not in ("mirror", "witness") or log != sha256(origin.encode()).hexdigest():
            return 404, b""
        try:
            return 200, forged.public.joinpath(*rest).read_bytes()
        except FileNotFoundError:
            return 404, b""

    if "citizens" in witnessed.witnesses:
        witnessed.stop_witness("citizens")
    with liar(answer) as lying_one:
        yield f"{demonstration.HOST}/citizens", lying_one.url
    forged.close()


@pytest.mark.parametrize(
    ("goes_on", "since", "taken", "why"),
    [
        (False, 1, 3, "40 entries, and only 1 witnesses"),
        # What the log had signed and nobody contradicts is its own, however few have seen it;
        (True, 4_000_000_000, 43, "43 entries, 43 fetched"),
        # but not if no witness could ever pass it: the time of these is before the others'.
        (True, 1, 3, "breaks the rules"),
    ],
)
def test_one_witness_with_a_longer_history_does_not_spoil_a_succession(
    orphaned, witnessed, tmp_path, goes_on, since, taken, why
):
    settings, before, addresses = orphaned
    old = open_folder(preparing.folder_of(witnessed.settings))
    origin = old.origin("decisions")
    folder = open_folder(preparing.folder_of(settings))
    said = []
    beginning = []
    if goes_on:
        found = published(old.log("decisions"), origin)
        beginning = list(found[1].entries(0, 3))
    with poisoned(
        witnessed, origin, old.signers("decisions"), tmp_path, beginning=beginning, since=since
    ) as (party, url):
        asked = {**addresses, party: url}
        draft = taking_over.take_over(folder, before, asked, said.append)
        assert taking_over.take_over(folder, before, asked, print) == draft
    told = "\n".join(said)
    assert why in told
    assert ("citizens remembers" in told) is (taken == 3), told
    with Log.open(folder.log("decisions")) as log:
        assert log.appended == taken


def test_nothing_is_taken_over_while_too_few_witnesses_answer(orphaned, witnessed):
    settings, before, addresses = orphaned
    folder = open_folder(preparing.folder_of(settings))
    for name in ("auditor", "court", "university"):
        witnessed.stop_witness(name)
    with pytest.raises(remembering.NobodyToAsk, match="At least 3"):
        taking_over.take_over(folder, before, addresses, print)


def test_a_ledger_with_another_name_is_not_taken_over(orphaned):
    settings, before, addresses = orphaned
    other = Folder(preparing.folder_of(settings), "elsewhere.example/ledger")
    with pytest.raises(taking_over.CannotTakeOver, match="TOWNHALL_BASE_URL"):
        taking_over.take_over(other, before, addresses, print)


def test_a_town_hall_with_entries_of_its_own_does_not_mix_them_with_others(orphaned):
    settings, before, addresses = orphaned
    folder = open_folder(preparing.folder_of(settings))
    submit("case:own")
    with Log.open(folder.log("decisions")) as log:
        Sequencer("decisions", log).step()
    with pytest.raises(taking_over.CannotTakeOver, match="not the beginning"):
        taking_over.take_over(folder, before, addresses, print)
