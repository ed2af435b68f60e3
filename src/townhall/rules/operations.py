"""The law of the town hall's jurisdiction, for every room above."""

from __future__ import annotations

from townhall.foundation import settings
from townhall.rules.engine.law import Lawbook
from townhall.rules.engine.law.finding import lawbook_of


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
    pack = settings.current().pack
    found = lawbook_of(pack)
    if found is None:
        raise NoLaw(f'The pack "{pack}" has no law that can be calculated.')
    return found
