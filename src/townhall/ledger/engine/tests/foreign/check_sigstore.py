"""Verify inclusion proofs with sigstore (Python); run by the Python that has it.

Cases as a JSON list on standard input; reasons as a JSON list on standard output, ""
for "accepted". Nothing of the ledger's own code is used.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode
from types import SimpleNamespace

from sigstore._internal.merkle import verify_merkle_inclusion


def check(case: dict) -> str:
    """Return why sigstore refuses a proof, or nothing."""
    proof = SimpleNamespace(
        log_index=case["index"],
        tree_size=case["size"],
        root_hash=b64decode(case["root"]),
        hashes=[b64decode(each) for each in case["proof"]],
    )
    inner = SimpleNamespace(
        inclusion_proof=proof, canonicalized_body=b64decode(case["entry"] or "")
    )
    try:
        verify_merkle_inclusion(SimpleNamespace(_inner=inner))
    except Exception as error:
        return f"refused: {type(error).__name__} {error}"
    return ""


json.dump([check(case) for case in json.load(sys.stdin)], sys.stdout)
