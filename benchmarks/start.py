"""How long until the first page, on an empty folder and on one that is there; memory at rest.

Wall-clock, from the start of `townhall up` to the last byte of the first page.
The file cache is as it is: warm, where something ran before. Bytecode is there, as
after an installation with pip, also where the environment forbids to write it.
"""

from __future__ import annotations

import http.client
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from townhall.foundation.database.cluster import Cluster, temporary_folder
from townhall.foundation.supervisor.starting import free_port

SERVERS = ("web", "live", "worker")
SECOND_STARTS = 5
PATIENCE_S = 300.0
REST_S = 5.0
PAGES_BEFORE_REST = 20


def run() -> Iterable[dict[str, Any]]:
    """Yield `first_page_s`, `second_start_s` and `rest_memory_mb`."""
    with temporary_folder("townhall-benchmark-") as folder:
        _as_installed(folder / "bytecode")
        data, empty = folder / "data", folder / "empty" / "database"
        cold, warm = _bare_database(empty), _bare_database(empty)
        with _town(data) as (first, _, _):
            pass
        yield _figure(
            "first_page_s",
            first,
            "s",
            cold,
            "empty folder: initdb, migrations, services, demo borough, first page; "
            "peer: a bare embedded PostgreSQL from initdb to its first query",
        )
        code = _bare_application(data)
        times, memory = [], {}
        for turn in range(SECOND_STARTS):
            with _town(data) as (seconds, supervisor, port):
                times.append(seconds)
                if turn == SECOND_STARTS - 1:
                    memory = _at_rest(supervisor, port)
        yield _figure(
            "second_start_s",
            statistics.median(times),
            "s",
            warm + code,
            f"median of {SECOND_STARTS}, to the first page; peer: a bare PostgreSQL start and "
            "one process that loads the web application",
        )
        yield _figure(
            "rest_memory_mb",
            sum(memory[name] for name in SERVERS),
            "MB",
            len(SERVERS) * _bare_python(),
            "proportional set size after 20 pages and 5 s of rest: "
            + ", ".join(f"{name} {memory[name]:.0f}" for name in SERVERS)
            + f" (besides: supervisor {memory['supervisor']:.0f}); "
            "peer: as many empty Python interpreters",
        )


def _as_installed(bytecode: Path) -> None:
    """Have this process and its children find bytecode, in a folder of our own."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = os.fspath(bytecode)
    loaded = "import granian, psycopg_pool, townhall.live, townhall.wsgi, townhall.standing"
    with temporary_folder("townhall-benchmark-") as data:
        subprocess.run(
            [sys.executable, "-c", loaded],
            env=os.environ | {"TOWNHALL_DATA": os.fspath(data)},
            check=True,
        )


def _figure(name: str, value: float, unit: str, peer: float, how: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "peer": round(peer, 2),
        "ratio": round(value / peer, 2),
        "how": how,
    }


@contextmanager
def _town(data: Path) -> Iterator[tuple[float, subprocess.Popen[bytes], int]]:
    """Start a town hall; give the seconds to its first page, its process and its port."""
    port = free_port("127.0.0.1")
    log = data.with_suffix(".log")
    begin = time.monotonic()
    with log.open("ab") as output:
        town = subprocess.Popen(
            [sys.executable, "-m", "townhall", "up", "--data", data, "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        while not _page(port):
            if town.poll() is not None or time.monotonic() - begin > PATIENCE_S:
                raise RuntimeError(f"It did not come up:\n{log.read_text()[-3000:]}")
            time.sleep(0.01)
        yield time.monotonic() - begin, town, port
    finally:
        town.send_signal(signal.SIGTERM)
        town.wait(60)


def _page(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        return answer.status == 200 and b"</html>" in answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _at_rest(supervisor: subprocess.Popen[bytes], port: int) -> dict[str, float]:
    """Megabytes of each server with its children, after some work and a rest."""
    for _ in range(PAGES_BEFORE_REST):
        _page(port)
    time.sleep(REST_S)
    found = {"supervisor": _proportional(supervisor.pid)}
    for child in _children(supervisor.pid):
        command = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        name = next((n for n in SERVERS if n.encode() in command), None)
        if name is not None:
            found[name] = sum(_proportional(pid) for pid in [child, *_below(child)])
    return found


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it ended meanwhile
            if int(after_name[1]) == pid:
                found.append(int(entry.name))
    return found


def _below(pid: int) -> list[int]:
    return [one for child in _children(pid) for one in [child, *_below(child)]]


def _proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("The kernel does not tell proportional set sizes.")


def _bare_database(folder: Path) -> float:
    """Seconds to the first query of PostgreSQL alone, made first if it is not there."""
    import psycopg

    begin = time.monotonic()
    with Cluster(folder) as cluster, psycopg.connect(cluster.dsn()) as connection:
        connection.execute("SELECT 1")
        return time.monotonic() - begin


def _bare_application(data: Path) -> float:
    """Seconds that one process needs to load the web application."""
    begin = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", "import townhall.wsgi"],
        env=os.environ | {"TOWNHALL_DATA": os.fspath(data)},
        check=True,
    )
    return time.monotonic() - begin


def _bare_python() -> float:
    """Megabytes of a Python interpreter that does nothing."""
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    ) as process:
        time.sleep(0.5)
        size = _proportional(process.pid)
        process.communicate(b"")
    return size
