"""What can be asked of the one-stop list, and how a new list is taken in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db.models import Count, QuerySet

from townhall.directory import councils, models
from townhall.directory.councils import ListRefused
from townhall.foundation import events
from townhall.foundation.acting import Acting
from townhall.foundation.database.scope import scope

__all__ = [
    "Authority",
    "AuthorityNotFound",
    "Had",
    "Imported",
    "ListRefused",
    "LocalService",
    "NotAllowed",
    "Provenance",
    "ServiceNotFound",
    "authorities",
    "authority",
    "import_councils",
    "local_services",
    "provenance",
    "service_everywhere",
    "services",
]

IMPORTED = "directory.imported"
_LONGEST_SEARCH = 200


class AuthorityNotFound(LookupError):
    """There is no council of this name in the list."""


class ServiceNotFound(LookupError):
    """There is no local service of this name in the list."""


class NotAllowed(Exception):
    """Lists are taken in by the operator of the town hall (the system) only."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the list comes from, under which licence, and how old it is.

    Attributes
    ----------
    name : the source and its revision.
    licence : the licence in a line; `notice` is its full text, which must stay with the data.
    changed_on : when the addresses were last changed at the source; None = not said.
    """

    name: str
    licence: str
    notice: str
    changed_on: date | None
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class Authority:
    """A council.

    Attributes
    ----------
    tier : "county", "district", "unitary", or "" where the list does not say.
    county : (slug, name) of the county above a district.
    districts : (slug, name) of the districts of a county; only `authority` fills it in.
    listed : false if the council has merged or was renamed since the addresses were collected.
    """

    slug: str
    name: str
    tier: str
    country: str
    homepage: str
    listed: bool
    county: tuple[str, str] | None = None
    districts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Had:
    """Where one authority offers a service.

    Attributes
    ----------
    interaction : "apply", "pay", "information" or "report".
    address : last known web address; never fetched by us.
    encrypted : false for a plain http address: say so beside it.
    """

    authority: Authority
    interaction: str
    address: str
    encrypted: bool


@dataclass(frozen=True, slots=True)
class LocalService:
    """A local service and where it is had.

    Attributes
    ----------
    code : in the Local Government Services List.
    titles : by language.
    townhall_service : key of the service that Townhall itself offers for this, or "".
    councils : number of councils with an address for it; only `services` counts them.
    """

    code: int
    slug: str
    titles: Mapping[str, str]
    townhall_service: str
    had: tuple[Had, ...] = ()
    councils: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `changed` is false if exactly these lists were there already."""

    changed: bool
    authorities: int
    no_longer_listed: int
    services: int
    links: int


def import_councils(acting: Acting, *, folder: Path) -> Imported:
    """Take in the lists of a folder, in one transaction; the same again changes nothing.

    Parameters
    ----------
    folder : holds `local-authorities.csv`, `service-links.csv` (or `.csv.gz`), `LICENCE`,
        `SOURCE.md`, and if there are any our own `service-titles.csv`.

    Raises
    ------
    ListRefused
        if a file is missing or a line cannot be read; what was there stays.
    NotAllowed
    """
    if not acting.system:
        raise NotAllowed("Only the operator takes in lists: townhall directory import FOLDER.")
    read = councils.read(folder)
    counts = {
        "authorities": len(read.authorities),
        "no_longer_listed": sum(not each.listed for each in read.authorities),
        "services": len(read.services),
        "links": len(read.links),
    }
    with scope(acting):
        if models.is_current(read.source.digest):
            return Imported(changed=False, **counts)
        source = models.replace(read)
        events.record(
            IMPORTED,
            subject=source.id,
            person_id=None,
            acting=acting,
            payload={"source": read.source.name, "digest": read.source.digest, **counts},
        )
    return Imported(changed=True, **counts)


def provenance() -> Provenance | None:
    """Return where the list comes from; None if none was taken in yet."""
    source = models.Source.objects.order_by("-imported_at").first()
    if source is None:
        return None
    return Provenance(
        source.name, source.licence, source.notice, source.changed_on, source.imported_at
    )


