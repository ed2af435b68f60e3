"""The request's id and the one line that the log has about it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty

from townhall.foundation.database.identifiers import uuid7
from townhall.foundation.log import pseudonym

HEADER = "X-Request-ID"
_SOUND = re.compile(r"[A-Za-z0-9._-]{8,64}")
_UNLOGGED = ("/healthz", "/readyz", "/metrics", "/static/")

_log = structlog.get_logger("townhall.access")


class AccessMiddleware:
    """Outermost: sets `request.request_id`, binds it to every log line, logs the outcome.

    An id that a proxy gave is kept if it is sound. Neither the query nor the
    address as typed is logged, only the route: people's words stand in both.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        given = request.headers.get(HEADER, "")
        identifier = given if _SOUND.fullmatch(given) else uuid7().hex
        request.request_id = identifier  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request=identifier):
            response = self.get_response(request)
            response[HEADER] = identifier
            if not request.path.startswith(_UNLOGGED):
                _log.info("request", **_facts(request, response, time.perf_counter() - begun))
        return response


def _facts(request: HttpRequest, response: HttpResponse, seconds: float) -> dict[str, Any]:
    match = request.resolver_match
    facts: dict[str, Any] = {
        "method": request.method,
        "route": f"/{match.route}" if match else None,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    if match:
        # Identifiers of things (a case, a draft) help to find what went wrong; words do not.
        facts |= {key: str(value) for key, value in match.kwargs.items() if _identifies(value)}
    if not response.streaming:
        facts["bytes"] = len(response.content)
    acting = getattr(request, "acting", None)
    # Worked out by a page, or not needed by anybody: do not ask the database for a log line.
    if acting is not None and not (
        isinstance(acting, SimpleLazyObject) and acting._wrapped is empty
    ):
        facts["actor"] = acting.actor.partition(":")[0]
        if acting.person_id:
            facts["person"] = pseudonym(acting.person_id)
    return facts


def _identifies(value: Any) -> bool:
    return isinstance(value, (UUID, int))
