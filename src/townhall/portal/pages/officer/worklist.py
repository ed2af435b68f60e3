"""The worklist: an officer's open cases, the most urgent first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from townhall.cases import operations as cases
from townhall.cases.views import Bulk, WorklistFilters
from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import Acting
from townhall.foundation.text import current_language, gettext, ngettext
from townhall.portal import casework
from townhall.portal.context import page
from townhall.portal.pages.errors import answering
from townhall.portal.pages.officer.access import officers_only

CLAIMS = ("", "mine", "unclaimed")
MAX_AT_ONCE = 200


@require_safe
@answering
@officers_only
def worklist(request: HttpRequest) -> HttpResponse:
    """Show the open cases that this officer may see, a page at a time."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    filters = _filters(request, acting)
    found = cases.worklist(acting=acting, filters=filters, after=request.GET.get("after") or None)
    asked = _asked(request)
    today = timezone.localdate()
    return page(
        request,
        "portal/officer/worklist.html",
        rows=[casework.worklist_row(row, today) for row in found.rows],
        services=_service_options(acting),
        asked=asked,
        claims=[
            ("", gettext("Everybody's")),
            ("mine", gettext("Mine")),
            ("unclaimed", gettext("Not taken up")),
        ],
        filtered=any(asked.values()),
        here=f"?{urlencode(asked)}",
        next=f"?{urlencode({**asked, 'after': found.after})}" if found.after else "",
        first=f"?{urlencode(asked)}" if request.GET.get("after") else "",
        done=_done_words(request),
    )


@require_POST
@answering
@officers_only
def claim(request: HttpRequest) -> HttpResponse:
    """Take up the cases that were ticked; say what could not be taken."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    wanted = _ids(request.POST.getlist("case"))[:MAX_AT_ONCE]
    done: Bulk = cases.claim(acting=acting, case_ids=wanted)
    back = {key: request.POST.get(key, "") for key in ("service", "claim", "overdue", "number")}
    told = {"taken": len(done.done), "not_taken": len(done.failed)}
    return redirect(f"/officer/?{urlencode({k: v for k, v in {**back, **told}.items() if v})}")


def _filters(request: HttpRequest, acting: Acting) -> WorklistFilters:
    chosen = request.GET.get("service", "")
    numbers = {str(number): number for number in acting.services}
    return WorklistFilters(
        services=(numbers[chosen],) if chosen in numbers else (),
        claim=request.GET.get("claim", "") if request.GET.get("claim") in CLAIMS else "",
        overdue=request.GET.get("overdue") == "yes",
        number=request.GET.get("number", "").strip()[:40].upper(),
    )


def _asked(request: HttpRequest) -> dict[str, str]:
    keys = ("service", "claim", "overdue", "number")
    return {key: request.GET.get(key, "").strip()[:40] for key in keys}


def _service_options(acting: Acting) -> list[tuple[str, str]]:
    mine = set(acting.services)
    cards = catalogue.services(current_language())
    return [(str(card.number), card.title) for card in cards if card.number in mine]


def _ids(values: list[str]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue  # a value that no page of ours sends
    return found


def _done_words(request: HttpRequest) -> list[str]:
    told: list[str] = []
    for key, one, many in (
        ("taken", "You took up %(num)s case.", "You took up %(num)s cases."),
        (
            "not_taken",
            "%(num)s case could not be taken: a colleague was faster.",
            "%(num)s cases could not be taken: a colleague was faster.",
        ),
    ):
        given: Any = request.GET.get(key, "")
        if given.isascii() and given.isdigit() and len(given) < 4:
            told.append(ngettext(one, many, int(given)) % {"num": given})
    return told
