"""The law of the town hall's jurisdiction, for every room above.

The pack that the settings name brings its law in a module `rules`, as `UK` of
`townhall.packs.uk.rules` is: the name of the pack in capitals.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import lru_cache

from townhall.foundation import settings
from townhall.rules.engine.law import Lawbook


class NoLaw(LookupError):
    """The pack has no law that can be calculated."""


def lawbook() -> Lawbook:
    """Return the law of the pack in use, read once for each process.

    Raises
    ------
    NoLaw
        If the pack brings none.
    LawError
        If it cannot be read.
    """
    return lawbook_of(settings.current().pack)


@lru_cache(maxsize=4)
def lawbook_of(pack: str) -> Lawbook:
    """Return the law of a pack by its name."""
    name = f"townhall.packs.{pack}.rules"
    if importlib.util.find_spec(name) is None:
        raise NoLaw(f'The pack "{pack}" has no law that can be calculated.')
    found = getattr(importlib.import_module(name), pack.upper(), None)
    if not isinstance(found, Lawbook):
        raise NoLaw(f'The pack "{pack}" has no law that can be calculated.')
    return found
