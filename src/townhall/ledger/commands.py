"""`townhall ledger`: run the log, look after it, audit it."""

from __future__ import annotations

import argparse
import sys


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `townhall ledger run|recover|status`."""
    parser = subparsers.add_parser("ledger", help="run the ledger, look after it, audit it")
    actions = parser.add_subparsers(dest="action", required=True)
    running = actions.add_parser(
        "run", help="give entries their places and make them final (DATABASE_URL says where)"
    )
    running.set_defaults(run=_run, needs_database=True)
    recovering = actions.add_parser(
        "recover", help="take in what stands in the logs and the database has forgotten"
    )
    recovering.set_defaults(run=_recover, needs_database=True)


def _run(arguments: argparse.Namespace) -> int:
    from townhall.foundation import settings
    from townhall.foundation.supervisor import serving
    from townhall.ledger.log.errors import LogError
    from townhall.ledger.operator import running
    from townhall.ledger.operator.folder import FolderUnusable
    from townhall.ledger.operator.sequencer import OutOfStep

    serving.settle()
    try:
        running.run(settings.current(), lambda words: print(words, flush=True))
    except (OutOfStep, LogError, FolderUnusable) as error:
        print(f"townhall: {error}", file=sys.stderr)
        return 1
    return 0


def _recover(arguments: argparse.Namespace) -> int:
    from townhall.foundation import settings
    from townhall.ledger.log.log import Log
    from townhall.ledger.operator.folder import LOGS, open_folder
    from townhall.ledger.operator.preparing import folder_of
    from townhall.ledger.operator.sequencer import Sequencer

    folder = open_folder(folder_of(settings.current()))
    for name in LOGS:
        with Log.open(folder.log(name), deep=True) as log:
            sequencer = Sequencer(name, log)
            taken = sequencer.adopt()
            appended = sequencer.catch_up()
            print(f"{name:<12} {log.appended} entries, {taken} taken in, {appended} appended")
    return 0
