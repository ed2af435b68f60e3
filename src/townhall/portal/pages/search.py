"""Search in the resident's own words: services of this site, then those had from councils."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from townhall.catalogue import operations as catalogue
from townhall.foundation.text import current_language
from townhall.portal import housepages
from townhall.portal.cards import asked_words, card_rows
from townhall.portal.context import page
from townhall.portal.pages import councils


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what fits the words; without words, only the box."""
    words = asked_words(request)
    found = catalogue.search(words, current_language()) if words else ()
    return page(
        request,
        "portal/search.html",
        words=words,
        found=[*housepages.found(words), *card_rows(found)],
        elsewhere=councils.elsewhere(words),
    )
