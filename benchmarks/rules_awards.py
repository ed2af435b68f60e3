"""What one changed fact costs: from the register's record to the adjusted award.

In a process of its own (`benchmarks.rules_awards_measured`), on an embedded
PostgreSQL with production durability. CPU is that of this process and of all
processes of the database together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from benchmarks import cases


def run() -> Iterable[dict[str, Any]]:
    """Yield `fact_change_cpu_ms`."""
    yield from cases.measured_by("benchmarks.rules_awards_measured")
