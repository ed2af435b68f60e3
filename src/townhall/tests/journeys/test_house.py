"""The house as a whole: every page in every look, the keyboard, other directions, the workshop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from townhall.portal.tests.browser import LOOKS, Look, assert_accessible, picture
from townhall.tests.journeys import steps

Visit = Callable[..., Any]

PUBLIC = (
    "/",
    "/services",
    "/services/resident-permit",
    "/events/having-a-child",
    "/search?q=parking",
    "/search?q=zzzz",
    "/councils",
    "/verify",
    "/accessibility",
    "/developers",
    "/privacy",
    "/nothing-here",
    "/account/login/",
    "/account/signup/",
    "/account/demo",
    "/design",
)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_public_page_is_accessible(visit: Visit, look: Look) -> None:
    page = visit("/", look)
    for path in PUBLIC:
        page.goto(path)
        assert_accessible(page)
    page.goto("/")
    picture(page, f"home-{look}")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_behind_a_sign_in_is_accessible(visit: Visit, look: Look) -> None:
    page = visit("/me", look, as_demo="megan")
    for path in ("/me", "/me/looked", "/account/"):
        page.goto(path)
        assert_accessible(page)
    page = visit("/officer/", look, as_demo="helen.voss")
    for path in (
        "/officer/",
        "/owner/",
        "/owner/resident-permit",
        "/owner/resident-permit/change",
    ):
        page.goto(path)
        assert_accessible(page)
    page.goto("/owner/resident-permit")
    picture(page, f"workshop-{look}")


def test_the_keyboard_alone_finds_and_opens_a_service(visit: Visit) -> None:
    page = visit("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to the main content"
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "search":
            break
    page.keyboard.type("parking outside my house")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    for _ in range(40):
        page.keyboard.press("Tab")
        if "Resident parking permit" in page.evaluate("document.activeElement.textContent"):
            break
    seen = page.evaluate(
        "() => [document.activeElement, document.activeElement.closest('.th-card-link')]"
        ".some((each) => each && getComputedStyle(each).outlineStyle !== 'none')"
    )
    assert seen, "where the focus is must be seen"
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/resident-permit")


def test_an_error_is_told_where_it_is_and_the_focus_goes_there(visit: Visit) -> None:
    page = visit("/", as_demo="megan")
    steps.start(page, "child-benefit")
    steps.tick(page, "Are these all the children", "Yes, these children")
    steps.go_on(page)
    steps.fill(page, "Sort code", "12")
    steps.fill(page, "Account number", "12345678")
    steps.go_on(page)
    page.wait_for_selector(".ds-error-summary, .th-error")
    assert "six digits" in steps.text(page)
    assert page.get_by_label("Sort code").input_value() == "12", "what was typed is kept"
    assert_accessible(page)
    page.get_by_role("link", name="six digits").click()
    assert page.evaluate("document.activeElement.name") == "sort_code"


def test_welsh_from_the_first_page_to_the_service(visit: Visit) -> None:
    page = visit("/")
    steps.press(page, "Cymraeg")
    assert page.locator("html").get_attribute("lang") == "cy"
    page.goto("/services/resident-permit")
    assert steps.heading(page) == "Trwydded barcio i breswylwyr"
    assert_accessible(page)


def test_the_page_mirrors_for_right_to_left(visit: Visit) -> None:
    page = visit("/design?dir=rtl", Look(width=1280))
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert_accessible(page)
    picture(page, "right-to-left")


def test_an_owner_publishes_a_version_and_what_was_begun_stays_on_its_own(visit: Visit) -> None:
    megan = visit("/", as_demo="megan")
    steps.start(megan, "resident-permit")
    begun = megan.url

    helen = visit("/owner/resident-permit/change", as_demo="helen.voss")
    text = helen.get_by_label("The definition").input_value()
    broken = text.replace("vehicle.keeper ==", "vehicle.keper ==")
    helen.get_by_label("The definition").fill(broken)
    steps.press(helen, "Try it")
    assert "vehicle.keper" in steps.text(helen)
    assert helen.get_by_role("button", name="Publish it").count() == 0
    assert_accessible(helen)
    changed = text.replace("version: 1", "version: 2", 1).replace(
        "Number plate of the vehicle", "Registration number of the vehicle"
    )
    helen.get_by_label("The definition").fill(changed)
    steps.press(helen, "Try it")
    assert "Ready to be published" in steps.text(helen)
    steps.press(helen, "Publish it")
    assert "Published" in steps.text(helen)

    megan.goto(begun)
    assert "Number plate of the vehicle" in steps.text(megan)
    fresh = visit("/", as_demo="grace")
    steps.start(fresh, "resident-permit")
    assert "Registration number of the vehicle" in steps.text(fresh)
