"""What one decision costs over the whole law of the United Kingdom, with its explanation.

A family of four, every programme at once. Each run has other earnings, so nothing
is found again; what counts is the CPU time of one thread, which on an idle machine
is what somebody waits.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.packs.uk.rules import UK
from townhall.rules.engine.law import PERSON, Situation
from townhall.rules.engine.law.answers import asking, explaining
from townhall.rules.engine.law.exact import bounds

DAY = date(2026, 6, 1)
RUNS = 300
OPEN = ("employment_income", "employee_pension_contributions", "savings_interest")

Figure = dict[str, Any]


def run() -> Iterator[Figure]:
    """Yield `decision_p50_ms`, `decision_p95_ms` and `decision_unknown_ms`."""
    law = UK.on(DAY)
    goals = [programme.goal for programme in UK.programmes.values()]
    family = _family()

    def decide(situation: Situation) -> int:
        decision = law.decide(goals, situation, day=DAY, usual=True)
        told = 0
        for goal in goals:
            reason, deciding = explaining.short(decision, goal)
            told += len(reason.because) + sum(len(each.title) for each in deciding)
        return told

    nodes = sum(len(segment.nodes) for segment in law.plan(goals).segments)
    how = (
        f"family of four, {len(goals)} programmes, {nodes} nodes; exact decision and for each "
        f"programme the conclusion with the reasons that decided it, {RUNS} runs"
    )
    times = sorted(_timed(decide, _with_earnings(family)))
    yield _figure("decision_p50_ms", statistics.median(times), 1.0, how)
    yield _figure("decision_p95_ms", times[int(0.95 * len(times))], 3.0, how)
    partly = _without(family, OPEN)
    # As a server does once it has loaded: what stays need not be looked at again.
    gc.collect()
    gc.freeze()

    def ask(situation: Situation) -> int:
        found = law.admit(situation)
        plan = law.plan(goals, found.given(law), gaps=True)
        found = law.assumed(found, plan, besides=OPEN)
        ranged = bounds.evaluate(law, plan, found, DAY)
        return len(asking.questions(law, ranged, goals))

    asked = ask(partly)
    times = _timed(ask, _with_savings(partly))
    how = (
        f"the same family with {asked} facts open: bounds of every programme, and the facts to "
        f"ask in order; median of {RUNS} runs"
    )
    yield _figure("decision_unknown_ms", statistics.median(times), 5.0, how)


def _family() -> Situation:
    persons = [
        {"date_of_birth": date(1988, 3, 2), "employment_income": Decimal(32_000)},
        {"date_of_birth": date(1990, 7, 9), "employment_income": Decimal(9_000)},
        {"date_of_birth": date(2015, 1, 20)},
        {"date_of_birth": date(2019, 11, 3)},
    ]
    facts = {"local_housing_allowance": Decimal(950)}
    return Situation(persons, [{"members": [0, 1, 2, 3], "adults": [0, 1], "facts": facts}])


def _with_earnings(family: Situation) -> Iterator[Situation]:
    for number in range(RUNS):
        facts = {"employment_income": Decimal(10_000 + 137 * number)}
        yield family.with_facts(PERSON, 0, facts)


def _with_savings(family: Situation) -> Iterator[Situation]:
    for number in range(RUNS):
        yield family.with_facts(PERSON, 0, {"date_of_birth": date(1980, 1, 1 + number % 28)})


def _without(family: Situation, names: tuple[str, ...]) -> Situation:
    children = dict.fromkeys(names, Decimal(0))
    persons = [
        {name: value for name, value in facts.items() if name not in names}
        if number < 2
        else {**facts, **children}
        for number, facts in enumerate(family.persons)
    ]
    return Situation(persons, family.families, family.households)


def _timed(work: Callable[[Situation], Any], situations: Iterator[Situation]) -> list[float]:
    """Return the CPU milliseconds of each run, after some to warm up."""
    made = list(situations)
    for situation in made[:20]:
        work(situation)
    times = []
    gc.collect()
    for situation in made:
        begun = time.thread_time()
        work(situation)
        times.append((time.thread_time() - begun) * 1_000)
    return times


def _figure(name: str, value: float, bar: float, how: str) -> Figure:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": "ms",
        "peer": bar,
        "ratio": round(value / bar, 3),
        "how": how,
    }
