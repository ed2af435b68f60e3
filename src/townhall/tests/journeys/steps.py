"""What a person does on a page, in words of the page: only what they can see or hear."""

from __future__ import annotations

from typing import Any


def settle(page: Any) -> None:
    """Wait until the page that a script fetches has been put in."""
    page.wait_for_load_state()
    busy = page.locator(".htmx-request, .htmx-swapping, .htmx-settling").first
    busy.wait_for(state="detached")


def press(page: Any, name: Any) -> None:
    """Press a button and wait for what it brings."""
    page.get_by_role("button", name=name).first.click()
    settle(page)


def start(page: Any, service: str) -> None:
    """Begin a service from its page."""
    page.goto(f"/services/{service}")
    press(page, "Start now")


def tick(page: Any, question: str, answer: str) -> None:
    """Choose one answer of a question."""
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()
    settle(page)


def choose(page: Any, question: str, answer: str) -> None:
    """Choose from a list."""
    page.get_by_label(question).select_option(label=answer)
    settle(page)


def fill(page: Any, label: str, value: str) -> None:
    """Write into a field."""
    page.get_by_label(label, exact=False).first.fill(value)


def go_on(page: Any) -> None:
    """Press the button that leads on."""
    press(page, "Continue")


def send(page: Any) -> None:
    """Send the application from the page where everything is checked."""
    press(page, "Send")


def heading(page: Any) -> str:
    """Return the main heading."""
    return page.get_by_role("heading", level=1).inner_text()


def text(page: Any) -> str:
    """Return everything that the main part says."""
    return page.locator("main").inner_text()


def number(page: Any) -> str:
    """Return the case number on the page."""
    return page.locator(".th-number, .th-code").first.inner_text().strip()


PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Size 4/Root 1 0 R>>
startxref
0
%%EOF
"""


def upload(page: Any, label: str, name: str, content: bytes = PDF) -> None:
    """Choose a file."""
    kind = "application/pdf" if name.endswith("pdf") else "image/jpeg"
    page.get_by_label(label, exact=False).first.set_input_files(
        {"name": name, "mimeType": kind, "buffer": content}
    )
