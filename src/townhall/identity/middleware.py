"""Every request knows who acts: `request.acting`, worked out at first use."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from townhall.identity import context


class ActingMiddleware:
    """Stands behind Django's authentication and allauth's account middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting = SimpleLazyObject(lambda: context.acting_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)
