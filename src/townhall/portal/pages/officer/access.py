"""Who may open the pages of officers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from townhall.foundation.acting import Acting
from townhall.portal.pages.errors import sign_in

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def officers_only(view: View[P]) -> View[P]:
    """Let in who holds a role; send everybody else to the sign-in, or say that it is not for them.

    Which cases an officer sees is decided below, by operations and row-level security.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        acting: Acting = request.acting  # type: ignore[attr-defined]
        if acting.actor == "anonymous":
            return sign_in(request)
        if not acting.roles:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped
