"""The questions of *What can I get?* on pages: small groups, the most useful first.

Which page a question is on follows from the law alone, so that a page has one address, back
works, and a changed answer does not move the others. Incomes and costs that most people do not
have stand together on a page to tick; how much each is comes on the page after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from townhall.rules.answers import BIRTH, SOME, UNKNOWN, Answers, key_of
from townhall.rules.engine.law import PERSON, Lawbook
from townhall.rules.engine.law.book import Fact
from townhall.rules.entitlements import Assessment, is_nothing, is_rare

FAMILY_PAGE: Final = "household"
CHILDREN_PAGE: Final = "children"
TICKS: Final = 14
"""The most boxes on one page."""


@dataclass(frozen=True, slots=True)
class Page:
    """Questions asked together.

    Attributes
    ----------
    key
        Its address; says nothing about a person.
    kind
        `ticks` (which of these are so), `amounts` (how much is each that was ticked), or
        `facts` (one question after the other).
    role
        About whom: `you`, `partner`, `child`, `adults`, `children`, `family`, `home`.
    asked
        (fact, member), in the order of the page.
    """

    key: str
    kind: str
    role: str
    asked: tuple[tuple[Fact, int], ...]

    @property
    def number(self) -> int:
        """Whose the first question is."""
        return self.asked[0][1]


def next_page(assessment: Assessment, after: str = "") -> str:
    """Return the key of the page to ask next, empty if nothing can change anything any more.

    Parameters
    ----------
    after
        The page that was just answered; it is not asked again at once.
    """
    pages = open_pages(assessment)
    return next((key for key in pages if key != after), "")


def open_pages(assessment: Assessment) -> tuple[str, ...]:
    """Return the keys of all pages with a question that can still change something, in order.

    First how much is what was ticked, then what matters for most people, then what is rare,
    and last what hangs on something rare.
    """
    return tuple(key for _, key in _ranked(assessment))


def likely_pages(assessment: Assessment) -> tuple[str, ...]:
    """Return the open pages that come if nothing rare turns out to be so."""
    return tuple(key for rank, key in _ranked(assessment) if rank < _HANGS)


_AMOUNT, _MUST, _MANY, _MONEY, _RARE, _HANGS = range(6)


def _ranked(assessment: Assessment) -> list[tuple[int, str]]:
    chunks = _chunks_of(assessment)
    found: dict[str, int] = {}
    for fact, member in assessment.open:
        if assessment.answers.facts.get(key_of(fact, member)) == SOME:
            rank, key = _AMOUNT, _key("amounts", _role(assessment.answers, fact, member))
        else:
            rank = _rank(assessment, fact, member)
            key = _page_key(assessment.answers, chunks, fact, member)
        found[key] = min(rank, found.get(key, rank))
    return sorted(((rank, key) for key, rank in found.items()), key=lambda each: each[0])


def _rank(assessment: Assessment, fact: Fact, member: int) -> int:
    if not is_nothing(fact) and (fact.name, member) not in assessment.typical:
        return _HANGS
    return _place(fact)


def page(assessment: Assessment, key: str) -> Page | None:
    """Return a page with the questions that belong on it now.

    Those that can still change something, and those that were answered.
    """
    return pages(assessment).get(key)


def pages(assessment: Assessment) -> Mapping[str, Page]:
    """Return all pages that have a question now, by their keys, in the order of the law."""
    answers, chunks = assessment.answers, _chunks_of(assessment)
    open_ = {(fact.name, member) for fact, member in assessment.open}
    found: dict[str, list[tuple[Fact, int]]] = {}
    for fact, member in _askable(assessment):
        known = answers.facts.get(key_of(fact, member))
        if known is None and (fact.name, member) not in open_:
            continue
        key = _page_key(answers, chunks, fact, member)
        found.setdefault(key, []).append((fact, member))
        if _has_some(fact, known):
            key = _key("amounts", _role(answers, fact, member))
            found.setdefault(key, []).append((fact, member))
    return {key: _made(answers, key, tuple(asked)) for key, asked in found.items()}


def _made(answers: Answers, key: str, asked: tuple[tuple[Fact, int], ...]) -> Page:
    fact, member = asked[0]
    kind = "amounts" if key.startswith("amounts-") else "facts"
    if kind == "facts" and is_rare(fact) and (len(asked) > 1 or fact.unit.is_money):
        kind = "ticks"
    return Page(key, kind, _page_role(answers, fact, member), asked)


def keys(assessment: Assessment) -> frozenset[str]:
    """Return the keys of all pages that the law can ask a family."""
    chunks = _chunks_of(assessment)
    found = set()
    for fact, member in _askable(assessment):
        found.add(_page_key(assessment.answers, chunks, fact, member))
        if is_rare(fact) and fact.unit.is_money:
            found.add(_key("amounts", _role(assessment.answers, fact, member)))
    return frozenset(found)


def answered_pages(assessment: Assessment) -> tuple[str, ...]:
    """Return the keys of the pages of which something was answered, what is rare last."""
    chunks = _chunks_of(assessment)
    found: dict[str, int] = {}
    for fact, member in _askable(assessment):
        known = assessment.answers.facts.get(key_of(fact, member))
        if known is None:
            continue
        place = _place(fact)
        key = _page_key(assessment.answers, chunks, fact, member)
        found[key] = min(place, found.get(key, place))
        if _has_some(fact, known):
            found.setdefault(_key("amounts", _role(assessment.answers, fact, member)), _MONEY)
    return tuple(sorted(found, key=lambda key: found[key]))


def _place(fact: Fact) -> int:
    if is_nothing(fact):
        return _MONEY if fact.unit.is_money else _RARE
    return _MUST if fact.usual is None else _MANY


def page_of(assessment: Assessment, fact: Fact, member: int) -> str:
    """Return the key of the page on which a fact is asked, empty if it is asked nowhere."""
    if fact.ask is None or (fact.name, member) in assessment.assumed:
        return ""
    if assessment.answers.facts.get(key_of(fact, member)) == SOME:
        return _key("amounts", _role(assessment.answers, fact, member))
    return _page_key(assessment.answers, _chunks_of(assessment), fact, member)


def _has_some(fact: Fact, known: str | None) -> bool:
    """Whether an income or cost is there, be its amount known or not."""
    return fact.unit.is_money and is_rare(fact) and known not in (None, "0", UNKNOWN)


def _role(answers: Answers, fact: Fact, member: int) -> str:
    if fact.entity != PERSON:
        return "home" if fact.entity.name == "household" else "family"
    if member < answers.adults:
        return "partner" if member else "you"
    return f"child-{member - answers.adults + 1}"


def _page_role(answers: Answers, fact: Fact, member: int) -> str:
    role = _role(answers, fact, member)
    if is_rare(fact):
        return role.partition("-")[0]
    if role in ("you", "partner"):
        return "adults"
    return "children" if role.startswith("child") else role


def _key(group: str, role: str, chunk: int = 0) -> str:
    return f"{group}-{role}" if not chunk else f"{group}-{role}-part-{chunk + 1}"


def _page_key(answers: Answers, chunks: Mapping[str, int], fact: Fact, member: int) -> str:
    role = _role(answers, fact, member)
    if is_rare(fact):
        group = "money" if fact.unit.is_money else "about"
        return _key(group, role.partition("-")[0], chunks[fact.name])
    if role.startswith("child"):
        return CHILDREN_PAGE if fact.name == BIRTH else f"children-{fact.name}"
    return fact.name


def _chunks_of(assessment: Assessment) -> Mapping[str, int]:
    return _chunks(assessment.law.book, tuple(assessment.decision.plan.inputs.values()))


@lru_cache(maxsize=16)
def _chunks(book: Lawbook, needed: tuple[str, ...]) -> Mapping[str, int]:
    """Return on which page of several of its kind each box to tick stands."""
    counts: dict[tuple[str, bool], int] = {}
    found = {}
    for name in needed:
        fact = book.facts.get(name)
        if fact is not None and fact.ask is not None and is_rare(fact):
            kind = fact.entity.name, fact.unit.is_money
            place = counts[kind] = counts.get(kind, -1) + 1
            found[name] = place // TICKS
    return found


def _askable(assessment: Assessment) -> list[tuple[Fact, int]]:
    """Return everything that the law could ask, member by member, in its own order."""
    sizes = {
        "person": assessment.answers.adults + assessment.answers.children,
        "family": 1,
        "household": 1,
    }
    book = assessment.law.book
    facts = [book.facts.get(name) for name in assessment.decision.plan.inputs.values()]
    return [
        (fact, member)
        for fact in facts
        if fact is not None and fact.ask is not None
        for member in range(sizes.get(fact.entity.name, 0))
    ]
