"""What is spoken: this browser's choice, else the account's, else what the browser asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from townhall.foundation.text.languages import nearest, offered, override


class LanguageMiddleware:
    """Stands behind authentication: the account's language is asked for only if need be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = chosen(request) or of_account(request) or of_browser(request)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        with override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def chosen(request: HttpRequest) -> str | None:
    """Return what was chosen in this browser, kept in a cookie."""
    return nearest(request.COOKIES.get(django_settings.LANGUAGE_COOKIE_NAME, ""))


def of_account(request: HttpRequest) -> str | None:
    """Return the language of the account that is signed in."""
    if django_settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return nearest(getattr(getattr(request, "user", None), "language", ""))


def of_browser(request: HttpRequest) -> str:
    """Return the best offered language that the browser asks for, else the default."""
    choice = chosen(request)
    if choice:
        return choice
    header = request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:200]
    for tag, _ in parse_accept_lang_header(header):
        if tag == "*":
            break
        if language := nearest(tag):
            return language
    return offered()[0]
