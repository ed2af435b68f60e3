"""What Spark and ClickHouse are given to run, and how far they are from the columns.

Two populations: the synthetic households with the measured rules, and random
households with the small book of the tests, which uses every word of the language.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import rules_book, rules_population
from benchmarks.rules_measured import population
from townhall.rules.engine.law.law import Law
from townhall.rules.engine.law.populations import columns, sql
from townhall.rules.engine.law.populations.households import from_situations
from townhall.rules.engine.law.populations.population import Population
from townhall.rules.engine.law.populations.sql_dialects import DIALECTS
from townhall.rules.engine.law.tests import small_book

SMALL = 2_000


def difference(engine: str, python: Path, folder: Path, work: Path) -> tuple[float, int]:
    """Return the greatest difference of any goal of anybody, and how many values were compared.

    Raises
    ------
    RuntimeError
        With what the database said, if it did not run.
    """
    work.mkdir(parents=True, exist_ok=True)
    jobs, expected = [], []
    for case, (law, goals, people, day) in enumerate(_cases(folder)):
        tables = _saved(people, work, case)
        found = columns.simulate(law, goals, people, day=day)
        steps = sql.selections(law, goals, people, day, DIALECTS[engine])
        for entity, made in steps.items():
            out = work / f"{engine}-{case}-{entity.name}"
            # ClickHouse computes a common table expression wherever it is named.
            whole = engine != "clickhouse"
            dialect = DIALECTS[engine]
            jobs.append(
                {
                    "tables": tables,
                    "statements": [sql.query(made, dialect)]
                    if whole
                    else sql.script(made, dialect),
                    "makes": [] if whole else [each.name for each in made[:-1]],
                    "out": os.fspath(out),
                }
            )
            here = [goal for goal in goals if law.variables[goal].kind.entity == entity]
            expected.append((out, f"{entity.name}_id", {goal: found[goal] for goal in here}))
    file = work / f"{engine}.json"
    file.write_text(json.dumps(jobs), encoding="utf-8")
    script = Path(__file__).with_name("rules_databases.py")
    ran = subprocess.run(
        [python, script, engine, file], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr[-3000:])
    return _compared(expected)


def _cases(folder: Path) -> Iterator[tuple[Law, tuple[str, ...], Population, date]]:
    people = population(rules_population.load(folder))
    yield rules_book.lawbook().on(rules_book.DAY), rules_book.GOALS, people, rules_book.DAY
    law = small_book.lawbook().on(small_book.DAY)
    made = from_situations(law, small_book.households(1, SMALL))
    yield law, small_book.GOALS, made, small_book.DAY


def _saved(people: Population, work: Path, case: int) -> dict[str, str]:
    import duckdb

    database = duckdb.connect()
    paths = {}
    for name, held in sql.tables(people).items():
        paths[name] = os.fspath(work / f"{case}-{name}.parquet")
        database.register("made", {key: np.ascontiguousarray(v) for key, v in held.items()})
        database.execute(f"COPY (SELECT * FROM made) TO '{paths[name]}' (FORMAT parquet)")
        database.unregister("made")
    return paths


def _compared(expected: list[tuple[Path, str, dict[str, Any]]]) -> tuple[float, int]:
    import duckdb

    worst, number = 0.0, 0
    for out, key, goals in expected:
        found = duckdb.execute(
            f"SELECT * FROM read_parquet('{out}/*.parquet') ORDER BY {key}"
        ).fetchnumpy()
        for goal, values in goals.items():
            assert len(found[goal]) == len(values), (out, goal)
            apart = np.abs(np.ma.filled(found[goal].astype(float), np.nan) - values.astype(float))
            assert np.isfinite(apart).all(), (out, goal)
            worst = max(worst, float(apart.max()))
            number += len(values)
    return worst, number
