"""A law has one digest, wherever it is installed, and another as soon as it says another thing."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from townhall.rules.engine import Parameters
from townhall.rules.engine.law import Lawbook, LawError, OpenFact, Situation

from .family_book import LAW

DAY = date(2025, 6, 1)
MODULE = '''"""The law of a small town."""

from townhall.rules.engine.law import GBP, PERSON, Book, Lawbook, rate, steps
from townhall.rules.engine import Parameters

RATES = {"fee": {"unit": "GBP", "cite": "An Act", "values": {"2020-01-01": 5}}}
TABLE = {0: 1, 10: 2}
OTHER = 3
book = Book("town")
book.fact("pages", PERSON, GBP, title={"en": "Pages"}, low=0)


def twice(value):
    return value + value


@book.rule(PERSON, GBP, title={"en": "Fee"}, cite="An Act s.1", because={"en": "So"})
def fee(pages):
    return twice(rate("fee")) + steps(pages, TABLE, 0, GBP)


book.programme("fee", goal="fee", title={"en": "Fee"})
LAW = Lawbook([book], Parameters.from_mapping(RATES))
'''


@pytest.fixture
def digest_of(tmp_path: Path) -> Iterator[object]:
    """The digest of a law whose module lies somewhere."""
    made: list[str] = []

    def digest(text: str, folder: str = "one") -> str:
        return _loaded(text, tmp_path / folder / str(len(made)), made).LAW.digest

    yield digest
    for name in made:
        sys.modules.pop(name, None)


def _loaded(text: str, folder: Path, made: list[str]) -> ModuleType:
    folder.mkdir(parents=True)
    file = folder / "town_law.py"
    file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("town_law", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["town_law"] = module
    made.append("town_law")
    spec.loader.exec_module(module)
    return module


def test_the_same_law_has_the_same_digest_wherever_it_lies(digest_of) -> None:
    assert digest_of(MODULE, "one") == digest_of(MODULE, "another/folder")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""The law of a small town."""', '"""The law of a small town.\n\nMore of it.\n"""'),
        ("OTHER = 3", "OTHER = 4"),
        ("OTHER = 3\n", "OTHER = 3\n\n\n\n"),
        ("RATES = {", "RATES: dict = {"),
    ],
)
def test_what_no_rule_says_does_not_change_it(digest_of, before: str, after: str) -> None:
    assert before in MODULE
    assert digest_of(MODULE) == digest_of(MODULE.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('twice(rate("fee"))', 'rate("fee")'),
        ("return value + value", "return value + value + value"),
        ("TABLE = {0: 1, 10: 2}", "TABLE = {0: 1, 10: 3}"),
        ('"2020-01-01": 5', '"2020-01-01": 6'),
        ('"2020-01-01": 5', '"2020-01-02": 5'),
        ('"cite": "An Act"', '"cite": "Another Act"'),
        ("low=0", "low=1"),
        ("low=0", "low=0, high=100"),
        ("low=0", 'low=0, usual="1.50"'),
        ('title={"en": "Pages"}', 'title={"en": "Sheets"}'),
        ('because={"en": "So"}', 'because={"en": "Therefore"}'),
        ('cite="An Act s.1"', 'cite="An Act s.2"'),
        ("@book.rule(PERSON, GBP,", '@book.rule(PERSON, GBP, from_="2021-01-01",'),
        ('book.programme("fee"', 'book.programme("fees"'),
    ],
)
def test_what_the_law_says_changes_it(digest_of, before: str, after: str) -> None:
    assert before in MODULE
    assert digest_of(MODULE) != digest_of(MODULE.replace(before, after))


def test_a_law_that_was_written_at_run_time_is_known_by_what_it_computes() -> None:
    digests = set()
    for text in ("pages + 1", "pages + 2", "pages + pages", "pages + 1"):
        scope: dict[str, object] = {"__name__": "at_run_time"}
        exec(f"def fee(pages):\n    return {text}\n", scope)  # only words of this test
        law = Lawbook([_with(scope["fee"])], Parameters())
        digests.add(law.digest)
    assert len(digests) == 3


def _with(function: object):
    from townhall.rules.engine.law import GBP, PERSON, Book

    book = Book("run")
    book.fact("pages", PERSON, GBP, title={"en": "Pages"})
    book.rule(PERSON, GBP, title={"en": "Fee"}, cite="An Act", because={"en": "So"})(function)
    return book


def test_the_order_of_the_books_does_not_change_it() -> None:
    again = Lawbook(reversed(LAW.books), LAW.parameters, LAW.covers)
    assert again.digest == LAW.digest


def test_nothing_that_a_citizen_reads_names_a_place_of_the_machine() -> None:
    law = LAW.on(DAY)
    with pytest.raises(OpenFact) as error:
        law.decide(["income_tax"], Situation([{}]), day=DAY)
    assert "/" not in str(error.value)
    places = [fact.at for fact in LAW.facts.values()]
    places += [each.source.at for versions in LAW.versions.values() for each in versions]
    assert not [place for place in places if place.startswith("/") or ":\\" in place]


def test_the_place_of_a_module_without_a_package_is_its_file(tmp_path: Path) -> None:
    broken = MODULE.replace("rate(", "rat(")
    made: list[str] = []
    module = _loaded(broken, tmp_path / "x", made)
    sys.modules.pop("town_law", None)
    with pytest.raises(LawError, match=r'^town_law\.py:17: "fee": NameError') as error:
        module.LAW.on(DAY)
    assert str(tmp_path) not in str(error.value)
