"""A witness that keeps to HTTP, or not even to that, and otherwise answers what it likes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from townhall.ledger.engine.mirroring import Info, render_info
from townhall.ledger.engine.notes import Signature

Answer = Callable[[str], tuple[int, bytes]]
"""Gives status and body for a path."""

GROWN = Signature("liar.example/w", b"abcd", b"z" * 72).line.encode()


class Liar:
    """It counts what it was asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.asked = 0


def dripping(connection: socket.socket) -> None:
    """Never end the header: a byte, and another one."""
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        connection.sendall(b"a")
        time.sleep(0.2)


def continuing(connection: socket.socket) -> None:
    """Ask for the rest of the request again and again."""
    connection.recv(65_536)
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.2)


@contextmanager
def liar(
    answer: Answer | None = None, raw: Callable[[socket.socket], None] | None = None
) -> Iterator[Liar]:
    """Run one on a free port: by the answers of a function, or as it does with a connection."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listening:
        made = Liar(listening.getsockname()[1])

        def speak(connection: socket.socket) -> None:
            with connection, suppress(OSError, ValueError):
                if raw is not None:
                    raw(connection)
                assert answer is not None
                _serve(connection, answer, made)

        def listen() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    threading.Thread(target=speak, args=(connection,), daemon=True).start()

        threading.Thread(target=listen, daemon=True).start()
        try:
            yield made
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)


def _serve(connection: socket.socket, answer: Answer, made: Liar) -> None:
    reading = connection.makefile("rb")
    while line := reading.readline():
        length = 0
        while (header := reading.readline()) not in (b"\r\n", b""):
            if header.lower().startswith(b"content-length"):
                length = int(header.split(b":")[1])
        reading.read(length)
        made.asked += 1
        status, body = answer(line.split()[1].decode())
        head = f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)


def endless_ticket(path: str) -> tuple[int, bytes]:
    """Answer an upload with a ticket that no request can carry."""
    if path == "/add-checkpoint":
        return 200, GROWN
    return (409, render_info(Info(1, 1, b"t" * 70_000))) if path == "/add-entries" else (404, b"")


def unprintable(path: str) -> tuple[int, bytes]:
    """Refuse with what no database stores and no terminal should be shown."""
    return (404, b"") if path.endswith("/checkpoint") else (500, b"no\0\x1b[2J")


def ever_further() -> Answer:
    """Return answers of a mirror that has always taken one entry more."""
    taken = [0]

    def answer(path: str) -> tuple[int, bytes]:
        if path == "/add-checkpoint":
            return 200, GROWN
        taken[0] += 1
        return 202, render_info(Info(1, taken[0], b""))

    return answer
