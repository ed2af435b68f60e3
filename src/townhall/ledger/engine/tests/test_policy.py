"""Policies: the table of quorums, groups across sectors, and files that are refused."""

from __future__ import annotations

from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.ledger.engine import checkpoints, cosignatures
from townhall.ledger.engine.checkpoints import Checkpoint, CheckpointInvalid
from townhall.ledger.engine.keys import COSIGNER_ED25519, COSIGNER_MLDSA44, ED25519, Signer
from townhall.ledger.engine.notes import Signature, SignatureInvalid, SignedNote
from townhall.ledger.engine.policy import (
    MOST_DEFINED,
    NotFinal,
    Policy,
    PolicyInvalid,
    PolicyUnsafe,
)
from townhall.ledger.engine.quorums import Member

TIME = 1_700_000_000
log = Signer("town.example/decisions", ED25519, sha256(b"log").digest())


def signer(name: str, kind: int = COSIGNER_ED25519) -> Signer:
    return Signer(name, kind, sha256(name.encode() + bytes([kind])).digest())


def party(number: int) -> Signer:
    return signer(f"w{number}.example/rules")


def flat(count: int, quorum: int, faults: int, *more: str) -> bytes:
    """A policy of so many equal witnesses."""
    lines = [
        f"log {log.key}",
        *(f"witness w{number} {party(number).key}" for number in range(count)),
        f"group all-witnesses {quorum} " + " ".join(f"w{number}" for number in range(count)),
        "quorum all-witnesses",
        f"# townhall: faults {faults}",
        *more,
        "",
    ]
    return "\n".join(lines).encode()


# Note on the ledger, section 2: N, q, dishonest needed to fork, stops when down.
TABLE = [(3, 2, 1, 2), (4, 3, 2, 2), (5, 3, 1, 3), (5, 4, 3, 2), (7, 5, 3, 3), (10, 7, 4, 4)]


@pytest.mark.parametrize(("count", "quorum", "fork", "stop"), TABLE)
def test_the_table_of_quorums(count: int, quorum: int, fork: int, stop: int) -> None:
    loaded = Policy.load(flat(count, quorum, fork - 1))
    assert (loaded.smallest_intersection(), loaded.fewest_to_stop()) == (fork, stop)
    assert 2 * quorum > count + fork - 1
    with pytest.raises(PolicyUnsafe, match=f"only {fork} in common"):
        Policy.load(flat(count, quorum, fork))


def test_a_majority_of_five_does_not_withstand_one_dishonest_witness() -> None:
    with pytest.raises(PolicyUnsafe):
        Policy.load(flat(5, 3, 1))
    with pytest.raises(PolicyUnsafe):
        Policy.load(flat(3, 2, 1))
    Policy.load(flat(4, 3, 1))
    Policy.load(flat(7, 5, 2))


@st.composite
def quorums(draw: st.DrawFn) -> Member:
    """Random nested quorums of at most nine parties."""
    numbers = iter(range(9))

    def build(depth: int) -> Member | None:
        if depth == 0 or draw(st.booleans()):
            number = next(numbers, None)
            return None if number is None else Member(f"w{number}", frozenset({f"p{number}"}))
        found = [build(depth - 1) for _ in range(draw(st.integers(1, 4)))]
        members = tuple(each for each in found if each)
        if not members:
            return None
        parties = frozenset().union(*(each.parties for each in members))
        return Member("", parties, draw(st.integers(1, len(members))), members)

    return build(3) or Member("w0", frozenset({"p0"}))


def _sets(quorum: Member) -> list[frozenset[str]]:
    names = sorted(name.replace("p", "w") for name in quorum.parties)
    every = (set_ for size in range(len(names) + 1) for set_ in combinations(names, size))
    return [frozenset(each) for each in every if quorum.satisfied_by(each)]


@given(quorums())
def test_the_closed_forms_agree_with_trying_every_set(quorum: Member) -> None:
    satisfying = _sets(quorum)
    least = min(len(one & two) for one in satisfying for two in satisfying)
    assert quorum.smallest_intersection() == least
    everyone = frozenset(name.replace("p", "w") for name in quorum.parties)
    stopping = [
        len(everyone) - len(left)
        for left in (
            frozenset(each)
            for size in range(len(everyone) + 1)
            for each in combinations(sorted(everyone), size)
        )
        if not quorum.satisfied_by(left)
    ]
    assert quorum.fewest_to_stop() == min(stopping)
    assert quorum.fewest_to_satisfy() == min(map(len, satisfying))
    enough = quorum.fewest_to_know()
    asked = [frozenset(each) for each in combinations(sorted(everyone), enough)]
    assert asked and all(one & two for one in asked for two in satisfying)


