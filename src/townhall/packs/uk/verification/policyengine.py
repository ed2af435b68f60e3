"""The law of this pack against the cases of policyengine-uk 2.162.10.

Read in place from an environment of its own (AGPL-3.0: nothing of it is kept here). A case passes
when every figure of the programmes that it expects agrees within the margin that it states, or to
the penny where it states none (the source calculates in 32 bits). Figures of other law that stand
beside them (council tax, student loans) are not compared unless a rule of ours has the name.

Conventions are named switches: facts in place of rules of ours, the same in every case.

``annual-52``
    A year of Child Benefit has 52 payments, not one for each Monday.
``relief-at-source-deducted``
    Relief that a pension provider claims is shown within income tax.

By the usual value of `pay_period` Class 1 contributions are on the thresholds of the year, where
the source takes 52 times a weekly one (241.73 = 12,570 / 52).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from townhall.packs.uk.rules import UK
from townhall.packs.uk.verification import Miss, Outcome, Sources
from townhall.packs.uk.verification import policyengine_cases as cases
from townhall.packs.uk.verification.names import Facts, Vocabulary
from townhall.packs.uk.verification.policyengine_cases import GROUPS, Case
from townhall.packs.uk.verification.policyengine_misses import classified
from townhall.packs.uk.verification.policyengine_programmes import FIGURES, programmes_of
from townhall.packs.uk.verification.policyengine_situation import Unnamed, situation
from townhall.packs.uk.verification.policyengine_units import outward
from townhall.packs.uk.verification.policyengine_worlds import Reading, World, worlds
from townhall.rules.engine.law.errors import FactError, LawError, NoResult, NotInForce, OpenFact

CONVENTIONS: Final[Mapping[str, Mapping[str, Facts]]] = {
    "annual-52": {"family": {"child_benefit_weeks": 52}},
    "relief-at-source-deducted": {"person": {"relief_at_source_is_deducted": True}},
}
TO_THE_PENNY: Final = Decimal("0.005")
# What one year of a case leaves for the next, theirs.
CARRIED: Final = {"ni_class_4_losses_carried_forward": "ni_class_4_losses_brought_forward"}
OF_PROGRAMMES: Final = frozenset().union(*FIGURES.values())

Answer = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that does not agree; no figure: there is no answer at all."""

    figure: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came out of a case."""

    case: Case
    programmes: tuple[str, ...]
    raw: bool
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


@cache
def vocabulary() -> Vocabulary:
    """Return all names of theirs that we know; the modules are one a part of the law."""
    from townhall.packs.uk.verification import names_benefits, names_people, names_tax

    joined = names_people.VOCABULARY
    for each in (names_tax.VOCABULARY, names_benefits.VOCABULARY):
        joined = joined.joined(each)
    return joined


def raw(sources: Sources) -> Outcome:
    """Compare the cases that give nothing but facts."""
    return _outcome("policyengine_raw", (each for each in _results(sources) if each.raw))


def all_cases(sources: Sources) -> Outcome:
    """Compare all cases."""
    return _outcome("policyengine_all", _results(sources))


@cache
def _results(sources: Sources) -> tuple[Result, ...]:
    """Results of all cases, once for both suites."""
    return tuple(run(sources))


def _outcome(suite: str, results: Iterable[Result]) -> Outcome:
    counted, misses = 0, []
    for result in results:
        counted += 1
        if not result.passed:
            first = result.differences[0]
            kind, reason = classified(result.case)
            misses.append(
                Miss(result.case.name, first.figure, first.expected, first.got, kind, reason)
            )
    return Outcome.from_misses(suite, counted, misses)


def run(sources: Sources, programme: str | None = None) -> Iterable[Result]:
    """Yield the result of every case, or of those of one programme."""
    words = vocabulary()
    wanted = FIGURES[programme] if programme else OF_PROGRAMMES
    corpus = cases.read(cases.folder(sources), lambda figures: bool(figures & wanted))
    for case in corpus.cases:
        yield Result(
            case, programmes_of(case.figures), corpus.is_raw(case), tuple(differences(case, words))
        )


def differences(case: Case, words: Vocabulary) -> Iterable[Difference]:
    """Yield each figure of a case that does not agree.

    Raises
    ------
    LawError
        If there is no law at all: that is not a matter of this case.
    """
    try:
        yield from _compared(case, words)
    except Unnamed as unnamed:
        yield Difference("", "", f"no name of ours stands for {unnamed}")
    except LawError:
        raise
    except (FactError, NoResult, NotInForce, OpenFact) as error:
        yield Difference("", "", f"{type(error).__name__}: {str(error).splitlines()[0]}")


def _compared(case: Case, words: Vocabulary) -> Iterable[Difference]:
    expected = _figures_of(case, words)
    years = _years(case.given)
    left: Answer = {}
    for year in sorted(years | _years(expected) | {case.year}):
        due = dict(_due(expected, case, year))
        day = case.day(year)
        reading = Reading(case, year, day, UK.on(day), words)
        carrying = CARRIED if len(years) > 1 else {}
        answers = []
        for world in worlds(reading):
            _receive(world, left)
            goals = {_bare(figure) for figure in due} | carrying.keys()
            answers.append(_answer(reading, world, goals))
        left = {CARRIED[name]: answers[0][name] for name in carrying}
        for figure, value in due.items():
            yield from _different(case, figure, value, answers)


def _receive(world: World, left: Answer) -> None:
    """Give people what the year before left them, where the case itself says nothing."""
    for name, values in left.items():
        for row, value in zip(world.people, values, strict=False):
            row.setdefault(name, value)


def _answer(reading: Reading, world: World, figures: Iterable[str]) -> Answer:
    """Return our values of their figures, for the people of the case."""
    goals = {figure: _goal(reading, figure) for figure in figures}
    conventions: dict[str, Facts] = {}
    for switch in CONVENTIONS.values():
        for entity, facts in switch.items():
            conventions.setdefault(entity, {}).update(facts)
    built = situation(reading, world, conventions)
    wanted = sorted({name for names, _ in goals.values() for name in names})
    decision = reading.law.decide(wanted, built, day=reading.day)
    people = len(world.people)
    answer = {}
    for figure, (names, function) in goals.items():
        columns = []
        for name in names:
            unit = reading.law.variables[name].kind.unit
            choices = reading.words.choices.get(figure, {})
            columns.append([outward(value, unit, choices) for value in decision[name]])
        values = [function(*each) for each in zip(*columns, strict=True)]
        answer[figure] = values[: people - world.added] if len(values) == people else values
    return answer


def _goal(reading: Reading, figure: str) -> tuple[tuple[str, ...], Callable[..., Any]]:
    if figure in reading.words.answers:
        return reading.words.answers[figure]
    ours = reading.words.names.get(figure)
    if ours is None or ours not in reading.law.variables:
        raise Unnamed(figure)
    return (ours,), lambda value: value


def _figures_of(case: Case, words: Vocabulary) -> dict[str, Any]:
    """Figures that are compared; of a member of a group as `figure@position`."""
    expected = {key: value for key, value in case.expected.items() if key not in GROUPS}
    for group in GROUPS:
        for position, member in enumerate((case.expected.get(group) or {}).values()):
            for name, value in (member or {}).items():
                expected[f"{name}@{position}"] = value
    known = words.names.keys() | words.answers.keys() | OF_PROGRAMMES
    return {figure: value for figure, value in expected.items() if _bare(figure) in known}


def _bare(figure: str) -> str:
    return figure.partition("@")[0]


def _years(tree: Mapping[str, Any]) -> set[int]:
    """Years for which a tree of members has entries."""
    found: set[int] = set()
    for value in tree.values():
        if isinstance(value, Mapping):
            keys = [str(key) for key in value]
            if keys and all(key.isdigit() and len(key) == 4 for key in keys):
                found |= {int(key) for key in keys}
            else:
                found |= _years(value)
    return found


def _due(expected: Mapping[str, Any], case: Case, year: int) -> Iterable[tuple[str, Any]]:
    for figure, stated in expected.items():
        value = cases.worked_out(stated)
        if isinstance(value, Mapping):
            if year in value:
                yield figure, value[year]
        elif year == case.year:
            yield figure, value


def _different(
    case: Case, figure: str, expected: Any, answers: Sequence[Answer]
) -> Iterable[Difference]:
    name, _, position = figure.partition("@")
    several = len(answers) > 1
    got = [answer[name][0] for answer in answers] if several else list(answers[0][name])
    if position:
        got = got[int(position) : int(position) + 1]
    wanted = expected if isinstance(expected, list) else [expected] * len(got)
    pairs = zip(wanted, got, strict=False)
    if len(wanted) > len(got) or not all(_agrees(a, b, case.margin) for a, b in pairs):
        yield Difference(name, _shown(expected), _shown(got if len(got) != 1 else got[0]))


def _agrees(expected: Any, got: Any, margin: Decimal | None) -> bool:
    if isinstance(expected, str) or isinstance(got, str) or expected is None or got is None:
        return expected == got
    if isinstance(expected, bool) or isinstance(got, bool):
        return bool(expected) == bool(got)
    allowed = TO_THE_PENNY if margin is None else max(margin, TO_THE_PENNY)
    return abs(Decimal(expected) - Decimal(got)) <= allowed


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_shown(each) for each in value) + "]"
    if isinstance(value, Decimal):
        return f"{value.quantize(Decimal('0.0001')).normalize():f}"
    return str(value)
