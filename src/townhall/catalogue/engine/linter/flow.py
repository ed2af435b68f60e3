"""The flow table: does every state have a way in, a way out and somebody to act?"""

from __future__ import annotations

from collections.abc import Iterator

from townhall.catalogue.engine.compiler.flow import BUILT_IN, LEADS_TO, STANDARD, STAYS
from townhall.catalogue.engine.definition import State
from townhall.catalogue.engine.linter.material import Material, constant
from townhall.catalogue.engine.problems import did_you_mean

_VERDICTS = ("ok", "doubt", "no")


def check(material: Material) -> None:
    """Look at each state, then at the ways between them."""
    flow = material.definition.flow
    if not flow:
        return
    for state in flow.values():
        if state.amend is not None and not state.end:
            material.error(
                state.line,
                f'state "{state.name}" does not end the case, and has amend:.',
                "Put  amend:  at a state with  end: yes.",
            )
        if state.end:
            _end(material, state)
        elif state.by:
            _person(material, state)
        else:
            _automatic(material, state)
        _targets(material, state)
        for kind, name in (("letter", state.letter), ("issue", state.issue)):
            known = {**material.definition.pack.letters, **material.definition.letters}
            if name:
                material.reader.known(
                    name, state.line, f"flow.{state.name}.{kind}", "letter", known
                )
    if not any(state.end for state in flow.values()):
        material.error(
            next(iter(flow.values())).line, "no state ends a case.", "Add  end: yes  to a state."
        )
        return
    _reachable(material)
    _endless(material)


def ways(state: State) -> Iterator[str]:
    """Return the states to which a state may lead."""
    yield from state.to.values()
    yield from (branch.go for branch in state.branches)
    if state.doubt:
        yield state.doubt


def _end(material: Material, state: State) -> None:
    for key, value in (("by", state.by), ("auto", state.auto), ("can", state.can)):
        if value and not (key == "can" and set(state.can) <= {"reopen"}):
            material.error(
                state.line,
                f'state "{state.name}" ends the case, and still has {key}:.',
                f"Remove  {key}:  or  end:.",
            )
    if state.within is not None and "reopen" not in state.can:
        material.error(
            state.line,
            f'state "{state.name}" ends the case, and still has within:.',
            "Remove  within:  or add  can: [reopen]  if it may be opened again for that long.",
        )


def _person(material: Material, state: State) -> None:
    name = state.name
    if state.auto:
        material.error(
            state.line,
            f'state "{name}" has both auto: and by:.',
            "Let one state check, and lead to another in which the officer acts.",
        )
    if not state.can:
        material.error(
            state.line,
            f'state "{name}" waits for {state.by}, who can do nothing.',
            "Add  can: [grant, refuse].",
        )
    for action in state.can:
        if action not in STANDARD and action not in state.to:
            material.error(
                state.line,
                f'state "{name}" can "{action}", but nothing says where that leads.',
                f"Add  to: {{{action}: <state>}}. {did_you_mean(action, STANDARD)}".strip(),
            )
        if action not in STANDARD and not material.definition.action_label(action):
            material.error(
                state.line,
                f'the action "{action}" has no words for its button.',
                f"Add  {action}: <words>  under texts:.",
            )
        material.reader.used.add(action)
        if action == "extend" and not (
            material.definition.deadline and material.definition.deadline.extend_times
        ):
            material.error(
                state.line,
                f'state "{name}" can "extend", but the deadline cannot be extended.',
                "Add  extend: once 6 weeks  to deadline:.",
            )
    for action in state.to:
        if action not in state.can:
            material.error(
                state.line,
                f'state "{name}" says where "{action}" leads, but nobody can do it.',
                f"Add {action} to can:.",
            )


