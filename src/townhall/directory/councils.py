"""Reading the lists of councils and of their services, as they are published.

The links have a heading of four columns and rows of six, and the columns headed ``lgsl`` and
``lgil`` hold words, not codes (see ``SOURCE.md`` beside the lists). Read as: council, service,
interaction, address, code of the service (LGSL), code of the interaction (LGIL).

Pure: a folder's texts in, values out. Nothing is guessed; a list that cannot be read whole is
refused with the file and line of every fault.
"""

from __future__ import annotations

import csv
import dataclasses
import gzip
import hashlib
import pathlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit

TIERS = {"1": "county", "2": "district", "3": "unitary"}
INTERACTIONS = {0: "apply", 4: "pay", 8: "information", 17: "report"}
_LARGEST = 50_000_000
_MOST_FAULTS = 20

LINKS = "service-links.csv"
AUTHORITIES = "local-authorities.csv"
SERVICES = "services.csv"
TITLES = "service-titles.csv"
_AUTHORITY_COLUMNS = (
    "id",
    "gss",
    "snac",
    "tier_id",
    "parent_local_authority_id",
    "slug",
    "country_name",
    "homepage_url",
    "name",
)


class ListRefused(Exception):
    """The lists cannot be taken over; ``faults`` says where and why."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        shown = "\n".join(faults[:_MOST_FAULTS])
        more = len(faults) - _MOST_FAULTS
        super().__init__(shown + (f"\n… and {more} more" if more > 0 else ""))


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """Where the lists come from. ``changed_on`` is when the links were last changed there."""

    name: str
    licence: str
    notice: str
    changed_on: date | None
    digest: str


@dataclasses.dataclass(frozen=True, slots=True)
class Authority:
    """A council. ``listed`` is false if it appears only in links: merged or renamed since."""

    slug: str
    name: str
    gss: str = ""
    tier: str = ""
    parent: str = ""
    country: str = ""
    homepage: str = ""
    listed: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Service:
    """A local service by its LGSL code. ``townhall_service`` is the key of our own, if any."""

    code: int
    slug: str
    titles: Mapping[str, str]
    townhall_service: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """Where a council offers a service."""

    authority: str
    service: int
    interaction: int
    address: str


@dataclasses.dataclass(frozen=True, slots=True)
class Councils:
    """Everything that the folder says."""

    source: Source
    authorities: tuple[Authority, ...]
    services: tuple[Service, ...]
    links: tuple[Link, ...]


def read(folder: pathlib.Path) -> Councils:
    """Read the folder.

    Raises
    ------
    ListRefused
        If a file is missing or any line of it cannot be read.
    """
    return _Reader(folder).councils()


class _Reader:
    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.faults: list[str] = []
        self.digest = hashlib.sha256()

    def councils(self) -> Councils:
        links_text = self._text(LINKS)
        authorities_text = self._text(AUTHORITIES)
        titles_text = self._text(TITLES) if (self.folder / TITLES).exists() else ""
        notice = self._text("LICENCE")
        about = self._text("SOURCE.md")
        self._stop_at_faults()
        listed = self._authorities(authorities_text)
        slugs, links = self._links(links_text)
        services = self._services(slugs, titles_text)
        self._stop_at_faults()
        known = {authority.slug for authority in listed}
        gone = sorted({link.authority for link in links} - known)
        return Councils(
            source=_source(about, notice, self.digest.hexdigest()),
            authorities=(
                *listed,
                *(Authority(slug, _in_words(slug, every=True), listed=False) for slug in gone),
            ),
            services=services,
            links=links,
        )

    def _stop_at_faults(self) -> None:
        if self.faults:
            raise ListRefused(self.faults)

    def _text(self, name: str) -> str:
        path = self.folder / name
        packed = path.with_name(f"{name}.gz")
        if not path.exists() and packed.exists():
            path = packed
        try:
            if path.suffix == ".gz":
                with gzip.open(path) as stream:
                    content = stream.read(_LARGEST + 1)
            else:
                with path.open("rb") as plain:
                    content = plain.read(_LARGEST + 1)
        except (OSError, EOFError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            self.faults.append(f"{name}: cannot be read ({reason})")
            return ""
        if len(content) > _LARGEST:
            self.faults.append(f"{name}: larger than {_LARGEST // 1_000_000} MB")
            return ""
        self.digest.update(f"{name} {len(content)}\n".encode())
        self.digest.update(content)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.faults.append(f"{name}:{line}: not UTF-8 (byte {error.start})")
            return ""
        if "\0" in text:
            self.faults.append(f"{name}:{text.count(chr(10), 0, text.index(chr(0))) + 1}: a NUL")
            return ""
        return text

    def _rows(self, name: str, text: str) -> Iterator[tuple[int, list[str]]]:
        """Rows below the heading with their line numbers."""
        reader = csv.reader(text.splitlines(), strict=True)
        try:
            next(reader, None)
            for row in reader:
                if row:
                    yield reader.line_num, [cell.strip() for cell in row]
        except csv.Error as error:
            self.faults.append(f"{name}:{reader.line_num}: {error}")

    def _authorities(self, text: str) -> tuple[Authority, ...]:
        heading = next(csv.reader(text.splitlines()), [])
        missing = [column for column in _AUTHORITY_COLUMNS if column not in heading]
        if missing:
            self.faults.append(f"{AUTHORITIES}:1: no column {', '.join(missing)}")
            return ()
        rows = []
        for line, cells in self._rows(AUTHORITIES, text):
            row = dict(zip(heading, cells, strict=False))
            if len(cells) != len(heading) or not row["slug"] or row["tier_id"] not in TIERS:
                self.faults.append(f"{AUTHORITIES}:{line}: not a council with slug and tier")
            elif not _is_web_address(row["homepage_url"], empty=True):
                self.faults.append(f"{AUTHORITIES}:{line}: {row['homepage_url']!r} is no address")
            else:
                rows.append((line, row))
        by_id = {row["id"]: row["slug"] for _, row in rows}
        found: dict[str, Authority] = {}
        for line, row in rows:
            parent = row["parent_local_authority_id"]
            if parent and parent not in by_id:
                self.faults.append(f"{AUTHORITIES}:{line}: parent {parent} is not in the list")
            if row["slug"] in found:
                self.faults.append(f"{AUTHORITIES}:{line}: {row['slug']} occurs twice")
            found[row["slug"]] = Authority(
                slug=row["slug"],
                name=row["name"] or _in_words(row["slug"], every=True),
                gss=row["gss"],
                tier=TIERS[row["tier_id"]],
                parent=by_id.get(parent, ""),
                country=row["country_name"],
                homepage=row["homepage_url"],
            )
        return tuple(found.values())

    def _links(self, text: str) -> tuple[dict[int, str], tuple[Link, ...]]:
        """Slugs of services by code, and the links."""
        slugs: dict[int, str] = {}
        links: dict[tuple[str, int, int], Link] = {}
        for line, cells in self._rows(LINKS, text):
            if len(cells) != 6 or not (cells[4].isdecimal() and cells[5].isdecimal()):
                self.faults.append(
                    f"{LINKS}:{line}: expected council, service, interaction, address, "
                    f"LGSL code, LGIL code"
                )
                continue
            council, service, _, address, code, interaction = cells
            # One published address has a space in it; browsers write it so.
            address = address.replace(" ", "%20")
            link = Link(council, int(code), int(interaction), address)
            where = (link.authority, link.service, link.interaction)
            if not _is_web_address(address):
                self.faults.append(f"{LINKS}:{line}: {address[:80]!r} is no web address")
            elif link.interaction not in INTERACTIONS:
                self.faults.append(f"{LINKS}:{line}: unknown interaction {interaction}")
            elif slugs.setdefault(link.service, service) != service:
                self.faults.append(f"{LINKS}:{line}: code {code} has two names")
            elif where in links:
                self.faults.append(f"{LINKS}:{line}: {council} gives {service} twice")
            else:
                links[where] = link
        return slugs, tuple(links.values())

    def _services(self, slugs: dict[int, str], text: str) -> tuple[Service, ...]:
        titles: dict[int, Mapping[str, str]] = {}
        ours: dict[int, str] = {}
        for line, cells in self._rows(TITLES, text):
            if len(cells) != 4 or not cells[0].isdecimal() or int(cells[0]) not in slugs:
                self.faults.append(f"{TITLES}:{line}: expected LGSL code, English, Welsh, our key")
                continue
            code = int(cells[0])
            titles[code] = {"en": cells[1], "cy": cells[2]}
            ours[code] = cells[3]
        return tuple(
            Service(code, slug, titles.get(code, {"en": _in_words(slug)}), ours.get(code, ""))
            for code, slug in sorted(slugs.items())
        )


def _source(about: str, notice: str, digest: str) -> Source:
    """What ``SOURCE.md`` says in its table, in plain text."""
    table = dict(re.findall(r"^\| *(Source|Licence) *\| *(.+?) *\|$", about, re.MULTILINE))
    changed = re.search(r"last changed (\d{4}-\d{2}-\d{2})", about)
    return Source(
        name=table.get("Source", "").replace("`", ""),
        licence=table.get("Licence", "").replace("`", ""),
        notice=notice,
        changed_on=date.fromisoformat(changed[1]) if changed else None,
        digest=digest,
    )


def _is_web_address(text: str, *, empty: bool = False) -> bool:
    if not text:
        return empty
    if len(text) > 2_000 or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _in_words(slug: str, *, every: bool = False) -> str:
    words = slug.replace("-", " ")
    if not every:
        return words[:1].upper() + words[1:]
    small = {"and", "of", "on", "upon", "the", "in", "under"}
    return " ".join(word if word in small else word.capitalize() for word in words.split())
