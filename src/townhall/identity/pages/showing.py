"""What the account pages have in common: showing a form, and where to go next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

UNPROCESSABLE = 422
TOO_MANY = 429
SUSPECT_CODES = {"too_many_login_attempts", "rate_limited"}


def form_context(form: Form) -> dict[str, Any]:
    """Return `values`, `wrong` (by field) and `errors` (links for the summary) of a form."""
    wrong = {name: " ".join(messages) for name, messages in form.errors.items()}
    first = next(iter(form.fields))
    errors = [
        (f"#f-{first if name == '__all__' else name}", words) for name, words in wrong.items()
    ]
    values = {name: form[name].value() or "" for name in form.fields if "password" not in name}
    return {"values": values, "wrong": wrong, "errors": errors}


def status_of(form: Form) -> int:
    """Return the status of a shown form: 200, 422 with errors, 429 if tried too often."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    if codes & SUSPECT_CODES:
        return TOO_MANY
    return UNPROCESSABLE if form.is_bound and form.errors else 200


class ShownForm:
    """Mix-in for allauth's views: our status codes, and what our templates need."""

    request: HttpRequest

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        context = super().get_context_data(**given)  # type: ignore[misc]
        return context | form_context(context["form"]) | {"going": next_url(self.request)}

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = status_of(form)
        return response


def next_url(request: HttpRequest) -> str:
    """Return where the person was going, if that is an address of this house, else ""."""
    return get_next_redirect_url(request) or ""


def with_next(address: str, request: HttpRequest) -> str:
    """Return `address`, carrying on where the person was going."""
    going = next_url(request)
    return f"{address}?{urlencode({'next': going})}" if going else address


def as_json(options: Mapping[str, Any]) -> str:
    """Return WebAuthn options as JSON for a data attribute."""
    return json.dumps(options, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in WebAuthn options")
