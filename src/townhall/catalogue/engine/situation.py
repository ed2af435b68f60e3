"""What is known about one application at one moment, ready for expressions.

Three ways of not having a value are kept apart: UNKNOWN (not asked or not read
yet), ABSENT (does not exist here: its `when` is false, the register has no
entry, the resident left an optional answer empty), and a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from townhall.catalogue.engine import datatypes
from townhall.catalogue.engine.definition import NOTHING, Datum, Definition
from townhall.rules.engine import (
    ABSENT,
    UNKNOWN,
    AbsentUsed,
    EvaluationError,
    Expression,
    MissingParameter,
)

if TYPE_CHECKING:
    from townhall.catalogue.engine.goals import Goal
    from townhall.catalogue.engine.jurisdiction import Pack


@dataclass(frozen=True, slots=True)
class Known:
    """Values by name, and for each datum whether it exists (None = not known yet)."""

    values: dict[str, Any]
    exists: Mapping[str, bool | None]


FactOutcome = Literal["found", "none", "unavailable", "refused"]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a register said, with its provenance.

    `value` is canonical JSON in the shape that the pack declares for the
    fact. `key` is the key that was read by; a fact read by another key than
    the one now given is stale and counts as unknown. `None` = not recorded.
    """

    outcome: FactOutcome
    value: Any = None
    source: str = ""
    as_of: datetime | None = None
    register: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Answers, facts and circumstances of one application.

    Parameters
    ----------
    answers
        Canonical JSON by datum; `None` = asked and left empty.
    facts
        What registers said, by datum.
    today
        The reference date of every rule; the engine has no clock.
    person
        `{"id", "name", "email"}` of the person the application is about,
        None when anonymous.
    case
        `{"number", "submitted", "due", "decided", "outcome", "reason"}` as
        far as they exist.
    """

    today: date
    answers: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    channel: str = "web"
    person: Mapping[str, Any] | None = None
    language: str = "en"
    case: Mapping[str, Any] = NOTHING

    def with_answers(self, answers: Mapping[str, Any]) -> Situation:
        """Return the same situation with other answers."""
        return replace(self, answers=answers)

    def values(self, definition: Definition) -> dict[str, Any]:
        """Return every name that expressions of the definition may use.

        Results and the fee are not among them: `assessment.assess` adds them.
        """
        return self.known(definition).values

    def known(self, definition: Definition) -> Known:
        """Return the values, and which data exist at all."""
        values = self.circumstances(definition.pack)
        exists: dict[str, bool | None] = {}
        # Many data share one condition. Its names stand before all of them in the
        # order, so that one evaluation holds for all.
        settled: dict[str, bool | None] = {}
        for name in definition.order:
            datum = definition.data[name]
            here: bool | None = True
            if datum.when is not None:
                text = datum.when.text
                if text not in settled:
                    holds = evaluated(datum.when, values)
                    settled[text] = None if holds is UNKNOWN else holds is True
                here = settled[text]
            exists[name] = here
            if here is True:
                values[name] = self._value(definition, datum, values)
            else:
                values[name] = UNKNOWN if here is None else ABSENT
        return Known(values, exists)

    def circumstances(self, pack: Pack) -> dict[str, Any]:
        """Return the names that every service knows: person, today, lists."""
        values: dict[str, Any] = {
            "today": self.today,
            "channel": self.channel,
            "language": self.language,
            "person": ABSENT if self.person is None else _filled(self.person, PERSON),
            "case": _filled(self.case, CASE),
        }
        for name in pack.lists:
            try:
                values[name] = pack.lists.rate(name, self.today)
            except MissingParameter:
                values[name] = UNKNOWN
        return values

    def fallback_of(self, datum: Datum) -> str:
        """Return the fallback that is in force for a register datum, or ''."""
        fact = self.facts.get(datum.name)
        if fact is None or datum.source is None or fact.outcome == "found":
            return ""
        fallback = datum.source.fallback(fact.outcome)
        return fallback.action if fallback else "review"

    def _value(self, definition: Definition, datum: Datum, values: Mapping[str, Any]) -> Any:
        if datum.stands_in_for:
            replaced = definition.data[datum.stands_in_for]
            wanted = stands_in(self, replaced)
            if wanted != datum.name:
                return ABSENT if replaced.name in self.facts else UNKNOWN
        if datum.value is not None:
            return evaluated(datum.value, values)
        if datum.source is not None:
            return self._fact_value(datum, values)
        if datum.name not in self.answers:
            return UNKNOWN
        return datatypes.value_of(datum, self.answers[datum.name])

    def _fact_value(self, datum: Datum, values: Mapping[str, Any]) -> Any:
        fact = self.facts.get(datum.name)
        if datum.source is None:
            return UNKNOWN
        if fact is None:
            return ABSENT if not datum.source.by and self.person is None else UNKNOWN
        if datum.source.by and fact.key is not None:
            key = values.get(datum.source.by, UNKNOWN)
            if key is UNKNOWN or key is ABSENT or datatypes.key_text(key) != fact.key:
                return UNKNOWN
        if fact.outcome == "found":
            try:
                return datatypes.fact_value(datum, fact.value)
            except (ValueError, ArithmeticError, TypeError, AttributeError, KeyError):
                # Not in the shape that the pack declares: nobody knows what it means.
                return UNKNOWN
        fallback = datum.source.fallback(fact.outcome)
        if fallback and fallback.action == "ask" and fallback.datum == datum.name:
            if datum.name in self.answers:
                return datatypes.fact_value(datum, self.answers[datum.name])
            return UNKNOWN
        # "No entry" is only an answer where the definition accepts it as one;
        # otherwise somebody has to find out, and until then it is unknown.
        return ABSENT if fallback and fallback.action == "accept" else UNKNOWN


def evaluated(expression: Expression | Goal, values: Mapping[str, Any]) -> Any:
    """Return a condition or computed datum; what rests on nothing is nothing.

    An absent fact makes the result absent, a value that has no result (a rate
    that is not enacted, a date beyond the calendar) leaves it unknown: neither
    may ever pass for a yes, a no or a zero.
    """
    try:
        return expression.evaluate(values).value
    except AbsentUsed:
        return ABSENT
    except EvaluationError:
        return UNKNOWN


def stands_in(situation: Situation, datum: Datum) -> str:
    """Return the datum that is asked instead of this register datum, or ''."""
    fact = situation.facts.get(datum.name)
    if fact is None or datum.source is None:
        return ""
    fallback = datum.source.fallback(fact.outcome)
    return fallback.datum if fallback and fallback.action in ("ask", "upload") else ""


PERSON = ("id", "name", "email")
CASE = ("number", "submitted", "due", "decided", "outcome", "reason")


def _filled(given: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: UNKNOWN if given.get(name) is None else given[name] for name in fields}
