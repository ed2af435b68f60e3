"""The code of a letter, and that no text in a letter can do anything."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.cases.engine import letter, snapshot
from townhall.cases.engine.anonymous import subject_of


@given(st.binary(min_size=13, max_size=20))
def test_a_code_is_recognised_however_it_is_typed(random: bytes) -> None:
    code = letter.code_of(random)
    assert len(code) == 23
    wanted = letter.code_hash(code)
    assert wanted is not None
    assert letter.code_hash(code.lower().replace("-", " ")) == wanted
    misread = code.replace("0", "O").replace("1", "l")
    assert letter.code_hash(misread) == wanted


@given(st.text(max_size=100))
def test_what_is_no_code_is_refused_without_an_error(typed: str) -> None:
    found = letter.code_hash(typed)
    assert found is None or len(found) == 32


def test_different_randomness_makes_different_codes() -> None:
    one, two = letter.code_of(bytes(13)), letter.code_of(bytes(12) + b"\1")
    assert one != two
    assert letter.code_hash(one) != letter.code_hash(two)
    with pytest.raises(ValueError, match="random"):
        letter.code_of(bytes(12))


@given(st.text(max_size=200))
def test_plain_text_has_no_controls_and_nothing_that_turns_direction(text: str) -> None:
    plain = letter.plain(text)
    assert not set(plain) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x07\n")
    json.dumps(plain).encode()


def test_a_subject_follows_from_its_token_and_not_the_other_way() -> None:
    subject = subject_of("a-secret-token")
    assert subject == subject_of("a-secret-token")
    assert subject != subject_of("a-secret-tokem")
    assert subject.version == 8
    assert UUID(str(subject)) == subject


def test_files_are_found_in_groups_too() -> None:
    entry = {"file": "0198", "name": "a.pdf", "media_type": "application/pdf", "size": 3}
    answers = {"lease": [entry], "people": [{"name": "A", "proof": [{**entry, "file": "0199"}]}]}
    assert set(snapshot.files_in(answers)) == {"0198", "0199"}
    assert not list(snapshot.files_in({"boat": "0198", "kinds": ["a", "b"]}))
