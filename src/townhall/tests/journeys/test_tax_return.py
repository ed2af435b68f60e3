"""A tax return: filled in beforehand, every amount explained, tried out, sent, changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from townhall.portal.tests.browser import (
    DESKTOP,
    PHONE,
    Look,
    assert_accessible,
    picture,
)
from townhall.tests.journeys import steps

NO_SCRIPT = Look(script=False)
DARK = Look(theme="dark")
Visit = Callable[..., Any]


def fill_in(page: Any, *, year: str = "6 April 2025 to 5 April 2026") -> None:
    """Fill in the return of a trader up to the page where everything is checked."""
    steps.start(page, "self-assessment")
    steps.tick(page, "Which tax year", year)
    steps.go_on(page)
    told = steps.text(page)
    assert "Wrenford Building Society" in told, "what banks reported needs no typing"
    assert "From the income register" in told
    steps.tick(page, "Is this all the pay", "Yes, that is all")
    steps.go_on(page)
    steps.tick(page, "Did you work for yourself", "Yes")
    if page.get_by_label("What did your business take in").count() == 0:
        steps.go_on(page)  # without scripts the page comes back with the new questions
    steps.fill(page, "What did your business take in", "52000")
    steps.fill(page, "What were its expenses", "13540")
    steps.go_on(page)
    steps.tick(page, "Did you let a home", "No")
    steps.go_on(page)
    steps.fill(page, "What did you pay into personal pensions", "0")
    steps.fill(page, "What did you give to charities", "0")
    steps.go_on(page)


@pytest.mark.parametrize("look", [DESKTOP, DARK, PHONE, NO_SCRIPT], ids=str)
def test_a_trader_sends_her_return(visit: Visit, work: Callable[[], None], look: Look) -> None:
    page = visit("/services/self-assessment", look, as_demo="grace")
    fill_in(page)
    assert steps.heading(page) == "Check your answers"
    told = steps.text(page)
    assert "£6,788.28" in told, "5,234.88 income tax and 1,553.40 National Insurance"
    explain(page)
    if look.script:
        assert_accessible(page)
    picture(page, f"tax-return-check-{look}")
    try_out(page, look)
    picture(page, f"tax-return-what-if-{look}")
    steps.send(page)
    assert re.search(r"[A-Z]{4}-\d{4}-\d{6}", steps.text(page))
    work()
    follow(page)
    told = steps.text(page)
    assert "Filed" in told
    assert "31 January 2027" in told, "by when to pay"
    assert "£6,788.28" in told
    explain(page)
    if look.script:
        assert_accessible(page)
    picture(page, f"tax-return-filed-{look}")
    with page.expect_download() as letter:
        page.get_by_role("link", name="Receipt for your tax return").click()
    assert letter.value.path().read_bytes().startswith(b"%PDF-")


def follow(page: Any) -> None:
    """Go on to the case, and wait until it is there."""
    page.get_by_role("link", name="Follow your case").click()
    page.wait_for_url("**/cases/*")
    page.get_by_role("heading", name="What happened so far").wait_for()
    steps.settle(page)


def explain(page: Any) -> None:
    """Open what an amount rests on: the law, the dated rate, the fact."""
    assert "Taxes Management Act 1970 s.59B" in opened(page, "Tax to pay").inner_text()
    part = opened(page, "Income tax")
    assert "ITA 2007" in part.inner_text()
    assert "Personal allowance" not in part.inner_text(), "one step at a time"
    everything = part.text_content()
    assert "£12,570" in everything, "the allowance with its law"
    assert "(you)" not in everything


def opened(page: Any, amount: str) -> Any:
    """Open the explanation of an amount, and return it."""
    summary = page.locator(".ds-details > summary", has_text=re.compile(f"^{amount}:"))
    summary.click()
    part = summary.locator("xpath=..")
    part.locator("ul").first.wait_for()
    return part


def try_out(page: Any, look: Look) -> None:
    """Take in 8,000 more, and see what that does, without saving anything."""
    part = page.locator("#what-if")
    assert "Nothing is saved" in part.inner_text()
    if look.script:
        slider = part.get_by_role("slider")
        slider.focus()
        with page.expect_response(re.compile("slide=")):
            slider.fill("60000")
        steps.settle(page)
    else:
        part.get_by_role("textbox").fill("60000")
        part.get_by_role("button", name="Work it out").click()
    part = page.locator("#what-if")
    told = part.inner_text()
    assert "£60,000.00 instead of £52,000.00" in told
    assert "£2,080.00 more" in told, "20 % tax and 6 % National Insurance"
    assert part.locator("svg polyline").count() == 1


def test_she_changes_what_she_sent(visit: Visit, work: Callable[[], None]) -> None:
    page = visit("/", as_demo="grace")
    fill_in(page)
    steps.send(page)
    work()
    follow(page)
    assert "You can do so until 31 January 2028" in steps.text(page)
    steps.press(page, "Change what you sent")
    told = steps.text(page)
    assert "takes the place of what you sent before" in told
    assert_accessible(page)
    picture(page, "tax-return-amend")
    page.get_by_role("link", name="Change Expenses of the business").click()
    steps.settle(page)
    steps.fill(page, "What were its expenses", "15540")
    steps.go_on(page)
    assert steps.heading(page) == "Check your answers"
    assert "£6,268.28" in steps.text(page)
    steps.send(page)
    work()
    follow(page)
    told = steps.text(page)
    assert "£6,268.28" in told
    assert "You changed what you had sent" in told
    assert page.get_by_role("link", name="Receipt for your tax return").count() == 2
    assert_accessible(page)
    picture(page, "tax-return-amended")


def test_a_late_return_explains_its_penalties(visit: Visit) -> None:
    page = visit("/", as_demo="grace")
    fill_in(page, year="6 April 2024 to 5 April 2025")
    everything = opened(page, "Penalties for the late return").text_content()
    assert "Finance Act 2009 Sch. 55 para. 4" in everything
    assert "31 January 2026" in everything
    assert "£100 at once" in everything
    picture(page, "tax-return-late")
