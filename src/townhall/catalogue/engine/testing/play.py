"""Playing a test: the form page by page, submitting, and what officers do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from townhall.catalogue.engine import assessment, flow, guidance, interview
from townhall.catalogue.engine.assessment import Assessment
from townhall.catalogue.engine.definition import Datum, Definition, GuidanceOutcome
from townhall.catalogue.engine.messages import Message
from townhall.catalogue.engine.situation import Situation
from townhall.catalogue.engine.testing.given import (
    BadTest,
    Registers,
    day,
    form_of,
    json_of,
)


@dataclass
class Played:
    """How far a test came, and everything it can be asked about."""

    situation: Situation
    asked: list[str] = field(default_factory=list)
    errors: dict[str, Message] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    assessment: Assessment | None = None
    path: flow.Path | None = None
    state: str = "draft"
    outcome: str = ""
    visited: list[str] = field(default_factory=list)
    found: GuidanceOutcome | None = None


@dataclass
class Player:
    """Plays one test of one definition; `trace` keeps why, for what then fails."""

    definition: Definition
    registers: Registers
    answers: Mapping[str, Any]
    trace: bool = False

    def fill_in(self, start: Situation) -> Played:
        """Fill in the form until nothing is open or the test has no answer."""
        played = Played(self._read(start))
        for _ in range(len(self.definition.data) + 2):
            page = self._page(played)
            if page is None:
                return played
            ready = [each for each in page.open if self._answer(each) is not None]
            played.open = [each.name for each in page.open if each not in ready]
            if not ready:
                return played
            raw: dict[str, list[Any]] = {interview.ASKED_FIELD: [each.name for each in ready]}
            for datum in ready:
                raw.update(self._answer(datum) or {})
            accepted = interview.accept(self.definition, page.key, raw, played.situation)
            played.asked += [each.name for each in ready]
            played.errors.update(accepted.errors)
            played.situation = self._read(played.situation.with_answers(accepted.answers))
            if accepted.errors:
                return played
        raise BadTest("the form goes round in circles")

    def _page(self, played: Played) -> interview.PageState | None:
        for page in interview.page_list(self.definition, played.situation):
            if page.open:
                return page
        played.open = []
        return None

    def _answer(self, datum: Datum) -> dict[str, list[Any]] | None:
        """Return the form fields of an answer; None if the test does not know it."""
        if datum.name in self.answers:
            return form_of(datum, self.answers[datum.name])
        if datum.default:
            return form_of(datum, datum.default.split(",") if datum.several else datum.default)
        if not datum.required or (datum.repeat and datum.repeat.min == 0):
            return {}
        return None

    def _read(self, situation: Situation) -> Situation:
        """Read the registers whose keys are known, as the cases room would."""
        for _ in range(len(self.definition.data) + 1):
            due = interview.reads_due(self.definition, situation)
            if not due:
                break
            facts = dict(situation.facts)
            facts.update({read.datum.name: self.registers.read(read) for read in due})
            situation = replace(situation, facts=facts)
        return situation

    def send_as_program(self, start: Situation) -> interview.Accepted:
        """Send the same answers as JSON, reading registers in between."""
        data = self.definition.data
        given = {
            name: json_of(data[name], each) for name, each in self.answers.items() if name in data
        }
        situation = self._read(start)
        accepted = interview.accept_json(self.definition, given, situation)
        for _ in range(len(data) + 1):
            read = self._read(situation.with_answers(accepted.answers))
            if read.facts == situation.facts:
                break
            situation = replace(read, answers={})
            accepted = interview.accept_json(self.definition, given, situation)
        return accepted

    def conclude(self, played: Played, steps: tuple[Mapping[str, Any], ...]) -> None:
        """Assess, and for a case submit it and let officers act."""
        played.assessment = assessment.assess(self.definition, played.situation, trace=self.trace)
        if self.definition.guidance:
            played.found = guidance.outcome(self.definition, played.situation)
            played.outcome = played.found.key if played.found else ""
            return
        if played.errors or interview.missing(self.definition, played.situation):
            if steps:
                still = ", ".join(played.open or played.errors)
                raise BadTest(f"there are steps, but the form is not complete: {still}")
            return
        self._enter(played, None)
        proposed: tuple[flow.Move, str] | None = None
        before = ""
        for step in steps:
            if "resident" in step:
                self._resident(played, step, before)
                proposed = None
            else:
                before = played.state
                proposed = self._officer(played, step, proposed)

    def _enter(self, played: Played, state: str | None) -> None:
        assert played.assessment is not None
        path = flow.enter(self.definition, played.situation, played.assessment, state)
        played.path, played.state, played.outcome = path, path.state, path.outcome
        played.visited += path.visited

    def _resident(self, played: Played, step: Mapping[str, Any], before: str) -> None:
        if step["resident"] == "withdraw":
            played.state, played.outcome = flow.WITHDRAWN, flow.WITHDRAWN
            return
        given = step["resident"]
        if played.state != flow.WAITING or not isinstance(given, Mapping):
            raise BadTest("the resident answers, but was not asked")
        raw: dict[str, list[Any]] = {interview.ASKED_FIELD: list(given)}
        for name, each in given.items():
            raw.update(form_of(self.definition.data[name], each))
        answers = dict(played.situation.answers)
        for page in self.definition.pages:
            accepted = interview.accept(self.definition, page.key, raw, played.situation)
            played.errors.update(accepted.errors)
            answers.update(accepted.answers)
        played.situation = self._read(played.situation.with_answers(answers))
        played.assessment = assessment.assess(self.definition, played.situation, trace=self.trace)
        played.state = before

    def _officer(
        self, played: Played, step: Mapping[str, Any], proposed: tuple[flow.Move, str] | None
    ) -> tuple[flow.Move, str] | None:
        assert played.assessment is not None
        if "today" in step:
            played.situation = replace(played.situation, today=day(step["today"], None))
            played.assessment = assessment.assess(
                self.definition, played.situation, trace=self.trace
            )
        action, reason = str(step.get("officer", "")), str(step.get("reason", ""))
        actor = str(step.get("as", "officer"))
        if action == "reject" and proposed:
            return None
        first = None
        if action == "approve":
            if proposed is None:
                raise BadTest("approve: nothing was proposed")
            action, first = proposed[0].action, proposed[1]
            reason = reason or "approved"
        try:
            move = flow.act(
                self.definition,
                played.state,
                action,
                played.assessment.values,
                reason=reason,
                actor=actor,
                first=first,
            )
        except flow.NeedsSecond as error:
            return error.move, actor
        except flow.FlowError as error:
            raise BadTest(f"officer: {error}") from None
        played.state, played.outcome = move.state, move.outcome
        played.visited.append(move.state)
        row = self.definition.flow.get(move.state)
        if row is not None and row.is_automatic:
            self._enter(played, move.state)
        return None
