"""The command line of the house.

Every command imports what it needs when it runs, so that `townhall --help`
answers at once and the supervisor stays small.

A room's own commands stand in `<room>/commands.py`, which has
`add_parser(subparsers)`: it adds one parser named like the room and sets the
defaults `run` (called with the parsed arguments, returns the exit code) and,
where the command works on the database, `needs_database=True`: then Django is
set up and the database is joined, or started for the moment, before `run`.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
from collections.abc import Callable, MutableMapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import townhall
from townhall.foundation import settings as configuration
from townhall.foundation.database.errors import ClusterError

if TYPE_CHECKING:
    import psycopg

# Rooms with commands of their own, and what these are for.
ROOMS = (
    ("catalogue", "test, compare and publish service definitions"),
    ("rules", "hold the law against figures that others published"),
    ("registers", "import and look after registers"),
    ("ledger", "run the ledger, look after it, audit it"),
    ("ledger.verify", "check a receipt of the ledger: whether it holds, and for which letter"),
    ("ledger.witness", "check the logs of others, keep copies of them, and cosign what holds"),
    ("demo", "let things happen in the demo borough"),
    ("identity", "look after accounts, and who holds which role"),
    ("directory", "take in the lists of councils and of their services"),
    ("partners", "give tokens to programs, and take them back"),
    ("foundation.jobs", "look after background work that was given up"),
)
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - addresses that mean all of this machine's

CANNOT = 1
USAGE = 2
INTERRUPTED = 130


class CannotDo(Exception):
    """A command cannot do what was asked; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code (0 done, 1 not done with a reason, 2 misused)."""
    from townhall.foundation.supervisor.starting import StartRefused

    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a tick still gets the line.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["test"]:
        # Everything after it is pytest's, also what looks like an option of ours.
        parsed = argparse.Namespace(run=_test, pytest=given[1:])
    else:
        parsed = _parser(given).parse_args(given)
    if getattr(parsed, "data", None):
        os.environ["TOWNHALL_DATA"] = str(Path(parsed.data).absolute())
    try:
        with ExitStack() as stack:
            if getattr(parsed, "needs_database", False):
                _set_up(stack)
            code: int | None = parsed.run(parsed)
            sys.stdout.flush()
            return code or 0
    except (ClusterError, StartRefused, CannotDo, configuration.SettingError) as error:
        print(f"townhall: {error}", file=sys.stderr)
        return CANNOT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has seen enough (`| head`); nothing may be flushed there at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="townhall", description=townhall.__doc__.splitlines()[0] if townhall.__doc__ else None
    )
    parser.add_argument("--version", action="version", version=townhall.__version__)
    data = argparse.ArgumentParser(add_help=False)
    data.add_argument(
        "--data",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="folder for the database, files and secrets (TOWNHALL_DATA)",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(
        name: str, run: Callable[[argparse.Namespace], int | None], words: str
    ) -> argparse.ArgumentParser:
        one = commands.add_parser(name, parents=[data], help=words, description=words)
        one.set_defaults(run=run)
        return one

    _add_up(add("up", _up, "start the town hall, and stop it with Ctrl-C"))
    for name, run, port in (("web", _web, DEFAULT_PORT), ("live", _live, DEFAULT_PORT + 1)):
        server = add(name, run, f"run the {name} server alone (DATABASE_URL says where)")
        _add_address(server, port)
    add("worker", _worker, "run background work alone (DATABASE_URL says where)")
    add("ping", _ping, "have the worker do one job, and say how long that took")
    add("prepare", _prepare, "migrate and load, as up does (DATABASE_URL says where)")
    doctor = add("doctor", _doctor, "say what is wrong and how to mend it")
    _add_address(doctor, DEFAULT_PORT)
    backup = add("backup", _backup, "write everything into one file, also while running")
    backup.add_argument("file", type=Path, help="the archive to write")
    restore = add("restore", _restore, "read a backup back")
    restore.add_argument("file", type=Path, help="the archive to read")
    restore.add_argument(
        "--force", action="store_true", help="put what is there aside and take the backup's place"
    )
    add("test", _test, "run the tests of this checkout (further arguments go to pytest)")
    _add_rooms(commands, given)
    return parser


def _add_rooms(commands: Any, given: Sequence[str]) -> None:
    """Add the parser of the room that is asked for; the others only by name."""
    for room, words in ROOMS:
        name = room.rpartition(".")[2]
        if given[:1] == [name]:
            import_module(f"townhall.{room}.commands").add_parser(commands)
        else:
            commands.add_parser(name, help=words)


def _add_address(parser: argparse.ArgumentParser, port: int) -> None:
    parser.add_argument(
        "--host", default=DEFAULT_HOST, help=f"address to listen on ({DEFAULT_HOST})"
    )
    parser.add_argument("--port", type=_port, default=port, help=f"port to listen on ({port})")


def _add_up(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default=DEFAULT_HOST, help=f"address to listen on ({DEFAULT_HOST})"
    )
    parser.add_argument(
        "--port",
        type=_port,
        help=f"port of the pages ({DEFAULT_PORT}); the live channel takes the next one",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="start, probe everything, stop (on free ports, and in a temporary folder "
        "unless --data names one)",
    )
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        help="with or without the demo borough and its one-click sign-ins "
        "(without: the production profile, which wants its settings)",
    )


def _say(words: str) -> None:
    print(words, flush=True)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port; use a number from 1 to 65535")
    return int(text)


def _up(arguments: argparse.Namespace) -> int:
    from townhall import standing
    from townhall.foundation.database.cluster import temporary_folder
    from townhall.foundation.database.folder import make_folder, unusable
    from townhall.foundation.supervisor import starting
    from townhall.foundation.supervisor.console import Console

    for number in (signal.SIGTERM, signal.SIGHUP):
        # Until the supervisor takes over: whatever was begun is ended in order.
        signal.signal(number, signal.default_int_handler)
    with ExitStack() as stack:
        if (
            arguments.check
            and not hasattr(arguments, "data")
            and not os.environ.get("DATABASE_URL")
        ):
            folder = stack.enter_context(temporary_folder("townhall-check-"))
            os.environ["TOWNHALL_DATA"] = os.fspath(folder / "data")
        host, port = arguments.host, arguments.port
        live_port = port + 1 if port and port < 65_535 else None
        if arguments.check:
            live_port = starting.free_port(host, neighbours=1)
            port = port or live_port + 1
        port = port or DEFAULT_PORT
        _choose(os.environ, host, port, arguments.demo)
        make_folder(_data_folder(), passable=os.geteuid() == 0)
        try:
            settings = configuration.current()
        except OSError as error:  # the secret could not be kept there
            raise unusable(_data_folder(), error) from error
        plan = starting.Plan(
            settings=settings,
            host=host,
            port=port,
            live_port=live_port or DEFAULT_PORT + 1,
            server_user=os.environ.get("TOWNHALL_DATABASE_USER"),
            steps=standing.steps(settings, _say),
            greeting=lambda results: standing.greeting(settings, results),
            check=arguments.check,
            probes=standing.probes_of,
            rooms=lambda: standing.rooms(settings),
        )
        return starting.up(plan, Console())


def _data_folder() -> Path:
    return Path(os.environ.get("TOWNHALL_DATA") or configuration.default_data_dir()).absolute()


def _choose(environ: MutableMapping[str, str], host: str, port: int, demo: bool | None) -> None:
    """Put what the options say where the settings are read from, here and in every child."""
    from townhall import standing

    if demo is False:
        environ["TOWNHALL_PROFILE"] = "production"
    elif demo and environ.get("TOWNHALL_PROFILE") == "production":
        raise CannotDo(
            "Demo mode lets everybody sign in as anybody, so the production profile refuses it. "
            "Unset TOWNHALL_PROFILE, or leave --demo away."
        )
    # Without TLS, browsers allow passkeys on this name only (WebAuthn, secure contexts).
    shown = "localhost"
    if host in EVERYWHERE:
        shown = socket.gethostname()
    elif host not in standing.LOCAL:
        shown = f"[{host}]" if ":" in host else host
    environ.setdefault("TOWNHALL_BASE_URL", f"http://{shown}:{port}")
    if environ.get("TOWNHALL_PROFILE") != "production":
        environ.setdefault("TOWNHALL_HOSTS", f"127.0.0.1,localhost,[::1],{shown}")


def _web(arguments: argparse.Namespace) -> None:
    from townhall.foundation.supervisor import serving

    _insist_on_database()
    serving.web(host=arguments.host, port=arguments.port)


def _live(arguments: argparse.Namespace) -> None:
    from townhall.foundation.supervisor import serving

    _insist_on_database()
    serving.live(host=arguments.host, port=arguments.port)


def _worker(arguments: argparse.Namespace) -> None:
    from townhall.foundation.supervisor import serving

    _insist_on_database()
    serving.worker()


def _ping(arguments: argparse.Namespace) -> None:
    _insist_on_database()
    _django()
    from townhall.foundation.supervisor import ping

    try:
        print(f"a job was done in {ping.round_trip() * 1000:.0f} ms")
    except ping.NoAnswer as error:
        raise CannotDo(str(error)) from error


def _insist_on_database() -> None:
    if not os.environ.get("DATABASE_URL"):
        raise CannotDo(
            "This command runs one part of a town hall and needs DATABASE_URL. "
            "`townhall up` runs all of it, with a database of its own."
        )


def _prepare(arguments: argparse.Namespace) -> None:
    import psycopg

    from townhall import standing
    from townhall.foundation.supervisor import preparation

    _insist_on_database()
    _django()
    settings = configuration.current()
    with psycopg.connect(settings.owner_database_url, autocommit=True) as connection:
        preparation.prepare(connection, standing.steps(settings, _say), _say)


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townhall.django_settings")
    import django

    django.setup()


def _set_up(stack: ExitStack) -> None:
    """Join or start the database for one command, and set Django up on it."""
    from townhall.foundation.database.attach import attached

    addresses = stack.enter_context(attached(configuration.current(), server_user=_server_user()))
    os.environ["DATABASE_URL"] = addresses.application
    os.environ["TOWNHALL_OWNER_DATABASE_URL"] = addresses.owner
    configuration.current.cache_clear()
    _django()


def _server_user() -> str | None:
    return os.environ.get("TOWNHALL_DATABASE_USER")


def _doctor(arguments: argparse.Namespace) -> int:
    from townhall.foundation.supervisor import doctor

    good = True
    for finding in doctor.examine(
        os.environ,
        host=arguments.host,
        port=arguments.port,
        server_user=_server_user(),
        tables_behind=_tables_behind,
        rooms=_wrong_in_rooms,
    ):
        print(finding)
        good = good and finding.good
    return 0 if good else CANNOT


def _tables_behind(owner: str) -> list[str]:
    """Return the names of migrations that the database at `owner` lacks."""
    os.environ["DATABASE_URL"] = os.environ["TOWNHALL_OWNER_DATABASE_URL"] = owner
    configuration.current.cache_clear()
    _django()
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connections["owner"].close()
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _wrong_in_rooms(connection: psycopg.Connection, data: Path) -> list[str]:
    """Return what is wrong in the rooms of a town hall whose tables are up to date."""
    from townhall.ledger.operator import examining, preparing

    return examining.wrong(connection.cursor(), data / preparing.PLACE)


def _backup(arguments: argparse.Namespace) -> None:
    from townhall.foundation.database import backup

    print(backup.write(arguments.file, configuration.current(), server_user=_server_user()))


def _restore(arguments: argparse.Namespace) -> None:
    from townhall.foundation.database import restore

    print(
        restore.read(
            arguments.file,
            configuration.current(),
            force=arguments.force,
            server_user=_server_user(),
        )
    )


def _test(arguments: argparse.Namespace) -> int:
    from townhall.foundation.supervisor import testing

    checkout = Path(__file__).parent.parent.parent
    return testing.run(arguments.pytest, checkout=checkout, say=_say)
