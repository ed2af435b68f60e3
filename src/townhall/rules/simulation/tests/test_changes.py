"""Which rates a reform may change, and what it is told otherwise."""

from __future__ import annotations

from decimal import Decimal

import pytest

from townhall.rules.simulation import changes
from townhall.rules.simulation.changes import ReformRefused
from townhall.rules.simulation.tests.small_law import DAY, LAW, STATISTICS

KNOWN = changes.rates(LAW.on(DAY), STATISTICS, DAY)


def test_rates_are_offered_on_which_what_is_counted_rests() -> None:
    assert set(KNOWN) == {"tax.free", "tax.rate", "child", "help/north", "help/south"}
    assert (KNOWN["tax.rate"].value, KNOWN["help/south"].value) == (20, 100)


def test_a_reform_in_yaml_reads_tariffs_in_both_ways() -> None:
    name, new = changes.read("name: Fair\nrates: {help/north: 5, help: {south: '6.50'}}", KNOWN)
    assert (name, new) == ("Fair", {"help/north": Decimal(5), "help/south": Decimal("6.50")})
    reform = changes.reform_of(LAW, KNOWN, new, DAY, name)
    assert reform.rates == {"help": {"north": Decimal(5), "south": Decimal("6.50")}}
    untouched = LAW.parameters["help"].row(DAY).value["north"]
    assert untouched.amount == 100


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rates: [", "no YAML"),
        ("rate: {child: 5}", 'has "rates"'),
        ("rates: {chlid: 5}", 'Did you mean "child"?'),
        ("rates: {help: 5}", "change one of its entries: help/north, help/south"),
        ("rates: {unused: 5}", "is no rate on which what is counted rests"),
        ("rates: {child: five}", 'number, not "five"'),
        ("rates: {child: -1}", "at least 0"),
        ("rates: {tax.rate: 101}", "at most 100"),
        ("rates: {child: .inf}", "is a number"),
        ("rates: {child: ''}", "no new value"),
    ],
)
def test_what_is_no_reform_says_why(text: str, words: str) -> None:
    with pytest.raises(ReformRefused) as caught:
        changes.read(text, KNOWN)
    assert words in str(caught.value)


def test_more_than_ten_rates_are_refused() -> None:
    many = {f"rate{number}": Decimal(1) for number in range(11)}
    with pytest.raises(ReformRefused, match="at most 10"):
        changes.reform_of(LAW, KNOWN, many, DAY, "much")
