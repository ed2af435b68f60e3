"""When a page cannot be shown: what happened, and what to do now.

`answering` wraps a view: failures that operations announce become a page of their own.
The functions at the end are Django's handlers for what no view answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from townhall.cases import errors as cases
from townhall.foundation.text import gettext
from townhall.foundation.web.errors import InputRefused, problem, wants_problem
from townhall.portal import words
from townhall.portal.context import page

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def answering(view: View[P]) -> View[P]:
    """Let announced failures of operations become the page that explains them."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except cases.NeedsSignIn:
            return sign_in(request)
        except cases.AlreadySubmitted as error:
            return redirect(f"/cases/{error.case_id}")
        except cases.NotFound as error:
            raise Http404 from error
        except cases.NotPermitted as error:
            raise PermissionDenied from error
        except cases.StaleState as error:
            return changed_meanwhile(request, error)

    return wrapped


def sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in and back to here afterwards."""
    back = request.get_full_path() if request.method == "GET" else request.path
    return redirect(f"{resolve_url('account_login')}?{urlencode({'next': back})}")


def explain(
    request: HttpRequest,
    status: int,
    heading: str,
    paragraphs: Sequence[str],
    *,
    links: Sequence[tuple[str, str]] = (),
    happened: Sequence[Any] = (),
) -> HttpResponse:
    """Return the page that explains a failure; a program gets the same words as a problem.

    Parameters
    ----------
    paragraphs : what happened, then what to do.
    links : (words, address); the first is the main way on.
    happened : rows of a timeline, for a conflict.
    """
    if wants_problem(request):
        return problem(request, status, " ".join([heading + ".", *paragraphs]))
    return page(
        request,
        "portal/error.html",
        status=status,
        code=status,
        heading=heading,
        paragraphs=paragraphs,
        links=links or [(gettext("Go to the start page"), "/")],
        happened=happened,
        reference=getattr(request, "request_id", "") if status >= 500 else "",
    )


def changed_meanwhile(request: HttpRequest, error: cases.StaleState) -> HttpResponse:
    """409: somebody, perhaps the same person in another window, was faster."""
    return explain(
        request,
        409,
        gettext("This changed while you were looking at it"),
        [
            gettext("Nothing was lost, and what you just pressed was not carried out."),
            gettext("Open it again to see how it stands now. Then do what is still needed."),
        ],
        links=[(gettext("Open it again"), request.path), (gettext("My page"), "/me")],
        happened=words.timeline(getattr(error, "happened", ()) or ()),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, and 413 where it was too much."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return too_large(request)
    if isinstance(exception, InputRefused):
        if exception.status == 413:
            return too_large(request)
        return explain(
            request, exception.status, gettext("We could not read that"), [exception.message()]
        )
    return explain(
        request,
        400,
        gettext("We could not read that"),
        [
            gettext("Your browser sent something that this page does not understand."),
            gettext("Go back, reload the page, and try once more."),
        ],
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than we take at once."""
    return explain(
        request,
        413,
        gettext("That is too large"),
        [
            gettext("What you sent is larger than we can take at once."),
            gettext("Send a smaller file: a photo instead of a scan often helps."),
            gettext("Your earlier answers are kept."),
        ],
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the sign-in does not allow this."""
    return explain(
        request,
        403,
        gettext("You cannot open this page"),
        [
            gettext("You are signed in, but this page is for somebody with another role."),
            gettext("If you think you should see it, ask the person who gave you access."),
        ],
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form did not come from this site, or its page was too old."""
    return explain(
        request,
        403,
        gettext("This form has expired"),
        [
            gettext("For your safety we take a form only from the page that we made for you."),
            gettext("Go back, reload the page, and send it again. Saved answers are kept."),
        ],
        links=[
            (gettext("Open the page again"), request.path),
            (gettext("Go to the start page"), "/"),
        ],
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: it does not exist, or it is somebody else's, which we do not tell apart."""
    return explain(
        request,
        404,
        gettext("We cannot find this page"),
        [
            gettext("The address may be mistyped, or the page is gone."),
            gettext("A case or a draft can only be opened by the person it belongs to."),
            gettext("Search for what you need, or look on your page."),
        ],
        links=[
            (gettext("Search"), "/search"),
            (gettext("My page"), "/me"),
            (gettext("Go to the start page"), "/"),
        ],
    )


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too often in a short time."""
    return explain(
        request,
        429,
        gettext("Please wait a moment"),
        [
            gettext("There were very many requests from your connection in a short time."),
            gettext("Wait a minute, then try again. Nothing that you saved is lost."),
        ],
    )


def failed(request: HttpRequest) -> HttpResponse:
    """500: our mistake. Leans on nothing that may itself have failed."""
    try:
        return explain(
            request,
            500,
            gettext("Something went wrong on our side"),
            [
                gettext("It is not your fault. What you saved before is kept."),
                gettext("Try again in a few minutes. If it happens again, tell us."),
            ],
            links=[(gettext("Try again"), request.path), (gettext("Go to the start page"), "/")],
        )
    except Exception:  # the last page there is: it must come, whatever is broken
        import structlog

        structlog.get_logger().exception("the error page failed")
        return HttpResponse(PLAIN, status=500)


PLAIN = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Townhall</title>
<h1>Something went wrong on our side</h1>
<p>It is not your fault. What you saved before is kept. Try again in a few minutes.</p></html>"""
