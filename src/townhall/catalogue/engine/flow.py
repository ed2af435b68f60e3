"""Where a case goes: by itself through automatic states, or by an officer's act.

A case is in exactly one state, and the state is all that is remembered; what
happened before is history. The house never decides in doubt: a state that acts
by itself leads to a person when eligibility is doubtful, a register did not
answer, or something could not be computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from townhall.catalogue.engine.assessment import Assessment
from townhall.catalogue.engine.definition import (
    NO_TEXT,
    AutoStep,
    Branch,
    Definition,
    State,
    Text,
)
from townhall.catalogue.engine.situation import Situation
from townhall.rules.engine import UNKNOWN, EvaluationError, Expression

Verdict = Literal["ok", "doubt", "no", "wait"]
WAITING: Final = "waiting_citizen"
WITHDRAWN: Final = "withdrawn"
BUILT_IN: Final = frozenset({"draft", WAITING, WITHDRAWN})
STAYING: Final = frozenset({"transfer", "extend"})
NEEDS_REASON: Final = frozenset({"ask", "refuse", "part_grant", "reopen", "transfer", "extend"})
DECISIONS: Final = frozenset({"grant", "refuse", "part_grant"})
REFUSED: Final = "refused"


class FlowError(Exception):
    """An action that the flow does not allow."""


class NotAllowed(FlowError):
    """The state does not allow this action."""

    def __init__(self, state: str, action: str, allowed: tuple[str, ...]) -> None:
        self.state, self.action, self.allowed = state, action, allowed
        super().__init__(
            f'"{action}" is not possible in state "{state}"; possible: '
            + (", ".join(allowed) or "nothing")
        )


class NeedsReason(FlowError):
    """The action touches the resident and was given no reason."""

    def __init__(self, action: str) -> None:
        self.action = action
        super().__init__(f'"{action}" needs a reason')


class NeedsSecond(FlowError):
    """Four eyes: the move is a proposal until another person confirms it."""

    def __init__(self, move: Move) -> None:
        self.move = move
        super().__init__(f'"{move.action}" needs a second person')


class SamePerson(FlowError):
    """Four eyes: the second person is the first."""

    def __init__(self) -> None:
        super().__init__("the second person must be another one than the first")


@dataclass(frozen=True, slots=True)
class Path:
    """Where a case came to by itself.

    `visited` are the states on the way, the last one included. `outcome` is set
    in a state that ends the case. `waiting` = a register is down; the case stays
    where it is and is tried again. `reasons` are the words for the resident.
    """

    visited: tuple[str, ...]
    state: str
    outcome: str = ""
    reasons: tuple[Text, ...] = ()
    waiting: bool = False
    checks: Verdict = "ok"


@dataclass(frozen=True, slots=True)
class Move:
    """One act of a person: the state it leads to, and the outcome if that ends it."""

    action: str
    state: str
    outcome: str = ""


def enter(
    definition: Definition,
    situation: Situation,
    assessment: Assessment,
    state: str | None = None,
) -> Path:
    """Let a case move by itself from a state until a person, or the end.

    Parameters
    ----------
    state
        Where it stands; by default where submitted cases begin.
    """
    name = state or definition.start
    visited: list[str] = []
    reasons: list[Text] = []
    checks: Verdict = "ok"
    while name not in BUILT_IN and name not in visited:
        visited.append(name)
        row = definition.flow[name]
        if not row.is_automatic:
            break
        checks, said = _check(row, situation, assessment)
        reasons += [text for text in said if text]
        if checks == "wait":
            return Path(tuple(visited), name, reasons=tuple(reasons), waiting=True, checks=checks)
        name, because = _onward(definition, row, checks, assessment)
        if because:
            reasons.append(because)
    if name in BUILT_IN:
        visited.append(name)
    row_reached = definition.flow.get(name)
    outcome = row_reached.outcome if row_reached and row_reached.end else ""
    return Path(tuple(visited), name, outcome, tuple(reasons), checks=checks)


def _check(row: State, situation: Situation, assessment: Assessment) -> tuple[Verdict, list[Text]]:
    """Run the steps of a state; the worst verdict counts.

    Eligibility counts in every automatic state, whether or not a step names it:
    nothing is granted by itself to somebody who is not sure to be eligible.
    """
    verdicts: list[Verdict] = []
    said: list[Text] = []
    if assessment.eligibility in ("review", "depends"):
        verdicts.append("doubt")
        said += [each.text for each in assessment.reasons if each.holds is not True]
    if assessment.eligibility == "no":
        verdicts.append("no")
    if assessment.problems:
        verdicts.append("doubt")
    for step in row.auto:
        verdict, text = _step(step, assessment)
        verdicts.append(verdict)
        if verdict != "ok" and text:
            said.append(text)
    if "no" in verdicts:
        said = [each.text for each in assessment.against if each.verdict == "no"] or said
    # A register that is down may still settle a doubt, but never a no.
    for verdict in ("no", "wait", "doubt"):
        if verdict in verdicts:
            return verdict, said
    return "ok", said


def _step(step: AutoStep, assessment: Assessment) -> tuple[Verdict, Text]:
    if step.name == "check_register":
        if any(each.fallback == "wait" for each in assessment.doubts):
            return "wait", NO_TEXT
        return ("doubt" if assessment.doubts else "ok"), NO_TEXT
    if step.condition is None:
        # `check_eligibility`: eligibility counts in every automatic state already.
        return "ok", NO_TEXT
    holds = _evaluate(step.condition, assessment.values)
    if holds is True:
        return "ok", NO_TEXT
    return ("doubt" if holds is UNKNOWN else step.verdict), step.because


def _onward(
    definition: Definition, row: State, checks: Verdict, assessment: Assessment
) -> tuple[str, Text]:
    if not row.branches:
        return row.to.get(checks) or row.to.get("doubt") or row.name, NO_TEXT
    values = {**assessment.values, "checks": checks}
    branch = _branch(row.branches, values)
    if branch is None:
        return row.doubt or row.name, NO_TEXT
    if row.doubt and _too_bold(definition, branch, checks):
        return row.doubt, NO_TEXT
    return branch.go, branch.because


def _too_bold(definition: Definition, branch: Branch, checks: Verdict) -> bool:
    """Say whether a line of a list would end a case that is not sure.

    In doubt the house ends nothing by itself. After a "no" it ends a case only
    by refusing it, or where the line itself speaks of the checks.
    """
    target = definition.flow.get(branch.go)
    if checks == "ok" or target is None or not target.end:
        return False
    speaks = branch.condition is not None and branch.condition.roots & {"checks", "eligibility"}
    return checks == "doubt" or not (speaks or target.outcome == REFUSED)


def _branch(branches: tuple[Branch, ...], values: Mapping[str, Any]) -> Branch | None:
    """Return the first line that holds; one that cannot be settled stops the search."""
    for branch in branches:
        holds = True if branch.condition is None else _evaluate(branch.condition, values)
        if holds is True:
            return branch
        if holds is UNKNOWN:
            return None
    return None


def _evaluate(condition: Expression, values: Mapping[str, Any]) -> Any:
    try:
        return condition.evaluate(values).value
    except EvaluationError:
        return UNKNOWN


def allowed(definition: Definition, state: str) -> tuple[str, ...]:
    """Return the actions of an officer in a state."""
    row = definition.flow.get(state)
    return row.can if row is not None else ()


def act(
    definition: Definition,
    state: str,
    action: str,
    values: Mapping[str, Any],
    *,
    reason: str = "",
    actor: str = "",
    first: str | None = None,
) -> Move:
    """Return where an officer's act leads.

    Parameters
    ----------
    values
        `Assessment.values` of the case.
    reason
        What the resident will read; needed where the act touches them.
    actor, first
        Who acts, and who proposed it: with `first` this is the second signature.
        Comparing persons across mandates and roles is the caller's duty; the
        identifiers must be those of natural persons.

    Raises
    ------
    NotAllowed
        If the state does not allow it.
    NeedsReason
        If it needs a reason.
    NeedsSecond
        If four eyes apply and nobody has signed before; carries the move.
    SamePerson
        If both signatures are by one person.
    """
    row = definition.flow.get(state)
    if row is None or action not in row.can:
        raise NotAllowed(state, action, row.can if row else ())
    if action in NEEDS_REASON and not reason.strip():
        raise NeedsReason(action)
    target = _target(definition, row, action)
    end = definition.flow.get(target)
    move = Move(action, target, end.outcome if end and end.end else "")
    if four_eyes(row, move, values):
        if first is None:
            raise NeedsSecond(move)
        if first == actor:
            raise SamePerson
    return move


def _target(definition: Definition, row: State, action: str) -> str:
    if action == "ask":
        return WAITING
    if action == "withdraw":
        return row.to.get(action, WITHDRAWN)
    if action == "reopen":
        return row.to.get(action) or _officers_state(definition)
    return row.name if action in STAYING else row.to.get(action, row.name)


def four_eyes(row: State, move: Move, values: Mapping[str, Any]) -> bool:
    """Say whether a second person must confirm the move.

    Only acts that end the case or decide about it count. A condition that
    cannot be settled counts as true: the rule protects, so it fails safe.
    """
    if not move.outcome and move.action not in DECISIONS:
        return False
    if isinstance(row.four_eyes, bool):
        return row.four_eyes
    return _evaluate(row.four_eyes, values) is not False


def _officers_state(definition: Definition) -> str:
    return next((name for name, row in definition.flow.items() if row.by), definition.start)
