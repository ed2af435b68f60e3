"""The witness over HTTP: what C2SP tlog-witness and tlog-mirror say, and little else.

===================================  =================================================
`POST /add-checkpoint`               submission of a checkpoint (tlog-witness)
`POST /add-entries`                  submission of entries (tlog-mirror)
`POST /hand-over`                    the next policy, signed by a quorum of the last
`GET /witness/<hash>/checkpoint`     the latest checkpoint found consistent
`GET /mirror/<hash>/checkpoint`      the latest with all entries kept and rules held
`GET /mirror/<hash>/tile/…`          the copy, as a tile log (tlog-tiles)
`POST /overdue`                      a promise of a log that it has not kept
`GET /mirror/<hash>/overdue`         the promises that a log has broken, a file a line
`GET /mirror/<hash>/state`           what the register's rules lead to (JSON)
`GET /keys`                          public keys, one verifier key a line
`GET /health`                        for programs (JSON)
`GET /alarms`                        for people, as text
`GET /`                              for people: the page of the witness
===================================  =================================================

`<hash>` is SHA-256 of the origin in lower-case hexadecimal. Submission prefix is `/`;
the monitoring prefixes are `/witness` and `/mirror`, which must differ because the
two are different cosigners.
"""

from __future__ import annotations

import json
import logging
import re
import zlib
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, BinaryIO, Final

from townhall.ledger.engine import handovers, promises
from townhall.ledger.engine.bundles import BundleInvalid
from townhall.ledger.engine.encoding import printable
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.mirroring import Read
from townhall.ledger.engine.notes import LARGEST_NOTE
from townhall.ledger.engine.tiles import TileInvalid, parse_path
from townhall.ledger.engine.witnessing import PLAIN, Answer
from townhall.ledger.log.errors import LogError
from townhall.ledger.log.reading import read_tile
from townhall.ledger.witness import listing, page
from townhall.ledger.witness.copies import CopyUnusable
from townhall.ledger.witness.errors import WitnessStopped
from townhall.ledger.witness.service import Witness

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Headers = list[tuple[str, str]]

_BRIEFLY: Final = "public, max-age=5"
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_CHUNK: Final = 1 << 16
_PATHS: Final = re.compile(r"/(?P<prefix>witness|mirror)/(?P<hash>[0-9a-f]{64})/(?P<rest>.+)")
_AROUND_A_FILE: Final = 4_096  # bytes of a form beside the file
_UPLOADS: Final = "/add-entries"
_POSTS: Final = {
    "/add-checkpoint": LARGEST_NOTE,
    "/hand-over": handovers.LARGEST,
    # Twice as long as a promise: who chose another file is told so on a page.
    "/overdue": 2 * promises.LARGEST,
}
"""How long a body can be that is sent there; uploads of entries are as long as the settings say."""
_LONGEST_PATH: Final = 100  # characters that are said back

_log: Final = logging.getLogger("townhall.witness")


