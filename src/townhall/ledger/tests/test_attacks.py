"""The operator, a thief of keys and dishonest witnesses try to show somebody another past."""

from __future__ import annotations

import time

import pytest

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import receipts
from townhall.ledger.engine import checking, checkpoints, cosignatures, equivocation
from townhall.ledger.engine import entries as engine
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.proof_files import ProofFile
from townhall.ledger.engine.receipts import Receipt
from townhall.ledger.log.log import Log
from townhall.ledger.models import alarm as alarms
from townhall.ledger.operator import demonstration
from townhall.ledger.operator.finality import Finality, NotFinal, peers_of
from townhall.ledger.operator.folder import open_folder
from townhall.ledger.operator.preparing import folder_of
from townhall.ledger.operator.remembering import RolledBack
from townhall.ledger.tests.conftest import submit
from townhall.ledger.witness import keyring
from townhall.ledger.witness.settings import read_settings


@pytest.fixture
def folder(town):
    return open_folder(folder_of(town.settings))


@pytest.fixture
def honest(town):
    """A town hall whose log has five final entries."""
    town.start_witnesses(demonstration.NAMES)
    town.open()
    for number in range(5):
        submit(f"case:{number}")
    town.operator.step()
    assert town.line("decisions").finality.advance() == 5
    return town


def rewritten(town, folder, tmp_path, *, index=2, more=0):
    """Return a log with the same keys in which one old entry is another one."""
    log = town.line("decisions").sequencer.log
    contents = list(log.entries(0, 5))
    old = engine.decode(contents[index])
    body = {**old.body, "document": "f" * 64}
    contents[index] = engine.Entry(old.origin, old.kind, old.at, body).encode()
    contents += [contents[-1].replace(b'"handle":"', b'"handle":"00', 1)][:more]
    forged = Log.create(tmp_path / "forged", log.origin)
    forged.append(contents)
    forged.integrate()
    return forged


def signed(folder, log):
    signers = folder.signers("decisions")
    return SignedNote.parse(
        log.sign(lambda text: checkpoints.sign(Checkpoint.parse(text), *signers, time=1).render())
    )


def receipt_from(folder, log, note, index=2):
    return Receipt(
        entry=log.entry(index),
        openings=(),
        proof=ProofFile(index, tuple(log.proof(index)), note),
        policy=folder.policy().text,
        log_key=folder.signers("decisions")[0].key,
    )


def rules_of(town, name):
    told = read_settings(demonstration.settings_files(town.data)[name])
    return keyring.read(told.folder, told.name).rules


def cosigned(town, note, *names):
    checkpoint = Checkpoint.parse(note.text)
    now = int(time.time())
    made = [cosignatures.cosign(checkpoint, each, now) for n in names for each in rules_of(town, n)]
    return note.with_signatures(*made)


def test_no_witness_signs_a_log_in_which_an_old_entry_was_rewritten(honest, folder, tmp_path):
    before = receipts.receipt(SYSTEM, log="decisions", ref="case:2")
    forged = rewritten(honest, folder, tmp_path)
    peers = peers_of(folder.policy(), demonstration.addresses(honest.data))
    attack = Finality(
        "decisions",
        forged,
        folder.signers("decisions"),
        policy=folder.policy(),
        peers=lambda: peers,
    )
    with pytest.raises(RolledBack, match="other entries"):
        attack.advance(patience=3.0)
    attack.remembered = True  # the attacker does not ask first
    with pytest.raises(NotFinal, match="Only 0 witnesses"):
        attack.advance(patience=3.0)
    attack.close()
    with scope(SYSTEM):
        words = [each.words for each in alarms.open_alarms()]
    assert len(words) == 4 and all("422" in each for each in words)
    evidence = list((honest.data / "witnesses" / "court" / "state" / "evidence").iterdir())
    assert evidence, "the forged checkpoint is kept: it bears the operator's signature"
    assert not [step for step in checking.verify(before) if step.ok is False]


@pytest.mark.parametrize("accomplices", [(), ("auditor",), ("auditor", "court")])
def test_a_private_history_for_one_citizen_is_refused_without_a_quorum(
    honest, folder, tmp_path, accomplices
):
    forged = rewritten(honest, folder, tmp_path)
    note = cosigned(honest, signed(folder, forged), *accomplices)
    steps = checking.verify(receipt_from(folder, forged, note))
    assert checking.verdict(steps) == checking.Verdict.FAILS
    [wrong] = [step for step in steps if step.ok is False]
    assert wrong.name == "signatures"


def test_the_limit_two_of_four_who_cheat_with_the_operator_can_and_are_convicted(
    honest, folder, tmp_path
):
    """With 2q - N dishonest witnesses two quorums are possible; the two notes prove it."""
    forged = rewritten(honest, folder, tmp_path)
    # The third believes what the two show it, because it never saw the true history.
    second = cosigned(honest, signed(folder, forged), "auditor", "court", "citizens")
    steps = checking.verify(receipt_from(folder, forged, second))
    assert not [step for step in steps if step.ok is False]
    log = honest.line("decisions").sequencer.log
    first = cosigned(honest, SignedNote.parse(log.checkpoint), "auditor", "court", "university")
    keys = [each.key for each in folder.policy().witnesses if each.key.name.endswith("/rules")]
    guilty = {
        key.name.split("/")[1] for key in equivocation.signers_of_both(first, second, keys)
    } - {"citizens"}  # signed the true one in earnest, as the others did
    assert guilty == {"auditor", "court"}
    own = [each.key for each in folder.signers("decisions")]
    assert equivocation.signers_of_both(first, second, own) == tuple(own)


def test_two_checkpoints_that_may_both_be_true_convict_nobody(honest, folder):
    log = honest.line("decisions").sequencer.log
    first = SignedNote.parse(log.checkpoint)
    submit("case:more")
    honest.operator.step()
    honest.line("decisions").finality.advance()
    for other in (first, SignedNote.parse(log.checkpoint)):
        with pytest.raises(equivocation.NoContradiction):
            equivocation.signers_of_both(first, other, [])


def test_an_entry_that_breaks_the_rules_is_cosigned_by_nobody(honest, folder):
    """An operator who goes round its own sequencer, and writes into its files."""
    line = honest.line("decisions")
    log = line.sequencer.log
    last = engine.decode(log.entry(4))
    body = {**last.body, "name": "Ada Lowe"}
    log.append([engine.Entry(last.origin, last.kind, last.at, body).encode()])
    with pytest.raises(NotFinal, match="Only 0 witnesses"):
        line.finality.advance(patience=3.0)
    with scope(SYSTEM):
        words = " ".join(each.words for each in alarms.open_alarms())
    assert "entry 5" in words


def test_an_entry_that_is_dated_back_is_cosigned_by_nobody(honest, folder):
    line = honest.line("decisions")
    log = line.sequencer.log
    last = engine.decode(log.entry(4))
    log.append([engine.Entry(last.origin, last.kind, last.at - 3_600, last.body).encode()])
    with pytest.raises(NotFinal, match="Only 0 witnesses"):
        line.finality.advance(patience=3.0)
