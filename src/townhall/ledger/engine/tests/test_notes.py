"""Signed notes, keys, checkpoints and cosignatures against published and foreign vectors."""

from __future__ import annotations

import sys
from base64 import b64encode
from hashlib import sha256

import pytest

from townhall.ledger.engine import checkpoints, cosignatures, messages
from townhall.ledger.engine.checkpoints import Checkpoint, CheckpointInvalid
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.keys import (
    COSIGNER_ED25519,
    COSIGNER_MLDSA44,
    ED25519,
    AlgorithmMissing,
    KeyInvalid,
    Signer,
    VerifierKey,
)
from townhall.ledger.engine.messages import MessageInvalid
from townhall.ledger.engine.notes import NoteInvalid, Signature, SignatureInvalid, SignedNote
from townhall.ledger.engine.tests import trees

# C2SP signed-note, section "Example".
PUBLISHED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
PUBLISHED_NOTE = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmR"
    "KuwHjG1Yu72IneyaQM=\n"
).encode()

# Accepted by Go 1.27.3's note package (see `foreign/`).
LOG = "town.example/land+c379fa77+AdxFW80xUFEGQlbtLhmqEHl3kY2j9FFNoU+qg/wur2aT"
WITNESS = "court.example/w1+bf30161b+BKIv3vA9CHxacip+54fORvHT/Ii3Tr9LI+y8VG02Xmq2"
TIME = 1_700_000_000
NOTE = (
    "town.example/land\n"
    "1000\n"
    "NGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=\n"
    "\n"
    "— town.example/land w3n6d34xtPMWHJ2kn9wdVz38sihpvPDJ8jc8Jh8iyDahSLfIAKdxyRHFy/zcrEpQ690hneOM"
    "hrSfI4dTIQ6/J+6k1Qw=\n"
    "— court.example/w1 vzAWGwAAAABlU/EAO1NB5nW3ExGDgkA4Oxo8O2gmzhqTpHVykPO5r+Kdku2RXAfjNbzx76dRS"
    "3DJMWGLqZ5KBwxRnJaNlJao1UEWDg==\n"
).encode()
MLDSA_MESSAGE = bytes.fromhex(
    "737562747265652f76310a0010636f7572742e6578616d706c652f7731000000006553f10011746f776e2e657861"
    "6d706c652f6c616e64000000000000000000000000000003e8346c6b9cb89c4b76fac9dcb20cda86e3a01c0a5741"
    "7c139028eacd4538fde95b"
)

log = Signer("town.example/land", ED25519, sha256(b"townhall test log").digest())
log_pq = Signer("town.example/land", COSIGNER_MLDSA44, sha256(b"log, ML-DSA").digest())
witness = Signer("court.example/w1", COSIGNER_ED25519, sha256(b"townhall test witness 1").digest())
witness_pq = Signer("court.example/w1", COSIGNER_MLDSA44, sha256(b"witness, ML-DSA").digest())


def checkpoint(size: int = 1000) -> Checkpoint:
    return Checkpoint("town.example/land", size, trees.slow_root(trees.leaves(size)))


# --- keys and notes ------------------------------------------------------------------------


def test_the_published_note_verifies_with_the_published_key() -> None:
    key, note = VerifierKey.parse(PUBLISHED_KEY), SignedNote.parse(PUBLISHED_NOTE)
    (signature,) = note.signatures
    assert str(key) == PUBLISHED_KEY
    assert note.render() == PUBLISHED_NOTE
    assert key.made(signature)
    assert not key.made(Signature("example.com/bar", signature.key_id, signature.value))
    assert not key.made(Signature(signature.name, b"0000", signature.value))
    assert key.verifies(note.text.encode(), signature.value)
    assert not key.verifies(note.text.encode() + b"\n", signature.value)


