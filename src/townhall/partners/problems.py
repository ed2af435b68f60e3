"""Every error of the API in one shape: `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from townhall.cases import errors as cases
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.messages import Message
from townhall.foundation import text
from townhall.partners import operations

BASE = "https://townhall.example/problems/"


class FieldProblem(Schema):
    """One field that was refused: `pointer` is its place in the body (RFC 6901)."""

    pointer: str
    detail: str


class Problem(Schema):
    """What was wrong, and what to do about it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []


TITLES = {
    400: "The request cannot be read",
    401: "A valid token is needed",
    403: "This token does not allow that",
    404: "There is nothing at this address",
    405: "This address does not take that method",
    409: "It conflicts with what is there",
    413: "The request is too large",
    422: "Something in the request is wrong or missing",
    429: "Too many requests",
}
RESPONSES: Mapping[int, type[Problem]] = dict.fromkeys(TITLES, Problem)


def response(
    status: int,
    kind: str,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return one problem. `kind` is its stable short name."""
    body: dict[str, Any] = {
        "type": BASE + kind,
        "title": TITLES.get(status, "Something went wrong"),
        "status": status,
        "detail": detail,
        "errors": errors or [],
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=status,
        content_type="application/problem+json",
        headers=dict(headers or {}),
    )


def install(api: NinjaAPI) -> None:
    """Make every anticipated failure of the rooms below a problem of this API."""

    def on(error: type[Exception], answer: Callable[[Any], HttpResponse]) -> None:
        api.add_exception_handler(error, lambda request, exc: answer(exc))

    on(ValidationError, _invalid)
    on(
        HttpError,
        lambda e: response(e.status_code, "bad-request", str(e.message)),
    )
    on(AuthenticationError, lambda e: _unauthorised(operations.TokenRefused("Send a token.")))
    on(operations.TokenRefused, _unauthorised)
    on(
        catalogue.ServiceNotFound,
        lambda e: response(404, "service-not-found", "The catalogue has no such service."),
    )
    on(cases.NotFound, lambda e: response(404, "case-not-found", "You submitted no such case."))
    on(
        cases.NeedsSignIn,
        lambda e: response(
            403,
            "needs-person",
            "This service needs to know who applies. Name the person, with a token whose scope "
            "is apply-for-person.",
        ),
    )
    on(cases.NotPermitted, lambda e: response(403, "not-permitted", str(e)))
    on(cases.Incomplete, _incomplete)
    on(cases.NotEligible, lambda e: response(422, "not-eligible", str(e), _reasons(e)))
    on(
        cases.IdempotencyConflict,
        lambda e: response(
            409,
            "idempotency-conflict",
            "This Idempotency-Key was used with another body. Send the same body, or a new key.",
        ),
    )
    on(cases.StaleState, lambda e: response(409, "stale", str(e)))


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer a method that an address does not take."""
    return response(405, "method-not-allowed", f"Use {allowed}.", headers={"Allow": allowed})


def _unauthorised(error: Exception) -> HttpResponse:
    return response(
        401, "token", str(error), headers={"WWW-Authenticate": 'Bearer realm="townhall"'}
    )


def _invalid(error: ValidationError) -> HttpResponse:
    fields = [
        {
            "pointer": "/" + "/".join(str(part) for part in item["loc"][1:]),
            "detail": str(item["msg"]),
        }
        for item in error.errors
    ]
    return response(422, "invalid", "Some values have the wrong type or are missing.", fields)


def _incomplete(error: cases.Incomplete) -> HttpResponse:
    fields = [
        {"pointer": f"/answers/{name}", "detail": "An answer is needed here."}
        for name in error.missing
    ]
    for name, found in error.errors.items():
        parts = found if isinstance(found, Mapping) else {"": found}
        for part, message in parts.items():
            pointer = "/".join(["", "answers", name, *filter(None, part.split("."))])
            fields.append({"pointer": pointer, "detail": _words(message)})
    return response(422, "incomplete", "Some answers are missing or wrong.", fields)


def _reasons(error: cases.NotEligible) -> list[dict[str, str]]:
    return [
        {"pointer": "", "detail": text.pick(reason.text, text.current_language())}
        for reason in error.reasons
        if reason.holds is False
    ]


def _words(message: Any) -> str:
    """Return what is wrong with an answer, in the caller's language."""
    if not isinstance(message, Message):
        return str(message)
    language = text.current_language()
    if message.text:
        return text.pick(message.text, language)
    shown = {
        name: text.pick(value, language) if isinstance(value, Mapping) else value
        for name, value in message.params.items()
    }
    words = text.gettext(message.msgid, language)
    return words % shown if shown else words
