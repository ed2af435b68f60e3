"""Addresses of static files that change whenever the file does.

Built files carry their hash in the name (`manifest.json` beside them says which);
any other file gets the hash as a query. Either way a browser may keep what it has
for ever, and no collecting step is needed before a start.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

_FOLDER = Path(__file__).parent / "static" / "portal"
_HASHED = re.compile(r"-[0-9a-f]{10}\.[a-z0-9]+$")


@cache
def built(name: str) -> str | None:
    """Return the hashed name of a built file ("townhall.css"), None if it is not one."""
    manifest = json.loads((_FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return manifest.get(name)


def is_immutable(_path: str, url: str) -> bool:
    """Say whether browsers may keep the file for ever (for whitenoise)."""
    return bool(_HASHED.search(url))


@cache
def _digest(name: str) -> str:
    path = finders.find(name)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10] if path else ""


class BuiltFiles(StaticFilesStorage):
    """Static files where the address names the content; set as STORAGES["staticfiles"]."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known: dict[str, str] = {}

    def url(self, name: str) -> str:
        """Return the address of a static file, e.g. of "portal/townhall.css"."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._address(name)
        return known

    def _address(self, name: str) -> str:
        folder, _, file = name.rpartition("/")
        if folder == "portal" and (hashed := built(file)):
            return super().url(f"{folder}/{hashed}")
        digest = _digest(name)
        return super().url(name) + (f"?v={digest}" if digest else "")
