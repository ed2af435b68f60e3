"""`townhall ledger`: run the log, look after it, audit it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `townhall ledger run` and what else an operator does with the ledger."""
    parser = subparsers.add_parser("ledger", help="run the ledger, look after it, audit it")
    actions = parser.add_subparsers(dest="action", required=True)
    running = actions.add_parser(
        "run", help="give entries their places and make them final (DATABASE_URL says where)"
    )
    running.set_defaults(run=_run, needs_database=True)
    recovering = actions.add_parser(
        "recover", help="take in what stands in the logs and the database has forgotten"
    )
    recovering.set_defaults(run=_plainly(_recover), needs_database=True)
    refetching = actions.add_parser(
        "refetch", help="fetch entries that the logs have lost from a witness's copy"
    )
    refetching.add_argument("url", help="address of the witness, such as https://court.example")
    refetching.set_defaults(run=_plainly(_refetch), needs_database=True)
    auditing = actions.add_parser(
        "audit", help="hash everything again, and hold every entry against the rules again"
    )
    auditing.add_argument("--json", action="store_true", help="print one JSON object a line")
    auditing.set_defaults(run=_plainly(_audit), needs_database=True)
    anchor = actions.add_parser("anchor", help="leave the seals of today at the anchor")
    anchor.set_defaults(run=_plainly(_anchor), needs_database=True)
    policy = actions.add_parser(
        "policy",
        help="show what the witnesses sign for another policy, or put it in force",
    )
    policy.add_argument("file", type=Path, help="the new policy")
    policy.add_argument("--signatures", type=Path, help="the lines that the witnesses signed")
    policy.set_defaults(run=_plainly(_policy), needs_database=True)
    keys = actions.add_parser(
        "keys", help="make new keys for logs, and print the policy that would name them"
    )
    keys.add_argument("logs", nargs="*", metavar="LOG", help="which logs; none named: all")
    keys.set_defaults(run=_plainly(_keys), needs_database=True)
    beginning = actions.add_parser(
        "init", help="make name and keys for a new ledger; needs no database and no network"
    )
    beginning.add_argument(
        "name", help="what the origins of all logs begin with: town.example/ledger"
    )
    beginning.add_argument("folder", type=Path, help="new, such as ledger/ on a stick")
    beginning.set_defaults(run=_plainly(_init))
    public = actions.add_parser(
        "public-keys", help="print the lines of a policy that name the logs' keys"
    )
    public.add_argument("folder", type=Path, help="made by `ledger init`, or below the data folder")
    public.set_defaults(run=_plainly(_public_keys))
    handing = actions.add_parser(
        "hand-over", help="write the file by which witnesses follow a policy without this town hall"
    )
    handing.add_argument("file", type=Path, help="the new policy")
    handing.add_argument("--signatures", type=Path, required=True, help="what a quorum signed")
    handing.set_defaults(run=_plainly(_hand_over), needs_database=True)
    taking = actions.add_parser(
        "take-over", help="fetch the logs of another operator, and draft the policy for a hand-over"
    )
    taking.add_argument("policy", type=Path, help="the policy in force, from a trusted source")
    taking.add_argument(
        "--witness",
        nargs=2,
        action="append",
        default=[],
        metavar=("PARTY", "URL"),
        help="where a witness listens whose line in the policy does not say it",
    )
    taking.set_defaults(run=_plainly(_take_over), needs_database=True)
    status = actions.add_parser("status", help="how far each log is, and what is wrong now")
    status.set_defaults(run=_plainly(_status), needs_database=True)


