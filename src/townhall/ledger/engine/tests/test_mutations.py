"""Ten thousand random mutations: none is accepted for what it is not, none crashes.

A mutation counts as accepted wrongly if the file still proves something, and what it
proves is not exactly what the honest file proved. (A signature that nobody needed may
be lost without that.) The only exception that may be raised is `Refused`.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest

from townhall.ledger.engine import (
    bundles,
    canonical,
    checking,
    checkpoints,
    cosignatures,
    mirroring,
    proofs,
    tree,
    witnessing,
)
from townhall.ledger.engine.checking import Verdict
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.handovers import HandOver
from townhall.ledger.engine.histories import History
from townhall.ledger.engine.keys import COSIGNER_MLDSA44, VerifierKey
from townhall.ledger.engine.mirroring import Header
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.promises import Promise, promise
from townhall.ledger.engine.proof_files import ProofFile
from townhall.ledger.engine.receipts import Receipt
from townhall.ledger.engine.registers import State
from townhall.ledger.engine.tests import cast, succession, trees
from townhall.ledger.engine.tiles import TileNodes

ROUNDS = int(os.environ.get("TOWNHALL_MUTATION_ROUNDS", "1000"))  # for each kind of input

_SPLICES = [b"", b"\n", b"\n\n", b"\0", b"\xff", b" ", b"+", b"=", b"A", b"0", b"9" * 30]


def mutate(content: bytes, chance: random.Random) -> bytes:
    """Return other bytes: flipped, cut, doubled, swapped, or spliced with awkward ones."""
    mutated = content
    while mutated == content:
        at = chance.randrange(len(content) + 1)
        end = min(len(content), at + chance.choice([1, 1, 2, 8, 44, 200]))
        match chance.randrange(6):
            case 0 if at < len(content):
                changed = bytes([content[at] ^ 1 << chance.randrange(8)])
                mutated = content[:at] + changed + content[at + 1 :]
            case 1:
                mutated = content[:at] + content[end:]
            case 2:
                mutated = content[:at] + content[at:end] * 2 + content[end:]
            case 3:
                mutated = content[:at] + chance.choice(_SPLICES) + content[at:]
            case 4:
                lines = content.split(b"\n")
                one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[one], lines[two] = lines[two], lines[one]
                mutated = b"\n".join(lines)
            case 5:
                mutated = content[:at] + chance.choice(_SPLICES) + content[end:]
    return mutated


SIZE = 700
NODES = trees.nodes(SIZE)
ROOT = tree.root(NODES, SIZE)
ENTRY, PROOF = cast.proof_of(617, SIZE)
CHECKPOINT = Checkpoint(cast.ORIGIN, SIZE, ROOT)
WITNESS_PQ = cast.signer("agency0.example", COSIGNER_MLDSA44)
SIGNED_PQ = (
    checkpoints.sign(CHECKPOINT, cast.LOG_PQ, time=cast.TIME)
    .with_signatures(cosignatures.cosign(CHECKPOINT, WITNESS_PQ, cast.TIME))
    .render()
)
FILES = trees.files(SIZE)
ENTRIES = [b"entry %d" % number for number in range(256, 300)]
DAY = cast.day_receipt()


def inclusion(content: bytes) -> object:
    hashes = [content[at : at + 32] for at in range(0, len(content), 32)]
    proofs.verify_inclusion(hashes[0], 617, SIZE, hashes[2:], hashes[1])
    return content


def consistency(content: bytes) -> object:
    hashes = [content[at : at + 32] for at in range(0, len(content), 32)]
    proofs.verify_consistency(300, hashes[0], SIZE, hashes[1], hashes[2:])
    return content


def tile(content: bytes) -> object:
    files = {**FILES, "tile/0/001": content}
    reader = TileNodes(trees.reader(files), SIZE, ROOT)
    return tree.inclusion_proof(reader, 300, SIZE), reader.node(0, 300)


def checkpoint(content: bytes) -> object:
    final = cast.POLICY.verify(content)
    return final.checkpoint, set(final.cosigned.values()), len(final.cosigned) >= 3


def post_quantum_note(content: bytes) -> object:
    opened = checkpoints.open_checkpoint(content, cast.ORIGIN, [cast.LOG_PQ.key])
    cosigned = cosignatures.cosigners_of(opened.note, [WITNESS_PQ.key])
    # ML-DSA covers no extension lines (C2SP tlog-cosignature): they are not among the facts.
    proved = opened.checkpoint.origin, opened.checkpoint.size, opened.checkpoint.root
    return proved, cosigned or {WITNESS_PQ.key: cast.TIME}


def proof_file(content: bytes) -> object:
    parsed = ProofFile.parse(content)
    final = parsed.verify(ENTRY, cast.POLICY)
    return parsed.index, final.checkpoint


def receipt(content: bytes) -> object:
    steps = checking.verify_file(content, document=cast.LETTER, trusted=[cast.POLICY])
    if checking.verdict(steps) is not Verdict.HOLDS:
        raise Refused("does not hold")
    parsed = Receipt.parse(content)
    # An opening that is left out proves less, and nothing else.
    assert {each.field for each in parsed.openings} >= {"document"}
    assert set(parsed.openings) <= set(cast.OPENINGS)
    return parsed.entry, parsed.proof.index


def day(content: bytes) -> object:
    steps = checking.verify_file(content, trusted=[cast.POLICY])
    if checking.verdict(steps) is not Verdict.HOLDS:
        raise Refused("does not hold")
    parsed = Receipt.parse(content)
    return parsed.entry, parsed.member or DAY.member


def request(content: bytes) -> object:
    parsed = witnessing.parse_request(content)
    seen = witnessing.Seen(300, tree.root(NODES, 300), cast.final(300, tree.root(NODES, 300)))
    answer = witnessing.decide(seen, parsed, [cast.LOG.key])
    if answer.seen is None:
        raise Refused(answer.reason)
    return answer.seen.size, answer.seen.root


def upload(content: bytes) -> object:
    read = mirroring.reader(content)
    header = mirroring.read_header(read)
    if header != Header(cast.ORIGIN, 256, 300):
        raise Refused("another upload")
    (place,) = header.packages()
    found, proof = mirroring.read_package(read, place)
    place.authenticate(found, proof, tree.root(NODES, 300))
    return found


def history(content: bytes) -> object:
    eras = History.parse(content).check(succession.TEXTS)
    return [(era.policy.text, era.since) for era in eras]


def hand_over(content: bytes) -> object:
    found = HandOver.parse(content)
    return found.origin, found.check((0, succession.FIRST.decode())).text


def kept_word(content: bytes) -> object:
    found = Promise.parse(content)
    found.check([cast.LOG.key])
    return found.origin, found.digest


def _upload() -> bytes:
    header = Header(cast.ORIGIN, 256, 300)
    (place,) = header.packages()
    return header.render() + place.render(ENTRIES, place.prove(NODES))


def _hand_over() -> bytes:
    body = succession.entry(1).body
    return HandOver(succession.ORIGIN, 1, body["policy"], body["signatures"]).render()


def _promise() -> Promise:
    entry = cast.decision()
    return promise(
        cast.ORIGIN,
        entry.kind,
        entry.body,
        (),
        received_at=cast.TIME,
        deadline=cast.TIME + 86_400,
        signers=[cast.LOG],
    )


def _request() -> bytes:
    proof = tuple(tree.consistency_proof(NODES, 300, SIZE))
    return witnessing.Request(300, proof, cast.final(SIZE, ROOT), CHECKPOINT).render()


JUDGES: list[tuple[Callable[[bytes], object], bytes]] = [
    (
        inclusion,
        b"".join([trees.leaves(SIZE)[617], ROOT, *tree.inclusion_proof(NODES, 617, SIZE)]),
    ),
    (
        consistency,
        b"".join([tree.root(NODES, 300), ROOT, *tree.consistency_proof(NODES, 300, SIZE)]),
    ),
    (tile, FILES["tile/0/001"]),
    (checkpoint, cast.final(SIZE, ROOT, witnesses=4).render()),
    (post_quantum_note, SIGNED_PQ),
    (proof_file, PROOF.render()),
    (receipt, cast.RECEIPT.render()),
    (day, DAY.render()),
    (request, _request()),
    (upload, _upload()),
    (history, succession.history().render()),
    (hand_over, _hand_over()),
    (kept_word, _promise().render()),
]


@pytest.mark.parametrize(("judge", "honest"), JUDGES, ids=[each.__name__ for each, _ in JUDGES])
def test_a_thousand_mutations_prove_nothing_else(
    judge: Callable[[bytes], object], honest: bytes
) -> None:
    expected = judge(honest)
    chance = random.Random(judge.__name__)
    refused = 0
    for _ in range(ROUNDS):
        mutated = mutate(honest, chance)
        try:
            proved = judge(mutated)
        except Refused:
            refused += 1
            continue
        assert proved == expected, mutated
    assert refused > ROUNDS // 3


READERS: list[tuple[Callable[[bytes], object], Callable[[object], bytes], bytes]] = [
    (Policy.parse, lambda policy: policy.text, cast.POLICY_TEXT),
    (
        lambda content: VerifierKey.parse(content.decode("utf-8", "replace")),
        lambda key: str(key).encode(),
        str(cast.LOG.key).encode(),
    ),
    (canonical.decode, canonical.encode, cast.decision().encode()),
    (
        State.decode,
        lambda state: state.encode(),
        State("access", "town.example/access", 5, 7, 1, {"a": ["x"]}, {0: 5, 3: 1}).encode(),
    ),
    (bundles.decode_entries, bundles.encode_entries, bundles.encode_entries(ENTRIES)),
    (
        mirroring.parse_info,
        mirroring.render_info,
        mirroring.render_info(mirroring.Info(70, 5, b"ticket")),
    ),
]


@pytest.mark.parametrize(
    ("read", "write", "honest"),
    READERS,
    ids=["policy", "key", "canonical", "state", "bundle", "information"],
)
def test_whatever_is_read_is_written_in_exactly_one_way(read, write, honest: bytes) -> None:
    chance = random.Random(honest)
    for _ in range(500):
        mutated = mutate(honest, chance)
        try:
            value = read(mutated)
        except Refused:
            continue
        assert write(value) == mutated


def test_keys_and_signatures_of_random_bytes_verify_nothing() -> None:
    chance = random.Random(2)
    for kind, key_size, size in [(0x01, 32, 64), (0x04, 32, 64), (0x06, 1312, 2420)]:
        for _ in range(100):
            key = VerifierKey("a", kind, chance.randbytes(key_size))
            assert not key.verifies(b"message", chance.randbytes(size))
        assert not VerifierKey("a", kind, bytes(key_size)).verifies(b"message", bytes(size))


def test_bytes_of_no_form_at_all_are_refused_by_every_reader() -> None:
    chance = random.Random(1)
    for _ in range(300):
        noise = chance.randbytes(chance.choice([0, 1, 7, 100, 3000]))
        for judge, _ in JUDGES:
            if judge is not tile or len(noise):
                try:
                    judge(noise)
                except (Refused, IndexError) as error:
                    # Only the two that cut the bytes into hashes may run out of them.
                    assert isinstance(error, Refused) or judge in (inclusion, consistency)
                else:
                    pytest.fail(f"{judge.__name__} accepted noise")
