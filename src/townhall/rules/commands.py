"""`townhall rules`: hold the law of a pack against figures that others published, or try a reform.

A pack that has such figures has a module `verification` beside its `pack.yaml`,
with `SUITES` (names), `verify(suite, sources)`, `Sources` and `Absent`. Nothing
of it needs a database.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

from townhall.rules.engine.law import LawError
from townhall.rules.population import commands as simulating

_PACKS = Path(__file__).resolve().parents[1] / "packs"
GOOD, BAD, MISUSED = 0, 1, 2


class PackWithoutFigures(Exception):
    """The pack has no module `verification`; the message says where it was looked for."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `townhall rules verify` and `townhall rules simulate`."""
    parser = subparsers.add_parser("rules", help="hold the law against figures, or try a reform")
    actions = parser.add_subparsers(dest="action", required=True)
    verifying = actions.add_parser(
        "verify",
        help="compare the law with figures that others published",
        description="Prints one JSON line a suite. Exit code 1 if a row differs by our own fault.",
    )
    verifying.add_argument("suites", nargs="*", metavar="SUITE", help="suites (default: all)")
    verifying.add_argument("--misses", action="store_true", help="print every row that differs")
    verifying.add_argument(
        "--figures",
        type=Path,
        default=_path("TOWNHALL_FIGURES"),
        help="folder of the tables (TOWNHALL_FIGURES; default: the copy in the pack)",
    )
    verifying.add_argument(
        "--policyengine",
        type=Path,
        default=_path("TOWNHALL_POLICYENGINE"),
        help="Python of an environment with policyengine-uk (TOWNHALL_POLICYENGINE)",
    )
    verifying.add_argument(
        "--pack", type=Path, help="folder of the pack (default: the one in the settings)"
    )
    verifying.set_defaults(run=_verify)
    simulating.add_action(actions)


def _path(variable: str) -> Path | None:
    given = os.environ.get(variable)
    return Path(given) if given else None


def _verify(arguments: argparse.Namespace) -> int:
    try:
        verification = _verification(_folder(arguments.pack))
    except PackWithoutFigures as error:
        print(error, file=sys.stderr)
        return MISUSED
    unknown = [name for name in arguments.suites if name not in verification.SUITES]
    if unknown:
        known = ", ".join(verification.SUITES)
        print(f"There is no suite {', '.join(unknown)}. There are: {known}.", file=sys.stderr)
        return MISUSED
    sources = verification.Sources(figures=arguments.figures, policyengine=arguments.policyengine)
    good = True
    for suite in arguments.suites or verification.SUITES:
        try:
            outcome = verification.verify(suite, sources)
        except verification.Absent as error:
            print(json.dumps({"suite": suite, "absent": str(error)}, ensure_ascii=False))
            # Whoever names a suite wants it run; otherwise what is not here is only said.
            good = good and suite not in arguments.suites
            continue
        except LawError as error:
            print(f"The law of the pack cannot be read.\n{error}", file=sys.stderr)
            return BAD
        print(json.dumps(_line(outcome)), flush=True)
        if arguments.misses:
            _print_misses(outcome)
        good = good and not outcome.missed["ours"]
    return GOOD if good else BAD


def _folder(given: Path | None) -> Path:
    from townhall.foundation import settings

    return given or _PACKS / settings.current().pack


def _verification(folder: Path) -> Any:
    """Import `verification` of a pack: by its place in the package, or from its folder alone."""
    start = folder.resolve() / "verification" / "__init__.py"
    if not start.is_file():
        raise PackWithoutFigures(f"The pack in {folder} has no figures to compare with: {start}.")
    if start.is_relative_to(_PACKS):
        inside = start.parent.relative_to(_PACKS.parent)
        return importlib.import_module(".".join((__package__.split(".")[0], *inside.parts)))
    name = f"_pack_{folder.resolve().name}_verification"
    spec = importlib.util.spec_from_file_location(
        name, start, submodule_search_locations=[str(start.parent)]
    )
    assert spec is not None and spec.loader is not None  # a file that ends in .py
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _line(outcome: Any) -> dict[str, Any]:
    return {
        "suite": outcome.suite,
        "passed": outcome.passed,
        "of": outcome.of,
        "missed": dict(outcome.missed),
    }


def _print_misses(outcome: Any) -> None:
    """Print the table of misses: case, class, what was asked, both values, and why."""
    cells = [
        (miss.case, miss.kind, miss.figure, f"expected {miss.expected}, ours {miss.got}")
        for miss in outcome.misses
    ]
    widths = [max((len(row[column]) for row in cells), default=0) for column in range(4)]
    for row, miss in zip(cells, outcome.misses, strict=True):
        padded = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(f"  {padded}  {miss.reason}")
