"""Addresses for the tests of what every request passes through."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from townhall.foundation.text import current_language


def echo(request: HttpRequest, word: str = "") -> HttpResponse:
    """Answer with what was understood."""
    return JsonResponse({"get": request.GET, "post": request.POST, "word": word})


def speak(request: HttpRequest) -> HttpResponse:
    return HttpResponse(current_language())


def sign_in(request: HttpRequest) -> HttpResponse:
    request.session["here"] = 1
    return HttpResponse("in")


def own_headers(request: HttpRequest) -> HttpResponse:
    headers = {"Cache-Control": "public, max-age=60", "Content-Security-Policy": "sandbox"}
    return HttpResponse("x", headers=headers)


def show(request: HttpRequest, thing: UUID) -> HttpResponse:
    return HttpResponse("a thing")


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What the portal does with a 400: a page with the reason."""
    return HttpResponse(f"<h1>{exception.message()}</h1>", status=400)  # type: ignore[attr-defined]


handler400 = refused
urlpatterns = [
    path("", include("townhall.foundation.web.urls")),
    path("echo", echo),
    path("echo/<path:word>", echo),
    path("api/echo", echo),
    path("speak", speak),
    path("in", sign_in),
    path("own", own_headers),
    path("fail", fail),
    path("thing/<uuid:thing>", show),
    path("static/x.css", own_headers),
]
