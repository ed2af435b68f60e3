"""What a case costs: through the API, through the pages, and on a worklist of a million.

The measuring happens in a process of its own (`benchmarks.cases_measured`), which
serves requests in-process through the WSGI application, on an embedded PostgreSQL
with production durability. CPU is that of this process and of all processes of
the database together.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from townhall.foundation.database.cluster import Cluster, temporary_folder


def run() -> Iterable[dict[str, Any]]:
    """Yield the figures of `cases_measured`, one mapping each."""
    yield from measured_by("benchmarks.cases_measured")


def measured_by(module: str) -> Iterator[dict[str, Any]]:
    """Yield the figures that a measuring process prints, on a database made for it."""
    with temporary_folder("townhall-benchmark-") as folder:
        with Cluster(folder / "database") as cluster:
            cluster.ensure_database("townhall")
            environment = os.environ | {
                "TOWNHALL_PROFILE": "demo",
                "TOWNHALL_DATA": str(folder),
                "TOWNHALL_POOL": "4",
                "TOWNHALL_LOG": "json",
                "DATABASE_URL": cluster.dsn(),
                "TOWNHALL_OWNER_DATABASE_URL": cluster.dsn("townhall"),
                "DJANGO_SETTINGS_MODULE": "townhall.django_settings",
            }
            yield from _measured(module, environment, folder / "log")


def _measured(module: str, environment: dict[str, str], log: Path) -> Iterator[dict[str, Any]]:
    """Yield the figures of the measuring process; its log is shown only if it fails."""
    command = [sys.executable, "-m", module]
    with log.open("w+", encoding="utf-8") as told:
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=told, text=True
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                found = json.loads(line) if line.startswith("{") else {}
                if "value" in found:  # the others are lines of the access log
                    yield found
        if process.returncode != 0:
            told.seek(0)
            raise RuntimeError(f"The measurements stopped with an error:\n{told.read()[-3000:]}")
