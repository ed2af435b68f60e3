"""What it costs a reader to check a receipt: Chromium, the built script, a log of ten million.

The receipt is as large as receipts get: 24 hashes, two signatures of the log, and seven
cosignatures of both kinds. Measured is everything from the bytes of the file and of the
letter to the answer, with the policies of the page read anew each time.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SIZE = 10_000_000
INDEX = 1_234_567
WITNESSES = 7
RUNS = 20
GOAL_MS = 50.0
LETTER = 200_000  # bytes, as a letter with a font in it has

Figure = dict[str, Any]

_MEASURE = """async ([source, receipt, letter, policy, runs]) => {
    const bytes = (base64) => Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
    const script = new Blob([source], {type: "text/javascript"});
    const {judge, trust} = await import(URL.createObjectURL(script));
    const [content, document] = [bytes(receipt), bytes(letter)];
    const check = () => {
        const start = performance.now();
        const {outcome} = judge(content, {document, trusted: trust([{text: policy, since: 0}])});
        return [performance.now() - start, outcome];
    };
    const first = check();
    return [first, Array.from({length: runs}, check)];
}"""


class Missing(RuntimeError):
    """Something that the measurement needs is not on this machine; the message says what."""


def run() -> Iterable[Figure]:
    """Yield the milliseconds of a check, and the size of what is loaded for it."""
    try:
        yield from _figures()
    except Missing as error:
        print(error, file=sys.stderr)
        yield {"name": "browser_verify_ms", "value": None, "how": str(error)}


def _figures() -> Iterable[Figure]:
    import gzip

    from townhall.portal import assets

    name = assets.built("receipt.js")
    assert name is not None
    source = (Path(assets.__file__).parent / "static" / "portal" / name).read_bytes()
    first, times, hashes, size = _measured(source.decode())
    how = (
        f"milliseconds in Chromium for a receipt of {size} bytes: {hashes} hashes, "
        f"{WITNESSES} cosignatures of both kinds, two signatures of the log, a letter of "
        f"{LETTER // 1000} kB; median of {RUNS} after one, slowest {max(times):.1f}, "
        f"the first {first:.1f}; peer: the goal"
    )
    yield _figure("browser_verify_ms", statistics.median(times), "ms", GOAL_MS, how)
    packed = len(gzip.compress(source, 9)) / 1000
    how = f"the script as it is sent, gzip; {len(source) / 1000:.1f} kB unpacked; peer: htmx"
    htmx = Path(assets.__file__).parent / "static" / "portal" / str(assets.built("htmx.js"))
    yield _figure(
        "browser_verify_kb", packed, "kB", len(gzip.compress(htmx.read_bytes(), 9)) / 1000, how
    )


def _measured(source: str) -> tuple[float, list[float], int, int]:
    """Return the first time, the others, and how many hashes and bytes the receipt has."""
    content, letter, policy, hashes = _receipt()
    browser = shutil.which("chromium")
    if browser is None:
        raise Missing("no Chromium on this machine (Debian: apt install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Missing("no playwright (pip install townhall[dev])") from error
    given = [source, b64encode(content).decode(), b64encode(letter).decode(), policy, RUNS]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        first, others = chromium.new_page().evaluate(_MEASURE, given)
        chromium.close()
    outcomes = {outcome for _, outcome in [first, *others]}
    assert outcomes == {"holds_with_document"}, outcomes
    return first[0], [time for time, _ in others], hashes, len(content)


def _receipt() -> tuple[bytes, bytes, str, int]:
    """Return a receipt, its letter, the policy of its witnesses, and its number of hashes."""
    from hashlib import sha256

    from townhall.ledger.engine.commitments import Opening
    from townhall.portal.tests import receipt_signing

    letter = b"%PDF-1.7 " * (LETTER // 9)
    opening = Opening("document", bytes(32), sha256(letter).hexdigest().encode())
    receipt, policy = receipt_signing.both_kinds(WITNESSES, SIZE, INDEX, (opening,))
    return receipt.render(), letter, policy.text.decode(), len(receipt.proof.proof)


def _figure(name: str, value: float, unit: str, peer: float, how: str) -> Figure:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "peer": peer,
        "ratio": round(value / peer, 4),
        "how": how,
    }
