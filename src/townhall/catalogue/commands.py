"""`townhall catalogue`: check, test, compare and publish service definitions.

`lint`, `test`, `schema` and `diff` of two files need no database.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from townhall.catalogue.engine import (
    compiler,
    diff,
    flow_checks,
    problems,
    replay,
    schema,
    testing,
)
from townhall.catalogue.engine.compiler.once_only import once_only
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.pack import PackError, load_pack

_PACKS = Path(__file__).resolve().parents[1] / "packs"
GOOD, BAD, MISUSED = 0, 1, 2


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `townhall catalogue lint|test|diff|schema|publish|versions`."""
    parser = subparsers.add_parser("catalogue", help="test, compare and publish definitions")
    actions = parser.add_subparsers(dest="action", required=True)
    for name, run, words in (
        ("lint", _lint, "say everything that is wrong with definitions"),
        ("test", _test, "lint definitions and run the tests in them"),
    ):
        one = actions.add_parser(name, help=words, description=words)
        one.add_argument("files", nargs="*", type=Path, help="files (default: all of the pack)")
        _add_pack(one)
        one.add_argument("--json", action="store_true", help="print JSON, for editors")
        one.set_defaults(run=run)
    comparing = actions.add_parser(
        "diff",
        help="say in words what B changes against A",
        description="A and B are files; with --published, service@version of what is here.",
    )
    comparing.add_argument("a", metavar="A")
    comparing.add_argument("b", metavar="B")
    _add_pack(comparing)
    comparing.add_argument("--json", action="store_true", help="print JSON")
    comparing.add_argument(
        "--published",
        dest="needs_database",
        action="store_true",
        help="A and B name published versions: resident-permit@3, or just resident-permit",
    )
    comparing.set_defaults(run=_diff)
    showing = actions.add_parser("schema", help="print the JSON Schema of the format")
    showing.add_argument("--reference", action="store_true", help="print the reference page")
    showing.set_defaults(run=_schema)
    publishing = actions.add_parser("publish", help="make definitions live")
    publishing.add_argument("files", nargs="+", type=Path)
    publishing.set_defaults(run=_publish, needs_database=True)
    listing = actions.add_parser("versions", help="list what was published, newest first")
    listing.add_argument("service")
    listing.set_defaults(run=_versions, needs_database=True)


def _add_pack(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pack", type=Path, help="folder of the pack (default: the one in the settings)"
    )


def _pack(given: Path | None) -> Pack | None:
    """Load the pack; what is wrong with it is printed."""
    from townhall.foundation import settings

    try:
        return load_pack(given or _PACKS / settings.current().pack)
    except PackError as error:
        print(error, file=sys.stderr)
        return None


def _compiled(
    arguments: argparse.Namespace, pack: Pack
) -> Iterator[tuple[Path, compiler.Compiled]]:
    for path in arguments.files or pack.service_files:
        yield path, compiler.compile_file(path, pack)


def _lint(arguments: argparse.Namespace) -> int:
    pack = _pack(arguments.pack)
    if pack is None:
        return MISUSED
    found = list(_compiled(arguments, pack))
    broken = () if arguments.files else _once_only_problems(pack)
    if arguments.json:
        every = [*(each for _, one in found for each in one.problems), *broken]
        _print_json([each.as_json() for each in every])
    else:
        if broken:
            print(problems.render(broken))
        for path, one in found:
            if one.problems:
                print(problems.render(one.problems))
            if not one.errors:
                print(f"{path.name}: good" + (", with advice" if one.problems else ""))
    return BAD if broken or any(one.errors for _, one in found) else GOOD


def _once_only_problems(pack: Pack) -> tuple[problems.Problem, ...]:
    """Return what is wrong with what the pack says of registers outside any service."""
    try:
        once_only(pack)
    except PackError as error:
        return error.problems
    return ()


