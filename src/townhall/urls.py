"""Every address of the house, room by room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from townhall.partners.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("townhall.foundation.web.urls")),
    path("account/", include("townhall.identity.urls")),
    path("api/v1/", api.urls),
    path("officer/", include("townhall.portal.urls_officer")),
    path("owner/", include("townhall.portal.urls_owner")),
    path("", include("townhall.portal.urls")),
]

handler400 = "townhall.portal.pages.errors.bad_request"
handler403 = "townhall.portal.pages.errors.forbidden"
handler404 = "townhall.portal.pages.errors.not_found"
handler500 = "townhall.portal.pages.errors.failed"
