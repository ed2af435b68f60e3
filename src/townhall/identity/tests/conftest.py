"""A served town hall and a real browser for the journeys of this room."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def site(committed_db: object) -> Iterator[str]:
    """The pages, served on the name `localhost`, where browsers allow passkeys without TLS."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application
    from django.db import connections

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    def application(environ: dict, start_response: object) -> object:
        try:
            yield from handler(environ, start_response)
        finally:
            connections.close_all()

    handler = StaticFilesHandler(get_wsgi_application())
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    server.set_app(application)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


@pytest.fixture
def page(site: str, chromium: Any) -> Iterator[Any]:
    """A page of Chromium that fails the test on any script error or CSP violation."""
    # The browser of the whole test run: a second one beside it can't be driven from one thread.
    context = chromium.new_context(base_url=site)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    # Answers such as 422 are no fault of the page; a broken script or policy is.
    opened.on(
        "console",
        lambda message: (
            errors.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    yield opened
    context.close()
    assert errors == []
