"""The live channel's two sides meet here: tickets, topics and where it listens. No Django.

A page gets a ticket that names the topics its reader may hear of, signed and
good for a minute; the live process (`townhall.live`) checks it without asking
anybody. What is sent says only that something changed, by identifiers; the page
asks for the rest, with its own rights.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from townhall.foundation import settings

CHANNEL = "townhall_live"
SECONDS = 60
TOPICS = 50


class TicketRefused(Exception):
    """The ticket is forged, spoilt or too old."""


def issue(topics: Sequence[str], *, seconds: int = SECONDS, now: float | None = None) -> str:
    """Return a ticket for `topics`, to be used within `seconds`.

    Parameters
    ----------
    topics : "<kind>:<identifier>", e.g. "person:<uuid>"; at most 50.
    now : Unix time; the clock's unless given.
    """
    if not topics or len(topics) > TOPICS:
        raise ValueError(f"A ticket is for 1 to {TOPICS} topics, not {len(topics)}.")
    expires = int(time.time() if now is None else now) + seconds
    content = json.dumps({"t": list(topics), "e": expires}, separators=(",", ":")).encode()
    return f"{_text(content)}.{_text(_sign(content))}"


def topics_of(ticket: str, *, now: float | None = None) -> tuple[str, ...]:
    """Return the topics of a good ticket.

    Raises
    ------
    TicketRefused
    """
    content, _, signature = ticket.partition(".")
    try:
        payload, signed = _bytes(content), _bytes(signature)
    except ValueError as error:
        raise TicketRefused("The ticket is spoilt.") from error
    if not hmac.compare_digest(_sign(payload), signed):
        raise TicketRefused("The ticket is forged or spoilt.")
    read = json.loads(payload)
    if read["e"] < (time.time() if now is None else now):
        raise TicketRefused("The ticket is too old.")
    return tuple(read["t"])


def live_origin(host: str = "") -> str:
    """Return the origin of the live channel as a browser reaches it, "" if it is our own.

    The settings say it; otherwise it is the port TOWNHALL_LIVE_PORT of the
    host that the page was asked from, as `townhall up` runs it.

    Parameters
    ----------
    host : the Host header of the page's request.
    """
    if address := settings.current().live_url:
        return address
    port = os.environ.get("TOWNHALL_LIVE_PORT", "")
    if not port.isdecimal():
        return ""
    base = urlsplit(settings.current().base_url)
    try:
        name = urlsplit(f"//{host}").hostname or base.hostname or ""
    except ValueError:  # a Host header that is none: Django refuses it elsewhere
        name = base.hostname or ""
    if not all(each.isalnum() or each in ".-:" for each in name):
        name = base.hostname or ""
    return f"{base.scheme}://{f'[{name}]' if ':' in name else name}:{port}"


def _sign(content: bytes) -> bytes:
    key = hashlib.sha256(b"townhall live ticket" + settings.current().secret_key.encode()).digest()
    return hmac.new(key, content, hashlib.sha256).digest()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
