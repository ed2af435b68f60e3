"""The SQL of the law in databases of an environment of its own: Spark and ClickHouse.

Run by the benchmark with the Python of that environment; it imports nothing of
Townhall. `rules_databases.py ENGINE JOBS`: a file with a list of jobs, each with the
Parquet files of the tables, statements, the tables that they make, and the Parquet
file for the rows of the last one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def spark(jobs: list[dict[str, Any]]) -> None:
    """Run jobs in a local Spark."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.memory", "4g")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    for job in jobs:
        for name, path in job["tables"].items():
            session.read.parquet(path).createOrReplaceTempView(name)
        [statement] = job["statements"]
        session.sql(statement).write.mode("overwrite").parquet(job["out"])
    session.stop()


def clickhouse(jobs: list[dict[str, Any]]) -> None:
    """Run jobs in the ClickHouse of chdb."""
    from chdb import session as sessions

    session = sessions.Session()
    for job in jobs:
        for name, path in job["tables"].items():
            session.query(f"DROP TABLE IF EXISTS {name}")
            session.query(
                f"CREATE TABLE {name} ENGINE = Memory AS SELECT * FROM file('{path}', Parquet) "
                "SETTINGS schema_inference_make_columns_nullable = 0"
            )
        *before, last = job["statements"]
        for statement in before:
            session.query(statement)
        rows = session.query(last, "Parquet").bytes()
        out = Path(job["out"])
        out.mkdir(parents=True, exist_ok=True)
        (out / "rows.parquet").write_bytes(rows)
        for name in job["makes"]:
            session.query(f"DROP TABLE {name}")


if __name__ == "__main__":
    globals()[sys.argv[1]](json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
