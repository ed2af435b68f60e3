"""An officer tries a reform on a population, and reads who gains and who loses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from townhall.portal.tests.browser import LOOKS, Look, assert_accessible, picture
from townhall.tests.journeys import steps

Visit = Callable[..., Any]
PEOPLE = (
    b"person_id,family_id,household_id,adult,date_of_birth,employment_income,"
    b"local_housing_allowance\n"
    b"1,1,1,yes,1990-01-01,%s,0\n2,1,1,no,2018-05-05,0,0\n3,2,2,yes,1950-02-02,0,0\n"
)


def choose_rate(page: Any, words: str, title: str, value: str) -> None:
    """Search for a rate, take it in, and write its new value."""
    page.get_by_label("Search for a rate").fill(words)
    steps.press(page, "Search")
    row = page.get_by_role("listitem").filter(has_text=title)
    row.get_by_role("button", name="Change it").first.click()
    steps.settle(page)
    changed = page.locator(".th-changes > li").last
    assert title.lower() in changed.inner_text().lower()
    changed.get_by_label("New value").fill(value)


def begin(page: Any) -> None:
    page.goto("/owner/")
    page.get_by_role("link", name="Try a reform on a population").click()
    page.get_by_role("link", name="Try a reform", exact=True).click()
    page.wait_for_url("**/owner/population/new")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_reform_on_an_invented_population(
    visit: Visit, work: Callable[[], None], look: Look
) -> None:
    page = visit("/owner/", look, as_demo="helen.voss")
    begin(page)
    assert_accessible(page)
    choose_rate(page, "child benefit", "eldest", "40")
    choose_rate(page, "basic rate", "basic rate", "21")
    page.get_by_label("Households", exact=True).select_option("1000")
    page.get_by_label("Name of the reform").fill("More for the eldest child")
    assert_accessible(page)
    picture(page, f"reform-form-{look}")
    steps.press(page, "Run it")
    assert "It is being worked out" in steps.text(page)
    assert_accessible(page)
    picture(page, f"reform-progress-{look}")
    work()
    page.get_by_role("heading", name="Who gains and who loses, by income").wait_for()
    said = steps.text(page)
    assert "These people are invented" in said
    assert "£40 a week" in said
    assert "10 (most)" in said
    assert page.locator(".th-shares svg rect").count() > 20
    assert_accessible(page)
    picture(page, f"reform-results-{look}")
    for opened in page.locator("details > summary").all():
        opened.click()
    assert_accessible(page)
    with page.expect_download() as handed:
        page.get_by_role("link", name="Download as CSV").click()
    assert handed.value.suggested_filename.endswith(".csv")
    steps.press(page, "Delete it")
    assert "Deleted" in steps.text(page)
    assert_accessible(page)


def test_a_file_without_script_its_error_and_the_mended_one(
    visit: Visit, work: Callable[[], None]
) -> None:
    page = visit("/owner/population/new", Look(script=False), as_demo="helen.voss")
    page.goto("/owner/population/new")
    choose_rate(page, "child benefit", "eldest", "40")
    for pay, outcome in ((b"much", "failed"), (b"30000", "done")):
        page.get_by_label("A file of yours").check()
        file = {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE % pay}
        page.get_by_label("File", exact=True).set_input_files(file)
        page.get_by_label("Take facts that the file lacks").check()
        page.get_by_role("button", name="Run it").click()
        assert "It is being worked out" in steps.text(page)
        work()
        # The page looks again by itself, also without script.
        again = page.get_by_role("link", name="Change it and try again")
        again.wait_for()
        if outcome == "failed":
            assert "employment_income" in steps.text(page)
            assert "“much” cannot be used" in steps.text(page)
            picture(page, "reform-errors")
            again.click()
    assert "2 households with 3 people" in steps.text(page)
    assert "One adult with children" in steps.text(page)
    page.goto("/owner/population")
    assert steps.text(page).count("people.csv") == 2
