"""A file of entries is taken in whole, or refused with the line that is wrong."""

from __future__ import annotations

import io
import json
import uuid
from datetime import date

import psycopg
import pytest

from townhall.cli import main
from townhall.registers import importing
from townhall.registers.importing import ImportRefused

PERSON = "01900000-0000-7000-8000-000000000001"
GOOD = {"person": PERSON, "from": "2020-01-01", "facts": {"name": "Mair Pugh"}}


def read(content: bytes) -> list:
    return list(importing.entries(io.BytesIO(content), register="population", legal_basis="law"))


def line(**change: object) -> bytes:
    return json.dumps({**GOOD, **change}).encode()


def test_an_entry_becomes_a_fact_of_each_kind() -> None:
    facts = {"name": "Mair Pugh", "date_of_birth": "1950-05-05"}
    first, second = read(line(facts=facts))
    assert (first.key, first.kind, first.value) == (PERSON, "name", "Mair Pugh")
    assert (second.person_id, second.value) == (uuid.UUID(PERSON), "1950-05-05")
    assert (first.valid_from, first.legal_basis) == (date(2020, 1, 1), "law")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n  \n"])
def test_line_ends_and_byte_order_marks_do_not_matter(mark: bytes, end: bytes) -> None:
    assert len(read(mark + line() + b"\n" + line(key="second") + end)) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Line 1: the file is empty"),
        (b"\n\n", "Line 2: the file is empty"),
        (line() + b"\n" + line()[:-5], "Line 2: it is not complete JSON"),
        (line().replace(b"Mair", b"M\xe9lanie"), "byte 94 is not UTF-8"),
        (line(facts={"name": "a\x00b"}), "cannot be stored"),
        (line(facts={"nickname": "x"}), "no fact 'nickname'"),
        (line(facts={"date_of_birth": "1950-13-01"}), "must be date"),
        (line(facts=[1]), 'must be an object with "facts"'),
        (b"[" * 100_000, "not complete JSON"),
        (b'"x"', 'must be an object with "facts"'),
        (line(colour="blue"), 'it has "colour"'),
        (line(person="me"), '"person" is not an id'),
        (line(person=None), 'needs a "key"'),
        (line(**{"from": None}), 'needs "from"'),
        (line(**{"from": "yesterday"}), "must be a day like"),
        (line(to="2020-01-01"), "must be later"),
        (line(facts={"name": "x" * 1_100_000}), "longer than"),
    ],
)
def test_a_line_that_is_wrong_is_named(content: bytes, words: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(content)
    assert words in str(refused.value)


def test_the_command_takes_in_a_file_or_nothing_of_it(
    committed_db: object,
    owner: psycopg.Connection,
    tmp_path: object,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("townhall.cli._set_up", lambda stack: None)
    file = tmp_path / "people.jsonl"
    arguments = ["registers", "import", "population", str(file), "--basis", "law"]
    file.write_bytes(line() + b"\n" + line(person=str(uuid.uuid4()), facts={"shoe": "1"}))
    assert main(arguments) == 1
    assert "nothing was taken in. Line 2" in capsys.readouterr().out
    assert owner.execute("SELECT count(*) FROM registers_fact").fetchone() == (0,)
    file.write_bytes(line())
    assert main(arguments) == 0
    assert "1 facts: 1 new, 0 changed, 0 known already." in capsys.readouterr().out
    assert main(arguments) == 0
    assert "0 new, 0 changed, 1 known already" in capsys.readouterr().out
    assert owner.execute(
        "SELECT source, source_ref, legal_basis FROM registers_fact"
    ).fetchall() == [("import", "people.jsonl", "law")]


def test_a_register_is_marked_as_down_and_up(
    committed_db: object,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("townhall.cli._set_up", lambda stack: None)
    assert main(["registers", "down", "vehicles"]) == 0
    assert main(["registers", "list"]) == 0
    listed = capsys.readouterr().out
    assert "vehicles         down" in listed
    assert "population       answers" in listed
    assert main(["registers", "up", "vehicles"]) == 0
    assert main(["registers", "down", "horses"]) == 1
    assert "no register 'horses'" in capsys.readouterr().out
