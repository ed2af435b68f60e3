# ruff: noqa: T201 - what it prints is what it is for
"""Quick look while rules are written: `python -m townhall.packs.uk.verification policyengine`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from townhall.packs.uk.verification import Sources, policyengine
from townhall.packs.uk.verification.policyengine_misses import classified
from townhall.packs.uk.verification.policyengine_programmes import FIGURES


def main() -> int:
    """Print how many cases of the second source agree, and the misses if asked for."""
    parser = argparse.ArgumentParser(prog="python -m townhall.packs.uk.verification")
    parser.add_argument("source", choices=["policyengine"])
    parser.add_argument("--programme", choices=sorted(FIGURES))
    parser.add_argument("--misses", action="store_true", help="every figure that differs")
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--raw", action="store_true", help="only cases that give facts alone")
    chosen = parser.parse_args()
    started = time.process_time()
    passed: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for result in policyengine.run(Sources(), chosen.programme):
        if chosen.only not in result.case.name or (chosen.raw and not result.raw):
            continue
        groups = [*result.programmes, "union"]
        groups += [f"{group} raw" for group in groups if result.raw]
        seen.update(groups)
        if result.passed:
            passed.update(groups)
            continue
        reasons[result.differences[0].got if not result.differences[0].figure else "differs"] += 1
        if chosen.misses:
            kind, why = classified(result.case)
            raw = "raw" if result.raw else ""
            print(result.case.name, result.case.period, raw, f"[{kind}] {why}")
            for each in result.differences:
                print(f"    {each.figure}: {each.expected} | ours {each.got}")
    for group in sorted(seen):
        print(f"{group:30} {passed[group]:5} of {seen[group]:5}")
    for reason, number in reasons.most_common(25):
        print(f"{number:5} {reason[:140]}")
    print(f"{time.process_time() - started:.1f} s of CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main())
