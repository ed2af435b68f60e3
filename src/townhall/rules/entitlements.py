"""What can I get? Every programme of the law for one family, whatever is known so far.

Answers are texts, so that they fit into a cookie and a summary; here they become a situation
of the law. A programme is answered at any time: yes, no, up to so much, or it depends. Nothing
is taken as zero because it was not asked. What nobody can be asked is taken at the usual value
that the law book names, and told as such.

`questionnaire` puts what is still worth asking on pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from townhall.rules.answers import (
    PLACES,
    SOME,
    UNKNOWN,
    Answers,
    key_of,
    read,
    split,
    usual,
)
from townhall.rules.engine.law import (
    FAMILY,
    HOUSEHOLD,
    PERSON,
    YES_NO,
    Decision,
    FactError,
    Family,
    Household,
    Law,
    Lawbook,
    Situation,
)
from townhall.rules.engine.law.answers import asking
from townhall.rules.engine.law.book import Fact, Programme
from townhall.rules.engine.law.exact import bounds
from townhall.rules.engine.law.exact.bounds import Ranged

CLAIMED: Final = "claims_"
"""How the names of facts begin that say that somebody claims."""
NONE: Final = "none"
"""The option of a choice that says that there is nothing."""
PAPERS: Final = 4
"""From this cost on, a fact takes papers to answer."""


@dataclass(frozen=True, slots=True)
class Award:
    """A programme as it stands for one member.

    Attributes
    ----------
    state
        `yes`, `no`, `up_to` (nothing or more, but at most `high`), or `open`.
    low, high
        The least and the most that it can be, as the law calculates.
    depends
        (fact, member) of what can still change it, the most useful first.
    lacks_law
        It rests on a rate or a rule that has no version in force on the day.
    """

    programme: Programme
    member: int
    state: str
    low: Any
    high: Any
    depends: tuple[tuple[str, int], ...] = ()
    lacks_law: bool = False

    @property
    def exact(self) -> bool:
        return bool(self.low == self.high)


@dataclass(frozen=True)
class Assessment:
    """All programmes for some answers, and what they rest on.

    Attributes
    ----------
    assumed
        Facts that nobody was asked for, at the value that is usual: (fact, whose) to value.
    """

    law: Law
    answers: Answers
    day: date
    ranged: Ranged
    decision: Decision
    assumed: Mapping[tuple[str, int], Any]

    @cached_property
    def awards(self) -> tuple[Award, ...]:
        """Every programme, one a member that it belongs to."""
        worth = {
            (each.fact, each.member): place
            for place, each in enumerate(self._questions(self.decision.goals))
        }
        return tuple(
            self._award(programme, member, worth)
            for programme in told_programmes(self.law.book)
            for member in self._members(programme.goal)
        )

    @cached_property
    def open(self) -> tuple[tuple[Fact, int], ...]:
        """What is still worth asking, the most useful first."""
        wanted = asked_goals(self.law.book, duties=self.answers.duties)
        found = []
        for question in self._questions(wanted):
            fact = self.law.book.facts.get(question.fact)
            if fact is None or fact.ask is None:
                continue
            if self.answers.facts.get(key_of(fact, question.member), SOME) == SOME:
                found.append((fact, question.member))
        return tuple(found)

    @cached_property
    def typical(self) -> frozenset[tuple[str, int]]:
        """(fact, whose) of what could still change something if nothing rare was so.

        The other open facts hang on something rare, and are worth asking only after it.
        """
        wanted = asked_goals(self.law.book, duties=self.answers.duties)
        situation = _typical(
            self.law.book, self.decision.situation, self.answers, self.decision.plan.inputs.values()
        )
        ranged = bounds.evaluate(self.law, self.decision.plan, self.law.admit(situation), self.day)
        return frozenset(ranged.open_members(wanted))

    def _questions(self, goals: Iterable[str]) -> tuple[asking.Question, ...]:
        goals = tuple(goals)
        return asking.questions(self.law, self._mine(goals), goals)

    def _mine(self, goals: Iterable[str]) -> Ranged:
        """Return the bounds of those members for whom a programme is told."""
        values = {
            goal: [self.ranged.values[goal][member] for member in self._members(goal)]
            for goal in goals
        }
        return Ranged(values, self.ranged.bits, self.ranged.gaps)

    def _members(self, goal: str) -> range:
        entity = self.law.variables[goal].kind.entity
        # What a child gets or pays for itself is nobody's question here.
        return range(self.answers.adults if entity == PERSON else 1)

    def _award(
        self, programme: Programme, member: int, worth: Mapping[tuple[str, int], int]
    ) -> Award:
        low, high, mask = self.ranged.values[programme.goal][member]
        depends = list(self.ranged.open_for(programme.goal, member))
        depends.sort(key=lambda each: (each not in self.typical, worth.get(each, len(worth))))
        lacks = bool(mask & self.ranged.gaps)
        return Award(programme, member, _state(low, high), low, high, tuple(depends), lacks)


def _state(low: Any, high: Any) -> str:
    if isinstance(low, bool):
        return "yes" if low else "open" if high else "no"
    if high <= 0:
        return "no"
    if low > 0:
        return "yes" if high.is_finite() else "open"
    return "up_to" if high.is_finite() else "open"


def told_programmes(book: Lawbook) -> tuple[Programme, ...]:
    """Return the programmes that are told to a family: those of persons, families, homes."""
    return tuple(
        programme
        for programme in book.programmes.values()
        if book.versions[programme.goal][0].entity in (PERSON, FAMILY, HOUSEHOLD)
    )


def asked_goals(book: Lawbook, *, duties: bool = False) -> tuple[str, ...]:
    """Return the goals for which questions are worth asking: what is paid to people.

    Parameters
    ----------
    duties
        Also what they pay.
    """
    told = told_programmes(book)
    return tuple(each.goal for each in told if each.gives or duties)


def assess(book: Lawbook, answers: Answers, day: date) -> Assessment:
    """Return every programme for what is known.

    Answers that the law cannot use, such as those to a question that it no longer has, are
    left out.

    Raises
    ------
    LawError
        If the law of the day cannot be read.
    """
    law = book.on(day)
    goals = tuple(dict.fromkeys(each.goal for each in told_programmes(book)))
    planned = law.plan(goals, gaps=True)
    needed = tuple(planned.inputs.values())
    answers = _usable(book, answers)
    while True:
        situation, assumed = _situation(book, answers, needed)
        try:
            found = law.admit(situation)
        except FactError as error:
            facts = {
                key: value for key, value in answers.facts.items() if split(key)[2] != error.name
            }
            if len(facts) == len(answers.facts):
                raise
            answers = replace(answers, facts=facts)
            continue
        ranged = bounds.evaluate(law, planned, found, day)
        decision = Decision(law, situation, day, goals, ranged.exact(), planned, found)
        return Assessment(law, answers, day, ranged, decision, assumed)


def is_nothing(fact: Fact) -> bool:
    """Whether the usual value of a fact is that there is nothing: no, zero, none."""
    if fact.unit == YES_NO:
        return fact.usual is False
    if fact.unit.base == "choice":
        return fact.usual == NONE
    number = fact.unit.is_money or fact.unit.is_plain
    return number and fact.usual is not None and not Decimal(str(fact.usual))


def _typical(
    book: Lawbook, situation: Situation, answers: Answers, needed: Iterable[str]
) -> Situation:
    """Return the situation of somebody for whom nothing rare is so that was not asked."""
    facts = [fact for name in needed if (fact := book.facts.get(name)) and is_nothing(fact)]
    for entity in PLACES.values():
        mine = [fact for fact in facts if fact.entity == entity]
        for member, known in enumerate(situation.facts_of(entity)):
            lacking = {
                fact.name: usual(fact)
                for fact in mine
                if fact.name not in known and key_of(fact, member) not in answers.facts
            }
            situation = situation.with_facts(entity, member, lacking)
    return situation


def _usable(book: Lawbook, answers: Answers) -> Answers:
    """Return the answers without those that are about nothing in the law."""
    kept = {}
    for key, value in answers.facts.items():
        place, member, name = split(key)
        fact = book.facts.get(name)
        people = answers.adults + answers.children if place == "person" else 1
        if fact is None or fact.entity.name != place or member >= people:
            continue
        if value in (UNKNOWN, SOME) or read(fact, value) is not None:
            kept[key] = value
    return replace(answers, facts=kept)


def _situation(
    book: Lawbook, answers: Answers, needed: Iterable[str]
) -> tuple[Situation, dict[tuple[str, int], Any]]:
    people: dict[str, list[dict[str, Any]]] = {
        "person": [{} for _ in range(answers.adults + answers.children)],
        "family": [{}],
        "household": [{}],
    }
    for key, text in answers.facts.items():
        place, member, name = split(key)
        value = read(book.facts[name], text)
        if value is not None:
            people[place][member][name] = value
    assumed: dict[tuple[str, int], Any] = {}
    for name in needed:
        fact = book.facts.get(name)
        if fact is None or fact.usual is None or fact.entity.name not in people:
            continue
        for member, facts in enumerate(people[fact.entity.name]):
            if name not in facts and _is_assumed(answers, fact, member):
                facts[name] = assumed[name, member] = usual(fact)
    everybody = range(answers.adults + answers.children)
    family = Family(
        tuple(everybody[: answers.adults]),
        tuple(everybody[answers.adults :]),
        people["family"][0],
    )
    home = Household((0,), people["household"][0])
    return Situation(people["person"], [family], [home]), assumed


def _is_assumed(answers: Answers, fact: Fact, member: int) -> bool:
    """Whether a fact is taken as usual without asking; its usual value is known.

    What has no question, what rarely matters, what children earn, that a benefit is claimed
    (what somebody can get is what they get if they claim it), and what takes papers to answer,
    unless somebody wants to know all about taxes.
    """
    if key_of(fact, member) in answers.facts:
        return False
    child = fact.entity == PERSON and member >= answers.adults
    papers = fact.cost >= PAPERS and not answers.duties
    claimed = fact.name.startswith(CLAIMED) and fact.usual is True
    earned = child and fact.unit.is_money
    return fact.ask is None or fact.rarely or papers or claimed or earned
