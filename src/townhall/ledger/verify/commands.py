"""`townhall verify`: check a receipt; needs no database, no network and no town hall."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from townhall.ledger.engine import checking, compact, digits, histories
from townhall.ledger.engine.checking import Step, Verdict
from townhall.ledger.engine.compact import PolicyUnknown
from townhall.ledger.engine.encoding import printable
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.histories import History
from townhall.ledger.engine.policy import Policy

SIGNS = {True: "✓", False: "✗", None: "?"}
SAYS = {
    Verdict.HOLDS: "The receipt holds.",
    Verdict.INCOMPLETE: (
        "What could be checked holds. What is marked with ? was not checked: see there."
    ),
    Verdict.FAILS: "The receipt does NOT hold. Do not rely on it.",
}
OF_NO_DOCUMENT = "The receipt holds, but it is not about a letter."
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
    parser.add_argument(
        "--history",
        type=Path,
        help="the town hall's history of policies (policies.json), if the receipt is of another"
        " time than the policy that you trust",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    try:
        content = arguments.file.read_bytes() if arguments.file else b""
        document = arguments.document.read_bytes() if arguments.document else None
        policy = arguments.policy.read_bytes() if arguments.policy else None
        history = arguments.history.read_bytes() if arguments.history else None
    except OSError as error:
        print(f"townhall: {error.filename} cannot be read: {error.strerror}.")
        return 2
    if policy is None and (arguments.code or history):
        print(
            "townhall: a code only names its policy, and a history proves nothing by itself: "
            "give the policy itself with --policy."
        )
        return 2
    try:
        known = [] if policy is None else [Policy.load(policy)]
    except Refused as error:
        print(f"townhall: {arguments.policy} cannot be relied on: {error}.")
        return 2
    steps = []
    if history is not None and policy is not None:
        try:
            eras = History.parse(history).check([policy])
        except Refused as error:
            print(f"townhall: {arguments.history} cannot be relied on: {error}.")
            return 2
        known = histories.dated(eras)
        steps.append(_told(eras))
    if arguments.file:
        steps += checking.verify_file(content, document=document, trusted=known)
    else:
        try:
            steps += _of_code(arguments.code, document, known)
        except PolicyUnknown as error:
            print(f"townhall: the code cannot be checked by {arguments.policy}: {error}.")
            return 2
    _print(steps, as_json=arguments.json)
    return CODES[checking.verdict(steps)]


def _told(eras: Sequence[histories.Era]) -> Step:
    newest = f"{datetime.fromtimestamp(eras[-1].since, UTC):%Y-%m-%d}"
    words = (
        f"The policy that you trust, of {newest}, is the only one that this town hall has had."
        if len(eras) == 1
        else f"The policy that you trust is one of the {len(eras)} that this town hall has had, "
        f"each signed by a quorum of the one before it; the newest is of {newest}."
    )
    return Step("history", True, words)


def _of_code(text: str, document: bytes | None, known: Sequence[Policy]) -> list[Step]:
    """Check what a camera read, as the file that it stands for."""
    try:
        content = digits.from_digits(digits.in_text(text))
        receipt = compact.expand(content, [each.text for each in known])
    except PolicyUnknown:
        raise
    except Refused as error:
        return [Step("file", False, f"This is no code of a receipt: {error}.")]
    return checking.verify(receipt, document=document, trusted=known)


def _print(steps: Sequence[Step], *, as_json: bool) -> None:
    verdict = checking.verdict(steps)
    if as_json:
        told = [{"step": each.name, "ok": each.ok, "detail": each.detail} for each in steps]
        print(json.dumps({"verdict": verdict.value, "steps": told}, ensure_ascii=False))
        return
    for each in steps:
        print(f"{SIGNS[each.ok]} {printable(each.detail)}")  # the receipt has a say in it
    print(OF_NO_DOCUMENT if _of_no_document(steps) else SAYS[verdict])


def _of_no_document(steps: Sequence[Step]) -> bool:
    """Return whether all holds, only that a letter was given to a receipt of something else."""
    open_steps = [each.detail for each in steps if each.ok is not True]
    return open_steps == [checking.OF_NO_DOCUMENT]
