"""Each service of the borough, by the people of the tour, from the first page to the decision."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from townhall.portal.tests.browser import DESKTOP, PHONE, Look, assert_accessible, picture
from townhall.tests.journeys import steps

NO_SCRIPT = Look(script=False)
Visit = Callable[..., Any]


def claim(page: Any) -> None:
    """Claim Child Benefit for the children that the register knows."""
    steps.start(page, "child-benefit")
    assert "From the population register" in steps.text(page)
    steps.tick(page, "Are these all the children", "Yes, these children")
    steps.go_on(page)
    steps.fill(page, "Sort code", "200415")
    steps.fill(page, "Account number", "12345678")
    steps.go_on(page)


@pytest.mark.parametrize("look", [DESKTOP, PHONE, NO_SCRIPT], ids=str)
def test_a_mother_claims_child_benefit(visit: Visit, work: Callable[[], None], look: Look) -> None:
    page = visit("/services/child-benefit", look, as_demo="megan")
    claim(page)
    assert steps.heading(page) == "Check your answers"
    assert "£44.95" in steps.text(page), "the amount is known before it is sent: 27.05 + 17.90"
    if look == DESKTOP:
        assert_accessible(page)
        picture(page, "check-your-answers")
    steps.send(page)
    assert steps.heading(page) == "We have received it"
    number = re.search(r"[A-Z]{4}-\d{4}-\d{6}", steps.text(page))
    assert number
    work()
    page.goto("/me")
    page.get_by_role("listitem").filter(has_text=number[0]).get_by_role("link").first.click()
    told = steps.text(page)
    assert "Decided by rule" in told
    assert "£44.95" in told
    page.get_by_text("The reasons, step by step").first.click()
    if look == DESKTOP:
        assert_accessible(page)
        picture(page, "decision")
    with page.expect_download() as letter:
        page.get_by_role("link", name="Your Child Benefit").click()
    assert letter.value.path().read_bytes().startswith(b"%PDF-")
    page.goto("/me/looked")
    assert "population register" in steps.text(page).lower(), "every read left a line"
    if look == DESKTOP:
        assert_accessible(page)
        picture(page, "who-looked")


def test_a_leased_car_waits_for_an_officer_who_asks_and_grants(
    visit: Visit, work: Callable[[], None]
) -> None:
    priya = visit("/", as_demo="priya")
    steps.start(priya, "resident-permit")
    steps.fill(priya, "Number plate", "QW24 LSE")
    steps.go_on(priya)
    steps.upload(priya, "Lease or letter", "lease.pdf")
    steps.go_on(priya)
    steps.tick(priya, "For how long", "6 months")
    steps.go_on(priya)
    steps.send(priya)
    work()

    isla = visit("/officer/", as_demo="isla.fenwick")
    assert "Resident parking permit" in steps.text(isla)
    assert_accessible(isla)
    picture(isla, "worklist")
    isla.get_by_role("link", name="Resident parking permit").first.click()
    assert "The rules leave this to you" in steps.text(isla)
    assert_accessible(isla)
    picture(isla, "officer-case")
    steps.press(isla, "Take it up")
    isla.get_by_role("link", name="Ask the resident").click()
    steps.press(isla, "Send the question")
    assert "Tick at least one thing" in steps.text(isla)
    isla.get_by_role("checkbox", name="Lease or letter").check()
    isla.get_by_label("Your message").fill("The second page of the lease is missing.")
    assert_accessible(isla)
    steps.press(isla, "Send the question")
    assert "clock stands still" in steps.text(isla)

    priya.goto("/me")
    priya.get_by_role("link", name="See what is needed").first.click()
    assert "The second page of the lease is missing." in steps.text(priya)
    priya.get_by_role("link", name="Answer now").click()
    assert_accessible(priya)
    assert "You sent: lease.pdf" in steps.text(priya)
    steps.upload(priya, "Lease or letter", "whole-lease.pdf")
    priya.get_by_role("button", name=re.compile("Send")).click()
    assert "Thank you" in steps.text(priya)

    isla.reload()
    isla.get_by_role("radio", name="Grant").check()
    steps.press(isla, "Decide")
    if "Give the reason" in steps.text(isla):
        isla.get_by_label("Reason").fill("The lease names you and the car.")
        steps.press(isla, "Decide")
    work()
    priya.reload()
    assert "Granted" in steps.text(priya)
    priya.goto("/me/looked")
    assert "Wrenford Parking and Transport" in steps.text(priya), "the officer's look is there"


def test_a_large_fee_needs_two_officers(visit: Visit, work: Callable[[], None]) -> None:
    grace = visit("/", as_demo="grace")
    steps.start(grace, "resident-permit")
    steps.fill(grace, "Number plate", "QW16 VAN")
    steps.go_on(grace)
    steps.tick(grace, "For how long", "12 months")
    steps.go_on(grace)
    steps.send(grace)
    number = re.search(r"[A-Z]{4}-\d{4}-\d{6}", steps.text(grace))
    assert number
    work()

    isla = visit("/officer/", as_demo="isla.fenwick")
    isla.get_by_label("Case number").fill(number[0])
    steps.press(isla, "Show")
    isla.get_by_role("link", name="Resident parking permit").first.click()
    file = isla.url
    isla.get_by_role("radio", name="Grant").check()
    isla.get_by_label("Reason").fill("All in order.")
    steps.press(isla, "Decide")
    assert "A colleague has to confirm it" in steps.text(isla)
    assert isla.get_by_role("button", name="Confirm it").count() == 0

    owen = visit("/officer/", as_demo="owen.tiller")
    owen.goto(file)
    assert_accessible(owen)
    picture(owen, "four-eyes")
    steps.press(owen, "Confirm it")
    assert "Granted" in steps.text(owen)


@pytest.mark.parametrize("look", [DESKTOP, NO_SCRIPT], ids=str)
def test_somebody_without_a_sign_in_reports_a_pothole(
    visit: Visit, work: Callable[[], None], look: Look
) -> None:
    page = visit("/", look)
    page.get_by_role("searchbox", name="Search in your own words").fill("hole in the road")
    steps.press(page, "Search")
    page.get_by_role("link", name="Report a street problem").first.click()
    steps.press(page, "Start now")
    steps.choose(page, "What is wrong?", "Pothole or broken road")
    steps.go_on(page)
    steps.tick(page, "Could somebody be hurt", "Yes")
    steps.go_on(page)
    page.locator("input[type=image]").click(position={"x": 200, "y": 150})
    steps.settle(page)
    assert "Near" in page.get_by_label("Where is it, in words?").input_value()
    if look == DESKTOP:
        assert_accessible(page)
        picture(page, "street-map")
    steps.go_on(page)
    steps.go_on(page)
    steps.send(page)
    assert steps.heading(page) == "We have received it"
    kept = page.url
    work()
    stranger = visit("/")
    assert stranger.goto(kept).status == 404, "without the key nobody opens it"

    nadia = visit("/officer/", as_demo="nadia.brook")
    nadia.get_by_role("link", name="Report a street problem").first.click()
    nadia.get_by_role("radio", name="Send a crew").check()
    nadia.get_by_label("Reason").fill("A crew comes tomorrow.")
    steps.press(nadia, "Decide")
    assert "Crew on its way" in steps.text(nadia)


def test_a_lamp_that_was_not_mended_after_all_is_reported_again_with_one_press(
    visit: Visit, work: Callable[[], None]
) -> None:
    amara = visit("/", PHONE, as_demo="amara")
    steps.start(amara, "street-problem")
    steps.choose(amara, "What is wrong?", "Street light")
    steps.go_on(amara)
    steps.tick(amara, "Could somebody be hurt", "No")
    steps.go_on(amara)
    amara.get_by_label("Where is it, in words?").fill("Outside 14 Weaver Street")
    steps.go_on(amara)
    steps.go_on(amara)
    steps.send(amara)
    picture(amara, "street-received")
    work()
    nadia = visit("/officer/", as_demo="nadia.brook")
    nadia.get_by_role("link", name="Report a street problem").first.click()
    for choice, reason in (("Send a crew", "Lamp 212 is dead."), ("Mended", "New lamp fitted.")):
        nadia.get_by_role("radio", name=choice).check()
        nadia.get_by_label("Reason").fill(reason)
        steps.press(nadia, "Decide")
    picture(nadia, "street-officer")
    work()
    amara.goto("/me")
    amara.get_by_role("link", name="Report a street problem").first.click()
    assert "You can do so until" in steps.text(amara)
    assert_accessible(amara)
    amara.get_by_role("link", name="Ask us to look again").click()
    steps.press(amara, "Open it again")
    assert "Say what is still wrong" in steps.text(amara)
    steps.fill(amara, "What is still wrong?", "It is dark again.")
    steps.press(amara, "Open it again")
    assert "Reported" in steps.text(amara)
    picture(amara, "street-opened-again")


def test_somebody_turning_eighteen_registers_to_vote(
    visit: Visit, work: Callable[[], None]
) -> None:
    leo = visit("/", PHONE, as_demo="leo")
    steps.start(leo, "register-to-vote")
    assert_accessible(leo)
    steps.tick(leo, "Have you moved", "No")
    steps.go_on(leo)
    steps.tick(leo, "open register", "No")
    steps.tick(leo, "vote by post", "Yes")
    steps.go_on(leo)
    steps.send(leo)
    picture(leo, "vote-received")
    work()
    leo.goto("/me")
    assert "Register to vote" in steps.text(leo)


@pytest.mark.parametrize("look", [DESKTOP, NO_SCRIPT], ids=str)
def test_guidance_keeps_nothing_and_says_what_applies(visit: Visit, look: Look) -> None:
    page = visit("/services/towing-rules", look)
    steps.press(page, "Find out")
    for _ in range(8):
        if page.get_by_role("button", name="Continue").count() == 0:
            break
        page.get_by_role("radio").first.check()
        steps.settle(page)
        steps.go_on(page)
        assert "=" not in page.url.partition("?")[2], "no answer in the address"
    assert page.get_by_role("button", name="Continue").count() == 0
    assert len(steps.text(page)) > 100
    if look.script:  # without script axe itself cannot run
        assert_accessible(page)
        picture(page, "guidance-outcome")


def test_a_letter_is_checked_by_anybody(visit: Visit) -> None:
    page = visit("/verify")
    assert_accessible(page)
    page.goto("/verify/ABCD-EFGH-JKLM-NPQR")
    assert "genuine" in steps.text(page).lower() or "no letter" in steps.text(page).lower()
