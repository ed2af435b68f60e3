"""What makes this house stand: what is prepared, who is greeted, what is probed.

The supervisor in the cellar knows no room; this is where the rooms come in.
They are imported only by the functions that `townhall prepare` calls.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import townhall
from townhall.foundation import settings as configuration
from townhall.foundation.database.attach import Addresses
from townhall.foundation.supervisor import preparation, probes, starting
from townhall.foundation.supervisor.processes import townhall as command

PACKAGE = Path(__file__).parent
JOB_PATIENCE_S = 60
LOCAL = ("localhost", "127.0.0.1", "::1")


def steps(settings: configuration.Settings, say: Callable[[str], None]) -> list[preparation.Step]:
    """Return what preparation consists of; only `townhall prepare` runs it, telling `say`."""
    code = preparation.code_fingerprint(PACKAGE, townhall.__version__, settings.pack)
    steps = [
        preparation.Step("tables", "bringing the tables up to date", code, preparation.migrate),
        preparation.Step("services", "publishing the services", code, _load_packs),
        preparation.Step(
            "ledger", "making the keys of the ledger", code, lambda: _prepare_ledger(say)
        ),
    ]
    if settings.demo:
        steps.append(
            preparation.Step("demo", "loading the demo borough", code, lambda: _load_demo(say))
        )
    return steps


def _load_packs() -> None:
    from townhall.catalogue import operations

    operations.load_packs()


def _prepare_ledger(say: Callable[[str], None]) -> None:
    """Make keys and logs; a ledger that cannot be used closes no town hall: entries wait."""
    from townhall.ledger.operator import preparing
    from townhall.ledger.operator.folder import FolderUnusable

    try:
        preparing.prepare(configuration.current())
    except FolderUnusable as error:
        say(f"the ledger cannot run: {error}")


def rooms(settings: configuration.Settings) -> list[starting.Room]:
    """Return what runs beside the servers: the ledger, and in the demo its witnesses.

    Called when the database is prepared: what preparation made is there.
    """
    from townhall.ledger.operator import demonstration

    found = [starting.Room("ledger", ("ledger", "run"))]
    for name, path in demonstration.settings_files(settings.data_dir).items():
        given = ("--settings", str(path), "--address-file", str(path.parent / "address"))
        found.append(starting.Room(f"witness {name}", ("witness", "--quiet", *given)))
    return found


def _load_demo(say: Callable[[str], None]) -> list[list[str]]:
    """Load the demo borough; return key, name and note of each demo sign-in."""
    from townhall.demo import loading
    from townhall.foundation.acting import SYSTEM
    from townhall.foundation.database.scope import scope
    from townhall.foundation.text import pick
    from townhall.identity.operations import demo_people

    loading.load(say)
    with scope(SYSTEM):
        return [[p.key, p.name, pick(p.note, "en") or ""] for p in demo_people()]


def greeting(settings: configuration.Settings, results: Mapping[str, object]) -> list[str]:
    """Return what a person reads when the town hall stands: where, and as whom.

    Parameters
    ----------
    settings
        The configuration.
    results
        What preparation kept, by step.
    """
    lines = [f"  Townhall stands at  {settings.base_url}", ""]
    people = results.get("demo") if settings.demo else None
    if isinstance(people, list):
        lines.append("  Demo sign-ins (one click on the sign-in page, no password):")
        lines += [f"    {name:<24} {note}".rstrip() for _, name, note in people]
        lines.append("")
    if settings.demo and urlsplit(settings.base_url).hostname not in LOCAL:
        lines.append("  Whoever can reach this address can sign in as any of them.")
        lines.append("  Under other names than this it answers when TOWNHALL_HOSTS lists them.")
        lines.append("")
    return lines


def probes_of(
    web: probes.Address, live: probes.Address, addresses: Addresses
) -> list[probes.Probe]:
    """Return what `townhall up --check` asks: every server, the first page, one job."""
    return [
        probes.Probe("web /healthz", probes.page(web, "/healthz")),
        probes.Probe("web /readyz", probes.readiness(web)),
        probes.Probe("web /", probes.page(web, "/", holds="</html>")),
        probes.Probe("live /healthz", probes.page(live, "/healthz")),
        probes.Probe("worker", lambda: _job_done(addresses)),
        probes.Probe("ledger", probes.without_warnings(web)),
    ]


def _job_done(addresses: Addresses) -> str:
    """Have the worker do one job; asked in a child, because this process has no Django."""
    asked = subprocess.run(  # noqa: S603 - our own command
        command("ping"),
        env=os.environ | {"DATABASE_URL": addresses.application},
        capture_output=True,
        text=True,
        timeout=JOB_PATIENCE_S,
        check=False,
    )
    if asked.returncode != 0:
        raise probes.ProbeFailed((asked.stderr or asked.stdout).strip())
    return asked.stdout.strip()
