"""Where the answers of *What can I get?* lie between two pages.

Of somebody who answers everything themselves nothing is stored: the answers lie, signed, in a
cookie of this browser that goes when it is closed or when "clear" is pressed.

Of somebody who has the registers read everything lies in the session of this sign-in, on the
server: what registers said never travels through the browser and back, so nobody can change
it on the way and no browser keeps it; and their own answers lie beside it, because how many
children a register knows would otherwise stand in the cookie. It goes with the sign-out, with
"clear", and with the session after twelve hours. It belongs to one person: acting for somebody
else, or signed in as another, nobody sees it.
"""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse

from townhall.foundation import settings as configuration
from townhall.foundation.acting import Acting
from townhall.rules.answers import Answers
from townhall.rules.registered import Reading

COOKIE = "townhall_entitlements"
_SALT = "townhall.portal.entitlements"
_LASTS = 12 * 3600
_SESSION = "portal_entitlements"


def answers(request: HttpRequest) -> Answers | None:
    """Return what was answered so far; None before it is said who lives there."""
    stored = _stored(request)
    if stored is None:
        return _in_cookie(request)
    return Answers.from_data(stored["answers"])


def reading(request: HttpRequest) -> Reading | None:
    """Return what the registers said, if the person who is here had them read."""
    stored = _stored(request)
    return None if stored is None else Reading.from_data(stored["reading"])


def before(request: HttpRequest) -> Answers:
    """Return the answers to begin a family with: those given before the registers were read."""
    stored = _stored(request)
    said = None if stored is None else Answers.from_data(stored["before"])
    return said or Answers()


def keep(request: HttpRequest, response: HttpResponse, said: Answers, path: str) -> HttpResponse:
    """Keep answers where they belong; `path` limits the cookie."""
    stored = _stored(request)
    if stored is None:
        return _with_cookie(response, said, path)
    request.session[_SESSION] = {**stored, "answers": said.to_data()}
    return response


def keep_reading(
    request: HttpRequest, response: HttpResponse, found: Reading, path: str
) -> HttpResponse:
    """Keep what registers said; the answers go on from there, and leave the cookie."""
    said = answers(request) or before(request)
    acting: Acting = request.acting  # type: ignore[attr-defined]
    request.session[_SESSION] = {
        "person": str(acting.person_id),
        "reading": found.to_data(),
        "before": said.own().to_data(),
        "answers": None,
    }
    response.delete_cookie(COOKIE, path=path, samesite="Lax")
    return response


def forget(request: HttpRequest, response: HttpResponse, path: str) -> HttpResponse:
    """Forget everything that was answered and read."""
    if _stored(request) is not None:
        del request.session[_SESSION]
    response.delete_cookie(COOKIE, path=path, samesite="Lax")
    return response


def _stored(request: HttpRequest) -> dict[str, Any] | None:
    acting: Acting = request.acting  # type: ignore[attr-defined]
    if acting.person_id is None or acting.on_behalf_of is not None:
        return None
    stored: dict[str, Any] | None = request.session.get(_SESSION)
    if stored is None or stored["person"] != str(acting.person_id):
        return None
    return stored


def _in_cookie(request: HttpRequest) -> Answers | None:
    text = request.COOKIES.get(COOKIE, "")
    if not text:
        return None
    try:
        return Answers.from_data(signing.loads(text, salt=_SALT, max_age=_LASTS))
    except signing.BadSignature:
        return None


def _with_cookie(response: HttpResponse, said: Answers, path: str) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        signing.dumps(said.to_data(), salt=_SALT, compress=True),
        path=path,
        samesite="Lax",
        secure=configuration.current().secure,
        httponly=True,
    )
    return response
