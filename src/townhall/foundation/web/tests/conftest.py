"""A small site behind the middleware of the foundation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

MIDDLEWARE = [
    "townhall.foundation.web.access.AccessMiddleware",
    "townhall.foundation.web.headers.HeadersMiddleware",
    "townhall.foundation.web.inputs.InputsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "townhall.foundation.web.language.LanguageMiddleware",
]


@pytest.fixture
def site() -> Iterator[Client]:
    """A client that gets errors as answers, as a browser does."""
    with override_settings(
        MIDDLEWARE=MIDDLEWARE, ROOT_URLCONF="townhall.foundation.web.tests.pages"
    ):
        yield Client(raise_request_exception=False)
