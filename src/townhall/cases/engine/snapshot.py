"""How facts are written down, and read back, as JSON.

A fact keeps what it was read for (`key`), from where, as of when, and when it was
read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from townhall.catalogue.engine.situation import Fact


def fact_to_json(fact: Fact, read_at: datetime) -> dict[str, Any]:
    """Return a fact as JSON, with the instant at which it was read."""
    return {
        "outcome": fact.outcome,
        "value": fact.value,
        "source": fact.source,
        "as_of": fact.as_of.isoformat() if fact.as_of else None,
        "register": fact.register,
        "key": fact.key,
        "read_at": read_at.isoformat(),
    }


def fact_from_json(stored: Mapping[str, Any]) -> Fact:
    """Return the fact that `fact_to_json` wrote."""
    as_of = stored["as_of"]
    return Fact(
        outcome=stored["outcome"],
        value=stored["value"],
        source=stored["source"],
        as_of=datetime.fromisoformat(as_of) if as_of else None,
        register=stored["register"],
        key=stored["key"],
    )


def facts_from_json(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Fact]:
    """Return the facts by datum."""
    return {name: fact_from_json(each) for name, each in stored.items()}


def read_at(stored: Mapping[str, Any]) -> datetime:
    """Return when a stored fact was read."""
    return datetime.fromisoformat(stored["read_at"])


def files_in(answers: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of the files that answers refer to, in groups too."""
    for value in answers.values():
        if not isinstance(value, list):
            continue
        for each in value:
            if isinstance(each, Mapping):
                if isinstance(each.get("file"), str) and "media_type" in each:
                    yield each["file"]
                else:
                    yield from files_in(each)