def test_the_checkpoint_that_foreign_software_accepts_is_made_again_byte_by_byte() -> None:
    assert (str(log.key), str(witness.key)) == (LOG, WITNESS)
    note = checkpoints.sign(checkpoint(), log)
    note = note.with_signatures(cosignatures.cosign(checkpoint(), witness, TIME))
    assert note.render() == NOTE
    opened = checkpoints.open_checkpoint(NOTE, "town.example/land", [log.key])
    assert (opened.checkpoint, opened.keys) == (checkpoint(), (log.key,))
    assert cosignatures.cosigners_of(opened.note, [witness.key]) == {witness.key: TIME}


def test_the_message_of_a_post_quantum_cosignature() -> None:
    made = messages.subtree(
        "court.example/w1", TIME, "town.example/land", 0, 1000, subtree_hash=checkpoint().root
    )
    assert made == MLDSA_MESSAGE
    cosignature = cosignatures.cosign(checkpoint(), witness_pq, TIME)
    assert len(cosignature.value) == 8 + 2420
    assert witness_pq.key.verifies(MLDSA_MESSAGE, cosignature.value[8:])
    assert cosignatures.verify(checkpoint(), witness_pq.key, cosignature) == TIME


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "a+b",
        "a+530d903a",
        PUBLISHED_KEY.replace("530d903a", "530d903b"),
        PUBLISHED_KEY.replace("530d903a", "530D903A"),
        PUBLISHED_KEY.replace("foo", "fop"),
        PUBLISHED_KEY[:-1],
        PUBLISHED_KEY + "=",
        "+" + PUBLISHED_KEY,
        "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "\ud800+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "a+00000000+",
    ],
)
def test_a_malformed_key_is_refused(vkey: str) -> None:
    with pytest.raises(KeyInvalid):
        VerifierKey.parse(vkey)


def test_keys_of_other_kinds_are_refused() -> None:
    for kind in (0x00, 0x02, 0x03, 0x05, 0xFF):
        with pytest.raises(KeyInvalid):
            VerifierKey("a", kind, bytes(32))
    with pytest.raises(KeyInvalid):
        VerifierKey("a", COSIGNER_MLDSA44, bytes(32))
    with pytest.raises(KeyInvalid):
        Signer("a", ED25519, bytes(31))


def test_a_signer_never_shows_its_seed() -> None:
    seed = sha256(b"townhall test log").digest()
    assert seed.hex() not in repr(log) and str(seed) not in repr(log)


def test_an_installation_without_ml_dsa_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.mldsa", None)
    monkeypatch.delattr("cryptography.hazmat.primitives.asymmetric.mldsa", raising=False)
    with pytest.raises(AlgorithmMissing, match="cryptography 50"):
        Signer("a", COSIGNER_MLDSA44, bytes(32))
    with pytest.raises(AlgorithmMissing):
        VerifierKey("absent", COSIGNER_MLDSA44, b"absent" * 218 + bytes(4)).verifies(
            b"", bytes(2420)
        )


LINE = PUBLISHED_NOTE.split(b"\n\n")[1]


@pytest.mark.parametrize(
    ("reason", "note"),
    [
        ("empty", b""),
        ("no signatures", b"text\n\n"),
        ("no empty line", b"text\n" + LINE),
        ("no last newline", PUBLISHED_NOTE[:-1]),
        ("a line after the signatures", PUBLISHED_NOTE + b"more\n"),
        ("CRLF", PUBLISHED_NOTE.replace(b"\n", b"\r\n")),
        ("a tab", b"te\txt\n\n" + LINE),
        ("a zero byte", b"te\0xt\n\n" + LINE),
        ("no UTF-8", b"te\xffxt\n\n" + LINE),
        ("a surrogate in UTF-8", b"te\xed\xa0\x80xt\n\n" + LINE),
        ("an overlong character", b"te\xc0\xafxt\n\n" + LINE),
        ("the same key twice", PUBLISHED_NOTE + LINE),
        ("another dash", PUBLISHED_NOTE.replace("—".encode(), b"-")),
        ("two spaces", PUBLISHED_NOTE.replace(b"foo ", b"foo  ")),
        ("no name", PUBLISHED_NOTE.replace(b"example.com/foo", b"")),
        ("a plus in the name", PUBLISHED_NOTE.replace(b"com/foo", b"com+foo")),
        ("a wide space in the name", PUBLISHED_NOTE.replace(b"/foo", "/\u2003foo".encode())),
        ("base64 with unused bits", PUBLISHED_NOTE.replace(b"aQM=\n", b"aQN=\n")),
        ("base64 without padding", PUBLISHED_NOTE.replace(b"aQM=\n", b"aQM\n")),
        ("base64 for URLs", b"text\n\n\xe2\x80\x94 a " + b"_" * 96 + b"\n"),
        ("only a key id", b"text\n\n\xe2\x80\x94 a " + b64encode(b"1234") + b"\n"),
        (
            "257 signatures",
            b"text\n\n" + b"".join(b"\xe2\x80\x94 a%d MTIzNDU=\n" % n for n in range(257)),
        ),
        ("too large", b"x" * 2**18 + b"\n\n" + LINE),
    ],
)
def test_what_is_no_signed_note_is_refused(reason: str, note: bytes) -> None:
    with pytest.raises(NoteInvalid):
        SignedNote.parse(note)


