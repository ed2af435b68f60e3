"""What a new version must own up to: lost states, and questions that mean something else.

A changed meaning under the same key is the worst change of all: old answers
would be read as answers to a question that nobody asked.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final

from townhall.catalogue.engine.definition import Datum, Definition

_SIMILAR: Final = 0.5


def unmapped_states(old: Definition, new: Definition) -> tuple[str, ...]:
    """Return states that the new version drops without saying where their cases go."""
    return tuple(
        name
        for name, state in old.flow.items()
        if not state.end and name not in new.flow and new.migrate.states.get(name) not in new.flow
    )


def unexplained_meanings(old: Definition, new: Definition) -> tuple[Datum, ...]:
    """Return questions whose words changed strongly under the same key, unmarked."""
    found = []
    language = next(iter(new.languages), "en")
    for name, datum in new.data.items():
        before = old.data.get(name)
        if before is None or datum.changed_meaning or before.type != datum.type:
            continue
        if means_other(before, datum, language):
            found.append(datum)
    return tuple(found)


def means_other(old: Datum, new: Datum, language: str) -> bool:
    """Say whether the words in the town hall's first language, or the options, differ strongly."""
    before, after = old.ask.get(language, ""), new.ask.get(language, "")
    if before and after and SequenceMatcher(None, before, after).ratio() < _SIMILAR:
        return True
    values = {each.value for each in old.options}
    kept = values & {each.value for each in new.options}
    return bool(values) and len(kept) * 2 < len(values)
