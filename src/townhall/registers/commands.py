"""`townhall registers`: import facts, mark a register as down, restrict processing."""

from __future__ import annotations

import argparse
from pathlib import Path
from uuid import UUID


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `townhall registers list|import|down|up|restrict|lift`."""
    parser = subparsers.add_parser("registers", help="import and look after registers")
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="the registers of the pack, and whether they answer")
    listing.set_defaults(run=_list, needs_database=True)
    importing = actions.add_parser(
        "import",
        help="take in a file of entries (JSON lines, see docs); all of it or nothing",
    )
    importing.add_argument("register", help="key of the register, for example population")
    importing.add_argument("file", type=Path)
    importing.add_argument("--basis", required=True, help="the law that allows to keep the facts")
    importing.set_defaults(run=_import, needs_database=True)
    for name, words in (("down", "mark a register as down"), ("up", "mark it as answering again")):
        one = actions.add_parser(name, help=words)
        one.add_argument("register")
        one.set_defaults(run=_available, available=name == "up", needs_database=True)
    restrict = actions.add_parser("restrict", help="refuse every read about a person (GDPR 18)")
    restrict.add_argument("person", type=UUID)
    restrict.add_argument("--reason", required=True)
    restrict.set_defaults(run=_restrict, needs_database=True)
    lift = actions.add_parser("lift", help="end the restriction")
    lift.add_argument("person", type=UUID)
    lift.set_defaults(run=_lift, needs_database=True)


def _list(arguments: argparse.Namespace) -> int:
    from townhall.catalogue import operations as catalogue
    from townhall.foundation.acting import SYSTEM
    from townhall.foundation.text import pick
    from townhall.registers import operations

    down = operations.unavailable(SYSTEM)
    for key, register in catalogue.pack().registers.items():
        state = "down" if key in down else "answers"
        print(f"{key:<16} {state:<8} {pick(register.title)}: {', '.join(register.facts)}")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.registers import importing, operations

    try:
        with arguments.file.open("rb") as file:
            facts = importing.entries(
                file, register=arguments.register, legal_basis=arguments.basis
            )
            done = operations.import_entries(SYSTEM, facts=facts, source_ref=arguments.file.name)
    except OSError as error:
        print(f"{arguments.file} cannot be read: {error.strerror}.")
        return 1
    except (importing.ImportRefused, operations.OverlappingFacts) as error:
        print(f"{arguments.file}: nothing was taken in. {error}")
        return 1
    print(
        f"{done.received} facts: {done.recorded} new, {done.changed} changed, "
        f"{done.unchanged} known already."
    )
    return 0


def _available(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.registers import operations

    try:
        operations.set_available(SYSTEM, register=arguments.register, available=arguments.available)
    except operations.FactRefused as error:
        print(error)
        return 1
    print(f"{arguments.register}: {'answers' if arguments.available else 'down'}")
    return 0


def _restrict(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.registers import operations

    operations.restrict(SYSTEM, person_id=arguments.person, reason=arguments.reason)
    print("Every read about this person is refused now.")
    return 0


def _lift(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.registers import operations

    operations.lift_restriction(SYSTEM, person_id=arguments.person)
    print("Reads about this person are possible again.")
    return 0
