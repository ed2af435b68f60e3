"""Receipts with other signatures, keys and places in the log, for the check in the browser."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from townhall.ledger.engine import checkpoints, cosignatures, tree
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.commitments import Opening
from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.keys import COSIGNER_ED25519, COSIGNER_MLDSA44, Signer, VerifierKey
from townhall.ledger.engine.notes import Signature, SignedNote
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.proof_files import ProofFile
from townhall.ledger.engine.receipts import LARGEST_RECEIPT, Receipt
from townhall.ledger.engine.tests import cast, large
from townhall.ledger.engine.tree import MemoryNodes
from townhall.portal.tests.receipt_cases import HONEST, Case, altered

SMALL_ORDER = [
    bytes.fromhex(each)
    for each in (
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    )
]
"""Points of small order and their second spellings ("Taming the many EdDSAs", table 6b)."""
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493


def signed_otherwise(chance: random.Random) -> Iterator[Case]:
    """Signature lines moved, dropped, doubled, forged; places and hashes of the proof changed."""
    proof = cast.RECEIPT.proof.render().decode()
    head, _, note = proof.partition("\n\n")
    text, _, lines = note.partition("\n\n")
    signatures = lines.splitlines(keepends=True)
    for _ in range(60):
        chosen = chance.sample(signatures, chance.randint(0, 4))
        yield Case(altered(proof=f"{head}\n\n{text}\n\n{''.join(chosen)}"))
    for line in signatures:
        name = line.split(" ")[1]
        for changed in (
            line + line,
            line.replace(name, "agency9.example/rules"),
            line.replace(name, f"{name}\u00a0"),
            line.replace(name, f"{name}\u2003"),
            line.replace(name, f"{name}\ufeff"),
            line.replace(name, f"{name}+"),
            line.replace("— ", "- "),
            line.replace("\n", "\r\n"),
            line.replace("\n", ""),
            line.replace("\n", " \n"),
            "\n" + line,
            line[:-6] + "\n",
        ):
            yield Case(altered(proof=proof.replace(line, changed)))
        for _ in range(25):
            place = chance.randrange(line.rindex(" ") + 1, len(line) - 1)
            other = chance.choice(
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
            )
            yield Case(altered(proof=proof.replace(line, line[:place] + other + line[place + 1 :])))
    first, *hashes = head.splitlines()[1:]
    for changed in (
        *(f"index {each}" for each in (0, 1, 4, 6, 7, 8, 9, 2**63 - 1, 2**63, "-5", "+5", "5 ")),
        "extra AA==\nindex 5",
        "index 5\nindex 5",
    ):
        yield Case(altered(proof=proof.replace(first, changed)))
    for kept in (hashes[:-1], hashes[1:], hashes[::-1], hashes * 2, [], hashes[:1] * 63):
        middle = "".join(f"\n{each}" for each in (first, *kept))
        yield Case(altered(proof=proof.replace(head, f"c2sp.org/tlog-proof@v1{middle}")))
    yield from _forged()


def _forged() -> Iterator[Case]:
    """Cosignatures by others, of other checkpoints, at other times."""
    bare = cast.receipt_for(cast.decision().encode(), cast.OPENINGS, witnesses=0)
    checkpoint = Checkpoint.parse(bare.proof.note.text)
    forger = cast.signer("forger.example", COSIGNER_ED25519)
    others = [
        replace(checkpoint, size=10),
        replace(checkpoint, root=bytes(32)),
        replace(checkpoint, origin="town.example/land"),
        replace(checkpoint, extensions=("more",)),
    ]
    for about in (checkpoint, *others):
        for time in (1, cast.TIME, 2**63 - 1):
            made = [cosignatures.cosign(about, each, time) for each in cast.WITNESSES]
            yield _noted(bare, *made)
            false = cosignatures.cosign(about, forger, time)
            key = cast.WITNESSES[0].key
            yield _noted(bare, Signature(key.name, key.key_id, false.value), *made[1:])
            yield _noted(bare, false, *made[:2])
    made = [checkpoints.signature(checkpoint, each, 0) for each in cast.WITNESSES]
    yield _noted(bare, *made)
    yield from _at_other_times()
    lines = checkpoint.text
    for text in (lines, f"{lines}more\n", f"{lines}a\tb\n", f"{lines}\x01\n", f"{lines}\n\nmore\n"):
        yield _text_signed(text, cast.TIME)
    for time in (2**63 - 1, 2**63, 2**64 - 1):
        yield _text_signed(lines, time)
        yield _text_signed(lines, *[cast.TIME] * 3, time)
    for other in others:
        note = checkpoints.sign(other, cast.LOG).with_signatures(
            *(cosignatures.cosign(other, each, cast.TIME) for each in cast.WITNESSES)
        )
        yield Case(replace(bare, proof=replace(bare.proof, note=note)).render())
    made = [cosignatures.cosign(checkpoint, each, cast.TIME) for each in cast.WITNESSES]
    yield _noted(bare, *(replace(each, value=each.value + bytes(1)) for each in made))
    for short in range(1, 73, 5):
        yield _noted(bare, *(replace(each, value=each.value[:short]) for each in made))
    for vkey in (str(cast.LOG_PQ.key), str(cast.WITNESSES[0].key), str(cast.LOG.key)[:-1]):
        yield Case(altered(log_key=vkey))


def _text_signed(text: str, *times: int) -> Case:
    """Text that no honest party would sign, truly signed, at times that none would say."""
    signed = [(cast.LOG, cast.LOG.sign(text.encode()))]
    for number, each in enumerate(cast.WITNESSES):
        time = times[number % len(times)]
        message = f"cosignature/v1\ntime {time}\n{text}".encode()
        signed.append((each, time.to_bytes(8, "big") + each.sign(message)))
    made = (Signature(who.key.name, who.key.key_id, value).line for who, value in signed)
    head = cast.RECEIPT.proof.render().decode().partition("\n\n")[0]
    return Case(altered(proof=f"{head}\n\n{text}\n{''.join(made)}"))


def _at_other_times() -> Iterator[Case]:
    """The third signature makes it final, whoever signs later or stands first in the policy."""
    for at in (cast.TIME + 319, cast.TIME + 320, cast.TIME + 321, cast.TIME + 9_999):
        bare = cast.receipt_for(cast.decision(at=at).encode(), cast.OPENINGS, witnesses=0)
        checkpoint = Checkpoint.parse(bare.proof.note.text)
        for delays in ((0, 10, 20, 99_999), (99_999, 20, 10, 0), (20, 20, 20, 20)):
            signers = zip(cast.WITNESSES, delays, strict=True)
            yield _noted(
                bare,
                *(cosignatures.cosign(checkpoint, who, cast.TIME + late) for who, late in signers),
            )


def _noted(receipt: Receipt, *made: Signature) -> Case:
    note = receipt.proof.note.with_signatures(*made)
    return Case(replace(receipt, proof=replace(receipt.proof, note=note)).render())


def with_strange_keys() -> Iterator[Case]:
    """Keys and signatures about which Ed25519 libraries disagree."""
    entry = cast.decision().encode()
    bare = cast.receipt_for(entry, witnesses=0)
    for public in SMALL_ORDER:
        key = VerifierKey("w.example", COSIGNER_ED25519, public)
        policy = f"log {cast.LOG.key}\nwitness w {key}\nquorum w\nfaults 0\n".encode()
        for point in SMALL_ORDER:
            for scalar in (0, GROUP_ORDER):
                value = cast.TIME.to_bytes(8, "big") + point + scalar.to_bytes(32, "little")
                note = bare.proof.note.with_signatures(Signature(key.name, key.key_id, value))
                made = replace(bare, policy=policy, proof=replace(bare.proof, note=note))
                yield Case(made.render(), None, None)
    truth = cast.RECEIPT.proof.note
    for number, made in enumerate(truth.signatures):
        scalar = int.from_bytes(made.value[-32:], "little") + GROUP_ORDER
        if scalar < 2**256:
            value = made.value[:-32] + scalar.to_bytes(32, "little")
            signatures = list(truth.signatures)
            signatures[number] = replace(made, value=value)
            note = SignedNote(truth.text, tuple(signatures))
            proof = replace(cast.RECEIPT.proof, note=note)
            yield Case(replace(cast.RECEIPT, proof=proof).render())


def post_quantum(chance: random.Random) -> Iterator[Case]:
    """Cosignatures of both kinds, and bits of the larger one flipped."""
    receipt, policy = both_kinds(4)
    content = receipt.render()
    yield Case(content, trusted=policy)
    yield Case(content, trusted=None)
    note = receipt.proof.note
    large = [at for at, each in enumerate(note.signatures) if len(each.value) > 2_000]
    size = len(note.signatures[large[0]].value)
    # The hint stands at the end, and has rules of its own.
    places = [*range(size - 84, size), *chance.sample(range(size - 84), 60), *range(8)]
    for place in places:
        at = chance.choice(large)
        value = bytearray(note.signatures[at].value)
        value[place] ^= 1 << chance.randrange(8)
        signatures = list(note.signatures)
        signatures[at] = replace(signatures[at], value=bytes(value))
        changed = replace(receipt.proof, note=SignedNote(note.text, tuple(signatures)))
        yield Case(replace(receipt, proof=changed).render(), trusted=policy)


def both_kinds(
    witnesses: int,
    size: int = 9,
    index: int = 5,
    openings: tuple[Opening, ...] = cast.OPENINGS,
) -> tuple[Receipt, Policy]:
    """A receipt of a log that signs with two keys, cosigned by keys of both kinds in turn."""
    keys = [
        cast.signer(f"agency{n}.example/rules", (COSIGNER_ED25519, COSIGNER_MLDSA44)[n % 2])
        for n in range(witnesses)
    ]
    faults = (witnesses - 1) // 3
    names = " ".join(f"agency{number}" for number in range(witnesses))
    text = "\n".join(
        [
            f"log {cast.LOG.key}",
            f"log {cast.LOG_PQ.key}",
            *(f"witness agency{number} {each.key}" for number, each in enumerate(keys)),
            f"group agencies {witnesses - faults} {names}",
            "quorum agencies",
            f"# townhall: faults {faults}",
            "",
        ]
    ).encode()
    committed = {each.field: each.commitment.hex() for each in openings}
    entry = cast.decision(**committed).encode()
    proof, root = large.proof_in(leaf_hash(entry), index, size)
    checkpoint = Checkpoint(cast.ORIGIN, size, root)
    note = checkpoints.sign(checkpoint, cast.LOG, cast.LOG_PQ, time=cast.TIME)
    note = note.with_signatures(
        *(cosignatures.cosign(checkpoint, each, cast.TIME + n) for n, each in enumerate(keys))
    )
    made = Receipt(entry, openings, ProofFile(index, proof, note), text, cast.LOG.key)
    return made, Policy.load(text)


def at_the_limits() -> Iterator[Case]:
    """Trees of many sizes, and the most and largest of everything."""
    leaf = leaf_hash(cast.decision().encode())
    sizes: list[int] = [*range(1, 34), 255, 256, 257, 10_000_000, 2**62, 2**63 - 1]
    for size in sizes:
        for index in {0, size // 2, size - 1}:
            proof, root = large.proof_in(leaf, index, size)
            note = cast.final(size, root)
            made = replace(cast.RECEIPT, proof=ProofFile(index, proof, note))
            yield Case(made.render())
            yield Case(replace(made, proof=ProofFile(index ^ 1, proof, note)).render())
    for size in range(1, 6):  # a dishonest operator signs a size that the root does not have
        for proof in ((), (leaf,), (leaf, leaf)):
            for place, root in ((0, leaf), (size - 1, sha256(b"\x01" + leaf + leaf).digest())):
                file = ProofFile(place, proof, cast.final(size, root))
                yield Case(replace(cast.RECEIPT, proof=file).render())
    nodes = MemoryNodes([leaf])
    note = cast.final(1, tree.root(nodes, 1)).render().decode()
    for extra in (251, 252, 253, 254):
        lines = "".join(f"— a{number} MTIzNDU=\n" for number in range(extra))
        yield Case(altered(proof=f"c2sp.org/tlog-proof@v1\nindex 0\n\n{note}{lines}"))
    for fill in (LARGEST_RECEIPT - len(HONEST) - 40, LARGEST_RECEIPT):
        yield Case(altered(policy=cast.POLICY_TEXT.decode() + f"# {'x' * fill}\n"))
        yield Case(altered(policy=cast.POLICY_TEXT.decode() + f"# {'x' * fill}\n"), trusted=None)
    for length in (65_000, 66_000):
        made = cast.receipt_for(cast.decision().encode())
        yield Case(altered(entry=made.entry.replace(b"0f" * 16, b"0" * length).decode()))
    long = "o" * 256
    for name in (long[:255], long, "ó" * 127, "ó" * 128):
        yield from _named(name)


def _named(name: str) -> Iterator[Case]:
    """A witness with a long name: ML-DSA cosignatures carry its length in a byte."""
    bare = cast.receipt_for(cast.decision().encode(), witnesses=0)
    key: Signer = cast.signer(name, COSIGNER_MLDSA44)
    policy = f"log {cast.LOG.key}\nwitness w {key.key}\nquorum w\nfaults 0\n".encode()
    checkpoint = Checkpoint.parse(bare.proof.note.text)
    size = bytes([len(name.encode()) & 255])  # what a careless signer would write
    message = b"subtree/v1\n\0" + size + name.encode() + cast.TIME.to_bytes(8, "big")
    message += bytes([len(cast.ORIGIN)]) + cast.ORIGIN.encode() + bytes(8)
    message += checkpoint.size.to_bytes(8, "big") + checkpoint.root
    value = cast.TIME.to_bytes(8, "big") + key.sign(message)
    made = Signature(name, key.key.key_id, value)
    note = bare.proof.note.with_signatures(made)
    yield Case(
        replace(bare, policy=policy, proof=replace(bare.proof, note=note)).render(), None, None
    )
