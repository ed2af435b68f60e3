"""`what_if:`: which numbers people may try out before they send, and which result is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from townhall.catalogue.engine.casework import WhatIf
from townhall.catalogue.engine.definition import Datum, Result
from townhall.catalogue.engine.problems import did_you_mean
from townhall.catalogue.engine.reader import Reader
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import NUMBER, MoneyType

WHAT_IF_KEYS: Final = ("change", "draw")
_NUMBERS: Final = ("money", "number")


def what_if(
    reader: Reader,
    node: Node | None,
    data: Mapping[str, Datum],
    results: Mapping[str, Result],
) -> WhatIf | None:
    """Read `what_if:`; names that do not fit are errors."""
    if node is None:
        return None
    parts = reader.section(node, "what_if", WHAT_IF_KEYS)
    change = reader.words(parts.get("change"), "what_if.change")
    if not change:
        reader.error(
            node.line, "what_if names nothing that can be changed.", "Add  change: [<datum>]."
        )
    for name in change:
        line = parts["change"].line
        if name not in data:
            reader.error(
                line, f'what_if.change: "{name}" is no datum.', did_you_mean(name, tuple(data))
            )
        elif data[name].kind != "asked" or data[name].type not in _NUMBERS:
            reader.error(
                line,
                f"what_if.change: {name} is no number that people are asked for.",
                "Name data of  type: money  or  type: number.",
            )
    numeric = [
        name
        for name, result in results.items()
        if isinstance(result.value.type, MoneyType) or result.value.type == NUMBER
    ]
    draw = reader.plain(parts.get("draw"), "what_if.draw", numeric[0] if numeric else "")
    if draw not in numeric:
        reader.error(
            node.line,
            f'what_if.draw: "{draw}" is no result that is a number.',
            did_you_mean(draw, tuple(numeric)) or "Add a result under  results:.",
        )
        return None
    return WhatIf(change, draw, node.line)
