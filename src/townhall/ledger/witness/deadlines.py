"""An end to an exchange over HTTP, whatever the other side does.

A socket's timeout bounds the silence between two bytes. Who sends one byte a second, or
answers `100 Continue` again and again, is never silent and never done.
"""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer


@contextmanager
def within(connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """Cut a connection if what is done with it here has not ended in time.

    Parameters
    ----------
    connection
        Whoever reads from it then gets `OSError` or `http.client.HTTPException`.
    seconds
        From now, for all of it.
    """
    timer = Timer(seconds, cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def cut(connection: http.client.HTTPConnection) -> None:
    """End what another thread is doing with a connection. It is for that thread to close it."""
    line = connection.sock
    if line is not None:
        with suppress(OSError):  # it has ended by itself
            line.shutdown(socket.SHUT_RDWR)
