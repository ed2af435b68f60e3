"""A mother with two children asks what she can get, signed out, and goes on to the claim."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from townhall.portal.tests.browser import DESKTOP, PHONE, Look, assert_accessible, picture
from townhall.tests.journeys import steps

NO_SCRIPT = Look(script=False)
Visit = Callable[..., Any]
MOST_PAGES = 40


def begin(page: Any, *, children: int) -> None:
    """Start, and say that nobody else is there but the children."""
    page.get_by_role("link", name="Start now").click()
    steps.settle(page)
    say_who_lives_there(page, children=children)


def say_who_lives_there(page: Any, *, children: int) -> None:
    """Answer the first page: alone with the children."""
    steps.tick(page, "Do you live with a partner?", "No")
    steps.fill(page, "How many children", str(children))
    steps.go_on(page)


def answer(page: Any, born: dict[str, str]) -> None:
    """Answer the page that is there: born as said, pay from a job, and nothing rare."""
    part = page.url.rpartition("/")[2]
    dates = page.locator("main input[name$='.day']")
    for number in range(dates.count()):
        name = str(dates.nth(number).get_attribute("name")).removesuffix(".day")
        for each, value in zip(("day", "month", "year"), born[part].split(), strict=True):
            page.locator(f"input[name='{name}.{each}']").fill(value)
    if part == "you":
        steps.tick(page, "Do you live here permanently", "Yes")
    boxes = page.locator("main input[name^=ticked]").count()
    pay = page.get_by_label("Pay from jobs before tax", exact=True)
    if pay.count():
        pay.check()
    elif boxes:
        for none in page.get_by_label("None of these", exact=True).all():
            none.check()
    if part == "details":
        steps.fill(page, "How much", "900")
        page.get_by_label("For how long").select_option(label="a month")
    if dates.count() or boxes or part == "details":
        steps.go_on(page)
    else:
        steps.press(page, "I do not know")


def answer_all(page: Any) -> list[str]:
    """Answer until the result is there; return the pages that were asked."""
    born = {"you": "14 3 1990", "children": "2 9 2021"}
    asked: list[str] = []
    for _ in range(MOST_PAGES):
        if page.url.endswith("/result"):
            return asked
        assert page.url not in asked, "nothing is asked twice"
        asked.append(page.url)
        answer(page, born)
    raise AssertionError(f"no end after {asked}")


@pytest.mark.parametrize("look", [DESKTOP, PHONE, NO_SCRIPT], ids=str)
def test_a_mother_sees_what_she_can_get_and_why(visit: Visit, look: Look) -> None:
    page = visit("/", look)
    page.get_by_role("link", name="Find out what you can get").click()
    steps.settle(page)
    begin(page, children=2)
    assert "Child Benefit" in steps.text(page), "every programme is answered at any time"
    if look == DESKTOP:
        picture(page, "what-can-i-get-question")
    if look != NO_SCRIPT:
        assert_accessible(page)
    asked = answer_all(page)
    assert len(asked) > 3
    assert steps.heading(page) == "What you can get"
    told = steps.text(page)
    assert re.search(r"Child Benefit\s+Yes\s+£2,\d{3}\.\d\d a year", told)
    assert "£900.00 a month" in told
    if look == DESKTOP:
        picture(page, "what-can-i-get-result")
    card = page.get_by_role("article", name="Child Benefit")
    card.get_by_text("The whole explanation").click()
    assert card.get_by_text("SSCBA 1992 s.145").first.is_visible()
    if look != NO_SCRIPT:
        assert_accessible(page)
    card.get_by_role("link", name="About the claim").click()
    steps.settle(page)
    assert page.url.endswith("/services/child-benefit")


@pytest.mark.parametrize("look", [DESKTOP, PHONE, NO_SCRIPT], ids=str)
def test_signed_in_the_registers_answer_what_they_know(visit: Visit, look: Look) -> None:
    page = visit("/what-can-i-get", look, as_demo="megan")
    if look != NO_SCRIPT:
        assert_accessible(page)
    steps.press(page, "Use the registers")
    assert "2 children" in steps.text(page)
    assert page.get_by_label("How many children").count() == 0
    steps.tick(page, "Do you live with a partner?", "No")
    if look == DESKTOP:
        picture(page, "what-can-i-get-registers")
    if look != NO_SCRIPT:
        assert_accessible(page)
    steps.go_on(page)
    page.goto("/what-can-i-get/result")
    told = steps.text(page)
    assert re.search(r"Child Benefit\s+Yes\s+£2,\d{3}\.\d\d a year", told)
    assert "From the income register, today" in told
    if look != NO_SCRIPT:
        assert_accessible(page)
    page.get_by_role("link", name="Change Pay from jobs before tax").click()
    steps.settle(page)
    steps.fill(page, "How much", "900")
    page.get_by_label("For how long").select_option(label="a month")
    steps.go_on(page)
    page.goto("/what-can-i-get/result")
    assert "£900.00 a month" in steps.text(page)
    page.goto("/me/looked")
    assert "To work out what you can get, because you asked for it" in steps.text(page)


def test_signed_in_the_answers_go_into_the_claim(visit: Visit) -> None:
    page = visit("/what-can-i-get", DESKTOP, as_demo="megan")
    page.get_by_role("link", name="Start without the registers").click()
    steps.settle(page)
    say_who_lives_there(page, children=0)
    page.goto("/what-can-i-get/result")
    card = page.get_by_role("article", name="Universal Credit")
    card.get_by_role("button", name="Claim with these answers").click()
    steps.settle(page)
    assert "/apply/" in page.url
    group = page.get_by_role("group", name="Do you live with a partner")
    assert group.get_by_label("No", exact=True).is_checked(), "it is not asked twice"


def test_answers_can_be_changed_back_works_and_clear_forgets(visit: Visit) -> None:
    page = visit("/what-can-i-get", DESKTOP)
    begin(page, children=1)
    first = page.url
    answer(page, {"you": "14 3 1990", "children": "2 9 2021"})
    page.get_by_role("link", name="Back").click()
    steps.settle(page)
    assert page.url == first
    assert page.locator("input[name$='.year']").first.input_value() in ("1990", "2021")
    page.go_back()
    page.get_by_role("link", name="See the result so far").first.click()
    steps.settle(page)
    page.get_by_role("link", name="Change Who lives with you").click()
    steps.settle(page)
    steps.fill(page, "How many children", "0")
    steps.go_on(page)
    page.goto("/what-can-i-get/result")
    assert "You alone" in steps.text(page)
    steps.press(page, "Clear my answers")
    assert steps.heading(page) == "What can I get?"
    page.goto("/what-can-i-get/result")
    assert page.url.endswith("/what-can-i-get"), "nothing is left"


def test_the_keyboard_alone_goes_through_and_an_error_is_told(visit: Visit) -> None:
    page = visit("/what-can-i-get/household", DESKTOP)
    page.get_by_label("How many children").focus()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    steps.settle(page)
    assert page.get_by_role("alert").get_by_role("link").inner_text().endswith("Choose yes or no.")
    assert page.evaluate("document.activeElement.className") == "ds-error-summary"
    assert_accessible(page)
    page.get_by_label("No", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    steps.settle(page)
    assert not page.url.endswith("/household")


def test_a_rule_is_read_and_tried(visit: Visit) -> None:
    page = visit("/rules", DESKTOP)
    page.get_by_role("searchbox", name="Which rule or rate?").fill("child benefit a week")
    steps.press(page, "Find")
    page.get_by_role("link", name="Child Benefit a week", exact=True).first.click()
    assert steps.heading(page) == "Child Benefit a week"
    page.get_by_label("Ages of the children").fill("1, 4, 9")
    steps.press(page, "Work it out")
    assert re.search(r"£\d\d\.\d\d a week", page.locator(".th-award-sum").first.inner_text())
    assert_accessible(page)
    picture(page, "rule-tried")