def _plainly(command: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Have a command say in a sentence why the ledger's files cannot be used; exit code 2."""

    def run(arguments: argparse.Namespace) -> int:
        from townhall.ledger.log.errors import LogError
        from townhall.ledger.operator.anchoring import AnchorUnusable
        from townhall.ledger.operator.folder import FolderUnusable

        try:
            return command(arguments)
        except (FolderUnusable, LogError, AnchorUnusable) as error:
            print(f"townhall: {error}", file=sys.stderr)
            return 2

    return run


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
    from townhall.ledger.operator.folder import LOGS
    from townhall.ledger.operator.preparing import make_log, own_folder
    from townhall.ledger.operator.sequencer import Sequencer

    folder = own_folder(settings.current())
    for name in LOGS:
        make_log(folder, name)
        with Log.open(folder.log(name), deep=True) as log:
            sequencer = Sequencer(name, log)
            taken = sequencer.adopt()
            appended = sequencer.catch_up()
            print(f"{name:<12} {log.appended} entries, {taken} taken in, {appended} appended")
    return 0


def _refetch(arguments: argparse.Namespace) -> int:
    from townhall.foundation import settings
    from townhall.ledger.log.log import Log
    from townhall.ledger.operator import policies
    from townhall.ledger.operator.folder import LOGS
    from townhall.ledger.operator.preparing import make_log, own_folder
    from townhall.ledger.witness.refetching import Copy, NotFetched, refetch, signed_head

    folder = own_folder(settings.current())
    good, fetched = True, 0
    for name in LOGS:
        keys = policies.keys_ever(folder, name)
        copy = Copy(f"{arguments.url.rstrip('/')}/mirror", folder.origin(name))
        make_log(folder, name)
        with Log.open(folder.log(name)) as log:
            before = log.appended
            try:
                refetch(log, copy, signed_head(copy, keys), name)
            except NotFetched as error:
                good = good and log.checkpoint is None  # what was never final is no loss
                print(f"{name:<12} {error}", file=sys.stderr)
            else:
                fetched += log.appended - before
                print(f"{name:<12} {log.appended} entries, {log.appended - before} fetched")
            finally:
                copy.close()
    if fetched:
        print("now run `townhall ledger recover`, so that the database knows them")
    elif good:
        print("nothing was missing here that this witness has")
    return 0 if good else 1


def _audit(arguments: argparse.Namespace) -> int:
    from townhall.ledger import auditing

    good = True
    for each in auditing.audit():
        good = good and each.holds
        if arguments.json:
            print(json.dumps({"about": each.about, "holds": each.holds, "words": each.words}))
        elif not (each.holds and each.witness):  # those are counted in a line of their own
            print(f"{'✓' if each.holds else '✗'} {each.about}: {each.words}", flush=True)
    return 0 if good else 1


def _status(arguments: argparse.Namespace) -> int:
    from django.db import connection

    from townhall.foundation import settings
    from townhall.ledger import showing
    from townhall.ledger.operator import examining, preparing

    vouching = showing.witnesses()
    final = "final" if vouching else "published"  # by the operator alone, which binds nobody
    for log in showing.all_logs():
        when = f"{log.final_at:%Y-%m-%d %H:%M:%S} UTC" if log.final_at else "never"
        print(f"{log.name:<12} {log.size:>10} entries, {log.final:>10} {final}, newest seal {when}")
    if vouching is None:
        print("no witnesses: nothing is final, and there are no receipts")
    else:
        print(f"witnesses: {', '.join(vouching.parties)}; policy {vouching.fingerprint}")
    for alarm in showing.open_alarms():
        about = f"{', '.join(alarm.logs)}: " if any(alarm.logs) else ""
        print(f"✗ since {alarm.since:%Y-%m-%d %H:%M} UTC: {about}{alarm.words}")
    with connection.cursor() as cursor:
        wrong = examining.wrong(cursor, preparing.folder_of(settings.current()))
    for each in wrong:
        print(f"✗ {each}")
    return 1 if wrong else 0


def _anchor(arguments: argparse.Namespace) -> int:
    from townhall.foundation import settings
    from townhall.ledger import jobs

    place = settings.current().ledger_anchor
    if not place:
        print("townhall: There is no anchor. TOWNHALL_LEDGER_ANCHOR says where seals are left.")
        return 1
    if jobs.leave_seals():
        print(f"left at {place}")
    else:
        print(f"nothing new since the newest page at {place}")
    return 0


def _policy(arguments: argparse.Namespace) -> int:
    from townhall.foundation import settings
    from townhall.ledger.engine.errors import Refused
    from townhall.ledger.operator import policies
    from townhall.ledger.operator.folder import FolderUnusable, open_folder
    from townhall.ledger.operator.preparing import folder_of

    folder = open_folder(folder_of(settings.current()))
    try:
        text = arguments.file.read_bytes()
        if arguments.signatures is None:
            print(policies.statement_of(folder, text), end="")
            return 0
        number = policies.put_in_force(folder, text, arguments.signatures.read_text("utf-8"))
    except OSError as error:
        print(f"townhall: {error.filename} cannot be read: {error.strerror}.", file=sys.stderr)
        return 2
    except (Refused, policies.PolicyRefused, FolderUnusable) as error:
        print(f"townhall: {error}", file=sys.stderr)
        return 1
    print(f"policy {number} is in force; the ledger's process goes on with it by itself")
    return 0


def _keys(arguments: argparse.Namespace) -> int:
    from townhall.foundation import settings
    from townhall.ledger.operator import policies
    from townhall.ledger.operator.folder import LOGS, open_folder
    from townhall.ledger.operator.preparing import folder_of

    folder = open_folder(folder_of(settings.current()))
    unknown = set(arguments.logs) - set(LOGS)
    if unknown:
        print(f"townhall: There is no log {min(unknown)}; there are {', '.join(LOGS)}.")
        return 2
    try:
        draft = policies.with_new_keys(folder, arguments.logs or LOGS)
    except policies.PolicyRefused as error:
        print(f"townhall: {error}", file=sys.stderr)
        return 1
    print(draft.decode(), end="")
    return 0


def _init(arguments: argparse.Namespace) -> int:
    from townhall.ledger.engine.errors import Refused
    from townhall.ledger.operator.folder import begin

    try:
        folder = begin(arguments.folder, arguments.name)
    except Refused as error:
        print(f"townhall: {arguments.name} is no name for a ledger: {error}.", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"townhall: {error.filename} cannot be written: {error.strerror}.", file=sys.stderr)
        return 2
    print(f"keys for {folder.name} are in {folder.path / 'keys'}; these are the public ones:")
    return _public_keys(arguments)


def _public_keys(arguments: argparse.Namespace) -> int:
    from townhall.ledger.operator.folder import open_folder

    for keys in open_folder(arguments.folder).verifier_keys().values():
        for key in keys:
            print(f"log {key}")
    return 0


def _take_over(arguments: argparse.Namespace) -> int:
    from townhall.foundation import settings
    from townhall.ledger.engine.errors import Refused
    from townhall.ledger.engine.policy import Policy
    from townhall.ledger.log.errors import LogError
    from townhall.ledger.operator import remembering, taking_over
    from townhall.ledger.operator.folder import open_folder
    from townhall.ledger.operator.preparing import folder_of

    folder = open_folder(folder_of(settings.current()))
    try:
        policy = Policy.load(arguments.policy.read_bytes())
        addresses = {party: url.rstrip("/") for party, url in arguments.witness}
        draft = taking_over.take_over(
            folder, policy, addresses, lambda words: print(words, file=sys.stderr)
        )
    except OSError as error:
        print(f"townhall: {error.filename} cannot be read: {error.strerror}.", file=sys.stderr)
        return 2
    except (
        Refused,
        LogError,
        taking_over.CannotTakeOver,
        remembering.RolledBack,
        remembering.NobodyToAsk,
    ) as error:
        print(f"townhall: {error}", file=sys.stderr)
        return 1
    print(draft.decode(), end="")
    return 0


def _hand_over(arguments: argparse.Namespace) -> int:
    from townhall.foundation import settings
    from townhall.ledger.engine.errors import Refused
    from townhall.ledger.operator import policies
    from townhall.ledger.operator.folder import open_folder
    from townhall.ledger.operator.preparing import folder_of

    folder = open_folder(folder_of(settings.current()))
    try:
        signatures = arguments.signatures.read_text("utf-8")
        content = policies.hand_over(folder, arguments.file.read_bytes(), signatures)
    except OSError as error:
        print(f"townhall: {error.filename} cannot be read: {error.strerror}.", file=sys.stderr)
        return 2
    except (Refused, policies.PolicyRefused) as error:
        print(f"townhall: {error}", file=sys.stderr)
        return 1
    sys.stdout.write(content.decode())
    return 0