CROSS_SECTOR = "\n".join(
    [
        f"log {log.key} https://town.example/ledger/decisions",
        *(f"witness municipality{number} {party(number).key}" for number in range(4)),
        *(f"witness court{number} {party(10 + number).key}" for number in range(4)),
        "group municipalities 3 municipality0 municipality1 municipality2 municipality3",
        "group courts 3 court0 court1 court2 court3",
        "group both all municipalities courts",
        "quorum both",
        "faults 3",
        "",
    ]
).encode()


def test_groups_across_sectors_make_collusion_dearer() -> None:
    loaded = Policy.load(CROSS_SECTOR)
    assert loaded.smallest_intersection() == 4
    assert loaded.fewest_to_stop() == 2
    with pytest.raises(PolicyUnsafe):
        Policy.load(CROSS_SECTOR.replace(b"both all", b"both any"))
    with pytest.raises(PolicyUnsafe):
        Policy.load(CROSS_SECTOR.replace(b"faults 3", b"faults 4"))


def test_both_kinds_of_keys_of_one_party_count_once() -> None:
    lines = []
    for number in range(4):
        both = [signer(f"w{number}.example", kind).key for kind in (0x04, 0x06)]
        lines += [
            f"witness w{number}-now {both[0]}",
            f"witness w{number}-later {both[1]}",
            f"group w{number} any w{number}-now w{number}-later",
        ]
    lines += ["group g 3 w0 w1 w2 w3", "quorum g", "faults 1", ""]
    loaded = Policy.load("\n".join(lines).encode())
    assert (loaded.smallest_intersection(), loaded.fewest_to_stop()) == (2, 2)
    assert loaded.satisfied_by({"w0-now", "w1-later", "w3-now"})
    assert not loaded.satisfied_by({"w0-now", "w0-later", "w3-now"})
    # The same eight keys side by side: one party would make up two of three.
    names = " ".join(f"w{n}-now w{n}-later" for n in range(4))
    side_by_side = [line for line in lines if line.startswith("witness")]
    side_by_side += [f"group g 6 {names}", "quorum g", "faults 1", ""]
    with pytest.raises(PolicyUnsafe, match="several places"):
        Policy.load("\n".join(side_by_side).encode())


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("no faults declared", flat(4, 3, 1).replace(b"# townhall: faults 1\n", b"")),
        ("no quorum at all", f"log {log.key}\nquorum none\nfaults 0\n".encode()),
        (
            "the log is its own witness",
            (
                f"log {log.key}\nwitness w {signer('town.example/decisions').key}\n"
                "quorum w\nfaults 0\n"
            ).encode(),
        ),
    ],
)
def test_an_unsafe_policy_can_be_read_and_is_not_loaded(reason: str, text: bytes) -> None:
    Policy.parse(text)
    with pytest.raises(PolicyUnsafe):
        Policy.load(text)


