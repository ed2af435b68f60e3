"""An explanation of the law as the trace of an expression, in every language.

What a decision keeps and pages show are `Step`s; those of the law carry their
words, because the words belong to the version of the rule that was in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from townhall.rules.engine.explain import Step
from townhall.rules.engine.law.answers.explaining import explain
from townhall.rules.engine.law.answers.reasons import Reason
from townhall.rules.engine.law.entities import PERSON
from townhall.rules.engine.law.law import Decision
from townhall.rules.engine.law.wording import LANGUAGES
from townhall.rules.engine.values import UNKNOWN

MAX_STEPS: Final = 400


def step(
    decision: Decision,
    name: str,
    member: int,
    whose: Sequence[Mapping[str, str]] = (),
    elsewhere: frozenset[tuple[str, int]] = frozenset(),
) -> Step:
    """Return why a rule has its value, as a trace.

    What is used twice is told once. Explanations of more than `MAX_STEPS`
    steps end in the titles of what they rest on.

    Parameters
    ----------
    whose
        Who each person is, by language; put behind the titles of their facts.
    elsewhere
        Rules and members that are explained beside this one: told, but not followed.
    """
    reasons = [explain(decision, name, member, language) for language in LANGUAGES]
    found = _Telling(whose, elsewhere - {(name, member)}).step(reasons)
    why = tuple(
        (language, reason.because)
        for language, reason in zip(LANGUAGES, reasons, strict=True)
        if reason.because
    )
    return replace(found, why=why)


class _Telling:
    def __init__(
        self, whose: Sequence[Mapping[str, str]], elsewhere: frozenset[tuple[str, int]]
    ) -> None:
        self.whose = whose
        self.elsewhere = elsewhere
        self.told: set[tuple[str, int]] = set()

    def step(self, reasons: Sequence[Reason]) -> Step:
        """Return the step of a reason, given in each language."""
        reason = reasons[0]
        key = (reason.name, reason.member)
        again = key in self.told and reason.kind != "rate"
        ends = again or key in self.elsewhere or len(self.told) > MAX_STEPS
        deep = () if ends else self._below(reasons, key)
        return Step(
            text=reason.name,
            value=UNKNOWN if reason.raw is None else reason.raw,
            children=deep,
            kind="law",
            note=reason.cite,
            operation=reason.kind,
            name=reason.name,
            since=reason.since,
            told=tuple(
                (language, self._words(each, language, short=again))
                for language, each in zip(LANGUAGES, reasons, strict=True)
            ),
        )

    def _below(self, reasons: Sequence[Reason], key: tuple[str, int]) -> tuple[Step, ...]:
        self.told.add(key)
        languages = [each.children for each in reasons]
        return tuple(self.step(same) for same in zip(*languages, strict=True))

    def _words(self, reason: Reason, language: str, *, short: bool) -> str:
        title = reason.title
        if reason.entity == PERSON.name and reason.member < len(self.whose):
            title = f"{title} ({self.whose[reason.member].get(language, '')})"
        words = f"{title}: {reason.value}"
        if reason.because and not short:
            words += f". {reason.because[:1].upper()}{reason.because[1:]}"
            words += "" if words.endswith((".", "!", "?")) else "."
        return f"{words} [{reason.cite}]" if reason.cite and not short else words
