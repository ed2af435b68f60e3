"""A real Chromium and a real web server for tests of every room: import the fixtures you need.

    from townhall.portal.tests.browser import chromium, site, visit  # fixtures
    from townhall.portal.tests.browser import LOOKS, assert_accessible

    @pytest.mark.browser
    @pytest.mark.parametrize("look", LOOKS, ids=str)
    def test_page(visit, look):
        page = visit("/services", look)
        assert_accessible(page)

`site` is this Django project served on a free port of the loopback address, with the demo
borough loaded, in demo mode; afterwards the owner empties the tables. Each `visit` is a browser
context of its own: no cookies are shared. `as_demo="key"` signs a demo person in first.
"""

from __future__ import annotations

import io
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

PATIENCE_MS = float(os.environ.get("TOWNHALL_TEST_PATIENCE_MS", "20000"))
_AXE = Path(__file__).parent / "axe.min.js"
_PICTURES = os.environ.get("TOWNHALL_TEST_PICTURES", "")


@dataclass(frozen=True)
class Look:
    """How a page is looked at. script: JavaScript is on."""

    width: int = 1280
    theme: str = "light"
    script: bool = True

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}" + ("" if self.script else "-noscript")


DESKTOP = Look()
PHONE = Look(width=390)
LOOKS = tuple(Look(width, theme) for width in (390, 1280) for theme in ("light", "dark"))
"""Phone and desktop, light and dark: what every page is held to."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Threading(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@dataclass
class Site:
    """A running town hall."""

    address: str


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium, started once."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("TOWNHALL_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    # Playwright's loop runs in this thread; our set-up code uses the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


def serve() -> tuple[WSGIServer, str]:
    """Serve this project from threads of this process; return the server and its address."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application

    application = StaticFilesHandler(get_wsgi_application())
    server = make_server("127.0.0.1", 0, application, server_class=_Threading, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://localhost:{server.server_port}"


@pytest.fixture
def served(committed_db: object) -> Iterator[Site]:
    """The pages over an empty database, on the name `localhost`: passkeys need no TLS there."""
    web, address = serve()
    yield Site(address)
    web.shutdown()
    web.server_close()


@pytest.fixture(scope="module")
def site(server: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """The demo borough on a free port, in demo mode."""
    from django.test import override_settings

    from townhall.foundation import settings as configuration

    before = os.environ.get("TOWNHALL_PROFILE", "test")
    os.environ["TOWNHALL_PROFILE"] = "demo"
    configuration.current.cache_clear()
    try:
        with django_db_blocker.unblock():
            load_borough()
            web, address = serve()
            trusted = override_settings(
                CSRF_TRUSTED_ORIGINS=[address], ALLOWED_HOSTS=["localhost", "127.0.0.1"]
            )
            with trusted:
                yield Site(address)
            web.shutdown()
            web.server_close()
            empty_tables(server.owner_dsn)
    finally:
        os.environ["TOWNHALL_PROFILE"] = before
        configuration.current.cache_clear()


def empty_tables(owner_dsn: str) -> None:
    """Empty every table except Django's own."""
    import psycopg
    from django.db import connections

    from townhall.catalogue import operations as catalogue

    connections.close_all()
    kept = "'django_migrations', 'django_content_type', 'auth_permission'"
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        # A page that a browser left half-way may still hold its transaction.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'townhall_app'"
            " AND state LIKE 'idle in transaction%'"
        )
        tables = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables"
            f" WHERE schemaname = 'public' AND tablename NOT IN ({kept})"
        ).fetchall()
        names = ", ".join(name for (name,) in tables)
        connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    catalogue.forget()


@pytest.fixture
def visit(chromium: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """Open a page as `visit(path, look, as_demo="")`; a complaint of the browser fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def go(path: str, look: Look = DESKTOP, *, as_demo: str = "") -> Any:
        context = chromium.new_context(
            base_url=site.address,
            viewport={"width": look.width, "height": 844 if look.width < 600 else 900},
            color_scheme=look.theme,
            java_script_enabled=look.script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda said: _hear(complaints, said))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if as_demo:
            sign_in(page, as_demo)
        page.goto(path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


# No faults: a 4xx page is an answer, and a person who presses on before a page was drawn again
# makes htmx drop the first request.
_NO_FAULTS = ("the server responded with a status of 4", "htmx:sendAbort", "htmx:afterRequest")


def _hear(complaints: list[str], said: Any) -> None:
    if said.type == "error" and not any(each in said.text for each in _NO_FAULTS):
        complaints.append(said.text)


def sign_in(page: Any, key: str) -> None:
    """Sign in as a demo person with one click."""
    page.goto("/account/demo")
    page.locator(f'form[action="/account/demo/{key}"] button').click()


def violations(page: Any) -> list[str]:
    """Return what axe finds wrong with the page, one line a finding."""
    if not page.evaluate("() => 'axe' in window"):
        # Through the protocol, not as an element: the page's content policy stays in force.
        page.evaluate(_AXE.read_text(encoding="utf-8") + ";undefined")
    found = page.evaluate("() => axe.run()")["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:200]} – {node['failureSummary'][:300]}"
        for each in found
        for node in each["nodes"]
    ]


def assert_accessible(page: Any) -> None:
    """Fail if axe finds anything, or if the page is wider than the window."""
    found = violations(page)
    if found:  # said in full: pytest rewrites no assertion outside of tests
        raise AssertionError(f"{page.url}\n" + "\n".join(found))
    too_wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert too_wide <= 0, f"{page.url} is {too_wide} px wider than the window"


def picture(page: Any, name: str) -> None:
    """Keep a small picture of the page if TOWNHALL_TEST_PICTURES names a folder."""
    if _PICTURES:
        from PIL import Image

        Path(_PICTURES).mkdir(parents=True, exist_ok=True)
        # Hiding the caret would put a style on the page, which its content policy refuses.
        taken = page.screenshot(full_page=True, caret="initial")
        few_colours = Image.open(io.BytesIO(taken)).convert("RGB").quantize(96)
        few_colours.save(Path(_PICTURES, f"{name}.png"), optimize=True)


def load_borough() -> None:
    """Load services, registers, councils and demo accounts, as `townhall up` does."""
    from townhall.catalogue import operations as catalogue
    from townhall.demo import loading

    refused = [each for each in catalogue.load_packs() if each.status == "refused"]
    assert refused == []
    loading.load(say=lambda words: None)
