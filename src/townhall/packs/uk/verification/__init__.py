"""The law of this pack against figures that others published.

A suite takes where its figures lie and gives an `Outcome`: how many rows agree, and every row
that does not, with the reason. Expectations are never edited: a row that differs is a `Miss` of
one of four classes.

``ours``
    The law says what the figure says; our rule is wrong or not written yet.
``theirs``
    The law says something else than the figure.
``convention``
    Both are right under different, named conventions (52 or 53 weeks in a year).
``out_of_scope``
    The row is about law that this pack does not hold.

`SUITES` names the function of each suite as ``module:function``; `verify` imports only the one
that is asked for. `townhall rules verify` finds this module by its place in the pack and knows
`SUITES`, `verify`, `Sources` and `Absent`, nothing else.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

__all__ = ["CLASSES", "SUITES", "Absent", "Miss", "MissClass", "Outcome", "Sources", "verify"]

MissClass = Literal["ours", "theirs", "convention", "out_of_scope"]
CLASSES: tuple[MissClass, ...] = ("ours", "theirs", "convention", "out_of_scope")

SUITES: Mapping[str, str] = {
    "govuk_child_benefit": "govuk_child_benefit:verify",
    "govuk_married_allowance": "govuk:married_allowance",
    "govuk_state_pension_age": "govuk:state_pension_age",
    "govuk_sick_pay": "govuk_sick_pay:verify",
    "govuk_minimum_wage": "govuk:minimum_wage",
    "govuk_working_days": "govuk:working_days",
    "policyengine_raw": "policyengine:raw",
    "policyengine_all": "policyengine:all_cases",
}


class Absent(Exception):
    """The figures of a suite are not here; the message says what was looked for and where."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sources:
    """Where figures of others are found.

    Attributes
    ----------
    figures : folder with the tables of GOV.UK's calculators; None for the copy in the pack.
    policyengine : Python of an environment in which policyengine-uk is installed; None if there
        is none.
    """

    figures: Path | None = None
    policyengine: Path | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Miss:
    """One row that does not agree.

    Attributes
    ----------
    case : name of the row in its source.
    figure : what was asked for.
    expected, got : as texts; `got` is the error where there was no value.
    reason : why, with the law that decides.
    """

    case: str
    figure: str
    expected: str
    got: str
    kind: MissClass
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of one suite: ``passed`` rows of ``of``, and the rest in ``misses``."""

    suite: str
    passed: int
    of: int
    misses: tuple[Miss, ...] = ()

    @classmethod
    def from_misses(cls, suite: str, of: int, misses: Iterable[Miss]) -> Outcome:
        """Make the outcome of ``of`` rows of which all but ``misses`` agree."""
        found = tuple(misses)
        return cls(suite=suite, passed=of - len(found), of=of, misses=found)

    @property
    def missed(self) -> Mapping[str, int]:
        """Number of misses of each class, in the order of `CLASSES`."""
        counted = Counter(miss.kind for miss in self.misses)
        return {kind: counted[kind] for kind in CLASSES}


def verify(suite: str, sources: Sources) -> Outcome:
    """Run one suite of `SUITES`.

    Raises
    ------
    Absent
        If its figures are not here.
    """
    module, _, function = SUITES[suite].partition(":")
    run = getattr(importlib.import_module(f"{__name__}.{module}"), function)
    outcome: Outcome = run(sources)
    return outcome
