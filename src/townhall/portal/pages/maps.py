"""The street map as a picture."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from townhall.portal import streetmap


@require_safe
def street_map(request: HttpRequest) -> HttpResponse:
    """Return the map; its address carries the hash of the picture."""
    try:
        picture = streetmap.svg()
    except LookupError as error:
        raise Http404 from error
    response = HttpResponse(picture, content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
