"""Failures in the form that the caller reads: a page for people, a problem for programs.

Pages come from Django's `handler400`, `handler404` and so on, which `urls.py`
names; a room that wants better words looks at the exception it is given.
"""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import get_resolver

from townhall.foundation.text import gettext


class InputRefused(BadRequest):
    """A request holds something that no page and no table can take.

    Attributes
    ----------
    reason : English msgid with named places.
    params : what goes into the places.
    status : 400, or 413 where it was too much.
    """

    def __init__(self, reason: str, *, status: int = 400, **params: object) -> None:
        super().__init__(reason % params)
        self.reason = reason
        self.params = params
        self.status = status

    def message(self, language: str | None = None) -> str:
        """Return the reason in a language, the current one unless given."""
        return gettext(self.reason, language) % self.params


def wants_problem(request: HttpRequest) -> bool:
    """Tell whether the caller is a program: by the address, what it sends, or what it reads."""
    if request.path_info.startswith("/api/") or request.content_type == "application/json":
        return True
    accepts = request.headers.get("Accept", "")
    return "json" in accepts and "text/html" not in accepts


def refuse(request: HttpRequest, error: InputRefused) -> HttpResponse:
    """Return the answer to a request that cannot be taken."""
    if wants_problem(request):
        return problem(request, error.status, error.message())
    handler = get_resolver().resolve_error_handler(400)
    response: HttpResponse = handler(request, exception=error)
    response.status_code = error.status
    return response


def problem(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """Return a problem in the sense of RFC 9457."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": getattr(request, "request_id", ""),
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
