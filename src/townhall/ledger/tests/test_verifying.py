"""`townhall verify`: what a program says of a code that a camera read."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest

from townhall.ledger.engine import compact
from townhall.ledger.engine.commitments import Opening
from townhall.ledger.engine.digits import to_digits
from townhall.ledger.engine.tests import cast, large, succession
from townhall.ledger.verify import commands

CODE = to_digits(compact.of(cast.RECEIPT))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """A policy, another one, the letter, and the receipt as a file."""
    _, other = large.receipt()
    contents = {
        "policy": cast.POLICY_TEXT,
        "other": other.text,
        "letter": cast.LETTER,
        "receipt": cast.RECEIPT.render(),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in contents}


def verify(*given: str) -> int:
    parser = argparse.ArgumentParser()
    commands.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["verify", *given])
    return int(arguments.run(arguments))


@pytest.mark.parametrize(
    "text", [CODE, f" {CODE}\n", f"https://town.example/ledger/check#{CODE}"], ids=len
)
def test_a_code_is_checked_as_the_file_that_it_stands_for(
    text: str, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--policy", files["policy"], "--document", files["letter"], "--json")
    assert verify("--code", text, *given) == 0
    of_code = json.loads(capsys.readouterr().out)
    assert of_code["verdict"] == "holds"
    assert verify(files["receipt"], *given) == 0
    of_file = json.loads(capsys.readouterr().out)
    named = [each["step"] for each in of_file["steps"]]
    assert [each["step"] for each in of_code["steps"]] == [*named[:5], "opened", "document"]


def test_another_letter_and_a_wrong_digit_are_found_out(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    policy = ("--policy", files["policy"])
    assert verify("--code", CODE, *policy, "--document", files["policy"]) == 1
    assert verify("--code", CODE, *policy) == 3
    assert "Its SHA-256 must be" in capsys.readouterr().out
    assert verify("--code", CODE[:-1], *policy) == 1
    assert "no code of a receipt" in capsys.readouterr().out
    wrong = CODE[:900] + str((int(CODE[900]) + 1) % 10) + CODE[901:]
    assert verify("--code", wrong, *policy, "--document", files["letter"]) == 1
    assert "does NOT hold" in capsys.readouterr().out


def test_a_letter_beside_a_receipt_of_something_else_is_no_forgery(
    tmp_path: Path, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "day").write_bytes(cast.day_receipt().render())
    given = (str(tmp_path / "day"), "--document", files["letter"])
    assert verify(*given, "--policy", files["policy"]) == 3
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == "The receipt holds, but it is not about a letter."
    assert "✗" not in said
    assert verify(*given) == 3, "and nobody was named who is trusted"
    assert "What is marked with ? was not checked" in capsys.readouterr().out


def test_a_receipt_cannot_write_on_the_terminal_of_who_checks_it(
    tmp_path: Path, files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    screen = "\x1b[2J\x1b[H\u2713 All is well.\nThe receipt holds.\x1b[8m\u202e"
    forged = replace(cast.RECEIPT, openings=(Opening("note", bytes(32), screen.encode()),))
    (tmp_path / "forged").write_bytes(forged.render())
    assert verify(str(tmp_path / "forged"), "--policy", files["policy"]) == 1
    said = capsys.readouterr().out
    assert not any(each in said for each in ("\x1b", "\u202e", "\nThe receipt holds."))
    assert "does NOT hold" in said.splitlines()[-1]


def test_the_policy_must_be_given_and_be_the_one_that_the_code_names(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify("--code", CODE) == 2
    assert "give the policy itself with --policy" in capsys.readouterr().out
    assert verify("--code", CODE, "--policy", files["other"]) == 2
    assert "it names the policy with the SHA-256" in capsys.readouterr().out


def test_a_file_or_a_code_is_given_not_both(files: dict[str, str]) -> None:
    for given in ((), (files["receipt"], "--code", CODE)):
        with pytest.raises(SystemExit) as ended:
            verify(*given)
        assert ended.value.code == 2


def test_a_history_leads_from_the_policy_that_one_trusts_to_that_of_the_receipt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = succession.receipt(succession.FIRST, (cast.WITNESSES[0], *cast.WITNESSES[2:]))
    contents = {
        "receipt": old.render(),
        "letter": cast.LETTER,
        "newest": succession.THIRD,
        "history": succession.history().render(),
        "cut": succession.history().render()[:-1],
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    path = {name: str(tmp_path / name) for name in contents}
    given = ("--document", path["letter"], "--policy", path["newest"])
    assert verify(path["receipt"], *given) == 1
    assert "no quorum" in capsys.readouterr().out
    assert verify(path["receipt"], *given, "--history", path["history"]) == 0
    assert "one of the 3 that this town hall has had" in capsys.readouterr().out
    code = to_digits(compact.of(old))
    assert verify("--code", code, *given, "--history", path["history"]) == 0
    assert verify(path["receipt"], *given, "--history", path["cut"]) == 2
    assert "cannot be relied on" in capsys.readouterr().out


def test_a_history_alone_proves_nothing(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "history").write_bytes(succession.history().render())
    assert verify(files["receipt"], "--history", str(tmp_path / "history")) == 2
    assert "proves nothing by itself" in capsys.readouterr().out
    other = ("--policy", files["other"])
    assert verify(files["receipt"], *other, "--history", str(tmp_path / "history")) == 2
    assert "it does not have every policy that is trusted here" in capsys.readouterr().out
