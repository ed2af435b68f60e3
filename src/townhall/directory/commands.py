"""`townhall directory`: take in the lists of councils and their services."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `townhall directory import FOLDER`."""
    parser = subparsers.add_parser("directory", help="councils and where their services are had")
    actions = parser.add_subparsers(dest="action", required=True)
    taking_in = actions.add_parser(
        "import", help="take in the lists of a folder, in the place of what is there"
    )
    taking_in.add_argument(
        "folder",
        type=Path,
        help="folder with local-authorities.csv, service-links.csv, LICENCE and SOURCE.md",
    )
    taking_in.set_defaults(run=_import, needs_database=True)


def _import(arguments: argparse.Namespace) -> int:
    from townhall.directory import operations
    from townhall.foundation.acting import SYSTEM

    try:
        done = operations.import_councils(SYSTEM, folder=arguments.folder)
    except operations.ListRefused as refused:
        print(f"Not taken in; what was there stays.\n{refused}")
        return 1
    if not done.changed:
        print("Nothing new: exactly these lists are in the directory already.")
        return 0
    print(
        f"{done.authorities} councils ({done.no_longer_listed} no longer listed), "
        f"{done.services} services, {done.links} addresses."
    )
    source = operations.provenance()
    assert source is not None
    print(f"Source: {source.name}\nLicence: {source.licence}")
    return 0
