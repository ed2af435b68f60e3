"""The `expect:` of a test, compared with what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from townhall.catalogue.engine import deadlines
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.messages import Message
from townhall.catalogue.engine.shapes import NO, YES
from townhall.catalogue.engine.testing.play import Played
from townhall.catalogue.engine.testing.report import Failure
from townhall.rules.engine import ABSENT, UNKNOWN, Money, Step

_MOST_LINES = 24


def failures(
    definition: Definition, played: Played, expect: Mapping[str, Any]
) -> Iterator[Failure]:
    """Return what is not as expected, each with the steps that led there."""
    for key, wanted in expect.items():
        compare = _COMPARISONS.get(key)
        if compare is not None:
            yield from compare(definition, played, wanted)
    if played.errors and "errors" not in expect:
        got = ", ".join(f"{name}: {each.english()}" for name, each in played.errors.items())
        yield Failure("answers", "accepted", got)


def _state(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    if played.state != wanted:
        yield Failure("state", str(wanted), _where(played), _why(played))


def _where(played: Played) -> str:
    if played.state == "draft" and played.open:
        return f"a draft with {', '.join(played.open)} still open"
    return f"{played.state} (by {' → '.join(played.visited)})" if played.visited else played.state


def _outcome(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    if played.outcome != wanted:
        got = played.outcome or "no outcome yet"
        if not played.outcome and played.open:
            got += f", {', '.join(played.open)} still open"
        yield Failure("outcome", str(wanted), got, _why(played))


def _fee(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    fee = played.assessment.fee if played.assessment else None
    if not _same(fee if fee is not None else UNKNOWN, wanted):
        step = played.assessment.fee_step if played.assessment else None
        yield Failure("fee", str(wanted), _shown(fee), _lines(step))


def _asked(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    if played.asked != names:
        yield Failure("asked", ", ".join(names) or "nothing", ", ".join(played.asked) or "nothing")


def _next(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    got = played.open[0] if played.open else "nothing"
    if got != wanted:
        yield Failure("next", str(wanted), got)


def _letter(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    row = definition.flow.get(played.state)
    got = (row.letter if row else "") or "none"
    if got != wanted:
        yield Failure("letter", str(wanted), got, _why(played))


def _eligible(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    if isinstance(wanted, Mapping):
        yield from _because(definition, played, wanted.get("because", []))
        wanted = wanted.get("is")
    got = played.assessment.eligibility if played.assessment else ""
    if wanted is not None and got != wanted:
        yield Failure("eligible", str(wanted), got, _why(played))


def _because(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    names = sorted([wanted] if isinstance(wanted, str) else list(wanted))
    failed = played.assessment.deciding if played.assessment else ()
    got = sorted(each.key or next(iter(each.text.values()), "") for each in failed)
    if got != names:
        yield Failure("because", ", ".join(names) or "nothing", ", ".join(got) or "nothing")


def _results(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    for name, value in wanted.items() if isinstance(wanted, Mapping) else ():
        found = played.assessment.results.get(name) if played.assessment else None
        if found is None or not _same(found.value, value):
            got = _shown(found.value if found else None)
            if found and found.problem:
                got += f" ({found.problem})"
            yield Failure(f"results.{name}", str(value), got, _lines(found.step if found else None))


def _deadline(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    due = deadlines.due(definition, played.situation.today)
    got = due.isoformat() if due else "none"
    if got != wanted:
        yield Failure("deadline", str(wanted), got)


def _errors(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    given = wanted if isinstance(wanted, Mapping) else dict.fromkeys(_list(wanted), "yes")
    for name in sorted({*given, *played.errors}):
        message = played.errors.get(name)
        if message is None:
            yield Failure(f"errors.{name}", str(given[name]), "accepted")
        elif name not in given:
            yield Failure(f"errors.{name}", "accepted", message.english())
        elif not _says(definition, message, str(given[name])):
            yield Failure(f"errors.{name}", str(given[name]), message.english())


def _list(given: Any) -> list[str]:
    return [str(each) for each in given] if isinstance(given, list) else [str(given)]


def _says(definition: Definition, message: Message, wanted: str) -> bool:
    if wanted in YES:
        return True
    named = definition.texts.get(wanted)
    if named is not None:
        return message.text == named.text
    return wanted in message.english()


def _visited(definition: Definition, played: Played, wanted: Any) -> Iterator[Failure]:
    if played.visited != _list(wanted):
        yield Failure("visited", ", ".join(_list(wanted)), ", ".join(played.visited), _why(played))


def _same(value: Any, wanted: Any) -> bool:
    text = str(wanted)
    if value is UNKNOWN or value is ABSENT:
        return text == ("unknown" if value is UNKNOWN else "absent")
    if isinstance(value, bool):
        return text in (YES if value else NO)
    if isinstance(value, Money):
        value = value.amount
    if isinstance(value, (Decimal, int)):
        try:
            return bool(value == Decimal(text))
        except InvalidOperation:
            return False
    if isinstance(value, (list, tuple)):
        return [str(each) for each in value] == _list(wanted)
    return str(value) == text


def _shown(value: Any) -> str:
    if value is None or value is UNKNOWN:
        return "unknown"
    if value is ABSENT:
        return "absent"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _why(played: Played) -> tuple[str, ...]:
    """Return the steps behind eligibility, and what the registers did not say."""
    if played.assessment is None:
        return ()
    lines = [f"eligible: {played.assessment.eligibility}"]
    for reason in played.assessment.reasons:
        if reason.holds is not True:
            lines.append(f"- {next(iter(reason.text.values()), '')}")
            lines += [f"  {line}" for line in _lines(reason.step)]
    for doubt in played.assessment.doubts:
        lines.append(f"register: {doubt.datum} {doubt.outcome} → {doubt.fallback}")
    lines += [f"problem: {each}" for each in played.assessment.problems]
    return tuple(lines)


def _lines(step: Step | None) -> tuple[str, ...]:
    if step is None:
        return ()
    lines = step.render("en").splitlines()
    return tuple(lines[:_MOST_LINES])


_COMPARISONS = {
    "state": _state,
    "outcome": _outcome,
    "fee": _fee,
    "asked": _asked,
    "next": _next,
    "letter": _letter,
    "eligible": _eligible,
    "because": _because,
    "results": _results,
    "deadline": _deadline,
    "errors": _errors,
    "visited": _visited,
}
