"""Blanks in texts: filled by type and language, and nothing else is ever read in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from townhall.catalogue.engine import letters
from townhall.catalogue.engine.assessment import assess
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.tests.conftest import at
from townhall.rules.engine import ABSENT, UNKNOWN, Money

VALUES = {
    "fee": Money(Decimal("1234.5"), "GBP"),
    "day": date(2026, 3, 1),
    "months": "12",
    "vehicle": {"make": "Mini", "keeper": ABSENT},
    "nothing": ABSENT,
    "open": UNKNOWN,
    "evil": "{fee} {{x}} <b>",
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pay {fee} by {day}.", "Pay £1,234.50 by 1 March 2026."),
        ("A {vehicle.make}{vehicle.keeper}{vehicle.nope}{nothing}{open}.", "A Mini."),
        ("{{fee}} is {fee}", "{fee} is £1,234.50"),
        ("{service} of {agency}", "Resident parking permit of Transport"),
        ("{evil}", "{fee} {{x}} <b>"),
        ("{fee.__class__} {0} {fee!r} { fee }", "{fee.__class__} {0} {fee!r} { fee }"),
        ("{fee.amount}{vehicle.make.upper}", ""),
        ("{__import__('os')} ${7*7} {%if%}", "{__import__('os')} ${7*7} {%if%}"),
        ("{", "{"),
    ],
)
def test_blanks_are_filled_once_and_nothing_is_executed(
    permit: Definition, text: str, shown: str
) -> None:
    assert letters.fill({"en": text}, VALUES, "en", permit) == shown


def test_each_language_writes_its_own_dates(permit: Definition) -> None:
    text = {"en": "On {day}", "cy": "Ar {day}"}
    assert letters.fill(text, VALUES, "cy", permit) == "Ar 1 Mawrth 2026"
    assert letters.fill(text, VALUES, "ar", permit).startswith("On ")


def test_a_fact_is_written_without_its_hidden_parts(permit: Definition) -> None:
    shape = permit.data["address"].shape
    assert shape is not None
    fields = {**shape.fields, "zone": replace(shape.fields["zone"], hidden=True)}
    address = replace(permit.data["address"], shape=replace(shape, fields=fields))
    hiding = replace(permit, data={**permit.data, "address": address})
    values = {"address": {"line1": "1 Row", "zone": "A"}}
    assert letters.fill({"en": "{address}"}, values, "en", permit) == "1 Row, A"
    assert letters.fill({"en": "{address}"}, values, "en", hiding) == "1 Row"
    # Asked for by name it is told: the author wants it there.
    assert letters.fill({"en": "{address.zone}"}, values, "en", hiding) == "A"


def test_a_choice_is_written_with_its_words(small: Callable) -> None:
    definition = small(
        "  kind: {type: choice, ask: K, options: {a: The first, b: The second}}\n"
        "  many: {type: choice, several: yes, ask: M, options: {a: First, b: Second}}\n",
        more='letters: {granted: {title: "{kind}", text: ["{many}", {if: "kind == \'b\'", '
        "text: B}]}}\n",
    )
    situation = at(answers={"kind": "a", "many": ["a", "b"]})
    values = assess(definition, situation).values
    shown = letters.render(definition.letters["granted"], values, "en", definition)
    assert shown == letters.RenderedLetter("The first", ("First, Second",))
