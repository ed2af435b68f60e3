"""The order in which a town hall comes up, and goes down.

Database, preparation, servers, greeting; and back in reverse. The supervisor
itself stays small: it imports neither Django nor a room, what needs them runs
in a child.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import random
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from townhall.foundation.database import roles
from townhall.foundation.database.attach import Addresses, cluster_of
from townhall.foundation.database.cluster import Cluster
from townhall.foundation.settings import Settings
from townhall.foundation.supervisor import preparation, probes
from townhall.foundation.supervisor.console import Console, elapsed
from townhall.foundation.supervisor.processes import Process, Stopped, Supervisor, townhall

SERVERS_PATIENCE_S = 60.0


class StartRefused(Exception):
    """The town hall cannot start as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Room:
    """A process of a room, kept running beside the servers.

    Attributes
    ----------
    name
        What it is called in front of its lines.
    arguments
        Of the command `townhall`.
    """

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What `townhall up` was asked for.

    Attributes
    ----------
    settings
        The configuration; `settings.database_url` decides who runs the database.
    host, port, live_port
        Where the servers listen.
    server_user
        User of the embedded database when root starts it.
    steps
        Preparation, in order; only compared here, done by `townhall prepare`.
    greeting
        Given the results of preparation, returns the lines to greet with.
    check
        Ask the probes, then stop.
    probes
        Given the addresses of web and live and the database, returns the questions.
    rooms
        Returns further processes, started when people can already work.
    """

    settings: Settings
    host: str
    port: int
    live_port: int
    server_user: str | None
    steps: Sequence[preparation.Step]
    greeting: Callable[[Mapping[str, object]], Sequence[str]]
    check: bool
    probes: Callable[[probes.Address, probes.Address, Addresses], list[probes.Probe]]
    rooms: Callable[[], Sequence[Room]] = tuple

    def address(self, port: int) -> probes.Address:
        """Return how to reach, from this machine, what listens on `port`."""
        wildcard = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - a key
        return probes.Address(
            host=wildcard.get(self.host, self.host),
            port=port,
            name=self.settings.allowed_hosts[0].replace("*", "localhost"),
            secure=self.settings.secure,
        )


def free_port(host: str, *, neighbours: int = 0) -> int:
    """Return a port on `host` that is free, with as many free ones after it.

    Chosen below the ports that systems lend to outgoing connections (32768 and
    up on Linux, 49152 and up elsewhere), so that none of these takes it before
    the server does.

    Raises
    ------
    StartRefused
        When a thousand tries found none.
    """
    for first in random.sample(range(20_000, 32_000), 1000):
        try:
            for port in range(first, first + neighbours + 1):
                insist_on_free_port(host, port)
        except StartRefused:
            continue
        return first
    raise StartRefused(f"No free port was found on {host}. Choose one with --port.")


def insist_on_free_port(host: str, port: int) -> None:
    """Refuse a port that another program listens on.

    Asked beforehand, because the web server shares ports willingly
    (SO_REUSEPORT): two town halls would answer in turns.

    Raises
    ------
    StartRefused
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
            trial.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            wrong = f"Port {port} of {host} is in use by another program."
        elif error.errno == errno.EACCES:
            wrong = f"Port {port} may only be used by root."
        else:
            wrong = f"{host}:{port} cannot be used ({error.strerror})."
        raise StartRefused(f"{wrong} Choose another with --port (and --host).") from error


def up(plan: Plan, console: Console) -> int:
    """Run a town hall until it is told to stop; return the exit code.

    Raises
    ------
    StartRefused, ClusterError
        When it cannot start. Nothing is left running.
    """
    begin = time.monotonic()
    try:
        insist_on_free_port(plan.host, plan.port)
        insist_on_free_port(plan.host, plan.live_port)
    except StartRefused:
        _insist_on_free_data(plan)  # who starts a town hall twice is told of the first
        raise
    with _database(plan, console) as (cluster, addresses):
        supervisor = Supervisor(console, cluster)
        with supervisor.signals():
            try:
                return _serve(plan, console, supervisor, addresses, begin)
            except Stopped:
                return 0
            finally:
                console.plain()
                console.line("townhall", "stopping")
                supervisor.stop()


def _insist_on_free_data(plan: Plan) -> None:
    """Raise `AlreadyRunning` when another process works on the embedded database's data."""
    if plan.settings.database_url:
        return
    folder = cluster_of(plan.settings, server_user=plan.server_user).folder
    if folder.lock.exists():
        os.close(folder.take())


