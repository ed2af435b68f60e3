"""The virus scanner's port: clamd's INSTREAM command over TCP or a local socket.

Protocol: clamd(8), "zINSTREAM\\0", then chunks of a big-endian 32-bit length and
so many bytes, ended by a length of zero; the answer ends in NUL.
"""

from __future__ import annotations

import re
import socket
import struct
from typing import BinaryIO, NamedTuple

_CHUNK = 64 * 1024
_ANSWER = re.compile(r"^stream: (?:(?P<clean>OK)|(?P<found>.+) FOUND)$")


class ScannerUnavailable(Exception):
    """The scanner cannot be reached, or does not answer as clamd does."""


class Verdict(NamedTuple):
    """What the scanner said: "clean", or "infected" and the name of what was found."""

    state: str
    found: str = ""


def scan(content: BinaryIO, address: str, *, seconds: float = 60.0) -> Verdict:
    """Have `content` scanned by the clamd at `address` ("host:port" or the path of a socket).

    Raises
    ------
    ScannerUnavailable
    """
    try:
        with _connect(address, seconds) as connection:
            answer = _exchange(connection, content)
    except OSError as error:
        raise ScannerUnavailable(f"The virus scanner at {address}: {error}.") from error
    match = _ANSWER.match(answer)
    if match is None:
        raise ScannerUnavailable(f"The virus scanner at {address} answered {answer[:200]!r}.")
    return Verdict("clean") if match["clean"] else Verdict("infected", match["found"])


def _exchange(connection: socket.socket, content: BinaryIO) -> str:
    connection.sendall(b"zINSTREAM\0")
    while chunk := content.read(_CHUNK):
        connection.sendall(struct.pack(">I", len(chunk)) + chunk)
    connection.sendall(struct.pack(">I", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096:
        part = connection.recv(4096)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connect(address: str, seconds: float) -> socket.socket:
    if address.startswith("/"):
        local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        local.settimeout(seconds)
        try:
            local.connect(address)
        except BaseException:
            local.close()
            raise
        return local
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)
