"""What the ledger does in a second, how soon an entry is final, and what ten million cost.

Appending is measured through the real operation, from the queue in PostgreSQL to the
synced journal of the log, and once more without the database against the bare
`fdatasync` of the same bytes. Finality is measured with seven witnesses in processes
of their own, five of which must cosign.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks import cases, ledger_browser
from townhall.foundation.database.cluster import temporary_folder


def run() -> Iterable[dict[str, Any]]:
    """Yield every figure of the ledger."""
    yield from cases.measured_by("benchmarks.ledger_operator")
    yield from _engine()
    yield from ledger_browser.run()


def _engine() -> Iterator[dict[str, Any]]:
    """Yield what the files alone do, measured in a process without Django."""
    with temporary_folder("townhall-benchmark-") as folder:
        command = [sys.executable, "-m", "benchmarks.ledger_engine", str(folder)]
        said = subprocess.run(command, capture_output=True, check=True, text=True)
        for line in said.stdout.splitlines():
            yield json.loads(line)
