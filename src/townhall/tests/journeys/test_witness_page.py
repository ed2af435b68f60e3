"""The page of a witness: who waits for an entry hands in what they were promised."""

from __future__ import annotations

import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from townhall.ledger.engine.promises import Promise, promise
from townhall.ledger.operator import demonstration
from townhall.ledger.witness import page as own_page
from townhall.ledger.witness.tests import town
from townhall.ledger.witness.tests.town import Running
from townhall.portal.tests.browser import LOOKS, PATIENCE_MS, Look, assert_accessible, picture

BODY = {"handle": "5" * 32, "document": "a" * 64}
PAGE = "multipart/form-data; boundary=x"


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Running]:
    """A witness that has seen three decisions and keeps them."""
    running = town.start(tmp_path / "w1")
    history = town.honest(3)
    assert running.add_checkpoint(history.request(0, 3)).status == 200
    assert running.add_entries(history.upload(0, 3)).status == 200
    yield running
    running.stop()


def given(*, due_in: int, body: dict[str, str] = BODY) -> Promise:
    """A promise of the town's log, given a day before its deadline."""
    deadline = int(time.time()) + due_in
    return promise(
        town.ORIGIN,
        "decision",
        body,
        (),
        received_at=deadline - 86_400,
        deadline=deadline,
        signers=town.SIGNERS,
    )


def form(content: bytes, *, name: str = "promise") -> bytes:
    """What a browser sends for the form of the page."""
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="p.json"\r\n\r\n'
    return head.encode() + content + b"\r\n--x--\r\n"


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_broken_promise_is_handed_in_without_an_account_or_a_script(
    court: Running, chromium: Any, look: Look
) -> None:
    context = chromium.new_context(
        base_url=court.url,
        viewport={"width": look.width, "height": 844},
        color_scheme=look.theme,
        java_script_enabled=True,  # for axe; the page has none
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto("/")
    assert page.locator("script").count() == 0
    assert "Nothing is wrong" in page.locator("main").inner_text()
    assert page.title() == f"Witness {court.name}" == page.locator("h1").inner_text()
    assert page.locator("td").all_inner_texts() == [town.ORIGIN, "3", "3"]
    assert_accessible(page)
    picture(page, f"witness-{look}")
    for content, told, more in (
        (given(due_in=-10).render(), "The promise was broken", "stands nowhere"),
        (given(due_in=3_600).render(), "It is not due yet", "come back then"),
        (b"{}", "This is not a promise", "unchanged"),
    ):
        page.goto("/")
        file = {"name": "promise.json", "mimeType": "application/json", "buffer": content}
        page.locator("#promise").focus()
        page.locator("#promise").set_input_files(file)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # the button, with the keyboard alone
        page.get_by_role("heading", name=told).wait_for()
        assert page.title().startswith(told), "who hears only titles knows the answer"
        assert_accessible(page)
        picture(page, f"witness-{told.split()[-1]}-{look}")
        page.get_by_role("link", name="Back to this witness").click()
        page.get_by_role("heading", name="The records").wait_for()
        if told == "The promise was broken":
            assert more in page.locator(".bad").inner_text()
            assert_accessible(page)
            picture(page, f"witness-alarm-{look}")
    context.close()
    assert [each for each in complaints if "Failed to load resource" not in each] == []


def test_the_form_and_programs_get_the_same_judgement(court: Running) -> None:
    for content in (
        given(due_in=-10).render(),
        given(due_in=60).render(),
        b"",
        b"\0" * 1_000,
        b"x" * 200_000,
        "ö".encode("latin-1"),
    ):
        program = court.ask("POST", "/overdue", content)
        person = court.ask("POST", "/overdue", form(content), {"Content-Type": PAGE})
        assert person.status == program.status
        assert person.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in person.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (PAGE, b""),
        (PAGE, b"--x--\r\n"),
        (PAGE, form(b"{}", name="other")),
        (PAGE, b"--x\r\n\r\n\r\n--x--"),
        (PAGE, b"\xff" * 5_000),
        ("multipart/form-data", form(b"{}")),
        ("multipart/form-data; boundary=", form(b"{}")),
        ("multipart/form-data; boundary=\xe9", b"--\xe9\r\n"),
        ("multipart/form-data; boundary=" + "x" * 5_000, b""),
        (PAGE, (b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 2_000)),
    ],
    ids=range(10),
)
def test_a_form_that_is_none_is_refused_in_words(court: Running, kind: str, body: bytes) -> None:
    answer = court.ask("POST", "/overdue", body, {"Content-Type": kind})
    assert answer.status == 400
    assert "This is not a promise" in answer.text
    assert court.ask("GET", "/").status == 200


def test_nothing_that_somebody_sends_becomes_markup(court: Running) -> None:
    named = given(due_in=-10, body={**BODY, "handle": "<script>alert(1)</script>"})
    answer = court.ask("POST", "/overdue", form(named.render()), {"Content-Type": PAGE})
    assert b"<script" not in answer.body + court.ask("GET", "/").body


HEALTH = {"name": "court.example", "stopped": None, "logs": {}}


def test_the_page_shows_the_fingerprint_that_readers_are_told_to_compare() -> None:
    policy = "witness a…\nfaults 1\n"
    told = own_page.page(HEALTH, [], [], [policy]).decode()
    assert sha256(policy.encode()).hexdigest() in told
    assert "Compare the policy" not in own_page.page(HEALTH, [], []).decode()


def test_only_a_witness_that_is_independent_says_so() -> None:
    assert "not to the town hall" in own_page.page(HEALTH, [], []).decode()
    of_demo = {**HEALTH, "name": f"{demonstration.HOST}/court"}
    told = own_page.page(of_demo, [], []).decode()
    assert "not to the town hall" not in told
    assert "In real use, independent institutions run the witnesses." in told