@contextlib.contextmanager
def _database(plan: Plan, console: Console) -> Iterator[tuple[Cluster | None, Addresses]]:
    settings = plan.settings
    if settings.database_url:
        yield None, Addresses(settings.database_url, settings.owner_database_url, embedded=False)
        return
    begin = time.monotonic()
    cluster = cluster_of(settings, server_user=plan.server_user)
    logging.getLogger("townhall.database").addHandler(_ToConsole(console))
    with cluster:
        console.line("database", f"PostgreSQL runs on {cluster.folder.path} ({elapsed(begin)})")
        yield cluster, Addresses(cluster.dsn(), cluster.dsn(roles.OWNER), embedded=True)
    console.line("townhall", "stopped; everything is stored")


def _serve(
    plan: Plan, console: Console, supervisor: Supervisor, addresses: Addresses, begin: float
) -> int:
    results = _prepare(plan, console, supervisor, addresses)
    environment = _environment(plan, addresses.application)
    at = ["--host", plan.host, "--port"]
    web, live = plan.address(plan.port), plan.address(plan.live_port)
    # The pages first and alone: loading all three at once would make people wait for all three.
    supervisor.add(Process("web", townhall("web", *at, str(plan.port)), environment))
    _insist_on_answer(supervisor, web)
    supervisor.add(Process("live", townhall("live", *at, str(plan.live_port)), environment))
    supervisor.add(Process("worker", townhall("worker"), environment))
    _insist_on_answer(supervisor, live)
    for room in plan.rooms():
        supervisor.add(Process(room.name, townhall(*room.arguments), environment))
    console.plain()
    for line in plan.greeting(results):
        console.plain(line)
    console.line("townhall", f"ready after {elapsed(begin)}; stop with Ctrl-C")
    if not plan.check:
        supervisor.run()
        return 0
    failed = probes.run(
        plan.probes(web, live, addresses), lambda said: console.line("townhall", said)
    )
    for reason in failed:
        console.line("townhall", f"check failed: {reason}")
    return 1 if failed else 0


def _insist_on_answer(supervisor: Supervisor, server: probes.Address) -> None:
    if not supervisor.wait_until(
        lambda: probes.answers(server, "/healthz"), patience=SERVERS_PATIENCE_S
    ):
        raise StartRefused(
            f"The server on port {server.port} did not answer within {SERVERS_PATIENCE_S:.0f} "
            "seconds. What it said stands above; `townhall doctor` looks for the cause."
        )


def _prepare(
    plan: Plan, console: Console, supervisor: Supervisor, addresses: Addresses
) -> dict[str, object]:
    """Have everything prepared that is not; return the kept results by step."""
    import psycopg

    try:
        connection = psycopg.connect(addresses.owner, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise StartRefused(
            f"The database cannot be reached: {str(error).strip()} Check DATABASE_URL and "
            "TOWNHALL_OWNER_DATABASE_URL, and whether the server runs."
        ) from error
    with connection:
        if preparation.pending(connection, plan.steps):
            begin = time.monotonic()
            environment = _environment(plan, addresses.application) | {
                "TOWNHALL_OWNER_DATABASE_URL": addresses.owner
            }
            code = supervisor.run_once(Process("prepare", townhall("prepare"), environment))
            if code != 0:
                raise StartRefused(
                    "The database could not be prepared; the reason stands above. "
                    "What was done is kept; start again when it is mended."
                )
            console.line("prepare", f"done ({elapsed(begin)})")
        return {step.name: preparation.result(connection, step.name) for step in plan.steps}


def _environment(plan: Plan, database_url: str) -> dict[str, str]:
    """Return the environment of a child: the application's connection, never the owner's."""
    settings = plan.settings
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("TOWNHALL_OWNER_DATABASE_URL", "PYTHONSTARTUP")
    }
    return environment | {
        "DATABASE_URL": database_url,
        "TOWNHALL_DATA": os.fspath(settings.data_dir),
        "TOWNHALL_BASE_URL": settings.base_url,
        "TOWNHALL_PROFILE": settings.profile,
        "TOWNHALL_HOSTS": ",".join(settings.allowed_hosts),
        "TOWNHALL_LIVE_PORT": str(plan.live_port),
        "PYTHONUNBUFFERED": "1",
        # glibc gives each thread an arena of its own and never gives it back.
        "MALLOC_ARENA_MAX": environment.get("MALLOC_ARENA_MAX", "2"),
    }


class _ToConsole(logging.Handler):
    """What the launcher reports, among the lines of the others."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.INFO)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        self._console.line("database", record.getMessage())
