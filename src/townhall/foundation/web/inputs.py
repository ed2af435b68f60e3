"""Refusing, once and for all rooms, what PostgreSQL cannot store and nobody means to send.

NUL has no place in a text or in JSONB; lone surrogates are not characters; a
field of ten megabytes is an attack or a mistake. Each surfaced as HTTP 500
before it was refused here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from townhall.foundation.text.languages import override
from townhall.foundation.text.translations import marked
from townhall.foundation.web import language
from townhall.foundation.web.errors import InputRefused, refuse

FIELD_LENGTH = 100_000
NAME_LENGTH = 500
QUERY_LENGTH = 8_000
JSON_DEPTH = 40

UNSTORABLE = marked(
    "“%(where)s” contains a character that cannot be stored (NUL or half a character)."
    " Remove it and send again."
)
TOO_LONG = marked("“%(where)s” is longer than %(limit)s characters. Shorten it and send again.")
TOO_DEEP = marked("The JSON is nested more than %(limit)s levels deep.")
NOT_UTF8 = marked("The JSON is not UTF-8.")
TOO_MUCH = marked("What you sent is larger than what can be taken at once. Send less.")
TOO_MANY = marked("The form has more fields or files than can be taken at once. Send fewer.")
UNREADABLE = marked("The form could not be read. Go back, and send it again.")

_BAD = re.compile("[\x00\ud800-\udfff]")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class InputsMiddleware:
    """Looks at address, query, cookies, form, file names and JSON before anybody else does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            examine(request)
        except InputRefused as error:
            with override(language.of_browser(request)):
                return refuse(request, error)
        return self.get_response(request)


def examine(request: HttpRequest) -> None:
    """Look at everything that a request brings.

    Raises
    ------
    InputRefused
    """
    _text(request.path_info, "address", QUERY_LENGTH)
    if len(request.META.get("QUERY_STRING", "")) > QUERY_LENGTH:
        raise InputRefused(TOO_LONG, status=414, where="address", limit=QUERY_LENGTH)
    try:
        _fields(request.GET.lists())
        for name, value in request.COOKIES.items():
            _text(value, f"cookie {name[:40]}", QUERY_LENGTH)
        for name, value in request.META.items():
            if name.startswith("HTTP_") and isinstance(value, str) and "\x00" in value:
                raise InputRefused(UNSTORABLE, where=name[5:].replace("_", "-").title())
        if request.method in ("POST", "PUT", "PATCH", "DELETE"):
            _body(request)
    except RequestDataTooBig as error:
        raise InputRefused(TOO_MUCH, status=413) from error
    except (TooManyFieldsSent, TooManyFilesSent) as error:
        raise InputRefused(TOO_MANY, status=413) from error
    except (MultiPartParserError, UnreadablePostError, SuspiciousOperation) as error:
        raise InputRefused(UNREADABLE) from error


def _body(request: HttpRequest) -> None:
    if request.content_type in _FORMS:
        _fields(request.POST.lists())
        for name, files in request.FILES.lists():
            _text(name, "field name", NAME_LENGTH)
            for file in files:
                _text(file.name or "", "file name", NAME_LENGTH)
    else:
        # The API reads a body as JSON whatever its type says, so this must, too.
        _json(request.body)


def _fields(fields: Iterable[tuple[str, list[Any]]]) -> None:
    for name, values in fields:
        _text(name, "field name", NAME_LENGTH)
        for value in values:
            _text(value, name, FIELD_LENGTH)


def _text(text: str, where: str, most: int) -> None:
    if len(text) > most:
        raise InputRefused(TOO_LONG, where=_shown(where), limit=most)
    if _BAD.search(text):
        raise InputRefused(UNSTORABLE, where=_shown(where))


def _json(body: bytes) -> None:
    """Look into JSON; that it is JSON at all is for the room to say.

    A short body without escapes cannot hide anything: it is not parsed twice.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused(NOT_UTF8) from error
    if "\x00" in text:
        raise InputRefused(UNSTORABLE, where="body")
    if len(text) <= FIELD_LENGTH and "\\u" not in text:
        if text.count("[") + text.count("{") > JSON_DEPTH:
            _walk_parsed(text)
        return
    _walk_parsed(text)


def _walk_parsed(text: str) -> None:
    try:
        parsed = json.loads(text)
    except RecursionError as error:
        raise InputRefused(TOO_DEEP, limit=JSON_DEPTH) from error
    except ValueError:
        return  # no JSON, or a number of too many digits: the room says what it expected
    _walk(parsed)


def _walk(parsed: Any) -> None:
    stack: list[tuple[Any, str, int]] = [(parsed, "body", 1)]
    while stack:
        value, where, depth = stack.pop()
        if depth > JSON_DEPTH:
            raise InputRefused(TOO_DEEP, limit=JSON_DEPTH)
        if isinstance(value, str):
            _text(value, where, FIELD_LENGTH)
        elif isinstance(value, list):
            stack.extend((each, where, depth + 1) for each in value)
        elif isinstance(value, dict):
            for key, each in value.items():
                _text(key, "field name", NAME_LENGTH)
                stack.append((each, key, depth + 1))


def _shown(where: str) -> str:
    return _BAD.sub("�", where)[:60]
