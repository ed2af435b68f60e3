"""The questions of *What can I get?* on pages: few pages, the most useful first.

Which page a question is on follows from the law alone, so that a page has one address, back
works, and a changed answer does not move the others. What most people do not have stands
together on a page to tick, for both partners at once; how much each is, or which, comes on the
page after it. What rarely matters has a page that nobody is led to: its usual values are told
with the result, and can be changed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from townhall.rules.answers import BIRTH, SOME, UNKNOWN, Answers, key_of
from townhall.rules.engine.law import HOUSEHOLD, PERSON, YES_NO, Lawbook
from townhall.rules.engine.law.book import Fact
from townhall.rules.entitlements import NONE, PAPERS, Assessment, is_nothing

FAMILY_PAGE: Final = "household"
YOU_PAGE: Final = "you"
CHILDREN_PAGE: Final = "children"
HOME_PAGE: Final = "home"
MONEY_PAGE: Final = "money"
ABOUT_PAGE: Final = "about"
ABOUT_CHILDREN_PAGE: Final = "about-children"
DETAILS_PAGE: Final = "details"
UNUSUAL_PAGE: Final = "unusual"
TICKS: Final = {MONEY_PAGE: 20, ABOUT_PAGE: 40, ABOUT_CHILDREN_PAGE: 40}
"""The most facts to tick on one page, for each person. Few of them are open at a time."""
YOU, PARTNER, FAMILY_ROLE, HOME = "you", "partner", "family", "home"
_FIRST: Final = (YOU, PARTNER, FAMILY_ROLE, HOME)
"""About whom boxes are, in the order of a page; children follow."""


@dataclass(frozen=True, slots=True)
class Page:
    """Questions asked together.

    Attributes
    ----------
    key
        Its address; says nothing about a person.
    asked
        (fact, member), in the order of the page.
    adults
        How many of the members are adults.
    """

    key: str
    asked: tuple[tuple[Fact, int], ...]
    adults: int

    @property
    def details(self) -> bool:
        """Whether it asks how much, or which, what was ticked is."""
        return self.key == DETAILS_PAGE

    @property
    def questions(self) -> tuple[tuple[Fact, int], ...]:
        """What is asked one by one."""
        boxes = {key_of(*each) for of in self.boxes.values() for each in of}
        return tuple(each for each in self.asked if key_of(*each) not in boxes)

    @property
    def boxes(self) -> Mapping[str, tuple[tuple[Fact, int], ...]]:
        """What is to be ticked, by whom it is about; a single yes or no is asked as such."""
        found: dict[str, list[tuple[Fact, int]]] = {}
        for fact, member in () if self.details else self.asked:
            if is_tick(fact):
                role = role_of(fact, member, self.adults)
                found.setdefault(role, []).append((fact, member))
        return {
            role: tuple(found[role])
            for role in (*_FIRST, *(each for each in found if each not in _FIRST))
            if role in found and (len(found[role]) > 1 or found[role][0][0].unit != YES_NO)
        }


def is_tick(fact: Fact) -> bool:
    """Whether one tick says that there is such a thing, or none.

    What a family or a home costs is asked at once: most have it.
    """
    return is_nothing(fact) and (fact.entity == PERSON or not fact.unit.is_money)


def nothing(fact: Fact) -> str:
    """Return the answer that there is no such thing."""
    if fact.unit == YES_NO:
        return "no"
    return NONE if fact.unit.base == "choice" else "0"


def something(fact: Fact) -> str:
    """Return the answer that there is such a thing, before it is said how much or which."""
    return "yes" if fact.unit == YES_NO else SOME


def is_ticked(fact: Fact, text: str) -> bool:
    """Whether the box of a fact was ticked."""
    return text not in ("", nothing(fact), UNKNOWN)


def keeping_amounts(said: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """Return new ticks with the amounts and kinds that were given for them before."""
    return {
        key: before[key]
        if value == SOME and before.get(key, "0") not in ("0", NONE, UNKNOWN)
        else value
        for key, value in said.items()
    }


def role_of(fact: Fact, member: int, adults: int) -> str:
    """Return about whom a fact is: `you`, `partner`, `family`, `home`, or `child-1` and so on."""
    if fact.entity != PERSON:
        return HOME if fact.entity == HOUSEHOLD else FAMILY_ROLE
    if member < adults:
        return PARTNER if member else YOU
    return f"child-{member - adults + 1}"


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

    First what matters for most people, then what somebody has and how much each is, then what
    is rare, and last what hangs on something rare.
    """
    return tuple(key for _, key in _ranked(assessment))


def likely_pages(assessment: Assessment) -> tuple[str, ...]:
    """Return the open pages that come if nothing rare turns out to be so."""
    return tuple(key for rank, key in _ranked(assessment) if rank < _HANGS)


_MUST, _MANY, _MONEY, _DETAIL, _RARE, _HANGS = range(6)