class _Refusal(Exception):
    """An answer other than what was asked for."""

    def __init__(self, status: HTTPStatus, text: str, headers: Headers | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers or []


class Application:
    """A witness as a WSGI application (PEP 3333).

    Parameters
    ----------
    witness
        What answers.
    """

    def __init__(self, witness: Witness) -> None:
        self._witness = witness

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        try:
            status, headers, body = self._answer(environ)
        except _Refusal as refusal:
            status, body = refusal.status, refusal.text.encode() + b"\n"
            headers = [("Content-Type", PLAIN), *refusal.headers]
        except (WitnessStopped, CopyUnusable, LogError) as error:
            _log.error("%s: %s", environ["PATH_INFO"], error)
            status, body = HTTPStatus.SERVICE_UNAVAILABLE, f"{error}\n".encode()
            headers = [("Content-Type", PLAIN), ("Retry-After", "5")]
        headers.append(("Content-Length", str(len(body))))
        start_response(f"{status.value} {status.phrase}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _answer(self, environ: Environ) -> tuple[HTTPStatus, Headers, bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path in _POSTS or path == _UPLOADS:
            if method != "POST":
                raise _Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "send a POST", [("Allow", "POST")])
            return self._post(path, environ)
        if method not in ("GET", "HEAD"):
            raise _Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "send a GET", [("Allow", "GET, HEAD")])
        return self._get(path)

    def _post(self, path: str, environ: Environ) -> tuple[HTTPStatus, Headers, bytes]:
        largest = self._witness.settings.largest_body
        if path == "/add-checkpoint":
            body = _reader(environ, LARGEST_NOTE + 1)(LARGEST_NOTE + 1)
            answer = self._witness.add_checkpoint(body)
        elif path == "/hand-over":
            most = handovers.LARGEST + 1
            answer = self._witness.hand_over(_reader(environ, most)(most))
        elif path == "/overdue":
            return self._overdue(environ)
        else:
            answer = self._witness.add_entries(_reader(environ, largest))
        _note(path, answer)
        headers = [("Content-Type", answer.content_type), ("Accept-Encoding", "gzip")]
        return HTTPStatus(answer.status), headers, answer.body

    def _overdue(self, environ: Environ) -> tuple[HTTPStatus, Headers, bytes]:
        """Judge a promise, as a program sends it or as the form of the page does."""
        kind = str(environ.get("CONTENT_TYPE", ""))
        form = kind.partition(";")[0].strip().lower() == page.FORM
        most = promises.LARGEST + (_AROUND_A_FILE if form else 0) + 1
        body = _reader(environ, most)(most)
        given = page.uploaded(kind, body) if form else body
        answer = self._witness.overdue(given)
        _note("/overdue", answer)
        status = HTTPStatus(answer.status)
        if not form:
            return status, [("Content-Type", answer.content_type)], answer.body
        words = answer.body.decode("utf-8", "replace").strip()
        told = page.answered(self._witness.settings.name, status, words, _due(given))
        return status, [*page.HEADERS], told

    def _get(self, path: str) -> tuple[HTTPStatus, Headers, bytes]:
        if path == "/":
            health = self._witness.health()
            alarms = self._witness.alarms().open if health["signs"] else ()
            policies = self._witness.policies() if health["signs"] else ()
            body = page.page(health, alarms, self._witness.keys.public, policies)
            return HTTPStatus.OK, [*page.HEADERS], body
        if path == "/health":
            return self._health()
        if path == "/keys":
            body = "".join(f"{key}\n" for key in self._witness.keys.public).encode()
            return _ok(body, PLAIN, _BRIEFLY)
        if path == "/alarms":
            return _ok(listing.render(self._witness.alarms()).encode(), PLAIN, "no-store")
        match = _PATHS.fullmatch(path)
        if match is None:
            raise _Refusal(HTTPStatus.NOT_FOUND, "there is nothing here")
        if match["prefix"] == "mirror":
            return self._mirror(match["hash"], match["rest"])
        found = self._witness.checkpoint(match["hash"]) if match["rest"] == "checkpoint" else None
        if found is None:
            raise _Refusal(HTTPStatus.NOT_FOUND, "no checkpoint of this log was cosigned yet")
        return _ok(found, PLAIN, _BRIEFLY)

    def _mirror(self, origin_hash: str, rest: str) -> tuple[HTTPStatus, Headers, bytes]:
        folder = self._witness.copy_folder(origin_hash)
        if folder is None:
            raise _Refusal(HTTPStatus.NOT_FOUND, "this log is not known here")
        try:
            if rest == "state":
                state = self._witness.replayed(origin_hash) or b""
                return _ok(state, "application/json", "no-store")
            if rest == "overdue":
                broken = self._witness.broken_promises(origin_hash) or b""
                return _ok(broken, PLAIN, "no-store")
            if rest == "checkpoint":
                return _ok((folder / rest).read_bytes(), PLAIN, _BRIEFLY)
            tile = parse_path(rest)
            return _ok(read_tile(folder, tile), "application/octet-stream", _FOR_GOOD)
        except (FileNotFoundError, TileInvalid, BundleInvalid):
            raise _Refusal(HTTPStatus.NOT_FOUND, "the copy has no such file") from None

    def _health(self) -> tuple[HTTPStatus, Headers, bytes]:
        health = self._witness.health()
        status = HTTPStatus.OK if health["signs"] else HTTPStatus.SERVICE_UNAVAILABLE
        headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
        return status, headers, json.dumps(health, indent=1).encode() + b"\n"


def largest_body(path: str, most: int) -> int:
    """Return how many bytes a request to a path may have besides its header.

    Parameters
    ----------
    most
        For the longest ones: `Settings.largest_body`.
    """
    return most if path == _UPLOADS else min(_POSTS.get(path, 0), most)


def shown(path: str) -> str:
    """Return a path that somebody sent so that it can be said back."""
    return printable(path[:_LONGEST_PATH])


def _due(content: bytes) -> int | None:
    try:
        return promises.Promise.parse(content).deadline
    except Refused:
        return None


def _ok(body: bytes, kind: str, caching: str) -> tuple[HTTPStatus, Headers, bytes]:
    return HTTPStatus.OK, [("Content-Type", kind), ("Cache-Control", caching)], body


def _note(path: str, answer: Answer) -> None:
    """Tell the operator of the witness; not of what anybody can send without end."""
    level = logging.INFO if answer.status < HTTPStatus.BAD_REQUEST else logging.WARNING
    if answer.status == HTTPStatus.CONFLICT:
        level = logging.INFO  # how a log finds out where this witness is
    elif answer.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND):
        level = logging.DEBUG
    _log.log(level, "%s: %s %s", path, answer.status, answer.reason)


def _reader(environ: Environ, largest: int) -> Read:
    """Return a reader of the body, unpacked, that gives at most so many bytes in all."""
    source: BinaryIO = environ["wsgi.input"]
    encoding = environ.get("HTTP_CONTENT_ENCODING", "identity").strip().lower()
    if encoding in ("", "identity"):
        return _Limited(source.read, largest).read
    if encoding != "gzip":
        raise _Refusal(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "a body is sent as it is, or packed with gzip",
            [("Accept-Encoding", "gzip")],
        )
    return _Limited(_Unpacked(source).read, largest).read


class _Limited:
    """Reads exactly as many bytes as are asked for; beyond a limit, as if the body ended.

    What came before counts, and the client is told where to go on.
    """

    def __init__(self, source: Callable[[int], bytes], largest: int) -> None:
        self._source = source
        self._left = largest

    def read(self, count: int) -> bytes:
        """Return so many bytes, fewer only at the end of the body."""
        parts, missing = [], min(count, self._left)
        while missing and (part := self._source(missing)):
            parts.append(part)
            missing -= len(part)
            self._left -= len(part)
        return b"".join(parts)


class _Unpacked:
    """Unpacks gzip piece by piece: a small body may say that it is a very large one."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._gzip = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    def read(self, count: int) -> bytes:
        """Return up to so many bytes; none where the body ends, or is no gzip."""
        try:
            while not self._gzip.eof:
                packed = self._gzip.unconsumed_tail or self._source.read(_CHUNK)
                if not packed:
                    return b""
                if found := self._gzip.decompress(packed, count):
                    return found
        except zlib.error:
            return b""
        return b""
