"""What the law costs: a decision, a million households, the same in databases; against OpenFisca.

The peer is OpenFisca-Core, in an environment of its own that is made here: it is
AGPL, and never a dependency. Every engine has the same rules (`rules_book`,
`rules_peer`), the same synthetic households and a process of its own; what counts
is CPU time, one core, the best of some runs, the peer before and after the others.
`--households N` makes a smaller population, for a quick look.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import rules_book, rules_population

HOUSEHOLDS = int(os.environ.get("TOWNHALL_BENCHMARK_HOUSEHOLDS", "1000000"))
FEW = 10_000
RUNS = int(os.environ.get("TOWNHALL_BENCHMARK_RUNS", "5"))
OPENFISCA = "OpenFisca-Core==46.0.1"
DATABASES = ("pyspark==4.3.0", "chdb==4.4.0")
_DECLARED = os.environ.get("TOWNHALL_BENCHMARK_CACHE")
CACHE = Path(_DECLARED) if _DECLARED else Path.home() / ".cache" / "townhall-benchmarks"

Figure = dict[str, Any]


class Missing(RuntimeError):
    """Something that the measurement needs is not on this machine; the message says what."""


def run() -> Iterable[Figure]:
    """Yield the figures of decisions, populations, databases and uprating."""
    from benchmarks import rules_awards, rules_decision

    yield from _or_missing("decision_p50_ms", rules_decision.run)
    yield from rules_awards.run()
    folder = rules_population.save(HOUSEHOLDS, CACHE)
    yield from _or_missing("batch_vs_openfisca", lambda: _engines(folder))
    yield from _or_missing("spark_max_difference", lambda: _database("spark", folder))
    yield from _or_missing("clickhouse_max_difference", lambda: _database("clickhouse", folder))
    yield from _uprating(folder)
    exact = _measured("exact", folder, 1)
    yield _figure(
        "decimal_max_difference",
        exact["difference"],
        "GBP",
        0.005,
        f"the exact law against the columns, every goal of {HOUSEHOLDS} households",
    )


def _or_missing(name: str, measure: Callable[[], Iterable[Figure]]) -> Iterator[Figure]:
    try:
        yield from measure()
    except Missing as error:
        print(error, file=sys.stderr)
        yield {"name": name, "value": None, "how": str(error)}


def _engines(folder: Path) -> Iterator[Figure]:
    """Yield the figures that compare an engine with the peer."""
    python = environment("openfisca", OPENFISCA)
    with tempfile.TemporaryDirectory(prefix="townhall-benchmark-") as place:
        results = Path(place)
        rates = results / "rates.json"
        rates.write_text(json.dumps(_rates()), encoding="utf-8")

        def peer(runs: int, kept: str = "") -> Figure:
            script = Path(__file__).with_name("rules_peer.py")
            return _said([python, script, folder, rates, kept, runs])

        first = peer(RUNS, place)
        columns = _measured("columns", folder, 3 * RUNS, place)  # short runs, so more of them
        fused = _measured("fused", folder, 6 * RUNS, place)
        duckdb = _measured("duckdb", folder, 3 * RUNS, place)
        again = peer(RUNS)
        memory, memory_of_peer = _measured("columns", folder, 1)["peak_mb"], peer(1)["peak_mb"]
        apart = _apart(results)
    cpu = min(first["cpu_s"], again["cpu_s"])
    rate = HOUSEHOLDS / 1_000

    def speed(name: str, seconds: float) -> Figure:
        how = (
            f"times the peer, {HOUSEHOLDS} households; thousand households a CPU second: "
            f"{rate / seconds:.0f}, OpenFisca {rate / cpu:.0f}"
        )
        return _figure(name, cpu / seconds, "x", 1.0, how)

    yield speed("batch_vs_openfisca", columns["cpu_s"])
    yield _figure(
        "batch_memory_vs_openfisca",
        memory / memory_of_peer,
        "x",
        1.0,
        f"peak of a process that loads and calculates once: {memory:.0f} MB, "
        f"OpenFisca {memory_of_peer:.0f} MB",
    )
    yield speed("fused_vs_openfisca", fused["cpu_s"])
    moved = fused["bytes"] / fused["cpu_s"]
    yield _figure(
        "fused_vs_bandwidth",
        moved / fused["bandwidth"],
        "x",
        1.0,
        f"{fused['bytes'] / HOUSEHOLDS:.0f} bytes a household read or written, "
        f"{moved / 1e9:.1f} of {fused['bandwidth'] / 1e9:.1f} GB/s (STREAM triad, one thread); "
        f"compiled in {fused['compile_s']:.2f} s, found again in {fused['cached_s']:.3f} s",
    )
    yield speed("duckdb_vs_openfisca", duckdb["cpu_s"])
    yield _figure(
        "engines_max_difference",
        max(apart["fused"], apart["duckdb"]),
        "GBP",
        0.005,
        "columns against compiled code and DuckDB, every goal of every household; "
        f"OpenFisca counts in float32 and is up to {apart['openfisca']:.2f} away",
    )


def _database(engine: str, folder: Path) -> Iterator[Figure]:
    """Yield how far a database is from the columns."""
    import shutil

    from benchmarks import rules_jobs

    if engine == "spark" and shutil.which("java") is None:
        raise Missing("Spark needs Java (17 or later): it was not found on the path.")
    python = environment("databases", *DATABASES)
    with tempfile.TemporaryDirectory(prefix="townhall-benchmark-") as place:
        try:
            worst, number = rules_jobs.difference(engine, python, folder, Path(place))
        except RuntimeError as error:
            raise Missing(f"{engine} did not run: {error}") from error
    yield _figure(
        f"{engine}_max_difference",
        worst,
        "GBP",
        1e-6,
        f"greatest difference from the columns in {number} values: {HOUSEHOLDS} households "
        f"of the measured rules, {rules_jobs.SMALL} of a book with every word of the language",
    )


def _uprating(folder: Path) -> Iterator[Figure]:
    """Yield what it costs to find whom an uprating changes, and by how much."""
    whole = _measured("uprating", folder, RUNS)
    few = _measured("uprating", rules_population.save(FEW, CACHE), 4 * RUNS)
    how = (
        f"{HOUSEHOLDS} households read from files in chunks, the law before and after all "
        f"amounts rise; {whole['changed']} change and are written to a file with the amount"
    )
    yield _figure("uprating_s", whole["cpu_s"], "s", HOUSEHOLDS / 1e6, how)
    yield _figure(
        "uprating_peak_mb",
        whole["peak_mb"],
        "MB",
        few["peak_mb"],
        f"peak of the process; peer: the same for {FEW} households",
    )
    each, each_of_few = whole["cpu_s"] / HOUSEHOLDS, few["cpu_s"] / FEW
    yield _figure(
        "uprating_growth",
        each / each_of_few,
        "x",
        1.0,
        f"CPU of a household among {HOUSEHOLDS} ({each * 1e6:.2f} µs) to one among {FEW} "
        f"({each_of_few * 1e6:.2f} µs)",
    )


def environment(name: str, *packages: str) -> Path:
    """Return the Python of an environment that has some packages, made where it is not there.

    Raises
    ------
    Missing
        If they cannot be installed.
    """
    place = CACHE / name
    python = place / "bin" / "python"
    ready = place / "installed"
    if not (ready.exists() and ready.read_text(encoding="utf-8") == "\n".join(packages)):
        print(f"Installing {', '.join(packages)} in {name} …", file=sys.stderr)
        venv.create(place, with_pip=True, clear=True)
        ran = subprocess.run(
            [python, "-m", "pip", "install", "--quiet", *packages],
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise Missing(f"{', '.join(packages)} could not be installed:\n{ran.stderr[-2000:]}")
        ready.write_text("\n".join(packages), encoding="utf-8")
    return python


def _measured(engine: str, folder: Path, runs: int, results: str = "") -> Figure:
    command = [sys.executable, "-m", "benchmarks.rules_measured", engine, folder, runs, results]
    return _said(command)


def _said(command: list[Any]) -> Figure:
    """Return what a process prints as its last line."""
    one = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    ran = subprocess.run(
        [str(part) for part in command], env=one, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise RuntimeError(f"{command[:4]} stopped with an error:\n{ran.stderr[-3000:]}")
    found: Figure = json.loads(ran.stdout.splitlines()[-1])
    return found


def _rates() -> dict[str, float]:
    return {
        key: float(value) / (100 if unit == "%" else 1)
        for key, (unit, value) in rules_book.RATES.items()
    }


def _apart(results: Path) -> dict[str, float]:
    """Return how far each engine's results are from those of the columns, at most."""
    import numpy as np

    found = dict.fromkeys(("fused", "duckdb", "openfisca"), 0.0)
    for goal in rules_book.GOALS:
        ours = np.load(results / f"columns-{goal}.npy")
        for engine in found:
            name = goal if engine == "openfisca" else f"{engine}-{goal}"
            apart = float(np.abs(np.load(results / f"{name}.npy") - ours).max())
            assert np.isfinite(apart), (engine, goal)
            found[engine] = max(found[engine], apart)
    return found


def _figure(name: str, value: float, unit: str, peer: float, how: str) -> Figure:
    digits = 9 if "difference" in name else 3
    return {
        "name": name,
        "value": round(value, digits),
        "unit": unit,
        "peer": peer,
        "ratio": round(value / peer, 4),
        "how": how,
    }
