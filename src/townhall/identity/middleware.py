"""Every request knows who acts: `request.acting`."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from townhall.foundation.acting import Acting
from townhall.identity import context


class ActingMiddleware:
    """Stands behind Django's authentication and allauth's account middleware.

    A visitor without a session costs nothing, not even a look at the session: their
    pages need not vary by cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            acting = context.acting_of(request)
        else:
            acting = Acting(actor="anonymous", language=translation.get_language() or "en")
        request.acting = acting  # type: ignore[attr-defined]
        return self.get_response(request)
