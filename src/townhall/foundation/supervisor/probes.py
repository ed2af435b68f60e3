"""What `townhall up --check` asks of a town hall before it says that it stands."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where one server listens, and what it must be told to recognise itself.

    Attributes
    ----------
    host, port
        Where to connect.
    name
        The host name that the server answers to.
    secure
        Whether the outside reaches it over TLS (a proxy says so in a header).
    """

    host: str
    port: int
    name: str = ""
    secure: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    seconds: float


def get(address: Address, path: str, *, timeout: float = 10.0) -> Answer:
    """Ask for `path` once.

    Raises
    ------
    OSError, http.client.HTTPException
        When nobody answers, or not in HTTP.
    """
    begin = time.monotonic()
    connection = http.client.HTTPConnection(address.host, address.port, timeout=timeout)
    try:
        headers = {"Host": f"{address.name or address.host}:{address.port}"}
        if address.secure:
            headers["X-Forwarded-Proto"] = "https"
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(), time.monotonic() - begin)
    finally:
        connection.close()


def answers(address: Address, path: str) -> bool:
    """Tell whether `path` answers 200 within a second."""
    try:
        return get(address, path, timeout=1.0).status == 200
    except (OSError, http.client.HTTPException):
        return False


@dataclass(frozen=True, slots=True)
class Probe:
    """One question and its verdict.

    Attributes
    ----------
    name
        What was asked.
    ask
        Raises `ProbeFailed` (or what `get` raises) when the answer is wrong;
        returns what there is to say.
    """

    name: str
    ask: Callable[[], str]


class ProbeFailed(Exception):
    """The answer was not what a standing town hall says."""


def page(address: Address, path: str, *, holds: str = "") -> Callable[[], str]:
    """Return the question whether `path` answers 200 (and contains `holds`)."""

    def ask() -> str:
        answer = get(address, path)
        if answer.status != 200:
            words = answer.body[:300].decode("utf-8", "replace").strip()
            raise ProbeFailed(f"{path} answered {answer.status}: {words}")
        if holds and holds not in answer.body.decode("utf-8", "replace"):
            raise ProbeFailed(f"{path} answered without {holds!r}")
        return f"{answer.status}, {len(answer.body)} bytes, {answer.seconds * 1000:.0f} ms"

    return ask


def readiness(address: Address, path: str = "/readyz") -> Callable[[], str]:
    """Return the question whether the town hall calls itself ready, and if not, why."""

    def ask() -> str:
        answer = get(address, path)
        if answer.status != 200:
            raise ProbeFailed(f"not ready: {_reasons(answer.body)}")
        return f"{answer.status}, {answer.seconds * 1000:.0f} ms"

    return ask


def without_warnings(address: Address, path: str = "/readyz") -> Callable[[], str]:
    """Return the question whether nothing is wrong in any room; what has just begun gets time."""

    def ask() -> str:
        until = time.monotonic() + PATIENCE_S
        while True:
            answer = get(address, path)
            told = json.loads(answer.body)
            if answer.status == 200 and "warnings" not in told:
                return "nothing is wrong"
            if time.monotonic() > until:
                raise ProbeFailed(_reasons(answer.body))
            time.sleep(0.5)

    return ask


def _reasons(body: bytes) -> str:
    text = body[:500].decode("utf-8", "replace").strip()
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text


def run(probes: list[Probe], say: Callable[[str], None]) -> list[str]:
    """Ask every question; return what failed, in words. One line each is said."""
    failed = []
    for probe in probes:
        try:
            said = probe.ask()
        except (ProbeFailed, OSError, http.client.HTTPException) as error:
            reason = str(error) or type(error).__name__
            say(f"✗ {probe.name}: {reason}")
            failed.append(f"{probe.name}: {reason}")
        else:
            say(f"✓ {probe.name}: {said}")
    return failed
