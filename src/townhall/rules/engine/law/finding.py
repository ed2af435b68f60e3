"""The law that a pack brings: `UK` of `townhall.packs.uk.rules`, for the pack `uk`."""

from __future__ import annotations

import importlib
import importlib.util
from functools import lru_cache

from townhall.rules.engine.law.lawbook import Lawbook


@lru_cache(maxsize=8)
def lawbook_of(pack: str) -> Lawbook | None:
    """Return the law of a pack by its key; None if the pack brings none.

    Raises
    ------
    LawError
        If it cannot be read.
    """
    name = f"townhall.packs.{pack}.rules"
    try:
        if importlib.util.find_spec(name) is None:
            return None
    except ModuleNotFoundError:
        return None
    found = getattr(importlib.import_module(name), pack.upper(), None)
    return found if isinstance(found, Lawbook) else None
