"""How the house is, told to machines: alive, ready, and a few figures.

`/healthz` asks nobody: the process answers. `/readyz` asks the database, whether
its tables fit this code, and whether background work is being done.
What rooms warn of stands beside that and keeps no request away.
`/metrics` has few gauges of our own, none about a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from townhall.foundation.jobs import operations as jobs

# Background work is told to be late when a due job has waited so long.
QUEUE_SECONDS = 300.0

_migrated = False

Ask = Callable[[], list[str]]
"""Returns what is wrong, each in a sentence; nothing if all is well."""

_warnings: dict[str, Ask] = {}


def warning(about: str) -> Callable[[Ask], Ask]:
    """Have the decorated function asked by every probe: a room's own state.

    Parameters
    ----------
    about
        One word.
    """

    def register(ask: Ask) -> Ask:
        _warnings[about] = ask
        return ask

    return register


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether requests should come here, and if not, why."""
    checks: dict[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "queue": _queue,
    }
    answers = {}
    for name, check in checks.items():
        try:
            answers[name] = check()
        except DatabaseError:
            answers[name] = "the database does not answer"
        if answers[name] != "ok" and name == "database":
            break
    ready = all(answer == "ok" for answer in answers.values())
    told: dict[str, object] = {"ready": ready, "checks": answers}
    if ready and (found := _warned()):
        # The words name folders of this machine.
        here = from_this_machine(request)
        told["warnings"] = found if here else dict.fromkeys(found, "see `townhall doctor`")
    return JsonResponse(told, status=200 if ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the gauges in Prometheus' text format; only for callers on this machine."""
    if not from_this_machine(request):
        return HttpResponseForbidden("Figures are told on this machine only.\n")
    return HttpResponse(generate_latest(_registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def from_this_machine(request: HttpRequest) -> bool:
    """Tell whether the caller is local and no proxy passed the request on for somebody else."""
    if any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")):
        return False
    address = request.META.get("REMOTE_ADDR", "")
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _warned() -> dict[str, list[str]]:
    return {about: words for about, ask in sorted(_warnings.items()) if (words := ask())}


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    # Once applied they stay applied for as long as this code runs.
    global _migrated  # noqa: PLW0603
    if not _migrated:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            return f"{len(pending)} migrations are not applied: run `townhall prepare`"
        _migrated = True
    return "ok"


def _queue() -> str:
    seconds = jobs.oldest_due_seconds()
    if seconds > QUEUE_SECONDS:
        return f"a job has been due for {seconds:.0f} seconds: does a worker run?"
    return "ok"


class _House(Collector):
    """Figures read from the database when they are asked for: right whichever process answers."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        states = GaugeMetricFamily("townhall_jobs", "Jobs by state", labels=("queue", "state"))
        age = GaugeMetricFamily(
            "townhall_jobs_oldest_seconds", "Age of the oldest due job", labels=("queue",)
        )
        for each in jobs.queues():
            for state in ("ready", "waiting", "leased", "dead"):
                states.add_metric((each.queue, state), getattr(each, state))
            age.add_metric((each.queue,), each.oldest_seconds)
        yield states
        yield age
        wrong = GaugeMetricFamily(
            "townhall_warnings", "What is wrong and keeps no request away", labels=("about",)
        )
        found = _warned()
        for about in sorted(_warnings):
            wrong.add_metric((about,), len(found.get(about, ())))
        yield wrong
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_database_size(current_database()),"
                " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())"
            )
            size, connections = cursor.fetchone()
        yield GaugeMetricFamily("townhall_database_bytes", "Size of the database", size)
        yield GaugeMetricFamily(
            "townhall_database_connections", "Connections to the database", connections
        )


_registry = CollectorRegistry(auto_describe=False)
_registry.register(_House())
ProcessCollector(registry=_registry)
