"""Entries, commitments and proof files: one spelling, and nothing to be guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.ledger.engine import canonical, entries, tree
from townhall.ledger.engine.canonical import CanonicalInvalid
from townhall.ledger.engine.commitments import CommitmentInvalid, Opening, commit
from townhall.ledger.engine.entries import Entry, EntryInvalid
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.proof_files import ProofFile
from townhall.ledger.engine.proofs import ProofInvalid
from townhall.ledger.engine.tests import cast, trees

KEYS = st.from_regex(r"[a-z]+(_[a-z]+)*", fullmatch=True).filter(lambda key: len(key) <= 64)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda each: st.lists(each, max_size=4) | st.dictionaries(KEYS, each, max_size=4),
    max_leaves=10,
)


@given(VALUES)
def test_canonical_json_is_read_as_it_was_written(value: Any) -> None:
    content = canonical.encode(value)
    assert canonical.decode(content) == value
    assert json.loads(content) == value


def test_canonical_json_is_that_of_the_standard() -> None:
    """Strings and order of RFC 8785 sections 3.2.2.2 and 3.2.3."""
    value = {
        "string": '\u20ac$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
        "b": 10,
        "A": 1,
    }
    assert canonical.encode(value) == (
        b'{"A":1,"b":10,"literals":[null,true,false],'
        b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" 1",
        b"1 ",
        b"1.0",
        b"1e3",
        b"-0",
        b"NaN",
        b"Infinity",
        b"9007199254740992",
        b"9" * 5000,
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\\ud800"',
        b'"\\u0041"',
        b'"\\/"',
        b'"a\nb"',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a": 1}',
        b'{"\xc3\xa9":1}',
        b'{"":1}',
        b"[" * 17 + b"]" * 17,
        b"[" * 30_000 + b"]" * 30_000,
        b'{"a":' * 30_000,
        b"\xef\xbb\xbf1",
    ],
)
def test_another_spelling_is_refused(content: bytes) -> None:
    with pytest.raises(CanonicalInvalid):
        canonical.decode(content)


@pytest.mark.parametrize("value", [1.0, float("nan"), 2**53, {1: 2}, {"é": 1}, b"", (1,), "\ud800"])
def test_what_no_two_libraries_agree_about_is_not_written(value: Any) -> None:
    with pytest.raises(CanonicalInvalid):
        canonical.encode(value)


ENTRY = Entry("town.example/decisions", "decision", 1_700_000_000, {"handle": "00" * 16})


@given(
    st.builds(
        Entry,
        origin=st.just("town.example/decisions"),
        kind=KEYS.filter(lambda kind: len(kind) <= 32),
        at=st.integers(0, 2**53 - 1),
        body=st.dictionaries(KEYS, VALUES, max_size=4),
        sources=st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=3).map(tuple),
        rules=st.integers(1, 9),
    )
)
def test_an_entry_is_read_as_it_was_written(entry: Entry) -> None:
    content = entry.encode()
    assert entries.decode(content) == entry
    assert entries.decode(content).encode() == content


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"origin": "Town.example"},
        {"origin": ""},
        {"origin": "a" * 201},
        {"kind": ""},
        {"kind": "Decision"},
        {"kind": "a" * 33},
        {"at": -1},
        {"at": 2**53},
        {"rules": 0},
        {"sources": ("ab",)},
        {"sources": ("A" * 64,)},
        {"sources": ("00" * 32,) * 17},
        {"body": {"a-b": 1}},
        {"body": {"a" * 65: 1}},
    ],
)
def test_an_entry_that_cannot_be(change: dict[str, Any]) -> None:
    with pytest.raises(EntryInvalid):
        replace(ENTRY, **change)


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value | {"more": 1},
        lambda value: {key: value[key] for key in value if key != "rules"},
        lambda value: value | {"at": "1"},
        lambda value: value | {"at": True},
        lambda value: value | {"body": []},
        lambda value: value | {"sources": [1]},
        lambda value: value | {"v": True},
        lambda value: [value],
    ],
)
def test_bytes_that_are_no_entry(change) -> None:
    with pytest.raises(Refused):
        entries.decode(canonical.encode(change(json.loads(ENTRY.encode()))))


def test_documents_stay_outside() -> None:
    with pytest.raises(EntryInvalid):
        replace(ENTRY, body={"text": "x" * 65_536}).encode()
    with pytest.raises(EntryInvalid):
        entries.decode(b"x" * 65_536)


# --- commitments -------------------------------------------------------------------------------


def test_a_commitment_is_the_hash_that_is_documented() -> None:
    salt = bytes(range(32))
    by_hand = b"townhall/c1" + b"\0\0\0\6amount" + b"\0\0\0\x20" + salt + b"\0\0\0\x03" + b"100"
    assert commit("amount", salt, b"100") == sha256(by_hand).digest()


@given(
    st.text("ab", max_size=3),
    st.binary(max_size=3),
    st.text("ab", max_size=3),
    st.binary(max_size=3),
)
def test_no_other_field_or_value_has_the_same_commitment(
    field: str, value: bytes, other: str, other_value: bytes
) -> None:
    salt = bytes(32)
    same = (field, value) == (other, other_value)
    assert (commit(field, salt, value) == commit(other, salt, other_value)) == same


def test_an_opening_opens_its_own_commitment_only() -> None:
    opening = Opening("name", sha256(b"salt").digest(), b"Ada")
    text = opening.commitment.hex()
    opening.check(text)
    for other in (
        replace(opening, value=b"Eve"),
        replace(opening, field="title"),
        replace(opening, salt=bytes(32)),
    ):
        with pytest.raises(CommitmentInvalid):
            other.check(text)
    for malformed in ("", text.upper(), text[:-2], text + "00", "zz" * 32):
        with pytest.raises(Refused):
            opening.check(malformed)
    with pytest.raises(CommitmentInvalid):
        commit("name", bytes(31), b"Ada")


def test_once_the_salt_is_gone_a_dictionary_finds_nothing() -> None:
    """Every name and birth date tried: without the salt none gives the hash of the log."""
    committed = commit("person", sha256(b"a salt that was destroyed").digest(), b"Ada 1815-12-10")
    for year in range(1800, 1830):
        for name in (b"Ada", b"Eve", b"Bob"):
            guess = name + b" %d-12-10" % year
            assert sha256(guess).digest() != committed
            assert commit("person", bytes(32), guess) != committed


# --- proof files -------------------------------------------------------------------------------


def test_a_proof_file_is_read_as_it_was_written_and_verifies() -> None:
    entry, proof = cast.proof_of(617, 1000)
    content = proof.render()
    assert content.startswith(b"c2sp.org/tlog-proof@v1\nindex 617\n")
    assert ProofFile.parse(content) == proof
    assert proof.verify(entry, cast.POLICY).checkpoint.size == 1000
    with pytest.raises(ProofInvalid):
        proof.verify(b"another entry", cast.POLICY)
    with pytest.raises(ProofInvalid):
        replace(proof, index=616).verify(entry, cast.POLICY)


def test_a_log_of_one_entry_needs_no_hashes() -> None:
    entry, proof = cast.proof_of(0, 1)
    assert proof.proof == ()
    assert ProofFile.parse(proof.render()).verify(entry, cast.POLICY).checkpoint.size == 1


def test_extra_data_is_carried_along() -> None:
    _, proof = cast.proof_of(3, 9)
    for extra in (b"", b"more"):
        assert ProofFile.parse(replace(proof, extra=extra).render()).extra == extra


GOOD = cast.proof_of(617, 1000)[1].render()


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        ("empty", b""),
        ("another version", GOOD.replace(b"@v1", b"@v2")),
        ("no index", GOOD.replace(b"index 617\n", b"")),
        ("an index with a zero in front", GOOD.replace(b"index 617", b"index 0617")),
        ("a negative index", GOOD.replace(b"index 617", b"index -617")),
        ("extra after the index", GOOD.replace(b"index 617\n", b"index 617\nextra AA==\n")),
        ("extra twice", GOOD.replace(b"index", b"extra AA==\nextra AA==\nindex")),
        ("64 hashes", GOOD.replace(b"617\n", b"617\n" + (b"A" * 43 + b"=\n") * 64)),
        ("a hash of 31 bytes", GOOD.replace(b"617\n", b"617\n" + b"A" * 41 + b"=\n")),
        ("no checkpoint", GOOD.split(b"\n\n")[0] + b"\n\n"),
        ("CRLF", GOOD.replace(b"\n", b"\r\n")),
    ],
)
def test_a_malformed_proof_file_is_refused(reason: str, content: bytes) -> None:
    with pytest.raises(Refused):
        ProofFile.parse(content)


def test_the_proof_is_the_one_of_the_tree() -> None:
    entry, proof = cast.proof_of(617, 1000)
    assert list(proof.proof) == tree.inclusion_proof(trees.nodes(1000), 617, 1000)
    assert leaf_hash(entry) == trees.leaves(1000)[617]
