"""The live channel: a real server, a real database, browsers that come, go and forge."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from django.db import transaction

from townhall.foundation import live_tickets
from townhall.foundation.live_tickets import TicketRefused
from townhall.foundation.web.live import announce

_SERVE = """
from granian import Granian
from granian.constants import Interfaces
Granian("townhall.live:app", interface=Interfaces.ASGI, address="127.0.0.1", port={port},
        workers_kill_timeout=60).serve()
"""


def test_it_knows_neither_django_nor_a_room() -> None:
    code = (
        "import sys, townhall.live;"
        "bad = [m for m in sys.modules if m.split('.')[0] == 'django' or (m.startswith('townhall.')"
        " and m.split('.')[1] not in ('live', 'foundation'))];"
        "sys.exit(str(bad) if bad else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_ticket_says_what_may_be_heard() -> None:
    topics = [f"person:{uuid4()}", "service:3"]
    assert live_tickets.topics_of(live_tickets.issue(topics)) == tuple(topics)


def test_forged_and_old_tickets_are_refused() -> None:
    good = live_tickets.issue(["a:1"], now=1_000)
    assert live_tickets.topics_of(good, now=1_060) == ("a:1",)
    with pytest.raises(TicketRefused, match="too old"):
        live_tickets.topics_of(good, now=1_061)
    content, _, signature = good.partition(".")
    other = live_tickets.issue(["a:2"], now=1_000).partition(".")[0]
    for forged in (
        f"{other}.{signature}",
        f"{content}.{signature[:-2]}AA",
        content,
        f"{content}.",
        ".",
        "",
        "ŵ.ŵ",
        "\x00",
        good + ".x",
        "a" * 100_000,
    ):
        with pytest.raises(TicketRefused):
            live_tickets.topics_of(forged, now=1_000)
    for topics in ([], ["x"] * 51):
        with pytest.raises(ValueError, match="topics"):
            live_tickets.issue(topics)


class Stream:
    """An open page's connection."""

    def __init__(self, port: int, ticket: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.connection.request("GET", f"/events?ticket={ticket}")
        self.response = self.connection.getresponse()

    def next_event(self) -> tuple[str, object]:
        kind = ""
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if line.startswith("event: "):
                kind = line[7:]
            elif line.startswith("data: "):
                return kind, json.loads(line[6:])

    def close(self) -> None:
        self.connection.close()


@pytest.fixture
def live(committed_db) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A live process on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE.format(port=port)], env=dict(os.environ)
    )
    try:
        deadline = time.monotonic() + 30
        while not healthy(port):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.05)
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def healthy(port: int, listeners: int | None = None) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/healthz")
        state = json.loads(connection.getresponse().read())
        connection.close()
    except OSError:
        return False
    return state["hears"] and (listeners is None or state["listeners"] == listeners)


def wait_for(what) -> None:
    deadline = time.monotonic() + 20
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_pages_hear_what_their_ticket_allows(
    live: tuple[int, subprocess.Popen[bytes]], owner: psycopg.Connection
) -> None:
    port, process = live
    ann, ben = f"person:{uuid4()}", f"person:{uuid4()}"
    refused = Stream(port, "forged.ticket")
    assert refused.response.status == 403
    old = Stream(port, live_tickets.issue([ann], now=1_000))
    assert old.response.status == 403
    anns, bens = (Stream(port, live_tickets.issue([who, "all:x"])) for who in (ann, ben))
    assert anns.response.getheader("Content-Type", "").startswith("text/event-stream")
    assert anns.response.getheader("Cache-Control") == "no-store"
    wait_for(lambda: healthy(port, 2))

    with pytest.raises(RuntimeError), transaction.atomic():
        announce(ben, "case.changed", {"case": "rolled back"})
        raise RuntimeError
    with transaction.atomic():
        announce(ann, "case.changed", {"case": "1"})
    announce("all:x", "news\nforged: line", {"text": "a\nb"})
    assert anns.next_event() == ("case.changed", {"case": "1"})
    for page in (anns, bens):
        assert page.next_event() == ("news forged: line", {"text": "a\nb"})

    # Nonsense on the channel harms nobody.
    owner.execute("SELECT pg_notify(%s, %s)", [live_tickets.CHANNEL, "nonsense"])
    # The database connection breaks: pages are told to look again, and hear on.
    owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE query LIKE 'LISTEN townhall_live%'"
    )
    assert bens.next_event() == ("missed", {})
    wait_for(lambda: healthy(port))
    owner.execute(
        "SELECT pg_notify(%s, %s)",
        [live_tickets.CHANNEL, json.dumps({"topic": ben, "kind": "k", "data": {}})],
    )
    assert bens.next_event() == ("k", {})

    bens.close()
    wait_for(lambda: healthy(port, 1))
    # Told to stop, it ends although a page still listens.
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) is not None
    anns.close()


def test_a_page_that_reads_too_slowly_is_cut_off() -> None:
    from townhall.live import BACKLOG, Hub, sse

    hub = Hub()
    with hub.hearing(("a:1",)) as slow, hub.hearing(("a:1", "b:1")) as other:
        for n in range(BACKLOG + 1):
            hub.pass_on(json.dumps({"topic": "a:1", "kind": "k", "data": {"n": n}}))
            if n % 2:
                other.messages.get_nowait()
        assert slow.overrun
        assert not other.overrun
        assert slow.messages.get_nowait() == sse("k", {"n": 0})
    assert not hub.topics
    assert not hub.listeners


def test_an_announcement_is_small() -> None:
    with pytest.raises(ValueError, match="identifiers"):
        announce("a:1", "k", {"text": "x" * 9_000})
