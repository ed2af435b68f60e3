"""Every row of the witness's table of answers, and uploads to a mirror."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.ledger.engine import checkpoints, mirroring, tree, witnessing
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.hashing import EMPTY_ROOT, leaf_hash
from townhall.ledger.engine.keys import COSIGNER_ED25519, COSIGNER_MLDSA44, ED25519, Signer
from townhall.ledger.engine.mirroring import Header, Info, Mirrored, UploadInvalid
from townhall.ledger.engine.notes import Signature, SignatureInvalid
from townhall.ledger.engine.proofs import ProofInvalid
from townhall.ledger.engine.tests import trees
from townhall.ledger.engine.tree import MemoryNodes
from townhall.ledger.engine.witnessing import Answer, Request, Seen

TIME = 1_700_000_000
ORIGIN = "town.example/decisions"
log = Signer(ORIGIN, ED25519, sha256(b"log").digest())
thief = Signer(ORIGIN, ED25519, sha256(b"thief").digest())
witness = Signer("court.example/w1", COSIGNER_ED25519, sha256(b"w1").digest())
witness_pq = Signer("court.example/w1", COSIGNER_MLDSA44, sha256(b"w1").digest())
other_witness = Signer("court.example/w2", COSIGNER_ED25519, sha256(b"w2").digest())
NODES = trees.nodes(70_000)


def at(size: int, root: bytes | None = None) -> Checkpoint:
    return Checkpoint(ORIGIN, size, tree.root(NODES, size) if root is None else root)


def request(old: int, checkpoint: Checkpoint, proof: list[bytes] | None = None, by=log) -> Request:
    if proof is None:
        proof = tree.consistency_proof(NODES, old, checkpoint.size) if old else []
    return Request(old, tuple(proof), checkpoints.sign(checkpoint, by), checkpoint)


def seen(size: int) -> Seen:
    return Seen(size, tree.root(NODES, size), checkpoints.sign(at(size), log))


def ask(state: Seen | None, asked: Request, keys=(log.key,)) -> Answer:
    parsed = witnessing.parse_request(asked.render())
    assert parsed == asked
    return witnessing.decide(state, parsed, keys)


def test_a_log_that_grows_is_vouched_for() -> None:
    state = None
    for old, new in [(0, 5), (5, 5), (5, 700), (700, 70_000)]:
        answer = ask(state, request(old, at(new)))
        assert answer.status == 200
        assert (answer.seen.size, answer.seen.root) == (new, at(new).root)
        state = answer.seen
    lines = witnessing.cosign(state, [witness, witness_pq, other_witness], TIME)
    body = witnessing.render_signatures(lines)
    accepted = witnessing.accept_signatures(body, at(70_000), [witness.key, witness_pq.key])
    assert accepted == lines[:2]


FORK = MemoryNodes([*trees.leaves(600), *(leaf_hash(b"other %d" % n) for n in range(400))])

ROWS = [
    ("old larger than the checkpoint", seen(700), request(700, at(699), []), 400, b""),
    ("unknown origin", None, request(0, at(5)), 404, b""),
    ("signed by nobody known", seen(5), request(5, at(700), by=thief), 403, b""),
    ("stale old size", seen(700), request(5, at(700)), 409, b"700\n"),
    ("first contact with an old size", None, request(5, at(700)), 409, b"0\n"),
    ("unknown state asked with zero", seen(700), request(0, at(701)), 409, b"700\n"),
    ("a proof that does not verify", seen(5), request(5, at(700), [bytes(32)] * 9), 422, b""),
    (
        "a truncated proof",
        seen(5),
        request(5, at(700), tree.consistency_proof(NODES, 5, 700)[:-1]),
        422,
        b"",
    ),
    ("the same size with another root", seen(700), request(700, at(700, bytes(32)), []), 422, b""),
    ("a proof for an empty log", None, request(0, at(5), [bytes(32)]), 422, b""),
    ("size zero with a wrong root", None, request(0, at(0, bytes(32)), []), 422, b""),
    (
        "history rewritten",
        seen(700),
        request(
            700,
            Checkpoint(ORIGIN, 1000, tree.root(FORK, 1000)),
            tree.consistency_proof(FORK, 700, 1000),
        ),
        422,
        b"",
    ),
    (
        "a fork after the prefix that is vouched for",
        seen(700),
        request(700, Checkpoint(ORIGIN, 1000, tree.root(FORK, 1000)), []),
        422,
        b"",
    ),
]


@pytest.mark.parametrize(
    ("row", "state", "asked", "status", "body"), ROWS, ids=[r[0] for r in ROWS]
)
def test_a_row_of_the_table(
    row: str, state: Seen | None, asked: Request, status: int, body: bytes
) -> None:
    answer = ask(state, asked, None if status == 404 else (log.key,))
    assert answer.status == status
    assert answer.seen is None
    assert answer.evidence == (status == 422)
    if status == 409:
        assert (answer.body, answer.content_type) == (body, "text/x.tlog.size")
        assert witnessing.parse_size(answer.body) == (state.size if state else 0)


def test_a_false_signature_of_a_known_key_is_forbidden() -> None:
    asked = request(0, at(5))
    false = Signature(log.key.name, log.key.key_id, bytes(64))
    note = asked.note.with_signatures(false)
    assert ask(None, Request(0, (), note, asked.checkpoint)).status == 403
    both = checkpoints.sign(at(5), log, Signer(ORIGIN, COSIGNER_MLDSA44, bytes(32)), time=TIME)
    known = [log.key, Signer(ORIGIN, COSIGNER_MLDSA44, bytes(32)).key]
    assert ask(None, Request(0, (), both, at(5)), known).status == 200


def test_the_empty_log_may_be_vouched_for_and_grows_without_a_proof() -> None:
    answer = ask(None, request(0, at(0, EMPTY_ROOT)))
    assert answer.status == 200
    assert ask(answer.seen, request(0, at(0, EMPTY_ROOT))).status == 200
    assert ask(answer.seen, request(0, at(700))).status == 200


def test_only_signatures_that_were_verified_are_kept() -> None:
    asked = request(0, at(5))
    stranger = Signature("stranger.example", b"abcd", bytes(64))
    asked = Request(0, (), asked.note.with_signatures(stranger), asked.checkpoint)
    assert ask(None, asked).seen.note == checkpoints.sign(at(5), log)


GOOD = request(5, at(700)).render()


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        ("empty", b""),
        ("no checkpoint", b"old 5\n\n"),
        ("no empty line", b"old 5\n"),
        ("no old size", GOOD.replace(b"old 5", b"new 5")),
        ("a size with a zero in front", GOOD.replace(b"old 5", b"old 05")),
        ("a negative size", GOOD.replace(b"old 5", b"old -5")),
        ("a size beyond all trees", GOOD.replace(b"old 5", b"old 9223372036854775808")),
        ("64 hashes", GOOD.replace(b"old 5\n", b"old 5\n" + (b"A" * 43 + b"=\n") * 64)),
        ("a hash of 31 bytes", GOOD.replace(b"old 5\n", b"old 5\n" + b"A" * 41 + b"=\n")),
        ("a hash in hexadecimal", GOOD.replace(b"old 5\n", b"old 5\n" + b"a" * 64 + b"\n")),
        ("CRLF", GOOD.replace(b"\n", b"\r\n")),
        ("no UTF-8", GOOD.replace(b"old 5", b"old \xff")),
    ],
)
def test_a_malformed_request_is_answered_with_400(reason: str, body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        witnessing.parse_request(body)
    answer = witnessing.malformed(caught.value)
    assert (answer.status, answer.seen, answer.evidence) == (400, None, False)


def test_an_answer_without_a_true_cosignature_is_refused() -> None:
    line = witnessing.render_signatures(witnessing.cosign(seen(5), [witness], TIME))
    with pytest.raises(SignatureInvalid):
        witnessing.accept_signatures(line, at(5), [other_witness.key])
    with pytest.raises(SignatureInvalid):
        witnessing.accept_signatures(line, at(700), [witness.key])
    for body in (b"", b"\n", line[:-1], line + b"x"):
        with pytest.raises(Refused):
            witnessing.accept_signatures(body, at(5), [witness.key])
    for body in (b"", b"5", b"05\n", b"5\n\n", b"\xff\n"):
        with pytest.raises(Refused):
            witnessing.parse_size(body)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 1000), st.integers(0, 1000)), max_size=12))
def test_whatever_a_dishonest_log_sends_one_history_is_vouched_for(
    asked: list[tuple[bool, int, int]],
) -> None:
    """The log signs two histories that part after 600 entries, and proves from either."""
    honest = trees.nodes(1000)
    state, vouched = None, []
    for forked, number, size in asked:
        nodes = FORK if forked else honest
        old = state.size if state and number % 3 else number  # mostly the size that is expected
        if not old <= size:
            continue
        proof = tuple(tree.consistency_proof(nodes, old, size)) if old else ()
        checkpoint = Checkpoint(ORIGIN, size, tree.root(nodes, size))
        answer = ask(state, Request(old, proof, checkpoints.sign(checkpoint, log), checkpoint))
        if answer.seen:
            state = answer.seen
            vouched.append((state.size, state.root))
    assert [size for size, _ in vouched] == sorted(size for size, _ in vouched)
    assert any(
        all(tree.root(nodes, size) == root for size, root in vouched) for nodes in (honest, FORK)
    )


# --- uploads to a mirror ------------------------------------------------------------------------


def entry(number: int) -> bytes:
    return b"entry %d" % number


def upload(start: int, end: int, nodes: tree.Nodes = NODES) -> bytes:
    header = Header(ORIGIN, start, end, b"ticket")
    packages = [
        place.render([entry(n) for n in range(place.start, place.end)], place.prove(nodes))
        for place in header.packages()
    ]
    return header.render() + b"".join(packages)


@given(st.integers(0, 1500), st.integers(0, 1500))
def test_an_upload_is_read_package_by_package_and_every_entry_is_authenticated(
    start: int, length: int
) -> None:
    end = start + length
    read = mirroring.reader(upload(start, end))
    header = mirroring.read_header(read)
    assert header == Header(ORIGIN, start, end, b"ticket")
    stored: list[bytes] = []
    root = tree.root(NODES, end)
    for place in header.packages():
        assert place.aligned % 256 == 0 and 1 <= place.end - place.start <= 256
        entries, proof = mirroring.read_package(read, place)
        known = trees.leaves(3000)[place.aligned : place.start]
        assert place.authenticate(entries, proof, root, known=known) == [
            leaf_hash(each) for each in entries
        ]
        stored += entries
        forged = [*entries[:-1], b"another entry"]
        with pytest.raises(ProofInvalid):
            place.authenticate(forged, proof, root, known=known)
        with pytest.raises(UploadInvalid):
            place.authenticate(entries[1:], proof, root, known=known)
        with pytest.raises(UploadInvalid):
            place.authenticate(entries, proof, root, known=[*known, bytes(32)])
    assert stored == [entry(n) for n in range(start, end)]
    assert read(1) == b""


@given(st.integers(0, 600), st.integers(1, 600), st.data())
def test_an_upload_that_breaks_off_is_noticed(start: int, length: int, data: st.DataObject) -> None:
    body = upload(start, start + length)
    read = mirroring.reader(body[: data.draw(st.integers(0, len(body) - 1))])
    with pytest.raises(UploadInvalid):
        for place in mirroring.read_header(read).packages():
            mirroring.read_package(read, place)


def test_headers_that_contradict_themselves_are_refused() -> None:
    for header in (Header("o", 5, 4), Header("o", 0, 2**63)):
        with pytest.raises(UploadInvalid):
            mirroring.read_header(mirroring.reader(header.render()))
    with pytest.raises(UploadInvalid):
        mirroring.read_header(mirroring.reader(b"\0\1\xff" + bytes(18)))
    place = next(Header("o", 0, 1).packages())
    with pytest.raises(UploadInvalid):
        mirroring.read_package(mirroring.reader(b"\0\0\x40" + bytes(64 * 32)), place)


STATE = Mirrored(at(1000), 256, 512)


@pytest.mark.parametrize(
    ("reason", "header", "state", "status", "info"),
    [
        ("unknown log", Header(ORIGIN, 512, 1000), None, 404, None),
        ("never a checkpoint", Header(ORIGIN, 0, 9), Mirrored(None, 0, 0), 422, None),
        ("unknown end", Header(ORIGIN, 512, 999), STATE, 409, Info(1000, 512, b"t")),
        ("below the mirror's own", Header(ORIGIN, 0, 100), STATE, 409, Info(1000, 512, b"t")),
        ("beyond the next entry", Header(ORIGIN, 513, 1000), STATE, 409, Info(1000, 512, b"t")),
        ("an earlier pending one", Header(ORIGIN, 513, 700), STATE, 409, Info(700, 512, b"t")),
        ("fits", Header(ORIGIN, 512, 1000), STATE, None, None),
        ("overlaps", Header(ORIGIN, 300, 700), STATE, None, None),
        (
            "sends far too much again",
            Header(ORIGIN, 0, 70_000),
            Mirrored(at(70_000), 256, 69_999),
            409,
            Info(70_000, 69_999, b"t"),
        ),
    ],
)
def test_an_upload_is_refused_before_it_is_read(
    reason: str, header: Header, state: Mirrored | None, status: int | None, info: Info | None
) -> None:
    answer = mirroring.decide_header(header, state, {100, 256, 700, 1000, 70_000}, b"t")
    if status is None:
        assert answer is None
        return
    assert answer is not None and answer.status == status
    if info:
        assert mirroring.parse_info(answer.body) == info
        assert answer.content_type == "text/x.tlog.mirror-info"


def test_the_answers_once_packages_were_read() -> None:
    header = Header(ORIGIN, 512, 1000)

    def answer(
        next_entry: int, packages: int, failed: Refused | None = None, size: int = 256
    ) -> int:
        state = Mirrored(at(1000), size, next_entry)
        return mirroring.decide_end(header, state, packages, b"", failed).status

    assert answer(1000, 2) == 200
    assert answer(768, 1) == 202
    assert answer(1000, 1) == 202  # another client was faster; this one has not sent all
    assert answer(1000, 0) == 400
    assert answer(512, 0) == 400
    assert answer(768, 1, ProofInvalid("no")) == 422
    assert answer(2000, 2, size=2000) == 409
    empty = mirroring.decide_end(Header(ORIGIN, 5, 5), Mirrored(at(5), 5, 5), 0, b"", None)
    assert empty.status == 200


def test_a_ticket_is_worth_something_only_to_the_mirror_that_sealed_it() -> None:
    note = checkpoints.sign(at(700), log)
    ticket = mirroring.seal_ticket(b"secret", note)
    assert mirroring.open_ticket(b"secret", ticket) == note
    assert mirroring.open_ticket(b"another", ticket) is None
    for changed in (b"", ticket[:-1], ticket + b"x", bytes([ticket[0] ^ 1]) + ticket[1:]):
        assert mirroring.open_ticket(b"secret", changed) is None


def test_information_of_a_mirror_is_read_strictly() -> None:
    for body in (b"", b"1\n2\n", b"1\n2\n\n\n", b"1\n2\n=\n", b"01\n2\n\n", b"1\n2\nAA==", b"\xff"):
        with pytest.raises(Refused):
            mirroring.parse_info(body)
    assert mirroring.parse_info(b"1\n2\n\n") == Info(1, 2, b"")