def _test(arguments: argparse.Namespace) -> int:
    pack = _pack(arguments.pack)
    if pack is None:
        return MISUSED
    try:
        published = {check.service: check for check in flow_checks.load(pack.folder)}
    except flow_checks.FlowChecksUnreadable as error:
        print(error, file=sys.stderr)
        return MISUSED
    good, reports = True, []
    for path, one in _compiled(arguments, pack):
        if one.definition is None:
            good = False
            reports.append({"file": path.name, "problems": [each.as_json() for each in one.errors]})
            if not arguments.json:
                print(problems.render(one.errors))
            continue
        report = testing.run_tests(one.definition)
        rows = _rows(published.get(one.definition.service), one.definition)
        wrong = [each for each in rows if not each.agrees]
        good = good and report.passed and not wrong
        reports.append(
            {
                "file": path.name,
                "problems": [],
                **report.as_json(),
                "rows": len(rows),
                "rows_wrong": {each.row.case: each.problem for each in wrong},
            }
        )
        if not arguments.json:
            print(report.render())
            if rows:
                print(f"  {len(rows) - len(wrong)} of {len(rows)} published rows agree")
            for each in wrong:
                print(f"  FAILED row {each.row.case}: {each.problem}")
    if arguments.json:
        _print_json(reports)
    return GOOD if good else BAD


def _rows(
    check: flow_checks.FlowCheck | None, definition: Definition
) -> tuple[flow_checks.RowResult, ...]:
    """Walk the published rows for a guidance service, if the pack has any."""
    return flow_checks.run(check, definition) if check is not None else ()


def _diff(arguments: argparse.Namespace) -> int:
    if arguments.needs_database:
        pair = [_published(each) for each in (arguments.a, arguments.b)]
    else:
        pack = _pack(arguments.pack)
        if pack is None:
            return MISUSED
        pair = [_from_file(Path(each), pack) for each in (arguments.a, arguments.b)]
    old, new = pair
    if old is None or new is None:
        return MISUSED
    changes = diff.compare(old, new)
    if arguments.json:
        _print_json([each.as_json() for each in changes])
        return GOOD
    for change in changes:
        print(f"{change.kind:>14}  {change.words}")
    if not changes:
        print("Nothing changes for anybody.")
    for sample in replay.replay(old, new):
        if sample.asked:
            print(
                f"{'samples':>14}  “{sample.name}” would also be asked: {', '.join(sample.asked)}"
            )
        if sample.dropped:
            print(f"{'samples':>14}  “{sample.name}” would lose: {', '.join(sample.dropped)}")
    return GOOD


def _from_file(path: Path, pack: Pack) -> Definition | None:
    compiled = compiler.compile_file(path, pack)
    if compiled.definition is None:
        print(problems.render(compiled.errors), file=sys.stderr)
    return compiled.definition


def _published(name: str) -> Definition | None:
    from townhall.catalogue import operations

    service, _, wanted = name.partition("@")
    try:
        if not wanted:
            return operations.live(service)
        for line in operations.versions(key=service):
            if str(line.number) == wanted:
                return operations.by_hash(line.hash)
    except operations.ServiceNotFound as error:
        print(error, file=sys.stderr)
        return None
    print(f"There is no version {wanted} of {service}.", file=sys.stderr)
    return None


def _schema(arguments: argparse.Namespace) -> int:
    print(schema.reference() if arguments.reference else schema.as_text(), end="")
    return GOOD


def _publish(arguments: argparse.Namespace) -> int:
    from townhall.catalogue import operations
    from townhall.foundation.acting import SYSTEM

    code = GOOD
    for path in arguments.files:
        try:
            text = path.read_text(encoding="utf-8")
            done = operations.publish(text=text, filename=path.name, acting=SYSTEM)
        except (operations.PublicationRefused, OSError, UnicodeDecodeError) as error:
            print(f"{path.name}: not published; what was live stays.\n{error}", file=sys.stderr)
            code = BAD
            continue
        print(f"{done.service}: version {done.number} is live ({done.status})")
        for change in done.changes:
            print(f"{change.kind:>14}  {change.words}")
    return code


def _versions(arguments: argparse.Namespace) -> int:
    from townhall.catalogue import operations

    try:
        lines = operations.versions(key=arguments.service)
    except operations.ServiceNotFound as error:
        print(error, file=sys.stderr)
        return BAD
    for line in lines:
        print(
            f"{line.number:>4}  {line.published_at:%Y-%m-%d %H:%M} UTC  {line.hash[:12]}  "
            f"{line.published_by}  {line.tests} tests"
        )
    return GOOD


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
