"""The rule browser: every rule has a page, every number its law, and a trial says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from townhall.catalogue import operations as catalogue
from townhall.packs.uk.rules import UK
from townhall.portal.tests.browser import empty_tables

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def published(server: object, django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Publish the services once: the frame of every page names the town."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        catalogue.load_packs()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        empty_tables(server.owner_dsn)  # type: ignore[attr-defined]


@pytest.fixture
def visitor() -> Client:
    return Client()


def page_of(visitor: Client, path: str, status: int = 200) -> str:
    answer = visitor.get(path)
    assert answer.status_code == status, path
    html: str = answer.content.decode()
    assert len(re.findall(r"<h1\b", html)) == 1, path
    return html


def test_the_list_has_every_part_and_programmes_first(visitor: Client) -> None:
    html = page_of(visitor, "/rules")
    assert html.index("What people ask about most") < html.index("All parts of the law")
    for programme in UK.programmes.values():
        assert f'href="/rules/{programme.goal}"' in html
    assert UK.digest in html


@pytest.mark.parametrize("part", [book.name for book in UK.books])
def test_every_rule_and_fact_of_a_part_has_its_page(visitor: Client, part: str) -> None:
    book = next(each for each in UK.books if each.name == part)
    names = dict.fromkeys([*(each.name for each in book.versions), *(f.name for f in book.facts)])
    for name in list(names)[:6]:
        page_of(visitor, f"/rules/{name}")


@pytest.mark.parametrize("key", UK.parameters.keys()[::5])
def test_every_rate_has_its_page(visitor: Client, key: str) -> None:
    html = page_of(visitor, f"/rules/rates/{key}")
    assert "All values with their law" in html


def test_a_rule_says_what_it_says_with_rates_names_and_law(visitor: Client) -> None:
    html = page_of(visitor, "/rules/child_benefit_weekly")
    says = html[html.index('id="says"') : html.index('id="rates"')]
    assert re.search(r'<a href="/rules/rates/child_benefit.eldest">£\d+\.\d\d a week</a>', says)
    assert re.search(r'<a href="/rules/\w+">\[[^\]]+\]</a>', says), "the name of what it uses"
    assert "SSCBA 1992" in says
    assert "def child_benefit_weekly" in html
    assert "govuk_child_benefit" in html
    assert 'href="/rules/child_benefit_for_year"' in html, "what rests on it"
    assert "<svg" in html[html.index('id="around"') :]


def test_a_rate_shows_the_past_and_which_is_now(visitor: Client) -> None:
    html = page_of(visitor, "/rules/rates/child_benefit.eldest")
    assert "£20.30 a week" in html, "the rate of 2010"
    assert re.search(r"<tr data-here>.*?£\d+\.\d\d a week", html, re.DOTALL)
    assert 'role="img" aria-label="A line in steps: £20.30 a week' in html


def test_the_first_values_of_a_trial_give_a_result(visitor: Client) -> None:
    html = page_of(visitor, "/rules/child_benefit_weekly")
    assert "For these first values it comes to:" in html
    tried = page_of(visitor, "/rules/child_benefit_weekly?try=1&adults=2&ages=1,4,9")
    assert re.search(r'th-award-sum">£\d\d\.\d\d a week', tried)
    none = page_of(visitor, "/rules/child_benefit_weekly?try=1&adults=1&ages=")
    assert "There is no child to claim for" in none


def test_what_is_left_empty_is_not_known_and_gives_bounds(visitor: Client) -> None:
    html = page_of(visitor, "/rules/is_under_16?try=1")
    assert "yes or no" in html and "It depends on: Date of birth" in html


def test_a_trial_by_the_law_of_another_day_takes_the_rate_of_that_day(visitor: Client) -> None:
    now = page_of(visitor, "/rules/child_benefit_weekly?try=1&adults=1&ages=3")
    past = page_of(visitor, "/rules/child_benefit_weekly?try=1&adults=1&ages=3&on=2024-04-06")
    sums = [re.search(r'th-award-sum">([^<]+)', html) for html in (now, past)]
    assert all(sums) and sums[0][1] != sums[1][1]  # type: ignore[index]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ages=three", "Write the ages in whole years"),
        ("ages=3,25", "at most 19 years"),
        ("ages=" + ",".join(["1"] * 20), "up to 12 children"),
    ],
)
def test_bad_input_of_a_trial_is_told_and_nothing_is_worked_out(
    visitor: Client, query: str, words: str
) -> None:
    html = page_of(visitor, f"/rules/child_benefit_weekly?try=1&adults=1&{query}", status=422)
    assert words in html
    assert 'class="ds-error-summary"' in html
    assert "th-award-sum" not in html


@pytest.mark.parametrize("name", ["income_tax", "universal_credit"])
def test_a_large_rule_can_be_tried(visitor: Client, name: str) -> None:
    html = page_of(visitor, f"/rules/{name}")
    assert 'id="try-it"' in html and "th-award-sum" in html
    wrong = page_of(visitor, f"/rules/{name}?try=1&person.0.employment_income=lots", status=422)
    assert "Enter an amount of money" in wrong


@pytest.mark.parametrize("path", ["/rules/nothing", "/rules/rates/nothing", "/rules/rates/a.b"])
def test_what_is_no_rule_is_not_there(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_the_search_finds_by_title_law_and_name_and_is_not_fooled(visitor: Client) -> None:
    assert "Child Benefit a week" in page_of(visitor, "/rules?q=child+benefit+week")
    assert "/rules/child_benefit_weekly" in page_of(visitor, "/rules?q=SSCBA+1992+s.145")
    assert "No rule with these words" in page_of(visitor, "/rules?q=zzzz")
    assert "<script>alert" not in page_of(visitor, "/rules?q=<script>alert(1)</script>")


def test_rules_are_told_in_welsh(visitor: Client) -> None:
    visitor.post("/preferences", {"language": "cy", "next": "/rules"})
    html = page_of(visitor, "/rules/child_benefit_weekly")
    assert "Budd-dal Plant yr wythnos" in html and "yr wythnos" in html


def test_broken_law_says_so_and_works_nothing_out(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from townhall.rules import operations
    from townhall.rules.engine.law import LawError

    def broken() -> None:
        raise LawError('rules.py:1: "a" is no fact and no rule.')

    monkeypatch.setattr(operations, "lawbook", broken)
    for path in ("/rules", "/rules/income_tax", "/what-can-i-get"):
        html = page_of(visitor, path, status=503)
        assert "The rules cannot be read just now" in html
        assert "rules.py" not in html, "where it stands is for the log"


def test_a_town_hall_without_law_has_no_such_pages(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from townhall.rules import operations

    def none() -> None:
        raise operations.NoLaw("none")

    monkeypatch.setattr(operations, "lawbook", none)
    for path in ("/rules", "/rules/income_tax", "/what-can-i-get"):
        assert visitor.get(path).status_code == 404
