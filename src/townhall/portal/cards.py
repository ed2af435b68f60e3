"""Services as cards, and what somebody typed into a search box."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from townhall.catalogue import operations as catalogue
from townhall.foundation.text import pick
from townhall.portal.pictures import icon_for

MAX_WORDS = 200


def asked_words(request: HttpRequest) -> str:
    """Return what was typed into the search box (`q`), cleaned and cut."""
    return " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:MAX_WORDS]


def card_rows(cards: Iterable[Any]) -> list[dict[str, Any]]:
    """Return service cards for the macro `card_link`."""
    agencies = catalogue.pack().agencies
    rows = []
    for card in cards:
        found = agencies.get(card.agency)
        rows.append(
            {
                "href": f"/services/{card.key}",
                "title": card.title,
                "text": card.summary,
                "icon": icon_for(card.key, *card.events),
                "kind": "highlight" if card.guidance else "accent",
                "foot": pick(found.title) if found else "",
            }
        )
    return rows
