"""Why: a trace of the rules as nested lines, with the service's own words for facts."""

from __future__ import annotations

import re
from typing import Any

from townhall.catalogue.engine.datatypes import display_value
from townhall.catalogue.engine.definition import Datum, Definition
from townhall.catalogue.engine.shapes import Shape
from townhall.foundation.text import current_language, gettext, pick
from townhall.rules.engine import ABSENT, UNKNOWN, Step

_IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

Line = dict[str, Any]
# A version of a definition never changes, so neither do its words.
_known: dict[tuple[str, str], dict[str, str]] = {}
_MOST = 256


def trace(step: Step | None, definition: Definition | None = None) -> Line | None:
    """Return a trace for the macro `trace_tree`: words, and the lines that they rest on.

    Parameters
    ----------
    definition : gives facts their names; without it they go by their keys.
    """
    if step is None:
        return None
    language = current_language()
    if step.kind == "law":
        return _law(step, language, _goals(definition) - {step.name})
    root: Line = {"words": "", "children": []}
    path = [root]
    named = labels(definition, language) if definition else None
    for depth, words in step.lines(language, named, _show):
        line: Line = {"words": words, "children": []}
        del path[depth + 1 :]
        path[-1]["children"].append(line)
        path.append(line)
    return root["children"][0] if root["children"] else None


def _goals(definition: Definition | None) -> frozenset[str]:
    """Return the rules of the law that are results of their own."""
    if definition is None:
        return frozenset()
    goals = (getattr(result.value, "name", "") for result in definition.results.values())
    return frozenset(goals)


def _law(step: Step, language: str, told: frozenset[str]) -> Line:
    """Return a step of the law as a line that folds out.

    Parameters
    ----------
    told : rules that are results of the service: where such a step ends, it is explained
        on its own line.
    """
    words = dict(step.told)
    return {
        "words": words.get(language) or words.get("en") or step.text,
        "children": [_law(each, language, told) for each in step.children],
        "fold": True,
        "elsewhere": step.name in told and step.operation == "rule" and not step.children,
    }


def _labels(definition: Definition, language: str) -> dict[str, str]:
    found = {"person.id": gettext("You", language), "today": gettext("Today", language)}
    for name, datum in definition.data.items():
        label = pick(datum.label, language) or name.replace("_", " ")
        found[name] = label
        for part, words in _parts(datum, language):
            found[f"{name}.{part}"] = f"{label}, {words}"
    if language == "en":  # the titles of rates are in English only
        for key in definition.pack.parameters:
            found[key] = definition.pack.parameters[key].title or key
    for name, result in definition.results.items():
        found[name] = pick(result.title, language) or name.replace("_", " ")
    return found


def labels(definition: Definition, language: str) -> dict[str, str]:
    """Return the words for the dotted names that expressions of a service use."""
    key = (definition.hash, language)
    found = _known.get(key)
    if found is None:
        if len(_known) >= _MOST:
            _known.clear()
        found = _known[key] = _labels(definition, language)
    return found


def _parts(datum: Datum, language: str) -> list[tuple[str, str]]:
    fields: dict[str, Any] = {}
    if datum.shape is not None:
        shape: Shape = datum.shape.item if datum.shape.item is not None else datum.shape
        fields = dict(shape.fields)
    fields.update(datum.fields)
    return [
        (name, (pick(field.title, language) or name.replace("_", " ")).lower())
        for name, field in fields.items()
    ]


def _show(name: str, value: Any) -> str:
    if value is UNKNOWN:
        return gettext("not known")
    if value is ABSENT:
        return gettext("not there")
    shown = display_value(value, current_language())
    # Somebody's number says nothing to a reader, and is nobody's business.
    if _IDENTIFIER.fullmatch(shown):
        return gettext("a person") if name.endswith("id") else gettext("a registered person")
    return re.sub(r"(, )?" + _IDENTIFIER.pattern, "", shown).removeprefix(", ")