KEY = str(party(0).key)
OTHER = str(party(1).key)
SAME_BYTES = str(
    signer("another.example").key.__class__("another.example", 0x04, party(0).key.public)
)


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("no quorum", f"witness a {KEY}\n"),
        ("two quorums", f"witness a {KEY}\nquorum a\nquorum none\n"),
        ("unknown quorum", "quorum a\n"),
        ("quorum before its witness", f"quorum a\nwitness a {KEY}\n"),
        ("duplicate key by another name", f"witness a {KEY}\nwitness b {SAME_BYTES}\nquorum a\n"),
        ("duplicate name", f"witness a {KEY}\nwitness a {OTHER}\nquorum a\n"),
        ("the name none", f"witness none {KEY}\nquorum none\n"),
        ("none in a group", f"witness a {KEY}\ngroup g any a none\nquorum g\n"),
        ("a member twice", f"witness a {KEY}\ngroup g 2 a a\nquorum g\n"),
        ("a member of two groups", f"witness a {KEY}\ngroup g any a\ngroup h any a\nquorum h\n"),
        ("an empty group", "group g any\nquorum g\n"),
        ("threshold 0", f"witness a {KEY}\ngroup g 0 a\nquorum g\n"),
        ("threshold above", f"witness a {KEY}\ngroup g 2 a\nquorum g\n"),
        ("threshold 01", f"witness a {KEY}\ngroup g 01 a\nquorum g\n"),
        ("a group within itself", f"witness a {KEY}\ngroup g any a g\nquorum g\n"),
        ("a log key as witness", f"witness a {log.key}\nquorum a\n"),
        ("an unknown line", f"witness a {KEY}\nquorum a\nquota 3\n"),
        ("three words after a key", f"witness a {KEY} url more\nquorum a\n"),
        ("no last newline", f"witness a {KEY}\nquorum a"),
        ("CRLF", f"witness a {KEY}\r\nquorum a\r\n"),
        ("two faults", f"witness a {KEY}\nquorum a\nfaults 0\nfaults 1\n"),
        ("a negative fault", f"witness a {KEY}\nquorum a\nfaults -1\n"),
        ("valid at no time", f"witness a {KEY}\nquorum a\nvalid 5 5\n"),
        ("a witness in a comment", f"# townhall: witness a {KEY}\nquorum none\n"),
        ("a typing error in ours", f"witness a {KEY}\nquorum a\n# townhall: fault 1\n"),
        ("cut-off of nobody", f"witness a {KEY}\nquorum a\ncutoff b t.example/l 5\n"),
        ("two cut-offs", f"witness a {KEY}\nquorum a\ncutoff a o 5\ncutoff a o 6\n"),
        ("a cut-off for no log", f"witness a {KEY}\nquorum a\ncutoff a 5\n"),
        ("a delete character", f"witness a {KEY}\nquorum a\n# \x7f\n"),
    ],
)
def test_a_malformed_policy_is_refused(reason: str, text: str) -> None:
    with pytest.raises(PolicyInvalid):
        Policy.parse(text.encode())


def test_groups_without_end_are_refused_instead_of_exhausting_the_stack() -> None:
    lines = [
        f"witness g0 {KEY}",
        *(f"group g{n + 1} any g{n}" for n in range(1000)),
        "quorum g1000",
    ]
    with pytest.raises(PolicyInvalid):
        Policy.parse(("\n".join(lines) + "\n").encode())


def test_blanks_comments_and_names_of_any_bytes() -> None:
    text = (
        b"\t # a comment, caf\xc3\xa9, \xff\n\n"
        b"witness \xff\xfe  " + KEY.encode() + b"\thttps://w0.example \n"
        b"\tquorum \xff\xfe\nfaults 0\n"
    )
    loaded = Policy.load(text)
    assert loaded.witnesses[0].url == "https://w0.example"
    assert loaded.text == text
    assert loaded.satisfied_by({loaded.witnesses[0].name})


def test_thirty_two_logs_witnesses_and_groups() -> None:
    lines = [f"log {signer(f'log{n}.example', ED25519).key}" for n in range(32)]
    lines += [f"witness w{n} {party(n).key}" for n in range(32)]
    lines += [f"group g{n} any w{n}" for n in range(32)]
    lines += ["group g all " + " ".join(f"g{n}" for n in range(32)), "quorum g", "faults 31", ""]
    assert Policy.load("\n".join(lines).encode()).smallest_intersection() == 32


# --- what is final ---------------------------------------------------------------------------

CHECKPOINT = Checkpoint("town.example/decisions", 9, sha256(b"root").digest())


def cosigned(*numbers: int, time: int = TIME) -> SignedNote:
    note = checkpoints.sign(CHECKPOINT, log)
    return note.with_signatures(
        *(cosignatures.cosign(CHECKPOINT, party(number), time) for number in numbers)
    )


def test_a_checkpoint_is_final_with_a_quorum_and_not_before() -> None:
    loaded = Policy.load(flat(4, 3, 1))
    assert loaded.verify(cosigned(0, 2, 3).render()).cosigned == {
        "w0": TIME,
        "w2": TIME,
        "w3": TIME,
    }
    for few in ((), (0,), (1, 3)):
        with pytest.raises(NotFinal):
            loaded.verify(cosigned(*few))
    with pytest.raises(NotFinal):  # strangers do not count
        loaded.verify(cosigned(0, 1, 8, 9))


