"""Reading the cases of policyengine-uk 2.162.10 where they are installed.

They are under AGPL-3.0: they are read in place, from an environment of their own, and nothing of
them is kept here. Numbers are read as they are written, into Decimal; an expectation may be a sum
such as `(30_000 - 12_570) * 0.12`, which is worked out without running anything.
"""

from __future__ import annotations

import ast
import operator
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml

from townhall.packs.uk.verification import Absent, Sources

SETTING: Final = "TOWNHALL_POLICYENGINE"
GROUPS: Final = {"people": "person", "benunits": "family", "households": "household"}
ALONE: Final = {"person": "people", "benunit": "benunits", "household": "households"}
# The middle of the tax year: the day on which the source takes ages and rates of a year.
MIDDLE: Final = (10, 6)

# What a survey states of people; some cases only check that it is carried through.
SURVEY: Final = frozenset(
    {
        "country",
        "date_of_birth",
        "dividend_income",
        "employment_income",
        "gift_aid",
        "is_claimant_or_partner",
        "is_married",
        "is_parent",
        "miscellaneous_income",
        "months_since_last_birthday",
        "private_pension_income",
        "property_income",
        "savings_interest_income",
        "self_employment_income",
        "state_pension",
    }
)

_OPERATIONS: Final[Mapping[type, Callable[[Decimal, Decimal], Decimal]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes
    ----------
    name
        File and position, by which a miss is named.
    period
        As written: 2025 is the tax year 2025-26, "2023-04" a month.
    given, expected
        Name to value; members of a group under `people`, `benunits`, `households`.
    margin
        By how much a number may differ; None where the case does not say.
    """

    name: str
    period: str
    given: Mapping[str, Any]
    expected: Mapping[str, Any]
    margin: Decimal | None

    @property
    def year(self) -> int:
        return int(self.period[:4])

    def day(self, year: int) -> date:
        """Day of decision for a year of the case."""
        if len(self.period) > 4 and year == self.year:
            return date(year, int(self.period[5:7]), MIDDLE[1])
        return date(year, *MIDDLE)

    @property
    def figures(self) -> frozenset[str]:
        """Names of all figures that are expected."""
        return frozenset(names(self.expected))

    @property
    def inputs(self) -> frozenset[str]:
        """Names of all that is given."""
        return frozenset(names(self.given))


def names(tree: Mapping[str, Any]) -> Iterable[str]:
    """Yield the names of variables in a tree of members."""
    for key, value in tree.items():
        if key in GROUPS and isinstance(value, Mapping):
            for member in value.values():
                yield from (each for each in member or () if each != "members")
        elif key in ALONE and isinstance(value, Mapping):
            yield from (each for each in value if each != "members")
        else:
            yield key


def folder(sources: Sources) -> Path:
    """Return the folder of the cases.

    Raises
    ------
    Absent
        If the package is not installed where the setting says.
    """
    named = sources.policyengine or os.environ.get(SETTING)
    if not named:
        raise Absent(
            f"Name an environment with policyengine-uk 2.162.10 by {SETTING} or --policyengine."
        )
    path = Path(named)
    if path.is_file():  # a Python of an environment
        path = path.parent.parent
    candidates = [path, *sorted(path.glob("lib/python*/site-packages/policyengine_uk"))]
    candidates += sorted(path.glob("Lib/site-packages/policyengine_uk"))
    for each in candidates:
        if (each / "tests" / "policy").is_dir():
            return each / "tests"
    raise Absent(f"There are no cases of policyengine-uk under {path}.")


@dataclass(frozen=True, slots=True)
class Corpus:
    """The cases that are wanted, and the names that stand for results.

    Attributes
    ----------
    results
        Whatever any case of the source expects as a figure, but for the facts of a survey that it
        carries through. A case that gives none of these is a raw-input case.
    """

    cases: tuple[Case, ...]
    results: frozenset[str]

    def is_raw(self, case: Case) -> bool:
        """Whether a case gives nothing but facts."""
        return not case.inputs & self.results


def read(tests: Path, wanted: Callable[[frozenset[str]], bool]) -> Corpus:
    """Return every case of today's law of which the expected figures are wanted."""
    found = []
    results: set[str] = set()
    for file in sorted(tests.rglob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        if "output:" not in text:
            continue
        for position, raw in enumerate(_cases(text)):
            if not isinstance(raw, Mapping) or "output" not in raw or raw.get("reforms"):
                continue
            case = _case(f"{file.relative_to(tests).as_posix()}#{position}", raw)
            results |= case.figures
            if wanted(case.figures):
                found.append(case)
    return Corpus(tuple(found), frozenset(results - SURVEY))


def _cases(text: str) -> list[Any]:
    loaded = yaml.load(text, Loader=_Loader)  # noqa: S506 - makes texts and numbers only
    return loaded if isinstance(loaded, list) else [loaded]


def _case(name: str, raw: Mapping[str, Any]) -> Case:
    margin = raw.get("absolute_error_margin")
    return Case(
        name=name,
        period=str(raw.get("period", "")),
        given=_grouped(raw.get("input") or {}),
        expected=_grouped(raw["output"] or {}),
        margin=None if margin is None else worked_out(margin),
    )


def _grouped(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tree in which a single group is a group of one."""
    result = dict(tree)
    for alone, group in ALONE.items():
        if isinstance(result.get(alone), Mapping):
            result[group] = {alone: result.pop(alone)}
    return result


def worked_out(value: Any) -> Any:
    """Return a value with every sum in it worked out; other texts stay as they are."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, list):
        return [worked_out(each) for each in value]
    if isinstance(value, Mapping):
        return {key: worked_out(each) for key, each in value.items()}
    if isinstance(value, str):
        try:
            return _sum(ast.parse(value.strip(), mode="eval").body)
        except (SyntaxError, ValueError):
            return value
    return value


def _sum(tree: ast.expr) -> Decimal:
    if isinstance(tree, ast.BinOp) and type(tree.op) in _OPERATIONS:
        return _OPERATIONS[type(tree.op)](_sum(tree.left), _sum(tree.right))
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        return -_sum(tree.operand)
    if isinstance(tree, ast.Constant) and type(tree.value) in (int, float):
        return Decimal(str(tree.value))
    raise ValueError("no sum")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe loader that reads numbers with a fraction exactly."""


def _exact(loader: Any, node: Any) -> Any:
    text = loader.construct_scalar(node).replace("_", "").lower()
    if text.lstrip("+-") in (".inf", ".nan"):
        return text
    return Decimal(text)


_Loader.add_constructor("tag:yaml.org,2002:float", _exact)
