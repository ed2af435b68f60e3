"""Reading the catalogue: live services, pinned versions, search."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from townhall.catalogue import models, searching
from townhall.catalogue.engine import compiler
from townhall.catalogue.engine.compiler.once_only import OnceOnly
from townhall.catalogue.engine.compiler.once_only import once_only as compile_once_only
from townhall.catalogue.engine.datatypes.display import in_language
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.pack import load_pack
from townhall.foundation import settings

FRESH_SECONDS: Final = 1.0
_PACKS: Final = Path(__file__).resolve().parents[2] / "packs"
_WORSE: Final = 0.2
MAX_HITS: Final = 20


class ServiceNotFound(LookupError):
    """There is no live service with this key or number."""

    def __init__(self, key: object) -> None:
        super().__init__(f"There is no service {key!r} in the catalogue.")


class VersionNotFound(LookupError):
    """No version with this hash was ever published here."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"There is no version {digest[:12]}… in the catalogue.")


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """A service in lists and search results, in one language."""

    key: str
    number: int
    title: str
    summary: str
    agency: str
    events: tuple[str, ...]
    guidance: bool
    login: str
    topics: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pointers:
    by_key: Mapping[str, models.Pointer]
    by_number: Mapping[int, models.Pointer]
    read_at: float


class _Shelf:
    """What this process knows. Versions are kept for ever: they never change."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.versions: dict[str, Definition] = {}
        self.pointers: _Pointers | None = None
        self.cards: dict[tuple[str, tuple[str, ...]], tuple[ServiceCard, ...]] = {}


_shelf: Final = _Shelf()


@lru_cache(maxsize=4)
def _pack(folder: Path) -> Pack:
    return load_pack(folder)


def pack() -> Pack:
    """Return the pack of this town hall, read once a process.

    Raises
    ------
    PackError
        If it cannot be used; names every problem.
    """
    return _pack(_PACKS / settings.current().pack)


@lru_cache(maxsize=4)
def _once_only(folder: Path) -> OnceOnly | None:
    return compile_once_only(_pack(folder))


def once_only() -> OnceOnly | None:
    """Return what registers may be asked outside any service; None if the pack says nothing.

    Raises
    ------
    PackError
        If what it says cannot be used.
    """
    return _once_only(_PACKS / settings.current().pack)


def forget() -> None:
    """Forget which versions are live: the next read asks the database."""
    _shelf.pointers = None


def pointers() -> Mapping[str, models.Pointer]:
    """Return the live version of each service; at most one query a second and process."""
    return _pointers().by_key


def _pointers() -> _Pointers:
    known = _shelf.pointers
    now = time.monotonic()
    # A test may roll back what it published, so there nothing is taken on trust.
    fresh = 0.0 if settings.current().profile == "test" else FRESH_SECONDS
    if known is not None and now - known.read_at < fresh:
        return known
    rows = models.pointers()
    known = _Pointers({row.key: row for row in rows}, {row.number: row for row in rows}, now)
    _shelf.pointers = known
    return known


def remember(definition: Definition) -> None:
    """Keep a version that was just compiled and published."""
    _shelf.versions.setdefault(definition.hash, definition)


def live(service_key: str) -> Definition:
    """Return the live version of a service.

    Raises
    ------
    ServiceNotFound
        If there is none.
    """
    pointer = pointers().get(service_key)
    if pointer is None:
        raise ServiceNotFound(service_key)
    return by_hash(pointer.live)


def by_hash(digest: str) -> Definition:
    """Return a published version, from memory or rebuilt from its source.

    Raises
    ------
    VersionNotFound
        If it was never published.
    CannotRebuild
        If it uses something that has left the pack.
    """
    found = _shelf.versions.get(digest)
    if found is None:
        _take_down((digest,))
        found = _shelf.versions.get(digest)
    if found is None:
        raise VersionNotFound(digest)
    return found


def _take_down(hashes: Iterable[str]) -> None:
    """Rebuild versions that are not in memory, with one query for all."""
    with _shelf.lock:
        wanted = [each for each in hashes if each not in _shelf.versions]
        for row in models.stored(wanted) if wanted else ():
            _shelf.versions[row.hash] = compiler.rebuild(
                row.source, row.canonical, row.hash, pack(), row.filename
            )


def number_of(service_key: str) -> int:
    """Return the small number of a service; raises `ServiceNotFound`."""
    pointer = pointers().get(service_key)
    if pointer is None:
        raise ServiceNotFound(service_key)
    return pointer.number


def key_of(number: int) -> str:
    """Return the key of a service; raises `ServiceNotFound`."""
    pointer = _pointers().by_number.get(number)
    if pointer is None:
        raise ServiceNotFound(number)
    return pointer.key


def services(language: str) -> tuple[ServiceCard, ...]:
    """Return every live service as a card, by title."""
    known = pointers()
    live_hashes = tuple(pointer.live for pointer in known.values())
    cached = _shelf.cards.get((language, live_hashes))
    if cached is not None:
        return cached
    _take_down(live_hashes)
    cards = [_card(by_hash(each.live), each.number, language) for each in known.values()]
    ordered = tuple(sorted(cards, key=lambda card: searching.unaccented(card.title)))
    if len(_shelf.cards) > 64:
        _shelf.cards.clear()
    _shelf.cards[language, live_hashes] = ordered
    return ordered


def _card(definition: Definition, number: int, language: str) -> ServiceCard:
    return ServiceCard(
        key=definition.service,
        number=number,
        title=in_language(definition.title, language),
        summary=in_language(definition.summary, language),
        agency=definition.agency,
        events=definition.events,
        guidance=definition.guidance,
        login=definition.who.login,
        topics=definition.words.topics,
        channels=definition.channels,
    )


def search(words: str, language: str) -> tuple[ServiceCard, ...]:
    """Return the services that a resident means, best first.

    Looks in the reader's language, then also in the town hall's first one. All
    words matching beats some words matching; far worse hits are left out.
    """
    asked = searching.query(words, language)
    if asked is None:
        return ()
    every, some = asked
    languages = dict.fromkeys((language, pack().languages[0]))
    hits = models.search(
        every, some, [(each, searching.configuration(each)) for each in languages], MAX_HITS
    )
    best = max((hit.rank for hit in hits), default=0.0)
    cards = {card.key: card for card in services(language)}
    return tuple(
        cards[hit.key]
        for hit in hits
        if hit.key in cards and (hit.whole or hit.rank >= best * _WORSE)
    )


def services_for_roles(roles: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of the services whose cases these roles work on."""
    held = frozenset(roles)
    return tuple(pointer.number for pointer in pointers().values() if pointer.roles & held)
