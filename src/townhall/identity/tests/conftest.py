"""A page of a real browser for the journeys of this room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def page(served: Any, chromium: Any) -> Iterator[Any]:
    """A page of Chromium that fails the test on any script error or CSP violation."""
    # The browser of the whole test run: a second one beside it can't be driven from one thread.
    context = chromium.new_context(base_url=served.address)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    # Answers such as 422 are no fault of the page; a broken script or policy is.
    opened.on(
        "console",
        lambda message: (
            errors.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    yield opened
    context.close()
    assert errors == []
