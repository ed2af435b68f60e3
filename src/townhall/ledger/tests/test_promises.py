"""The log's word that something was received: given, kept, and held against it when broken."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from townhall.foundation.acting import ANONYMOUS, SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import receipts
from townhall.ledger.engine import canonical, handovers
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.promises import Promise, kept_by, promise
from townhall.ledger.models.entry import Entry
from townhall.ledger.operator import policies, promising
from townhall.ledger.operator.folder import LOGS
from townhall.ledger.tests.conftest import submit
from townhall.ledger.tests.test_handover import (
    QUORUM,
    folder,  # noqa: F401
    peers,
    send,
    witnessed,  # noqa: F401
)
from townhall.ledger.tests.test_policies import agreed
from townhall.ledger.witness.client import Peer
from townhall.ledger.witness.refetching import Copy
from townhall.ledger.witness.tests.lying import liar

BODY = {"handle": "5" * 32, "document": "a" * 64}


def given(folder, *, deadline, body=BODY, log="decisions"):  # noqa: F811
    """A promise that was given a day before its deadline."""
    return promise(
        folder.origin(log),
        "decision",
        body,
        (),
        received_at=deadline - 86_400,
        deadline=deadline,
        signers=folder.signers(log),
    )


def now():
    return int(time.time())


def test_who_waits_gets_the_word_of_the_log_and_sees_it_kept(witnessed, folder):  # noqa: F811
    submit("case:waits")
    assert receipts.promise(SYSTEM, log="decisions", ref="case:waits") is None
    assert receipts.ask_for_promise(SYSTEM, log="decisions", ref="case:waits")
    assert promising.sign_wanted(folder) == 1
    assert promising.sign_wanted(folder) == 0
    content = receipts.promise(SYSTEM, log="decisions", ref="case:waits")
    word = Promise.parse(content)
    word.check([each.key for each in folder.signers("decisions")])
    assert word.deadline - word.received_at == 86_400
    status, words = send(witnessed, "court", content, "overdue")
    assert status == 425 and "due in 86" in words
    witnessed.operator.step()
    with scope(SYSTEM):
        placed = Entry.objects.get(ref="case:waits")
    assert kept_by([word], [bytes(placed.content)]) == {word.digest}


def test_a_promise_counts_that_was_given_two_changes_of_the_keys_ago(witnessed, folder):  # noqa: F811
    word = None
    for number in (1, 2):
        draft = policies.with_new_keys(folder, LOGS)
        signatures = agreed(witnessed, policies.statement_of(folder, draft), *QUORUM)
        assert policies.put_in_force(folder, draft, signatures) == number
        word = word or given(folder, deadline=now() - 10)
        witnessed.close()
        witnessed.open()
        witnessed.operator.step()
        assert witnessed.line("keys").finality.advance() == number + 1
    status, words = send(witnessed, "court", word.render(), "overdue")
    assert status == 202, words
    stranger = given(folder, deadline=now() - 10).render().replace(b"decisions", b"registers", 1)
    assert send(witnessed, "court", stranger, "overdue")[0] in {400, 403}


def test_no_promise_is_given_for_what_the_log_would_not_take(witnessed, folder):  # noqa: F811
    submit("case:too long", public={"words": "x" * 70_000})
    assert receipts.ask_for_promise(SYSTEM, log="decisions", ref="case:too long")
    promising.sign_wanted(folder)
    assert promising.sign_wanted(folder) == 0
    assert receipts.promise(SYSTEM, log="decisions", ref="case:too long") is None
    witnessed.operator.step()
    assert receipts.progress(SYSTEM, log="decisions", ref="case:too long").state == "refused"


def test_nobody_asks_for_a_promise_about_what_they_may_not_see(witnessed):  # noqa: F811
    submit("case:waits")
    assert not receipts.ask_for_promise(ANONYMOUS, log="decisions", ref="case:waits")
    assert not receipts.ask_for_promise(SYSTEM, log="decisions", ref="case:of nobody")
    assert receipts.promise(ANONYMOUS, log="decisions", ref="case:waits") is None


def test_a_broken_promise_is_kept_by_any_witness_and_taken_in_by_a_successor(
    witnessed,  # noqa: F811
    folder,  # noqa: F811
):
    broken = given(folder, deadline=now() - 10)
    for _ in range(2):
        assert send(witnessed, "court", broken.render(), "overdue")[0] == 202
    court = next(each for each in peers(witnessed, folder.policy()) if "court" in each.name)
    copy = Copy(f"{court.url}/mirror", broken.origin)
    assert Promise.parse(copy.read(Path("overdue")).strip()) == broken
    copy.close()
    alarms = (witnessed.data / "witnesses" / "court" / "state" / "alarms.txt").read_text()
    assert alarms.count("has promised in writing") == 1
    keys = handovers.keys_of(folder.policy(), broken.origin)
    found = peers(witnessed, folder.policy())
    log = witnessed.line("decisions").finality.log
    assert promising.take_in("decisions", log, found, keys) == 1
    assert promising.take_in("decisions", log, found, keys) == 0
    witnessed.operator.step()
    witnessed.line("decisions").finality.advance()
    status, words = send(witnessed, "court", broken.render(), "overdue")
    assert (status, words) == (200, "the promise was kept: it is entry 3\n")


def test_a_promise_that_was_kept_or_is_not_due_is_not_taken_in_again(
    witnessed,  # noqa: F811
    folder,  # noqa: F811
):
    """A witness is not believed: entries that stand in the log twice could not be taken out."""
    submit("case:kept")
    assert receipts.ask_for_promise(SYSTEM, log="decisions", ref="case:kept")
    promising.sign_wanted(folder)
    word = receipts.promise(SYSTEM, log="decisions", ref="case:kept")
    witnessed.operator.step()
    kept = Promise.parse(word)
    overdue = given(folder, deadline=now() - 10, body=kept.body)
    early = given(folder, deadline=now() + 3_600)
    listed = b"\n".join(each.render() for each in (kept, overdue, early))
    log = witnessed.line("decisions").finality.log
    assert kept_by([overdue], log.entries(0, log.appended)) == {overdue.digest}
    keys = handovers.keys_of(folder.policy(), kept.origin)
    with liar(lambda path: (200, listed) if path.endswith("/overdue") else (404, b"")) as witness:
        peer = Peer("liar.example/w", witness.url, ())
        assert promising.take_in("decisions", log, [peer], keys) == 0
        assert witness.asked == 1


def test_what_comes_late_ends_the_alarm(witnessed, folder):  # noqa: F811
    broken = given(folder, deadline=now() - 10)
    for name in ("auditor", "court", "university", "citizens"):
        assert send(witnessed, name, broken.render(), "overdue")[0] == 202
    keys = handovers.keys_of(folder.policy(), broken.origin)
    found = peers(witnessed, folder.policy())
    promising.take_in("decisions", witnessed.line("decisions").finality.log, found, keys)
    witnessed.operator.step()
    witnessed.line("decisions").finality.advance()
    court = next(each for each in found if "court" in each.name)
    copy = Copy(f"{court.url}/mirror", broken.origin)
    until = time.monotonic() + 10
    while copy.read(Path("overdue")) and time.monotonic() < until:
        time.sleep(0.1)
    assert copy.read(Path("overdue")) == b""
    copy.close()


def test_what_the_log_never_promised_is_held_against_nobody(witnessed, folder):  # noqa: F811
    whole = json.loads(given(folder, deadline=now() - 10).render())
    other = {"body": {**BODY, "document": "b" * 64}}
    for change in (
        other,
        {"deadline": whole["deadline"] - 1},
        {"received_at": 5},
        {"kind": "letter"},
        {"sources": ["c" * 64]},
        {"origin": folder.origin("access")},
        {"format": "townhall/promise/v2"},
        {"note": whole["note"].replace("—", "-")},
        {"more": 1},
        {"deadline": "5"},
        {"sources": [5]},
    ):
        changed = canonical.encode(whole | change)
        assert send(witnessed, "court", changed, "overdue")[0] == 400, change
    stranger = given(folder, deadline=now() - 10, log="access")
    mixed = json.loads(stranger.render())
    lines = whole["note"].split("\n\n")[0] + "\n\n" + mixed["note"].split("\n\n")[1]
    signed_by_another = canonical.encode(whole | {"note": lines})
    assert send(witnessed, "court", signed_by_another, "overdue")[0] == 403
    elsewhere = given(folder, deadline=now() - 10)
    for junk in (b"", b"\0", b"[" * 100_000, b"x" * 200_000):
        assert send(witnessed, "court", junk, "overdue")[0] == 400
    with pytest.raises(Refused):
        given(folder, deadline=0)
    assert elsewhere.digest != given(folder, deadline=now() - 11).digest
