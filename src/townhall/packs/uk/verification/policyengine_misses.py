"""Why a case of the second source does not agree, with the law that decides.

The key is the beginning of a case's name (`file#position`, or a whole file); the longest that fits
counts. What is not here is ours to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from townhall.packs.uk.verification import MissClass
from townhall.packs.uk.verification.policyengine_cases import Case

MISSES: Final[Mapping[str, tuple[MissClass, str]]] = {}


def classified(case: Case) -> tuple[MissClass, str]:
    """Return class and reason of a case that does not agree."""
    fitting = [key for key in MISSES if case.name == key or case.name.startswith(key)]
    if fitting:
        return MISSES[max(fitting, key=len)]
    return "ours", "our rule says otherwise, or is not written"
