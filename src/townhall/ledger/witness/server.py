"""The process of a witness: waitress in front of the application.

The server buffers a request before it is answered, so a slow client holds up nobody;
one that takes too long to send is cut off. Towards the open internet, put a reverse
proxy with TLS in front (C2SP tlog-witness leaves transport to HTTPS or a bastion).
"""

from __future__ import annotations

import logging
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Final

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser  # type: ignore[import-untyped]
from waitress.server import TcpWSGIServer  # type: ignore[import-untyped]
from waitress.utilities import RequestEntityTooLarge  # type: ignore[import-untyped]

from townhall.ledger.engine.witnessing import PLAIN
from townhall.ledger.witness import web
from townhall.ledger.witness.service import Witness
from townhall.ledger.witness.settings import Settings

_THREADS: Final = 8
_CONNECTIONS: Final = 200
_CHECKS: Final = 1  # seconds between looking for clients that are too slow

_log: Final = logging.getLogger("townhall.witness")


class _TooLarge(RequestEntityTooLarge):  # type: ignore[misc]
    """A request that is longer than its path can need, told in a sentence."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, headers and body."""
        del ident
        return f"{self.code} {self.reason}", [("Content-Type", PLAIN)], f"{self.body}\n".encode()


class _Request(HTTPRequestParser):  # type: ignore[misc]
    """A request that arrives, refused as soon as it is longer than its path can need.

    The server keeps what arrives, in memory and then on the disk, before anybody looks at it.
    """

    error: Any = None

    def received(self, data: bytes) -> int:
        """Take bytes of a request; return how many were its own."""
        taken: int = super().received(data)
        refused = isinstance(self.error, RequestEntityTooLarge)
        if self.headers_finished and (self.error is None or refused):
            most = web.largest_body(self.path, self.adj.max_request_body_size - 1)
            length = len(self.body_rcv) if self.chunked else self.content_length
            if refused or length > most:
                words = f"has at most {most} bytes" if most else "has no body"
                self.error = _TooLarge(f"a request to {web.shown(self.path)} {words}")
                self.completed, self.expect_continue = True, False
        return taken


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that remembers since when its present request has been arriving."""

    parser_class = _Request
    arriving_since: float | None = None

    def received(self, data: bytes) -> bool:
        """Take bytes of a request."""
        taken: bool = super().received(data)
        if self.request is None:
            self.arriving_since = None
        elif self.arriving_since is None:
            self.arriving_since = time.time()
        return taken


class _Server(TcpWSGIServer):  # type: ignore[misc]
    """Cuts off whoever sends a request byte by byte, which is activity, but no progress.

    And whoever does not read the answer.
    """

    channel_class = _Channel
    seconds = 60

    def maintenance(self, now: float) -> None:
        """Close connections that are idle, or whose request takes too long to arrive."""
        super().maintenance(now)
        for channel in list(self.active_channels.values()):
            since = channel.arriving_since
            if since is not None and now - since > self.seconds:
                channel.will_close = True
            if channel.total_outbufs_len and now - channel.last_activity > self.seconds:
                # A thread waits for whoever asked to read, and `will_close` is looked at when
                # there is room to write: there is, once the line is cut.
                channel.will_close = True
                with suppress(OSError):
                    channel.socket.shutdown(socket.SHUT_RDWR)


def serve(
    settings: Settings,
    *,
    clock: Callable[[], int] = lambda: int(time.time()),
    ready: Callable[[str], None] | None = None,
) -> None:
    """Run a witness until SIGTERM or SIGINT; call this in the main thread.

    Parameters
    ----------
    settings
        What the witness is told.
    clock
        Gives the time, POSIX seconds.
    ready
        Called with the URL once requests are taken.

    Raises
    ------
    WitnessError
        If the witness must not start; the text says why.
    """
    witness = Witness(settings, clock)
    try:
        server = make_server(witness)
        url = f"http://{settings.host}:{server.effective_port}"
        _log.info("%s listens on %s", settings.name, url)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        if ready is not None:
            ready(url)
        try:
            server.run()
        finally:
            server.close()
    finally:
        witness.close()


def make_server(witness: Witness) -> Any:
    """Return the server of a witness, listening, not yet answering."""
    settings = witness.settings
    # It warns once for each request that waits: a stranger could fill the disk with that.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = _Server(
        web.Application(witness),
        listen=f"{settings.host}:{settings.port}",
        threads=_THREADS,
        connection_limit=_CONNECTIONS,
        max_request_body_size=settings.largest_body + 1,  # so many are too many
        channel_timeout=settings.seconds,
        cleanup_interval=_CHECKS,
        ident="townhall-witness",
    )
    server.seconds = settings.seconds
    return server


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