def test_text_and_signatures_part_at_the_last_empty_line() -> None:
    note = SignedNote.parse(b"one\n\ntwo\n\n" + LINE)
    assert note.text == "one\n\ntwo\n"


def test_sixteen_post_quantum_signatures_fit() -> None:
    lines = tuple(
        Signature(f"witness{number}.example", b"abcd", bytes(4900)) for number in range(16)
    )
    note = SignedNote(checkpoint().text, lines)
    assert SignedNote.parse(note.render()) == note


# --- checkpoints -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n",
        "o\n1\n",
        "\n1\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=\n",
        "o\n01\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=\n",
        "o\n+1\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=\n",
        "o\n-1\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=\n",
        "o\n1 \nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=\n",
        "o\n١\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=\n",
        "o\n²\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=\n",
        "o\n9223372036854775808\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=\n",
        "o\n" + "9" * 5000 + "\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=\n",
        "o\n1\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96V==\n",
        "o\n1\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj9\n",
        "o\n1\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=\n\n",
        "o\n1\nNGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(CheckpointInvalid):
        Checkpoint.parse(text)


def test_an_empty_log_has_one_root() -> None:
    empty = Checkpoint("town.example/land", 0, bytes(32))
    with pytest.raises(CheckpointInvalid):
        checkpoints.open_checkpoint(checkpoints.sign(empty, log), "town.example/land", [log.key])


def test_a_log_signs_with_both_algorithms_and_either_is_enough() -> None:
    note = checkpoints.sign(checkpoint(), log, log_pq, time=TIME).render()
    for keys in ([log.key], [log_pq.key], [log.key, log_pq.key]):
        assert checkpoints.open_checkpoint(note, "town.example/land", keys).keys == tuple(keys)


def test_unknown_signatures_are_ignored_and_false_ones_are_not() -> None:
    honest = checkpoints.sign(checkpoint(), log, log_pq, time=TIME)
    stranger = Signature(log.key.name, b"none", bytes(64))
    same_id = Signature("other.example", log.key.key_id, bytes(64))
    note = honest.with_signatures(stranger, same_id)
    assert checkpoints.open_checkpoint(note, "town.example/land", [log.key]).keys == (log.key,)
    false = honest.with_signatures(Signature(log.key.name, log.key.key_id, bytes(64)))
    with pytest.raises(SignatureInvalid):  # although the other key's signature is true
        checkpoints.open_checkpoint(false, "town.example/land", [log.key, log_pq.key])
    with pytest.raises(SignatureInvalid):
        checkpoints.open_checkpoint(honest, "town.example/land", [witness.key])
    with pytest.raises(CheckpointInvalid):
        checkpoints.open_checkpoint(honest, "town.example/water", [log.key])


# --- cosignatures ----------------------------------------------------------------------------


