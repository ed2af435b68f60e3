"""The worker of the town hall that journeys visit."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def work() -> Callable[[], None]:
    """Let the worker do everything that is due: letters, notices."""
    from townhall.foundation import jobs

    def run() -> None:
        while jobs.run_due(limit=50):
            pass

    return run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in str(item.path):
            item.add_marker(pytest.mark.browser)
