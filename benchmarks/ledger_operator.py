"""The measuring process of `benchmarks.ledger` with the database; prints one JSON line a figure."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402

from townhall.foundation import settings as configuration  # noqa: E402
from townhall.foundation.acting import SYSTEM  # noqa: E402
from townhall.foundation.database.scope import scope  # noqa: E402
from townhall.foundation.supervisor import serving  # noqa: E402
from townhall.ledger import operations as ledger  # noqa: E402
from townhall.ledger.models.entry import Entry  # noqa: E402
from townhall.ledger.operator import demonstration, preparing  # noqa: E402
from townhall.ledger.operator.folder import LOGS, make_folder  # noqa: E402
from townhall.ledger.operator.running import Operator  # noqa: E402

WITNESSES, QUORUM, FAULTS = 7, 5, 2
QUEUED, LETTERS_PER_S, SECONDS = 60_000, 40, 30
FIELDS = ("document", "case_number", "decided_at", "definition", "explanation", "outcome")


def figure(name: str, value: float, unit: str, limit: float, how: str) -> None:
    """Print one figure."""
    told = {"name": name, "value": round(value, 3), "unit": unit, "peer": limit}
    print(json.dumps({**told, "ratio": round(value / limit, 4), "how": how}), flush=True)


def submit(number: int) -> None:
    """Put a letter into the queue, as a job of the cases does."""
    ledger.submit(
        SYSTEM,
        log="decisions",
        kind="decision",
        ref=f"letter:{number}",
        person_id=uuid.uuid4(),
        secret={name: secrets.token_hex(16) for name in FIELDS},
    )


def fill(count: int) -> None:
    """Fill the queue at once, with entries as `submit` makes them."""
    now = datetime.now(UTC)
    with scope(SYSTEM):
        for start in range(0, count, 5_000):
            Entry.objects.bulk_create(
                Entry(
                    log="decisions",
                    kind="decision",
                    ref=f"bulk:{start + place}",
                    person_id=uuid.uuid4(),
                    body={"handle": secrets.token_hex(16)}
                    | {name: secrets.token_hex(32) for name in FIELDS},
                    queued_at=now,
                )
                for place in range(min(5_000, count - start))
            )


def witnesses(data: Path) -> list[subprocess.Popen[bytes]]:
    """Start every witness, and wait until all listen."""
    started = []
    for path in demonstration.settings_files(data).values():
        command = [sys.executable, "-m", "townhall", "witness", "--settings", str(path)]
        command += ["--address-file", str(path.parent / "address")]
        quiet = subprocess.DEVNULL
        started.append(subprocess.Popen(command, stdout=quiet, stderr=quiet))
    while not all(
        (path.parent / "address").exists() for path in demonstration.settings_files(data).values()
    ):
        time.sleep(0.05)
    return started


def finality(operator: Operator) -> tuple[float, float, int]:
    """Return p50 and p95 of the seconds from submitted to final, and how many entries."""
    waiting: dict[int, float] = {}
    taken: list[float] = []
    log = operator.lines["decisions"].sequencer.log

    def submit_steadily() -> None:
        for number in range(LETTERS_PER_S * SECONDS):
            begun = time.monotonic()
            submit(number)
            waiting[number] = time.monotonic()
            time.sleep(max(1 / LETTERS_PER_S - (time.monotonic() - begun), 0))
        connection.close()

    before = log.appended
    submitting = threading.Thread(target=submit_steadily)
    submitting.start()
    final = before
    # In this log one entry follows another in the order in which they were submitted.
    while submitting.is_alive() or final - before < len(waiting):
        size = operator.lines["decisions"].finality.published
        now = time.monotonic()
        for number in range(final - before, size - before):
            taken.append(now - waiting[number])
        final = max(final, size)
        time.sleep(0.005)
    taken.sort()
    return taken[len(taken) // 2], taken[int(0.95 * len(taken))], len(taken)


def appending(operator: Operator) -> tuple[float, float]:
    """Return entries a second from the queue to the synced journal, and the median batch."""
    fill(QUEUED)
    sequencer = operator.lines["decisions"].sequencer
    begun = time.monotonic()
    done, batches = 0, []
    while done < QUEUED:
        at = time.monotonic()
        done += sequencer.step()
        batches.append(time.monotonic() - at)
    return QUEUED / (time.monotonic() - begun), sorted(batches)[len(batches) // 2]


def main() -> None:
    """Measure, and print."""
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    connections["owner"].close()
    settings = configuration.current()
    folder = make_folder(preparing.folder_of(settings), "benchmark.example/ledger")
    for name in LOGS:
        if not folder.has_keys(name):
            folder.make_keys(name)
    names = [f"w{number}" for number in range(WITNESSES)]
    folder.set_policy(
        demonstration.policy(folder, settings.data_dir, names=names, quorum=QUORUM, faults=FAULTS)
    )
    preparing.prepare(settings)
    serving.settle()
    started = witnesses(settings.data_dir)
    try:
        operator = Operator(settings)
        operator.open()
        operator.remember()
        rate, batch = appending(operator)
        how = (
            f"{QUEUED} entries with {len(FIELDS)} commitments each, from the queue in PostgreSQL "
            f"to the synced journal, rules checked; batches of 4096, {batch * 1000:.0f} ms each; "
            "production durability"
        )
        figure("append_per_s", rate, "1/s", 2_900.0, how)
        working = threading.Thread(target=operator.run)
        working.start()
        line = operator.lines["decisions"]
        while line.finality.due:
            time.sleep(0.1)
        middle, high, count = finality(operator)
        how = (
            f"from submitted to published with {QUORUM} of {WITNESSES} cosignatures; {count} "
            f"letters, {LETTERS_PER_S} a second; median {middle:.2f} s; every process on "
            f"{os.cpu_count()} cores"
        )
        figure("finality_p95_s", high, "s", 2.0, how)
        operator.stopping.set()
        working.join()
        operator.close()
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


if __name__ == "__main__":
    main()
