"""The measuring process of `benchmarks.ledger` that needs no database: FOLDER."""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time
from pathlib import Path

from townhall.ledger.engine.hashing import leaf_hash
from townhall.ledger.engine.proofs import verify_inclusion
from townhall.ledger.log.log import Log
from townhall.ledger.log.reading import Snapshot

BATCH, ENTRY, SECONDS = 1024, 200, 4.0
BATCHES = 32  # between two checkpoints: what waits for its tiles stays in memory
MILLIONS = int(os.environ.get("TOWNHALL_BENCHMARK_ENTRIES", "10000000"))
PROOFS = 200


def figure(name: str, value: float, unit: str, limit: float, how: str) -> None:
    """Print one figure."""
    ratio = value / limit
    told = {"name": name, "value": round(value, 4), "unit": unit, "peer": limit}
    print(json.dumps({**told, "ratio": round(ratio, 4), "how": how}), flush=True)


def floor(folder: Path) -> float:
    """Return how many entries a second a bare file takes, with one `fdatasync` a batch."""
    content = os.urandom(BATCH * (ENTRY + 2))
    descriptor = os.open(folder / "floor", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    count, begun = 0, time.monotonic()
    while time.monotonic() - begun < SECONDS:
        os.write(descriptor, content)
        os.fdatasync(descriptor)
        count += BATCH
    taken = time.monotonic() - begun
    os.close(descriptor)
    (folder / "floor").unlink()
    return count / taken


def appended(folder: Path) -> tuple[float, float]:
    """Return how many entries a second the log acknowledges, and takes with all its tiles."""
    log = Log.create(folder / "short", "benchmark.example/short")
    batch = [os.urandom(ENTRY) for _ in range(BATCH)]
    count, acknowledging, begun = 0, 0.0, time.monotonic()
    while time.monotonic() - begun < SECONDS:
        at = time.monotonic()
        for _ in range(BATCHES):
            log.append(batch)
        acknowledging += time.monotonic() - at
        count += BATCHES * BATCH
        log.integrate()
    taken = time.monotonic() - begun
    log.close()
    return count / acknowledging, count / taken


def grown(folder: Path) -> Path:
    """Make a log of ten million entries, and return its folder."""
    log = Log.create(folder / "long", "benchmark.example/long")
    entry = b"entry %024d " + b"x" * 32
    for start in range(0, MILLIONS, 8192):
        end = min(start + 8192, MILLIONS)
        log.append([entry % number for number in range(start, end)])
        if start % (8192 * 8) == 0:
            log.integrate()
    log.integrate()
    log.close()
    return folder / "long"


def memory_mb() -> float:
    """Return the most memory that this process has had."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("The kernel does not tell the peak of a process.")


def proofs(folder: Path) -> tuple[float, float, float]:
    """Return p50 and p95 of a cold proof in milliseconds, and of verifying it in microseconds."""
    with Log.open(folder) as log:
        public, head = log.public, log.head
    draw = random.Random(4)
    cold, verified = [], []
    entry = b"entry %024d " + b"x" * 32
    for _ in range(PROOFS):
        index = draw.randrange(head.size)
        begun = time.perf_counter()
        proof = Snapshot(public, head).proof(index)  # nothing is kept from one to the next
        cold.append((time.perf_counter() - begun) * 1_000)
        leaf = leaf_hash(entry % index)
        begun = time.perf_counter()
        verify_inclusion(leaf, index, head.size, proof, head.root)
        verified.append((time.perf_counter() - begun) * 1_000_000)
    cold.sort()
    return statistics.median(cold), cold[int(0.95 * len(cold))], statistics.median(verified)


def main(place: str) -> None:
    """Measure, and print."""
    folder = Path(place)
    turns = [(floor(folder), *appended(folder / str(number))) for number in range(3)]
    bare, ours, whole = (statistics.median(each) for each in zip(*turns, strict=True))
    how = (
        f"entries acknowledged durably in batches of {BATCH}, {ENTRY} bytes each: {ours:.0f}/s, "
        f"the bare file {bare:.0f}/s; with tiles written, synced and read back {whole:.0f}/s; "
        "medians of 3 in turns"
    )
    figure("engine_vs_fdatasync", ours / bare, "x", 0.3, how)
    begun = time.monotonic()
    long = grown(folder)
    rate = MILLIONS / (time.monotonic() - begun)
    how = f"peak of the process that made a log of {MILLIONS} entries, {rate:.0f}/s"
    figure("memory_mb", memory_mb(), "MB", 100.0, how)
    middle, high, verify = proofs(long)
    how = f"in a log of {MILLIONS} entries, every tile read and authenticated; p95 {high:.2f} ms"
    figure("cold_inclusion_proof_ms", middle, "ms", 5.0, how)
    figure("verify_us", verify, "us", 50.0, f"the same {PROOFS} proofs, leaf hash not included")


if __name__ == "__main__":
    main(sys.argv[1])
