"""What is wrong with the books of a jurisdiction, before any rule is read.

Each function yields sentences with the place in front; `Lawbook` collects them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from townhall.rules.engine.law.book import Exception_, Fact, Programme, Source, Version
from townhall.rules.engine.law.entities import STRUCTURE, WORLD
from townhall.rules.engine.law.errors import LawError
from townhall.rules.engine.law.terms import Words, constant
from townhall.rules.engine.law.units import DATE

_COSTS = range(1, 6)


def of_fact(fact: Fact, facts: Mapping[str, Fact]) -> Iterable[str]:
    """Yield what is wrong with a fact."""
    place = f'{fact.at}: the fact "{fact.name}"'
    if fact.name in STRUCTURE or not fact.name.isidentifier():
        yield f"{place} has a name that a fact cannot have."
    if fact.entity == WORLD:
        yield f"{place} is the world's; what is the same for everybody is a rate."
    if not fact.title.get("en") or (fact.ask is not None and not fact.ask.get("en")):
        yield f"{place} lacks its English words."
    if fact.cost not in _COSTS:
        yield f"{place} costs {fact.cost} to answer; say 1 (at once) to 5 (papers needed)."
    limits = [limit for limit in (fact.low, fact.high) if limit is not None]
    if limits and not fact.unit.is_numeric:
        yield f"{place} is {fact.unit}, which has no low= and high=."
    if len(limits) == 2 and limits[0] > limits[1]:
        yield f"{place} is at least {fact.low} and at most {fact.high}: that leaves nothing."
    yield from _of_order(fact, place, facts)
    yield from _of_usual(fact, place)


def _of_order(fact: Fact, place: str, facts: Mapping[str, Fact]) -> Iterable[str]:
    for limit in (fact.not_before, fact.not_after):
        if limit is None:
            continue
        if fact.unit != DATE:
            yield f"{place} is {fact.unit}: only a date lies before or after another."
        other = facts.get(limit)
        if limit != "today" and (
            other is None or (other.entity, other.unit) != (fact.entity, DATE)
        ):
            yield f'{place} is compared with "{limit}", which is no date of a {fact.entity}.'


def _of_usual(fact: Fact, place: str) -> Iterable[str]:
    if fact.usual is None:
        return
    try:
        constant(fact.usual, fact.unit)
    except LawError as error:
        yield f"{place} has a usual value that it cannot have: {error}"
        return
    if fact.unit.is_numeric:
        usual = Decimal(str(fact.usual))
        if (fact.low is not None and usual < fact.low) or (
            fact.high is not None and usual > fact.high
        ):
            yield f"{place} has a usual value outside of its limits: {fact.usual}."


def of_versions(name: str, versions: Sequence[Version], facts: Mapping[str, Fact]) -> Iterable[str]:
    """Yield what is wrong with the versions of a rule, which come in the order of their days."""
    first = versions[0]
    if name in facts:
        yield f'{first.source.at}: "{name}" is a fact (named in {facts[name].at}) and a rule.'
    if name in STRUCTURE:
        yield f'{first.source.at}: "{name}" is a name of the engine.'
    for before, after in itertools.pairwise(versions):
        place, since = after.source.at, after.source.since
        if since is None:
            yield (
                f'{place}: "{name}" is there twice (first in {before.source.at}); '
                "say from_= for the later one."
            )
        elif since == before.source.since or (before.source.until and before.source.until > since):
            yield (
                f'{place}: two versions of "{name}" are in force on {since.isoformat()} '
                f"(the other in {before.source.at})."
            )
        if (before.entity, before.unit) != (after.entity, after.unit):
            yield f'{place}: "{name}" changes whom it belongs to, or its unit.'
    for version in versions:
        yield from _of_words(version.source, version.otherwise)


def of_exceptions(
    to: str, exceptions: Sequence[Exception_], versions: Mapping[str, Sequence[Version]]
) -> Iterable[str]:
    """Yield what is wrong with the exceptions to a rule."""
    if to not in versions:
        yield f'{exceptions[0].source.at}: an exception to "{to}", which is no rule.'
    for one, other in itertools.combinations(exceptions, 2):
        if one.priority == other.priority and _meet(one.source, other.source):
            yield (
                f'{other.source.at}: two exceptions to "{to}" have the priority '
                f"{one.priority} (the other in {one.source.at}): the higher one wins, so say which."
            )
    for each in exceptions:
        yield from _of_words(each.source, None)


def of_programmes(
    programmes: Sequence[Programme], versions: Mapping[str, Sequence[Version]]
) -> Iterable[str]:
    """Yield what is wrong with the programmes."""
    seen: dict[str, Programme] = {}
    for programme in programmes:
        if programme.name in seen:
            yield (
                f'{programme.at}: the programme "{programme.name}" is named twice '
                f"(first in {seen[programme.name].at})."
            )
        seen[programme.name] = programme
        if programme.goal not in versions:
            yield f'{programme.at}: "{programme.goal}", the goal of a programme, is no rule.'
        if not programme.title.get("en"):
            yield f'{programme.at}: the programme "{programme.name}" lacks its English words.'


def _of_words(source: Source, otherwise: Words | None) -> Iterable[str]:
    words = (source.title, source.because, otherwise)
    if any(each is not None and not each.get("en") for each in words):
        yield f'{source.at}: "{source.name}" lacks its English words.'


def _meet(one: Source, other: Source) -> bool:
    """Whether both are in force on some day."""
    start = max(one.since or date.min, other.since or date.min)
    return start < min(one.until or date.max, other.until or date.max)