@pytest.mark.parametrize("signer", [witness, witness_pq], ids=["Ed25519", "ML-DSA-44"])
def test_a_cosignature_is_over_time_name_size_and_root(signer: Signer) -> None:
    made = cosignatures.cosign(checkpoint(), signer, TIME)
    assert cosignatures.verify(checkpoint(), signer.key, made) == TIME
    others = [
        Checkpoint("town.example/water", 1000, checkpoint().root),
        Checkpoint("town.example/land", 1001, checkpoint().root),
        Checkpoint("town.example/land", 1000, bytes(32)),
    ]
    for other in others:
        with pytest.raises(SignatureInvalid):
            cosignatures.verify(other, signer.key, made)
    later = Signature(made.name, made.key_id, (TIME + 1).to_bytes(8, "big") + made.value[8:])
    with pytest.raises(SignatureInvalid):
        cosignatures.verify(checkpoint(), signer.key, later)
    for cut in (b"", made.value[:7], made.value[:-1], made.value + b"\0", b"\xff" * 72):
        with pytest.raises(SignatureInvalid):
            cosignatures.verify(checkpoint(), signer.key, Signature(made.name, made.key_id, cut))


def test_extension_lines_are_covered_by_one_kind_only() -> None:
    extended = Checkpoint("town.example/land", 1000, checkpoint().root, ("more",))
    made = cosignatures.cosign(checkpoint(), witness, TIME)
    with pytest.raises(SignatureInvalid):
        cosignatures.verify(extended, witness.key, made)
    # The documented limit of the other kind, and why the house writes no extension lines.
    made = cosignatures.cosign(checkpoint(), witness_pq, TIME)
    assert cosignatures.verify(extended, witness_pq.key, made) == TIME


def test_a_cosignature_of_a_checkpoint_says_its_time() -> None:
    with pytest.raises(MessageInvalid):
        cosignatures.cosign(checkpoint(), witness, 0)
    with pytest.raises(MessageInvalid):
        cosignatures.cosign(checkpoint(), witness, 2**63)
    timeless = checkpoints.signature(checkpoint(), witness, 0)
    with pytest.raises(SignatureInvalid):
        cosignatures.verify(checkpoint(), witness.key, timeless)


def test_a_log_key_is_no_cosigner_and_a_cosigner_no_other() -> None:
    with pytest.raises(KeyInvalid):
        cosignatures.cosign(checkpoint(), log, TIME)
    made = checkpoints.signature(checkpoint(), log, TIME)
    with pytest.raises(KeyInvalid):
        cosignatures.verify(checkpoint(), log.key, made)
    rules = Signer("court.example/w1/rules", COSIGNER_MLDSA44, sha256(b"witness, ML-DSA").digest())
    made = cosignatures.cosign(checkpoint(), witness_pq, TIME)
    renamed = Signature(rules.key.name, rules.key.key_id, made.value)
    with pytest.raises(SignatureInvalid):  # "consistent" is never read as "rules hold"
        cosignatures.verify(checkpoint(), rules.key, renamed)


def test_a_subtree_is_cosigned_without_a_time() -> None:
    part = trees.slow_root(trees.leaves(16)[8:13])
    made = cosignatures.cosign_subtree("town.example/land", 8, 13, part, witness_pq)
    message = messages.subtree("court.example/w1", 0, "town.example/land", 8, 13, subtree_hash=part)
    assert witness_pq.key.verifies(message, made.value[8:])
    with pytest.raises(MessageInvalid):
        messages.subtree("a", TIME, "o", 8, 13, subtree_hash=part)
    with pytest.raises(KeyInvalid):
        cosignatures.cosign_subtree("town.example/land", 8, 13, part, witness)


def test_names_that_no_message_can_hold_are_refused() -> None:
    for name in ("", "x" * 256):
        with pytest.raises(MessageInvalid):
            messages.subtree(name, TIME, "o", 0, 1, subtree_hash=bytes(32))
    long = Checkpoint("x" * 256, 1, bytes(32))
    with pytest.raises(Refused):
        cosignatures.verify(long, witness_pq.key, cosignatures.cosign(checkpoint(), witness_pq, 1))
