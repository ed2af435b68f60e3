"""Pages that read the law: what they say where there is none, or where it cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import structlog
from django.http import Http404, HttpRequest, HttpResponse

from townhall.foundation.text import gettext
from townhall.portal.pages.errors import explain
from townhall.rules import operations
from townhall.rules.engine.law import LawError

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def with_law(view: View[P]) -> View[P]:
    """Let a town hall without law have no such pages, and broken law be told as what it is."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except operations.NoLaw as error:
            raise Http404 from error
        except LawError as error:
            structlog.get_logger().error("the law cannot be read", problems=str(error))
            return explain(
                request,
                503,
                gettext("The rules cannot be read just now"),
                [
                    gettext("Something in them does not fit together. It is not your fault."),
                    gettext("Nothing is worked out from broken rules. Try again later."),
                ],
            )

    return wrapped
