"""Why a case of the second source does not agree, with the law that decides.

The tables lie beside: one a part of the law. Of several keys that begin a case's name the longest
counts. What is in no table is ours to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from townhall.packs.uk.verification import MissClass, misses_benefits, misses_tax
from townhall.packs.uk.verification.policyengine_cases import Case

UNEXPLAINED: tuple[MissClass, str] = ("ours", "our rule says otherwise, or is not written")


@cache
def table() -> Mapping[str, tuple[MissClass, str]]:
    """Return the explained misses of all parts of the law."""
    return {**misses_tax.MISSES, **misses_benefits.MISSES}


def classified(case: Case) -> tuple[MissClass, str]:
    """Return class and reason of a case that does not agree."""
    fitting = [key for key in table() if _begins(key, case.name)]
    return table()[max(fitting, key=len)] if fitting else UNEXPLAINED


def _begins(key: str, name: str) -> bool:
    return name == key if "#" in key else name.startswith(key)
