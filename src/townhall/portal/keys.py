"""Keys of people without a sign-in: the secret that opens their own draft and its case.

The key is shown once, as an address to keep, and otherwise lies in the session of the
browser that started. Without it nobody, this house included, finds the way back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from townhall.cases.engine.anonymous import subject_of
from townhall.foundation.acting import Acting

_SESSION = "portal_keys"


def keep(request: HttpRequest, opened: UUID, key: str) -> None:
    """Remember in this browser's session that `key` opens a draft or a case."""
    request.session[_SESSION] = {**_kept(request), str(opened): key}


def key_of(request: HttpRequest, opened: UUID) -> str | None:
    """Return the key of a draft or a case, if this browser has it."""
    return _kept(request).get(str(opened))


def acting_for(request: HttpRequest, opened: UUID) -> Acting:
    """Return who acts on a draft or a case: the person signed in, else the holder of its key."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    if acting.actor != "anonymous":
        return acting
    key = key_of(request, opened)
    return replace(acting, person_id=subject_of(key)) if key else acting


def _kept(request: HttpRequest) -> dict[str, Any]:
    return dict(request.session.get(_SESSION, {}))
