"""One engine of ours on the households of some files, in a process of its own.

`python -m benchmarks.rules_measured ENGINE FOLDER RUNS [RESULTS]` prints one JSON line:
CPU seconds of the best run, peak memory, and what else the engine tells. Engines:
columns, fused, duckdb, exact, uprating.
"""

from __future__ import annotations

import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import rules_book, rules_population
from townhall.rules.engine.law import FAMILY, HOUSEHOLD, PERSON
from townhall.rules.engine.law.populations.columns import ColumnsProgram, plan_for
from townhall.rules.engine.law.populations.population import Population

CHUNK = 65_536
UPRATED = "1.038"


def population(columns: dict[str, Any]) -> Population:
    """Return columns as a population; each household is one family."""
    families = len(columns["capital"])
    return Population.of(
        columns["family_of"],
        np.arange(families, dtype=np.int32),
        columns["adult"],
        {
            PERSON: {
                name: columns[name] for name in rules_population.PERSON if name != "family_of"
            },
            FAMILY: {name: columns[name] for name in rules_population.FAMILY},
        },
    )


def best(work: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """Return the CPU seconds of the best run, and the result of the last."""
    seconds = []
    found = None
    for _ in range(runs):
        found = None  # two results at once would count twice
        gc.collect()
        begun = time.process_time()
        found = work()
        seconds.append(time.process_time() - begun)
    return min(seconds), found


def columns(folder: Path, runs: int) -> tuple[dict[str, Any], Any]:
    """Measure the columns of NumPy."""
    people = population(rules_population.load(folder))
    law = rules_book.lawbook().on(rules_book.DAY)
    program = ColumnsProgram(plan_for(law, rules_book.GOALS, people), rules_book.DAY)
    seconds, found = best(lambda: program.run(people), runs)
    return {"cpu_s": seconds}, found


def fused(folder: Path, runs: int) -> tuple[dict[str, Any], Any]:
    """Measure the machine code, and the bandwidth of the memory beside it."""
    from townhall.rules.engine.law.populations.fused import FusedProgram

    people = population(rules_population.load(folder))
    law = rules_book.lawbook().on(rules_book.DAY)
    plan = plan_for(law, rules_book.GOALS, people)
    with tempfile.TemporaryDirectory() as cache:
        begun = time.process_time()
        FusedProgram(plan, rules_book.DAY, people, Path(cache))
        compiling = time.process_time() - begun
        begun = time.process_time()
        program = FusedProgram(plan, rules_book.DAY, people, Path(cache))
        again = time.process_time() - begun
    seconds, found = best(lambda: program.run(people), runs)
    read = [people.family_of, people.partner, people.adult, people.household_of]
    read += [people.starts[FAMILY, HOUSEHOLD], people.starts[PERSON, FAMILY]]
    used = {plan.entity(node): set() for node in plan.inputs}
    for node, name in plan.inputs.items():
        used[plan.entity(node)].add(name)
    read += [people.columns[entity][name] for entity, names in used.items() for name in names]
    moved = sum(array.nbytes for array in (*read[:1], *read[4:], *found.values()))
    return {
        "cpu_s": seconds,
        "bytes": moved,
        "compile_s": compiling,
        "cached_s": again,
        "bandwidth": bandwidth(),
    }, found


_TRIAD = """
define void @run(i64 %n, ptr noalias %a, ptr noalias %b, ptr noalias %c) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %pb = getelementptr double, ptr %b, i64 %i
  %vb = load double, ptr %pb
  %pc = getelementptr double, ptr %c, i64 %i
  %vc = load double, ptr %pc
  %vs = fmul double %vc, 3.0
  %v = fadd double %vb, %vs
  %pa = getelementptr double, ptr %a, i64 %i
  store double %v, ptr %pa
  %next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %done
done:
  ret void
}
"""


def bandwidth(elements: int = 16_000_000) -> float:
    """Return bytes a CPU second of the STREAM triad, a = b + 3c, with one thread."""
    import ctypes

    from townhall.rules.engine.law.populations.fused import compiled

    engine, address = compiled(_TRIAD, None)
    kinds = [ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    triad = ctypes.CFUNCTYPE(None, *kinds)(address)
    arrays = [np.full(elements, float(value)) for value in range(3)]
    given = [array.ctypes.data for array in arrays]
    seconds, _ = best(lambda: triad(elements, *given), 9)
    assert engine is not None and arrays[0][-1] == 7.0
    return 3 * 8 * elements / seconds


def duckdb(folder: Path, runs: int) -> tuple[dict[str, Any], Any]:
    """Measure one statement an entity that makes a table of its goals, on one thread."""
    import duckdb as engine

    from townhall.rules.engine.law.populations import sql
    from townhall.rules.engine.law.populations.sql_dialects import DUCKDB

    people = population(rules_population.load(folder))
    law = rules_book.lawbook().on(rules_book.DAY)
    database = engine.connect()
    database.execute("SET threads = 1")
    database.execute("SET preserve_insertion_order = false")  # every row has its id
    for name, held in sql.tables(people).items():
        database.register("made", {key: np.ascontiguousarray(v) for key, v in held.items()})
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM made")
        database.unregister("made")
    steps = sql.selections(law, rules_book.GOALS, people, rules_book.DAY, DUCKDB)

    def work() -> None:
        for entity, made in steps.items():
            text = sql.query(made, DUCKDB)
            database.execute(f"CREATE OR REPLACE TABLE {entity.name}_found AS {text}")

    seconds, _ = best(work, runs)
    found: dict[str, Any] = {}
    for entity in steps:
        text = f"SELECT * FROM {entity.name}_found ORDER BY {entity.name}_id"
        found |= database.execute(text).fetchnumpy()
    return {"cpu_s": seconds}, {goal: found[goal] for goal in rules_book.GOALS}


def uprating(folder: Path, runs: int) -> tuple[dict[str, Any], Any]:
    """Find whom an uprating of all amounts changes, and by how much, chunk by chunk.

    The households are read from the files, and who changes is written to one: what
    is in memory does not depend on how many there are.
    """
    book = rules_book.lawbook(UPRATED)
    days = (rules_book.DAY, date(2026, 6, 1))
    families = int(np.load(folder / "capital.npy", mmap_mode="r").shape[0])
    first = population(rules_population.part(folder, 0, 1))
    goals = ("child_benefit", "child_benefit_charge", "universal_credit", "income_tax")
    plans = [ColumnsProgram(plan_for(book.on(day), goals, first), day) for day in days]
    changed = 0

    def work() -> None:
        nonlocal changed
        changed = 0
        with tempfile.TemporaryFile() as file:
            for start in range(0, families, CHUNK):
                end = min(start + CHUNK, families)
                people = population(rules_population.part(folder, start, end))
                before, after = (program.run(people) for program in plans)
                apart = sum(
                    after[goal] - before[goal] for goal in goals if goal != "income_tax"
                ) - np.add.reduceat(
                    after["income_tax"] - before["income_tax"], people.starts[PERSON, FAMILY][:-1]
                )
                who = np.flatnonzero(np.abs(apart) >= 0.005)
                changed += len(who)
                file.write((who + start).tobytes())
                file.write(apart[who].tobytes())

    seconds, _ = best(work, runs)
    return {"cpu_s": seconds, "changed": changed}, {}


def exact(folder: Path, runs: int) -> tuple[dict[str, Any], Any]:
    """Find how far the columns are from the exact law, for every household."""
    from townhall.rules.engine.law.populations.households import exactly

    people = population(rules_population.load(folder))
    law = rules_book.lawbook().on(rules_book.DAY)
    found = ColumnsProgram(plan_for(law, rules_book.GOALS, people), rules_book.DAY).run(people)
    worst = 0.0
    for part, values in exactly(law, rules_book.GOALS, people, day=rules_book.DAY):
        for goal, given in values.items():
            rows = part.rows(law.variables[goal].kind.entity)
            apart = np.abs(found[goal][rows] - np.array(given, float))
            assert np.isfinite(apart).all(), goal
            worst = max(worst, float(apart.max()))
    return {"difference": worst}, {}


def peak_mb() -> float:
    """Return the most memory that this process has had; `getrusage` would count its parent's."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("The kernel does not tell the peak of a process.")


def main(engine: str, folder: str, runs: str, results: str = "") -> None:
    """Measure an engine, and keep what it found where somebody wants to compare."""
    told, found = globals()[engine](Path(folder), int(runs))
    told["peak_mb"] = peak_mb()
    if results:
        for goal, values in found.items():
            np.save(Path(results) / f"{engine}-{goal}.npy", np.asarray(values))
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
