"""Pages of plain text: accessibility, privacy, and how a program gets in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from townhall.catalogue import operations as catalogue
from townhall.foundation import settings as configuration
from townhall.portal.context import page


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement (Directive (EU) 2016/2102, art. 7; SI 2018/952, reg. 8)."""
    return page(request, "portal/accessibility.html", contact=_contact())


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why, how long, and which rights a person has (UK GDPR, art. 13)."""
    return page(request, "portal/privacy.html", contact=_contact())


@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    """Where the API is, one request to try, and how to get a token."""
    base = f"{configuration.current().base_url}/api/v1"
    return page(request, "portal/developers.html", base=base, contact=_contact())


def _contact() -> str:
    """Return the mail address of the town hall: that of its first agency."""
    agency = next(iter(catalogue.pack().agencies.values()), None)
    return agency.email if agency else ""
