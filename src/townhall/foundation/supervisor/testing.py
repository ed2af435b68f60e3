"""`townhall test`: the tests of a checkout, and after them the journeys in a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
NO_TESTS = 5
CANNOT = 1


def chromium() -> str | None:
    """Return the browser for the journeys: TOWNHALL_CHROMIUM, or the first that is installed."""
    named = os.environ.get("TOWNHALL_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def run(arguments: Sequence[str], *, checkout: Path, say: Callable[[str], None]) -> int:
    """Run the tests; return the exit code (0 when everything that could run passed).

    The browser's session is one of its own: its plug-in and its processes
    would slow the others. Where there is no browser, that is said.

    Parameters
    ----------
    arguments
        For pytest, in both sessions. With `-m` there is one session, as asked.
    checkout
        The folder with `pyproject.toml` and the sources.
    say
        Told what a person should know.
    """
    if not (checkout / "conftest.py").is_file():
        say("townhall: the tests are in a checkout of the sources, not in an installed package.")
        return CANNOT
    given = [argument for argument in arguments if argument != "--"]
    if "-m" in given:
        return _pytest(given, checkout)
    code = _pytest(["-m", "not browser", *given], checkout)
    if chromium() is None:
        say(
            "The journeys in the browser were SKIPPED: there is no Chromium on this machine "
            "(Debian: apt install chromium; or name one in TOWNHALL_CHROMIUM)."
        )
        return 0 if code == NO_TESTS else code
    browser = _pytest(["-m", "browser", *given], checkout)
    if (code, browser) == (NO_TESTS, NO_TESTS):
        return NO_TESTS
    return next((one for one in (code, browser) if one not in (0, NO_TESTS)), 0)


def _pytest(arguments: Sequence[str], checkout: Path) -> int:
    return subprocess.run(  # noqa: S603 - arguments of the person who runs the tests
        [sys.executable, "-m", "pytest", *arguments], cwd=checkout, check=False
    ).returncode
