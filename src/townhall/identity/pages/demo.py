"""One click signs in as somebody invented. Not there outside of demo mode."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from townhall.identity import demo
from townhall.identity.pages.showing import next_url


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a page so that elsewhere it is answered like an address that does not exist."""

    def guarded(request: HttpRequest, **arguments: str) -> HttpResponse:
        try:
            demo.insist_on_demo()
        except demo.DemoDisabled as error:
            raise Http404 from error
        return view(request, **arguments)

    return never_cache(guarded)


@demo_only
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List the demo residents and officers."""
    found = demo.demo_people()
    context = {
        "residents": [each for each in found if not each.roles],
        "officers": [each for each in found if each.roles],
        "going": next_url(request),
    }
    return render(request, "account/demo.html", context)


@demo_only
@require_POST
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as one of them."""
    try:
        acting = demo.sign_in_demo(request, key=key)
    except demo.UnknownDemoPerson as error:
        raise Http404 from error
    return redirect(next_url(request) or _first_page(acting.roles))


def _first_page(roles: frozenset[str]) -> str:
    """Return where the work of a role is; service owners have no worklist."""
    if not roles:
        return "/"
    return "/owner/" if roles == {"catalogue.owner"} else "/officer/"
