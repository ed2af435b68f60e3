"""Which column of a file is which fact, and what is assumed where there is none.

Written in YAML, each part may be left out::

    columns:                    # our name: the name in the file
      person_id: pnum
      employment_income: gross_pay_a_week
    times:                      # our name: by how much to multiply
      employment_income: 52
    values:                     # our name: what stands in the file: what it means
      tenure: {1: owned, 2: mortgaged, 3: social_rent, 4: private_rent}
    same:                       # our name: one value for everybody
      region: wales
    usual: all                  # or a list: lacking facts at their usual values
"""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import yaml

PARTS: Final = ("columns", "times", "values", "same", "usual")


class MappingError(ValueError):
    """A mapping cannot be used; the message says where and what would fit."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How a file is read.

    Attributes
    ----------
    columns
        Our name to the name in the file; what is not named has our name.
    times
        Our name to a factor.
    values
        Our name to: text in the file to our text.
    same
        Our name to one value for everybody, written as in a file.
    usual
        Facts that may be taken at their usual value; None: all that have one.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, Decimal] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    usual: frozenset[str] | None = frozenset()

    def names(self) -> frozenset[str]:
        """Return all of our names that it speaks of."""
        return frozenset(
            (*self.columns, *self.times, *self.values, *self.same, *(self.usual or ()))
        )

    def may_be_usual(self, name: str) -> bool:
        """Say whether a fact that the file lacks may be taken at its usual value."""
        return self.usual is None or name in self.usual

    def with_all_usual(self) -> ColumnMapping:
        """Return the mapping that takes whatever is lacking at its usual value."""
        return ColumnMapping(self.columns, self.times, self.values, self.same, None)


def read(text: str, known: Container[str] | None = None) -> ColumnMapping:
    """Return a mapping from its YAML; nothing but the names of ours for an empty text.

    Parameters
    ----------
    known
        Names that there are; others are refused.

    Raises
    ------
    MappingError
        Saying what is wrong.
    """
    try:
        # BaseLoader makes nothing but texts: 01 stays 01, and "no" stays "no".
        given = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise MappingError(f"The mapping is no YAML: {' '.join(str(error).split())}") from None
    if given in (None, ""):
        return ColumnMapping()
    if not isinstance(given, dict):
        raise MappingError(f"The mapping has the parts {', '.join(PARTS)}.")
    for part in given:
        if part not in PARTS:
            raise MappingError(f'The mapping has no part "{part}", but {", ".join(PARTS)}.')
    found = ColumnMapping(
        columns=_texts(given, "columns"),
        times={name: _factor(name, each) for name, each in _texts(given, "times").items()},
        values=_values(given),
        same=_texts(given, "same"),
        usual=_usual(given.get("usual", [])),
    )
    if known is not None:
        _insist_on_known(found.names(), known)
    return found


def _texts(given: Mapping[str, Any], part: str) -> dict[str, str]:
    found = given.get(part) or {}
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise MappingError(f'"{part}" of the mapping is a list of "our name: value" lines.')
    return found


def _factor(name: str, text: str) -> Decimal:
    try:
        factor = Decimal(text)
    except InvalidOperation:
        factor = Decimal("NaN")
    if not factor.is_finite():
        raise MappingError(f'"times" of "{name}" is a number, not "{text}".')
    return factor


def _values(given: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    found = given.get("values") or {}
    if not isinstance(found, dict):
        raise MappingError('"values" of the mapping is "our name: {in the file: ours}" lines.')
    return {name: _texts(found, name) for name in found}


def _usual(given: Any) -> frozenset[str] | None:
    if given == "all":
        return None
    if isinstance(given, list) and all(isinstance(each, str) for each in given):
        return frozenset(given)
    raise MappingError('"usual" of the mapping is "all", or a list of names of facts.')


def _insist_on_known(names: Iterable[str], known: Container[str]) -> None:
    for name in sorted(names):
        if name not in known:
            near = difflib.get_close_matches(name, known, 1) if isinstance(known, Iterable) else []
            hint = f' Did you mean "{near[0]}"?' if near else ""
            raise MappingError(f'The mapping names "{name}", which is no fact of the law.{hint}')
