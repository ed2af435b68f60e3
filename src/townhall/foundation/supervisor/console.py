"""Lines of several processes on one screen, each with the name of who said it."""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

_COLOURS = {
    "townhall": "1",
    "database": "35",
    "prepare": "33",
    "web": "32",
    "live": "36",
    "worker": "34",
}
_WIDTH = max(map(len, _COLOURS))


class Console:
    """Writes whole lines, prefixed, in colour where a person looks at a terminal.

    Parameters
    ----------
    stream
        Where to write; standard output by default.

    Attributes
    ----------
    closed
        Whether the reader has gone (a closed pipe): nothing is written since.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._colour = self._stream.isatty() and not os.environ.get("NO_COLOR")
        self._partial: dict[str, bytes] = {}
        self.closed = False

    def line(self, source: str, text: str) -> None:
        """Write one line said by `source`."""
        label = f"{source:<{_WIDTH}} |"
        if self._colour:
            label = f"\x1b[{_COLOURS.get(source, '0')}m{label}\x1b[0m"
        self._write(f"{label} {text}\n")

    def plain(self, text: str = "") -> None:
        """Write one line without a prefix: what a person should see."""
        self._write(f"{text}\n")

    def feed(self, source: str, data: bytes) -> None:
        """Take output of a process as it comes; write the lines that are complete."""
        *lines, rest = (self._partial.pop(source, b"") + data).split(b"\n")
        for line in lines:
            self.line(source, line.decode("utf-8", "replace").rstrip("\r"))
        if rest:
            self._partial[source] = rest

    def finish(self, source: str) -> None:
        """Write what a process that ended left of an unfinished line."""
        rest = self._partial.pop(source, b"")
        if rest:
            self.line(source, rest.decode("utf-8", "replace"))

    def _write(self, text: str) -> None:
        if self.closed:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except (BrokenPipeError, ValueError):
            self.closed = True
            # Else the interpreter's own flush at exit fails once more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())


def elapsed(begin: float) -> str:
    """Return the seconds since `begin` (of `time.monotonic`) for a person to read."""
    return f"{time.monotonic() - begin:.1f} s"
