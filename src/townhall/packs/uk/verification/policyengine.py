"""The law of this pack against the cases of policyengine-uk 2.162.10.

Read in place from an environment of its own (AGPL-3.0: nothing of it is kept here). A case passes
when every figure of the programmes that it expects agrees within the margin that it states, or to the
penny where it states none (the source calculates in 32 bits). Figures of other law that stand beside
them (council tax, student loans) are not compared unless a rule of ours has the name.

Conventions are named switches, put as facts in place of the rules named:

``annual-52``
    A year of Child Benefit has 52 payments, and weekly amounts become annual ones 52 times.
``annual-pay-period``
    Class 1 contributions on the thresholds of the year.
``relief-at-source-deducted``
    Relief that a pension provider claims is shown within income tax.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final

from townhall.packs.uk.rules import UK
from townhall.packs.uk.verification import Miss, MissClass, Outcome, Sources
from townhall.packs.uk.verification import policyengine_cases as cases
from townhall.packs.uk.verification import policyengine_situation as situations
from townhall.packs.uk.verification.names import Facts, Vocabulary
from townhall.packs.uk.verification.policyengine_cases import GROUPS, Case
from townhall.packs.uk.verification.policyengine_programmes import FIGURES, programmes_of
from townhall.rules.engine.law import Law
from townhall.rules.engine.law.errors import FactError, LawError, NoResult, NotInForce, OpenFact

CONVENTIONS: Final[Mapping[str, Facts]] = {
    "family": {"child_benefit_weeks": 52},
    "person": {"relief_at_source_is_deducted": True},
}
TO_THE_PENNY: Final = Decimal("0.005")
# What one year of a case leaves for the next.
CARRIED: Final = {"class_4_losses_carried_forward": "class_4_losses_brought_forward"}


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """One figure that does not agree."""

    figure: str
    expected: str
    got: str


@dataclasses.dataclass(frozen=True, slots=True)
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
    return _outcome("policyengine_raw", (each for each in run(sources) if each.raw))


def all_cases(sources: Sources) -> Outcome:
    """Compare all cases."""
    return _outcome("policyengine_all", run(sources))


def run(sources: Sources, programme: str | None = None) -> Iterable[Result]:
    """Yield the result of every case, or of those of one programme."""
    words = vocabulary()
    wanted = FIGURES[programme] if programme else frozenset().union(*FIGURES.values())

    def is_wanted(figures: frozenset[str]) -> bool:
        return bool(figures & wanted)

    corpus = cases.read(cases.folder(sources), is_wanted)
    for case in corpus.cases:
        yield Result(
            case, programmes_of(case.figures), corpus.is_raw(case), tuple(differences(case, words))
        )


def differences(case: Case, words: Vocabulary) -> Iterable[Difference]:
    """Yield each figure of a case that does not agree; an error is the difference of all."""
    try:
        yield from _compared(case, words)
    except situations.Unnamed as unnamed:
        yield Difference("", "", f"no name of ours stands for {unnamed}")
    except LawError:  # no law at all: not a matter of this case
        raise
    except (FactError, NoResult, NotInForce, OpenFact) as error:
        yield Difference("", "", f"{type(error).__name__}: {str(error).splitlines()[0]}")


def _compared(case: Case, words: Vocabulary) -> Iterable[Difference]:
    expected = {key: value for key, value in case.expected.items() if key not in GROUPS}
    for group in GROUPS:
        for position, member in enumerate((case.expected.get(group) or {}).values()):
            for name, value in (member or {}).items():
                expected[f"{name}@{position}"] = value
    years = sorted(_years(case.given) | _years(expected) | {case.year})
    carried: dict[str, list[Any]] = {}
    for year in years:
        due = dict(_due(expected, case, year, words))
        law = UK.on(case.day(year))
        answers: list[dict[str, list[Any]]] = []
        for world in situations.worlds(case, year, law, words):
            answers.append(_answers(case, year, world, law, words, due, carried))
        for figure, value in due.items():
            yield from _different(case, figure, value, answers)


def _answers(
    case: Case,
    year: int,
    world: situations.World,
    law: Law,
    words: Vocabulary,
    due: Mapping[str, Any],
    carried: dict[str, list[Any]],
) -> dict[str, list[Any]]:
    for name, values in carried.items():
        for row, value in zip(world.people, values, strict=False):
            row.setdefault(_theirs(name, words), value)
    day = case.day(year)
    built = situations.situation(world, day, case.year, law, words, CONVENTIONS)
    goals = {figure: _goal(figure, law, words) for figure in {_bare(name) for name in due}}
    wanted = sorted({name for names, _ in goals.values() for name in names})
    later = case.year > year or len(_years(case.given)) > 1
    carrying = [name for name in CARRIED if later and name in law.variables]
    decision = law.decide([*wanted, *carrying], built, day=day)
    for name in carrying:
        carried[CARRIED[name]] = decision[name]
    found = {
        figure: _figures(figure, names, function, decision, law, words)
        for figure, (names, function) in goals.items()
    }
    people = len(world.people)
    return {
        # Without the guardians that the harness added.
        figure: values[: people - world.added] if len(values) == people else values
        for figure, values in found.items()
    }


def _figures(
    figure: str,
    names: tuple[str, ...],
    function: Callable[..., Any],
    decision: Any,
    law: Law,
    words: Vocabulary,
) -> list[Any]:
    choices = words.choices.get(figure, {})
    columns = []
    for name in names:
        unit = law.variables[name].kind.unit
        columns.append([situations.outward(each, unit, choices) for each in decision[name]])
    if not columns:
        return [function()]
    return [function(*values) for values in zip(*columns, strict=True)]


def _goal(figure: str, law: Law, words: Vocabulary) -> tuple[tuple[str, ...], Callable[..., Any]]:
    if figure in words.answers:
        return words.answers[figure]
    ours = words.names.get(figure)
    if ours is None or ours not in law.variables:
        raise situations.Unnamed(figure)
    return (ours,), _same


def _same(value: Any) -> Any:
    return value


def _theirs(name: str, words: Vocabulary) -> str:
    return next(theirs for theirs, ours in words.names.items() if ours == name)


def _years(tree: Mapping[str, Any]) -> set[int]:
    found: set[int] = set()
    for value in tree.values():
        if isinstance(value, Mapping):
            keys = [str(key) for key in value]
            if keys and all(key.isdigit() and len(key) == 4 for key in keys):
                found |= {int(key) for key in keys}
            else:
                found |= _years(value)
    return found


def _bare(figure: str) -> str:
    return figure.partition("@")[0]


def _is_compared(figure: str, words: Vocabulary) -> bool:
    return figure in words.names or figure in words.answers or figure in _OF_PROGRAMMES


_OF_PROGRAMMES: Final = frozenset().union(*FIGURES.values())


def _due(
    expected: Mapping[str, Any], case: Case, year: int, words: Vocabulary
) -> Iterable[tuple[str, Any]]:
    for figure, raw_value in expected.items():
        if not _is_compared(_bare(figure), words):
            continue
        value = cases.worked_out(raw_value)
        if isinstance(value, Mapping):
            if year in value:
                yield figure, value[year]
        elif year == case.year:
            yield figure, value


def _different(
    case: Case, figure: str, expected: Any, answers: list[dict[str, list[Any]]]
) -> Iterable[Difference]:
    name, _, position = figure.partition("@")
    if len(answers) > 1:
        got = [answer[name][0] for answer in answers]
    else:
        got = answers[0][name]
    if position:
        got = got[int(position) : int(position) + 1]
    wanted = expected if isinstance(expected, list) else [expected] * len(got)
    pairs = list(zip(wanted, got, strict=False))
    if len(wanted) > len(got) or not all(_agrees(a, b, case.margin) for a, b in pairs):
        yield Difference(name, _shown(expected), _shown(got if len(got) > 1 else got[0]))


def _agrees(expected: Any, got: Any, margin: Decimal | None) -> bool:
    if isinstance(expected, str) or isinstance(got, str):
        return expected == got
    if isinstance(expected, bool) or isinstance(got, bool):
        return bool(expected) == bool(got)
    if expected is None or got is None:
        return expected is got
    allowed = max(margin, TO_THE_PENNY) if margin is not None else TO_THE_PENNY
    return abs(Decimal(expected) - Decimal(got)) <= allowed


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_shown(each) for each in value) + "]"
    if isinstance(value, Decimal):
        return f"{value.quantize(Decimal('0.0001')).normalize():f}"
    return str(value)


def _outcome(suite: str, results: Iterable[Result]) -> Outcome:
    from townhall.packs.uk.verification.policyengine_misses import classified

    counted, misses = 0, []
    for result in results:
        counted += 1
        if not result.passed:
            kind, reason = classified(result.case)
            first = result.differences[0]
            misses.append(_miss(result.case, first, kind, reason))
    return Outcome.from_misses(suite, counted, misses)


def _miss(case: Case, first: Difference, kind: MissClass, reason: str) -> Miss:
    return Miss(case.name, first.figure, first.expected, first.got, kind, reason)
