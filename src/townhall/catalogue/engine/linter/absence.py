"""Data that may be absent: does every expression that uses one say so?

A datum is absent when its `when` is false, when it is optional and left empty,
or when a register may have no entry. A use counts as guarded when what is known
there (`rules.engine.uses`) makes sure that the datum exists: `present(lease)`,
or the very condition under which it exists, directly or through computed data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from townhall.catalogue.engine.compiler import expressions
from townhall.catalogue.engine.definition import Datum, Definition
from townhall.catalogue.engine.linter.material import Material
from townhall.rules.engine import (
    YES_NO,
    EvaluationError,
    Expression,
    Facts,
    failing,
    holding,
    uses,
)

_EQUAL: Final = re.compile(r"([a-z][a-z0-9_]*) (==|!=) '((?:[^']|'')*)'")
_MIXED: Final = re.compile(r" (and|or|then) ")
NOTHING_KNOWN: Final = Facts()


def check(material: Material) -> None:
    """Note every use of a datum that may be absent there and is not guarded."""
    absence = Absence(material.definition)
    if not absence.possible:
        return
    for use in material.uses:
        if use.absent or (use.where.endswith(".when") and not use.owner):
            # The `when` of a datum is read by the interview, which takes a
            # condition about something absent for "does not exist".
            continue
        for name in sorted(absence.unguarded(use)):
            reason = absence.why(name)
            material.error(
                use.line,
                f"{use.where} uses {name}, which may be absent: {reason}.",
                f"Write  if present({name}) then … else …,  or  present({name}) and ….",
            )


class Absence:
    """Knows which data of a definition may be absent, and why."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._reasons: dict[str, str] = {}
        for name in definition.order:
            if reason := _why(definition, definition.data[name]):
                self._reasons[name] = reason
        if definition.guidance:
            self._reasons["person"] = "nobody signs in for guidance"
        elif definition.who.login == "none":
            self._reasons["person"] = "people may apply without signing in"
        self.possible = frozenset(self._reasons)

    def why(self, name: str) -> str:
        """Return why a name may be absent, or nothing."""
        return self._reasons.get(name, "")

    def unguarded(self, use: expressions.Use) -> set[str]:
        """Return the root names that an expression uses where they may be absent."""
        roots = use.expression.roots & self.possible
        owner = self.definition.data.get(use.owner)
        if owner is not None:
            roots -= {owner.name, *owner.fields}
        if not roots:
            return set()
        known = Facts()
        if owner is not None and owner.when is not None:
            known |= holding(owner.when)
        for condition in use.after:
            known |= failing(condition)
        for condition in use.under:
            known |= holding(condition)
        found = set()
        for each in uses(use.expression, known):
            root = each.name.partition(".")[0]
            if root in roots and not each.guarded and not self._exists(root, each.facts):
                found.add(root)
        return found

    def may_be(self, name: str, condition: Expression | None) -> str:
        """Return why a name may be absent where a condition holds, or nothing."""
        reason = self.why(name)
        facts = holding(condition) if condition is not None else NOTHING_KNOWN
        if not reason or any(each.partition(".")[0] == name for each in facts.present):
            return ""
        return "" if self._exists(name, facts) else reason

    def _exists(self, name: str, facts: Facts) -> bool:
        datum = self.definition.data.get(name)
        if datum is None or datum.when is None or _why_beside_when(self.definition, datum):
            return False
        known = self._closed(facts)
        if self._implied(holding(datum.when).given, known.given):
            return True
        return self._holds_whatever_is_left(datum.when, known)

    def _holds_whatever_is_left(self, condition: Expression, known: Facts) -> bool:
        """Try the condition with what is fixed, and each option that is left of a choice."""
        fixed = _values(known)
        ways = [fixed]
        for name, left in self._options_left(known).items():
            if name in condition.roots and name not in fixed:
                ways = [{**fixed, name: value} for value in left]
                break
        try:
            return all(condition.evaluate(each).value is True for each in ways)
        except EvaluationError:
            return False

    def _implied(self, wanted: Iterable[str], given: frozenset[str], depth: int = 0) -> bool:
        """Say whether each wanted condition is given, or computed from what is given."""
        for text in wanted:
            if text in given:
                continue
            value = self._computed.get(text)
            if value is None or depth > 20:
                return False
            if not self._implied(holding(value).given, given, depth + 1):
                return False
        return True

    @cached_property
    def _computed(self) -> dict[str, Expression]:
        return {
            name: datum.value
            for name, datum in self.definition.data.items()
            if datum.value is not None and datum.value.type == YES_NO
        }

    def _closed(self, facts: Facts) -> Facts:
        """Add what follows from the facts until nothing is new."""
        known, size = facts, -1
        while len(known.given) + len(known.present) > size:
            size = len(known.given) + len(known.present)
            for name, value in self._computed.items():
                if name in known.given:
                    known |= holding(value)
                if f"not {name}" in known.given:
                    known |= failing(value)
            for name in self._known_to_be(known):
                datum = self.definition.data[name]
                if datum.when is not None:
                    known |= holding(datum.when)
            known |= self._last_options(known)
        return known

    def _known_to_be(self, known: Facts) -> set[str]:
        """Return data that must be there: they are present, or a comparison with them holds."""
        names = {each.partition(".")[0] for each in known.present}
        for text in known.given:
            if "present(" not in text and not _MIXED.search(text):
                names |= expressions.words_of(text)
        return {name for name in names if name in self.definition.data}

    def _last_options(self, known: Facts) -> Facts:
        """A choice that is none of the others is the one that is left."""
        left = self._options_left(known).items()
        return Facts(
            given=frozenset(f"{name} == '{each[0]}'" for name, each in left if len(each) == 1)
        )

    def _options_left(self, known: Facts) -> dict[str, tuple[str, ...]]:
        """Return the options that choices can still have, where some are excluded."""
        excluded: dict[str, set[str]] = {}
        for text in known.given:
            match = _EQUAL.fullmatch(text)
            if match and match[2] == "!=":
                excluded.setdefault(match[1], set()).add(match[3])
        found = {}
        for name, values in excluded.items():
            datum = self.definition.data.get(name)
            if datum is not None and datum.options and not datum.several:
                options = (each.value for each in datum.options)
                found[name] = tuple(each for each in options if each not in values)
        return found


def _why(definition: Definition, datum: Datum) -> str:
    if other := _why_beside_when(definition, datum):
        return other
    if datum.when is not None:
        return f"it exists only when {datum.when.canonical}"
    return ""


def _why_beside_when(definition: Definition, datum: Datum) -> str:
    if datum.stands_in_for:
        return f"it is asked only when the register gives no {datum.stands_in_for}"
    if datum.kind == "asked" and not datum.required and datum.type != "group":
        return "it may be left empty"
    if datum.source is not None:
        if datum.source.if_none and datum.source.if_none.action == "accept":
            return "the register may have no entry"
        if not datum.source.by and (definition.who.login == "none" or definition.guidance):
            return "people may apply without signing in"
    return ""


def _values(known: Facts) -> dict[str, object]:
    """Return the values that facts fix: `kind == 'car'`, `resident`, `not resident`."""
    found: dict[str, object] = {}
    for text in known.given:
        match = _EQUAL.fullmatch(text)
        if match and match[2] == "==":
            found[match[1]] = match[3]
        elif text.isidentifier():
            found[text] = True
        elif text.startswith("not ") and text[4:].isidentifier():
            found[text[4:]] = False
    return found
