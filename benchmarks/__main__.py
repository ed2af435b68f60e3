"""`python -m benchmarks [compile] [start] [jobs] [cases] [rules] [ledger]`: one JSON line a figure.

`--households N` makes the population of `rules` smaller, for a quick look.

A benchmark is a module here with `run()`, which yields one mapping a figure:
name, value, unit, what it is compared with (`peer`), value / peer (`ratio`),
and how it was measured. Nothing here is asserted in a test.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Sequence

BENCHMARKS = ("compile", "start", "jobs", "cases", "rules", "ledger")


def main(arguments: Sequence[str]) -> int:
    """Run the named benchmarks, or all of them."""
    arguments = list(arguments)
    if "--households" in arguments:
        place = arguments.index("--households")
        os.environ["TOWNHALL_BENCHMARK_HOUSEHOLDS"] = arguments[place + 1]
        del arguments[place : place + 2]
    unknown = [name for name in arguments if name not in BENCHMARKS]
    if unknown:
        print(f"No benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    for name in arguments or BENCHMARKS:
        for figure in importlib.import_module(f"benchmarks.{name}").run():
            print(json.dumps(figure, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
