"""The look of the house: every component and every public page, seen by Chromium and by axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from townhall.portal.tests.browser import (
    DESKTOP,
    LOOKS,
    PHONE,
    Look,
    assert_accessible,
    picture,
)

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]
PUBLIC = (
    "/",
    "/services",
    "/services/resident-permit",
    "/services/towing-rules",
    "/services/towing-rules/questions",
    "/events/having-a-child",
    "/agencies/transport",
    "/search?q=parking+outside+my+house",
    "/search?q=zzzz",
    "/councils?q=kent",
    "/councils/camden",
    "/verify",
    "/verify/AAAA-BBBB",
    "/accessibility",
    "/developers",
    "/privacy",
    "/what-can-i-get",
    "/what-can-i-get/household",
    "/rules",
    "/rules?q=child",
    "/rules?q=zzzz",
    "/rules/child_benefit_weekly",
    "/rules/child_benefit_weekly?try=1&ages=three",
    "/rules/date_of_birth",
    "/rules/rates/child_benefit.eldest",
    "/no-such-page",
)


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_every_component_is_accessible(visit: Visit, look: Look, direction: str) -> None:
    page = visit(f"/design?dir={direction}", look)
    assert page.evaluate("document.documentElement.dir") == direction
    picture(page, f"design-{direction}-{look}")
    assert_accessible(page)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_public_page_is_accessible(visit: Visit, look: Look) -> None:
    page = visit("/", look)
    for path in PUBLIC:
        page.goto(path)
        picture(page, f"public{path.replace('/', '-').partition('?')[0]}-{look}")
        assert_accessible(page)


def test_the_switch_of_colours_works_without_script_and_is_kept(visit: Visit) -> None:
    page = visit("/services", Look(script=False))
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light = _without_script(page, paper)
    page.locator(".th-tools button[name=theme][value=dark]").click()
    assert page.url.endswith("/services")
    dark = _without_script(page, paper)
    assert light != dark
    page.goto("/privacy")
    assert _without_script(page, paper) == dark
    page.locator("footer button[name=theme][value=auto]").click()
    assert _without_script(page, paper) == light


def test_the_language_is_switched_without_script_and_is_kept(visit: Visit) -> None:
    page = visit("/services", Look(script=False))
    page.locator("button[name=language][value=cy]").click()
    assert page.locator("html").get_attribute("lang") == "cy"
    page.goto("/")
    assert page.locator("h1").inner_text() == "Beth sydd ei angen arnoch heddiw?"


def test_the_first_tab_skips_to_the_content(visit: Visit) -> None:
    page = visit("/services", DESKTOP)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "th-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_focus_is_visible_on_everything_that_takes_it(visit: Visit) -> None:
    page = visit("/design", DESKTOP)
    seen: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const at = document.activeElement;
              const ring = (e) => e && getComputedStyle(e).outlineStyle !== "none"
                && parseFloat(getComputedStyle(e).outlineWidth) >= 2;
              const shown = ring(at) || ring(at.closest("label")) || ring(at.closest(".ds-card"))
                || ring(at.closest(".th-map"));
              return [at.outerHTML.slice(0, 120), shown];
            }"""
        )
        if found[0].startswith("<body"):
            continue  # past the last control, on the way back to the first
        seen.add(found[0])
        assert found[1], found[0]
    assert len(seen) > 40


def test_pages_print_without_what_cannot_be_pressed_on_paper(visit: Visit) -> None:
    page = visit("/services/resident-permit", DESKTOP)
    page.emulate_media(media="print")
    assert not page.locator(".th-nav").is_visible()
    assert not page.locator(".th-tools").is_visible()
    assert page.locator("h1").is_visible()


def test_text_can_be_enlarged_without_reading_sideways(visit: Visit) -> None:
    # WCAG 1.4.10: 1280 px at 400 % is a window of 320 px.
    page = visit("/design", Look(width=320))
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_press_on_the_map_is_a_place_with_and_without_script(visit: Visit) -> None:
    chosen = []
    for look in (PHONE, Look(width=390, script=False)):
        page = visit("/services/street-problem", look)
        page.locator("main form button[data-main]").click()
        page.locator("select[name=category]").select_option("litter")
        page.locator("main form button[data-main]").click()
        page.locator("input[type=image]").click(position={"x": 200, "y": 300})
        page.locator(".th-pin").wait_for()
        chosen.append(page.locator("input[name='spot.lat']").input_value())
        assert page.locator("input[name='spot.words']").input_value().startswith("Near ")
    assert chosen[0] == chosen[1] != ""


def test_enter_in_a_field_continues_and_does_not_press_the_map(visit: Visit) -> None:
    page = visit("/services/street-problem", Look(script=False))
    page.locator("main form button[data-main]").click()
    page.locator("select[name=category]").select_option("litter")
    page.locator("main form button[data-main]").click()
    page.locator("input[name='spot.words']").fill("by the fountain")
    page.locator("input[name='spot.words']").press("Enter")
    assert page.url.endswith("/more")


def test_a_question_that_hangs_on_another_appears_at_once_and_keeps_the_focus(
    visit: Visit,
) -> None:
    page = visit("/services/street-problem", DESKTOP)
    page.locator("main form button[data-main]").click()
    assert page.locator("input[name=danger]").count() == 0
    page.locator("select[name=category]").select_option("pothole")
    page.locator("input[name=danger]").first.wait_for()
    assert page.locator("select[name=category]").input_value() == "pothole"
    page.locator("select[name=category]:focus").wait_for()  # once the script has put it there
    assert page.locator(".ds-error-summary").count() == 0


def test_an_error_is_summed_up_focused_and_leads_to_its_field(visit: Visit) -> None:
    page = visit("/services/street-problem", DESKTOP)
    page.locator("main form button[data-main]").click()
    page.locator("select[name=category]").wait_for()
    page.locator("main form button[data-main]").click()
    summary = page.locator(".ds-error-summary")
    page.locator(".ds-error-summary:focus").wait_for()  # once the script has put it there
    assert page.title().startswith("Error: ")
    summary.locator("a").click()
    assert page.evaluate("document.activeElement.name") == "category"
    assert_accessible(page)


def _without_script(page: Any, expression: str) -> Any:
    """Evaluate in the page although its own scripts are off: the protocol still may."""
    return page.evaluate(expression)
