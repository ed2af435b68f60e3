"""Finding a service: home, search, life events, agencies, and the page of one service."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from townhall.cases import operations as cases
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.definition import Datum, Definition
from townhall.foundation import settings as configuration
from townhall.foundation.text import current_language, gettext, pick
from townhall.portal import words
from townhall.portal.cards import card_rows
from townhall.portal.context import page
from townhall.portal.pages.errors import answering
from townhall.portal.pictures import colour_at, icon_for

LEVELS = ("none", "low", "substantial", "high")


@require_safe
@answering
def home(request: HttpRequest) -> HttpResponse:
    """The start page: search, life events, services, agencies."""
    pack, cards = catalogue.pack(), catalogue.services(current_language())
    events = [
        {
            "href": f"/events/{event.key}",
            "title": pick(event.title),
            "text": pick(event.summary),
            "icon": icon_for(event.key, otherwise="flag"),
            "kind": colour_at(position),
        }
        for position, event in enumerate(pack.events.values())
    ]
    agencies = [
        (pick(agency.title), f"/agencies/{agency.key}")
        for agency in pack.agencies.values()
        if any(card.agency == agency.key for card in cards)
    ]
    return page(
        request,
        "portal/home.html",
        events=events,
        services=card_rows(card for card in cards if not card.guidance),
        agencies=agencies,
        tries=[(card.title, f"/services/{card.key}") for card in cards if card.guidance][:3],
        waiting=_waiting(request),
    )


@require_safe
@answering
def all_services(request: HttpRequest) -> HttpResponse:
    """Every service, by first letter of its title."""
    cards = sorted(catalogue.services(current_language()), key=lambda card: card.title.casefold())
    return page(
        request,
        "portal/listing.html",
        title=gettext("All services"),
        text=gettext("From A to Z. Or search in your own words at the top of the start page."),
        above=[],
        groups=[{"title": "", "services": card_rows(cards)}] if cards else [],
    )


@require_safe
@answering
def life_event(request: HttpRequest, key: str) -> HttpResponse:
    """The services that belong to something that happens in a life."""
    event = catalogue.pack().events.get(key)
    if event is None:
        raise Http404
    cards = [card for card in catalogue.services(current_language()) if key in card.events]
    return page(
        request,
        "portal/listing.html",
        title=pick(event.title),
        text=pick(event.summary),
        above=[],
        groups=_apply_and_find_out(cards),
    )


@require_safe
@answering
def agency(request: HttpRequest, key: str) -> HttpResponse:
    """The services of one department."""
    found = catalogue.pack().agencies.get(key)
    if found is None:
        raise Http404
    cards = [card for card in catalogue.services(current_language()) if card.agency == key]
    reach = " · ".join(each for each in (found.phone, found.email) if each)
    return page(
        request,
        "portal/listing.html",
        title=pick(found.title),
        text=reach,
        above=[],
        groups=_apply_and_find_out(cards),
    )


@require_safe
@answering
def service(request: HttpRequest, key: str) -> HttpResponse:
    """What a service is for, what it asks, costs and gives, and where to start."""
    try:
        definition = catalogue.live(key)
    except catalogue.ServiceNotFound as error:
        raise Http404 from error
    shown = _described(request, definition)
    agency_found = definition.pack.agencies.get(definition.agency)
    above = [(gettext("Services"), "/services")]
    return page(
        request,
        "portal/service.html",
        service=shown,
        above=above,
        json_ld=_json_ld(definition, pick(agency_found.title) if agency_found else ""),
    )


def _apply_and_find_out(cards: list[Any]) -> list[dict[str, Any]]:
    groups = [
        {
            "title": gettext("Apply or report"),
            "services": card_rows(c for c in cards if not c.guidance),
        },
        {
            "title": gettext("Find out what applies to you"),
            "services": card_rows(c for c in cards if c.guidance),
        },
    ]
    return [group for group in groups if group["services"]]


def _waiting(request: HttpRequest) -> int:
    acting = request.acting  # type: ignore[attr-defined]
    if acting.person_id is None:
        return 0
    return sum(1 for line in cases.my_cases(acting) if line.waits_for_me)


def _described(request: HttpRequest, definition: Definition) -> dict[str, Any]:
    return {
        "title": pick(definition.title),
        "summary": pick(definition.summary),
        "guidance": definition.guidance,
        "start": f"/services/{definition.service}/start",
        "start_words": gettext("Find out") if definition.guidance else gettext("Start now"),
        "login_words": login_words(definition),
        "draft": _open_draft(request, definition),
        "sections": _sections(definition),
        "known": [
            f"{pick(datum.label) or datum.name} ({_register_name(definition, datum)})"
            for datum in definition.register_data
        ],
        "law": [{"text": pick(law.title), "href": law.url} for law in definition.law],
        "facts": _facts(definition),
        "version_words": gettext("Version %(number)s of this service")
        % {"number": definition.version},
    }


def login_words(definition: Definition) -> str:
    """Return what sign-in a service needs, in words."""
    level = definition.who.login
    if definition.guidance:
        return gettext("No sign-in. We keep nothing of what you answer.")
    if level == "none":
        return gettext(
            "You can do this without signing in. Signed in, you can follow it on your page."
        )
    if LEVELS.index(level) >= LEVELS.index("substantial"):
        return gettext("You sign in with a passkey, so that nobody else can do this in your name.")
    return gettext("You sign in first, so that we can ask the registers instead of you.")


def _open_draft(request: HttpRequest, definition: Definition) -> dict[str, str] | None:
    acting = request.acting  # type: ignore[attr-defined]
    if acting.person_id is None or definition.guidance:
        return None
    for line in cases.my_drafts(acting):
        if line.service_key == definition.service:
            return {"href": f"/apply/{line.id}", "saved": words.when(line.saved_at)}
    return None


def _sections(definition: Definition) -> list[dict[str, Any]]:
    guide = definition.guide
    needed = [pick(each) for each in guide.need]
    if not needed:
        needed = [
            pick(datum.label)
            for datum in definition.data.values()
            if datum.kind == "asked" and datum.type == "file"
        ]
    wanted = (
        ("who", gettext("Who it is for"), [pick(each) for each in guide.who]),
        ("need", gettext("What you need"), needed),
        ("more", gettext("Good to know"), [pick(each) for each in guide.more]),
    )
    return [{"id": key, "title": title, "lines": items} for key, title, items in wanted if items]


def _facts(definition: Definition) -> list[dict[str, str]]:
    agency_found = definition.pack.agencies.get(definition.agency)
    facts = [
        *_time(definition),
        (gettext("What it costs"), _cost(definition)),
        (gettext("Who is responsible"), pick(agency_found.title) if agency_found else ""),
    ]
    return [{"label": label, "text": text} for label, text in facts if text]


def _time(definition: Definition) -> list[tuple[str, str]]:
    told = " ".join(pick(each) for each in definition.guide.time)
    if told:
        return [(gettext("How long it takes"), told)]
    asked = [each for each in definition.data.values() if each.kind == "asked"]
    minutes = max(2, sum(1 for each in asked if not each.stands_in_for) // 2 + 1)
    lines = [
        (
            gettext("How long it takes you"),
            gettext("About %(minutes)s minutes") % {"minutes": minutes},
        )
    ]
    deadline = definition.deadline
    if definition.guidance:
        lines.append((gettext("How long it takes us"), gettext("You see the result at once")))
    elif deadline:
        within = gettext("A decision within %(period)s") % {
            "period": words.term(deadline.promise or deadline.legal)
        }
        lines.append((gettext("How long it takes us"), within))
    return lines


def _cost(definition: Definition) -> str:
    told = " ".join(pick(each) for each in definition.guide.cost)
    if told:
        return told
    if definition.fee is None:
        return gettext("Nothing")
    return gettext("A fee. You see it before you send anything.")


def _register_name(definition: Definition, datum: Datum) -> str:
    assert datum.source is not None
    register = definition.pack.registers.get(datum.source.register)
    return pick(register.title) if register else datum.source.register


def _json_ld(definition: Definition, provider: str) -> str:
    """Return the schema.org description of a service (GovernmentService)."""
    base = configuration.current().base_url
    described = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": pick(definition.title),
        "description": pick(definition.summary),
        "serviceType": definition.service,
        "provider": {"@type": "GovernmentOrganization", "name": provider},
        "areaServed": {
            "@type": "AdministrativeArea",
            "name": pick(next(iter(definition.pack.agencies.values())).title),
        },
        "jurisdiction": {"@type": "AdministrativeArea", "name": pick(definition.pack.title)},
        "availableLanguage": list(definition.languages),
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceUrl": f"{base}/services/{definition.service}",
        },
    }
    text = json.dumps(described, ensure_ascii=False)
    # Inside <script> only "<" could end it; JSON may write it as an escape.
    return mark_safe(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S308
