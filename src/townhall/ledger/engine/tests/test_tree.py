"""Trees and proofs against published vectors, a slow reference, and every flipped bit."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.ledger.engine import hashing, proofs, tree
from townhall.ledger.engine.proofs import ProofInvalid
from townhall.ledger.engine.tests import trees
from townhall.ledger.engine.tree import Frontier, MemoryNodes, TreeInvalid

# Leaves and roots of the Certificate Transparency project's own tests (RFC 6962's authors;
# google/certificate-transparency, Apache-2.0), as transparency-dev/merkle repeats them.
CT_LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Entries are the bytes `entry 0`, `entry 1`, …; accepted by Go's tlog and both sigstores.
ROOTS = {
    0: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    1: "dziFphNIniTOLPdhmdakI/BC5LvxLX7s7pEu8nbGVwE=",
    2: "WkdmL9ijF9lgSaP59HxV3GfKZgUbqjaD27GbL+CaB7A=",
    3: "lPvQ3YNvUDAWkubQ6t5yjuGexSv/8WBu2AfIV11aqhk=",
    255: "z2Z5PmMp3/JC6zzuCm82rT46GW3MVzoex3XhAr6GPxw=",
    256: "2mWW2VNp9f7zIquOTg2jsLUCNqqcijsdJG90Ecni4y4=",
    257: "XB/f6DU1gCLyOS3keNvgU/wTDP4dOggoeakM9r8Uv34=",
    700: "xw5zSZqcGcWQ2YSUvQUOs6ZGvzjJ96OX3OWj/t47JAc=",
    1000: "NGxrnLicS3b6ydyyDNqG46AcCldBfBOQKOrNRTj96Vs=",
    70000: "o5IPun8jmgcam9EHIfE0Gt3vuu3ttBx+JEN6nRa98Ao=",
}


def test_the_roots_of_the_certificate_transparency_project() -> None:
    frontier = Frontier()
    assert frontier.root().hex() == CT_ROOTS[0]
    for entry, expected in zip(CT_LEAVES, CT_ROOTS[1:], strict=True):
        frontier.append(hashing.leaf_hash(bytes.fromhex(entry)))
        assert frontier.root().hex() == expected


@pytest.mark.parametrize(("size", "expected"), ROOTS.items())
def test_the_roots_that_foreign_software_agreed_to(size: int, expected: str) -> None:
    frontier = Frontier()
    frontier.extend(trees.leaves(size))
    assert frontier.root() == b64decode(expected)
    assert tree.root(trees.nodes(trees.LARGEST), size) == b64decode(expected)


# --- the public vectors of transparency-dev/merkle ---------------------------------------

VECTORS: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("merkle_vectors.json").read_text()
)["vectors"]

# Marked as acceptable there and refused here on purpose.
SHORT = "both roots are the 12 bytes `don't care 2`: no hash is that short"
EMPTY = "the subtree has no entries: nothing is proved by a proof about nothing"
REFUSED_ON_PURPOSE = {
    "consistency/additional/sizes-are-equal-one-and-proof-is-empty": SHORT,
    **{
        f"subtreeconsistency/additional/{name}": reason
        for name, reason in {
            "sizes-are-equal-one-and-proof-is-empty": SHORT,
            "subtree-is-empty-sizes-are-equal-one-subtree-root-valid-proof-is-empty": EMPTY,
            "subtree-is-empty-sizes-are-equal-one-subtree-root-valid"
            "-tree-root-random-proof-is-empty": EMPTY,
            "subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-proof-is-empty": EMPTY,
            "subtree-is-empty-sizes-are-equal-zero-subtree-root-valid"
            "-tree-root-random-proof-is-empty": EMPTY,
            "subtree-is-empty-subtree-root-valid-proof-is-empty": EMPTY,
            "subtree-is-empty-subtree-root-valid-tree-root-random-proof-is-empty": EMPTY,
        }.items()
    },
}


def _verify(name: str, vector: dict[str, Any]) -> None:
    proof = [b64decode(each) for each in vector["proof"] or ()]
    match name.split("/", maxsplit=1)[0]:
        case "inclusion":
            proofs.verify_inclusion(
                b64decode(vector["leafHash"] or ""),
                vector["leafIdx"],
                vector["treeSize"],
                proof,
                b64decode(vector["root"] or ""),
            )
        case "consistency":
            proofs.verify_consistency(
                vector["size1"],
                b64decode(vector["root1"] or ""),
                vector["size2"],
                b64decode(vector["root2"] or ""),
                proof,
            )
        case "subtreeconsistency":
            proofs.verify_subtree(
                b64decode(vector["root1"] or ""),
                vector["start"],
                vector["end"],
                vector["size"],
                proof,
                root=b64decode(vector["root2"] or ""),
            )
        case "subtreeinclusion":
            start, end = vector["start"], vector["end"]
            try:
                tree.check_subtree(start, end)
            except TreeInvalid as error:
                raise ProofInvalid(str(error)) from None
            proofs.verify_inclusion(
                b64decode(vector["leafHash"] or ""),
                vector["leafIdx"] - start,
                end - start,
                proof,
                b64decode(vector["root"] or ""),
            )


def test_all_public_vectors_are_there() -> None:
    kinds = [name.split("/")[0] for name in VECTORS]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "consistency": 98,
        "inclusion": 98,
        "subtreeconsistency": 118,
        "subtreeinclusion": 204,
    }
    assert not any(VECTORS[name]["wantErr"] for name in REFUSED_ON_PURPOSE)


@pytest.mark.parametrize("name", VECTORS, ids=str)
def test_a_public_vector(name: str) -> None:
    vector = VECTORS[name]
    if vector["wantErr"] or name in REFUSED_ON_PURPOSE:
        with pytest.raises(ProofInvalid):
            _verify(name, vector)
    else:
        _verify(name, vector)


# --- every proof of every tree, and every changed bit ----------------------------------------

SIZES = st.integers(1, 600)


def _flips(value: bytes) -> list[bytes]:
    """The value with each single bit turned over."""
    number = int.from_bytes(value, "big")
    return [(number ^ 1 << bit).to_bytes(len(value), "big") for bit in range(len(value) * 8)]


def test_every_proof_of_every_small_tree_is_the_one_that_the_standard_defines() -> None:
    for size in range(1, 34):
        hashes = trees.leaves(size)
        nodes = MemoryNodes(hashes)
        root = trees.slow_root(hashes)
        assert tree.root(nodes, size) == root
        for start in range(size):
            for end in range(start + 1, size + 1):
                try:
                    tree.check_subtree(start, end)
                except TreeInvalid:
                    assert start % (1 << (end - start - 1).bit_length())
                    continue
                proof = tree.subtree_proof(nodes, start, end, size)
                assert proof == trees.slow_subproof(start, end, hashes)
                part = trees.slow_root(hashes[start:end])
                proofs.verify_subtree(part, start, end, size, proof, root=root)


def test_no_proof_verifies_at_another_place() -> None:
    for size in range(1, 26):
        nodes, root = MemoryNodes(trees.leaves(size)), trees.slow_root(trees.leaves(size))
        for index in range(size):
            leaf, proof = trees.leaves(size)[index], tree.inclusion_proof(nodes, index, size)
            for other in range(-1, size + 2):
                if other != index:
                    with pytest.raises(ProofInvalid):
                        proofs.verify_inclusion(leaf, other, size, proof, root)
        for old in range(1, size + 1):
            proof = tree.consistency_proof(nodes, old, size)
            old_root = trees.slow_root(trees.leaves(old))
            for other in range(size + 2):
                if other != old:
                    with pytest.raises(ProofInvalid):
                        proofs.verify_consistency(other, old_root, size, root, proof)


@given(st.data())
def test_any_changed_bit_of_an_inclusion_proof_is_refused(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    index = data.draw(st.integers(0, size - 1))
    nodes = trees.nodes(600)
    leaf, root = trees.leaves(600)[index], tree.root(nodes, size)
    proof = tree.inclusion_proof(nodes, index, size)
    below = (index ^ (size - 1)).bit_length()
    assert len(proof) == below + (index >> below).bit_count()
    proofs.verify_inclusion(leaf, index, size, proof, root)
    at = data.draw(st.integers(-2, len(proof) - 1))
    for changed in _flips([root, leaf][at + 2] if at < 0 else proof[at]):
        parts = [root, leaf, *proof]
        parts[at + 2] = changed
        with pytest.raises(ProofInvalid):
            proofs.verify_inclusion(parts[1], index, size, parts[2:], parts[0])


@given(st.data())
def test_any_changed_bit_of_a_consistency_proof_is_refused(data: st.DataObject) -> None:
    new = data.draw(SIZES)
    old = data.draw(st.integers(1, new))
    nodes = trees.nodes(600)
    proof = tree.consistency_proof(nodes, old, new)
    parts = [tree.root(nodes, old), tree.root(nodes, new), *proof]
    proofs.verify_consistency(old, parts[0], new, parts[1], proof)
    at = data.draw(st.integers(0, len(parts) - 1))
    for changed in _flips(parts[at]):
        forged = [*parts[:at], changed, *parts[at + 1 :]]
        with pytest.raises(ProofInvalid):
            proofs.verify_consistency(old, forged[0], new, forged[1], forged[2:])


@given(st.data())
def test_a_proof_with_a_hash_too_few_or_too_many_is_refused(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    index = data.draw(st.integers(0, size - 1))
    nodes = trees.nodes(600)
    proof = tree.inclusion_proof(nodes, index, size)
    leaf, root = trees.leaves(600)[index], tree.root(nodes, size)
    for at in range(len(proof) + 1):
        with pytest.raises(ProofInvalid):
            proofs.verify_inclusion(leaf, index, size, [*proof[:at], root, *proof[at:]], root)
    for at in range(len(proof)):
        with pytest.raises(ProofInvalid):
            proofs.verify_inclusion(leaf, index, size, proof[:at] + proof[at + 1 :], root)


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 0, []),
        (1, 1, []),
        (-1, 1, []),
        (0, 2**63, [bytes(32)] * 63),
        (0, 2**62, [bytes(32)] * 64),
        (0, 2, [bytes(31)]),
        (0, 2, [bytes(33)]),
        (0, 2, [b""]),
    ],
)
def test_figures_that_no_tree_has_are_refused(index: int, size: int, proof: list[bytes]) -> None:
    with pytest.raises(ProofInvalid):
        proofs.verify_inclusion(bytes(32), index, size, proof, bytes(32))


def test_the_empty_tree_is_the_subject_of_no_proof() -> None:
    with pytest.raises(ProofInvalid):
        proofs.verify_consistency(0, hashing.EMPTY_ROOT, 0, hashing.EMPTY_ROOT, [])
    with pytest.raises(ProofInvalid):
        proofs.verify_consistency(0, hashing.EMPTY_ROOT, 1, trees.leaves(1)[0], [])
    with pytest.raises(TreeInvalid):
        tree.consistency_proof(trees.nodes(1), 0, 1)
    with pytest.raises(TreeInvalid):
        tree.inclusion_proof(trees.nodes(1), 1, 1)


@given(st.lists(st.integers(0, 90), max_size=8))
def test_a_tree_grown_in_batches_equals_a_tree_grown_at_once(batches: list[int]) -> None:
    hashes = trees.leaves(sum(batches))
    frontier, at = Frontier(), 0
    for batch in batches:
        frontier.extend(hashes[at : at + batch])
        at += batch
        frontier = Frontier(frontier.size, frontier.edge)  # as after a restart
    assert frontier.root() == trees.slow_root(hashes)
    assert tree.frontier_of(MemoryNodes(hashes), at).edge == frontier.edge


def test_a_frontier_refuses_what_is_no_hash_and_stays_as_it_was() -> None:
    frontier = Frontier()
    frontier.extend(trees.leaves(5))
    before = frontier.edge
    with pytest.raises(TreeInvalid):
        frontier.extend([bytes(32), bytes(31)])
    assert (frontier.size, frontier.edge) == (5, before)
    with pytest.raises(TreeInvalid):
        Frontier(5, before[:1])
    with pytest.raises(TreeInvalid):
        Frontier(-1, ())
