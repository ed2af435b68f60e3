"""What pages answer: addresses, statuses, headers, and what they leak to nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from townhall.catalogue import operations as catalogue
from townhall.portal.context import THEME_COOKIE
from townhall.portal.tests.browser import empty_tables

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def published(server: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Publish the services once; each test rolls back what it does on top of them."""
    with django_db_blocker.unblock():
        catalogue.load_packs()
    yield
    with django_db_blocker.unblock():
        empty_tables(server.owner_dsn)


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.mark.parametrize(
    "path",
    ["/", "/services", "/events/having-a-child", "/agencies/transport", "/search", "/verify",
     "/councils", "/accessibility", "/developers", "/privacy", "/design",
     "/services/resident-permit"],
)  # fmt: skip
def test_public_pages_are_there_and_titled(visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert len(re.findall(r"<h1\b", html)) == 1
    assert re.search(r"<title>[^<]+</title>", html)
    assert 'lang="en" dir="ltr"' in html


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/services/none", "/events/none", "/agencies/none", "/councils/none",
     "/local/none", "/services/none/questions", "/services/resident-permit/questions"],
)  # fmt: skip
def test_what_is_not_there_says_so_and_leads_on(visitor: Client, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "We cannot find this page" in answer.content.decode()
    assert 'href="/search"' in answer.content.decode()


OWN = (
    "/apply/{}",
    "/apply/{}/what",
    "/apply/{}/check",
    "/cases/{}",
    "/cases/{}/received",
    "/cases/{}/answer",
    "/letters/{}",
)


@pytest.mark.parametrize("path", OWN)
def test_ids_of_nobody_or_of_others_are_not_found(visitor: Client, path: str) -> None:
    assert visitor.get(path.format(uuid4())).status_code == 404


def test_my_page_asks_for_a_sign_in_and_comes_back(visitor: Client) -> None:
    answer = visitor.get("/me")
    assert answer.status_code == 302
    assert "next=%2Fme" in answer["Location"]


def test_a_service_page_describes_itself_to_machines(visitor: Client) -> None:
    html = visitor.get("/services/resident-permit").content.decode()
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert found
    described = json.loads(found.group(1))
    assert described["@type"] == "GovernmentService"
    assert described["name"] == "Resident parking permit"
    assert described["availableChannel"]["serviceUrl"].endswith("/services/resident-permit")


def test_a_script_gets_the_main_part_only_and_caches_tell_them_apart(visitor: Client) -> None:
    whole = visitor.get("/services")
    part = visitor.get("/services", headers={"HX-Request": "true"})
    assert "<!doctype" in whole.content.decode() and "<!doctype" not in part.content.decode()
    assert '<main id="main"' in part.content.decode()
    assert "HX-Request" in part["Vary"] and "HX-Request" in whole["Vary"]


def test_search_finds_in_the_residents_own_words_and_is_not_fooled(visitor: Client) -> None:
    html = visitor.get("/search", {"q": "hole in the road"}).content.decode()
    assert "Report a street problem" in html
    evil = visitor.get("/search", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in evil


def test_preferences_are_kept_and_lead_nowhere_else(visitor: Client) -> None:
    answer = visitor.post("/preferences", {"theme": "dark", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert answer.cookies[THEME_COOKIE].value == "dark"
    assert visitor.post("/preferences", {"theme": "x", "next": "//evil.example"})["Location"] == "/"
    assert 'data-color-scheme="dark"' in visitor.get("/").content.decode()


def test_a_forged_form_is_refused_with_words() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/services/street-problem/start")
    assert answer.status_code == 403


def test_guidance_keeps_nothing_and_puts_nothing_into_the_address(visitor: Client) -> None:
    from django.contrib.sessions.models import Session

    asked = visitor.post("/services/towing-rules/start", follow=True)
    assert asked.status_code == 200
    form = _form(asked.content.decode())
    name, value = next((n, v) for n, v in _radios(asked.content.decode()))
    sent = _fields([*form, (name, value)])
    answered = visitor.post("/services/towing-rules/questions", sent)
    assert answered.status_code == 200
    assert f'name="{name}" value="{value}"' in answered.content.decode()
    assert not Session.objects.exists()


def test_guidance_asks_again_when_nothing_was_chosen(visitor: Client) -> None:
    asked = visitor.get("/services/towing-rules/questions").content.decode()
    answer = visitor.post("/services/towing-rules/questions", _fields(_form(asked)))
    assert answer.status_code == 422
    assert "Choose an answer." in answer.content.decode()


def test_pages_of_a_person_are_kept_by_no_cache(visitor: Client) -> None:
    answer = visitor.post("/services/street-problem/start", follow=True)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_an_anonymous_draft_opens_only_in_the_browser_that_has_its_key(visitor: Client) -> None:
    answer = visitor.post("/services/street-problem/start", follow=True)
    path = answer.redirect_chain[-1][0]
    assert visitor.get(path).status_code == 200
    assert Client().get(path).status_code == 404


def test_a_form_page_of_twenty_fields_stays_small(visitor: Client) -> None:
    from townhall.portal.pages import design

    html = visitor.get("/design").content
    assert len(design._questions()) >= 16
    assert len(html) <= 30_000


def _form(html: str) -> list[tuple[str, str]]:
    main = html[html.index("<main") :]
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main)


def _radios(html: str) -> list[tuple[str, str]]:
    return re.findall(r'type="radio" name="([^"]+)" value="([^"]+)"', html)


def _fields(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found
