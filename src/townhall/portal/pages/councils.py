"""Find your council, find your service: the one-stop list beside what this town hall offers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from townhall.catalogue import operations as catalogue
from townhall.directory import operations as directory
from townhall.foundation.text import current_language, formats, gettext, ngettext, pick
from townhall.portal.cards import asked_words, card_rows
from townhall.portal.context import page

Row = dict[str, Any]


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """List the councils whose name fits the words, or all."""
    words = asked_words(request)
    found = directory.authorities(words=words)
    listed = [each for each in found if each.listed] or list(found)
    if words:
        title = ngettext("One council fits", "%(num)s councils fit", len(listed))
    else:
        title = ngettext("One council", "%(num)s councils", len(listed))
    return page(
        request,
        "portal/councils.html",
        words=words,
        found=[
            {"href": f"/councils/{each.slug}", "name": each.name, "text": _where(each)}
            for each in listed
        ],
        found_words=title % {"num": len(listed)},
        source=source_words(),
    )


@require_safe
def council(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every local service that the residents of a council have, and where."""
    try:
        found = directory.authority(slug=slug)
        services = directory.local_services(slug=slug)
    except directory.AuthorityNotFound as error:
        raise Http404 from error
    words = asked_words(request)
    wanted = [each for each in services if _fits(each, words)]
    return page(
        request,
        "portal/council.html",
        name=found.name,
        lead=_where(found),
        homepage=found.homepage,
        note=""
        if found.listed
        else gettext("This council has merged or was renamed. Its pages may be gone."),
        neighbours=[(name, f"/councils/{each}") for each, name in _neighbours(found)],
        here=own_services(wanted),
        words=words,
        action=f"/councils/{slug}",
        services=[_service_row(each, found) for each in wanted],
        unencrypted=any(not each.encrypted for service in wanted for each in service.had),
        source=source_words(),
    )


@require_safe
def local_service(request: HttpRequest, slug: str) -> HttpResponse:
    """Show where a local service is had, council by council."""
    try:
        service = directory.service_everywhere(service=slug)
    except directory.ServiceNotFound as error:
        raise Http404 from error
    words = asked_words(request)
    fitting = {each.slug for each in directory.authorities(words=words)} if words else None
    had = [each for each in service.had if fitting is None or each.authority.slug in fitting]
    return page(
        request,
        "portal/local_service.html",
        title=pick(service.titles) or service.slug,
        here=own_services([service]),
        words=words,
        action=f"/local/{slug}",
        had=[
            {
                "council": each.authority.name,
                "council_href": f"/councils/{each.authority.slug}",
                "href": each.address,
                "text": interaction_words(each.interaction),
            }
            for each in had
        ],
        unencrypted=any(not each.encrypted for each in had),
        source=source_words(),
    )


def elsewhere(words: str) -> list[tuple[str, str]]:
    """Return local services, not offered on this site, whose title fits the words."""
    found = directory.services(words=words) if words else ()
    return [
        (pick(each.titles) or each.slug, f"/local/{each.slug}")
        for each in found
        if not each.townhall_service
    ]


def own_services(services: Iterable[directory.LocalService]) -> list[Row]:
    """Return cards of those services that this town hall offers itself."""
    keys = {each.townhall_service for each in services if each.townhall_service}
    return card_rows(card for card in catalogue.services(current_language()) if card.key in keys)


def interaction_words(interaction: str) -> str:
    """Return what one does at an address, as the words of its link."""
    return {
        "apply": gettext("Apply"),
        "pay": gettext("Pay"),
        "information": gettext("Read about it"),
        "report": gettext("Report"),
    }.get(interaction, interaction)


def source_words() -> str:
    """Return where the list comes from and how old it is."""
    found = directory.provenance()
    if found is None:
        return gettext("No list of councils has been taken in yet.")
    told = gettext("Source: %(name)s. Licence: %(licence)s.") % {
        "name": found.name,
        "licence": found.licence,
    }
    if found.changed_on is None:
        return told
    day = formats.date(found.changed_on)
    return f"{told} {gettext('Addresses as of %(day)s; we have not tried them.') % {'day': day}}"


def _where(council: directory.Authority) -> str:
    kinds = {
        "county": gettext("County council"),
        "district": gettext("District council"),
        "unitary": gettext("Council for everything local"),
    }
    parts = [kinds.get(council.tier, "")]
    if council.county:
        parts.append(gettext("in %(county)s") % {"county": council.county[1]})
    return ", ".join(each for each in (" ".join(filter(None, parts)), council.country) if each)


def _neighbours(council: directory.Authority) -> list[tuple[str, str]]:
    return [*([council.county] if council.county else []), *council.districts]


def _fits(service: directory.LocalService, words: str) -> bool:
    text = " ".join([service.slug.replace("-", " "), *service.titles.values()]).casefold()
    return all(word in text for word in words.casefold().split())


def _service_row(service: directory.LocalService, council: directory.Authority) -> Row:
    links = []
    for each in service.had:
        text = interaction_words(each.interaction)
        if each.authority.slug != council.slug:
            text = f"{text} ({each.authority.name})"
        links.append({"href": each.address, "text": text})
    return {
        "title": pick(service.titles) or service.slug,
        "own": f"/services/{service.townhall_service}" if service.townhall_service else "",
        "links": links,
    }