def _automatic(material: Material, state: State) -> None:
    name = state.name
    if not state.auto and not state.branches:
        material.error(
            state.line,
            f'nothing moves a case on from state "{name}".',
            "Add  by:  (a role),  auto:  (steps)  or  end: yes.",
        )
        return
    if state.can:
        material.error(
            state.line,
            f'state "{name}" says what can be done, but not by whom.',
            "Add  by: <role>.",
        )
    if state.branches:
        _branches(material, state)
        return
    for outcome in state.to:
        if outcome not in _VERDICTS:
            material.error(
                state.line,
                f'state "{name}" leads on from "{outcome}", which no check gives.',
                "Checks give  ok,  doubt  and  no.",
            )
    for outcome in ("ok", "doubt"):
        if outcome not in state.to:
            material.error(
                state.line,
                f'state "{name}" checks, but nothing says where "{outcome}" leads.',
                f"Add  to: {{{outcome}: <state>}}.",
            )


def _branches(material: Material, state: State) -> None:
    name, branches = state.name, state.branches
    if branches[-1].condition is not None:
        material.error(
            state.line,
            f'state "{name}": the list under to: may end without a state.',
            "Add a last line  - {go: <state>}  without a condition.",
        )
    for branch in branches[:-1]:
        if branch.condition is None or constant(branch.condition) is True:
            material.error(
                state.line,
                f'state "{name}": the lines after "go: {branch.go}" are never read.',
                "Put the line without a condition last.",
            )
            break
    flow = material.definition.flow
    ends = [each.go for each in branches if each.go in flow and flow[each.go].end]
    if state.auto and ends and not state.doubt:
        material.error(
            state.line,
            f'state "{name}" may decide by itself; nothing says where a doubtful case goes.',
            "Add  doubt: <state in which an officer looks>.",
        )


def _targets(material: Material, state: State) -> None:
    flow = material.definition.flow
    for action, target in state.to.items():
        if target in flow or target in BUILT_IN:
            continue
        if action in LEADS_TO and LEADS_TO[action] == target:
            material.error(
                state.line,
                f'state "{state.name}" can "{action}", but nothing says where that leads.',
                f'Add  to: {{{action}: <state>}}  or a state named "{target}".',
            )
        else:
            _unknown(material, state, target)
    for target in (*(branch.go for branch in state.branches), state.doubt):
        if target and target not in flow:
            _unknown(material, state, target)


def _unknown(material: Material, state: State, target: str) -> None:
    material.error(
        state.line,
        f'state "{state.name}" leads to "{target}", which does not exist.',
        did_you_mean(target, material.definition.flow),
    )


def _reachable(material: Material) -> None:
    definition = material.definition
    flow = definition.flow
    seen = {definition.start}
    todo = [definition.start]
    missed = definition.deadline.if_missed if definition.deadline else ""
    if missed in ("grant", "refuse"):
        todo.append(LEADS_TO[missed])
    while todo:
        state = flow.get(todo.pop())
        if state is None:
            continue
        for target in (*ways(state), state.name):
            if target in flow and target not in seen:
                seen.add(target)
                todo.append(target)
    for name, state in flow.items():
        if name not in seen and name != LEADS_TO.get(missed):
            material.error(
                state.line,
                f'no case can come to state "{name}".',
                "Lead to it from another state, or remove it.",
            )


def _endless(material: Material) -> None:
    flow = material.definition.flow
    ending = {name for name, state in flow.items() if state.end}
    grown = True
    while grown:
        more = {
            name for name, state in flow.items() if name not in ending and ending & set(ways(state))
        }
        grown = bool(more)
        ending |= more
    for name, state in flow.items():
        if name not in ending and not (state.by and set(state.can) - STAYS - set(state.to)):
            material.error(
                state.line,
                f'a case in state "{name}" can never end.',
                "Lead from it, directly or by other states, to one with  end: yes.",
            )
    _circles(material)


def _circles(material: Material) -> None:
    """States that move on by themselves must not lead back to each other."""
    flow = material.definition.flow
    for name, state in flow.items():
        if not state.is_automatic:
            continue
        seen: set[str] = set()
        todo = list(ways(state))
        while todo:
            target = flow.get(todo.pop())
            if target is None or not target.is_automatic or target.name in seen:
                continue
            seen.add(target.name)
            todo.extend(ways(target))
        if name in seen:
            material.error(
                state.line,
                f'state "{name}" moves on by itself and comes back to itself.',
                "Let a person act in one of these states.",
            )