def _ranked(assessment: Assessment) -> list[tuple[int, str]]:
    chunks = _chunks_of(assessment)
    found: dict[str, int] = {}
    for fact, member in assessment.open:
        if assessment.answers.facts.get(key_of(fact, member)) == SOME:
            rank, key = _DETAIL, DETAILS_PAGE
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
        if known is None and (fact.name, member) not in open_ and not fact.rarely:
            continue
        key = _page_key(answers, chunks, fact, member)
        found.setdefault(key, []).append((fact, member))
        if _has_details(fact, known):
            found.setdefault(DETAILS_PAGE, []).append((fact, member))
    return {key: Page(key, tuple(asked), answers.adults) for key, asked in found.items()}


def keys(assessment: Assessment) -> frozenset[str]:
    """Return the keys of all pages that the law can ask a family."""
    chunks = _chunks_of(assessment)
    return frozenset(
        {
            DETAILS_PAGE,
            *(
                _page_key(assessment.answers, chunks, fact, member)
                for fact, member in _askable(assessment)
            ),
        }
    )


def answered_pages(assessment: Assessment, *, own: bool = False) -> tuple[str, ...]:
    """Return the keys of the pages of which something was answered, what is rare last.

    Parameters
    ----------
    own
        Only those of which the person answered something, and not registers all of it.
    """
    chunks = _chunks_of(assessment)
    found: dict[str, int] = {}
    for fact, member in _askable(assessment):
        known = assessment.answers.facts.get(key_of(fact, member))
        if known is None or (own and assessment.answers.is_registered(key_of(fact, member))):
            continue
        place = _HANGS if fact.rarely else _place(fact)
        key = _page_key(assessment.answers, chunks, fact, member)
        found[key] = min(place, found.get(key, place))
        if _has_details(fact, known):
            found.setdefault(DETAILS_PAGE, _MONEY)
    return tuple(sorted(found, key=lambda key: found[key]))


def _place(fact: Fact) -> int:
    if is_tick(fact):
        return _MONEY if fact.unit.is_money else _RARE
    return _MUST if fact.usual is None else _MANY


def page_of(assessment: Assessment, fact: Fact, member: int) -> str:
    """Return the key of the page on which a fact is asked, empty if it is asked nowhere."""
    assumed = (fact.name, member) in assessment.assumed
    if fact.ask is None or (assumed and not fact.rarely):
        return ""
    if _has_details(fact, assessment.answers.facts.get(key_of(fact, member))):
        return DETAILS_PAGE
    return _page_key(assessment.answers, _chunks_of(assessment), fact, member)


def _has_details(fact: Fact, known: str | None) -> bool:
    """Whether something was ticked that needs an amount or a kind, be that known or not."""
    return is_tick(fact) and fact.unit != YES_NO and is_ticked(fact, known or "")


def _is_child(answers: Answers, fact: Fact, member: int) -> bool:
    return fact.entity == PERSON and member >= answers.adults


def _page_key(answers: Answers, chunks: Mapping[str, int], fact: Fact, member: int) -> str:
    if fact.rarely:
        return UNUSUAL_PAGE
    child = _is_child(answers, fact, member)
    if fact.name == BIRTH:
        return CHILDREN_PAGE if child else YOU_PAGE
    if is_tick(fact):
        group = _ticks_of(fact, child=child)
        chunk = chunks[fact.name] // TICKS[group]
        return f"{group}-part-{chunk + 1}" if chunk else group
    if child:
        return f"children-{fact.name}"
    if fact.cost >= PAPERS or (fact.entity != HOUSEHOLD and not _is_simple(fact)):
        return fact.name
    return YOU_PAGE if fact.entity == PERSON else HOME_PAGE


def _is_simple(fact: Fact) -> bool:
    """Whether a fact is answered at once, and is nothing that hangs on something rare."""
    return fact.unit.is_money or (fact.entity == PERSON and fact.cost == 1)


def _ticks_of(fact: Fact, *, child: bool) -> str:
    if child:
        return ABOUT_CHILDREN_PAGE
    return MONEY_PAGE if fact.unit.is_money else ABOUT_PAGE


def _chunks_of(assessment: Assessment) -> Mapping[str, int]:
    return _chunks(assessment.law.book, tuple(assessment.decision.plan.inputs.values()))


@lru_cache(maxsize=16)
def _chunks(book: Lawbook, needed: tuple[str, ...]) -> Mapping[str, int]:
    """Return the place of each box among those of its kind: on which page of several it stands."""
    counts: dict[bool, int] = {}
    found = {}
    for name in needed:
        fact = book.facts.get(name)
        if fact is not None and fact.ask is not None and is_tick(fact) and not fact.rarely:
            kind = fact.unit.is_money
            found[name] = counts[kind] = counts.get(kind, -1) + 1
    return found


def _askable(assessment: Assessment) -> list[tuple[Fact, int]]:
    """Return everything that the law could ask, member by member, in its own order."""
    sizes = {
        "person": assessment.answers.adults + assessment.answers.children,
        "family": 1,
        "household": 1,
    }
    book, answers = assessment.law.book, assessment.answers
    facts = [book.facts.get(name) for name in assessment.decision.plan.inputs.values()]
    return [
        (fact, member)
        for fact in facts
        if fact is not None and fact.ask is not None
        for member in range(sizes.get(fact.entity.name, 0))
        # What rarely matters of an adult matters hardly ever of a child.
        if not (fact.rarely and _is_child(answers, fact, member))
    ]
