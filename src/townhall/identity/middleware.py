"""Every request knows who acts: `request.acting`, a plain value."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from townhall.identity import context


class ActingMiddleware:
    """Stands behind Django's authentication and allauth's account middleware.

    Without a session cookie nothing is read. `context.forget` works it out anew
    where a request signs somebody in or out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting = context.acting_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)
