"""Asking the law of this pack for one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.packs.uk.rules import UK
from townhall.rules.engine import Money
from townhall.rules.engine.law import PERSON, FactError, Situation

Facts = Mapping[str, Any]


def person(name: str, day: date, facts: Facts, *, home: Facts | None = None) -> Any:
    """Value of a rule for somebody alone, with nothing known but the facts.

    Parameters
    ----------
    home
        Facts of the household.
    """
    households = [{"families": [0], "facts": home}] if home else []
    return decide(name, day, Situation(persons=[facts], households=households))


def couple(name: str, day: date, both: Sequence[Facts], family: Facts) -> Any:
    """Value of a rule for the first of two adults who live as a couple."""
    return decide(
        name, day, Situation(persons=both, families=[{"adults": [0, 1], "facts": family}])
    )


def decide(name: str, day: date, situation: Situation) -> Any:
    """Value of a rule for the first member; raises what the engine raises."""
    return UK.on(day).decide([name], situation, day=day)[name][0]


def accepts(name: str, day: date, facts: Facts) -> bool:
    """Whether a fact of a person lies within the limits that the law sets for it."""
    try:
        UK.on(day).admit(Situation(persons=[{name: facts[name]}]))
    except FactError:
        return False
    return True


def adjusted_net_income(
    day: date, *, income: Decimal, gross_pension: Decimal, net_pension: Decimal, gift_aid: Decimal
) -> Any:
    """Adjusted net income (ITA 2007 s.58) of somebody whose one income is from a job.

    The facts that no row names are taken as usual: nothing of each.

    Parameters
    ----------
    gross_pension
        Contributions that leave the pay before tax.
    net_pension, gift_aid
        Paid out of taxed income; the basic rate of 20 % is added to each.
    """
    facts = {
        "date_of_birth": date(1980, 1, 1),
        "employment_income": income,
        "employee_pension_contributions": gross_pension,
        "personal_pension_contributions": net_pension * Decimal("1.25"),
        "gift_aid": gift_aid,
    }
    return person("adjusted_net_income", day, _usual(day) | facts)


def _usual(day: date) -> dict[str, Any]:
    """Usual values of the facts of a person that the law of a day reads."""
    read = UK.on(day).variables
    return {
        name: fact.usual
        for name, fact in UK.facts.items()
        if name in read and fact.entity == PERSON and fact.usual is not None
    }


def rate(key: str, day: date) -> Decimal:
    """Number of a dated rate in force on a day."""
    value = UK.parameters.rate(key, day)
    return value.amount if isinstance(value, Money) else value
