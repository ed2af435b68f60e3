"""Receipts as a QR code holds them: nothing is lost, and there is one spelling of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.ledger.engine import checking, compact, cosignatures, digits, packing
from townhall.ledger.engine.checking import Verdict
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.commitments import Opening
from townhall.ledger.engine.compact import (
    CompactImpossible,
    CompactInvalid,
    PolicyUnknown,
    TooLarge,
)
from townhall.ledger.engine.digits import DigitsInvalid
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import ED25519
from townhall.ledger.engine.notes import Signature
from townhall.ledger.engine.packing import PackingInvalid, Reader
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.proof_files import ProofFile
from townhall.ledger.engine.proofs import ProofInvalid, proof_length, root_from, verify_inclusion
from townhall.ledger.engine.receipts import Member, Receipt
from townhall.ledger.engine.tests import cast, large

LETTER_ONLY = replace(cast.RECEIPT, openings=cast.OPENINGS[:1])
POLICIES = [b"no policy", cast.POLICY_TEXT]


def check(receipt: Receipt, document: bytes | None = None) -> Verdict:
    return checking.verdict(checking.verify(receipt, document=document, trusted=[cast.POLICY]))


# --- what it says -----------------------------------------------------------------------


def test_a_code_becomes_the_receipt_of_the_letter_again_and_holds() -> None:
    code = digits.to_digits(compact.of(cast.RECEIPT))
    again = compact.expand(digits.from_digits(code), POLICIES)
    assert again == LETTER_ONLY
    assert check(again, cast.LETTER) is Verdict.HOLDS
    assert check(again, cast.LETTER + b" ") is Verdict.FAILS


def test_what_is_opened_can_be_chosen() -> None:
    for fields, opened in ((None, cast.OPENINGS), ((), ()), (("outcome",), cast.OPENINGS[1:2])):
        again = compact.expand(compact.of(cast.RECEIPT, fields=fields), POLICIES)
        assert again == replace(cast.RECEIPT, openings=opened)
        assert check(again, cast.LETTER if opened == cast.OPENINGS else None) is Verdict.HOLDS


def test_in_whatever_order_a_receipt_opens_its_code_is_the_same() -> None:
    turned = replace(cast.RECEIPT, openings=cast.OPENINGS[::-1])
    assert compact.of(turned, fields=None) == compact.of(cast.RECEIPT, fields=None)


def test_a_day_of_the_journal_keeps_its_line_and_a_root_its_record() -> None:
    for receipt in (cast.day_receipt(), cast.day_receipt("root", "count")):
        again = compact.expand(compact.of(receipt), POLICIES)
        assert again == receipt
        assert check(again) is Verdict.HOLDS


def test_only_as_many_cosigned_as_must_and_the_earliest_of_them() -> None:
    bare = cast.receipt_for(cast.decision().encode(), witnesses=0)
    checkpoint = Checkpoint.parse(bare.proof.note.text)
    late = {0: 90, 1: 0, 2: 30, 3: 60}
    made = [
        cosignatures.cosign(checkpoint, cast.WITNESSES[number], cast.TIME + delay)
        for number, delay in late.items()
    ]
    note = bare.proof.note.with_signatures(*made)
    full = replace(bare, proof=replace(bare.proof, note=note))
    again = compact.expand(compact.of(full), POLICIES)
    assert again.proof.note.signatures == (note.signatures[0], *made[1:])
    assert check(again) is Verdict.HOLDS


def test_the_large_signatures_are_left_out_and_the_small_ones_are_enough() -> None:
    receipt, policy = large.receipt()
    assert len(receipt.proof.note.signatures) == 2 + 14
    again = compact.expand(compact.of(receipt), [policy.text])
    assert len(again.proof.note.signatures) == 1 + 5
    steps = checking.verify(again, document=cast.LETTER, trusted=[policy])
    assert checking.verdict(steps) is Verdict.HOLDS


def test_the_key_is_the_short_one_of_this_very_log() -> None:
    """Others in the policy signed too: the log with its large key, and another log of the town."""
    other = cast.signer("town.example/access", ED25519)
    logs = "\n".join(f"log {each.key}" for each in (other, cast.LOG_PQ, cast.LOG))
    text = cast.POLICY_TEXT.decode().replace(f"log {cast.LOG.key}", logs)
    policy = Policy.load(text.encode())
    note = cast.RECEIPT.proof.note
    large_one = cosignatures.cosign(Checkpoint.parse(note.text), cast.LOG_PQ, cast.TIME)
    signed = other.sign(note.text.encode())
    more = note.with_signatures(large_one, Signature(other.key.name, other.key.key_id, signed))
    proof = replace(cast.RECEIPT.proof, note=more)
    receipt = replace(cast.RECEIPT, policy=policy.text, proof=proof)
    content = compact.of(receipt)
    assert content[33] == 2, "the third of the lines"
    steps = checking.verify(
        compact.expand(content, [policy.text]), document=cast.LETTER, trusted=[policy]
    )
    assert checking.verdict(steps) is Verdict.HOLDS


def test_a_receipt_that_only_large_signatures_make_final_has_no_compact_form() -> None:
    receipt, _ = large.receipt(small=4)
    with pytest.raises(CompactImpossible, match="ML-DSA-44 are too large"):
        compact.of(receipt)
    few = cast.receipt_for(cast.decision().encode(), witnesses=2)
    with pytest.raises(CompactImpossible, match="no quorum by themselves"):
        compact.of(few)


def test_what_is_not_in_order_gets_no_code() -> None:
    note = cast.RECEIPT.proof.note
    false = replace(note.signatures[1], value=note.signatures[2].value)
    forged = replace(note, signatures=(note.signatures[0], false, *note.signatures[2:]))
    unsigned = replace(note, signatures=note.signatures[1:])
    for changed in (
        replace(cast.RECEIPT, proof=replace(cast.RECEIPT.proof, note=forged)),
        replace(cast.RECEIPT, proof=replace(cast.RECEIPT.proof, note=unsigned)),
        replace(cast.RECEIPT, proof=replace(cast.RECEIPT.proof, index=4)),
        replace(cast.RECEIPT, proof=replace(cast.RECEIPT.proof, index=9)),
        replace(cast.RECEIPT, proof=replace(cast.RECEIPT.proof, proof=())),
        replace(cast.RECEIPT, entry=cast.decision(handle="ee" * 16).encode()),
        replace(cast.RECEIPT, policy=cast.POLICY_TEXT.replace(b"quorum agencies", b"quorum none")),
        replace(cast.RECEIPT, policy=b"nonsense"),
        replace(cast.day_receipt(), member=Member(b"", -1, ())),
    ):
        with pytest.raises(Refused):
            compact.of(changed)


def test_a_checkpoint_that_says_more_has_no_compact_form() -> None:
    bare = cast.receipt_for(cast.decision().encode(), witnesses=0)
    plain = Checkpoint.parse(bare.proof.note.text)
    note = cast.signed(replace(plain, extensions=("more",)))
    with pytest.raises(CompactImpossible, match="checkpoint says something"):
        compact.of(replace(bare, proof=replace(bare.proof, note=note)))


# --- how large it gets ------------------------------------------------------------------


def test_a_letter_in_a_log_of_ten_million_with_seven_witnesses_fits_with_room_to_spare() -> None:
    receipt, policy = large.receipt()
    content = compact.of(receipt)
    assert len(receipt.render()) > 40_000
    # The figures of docs/explanation/what-the-ledger-guarantees.md.
    assert len(content) == 1_882
    assert len(digits.to_digits(content)) == 4_571
    assert len(compact.of(receipt, fields=None)) < 2_400
    for size, bytes_of_it in ((1_000, 1_430), (10**12, 2_398)):
        assert len(compact.of(large.receipt(size=size, index=size // 3)[0])) == bytes_of_it
    assert compact.expand(content, [policy.text]).proof.index == receipt.proof.index


def test_what_no_qr_code_holds_is_said() -> None:
    body = {"policy": "p" * 3_000}
    receipt = cast.receipt_for(replace(cast.decision(), kind="policy", body=body).encode())
    with pytest.raises(TooLarge, match="a QR code holds 2919"):
        compact.of(receipt)


# --- digits -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "written"),
    [
        (b"\x00", "000"),
        (b"\xff", "255"),
        (b"\x00\x00", "00000"),
        (b"\x00\x01", "00001"),
        (b"\xff" * 7, "72057594037927935"),
        (b"\x00" * 7 + b"\x07", "00000000000000000007"),
        (b"townhall", "32773656042561900108"),
    ],
)
def test_published_spellings(content: bytes, written: str) -> None:
    assert digits.to_digits(content) == written
    assert digits.from_digits(written) == content


@given(st.binary(min_size=1, max_size=100))
def test_bytes_survive_being_digits_with_all_zeros_in_front(content: bytes) -> None:
    assert digits.from_digits(digits.to_digits(content)) == content


@given(st.text("0123456789", max_size=60))
def test_digits_are_the_one_spelling_of_their_bytes_or_are_refused(written: str) -> None:
    try:
        content = digits.from_digits(written)
    except DigitsInvalid:
        return
    assert digits.to_digits(content) == written


@pytest.mark.parametrize(
    "written",
    ["", "0", "00", "256", "0000", "65536", "72057594037927936", "9" * 17, " 000", "000 ", "-00",
     "+00", "1e2", "0.0", "٠٠٠", "²²²", "000\n", "00x", "0" * 7_106],
)  # fmt: skip
def test_other_digits_are_refused(written: str) -> None:
    with pytest.raises(DigitsInvalid):
        digits.from_digits(written)


def test_the_largest_code_is_the_one_that_the_largest_qr_code_holds() -> None:
    assert len(digits.to_digits(bytes(digits.MOST_BYTES))) == digits.MOST_DIGITS
    with pytest.raises(DigitsInvalid):
        digits.to_digits(bytes(digits.MOST_BYTES + 1))


def test_a_code_is_found_behind_the_address_of_any_town_hall() -> None:
    for text in ("000", " 000\n", "https://town.example/ledger/check#000", "file:///a%23b#x#000"):
        assert digits.in_text(text) == "000"


# --- packing ----------------------------------------------------------------------------


@given(st.integers(0, 2**63 - 1))
def test_figures_survive(value: int) -> None:
    reader = Reader(packing.figure(value))
    assert reader.figure() == value
    reader.end()


@pytest.mark.parametrize("value", [-1, 2**63, 2**70])
def test_other_figures_cannot_be_written(value: int) -> None:
    with pytest.raises(PackingInvalid):
        packing.figure(value)


@given(st.binary(max_size=11))
def test_a_figure_is_the_one_spelling_of_its_value(written: bytes) -> None:
    reader = Reader(written)
    try:
        value = reader.figure()
        reader.end()
    except PackingInvalid:
        return
    assert packing.figure(value) == written


def test_a_figure_beyond_63_bits_is_refused() -> None:
    with pytest.raises(PackingInvalid, match="above"):
        Reader(b"\xff" * 9 + b"\x01").figure()


PIECES = st.sampled_from(
    [b'"', b"0f" * 16, b"0f" * 32, b"a" * 15, b"a" * 16, b"a" * 17, b"0F" * 16, b"g", b"\xff", b""]
)


@given(st.lists(PIECES, max_size=8).map(b"".join) | st.binary(max_size=40))
def test_texts_survive(content: bytes) -> None:
    reader = Reader(packing.text(content))
    assert reader.text() == content
    reader.end()


def test_hexadecimal_takes_half_of_its_room() -> None:
    assert len(packing.text(b"0f" * 32)) == 1 + 1 + 1 + 32 + 1
    assert len(packing.text(b"a" * 17)) == 1 + 1 + 17, "an odd number is no bytes"


@pytest.mark.parametrize(
    "written",
    [
        b"\x00\x10" + b"0" * 16,  # hexadecimal that is not packed
        b"\x01\x00\x07" + bytes(7) + b"\x00",  # a run that is too short
        b"\x01\x00\x08" + bytes(8) + b"\x01a",  # a run that goes on
        b"\x01\x01a\x08" + bytes(8) + b"\x00",  # a run that begins before
        b"\x02\x00\x08" + bytes(8) + b"\x00\x08" + bytes(8) + b"\x00",  # one run in two
        b"\x01\x00\x00\x00",  # a run of nothing
        b"\x00\x05abc",
        b"\x01\x00",
    ],
)
def test_other_spellings_of_a_text_are_refused(written: bytes) -> None:
    with pytest.raises(PackingInvalid):
        Reader(written).text()


# --- round trips ------------------------------------------------------------------------


PLACES = st.integers(1, 2**40).flatmap(
    lambda size: st.tuples(st.integers(0, size - 1), st.just(size))
)
VALUES = st.binary(max_size=40) | st.sampled_from([b"ab" * 32, "ŵ".encode()])
SHOWN = st.tuples(st.binary(max_size=60), st.integers(0, 2**53 - 1), st.integers(0, 5))


@settings(max_examples=60, deadline=None)
@given(where=PLACES, values=st.lists(VALUES, max_size=4), shown=st.none() | SHOWN)
def test_every_receipt_survives(
    where: tuple[int, int], values: list[bytes], shown: tuple[bytes, int, int] | None
) -> None:
    openings = tuple(
        Opening(f"field_{number}", sha256(b"%d" % number).digest(), value)
        for number, value in enumerate(values)
    )
    entry = cast.decision(**{each.field: each.commitment.hex() for each in openings}).encode()
    index, size = where
    proof, note = large.place(entry, index, size)
    member = shown and Member(shown[0], shown[1], (bytes(32),) * shown[2])
    receipt = Receipt(
        entry, openings, ProofFile(index, proof, note), cast.POLICY_TEXT, cast.LOG.key, member
    )
    content = compact.of(receipt, fields=None)
    assert compact.expand(content, POLICIES) == receipt
    assert compact.of(compact.expand(content, POLICIES), fields=None) == content


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_length_of_a_path_follows_from_place_and_size(index: int, size: int) -> None:
    if index >= size:
        with pytest.raises(ProofInvalid):
            proof_length(index, size)
        return
    leaf = sha256(b"leaf").digest()
    proof, root = large.proof_in(leaf, index, size)
    assert len(proof) == proof_length(index, size)
    assert root_from(leaf, index, size, proof) == root
    verify_inclusion(leaf, index, size, proof, root)
    for wrong in (proof[1:], (*proof, root), (*proof[1:], b"short")):
        if wrong != proof:
            with pytest.raises(ProofInvalid):
                root_from(leaf, index, size, wrong)


# --- strictness -------------------------------------------------------------------------


def _respelt() -> Iterator[bytes]:
    """The same receipt with one part written otherwise, or another part put in."""
    content = compact.of(cast.RECEIPT, fields=None)
    head = content[:33]
    yield from (
        b"\x00" + content[1:],
        b"\x02" + content[1:],
        content + b"\x00",
        content[:-1],
        content[:-1] + b"\x01",
        content[:-1] + b"\x02",
        head + b"\x80\x00" + content[34:],  # the number of the log's key in two bytes
        head + b"\x01" + content[34:],  # a key that the policy does not have
        head + b"\x00\x85\x00" + content[35:],
        head + b"\x00\x09" + content[35:],  # number 9 of 9
        head + b"\x00\x05\x00" + content[36:],
        head + b"\x00\x05" + b"\xff" * 9 + content[36:],
    )
    at = 33 + 3 + 4 * 32 + 64
    assert content[at] == 3, "cosignatures"
    piece = 1 + 5 + 64
    first, second, third = (
        content[at + 1 + n * piece : at + 1 + (n + 1) * piece] for n in range(3)
    )
    before, after = content[:at], content[at + 1 + 3 * piece :]
    yield before + b"\x03" + second + first + third + after
    yield before + b"\x04" + first + first + second + third + after
    yield before + b"\x03" + first + second + b"\x04" + third[1:] + after
    yield before + b"\x03" + first + second + b"\x7f" + third[1:] + after
    yield before + b"\x83\x00" + first + second + third + after
    place = content.index(b"\x08document")
    assert content[place - 1] == 3, "openings"
    yield content[: place - 1] + b"\x04" + content[place:-1] + content[place:]
    yield content.replace(b"\x08document", b"\x08zocument")
    yield content.replace(b"\x08document", b"\x08\xffocument")
    yield content[: place - 1] + b"\x41" + content[place:]


def test_every_other_spelling_is_refused() -> None:
    content = compact.of(cast.RECEIPT, fields=None)
    assert compact.expand(content, POLICIES) == cast.RECEIPT
    spelt = list(_respelt())
    assert content not in spelt and len(set(spelt)) == len(spelt)
    for changed in spelt:
        with pytest.raises(Refused):
            compact.expand(changed, POLICIES)


def test_more_than_a_qr_code_holds_is_not_read() -> None:
    with pytest.raises(CompactInvalid, match="at most 2919 bytes"):
        compact.expand(compact.of(cast.RECEIPT) + bytes(2_919), POLICIES)


def test_the_entry_is_one_in_its_one_spelling() -> None:
    packed = packing.text(cast.RECEIPT.entry)
    content = compact.of(cast.RECEIPT, fields=())
    assert packed in content
    for entry in (b"", b"{}", b"\xff", cast.RECEIPT.entry.replace(b":", b": "), cast.LETTER):
        with pytest.raises(Refused):
            compact.expand(content.replace(packed, packing.text(entry)), POLICIES)


def test_a_key_of_another_kind_is_refused() -> None:
    receipt, policy = large.receipt()
    content = compact.of(receipt)
    at = content.index(b"\x05\x00", 33 + 24 * 32)
    assert content[33] == 0 and content[at + 1] == 0, "the first log key, the first witness"
    for place in (33, at + 1):
        changed = content[:place] + b"\x01" + content[place + 1 :]  # the one with ML-DSA-44
        with pytest.raises(CompactInvalid, match="of another kind"):
            compact.expand(changed, [policy.text])


def test_more_hashes_than_a_proof_may_have_are_refused() -> None:
    content = compact.of(cast.RECEIPT, fields=())
    assert content.endswith(b"\x00\x00"), "no opening and no member"
    member = b"\x01\x00\x00\x00"
    for count, why in ((63, ""), (64, "a proof has at most 63 hashes")):
        hashes = packing.figure(count) + bytes(count * 32)
        assert refusal(content[:-1] + member + hashes) == why


def refusal(content: bytes) -> str:
    try:
        compact.expand(content, POLICIES)
    except Refused as error:
        return str(error)
    return ""


def test_a_policy_that_is_not_there_is_named() -> None:
    content = compact.of(cast.RECEIPT)
    for policies in ([], [b"no policy"], [cast.POLICY_TEXT + b"\n"]):
        with pytest.raises(PolicyUnknown) as raised:
            compact.expand(content, policies)
        assert raised.value.fingerprint == sha256(cast.POLICY_TEXT).hexdigest()


def test_a_flipped_bit_never_leads_to_a_receipt_that_holds() -> None:
    for receipt, document in ((cast.RECEIPT, cast.LETTER), (cast.day_receipt(), None)):
        content = compact.of(receipt)
        for place in range(0, 8 * len(content), 3):
            changed = bytearray(content)
            changed[place // 8] ^= 1 << place % 8
            try:
                again = compact.expand(bytes(changed), POLICIES)
            except Refused:
                continue
            assert check(again, document) is Verdict.FAILS, place


@given(st.binary(max_size=300))
def test_nothing_but_refusals_comes_of_other_bytes(content: bytes) -> None:
    for given_bytes in (content, b"\x01" + sha256(cast.POLICY_TEXT).digest() + content):
        with pytest.raises(Refused):
            compact.expand(given_bytes, POLICIES)


def test_a_policy_with_groups_is_satisfied_with_the_fewest() -> None:
    """Two of three groups, of which one is cheap because one signature is enough."""
    lines = cast.POLICY_TEXT.decode().splitlines()[:5]
    more = cast.signer("court.example", 4)
    text = "\n".join(
        [
            *lines,
            f"witness court {more.key}",
            "group pair all agency0 agency1",
            "group any any agency2 agency3",
            "group root 2 pair any court",
            "quorum root",
            "faults 0",
            "",
        ]
    ).encode()
    bare = replace(cast.receipt_for(cast.decision().encode(), witnesses=4), policy=text)
    cosigned = cosignatures.cosign(Checkpoint.parse(bare.proof.note.text), more, cast.TIME)
    note = bare.proof.note.with_signatures(cosigned)
    receipt = replace(bare, proof=replace(bare.proof, note=note))
    again = compact.expand(compact.of(receipt), [text])
    assert [each.name for each in again.proof.note.signatures[1:]] == [
        "agency2.example/rules",
        "court.example",
    ]
    Policy.parse(text).verify(again.proof.note)
