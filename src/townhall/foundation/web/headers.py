"""What a browser must be told about every answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from townhall.foundation import settings
from townhall.foundation.live_tickets import live_origin

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}';"
    " img-src 'self' data: blob:; font-src 'self'; connect-src 'self'{live};"
    " manifest-src 'self'; media-src 'self'; worker-src 'self'; frame-src 'self';"
    " form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
_PERMISSIONS = (
    "accelerometer=(), camera=(self), display-capture=(), geolocation=(self), gyroscope=(),"
    " microphone=(self), payment=(), usb=(), publickey-credentials-get=(self),"
    " publickey-credentials-create=(self)"
)


class HeadersMiddleware:
    """Sets `request.csp_nonce`, the Content-Security-Policy and its companions.

    Whatever is answered to somebody who carries a session or a token, or who is
    given one, is `no-store`: neither a shared computer's cache nor a proxy keeps
    it. Other pages may be kept but are asked for anew each time.
    A view's own stricter header is left as it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy(request, nonce))
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", _PERMISSIONS)
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.path.startswith(django_settings.STATIC_URL):
            return response  # the same for everybody; named by its content
        if is_private(request, response):
            headers["Cache-Control"] = "no-store"
            patch_vary_headers(response, ("Cookie",))
        else:
            headers.setdefault("Cache-Control", "no-cache")
        return response


def policy(request: HttpRequest, nonce: str) -> str:
    """Return the Content-Security-Policy of one answer."""
    live = live_origin(request.META.get("HTTP_HOST", ""))
    built = _POLICY.format(nonce=nonce, live=f" {live}" if live else "")
    return built + "; upgrade-insecure-requests" if settings.current().secure else built


def is_private(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether the answer may be for one person only."""
    session = django_settings.SESSION_COOKIE_NAME
    return (
        session in request.COOKIES
        or session in response.cookies
        or "HTTP_AUTHORIZATION" in request.META
    )
