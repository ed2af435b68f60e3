"""What can I get?, as pages: nothing stored, nothing in an address, every answer changeable."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from townhall.catalogue import operations as catalogue
from townhall.packs.uk.rules import UK
from townhall.portal.carrying import carried
from townhall.portal.entitled_kept import COOKIE
from townhall.portal.tests.browser import empty_tables
from townhall.rules.answers import Answers

pytestmark = pytest.mark.django_db
BASE = "/what-can-i-get"
FAMILY = {"couple": "no", "children": "1"}


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


def page_of(visitor: Client, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def born(member: int, year: int) -> dict[str, str]:
    name = f"person.{member}.date_of_birth"
    return {f"{name}.day": "5", f"{name}.month": "6", f"{name}.year": str(year)}


def with_a_child(visitor: Client, year: int = 2020) -> None:
    """Answer who lives there, and when a single parent and the child were born."""
    visitor.post(f"{BASE}/household", FAMILY)
    visitor.post(f"{BASE}/you", born(0, 1990) | {"person.0.is_resident_for_benefits": "yes"})
    answer = visitor.post(f"{BASE}/children", born(1, year))
    assert answer.status_code == 302


def test_it_begins_with_who_lives_there_and_asks_no_sign_in(visitor: Client) -> None:
    html = page_of(visitor, BASE)
    assert "Start now" in html and "Child Benefit" in html
    html = page_of(visitor, f"{BASE}/household")
    assert "Do you live with a partner?" in html
    assert visitor.get(f"{BASE}/you")["Location"] == f"{BASE}/household"
    assert visitor.get(f"{BASE}/result")["Location"] == BASE


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose yes or no."),
        ({"couple": "perhaps", "children": "1"}, "Choose yes or no."),
        ({"couple": "no", "children": ""}, "Enter how many children there are, or 0."),
        ({"couple": "no", "children": "two"}, "Enter a whole number in digits, like 2."),
        ({"couple": "no", "children": "-1"}, "Enter a whole number in digits, like 2."),
        ({"couple": "no", "children": "200"}, "up to 12 children"),
        ({"couple": "no", "children": "9" * 50}, "up to 12 children"),
    ],
)
def test_a_family_that_cannot_be_is_asked_again_with_words(
    visitor: Client, sent: dict[str, str], words: str
) -> None:
    answer = visitor.post(f"{BASE}/household", sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert 'class="ds-error-summary"' in html and "<title>Error:" in html
    assert COOKIE not in answer.cookies


def test_an_answer_that_cannot_be_is_asked_again_and_another_is_kept(visitor: Client) -> None:
    visitor.post(f"{BASE}/household", {"couple": "yes", "children": "0"})
    sent = born(0, 1990) | born(1, 2999)
    answer = visitor.post(f"{BASE}/you", sent)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Check the year." in html
    assert 'value="1990"' in html and 'value="2999"' in html
    empty = visitor.post(f"{BASE}/you", {})
    assert empty.status_code == 422
    assert "Answer this, or press “I do not know”." in empty.content.decode()
    tomorrow = visitor.post(f"{BASE}/you", born(0, 1990) | born(1, 2150))
    assert "must not be in the future" in tomorrow.content.decode()


def test_i_do_not_know_goes_on_and_the_result_depends_on_it(visitor: Client) -> None:
    visitor.post(f"{BASE}/household", FAMILY)
    answer = visitor.post(f"{BASE}/children", {"_unknown": "1"})
    assert answer.status_code == 302
    assert not answer["Location"].endswith("/children")
    html = page_of(visitor, f"{BASE}/result")
    assert "Perhaps" in html and "It still depends on:" in html
    assert "I do not know" in html


def test_what_is_known_is_answered_at_once_with_reasons_and_law(visitor: Client) -> None:
    with_a_child(visitor)
    html = page_of(visitor, f"{BASE}/result")
    child_benefit = html[html.index('id="child-benefit-0"') :]
    child_benefit = child_benefit[: child_benefit.index("</article>")]
    assert "Yes" in child_benefit and re.search(r"£1,\d{3}(\.\d\d)? a year", child_benefit)
    assert "SSCBA 1992" in child_benefit
    assert 'href="/services/child-benefit"' in child_benefit
    assert "The whole explanation" in child_benefit
    why = page_of(visitor, f"{BASE}/why/child_benefit/0")
    assert "Weekly payments in the tax year" in why
    assert visitor.get(f"{BASE}/why/nothing/0").status_code == 404
    assert visitor.get(f"{BASE}/why/child_benefit/7").status_code == 404


def test_an_answer_can_be_changed_and_changes_the_result(visitor: Client) -> None:
    with_a_child(visitor)
    assert f'href="{BASE}/children"' in page_of(visitor, f"{BASE}/result")
    html = page_of(visitor, f"{BASE}/children")
    assert 'value="2020"' in html, "what was said stands in the form"
    visitor.post(f"{BASE}/children", born(1, 1995))
    assert "There is no child to claim for" in page_of(visitor, f"{BASE}/result")


def test_ticks_need_an_answer_and_amounts_come_after_them(visitor: Client) -> None:
    with_a_child(visitor)
    page_of(visitor, f"{BASE}/money")
    empty = visitor.post(f"{BASE}/money", {})
    assert "Tick at least one" in empty.content.decode()
    pay = "person.0.employment_income"
    both = visitor.post(f"{BASE}/money", {"ticked.you": ["none", pay]})
    assert "not both" in both.content.decode()
    visitor.post(f"{BASE}/money", {"ticked.you": [pay]})
    wrong = visitor.post(f"{BASE}/details", {pay: "-5", f"{pay}.per": "month"})
    assert wrong.status_code == 422 and "at least 0" in wrong.content.decode()
    visitor.post(f"{BASE}/details", {pay: "1,000", f"{pay}.per": "month"})
    html = page_of(visitor, f"{BASE}/result")
    assert "£1,000.00 a month" in html
    visitor.post(f"{BASE}/money", {"ticked.you": [pay]})
    assert "£1,000.00 a month" in page_of(visitor, f"{BASE}/result"), "ticking again keeps it"


def test_both_partners_tick_on_one_page_and_each_has_to_say(visitor: Client) -> None:
    visitor.post(f"{BASE}/household", {"couple": "yes", "children": "1"})
    html = page_of(visitor, f"{BASE}/money")
    assert "Which of these do you have?" in html
    assert "Which of these does your partner have?" in html
    half = visitor.post(f"{BASE}/money", {"ticked.you": ["person.0.employment_income"]})
    assert half.status_code == 422
    told = half.content.decode()
    assert told.count("Tick at least one") == 2, "in the summary and at the partner's boxes"
    assert 'href="#f-ticked.partner"' in told
    assert re.search(r'value="person.0.employment_income"[^>]*checked', told)
    whole = {"ticked.you": ["person.0.employment_income"], "ticked.partner": ["none"]}
    assert visitor.post(f"{BASE}/money", whole).status_code == 302


def test_which_rate_is_asked_after_the_tick(visitor: Client) -> None:
    with_a_child(visitor)
    rate = "person.1.dla_care_rate"
    visitor.post(f"{BASE}/about-children", {"ticked.child-1": [rate]})
    html = page_of(visitor, f"{BASE}/details")
    assert f'name="{rate}"' in html
    visitor.post(f"{BASE}/details", {rate: "highest"})
    assert "highest" in page_of(visitor, f"{BASE}/result").lower()


def test_what_was_taken_as_usual_is_told_and_can_be_changed(visitor: Client) -> None:
    with_a_child(visitor)
    html = page_of(visitor, f"{BASE}/result")
    taken = html[html.index("What we took as usual") :]
    assert "Other taxable income: £0 a year" in taken
    assert f'href="{BASE}/unusual"' in taken
    form = page_of(visitor, f"{BASE}/unusual")
    assert re.search(r'value="none"[^>]*checked', form), "the usual stands in the form"
    assert re.search(r'name="person.0.pay_period" value="year"[^>]*checked', form)
    said = {
        "person.0.pay_period": "month",
        "ticked.you": ["person.0.miscellaneous_income"],
        "family.0.is_liable_for_rent": "no",
        "family.0.is_protected_for_incapacity_amount": "no",
    }
    assert visitor.post(f"{BASE}/unusual", said).status_code == 302
    after = page_of(visitor, f"{BASE}/result")
    summary = after[after.index('id="answers"') :]
    assert "Other taxable income" in summary[: summary.index("What we took as usual")]
    assert "<li>Other taxable income" not in summary[summary.index("What we took as usual") :]
    assert visitor.get(f"{BASE}/unusual").status_code == 200


def test_taxes_are_asked_only_when_wanted(visitor: Client) -> None:
    with_a_child(visitor)
    assert "What you pay" not in page_of(visitor, f"{BASE}/result")
    assert visitor.post(f"{BASE}/duties").status_code == 302
    assert "What you pay" in page_of(visitor, f"{BASE}/result")


def test_a_claim_begins_with_a_sign_in_and_comes_back_to_the_result(visitor: Client) -> None:
    with_a_child(visitor)
    assert "Claim with these answers" in page_of(visitor, f"{BASE}/result")
    answer = visitor.post(f"{BASE}/claim/child-benefit")
    assert answer.status_code == 302
    assert "next=%2Fwhat-can-i-get%2Fclaim%2Fchild-benefit" in answer["Location"]
    assert visitor.get(f"{BASE}/claim/child-benefit")["Location"] == f"{BASE}/result"
    for service in ("resident-permit", "none"):
        assert visitor.post(f"{BASE}/claim/{service}").status_code == 404


def test_answers_are_carried_into_the_questions_of_a_claim() -> None:
    facts = {
        "person.0.savings": "5000",
        "person.1.savings": "1000.50",
        "person.1.date_of_birth": "1991-02-03",
        "person.1.employment_income": "12000/year",
        "household.0.tenure": "private_rent",
        "family.0.rent": "150/week",
        "person.0.care_hours": "?",
    }
    definition = catalogue.live("universal-credit")
    alone = carried(definition, Answers(facts={"person.0.savings": "5000"}), UK)
    assert alone == {"couple": "no", "savings": "5000.00"}
    together = carried(definition, Answers(couple=True, facts=facts), UK)
    assert together == {
        "couple": "yes",
        "partner_born": "1991-02-03",
        "partner_pay": "1000.00",
        "savings": "6000.50",
        "home": "private_rent",
        "rent": "650.00",
    }
    half = {key: value for key, value in facts.items() if key != "person.1.savings"}
    assert "savings" not in carried(definition, Answers(couple=True, facts=half), UK)
    assert carried(catalogue.live("street-problem"), Answers(), UK) == {}


def test_nothing_is_stored_and_clear_forgets(visitor: Client) -> None:
    from django.contrib.sessions.models import Session

    with_a_child(visitor)
    assert not Session.objects.exists()
    kept = visitor.cookies[COOKIE]
    assert kept["path"] == BASE and kept["httponly"] and kept["samesite"] == "Lax"
    assert not kept["max-age"], "it goes when the browser is closed"
    assert "no-store" in visitor.get(f"{BASE}/result")["Cache-Control"]
    visitor.post(f"{BASE}/clear")
    assert visitor.get(f"{BASE}/result")["Location"] == BASE


@pytest.mark.parametrize("broken", ["x", "eyJhIjoxfQ:1:2", "a" * 3000])
def test_a_cookie_that_is_not_ours_is_as_none(visitor: Client, broken: str) -> None:
    visitor.cookies[COOKIE] = broken
    assert visitor.get(f"{BASE}/result")["Location"] == BASE


def test_a_family_of_many_with_every_answer_fits_into_the_cookie(visitor: Client) -> None:
    visitor.post(f"{BASE}/household", {"couple": "yes", "children": "12"})
    for _ in range(60):
        answer = visitor.get(BASE)
        found = re.search(rf'href="({BASE}/[^"]+)"[^>]*data-main', answer.content.decode())
        assert found
        if found[1].endswith("/result"):
            break
        visitor.post(found[1], {"_unknown": "1"})
    else:
        pytest.fail("the questions do not end")
    assert len(visitor.cookies[COOKIE].value) < 3_800


@pytest.mark.parametrize("key", ["nothing", "about-dog", "details-dog"])
def test_a_page_that_the_law_has_not_is_not_there(visitor: Client, key: str) -> None:
    with_a_child(visitor)
    assert visitor.get(f"{BASE}/{key}").status_code == 404


def test_a_page_that_needs_no_answer_any_more_leads_on(visitor: Client) -> None:
    visitor.post(f"{BASE}/household", FAMILY)
    assert visitor.get(f"{BASE}/details").status_code == 302


def test_it_is_there_in_welsh(visitor: Client) -> None:
    visitor.post("/preferences", {"language": "cy", "next": BASE})
    assert "Beth alla i ei gael?" in page_of(visitor, BASE)
    with_a_child(visitor)
    html = page_of(visitor, f"{BASE}/result")
    assert "Budd-dal Plant" in html and "y flwyddyn" in html


@pytest.mark.parametrize(
    "words",
    [
        "what can I get",
        "benefits",
        "help with money",
        "Am I entitled to anything",
        "cost of living",
    ],
)
def test_it_is_found_in_peoples_own_words(visitor: Client, words: str) -> None:
    assert f'href="{BASE}"' in re.sub(
        r"<footer.*", "", page_of(visitor, f"/search?q={words}"), flags=re.DOTALL
    )


def test_it_is_on_the_start_page(visitor: Client) -> None:
    html = page_of(visitor, "/")
    assert f'href="{BASE}"' in html[: html.index("<footer")]
