"""The three servers of a town hall, each in the process that runs it.

`web` answers pages and programs (Django, WSGI, one process, few threads: the
database pool has as many connections). `live` pushes to browsers (ASGI, no
Django). `worker` runs jobs. granian forks the process that serves; it is bound
to its parent's life, and its memory is frozen after loading so that the
collector does not walk it again.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from typing import Any

from townhall.foundation.supervisor import lifeline

WEB = "townhall.wsgi:application"
LIVE = "townhall.live:app"
# More than the threads would only wait for a database connection (granian#324).
WEB_THREADS = 4
WEB_BACKLOG = 64
# Each waiting browser holds one connection for as long as its page is open.
LIVE_CONNECTIONS = 4000
STOP_WITHIN_S = 10


def web(*, host: str, port: int) -> None:
    """Serve pages and programs until told to stop."""
    from granian.constants import Interfaces

    _serve(
        WEB,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        blocking_threads=WEB_THREADS,
        backpressure=WEB_BACKLOG,
    )


def live(*, host: str, port: int) -> None:
    """Serve the live channel until told to stop."""
    from granian.constants import Interfaces

    _serve(
        LIVE,
        interface=Interfaces.ASGI,
        address=host,
        port=port,
        backpressure=LIVE_CONNECTIONS,
        backlog=1024,
    )


def worker() -> None:
    """Run jobs until told to stop; what is running is finished."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townhall.django_settings")
    django.setup()
    from townhall.foundation.jobs import worker as jobs_worker

    settle()
    jobs_worker.run()


def settle() -> None:
    """Keep what was loaded out of the garbage collector's way.

    Tens of thousands of objects of code and definitions live as long as the process;
    without this they are looked at again and again while a page is made.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _serve(target: str, **options: Any) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Loops
    from granian.log import LogLevels

    server = Granian(
        target,
        workers=1,
        http=HTTPModes.http1,
        loop=Loops.asyncio,
        log_level=LogLevels.warning,
        workers_kill_timeout=STOP_WITHIN_S,
        **options,
    )
    server.serve(target_loader=_load)


def _load(target: str) -> Callable[..., Any]:
    """Load the application in the worker that granian forked."""
    from importlib import import_module

    lifeline.die_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "townhall.django_settings")
    module, _, name = target.partition(":")
    application: Callable[..., Any] = getattr(import_module(module), name)
    settle()
    return application