def authorities(*, words: str = "") -> tuple[Authority, ...]:
    """Return the councils whose name holds every word; names that begin with them first.

    A county's name finds its districts too. Without words: all, by name.
    """
    wanted = _plain(words[:_LONGEST_SEARCH]).split()
    rows = models.Authority.objects.select_related("parent").order_by("name")
    ranked = []
    for row in rows:
        name = _plain(row.name)
        around = f"{name} {row.slug} {_plain(row.parent.name) if row.parent else ''}"
        if all(word in around for word in wanted):
            own = all(word in f"{name} {row.slug}" for word in wanted)
            first = bool(wanted) and name.startswith(wanted[0])
            ranked.append(((not own, not first), row))
    ranked.sort(key=lambda each: each[0])
    return tuple(_authority(row) for _, row in ranked)


def authority(*, slug: str) -> Authority:
    """Return a council with its county or its districts.

    Raises
    ------
    AuthorityNotFound
    """
    found = models.Authority.objects.select_related("parent").filter(slug=slug)
    row = None if "\0" in slug else found.first()
    if row is None:
        raise AuthorityNotFound(f"There is no council {slug!r} in the list.")
    districts = row.districts.order_by("name").values_list("slug", "name")
    return _authority(row, tuple(districts))


def services(*, words: str = "") -> tuple[LocalService, ...]:
    """Return the local services whose title, in any language, holds every word."""
    wanted = _plain(words[:_LONGEST_SEARCH]).split()
    rows = models.Service.objects.annotate(
        councils=Count("links__authority", distinct=True)
    ).order_by("slug")
    return tuple(
        _service(row, (), row.councils)
        for row in rows
        if all(word in _plain(" ".join([row.slug, *row.titles.values()])) for word in wanted)
    )


def local_services(*, slug: str) -> tuple[LocalService, ...]:
    """Return every service that the council's residents have, and where.

    In a two-tier area a service may be the district's or the county's, so both are looked in
    and each address names its authority.

    Raises
    ------
    AuthorityNotFound
    """
    council = authority(slug=slug)
    responsible = [council.slug, *([council.county[0]] if council.county else [])]
    links = models.Link.objects.filter(authority_id__in=responsible)
    return _grouped(links)


def service_everywhere(*, service: str) -> LocalService:
    """Return a service, by its slug or LGSL code, with every council's address for it.

    Raises
    ------
    ServiceNotFound
    """
    by_code = service.isascii() and service.isdigit() and len(service) <= 9
    wanted = {"service_id": int(service)} if by_code else {"service__slug": service}
    found = () if "\0" in service else _grouped(models.Link.objects.filter(**wanted))
    if not found:
        raise ServiceNotFound(f"There is no local service {service!r} in the list.")
    return found[0]


def _grouped(links: QuerySet[models.Link]) -> tuple[LocalService, ...]:
    rows = links.select_related("authority__parent", "service").order_by(
        "service__slug", "authority__name", "interaction"
    )
    found: dict[int, tuple[models.Service, list[Had]]] = {}
    for link in rows:
        had = Had(
            authority=_authority(link.authority),
            interaction=councils.INTERACTIONS[link.interaction],
            address=link.address,
            encrypted=link.address.startswith("https:"),
        )
        found.setdefault(link.service_id, (link.service, []))[1].append(had)
    return tuple(_service(service, had) for service, had in found.values())


def _authority(row: models.Authority, districts: tuple[tuple[str, str], ...] = ()) -> Authority:
    return Authority(
        slug=row.slug,
        name=row.name,
        tier=row.tier,
        country=row.country,
        homepage=row.homepage,
        listed=row.listed,
        county=(row.parent.slug, row.parent.name) if row.parent else None,
        districts=districts,
    )


def _service(row: models.Service, had: Iterable[Had], count: int = 0) -> LocalService:
    return LocalService(row.code, row.slug, row.titles, row.townhall_service, tuple(had), count)


def _plain(text: str) -> str:
    """Small letters without accents or apostrophes, hyphens as spaces: as people type."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("-", " "))
    return "".join(
        char for char in decomposed if not unicodedata.combining(char) and char not in "'’"
    )
