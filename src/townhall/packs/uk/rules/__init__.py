"""The law of the United Kingdom as rules: each module is the book of one part of it.

`UK` is all of them with the pack's dated rates, made when it is first asked for.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import Book, Lawbook

PARAMETERS = Path(__file__).parents[1] / "parameters"
COVERS = (date(2024, 4, 6), date(2027, 4, 1))  # the minimum wage has its own year


def books() -> Iterable[Book]:
    """Return the book of every module beside this one that has one."""
    for module in sorted(each.name for each in pkgutil.iter_modules(__path__)):
        book = getattr(importlib.import_module(f"{__name__}.{module}"), "book", None)
        if isinstance(book, Book):
            yield book


def parameters() -> Parameters:
    """Return the dated rates of the pack; the tariffs of a borough are no law of the country."""
    entries: dict[str, Any] = {}
    for file in sorted(PARAMETERS.glob("*.yaml")):
        # BaseLoader makes nothing but texts: amounts and days stay as they are written.
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        found = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
        entries |= {key: entry for key, entry in found.items() if "values" in entry}
    return Parameters.from_mapping(entries)


@cache
def _law() -> Lawbook:
    return Lawbook(books(), parameters(), COVERS)


def __getattr__(name: str) -> Any:
    if name == "UK":
        return _law()
    raise AttributeError(name)
