"""The trace in words: conclusion, reasons, the rate with its law, the fact."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from townhall.rules.engine import ABSENT, UNKNOWN, Duration, Money, Step, parse
from townhall.rules.engine.explain import MAX_ITEM_STEPS
from townhall.rules.engine.functions import FUNCTIONS
from townhall.rules.engine.graph import __doc__ as graph_doc
from townhall.rules.engine.steps import COMPILERS
from townhall.rules.engine.vocabulary import DATE_PHRASES, LANGUAGES, PHRASES

from .world import PERMIT, SCOPE


def trace(text: str, **changes: Any) -> Step:
    step = parse(text, SCOPE).evaluate({**PERMIT, **changes}, trace=True).step
    assert step is not None
    return step


def test_a_rate_comes_with_its_law_and_its_day() -> None:
    assert trace("rate('cb.eldest') * 52").render() == (
        "rate cb.eldest times 52: £1,354.60\n"
        "  rate cb.eldest: £26.05 a week from 6 April 2025 [SI 2006/965 reg. 2(1)(a)]"
    )
    assert trace("rate('cb.eldest') * 52").render("cy") == (
        "cyfradd cb.eldest wedi'i luosi â 52: £1,354.60\n"
        "  cyfradd cb.eldest: £26.05 yr wythnos o 6 Ebrill 2025 [SI 2006/965 reg. 2(1)(a)]"
    )


def test_labels_and_the_services_own_way_of_writing_are_used() -> None:
    told = trace("fee > 200 and months == 12").render(
        labels={"fee": "the fee", "months": "how long the permit is for"},
        show=lambda name, value: "a year" if name == "months" else str(value),
    )
    assert told == (
        "all of these hold: yes\n"
        "  the fee is more than £200: yes\n"
        "    the fee: 250 GBP\n"
        "  how long the permit is for is 12: yes\n"
        "    how long the permit is for: a year"
    )


def test_only_what_decided_is_told() -> None:
    step = trace("fee > 200 and resident and n > 9")
    assert [child.text for child in step.children] == ["n > 9"]
    step = trace("fee > 900 or n > 4 or resident")
    assert [child.text for child in step.children] == ["n > 4", "resident"]
    step = trace("if n > 4 then fee else income")
    assert [child.text for child in step.children] == ["n > 4", "fee"]
    step = trace("any(children, age < 16)")
    assert [child.item for child in step.children] == [0, 1]


def test_the_short_reason_names_the_ends() -> None:
    step = trace("resident and (fee > 200 or n > 9) and not present(lease)")
    assert [end.text for end in step.deciding()] == ["resident", "fee > 200", "present(lease)"]
    assert trace("vehicle.keeper == person.id").facts() == ("vehicle.keeper", "person.id")


def test_dates_are_before_and_after_and_money_is_more_and_less() -> None:
    assert trace("person.born < today").render().startswith("person.born is before today: yes")
    assert trace("fee < income").render().startswith("fee is less than income: yes")
    assert trace("person.born < today").render("cy").startswith("mae person.born cyn today: ie")


def test_what_is_not_known_or_not_given_says_so() -> None:
    assert trace("n > 3", n=UNKNOWN).render() == (
        "n is more than 3: not known yet\n  n: not known yet"
    )
    assert trace("not present(lease)").render() == ("lease is not given: yes\n  lease is given: no")


def test_a_list_tells_its_items_by_number() -> None:
    told = trace("all(children, age < 16)").render()
    assert told == (
        "each of children meets the condition: no\n"
        "  children: 2 entries\n"
        "  2. children.age is less than 16: no\n"
        "    children.age: 17"
    )


def test_a_long_list_is_cut() -> None:
    many = [{"age": Decimal(1)}] * 500
    assert len(trace("sum(children, age)", children=many).children) == MAX_ITEM_STEPS + 1


@pytest.mark.parametrize(
    ("given", "english", "welsh"),
    [
        (True, "yes", "ie"),
        (Money(Decimal("1234.5"), "GBP"), "£1,234.50", "£1,234.50"),
        (Money(Decimal("-0.125"), "GBP"), "-£0.125", "-£0.125"),
        (Money(Decimal(1200), "GBP"), "£1,200", "£1,200"),
        (Money(Decimal(3), "CHF"), "CHF 3", "CHF 3"),
        (Decimal("1234.50"), "1,234.5", "1,234.5"),
        (Decimal("1e50"), "1E+50", "1E+50"),
        (date(2026, 4, 6), "6 April 2026", "6 Ebrill 2026"),
        (Duration(months=14, days=1), "1 year 2 months 1 day", "1 flwyddyn 2 mis 1 diwrnod"),
        (Duration(), "0 days", "0 diwrnod"),
        (("a", "b"), "a, b", "a, b"),
        ((), "none", "dim"),
        ({"lat": Decimal(1), "words": "by the bridge"}, "by the bridge", "by the bridge"),
        ({"keeper": "p1", "make": None}, "keeper p1", "keeper p1"),
        ("x" * 300, "x" * 200 + " …", "x" * 200 + " …"),
        (UNKNOWN, "not known yet", "ddim yn hysbys eto"),
        (ABSENT, "not given", "heb ei roi"),
    ],
)
def test_values_as_people_write_them(given: Any, english: str, welsh: str) -> None:
    step = Step("x", given, kind="fact", name="x")
    assert step.render("en") == f"x: {english}"
    assert step.render("cy") == f"x: {welsh}"


def test_every_operation_and_function_has_words_in_both_languages() -> None:
    # A list is told by its items; an item of a list is a fact.
    wanted = (
        set(COMPILERS) - {"list", "item", "call"} - {"any", "all", "count", "sum", "min", "max"}
    )
    wanted |= {function.name for function in FUNCTIONS}
    for language in LANGUAGES:
        assert wanted <= set(PHRASES[language])
    assert set(PHRASES["en"]) == set(PHRASES["cy"])
    assert set(DATE_PHRASES["en"]) == set(DATE_PHRASES["cy"])
    for operation in COMPILERS:
        assert f"`{operation}`" in str(graph_doc), "the graph's reference lists every operation"


def test_words_with_braces_do_no_harm() -> None:
    assert "{0.__class__}" in trace("words == '{0.__class__}'", words="x").render()


def test_an_unknown_language_is_told_in_english() -> None:
    assert trace("resident").render("xx") == "resident: yes"


def test_a_stored_trace_reads_word_for_word_the_same() -> None:
    step = trace("any(children, age < 16) and rate('cb.eldest') > 3 and today > person.born")
    stored = json.dumps(step.to_data())
    again = Step.from_data(json.loads(stored))
    assert again.render() == step.render()
    assert again.render("cy") == step.render("cy")


@pytest.mark.parametrize("data", [{}, {"text": "x"}, {"text": "x", "value": {"odd": 1}}])
def test_what_is_no_trace_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not the data of a trace"):
        Step.from_data(data)
