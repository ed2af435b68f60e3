"""The live channel: a small ASGI process that tells open pages when something changed.

One LISTEN connection is bridged to all browsers as server-sent events. Who may
hear what stands in a ticket that a page got from Django (`foundation.live_tickets`);
this process looks up nothing, and imports neither Django nor a room. Pages work
without it: a reload shows the same state.

`/healthz` answers while the process lives; `/events?ticket=…` is the stream. A
stream ends after a quarter of an hour, so that nobody hears for long after
signing out; the page then asks for a new ticket.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import threading
from collections import defaultdict
from collections.abc import AsyncIterator
from types import FrameType
from typing import Any

import psycopg
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from townhall.foundation import live_tickets, log, settings
from townhall.foundation.live_tickets import TicketRefused

BEAT_SECONDS = 15.0
STREAM_SECONDS = 15 * 60.0
BACKLOG = 100
LONGEST_PAUSE = 10.0

_log = structlog.get_logger("townhall.live")


class Listener:
    """One open page: what it has not been sent yet."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[str] = asyncio.Queue(BACKLOG)
        self.overrun = False

    def put(self, message: str) -> None:
        """Add a message; a page that reads too slowly is cut off and loads anew."""
        try:
            self.messages.put_nowait(message)
        except asyncio.QueueFull:
            self.overrun = True


class Hub:
    """Who hears which topic, and the one connection that everything comes in by."""

    def __init__(self) -> None:
        self.topics: defaultdict[str, set[Listener]] = defaultdict(set)
        self.listeners: set[Listener] = set()
        self.connected = False
        self.closing = False
        self._watches = False

    @contextlib.contextmanager
    def hearing(self, topics: tuple[str, ...]) -> Any:
        """Have a new listener hear `topics` while the block runs."""
        listener = Listener()
        self.listeners.add(listener)
        for topic in topics:
            self.topics[topic].add(listener)
        try:
            yield listener
        finally:
            self.listeners.discard(listener)
            for topic in topics:
                self.topics[topic].discard(listener)
                if not self.topics[topic]:
                    del self.topics[topic]

    def close(self) -> None:
        """End all streams: a server that stops waits for them."""
        self.closing = True
        for listener in tuple(self.listeners):
            listener.put(sse("renew", {}))

    def close_when_stopped(self) -> None:
        """Close when this process is told to stop; only the first call does anything.

        Called when requests come in, not at start: the server sets its own
        handlers after that. They are called as well.
        """
        if self._watches or threading.current_thread() is not threading.main_thread():
            return
        self._watches = True
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)

            def stopped(signum: int, frame: FrameType | None, before: Any = before) -> None:
                loop.call_soon_threadsafe(self.close)
                if callable(before):
                    before(signum, frame)

            signal.signal(number, stopped)

    def pass_on(self, payload: str) -> None:
        """Give a notification to those who may hear it."""
        try:
            message = json.loads(payload)
            topic, event = message["topic"], sse(message["kind"], message["data"])
        except (ValueError, KeyError, TypeError):
            _log.warning("not an announcement", length=len(payload))
            return
        for listener in tuple(self.topics.get(topic, ())):
            listener.put(event)

    async def listen(self) -> None:
        """Hear the database for ever; whatever was missed meanwhile is made good by a reload."""
        pause, lost = 0.1, False
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    settings.current().database_url, autocommit=True, connect_timeout=10
                )
                async with connection:
                    await connection.execute(f"LISTEN {live_tickets.CHANNEL}")
                    if lost:
                        for listener in tuple(self.listeners):
                            listener.put(sse("missed", {}))
                    self.connected, pause, lost = True, 0.1, True
                    async for notification in connection.notifies():
                        self.pass_on(notification.payload)
            except psycopg.Error as error:
                _log.warning("database out of reach", error=type(error).__name__)
            self.connected = False
            pause = min(LONGEST_PAUSE, pause * 2)
            await asyncio.sleep(pause)


def sse(kind: str, data: dict[str, Any]) -> str:
    """Return one event in the format of server-sent events (HTML standard §9.2.6)."""
    return f"event: {_one_line(kind)}\ndata: {json.dumps(data)}\n\n"


async def healthz(request: Request) -> Response:
    """Say that this process answers, and whether it hears the database."""
    hub: Hub = request.app.state.hub
    return JSONResponse({"ok": True, "hears": hub.connected, "listeners": len(hub.listeners)})


async def events(request: Request) -> Response:
    """Stream what the ticket allows to hear."""
    try:
        topics = live_tickets.topics_of(request.query_params.get("ticket", ""))
    except TicketRefused as error:
        return PlainTextResponse(str(error), status_code=403, headers=_HEADERS)
    hub: Hub = request.app.state.hub
    hub.close_when_stopped()
    return StreamingResponse(_stream(hub, topics), media_type="text/event-stream", headers=_HEADERS)


# The ticket is the right to listen, not a cookie: any page of ours may ask, from any port.
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}


async def _stream(hub: Hub, topics: tuple[str, ...]) -> AsyncIterator[str]:
    until = asyncio.get_running_loop().time() + STREAM_SECONDS
    with hub.hearing(topics) as listener:
        yield ": welcome\n\n"
        while not listener.overrun and not hub.closing:
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                break
            try:
                yield await asyncio.wait_for(listener.messages.get(), min(BEAT_SECONDS, left))
            except TimeoutError:
                yield ": beat\n\n"
        yield sse("renew", {})


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    log.configure()
    hub = app.state.hub = Hub()
    listening = asyncio.create_task(hub.listen())
    try:
        yield
    finally:
        hub.close()
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


app = Starlette(routes=[Route("/healthz", healthz), Route("/events", events)], lifespan=_lifespan)
