"""Every component on one page: for the eye, and for axe. Not there where real people are served."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from townhall.foundation import settings as configuration
from townhall.foundation.text import gettext
from townhall.portal import streetmap
from townhall.portal.context import page
from townhall.portal.fields import Question


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show the gallery; `?dir=rtl` mirrors it."""
    if configuration.current().profile == "production":
        raise Http404
    if request.GET.get("dir") == "rtl":
        request.page_direction = "rtl"  # type: ignore[attr-defined]
    return page(
        request,
        "portal/design.html",
        fields=_questions(),
        known=_known(),
        summary=_summary(),
        reasons=_reasons(),
        timeline=_timeline(),
    )


def _questions() -> list[Question]:
    day = gettext("For example 27 3 2026.")
    return [
        Question(
            "text",
            "text",
            gettext("What is your full name?"),
            hint=gettext("As it stands in your passport."),
            error=gettext("Enter your name."),
        ),
        Question("lines", "lines", gettext("What is the problem?"), lines=4, optional=True),
        Question(
            "number",
            "hours",
            gettext("How many hours do you work a week?"),
            suffix=gettext("hours"),
            width="xs",
            inputmode="decimal",
        ),
        Question(
            "number",
            "pay",
            gettext("What do you earn a month before tax?"),
            prefix="£",
            width="sm",
            inputmode="decimal",
        ),
        Question(
            "date",
            "date",
            gettext("When did you move in?"),
            {"day": "31", "month": "2", "year": "2026"},
            hint=day,
            error=gettext("There is no such day in the calendar."),
        ),
        Question(
            "choice",
            "months",
            gettext("How long do you need the permit for?"),
            "12",
            options=(
                ("3", gettext("3 months")),
                ("6", gettext("6 months")),
                ("12", gettext("12 months")),
            ),
        ),
        Question(
            "choice",
            "broken",
            gettext("What is broken?"),
            ["b"],
            options=(("a", gettext("A street light")), ("b", gettext("The road"))),
            several=True,
        ),
        Question(
            "select",
            "country",
            gettext("Which country do you come from?"),
            options=(("gb", gettext("United Kingdom")), ("fr", gettext("France"))),
        ),
        Question(
            "choice",
            "yours",
            gettext("Is the vehicle yours?"),
            options=(("yes", gettext("Yes")), ("no", gettext("No"))),
            inline=True,
        ),
        Question("plate", "plate", gettext("What is the number plate?"), "AB12CDE"),
        Question(
            "text",
            "email",
            gettext("What is your email address?"),
            type="email",
            autocomplete="email",
            width="lg",
        ),
        Question(
            "text",
            "phone",
            gettext("What is your telephone number?"),
            type="tel",
            autocomplete="tel",
            width="md",
        ),
        Question("address", "home", gettext("Where do you live?"), {}),
        Question(
            "place",
            "spot",
            gettext("Where is it?"),
            {"lat": "", "lon": "", "words": ""},
            map=_map(),
        ),
        Question(
            "file",
            "lease",
            gettext("Your lease, or a letter about your company car"),
            [{"file": "0", "name": "lease.pdf", "size": "220 KB"}],
            accept=("pdf", "jpg"),
            limit="10 MB",
            several=True,
        ),
        Question(
            "group",
            "children",
            gettext("Your children"),
            hint=gettext("Add each child you claim for."),
            item_label=gettext("Child"),
            items=(_child(0), _child(1)),
        ),
    ]


def _map() -> dict[str, Any] | None:
    return streetmap.drawn_for({"lat": "50.531", "lon": "-2.977"})


def _child(number: int) -> tuple[Question, ...]:
    name = f"children.{number}"
    return (
        Question("text", f"{name}.name", gettext("Name"), size="sm"),
        Question("date", f"{name}.born", gettext("Date of birth"), {}, size="sm"),
    )


def _known() -> list[dict[str, Any]]:
    return [
        {
            "label": gettext("Your address"),
            "value": "14 Mill Lane\nWrenford WX2 4AB",
            "source": gettext("From the population register, today, 10:15"),
        },
        {
            "label": gettext("Vehicle"),
            "value": gettext("Blue Skoda Octavia"),
            "source": gettext("From the vehicle register, today, 10:16"),
        },
    ]


def _summary() -> list[dict[str, Any]]:
    return [
        {"label": gettext("Number plate"), "value": "AB12 CDE", "href": "#"},
        {
            "label": gettext("Your address"),
            "value": "14 Mill Lane\nWrenford WX2 4AB",
            "note": gettext("From the population register, today, 10:15"),
        },
        {
            "label": gettext("Children"),
            "value": ["Ana, 3 May 2021", "Ben, 9 July 2024"],
            "href": "#",
        },
    ]


def _reasons() -> list[dict[str, Any]]:
    return [
        {
            "text": gettext("You live in a permit zone."),
            "law": "Road Traffic Regulation Act 1984, s. 45",
            "holds": True,
            "trace": {"words": "address.zone = C", "children": []},
        },
        {"text": gettext("You keep the vehicle."), "law": "", "holds": None},
        {"text": gettext("You have no other permit."), "law": "", "holds": False},
    ]


def _timeline() -> list[dict[str, Any]]:
    return [
        {
            "title": gettext("Received"),
            "who": gettext("You"),
            "at": "20 November 2026, 10:15",
            "at_iso": "2026-11-20T10:15",
        },
        {
            "title": gettext("Being checked"),
            "who": gettext("Parking"),
            "at": "21 November 2026, 9:02",
            "now": True,
            "note": gettext("You will have an answer by %(day)s.") % {"day": "4 December 2026"},
        },
        {"title": gettext("Decision"), "next": True},
    ]
