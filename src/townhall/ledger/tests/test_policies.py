"""Another policy needs the signatures of the present witnesses."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from townhall.foundation import settings as configuration
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger import receipts, showing
from townhall.ledger.engine import checking, cosignatures
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.handovers import HandOver
from townhall.ledger.engine.histories import History
from townhall.ledger.engine.keys import COSIGNERS
from townhall.ledger.engine.policy import Policy, PolicyUnsafe
from townhall.ledger.engine.tests import cast
from townhall.ledger.models import checkpoint as checkpoints
from townhall.ledger.models import entry as entries
from townhall.ledger.operator import demonstration, policies, preparing
from townhall.ledger.operator.folder import FolderUnusable, open_folder
from townhall.ledger.operator.policies import PolicyRefused
from townhall.ledger.operator.preparing import folder_of
from townhall.ledger.operator.running import Operator
from townhall.ledger.tests.conftest import submit
from townhall.ledger.witness import agreeing
from townhall.ledger.witness.settings import read_settings


@pytest.fixture
def folder(town):
    return open_folder(folder_of(town.settings))


@pytest.fixture
def other(folder):
    """A policy that asks for all four."""
    return folder.policy().text.replace(b"group q 3 ", b"group q 4 ")


def agreed(town, statement, *names, more=(), check=True):
    """Let witnesses agree as their operators do, on the command line."""
    path = town.data / "statement"
    path.write_text(statement)
    lines = ""
    for name in names:
        settings = demonstration.settings_files(town.data)[name]
        command = [sys.executable, "-m", "townhall", "witness", "--settings", str(settings)]
        said = subprocess.run(
            [*command, "--agree", str(path), *more],
            capture_output=True,
            check=check,
            timeout=30,
        )
        lines += (said.stdout or said.stderr).decode()
    return lines


def test_a_quorum_of_the_present_witnesses_puts_another_policy_in_force(town, folder, other):
    statement = policies.statement_of(folder, other)
    signatures = agreed(town, statement, "auditor", "court", "citizens")
    before = folder.policy().text
    assert policies.put_in_force(folder, other, signatures) == 1
    assert folder.policy().text == other
    town.start_witnesses(demonstration.NAMES)
    town.open()
    town.operator.step()
    assert town.line("keys").finality.advance() == 2  # every witness has checked it, too
    submit("case:1")
    town.operator.step()
    town.line("decisions").finality.advance()
    made = receipts.receipt(SYSTEM, log="decisions", ref="case:1")
    assert made.policy == other
    assert not [step for step in checking.verify(made) if step.ok is False]
    # The log of policies leads from the one to the other, whichever somebody trusts.
    content = showing.history().render()
    for trusted in (before, other):
        eras = History.parse(content).check([trusted])
        assert [era.policy.text for era in eras] == [before, other]
    assert [era.since for era in eras] == sorted(era.since for era in eras)


def test_there_is_no_history_before_its_newest_policy_is_final(town, folder):
    assert showing.history() is None
    town.start_witnesses(("auditor", "court", "university"))
    town.open()
    town.operator.step()
    assert town.line("keys").finality.advance() == 1
    assert [era.policy.text for era in showing.history().check([folder.policy().text])] == [
        folder.policy().text
    ]
    with scope(SYSTEM):
        checkpoints.set_policy("another that no witness has seen\n", datetime.now(UTC))
    assert showing.history() is None


def test_a_witness_agrees_to_one_policy_of_a_number_and_to_no_second(town, folder, other):
    first = policies.statement_of(folder, other)
    second = policies.statement_of(folder, other + b"# and a line more\n")
    assert agreed(town, first, "court").startswith("— ")
    assert agreed(town, first, "court").startswith("— ")  # the same again says nothing new
    refused = agreed(town, second, "court", check=False)
    assert "has agreed to another policy of number 1" in refused and "—" not in refused
    assert agreed(town, second, "court", more=["--instead"]).startswith("— ")


def test_a_witness_that_is_retired_agrees_to_nothing(town, folder, other):
    """An agreement is never forgotten: a state put back from before it does not open."""
    place = demonstration.settings_files(town.data)["court"].parent
    settings = read_settings(demonstration.settings_files(town.data)["court"])
    first = policies.statement_of(folder, other)
    second = policies.statement_of(folder, other + b"# and a line more\n")
    backup = settings.state_path.read_bytes()
    assert agreed(town, first, "court").startswith("— ")
    for path in place.rglob("state.sqlite*"):
        path.unlink()
    settings.state_path.write_bytes(backup)
    for statement in (first, second):
        refused = agreed(town, statement, "court", check=False)
        assert "restored from a backup" in refused and "—" not in refused
    settings.state_path.unlink()
    refused = agreed(town, first, "court", check=False)
    assert "is gone" in refused and "—" not in refused


def test_a_witness_agrees_while_it_runs(town, folder, other):
    town.start_witnesses(demonstration.NAMES)
    town.open()
    signatures = ""
    for number in range(3):
        submit(f"case:{number}")
        town.operator.step()
        town.line("decisions").finality.advance()
        if number:
            text = policies.statement_of(folder, other)
            signatures = agreed(town, text, "auditor", "court", "university")
    assert policies.put_in_force(folder, other, signatures) == 1
    for name in demonstration.NAMES:  # neither spoilt the count of the other
        town.stop_witness(name)
        town.start_witness(name)


def test_who_is_asked_to_agree_is_shown_the_policy_in_words(town, folder, other):
    statement = policies.statement_of(folder, other)
    path = town.data / "new-policy"
    path.write_bytes(other)
    (town.data / "statement").write_text(statement)
    settings = demonstration.settings_files(town.data)["court"]
    command = [sys.executable, "-m", "townhall", "witness", "--settings", str(settings)]
    command += ["--agree", str(town.data / "statement"), "--policy", str(path)]

    def said():
        done = subprocess.run(command, capture_output=True, check=False, timeout=30, text=True)
        return done.returncode, done.stdout, done.stderr

    code, signed, words = said()
    assert (code, signed[:2]) == (0, "— ")
    assert "Policy 1 of" in words and "stands in it with 3 of its keys" in words
    assert "Witnesses: demonstration.example/auditor, demonstration.example/citizens," in words
    path.write_bytes(other + b"# another\n")
    code, signed, words = said()
    assert (code, signed) == (2, "") and "another policy than this file" in words


def test_a_port_that_is_taken_is_told_in_a_sentence(town, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        where = f"127.0.0.1:{listening.getsockname()[1]}"
        command = ["--name", "x.example/w", "--folder", str(tmp_path / "w"), "--listen", where]
        done = subprocess.run(
            [sys.executable, "-m", "townhall", "witness", *command],
            capture_output=True,
            check=False,
            timeout=30,
            text=True,
        )
    assert done.returncode == 3
    assert "cannot start" in done.stderr and "Traceback" not in done.stderr


def test_two_of_four_cannot_change_the_policy(town, folder, other):
    signatures = agreed(town, policies.statement_of(folder, other), "auditor", "court")
    with pytest.raises(PolicyRefused, match="no quorum"):
        policies.put_in_force(folder, other, signatures)
    with scope(SYSTEM):
        assert len(checkpoints.policies()) == 1


def test_signatures_under_one_policy_are_worth_nothing_under_another(town, folder, other):
    names = ("auditor", "court", "citizens")
    signatures = agreed(town, policies.statement_of(folder, other), *names)
    with pytest.raises(PolicyRefused):
        policies.put_in_force(folder, other + b"# and a line more\n", signatures)


def test_whoever_agreed_twice_counts_once(town, folder, other):
    statement = policies.statement_of(folder, other)
    signatures = agreed(town, statement, "auditor", "court")
    time.sleep(1.1)  # another second, another signature
    signatures += agreed(town, statement, "court", "citizens") + "\n"
    assert policies.put_in_force(folder, other, signatures) == 1
    with scope(SYSTEM):
        [stored] = [each for each in entries.bodies("keys") if each["sequence"] == 1]
    names = [line.split()[1] for line in stored["signatures"].splitlines()]
    assert len(set(names)) == 3


def test_an_unsafe_policy_is_refused_with_the_figures(folder):
    unsafe = folder.policy().text.replace(b"group q 3 ", b"group q 2 ")
    with pytest.raises(PolicyUnsafe, match="0 in common"):
        policies.statement_of(folder, unsafe)


def test_a_witness_agrees_to_nothing_but_a_policy():
    checkpoint = "town.example/decisions\n1\n" + "A" * 43 + "=\n"
    for text in (checkpoint, "hello\n", ""):
        with pytest.raises(agreeing.NoStatement):
            agreeing.agree(text, (), 1)
    with pytest.raises(Refused):
        agreeing.agree(checkpoint.replace("decisions\n", "keys#policy\n", 1) + "more\n", (), 1)


def test_a_policy_that_the_log_does_not_know_cannot_be_slipped_in(town, folder, other):
    """An operator who edits the file alone: witnesses of the old policy still decide."""
    folder.set_policy(other)
    town.prepare()
    with scope(SYSTEM):
        assert checkpoints.policy_now().text.encode() != other


def test_policies_of_every_quorum_that_the_design_names():
    """The table of unsafe quorums: who declares to withstand f, withstands f."""
    from townhall.ledger.engine.keys import COSIGNER_ED25519, Signer

    keys = [Signer(f"w{n}.example/w", COSIGNER_ED25519, bytes([n]) * 32).key for n in range(10)]

    def policy(count, quorum, faults):
        lines = [f"witness w{n} {keys[n]}" for n in range(count)]
        members = " ".join(f"w{n}" for n in range(count))
        lines += [f"group q {quorum} {members}", "quorum q", f"faults {faults}"]
        return "".join(f"{line}\n" for line in lines).encode()

    for count, quorum, faults in ((4, 3, 1), (5, 4, 1), (7, 5, 2), (10, 7, 3)):
        assert Policy.load(policy(count, quorum, faults)).smallest_intersection() > faults
    for count, quorum, faults in ((3, 2, 1), (5, 3, 1), (7, 4, 2), (10, 6, 3)):
        with pytest.raises(PolicyUnsafe):
            Policy.load(policy(count, quorum, faults))


def test_what_the_log_would_not_take_is_not_put_in_force(town, folder, other):
    """Else it stood nowhere, and no policy could ever follow it."""
    names = ("auditor", "court", "citizens")
    dated = other + b"# townhall: valid 5 -\n"
    signatures = agreed(town, policies.statement_of(folder, dated), *names)
    assert policies.put_in_force(folder, dated, signatures) == 1
    everybody = demonstration.NAMES
    signatures = agreed(town, policies.statement_of(folder, other), *everybody)
    with pytest.raises(PolicyRefused, match="valid before the one whose place it takes"):
        policies.put_in_force(folder, other, signatures)
    with scope(SYSTEM):
        assert len(checkpoints.policies()) == 2
    assert folder.policy().text == dated
    better = dated + b"# better\n"
    more = ("--instead",)
    signatures = agreed(town, policies.statement_of(folder, better), *everybody, more=more)
    assert policies.put_in_force(folder, better, signatures) == 2
    made = policies.hand_over(folder, better, signatures)  # after it is in force, too
    assert HandOver.parse(made).sequence == 2


def test_thirteen_witnesses_with_two_keys_each_can_change_their_policy(town, folder):
    """All their signatures together are longer than an entry may be."""
    signers = [
        [cast.signer(f"agency{number}.example/rules", kind) for kind in sorted(COSIGNERS)]
        for number in range(13)
    ]
    logs = [line for line in folder.policy().text.decode().splitlines() if line[:4] == "log "]
    witnesses = [
        line
        for number, pair in enumerate(signers)
        for line in (
            *(f"witness w{number}-{each.key.kind} {each.key}" for each in pair),
            f"group w{number} any " + " ".join(f"w{number}-{each.key.kind}" for each in pair),
        )
    ]
    every = " ".join(f"w{number}" for number in range(13))
    rest = [f"group q 9 {every}", "quorum q", "# townhall: faults 4", ""]
    text = "\n".join([*logs, *witnesses, *rest]).encode()
    names = ("auditor", "court", "citizens")
    signatures = agreed(town, policies.statement_of(folder, text), *names)
    assert policies.put_in_force(folder, text, signatures) == 1
    following = text + b"# the next one\n"
    stated = Checkpoint.parse(policies.statement_of(folder, following))
    lines = "".join(
        cosignatures.cosign(stated, each, 1_700_000_000).line for pair in signers for each in pair
    )
    assert len(lines) + len(text) > 65_535
    assert policies.put_in_force(folder, following, lines) == 2
    town.open()
    sequencer = town.line("keys").sequencer
    while sequencer.step():
        pass
    assert sequencer.log.appended == 3


def test_a_first_policy_that_is_put_into_the_folder_is_in_force_at_the_next_start(
    tmp_path, committed_db
):
    """The key ceremony puts it there when all else was prepared."""
    production = replace(configuration.current(), profile="production", data_dir=tmp_path / "town")
    preparing.prepare(production)
    folder = open_folder(preparing.folder_of(production))
    assert folder.policy() is None
    with scope(SYSTEM):
        assert checkpoints.policy_now() is None
    folder.set_policy(demonstration.policy(folder, production.data_dir))
    operator = Operator(production)
    operator.open()
    try:
        with scope(SYSTEM):
            assert checkpoints.policy_now().text.encode() == folder.policy().text
        operator.lines["keys"].sequencer.step()
        assert operator.lines["keys"].sequencer.log.appended == 1
    finally:
        operator.close()


def test_a_first_policy_that_is_not_safe_stops_the_start_with_the_reason(tmp_path, committed_db):
    production = replace(configuration.current(), profile="production", data_dir=tmp_path / "town")
    preparing.prepare(production)
    folder = open_folder(preparing.folder_of(production))
    safe = demonstration.policy(folder, production.data_dir)
    (folder.path / "policy").write_bytes(safe.replace(b"group q 3 ", b"group q 2 "))
    operator = Operator(production)
    with pytest.raises(
        FolderUnusable, match="cannot be relied on: two quorums may have only 0 in common"
    ):
        operator.open()
    operator.close()
    with scope(SYSTEM):
        assert checkpoints.policy_now() is None
