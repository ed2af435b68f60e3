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

# Marked as acceptable there and refused here on purpose: nothing can be proved of no
# entries, and 12 bytes that say "SHA256 root" or the like are no hash.
REFUSED_ON_PURPOSE: dict[str, str] = {}


def _verify(name: str, vector: dict[str, Any]) -> None:
    proof = [b64decode(each) for each in vector["proof"] or ()]
    match name.split("/")[0]:
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
    assert set(REFUSED_ON_PURPOSE) <= set(VECTORS)


@pytest.mark.parametrize("name", VECTORS)
def test_a_public_vector(name: str) -> None:
    vector = VECTORS[name]
    if vector["wantErr"] or name in REFUSED_ON_PURPOSE:
        with pytest.raises(ProofInvalid):
            _verify(name, vector)
    else:
        _verify(name, vector)
