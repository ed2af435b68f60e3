"""`townhall verify`: check a receipt; needs no database, no network and no town hall."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from townhall.ledger.engine import checking, compact, digits
from townhall.ledger.engine.checking import Step, Verdict
from townhall.ledger.engine.compact import PolicyUnknown
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.policy import Policy

SIGNS = {True: "✓", False: "✗", None: "?"}
SAYS = {
    Verdict.HOLDS: "The receipt holds.",
    Verdict.INCOMPLETE: (
        "What could be checked holds. What is marked with ? was not checked: see there."
    ),
    Verdict.FAILS: "The receipt does NOT hold. Do not rely on it.",
}
CODES = {Verdict.HOLDS: 0, Verdict.INCOMPLETE: 3, Verdict.FAILS: 1}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `townhall verify FILE` and `townhall verify --code TEXT`."""
    words = "check a receipt of the ledger: whether it holds, and for which letter"
    parser = subparsers.add_parser("verify", help=words, description=words)
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("file", type=Path, nargs="?", help="the receipt")
    given.add_argument(
        "--code",
        metavar="TEXT",
        help="what a camera read from the receipt's QR code, instead of a file; needs the policy",
    )
    parser.add_argument("--document", type=Path, help="the letter that the receipt is about")
    parser.add_argument(
        "--policy", type=Path, help="whose signatures you trust, from a source of your own"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    try:
        content = arguments.file.read_bytes() if arguments.file else b""
        document = arguments.document.read_bytes() if arguments.document else None
        trusted = Policy.load(arguments.policy.read_bytes()) if arguments.policy else None
    except OSError as error:
        print(f"townhall: {error.filename} cannot be read: {error.strerror}.")
        return 2
    except Refused as error:
        print(f"townhall: {arguments.policy} cannot be relied on: {error}.")
        return 2
    if arguments.file:
        steps = checking.verify_file(content, document=document, trusted=trusted)
    elif trusted is None:
        print("townhall: a code only names its policy: give the policy itself with --policy.")
        return 2
    else:
        try:
            steps = _of_code(arguments.code, document, trusted)
        except PolicyUnknown as error:
            print(f"townhall: the code cannot be checked by {arguments.policy}: {error}.")
            return 2
    verdict = checking.verdict(steps)
    if arguments.json:
        told = [{"step": each.name, "ok": each.ok, "detail": each.detail} for each in steps]
        print(json.dumps({"verdict": verdict.value, "steps": told}, ensure_ascii=False))
    else:
        for each in steps:
            print(f"{SIGNS[each.ok]} {each.detail}")
        print(SAYS[verdict])
    return CODES[verdict]


def _of_code(text: str, document: bytes | None, trusted: Policy) -> list[Step]:
    """Check what a camera read, as the file that it stands for."""
    try:
        content = digits.from_digits(digits.in_text(text))
        receipt = compact.expand(content, [trusted.text])
    except PolicyUnknown:
        raise
    except Refused as error:
        return [Step("file", False, f"This is no code of a receipt: {error}.")]
    return checking.verify(receipt, document=document, trusted=trusted)
