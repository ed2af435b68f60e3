"""Every text of the account pages has its Welsh."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from django.test import Client

from townhall.foundation.text import translations

ROOM = Path(__file__).resolve().parents[1]
METHODS = [
    ("tests/**", "ignore"),
    ("**.py", "python"),
    ("templates/**.html", "jinja2.ext:babel_extract"),
]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "marked": None,
    "ngettext": (1, 2),
}


def test_every_text_is_translated_with_its_places_kept() -> None:
    catalogue = translations._read(ROOM / "locale" / "cy.po", "cy")
    texts = [
        found[2]
        for found in extract_from_dir(str(ROOM), METHODS, keywords=KEYWORDS)
        if not found[0].startswith("tests")
    ]
    assert len(texts) > 100
    missing = []
    for text in texts:
        singular = text if isinstance(text, str) else text[0]
        message = catalogue.get(singular)
        if message is None or not message.string or message.fuzzy:
            missing.append(singular)
    assert missing == []


@pytest.mark.django_db
def test_the_way_in_is_welsh_where_welsh_is_asked_for(client: Client) -> None:
    page = client.get("/account/login/", headers={"Accept-Language": "cy"})
    assert "Gyda chyfrinair" in page.content.decode()
    page = client.post(
        "/account/login/", {"login": "", "password": ""}, headers={"Accept-Language": "cy"}
    )
    assert "Rhowch eich cyfrinair." in page.content.decode()