def test_a_false_signature_spoils_the_note_even_if_enough_others_are_true() -> None:
    loaded = Policy.load(flat(4, 3, 1))
    false = Signature(party(3).key.name, party(3).key.key_id, bytes(72))
    with pytest.raises(SignatureInvalid):
        loaded.verify(cosigned(0, 1, 2).with_signatures(false))


def test_the_log_itself_must_have_signed() -> None:
    loaded = Policy.load(flat(4, 3, 1))
    unsigned = SignedNote(CHECKPOINT.text, cosigned(0, 1, 2).signatures[1:])
    with pytest.raises(SignatureInvalid):
        loaded.verify(unsigned)
    other = Policy.load(
        flat(4, 3, 1).replace(
            str(log.key).encode(), str(signer("town.example/land", ED25519).key).encode()
        )
    )
    with pytest.raises(CheckpointInvalid):
        other.verify(cosigned(0, 1, 2))


def test_signatures_count_within_the_time_of_the_policy() -> None:
    loaded = Policy.load(flat(4, 3, 1, f"# townhall: valid {TIME} {TIME + 10}"))
    loaded.verify(cosigned(0, 1, 2))
    loaded.verify(cosigned(0, 1, 2, time=TIME + 9))
    for time in (TIME - 1, TIME + 10):
        with pytest.raises(NotFinal):
            loaded.verify(cosigned(0, 1, 2, time=time))


def test_a_compromised_key_counts_up_to_its_cut_off() -> None:
    here, size = CHECKPOINT.origin, CHECKPOINT.size
    Policy.load(flat(4, 3, 1, f"# townhall: cutoff w0 {here} {size}")).verify(cosigned(0, 1, 2))
    with pytest.raises(NotFinal):
        Policy.load(flat(4, 3, 1, f"cutoff w0 {here} {size - 1}")).verify(cosigned(0, 1, 2))


def test_a_cut_off_for_one_log_leaves_the_key_nothing_in_another() -> None:
    """Sizes of different logs have nothing to do with each other."""
    elsewhere = f"cutoff w0 elsewhere.example/log {CHECKPOINT.size}"
    with pytest.raises(NotFinal):
        Policy.load(flat(4, 3, 1, elsewhere)).verify(cosigned(0, 1, 2))
    both = f"{elsewhere}\ncutoff w0 {CHECKPOINT.origin} {CHECKPOINT.size}"
    Policy.load(flat(4, 3, 1, both)).verify(cosigned(0, 1, 2))


def test_cut_offs_of_several_witnesses_stand_apart() -> None:
    here, size = CHECKPOINT.origin, CHECKPOINT.size
    lines = [f"cutoff w{each} {origin} {size}" for origin in ("o", here) for each in (0, 2)]
    loaded = Policy.load(flat(4, 3, 1, *lines))
    sizes = {"o": size, here: size}
    assert [each.cutoffs for each in loaded.witnesses] == [sizes, None, sizes, None]


def test_a_witness_has_no_more_cut_offs_than_a_policy_has_logs() -> None:
    """Each was copied for the next one, so that ten thousand took seconds."""
    lines = [f"cutoff w0 o{number} 5" for number in range(MOST_DEFINED)]
    others = [each.replace(" w0 ", " w1 ") for each in lines]
    Policy.load(flat(4, 3, 1, *lines, *others))
    with pytest.raises(PolicyInvalid, match="at most 1024 cut-offs"):
        Policy.load(flat(4, 3, 1, *lines, *others, "cutoff w0 one-more 5"))


def test_post_quantum_witnesses_make_a_quorum() -> None:
    made = [signer(f"w{n}.example", COSIGNER_MLDSA44) for n in range(4)]
    lines = [f"log {log.key}", *(f"witness w{n} {each.key}" for n, each in enumerate(made))]
    lines += ["group g 3 w0 w1 w2 w3", "quorum g", "faults 1", ""]
    loaded = Policy.load("\n".join(lines).encode())
    note = checkpoints.sign(CHECKPOINT, log)
    for count, each in enumerate(made):
        if count < 3:
            with pytest.raises(NotFinal):
                loaded.verify(note)
        note = note.with_signatures(cosignatures.cosign(CHECKPOINT, each, TIME))
    assert len(loaded.verify(note).cosigned) == 4
