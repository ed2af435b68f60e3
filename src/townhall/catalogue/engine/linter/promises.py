"""What the service promises: by when, kept how long, paid back, decided by two."""

from __future__ import annotations

from townhall.catalogue.engine.linter.material import Material
from townhall.rules.engine import Duration

_WORKING_DAY_IN_DAYS = 1.4


def check(material: Material) -> None:
    """Look at deadlines, retention, fees, four eyes and appeals."""
    _deadline(material)
    _keep(material)
    _fee(material)
    _four_eyes(material)
    _appeals(material)


def rough_days(length: Duration) -> float:
    """Return about how many calendar days a period has, only to compare two."""
    return length.months * 30.44 + length.days + length.working_days * _WORKING_DAY_IN_DAYS


def _deadline(material: Material) -> None:
    deadline = material.definition.deadline
    if deadline is None:
        material.advise(
            1,
            "nothing says by when a case must be decided.",
            "Add  deadline: {legal: 8 weeks}.",
        )
        return
    legal = rough_days(deadline.legal)
    if deadline.promise and rough_days(deadline.promise) > legal:
        material.error(
            deadline.line,
            f"deadline promises {deadline.promise}, longer than the legal {deadline.legal}.",
            "Promise less than the law allows, or nothing.",
        )
    for state in material.definition.flow.values():
        if state.within and not state.end and rough_days(state.within) > legal:
            material.error(
                state.line,
                f'state "{state.name}" may take {state.within}, longer than the legal '
                f"{deadline.legal}.",
                "Shorten  within:.",
            )


def outcomes(material: Material) -> dict[str, int]:
    """Return the outcomes of the service and the line of their states."""
    return {state.outcome: state.line for state in material.definition.flow.values() if state.end}


def _keep(material: Material) -> None:
    periods = material.definition.keep.periods
    known = {**outcomes(material), "withdrawn": 0, "draft": 0}
    for outcome, line in known.items():
        if outcome not in periods:
            material.error(
                line or 1,
                f'keep does not say how long "{outcome}" is kept.',
                f"Add  {outcome}: 1 year  under keep:.",
            )
    for name in periods:
        if name not in known and name not in material.definition.pack.keep.periods:
            material.reader.known(name, 1, "keep", "outcome", known)


def _fee(material: Material) -> None:
    fee = material.definition.fee
    if fee is None:
        return
    known = {**outcomes(material), "withdrawn": 0}
    for name in fee.refund_on:
        material.reader.known(name, fee.line, "fee.refund_on", "outcome", known)
    refused = [name for name in outcomes(material) if name not in ("granted", "part_granted")]
    if fee.pay == "before_decision" and not fee.refund_on and refused:
        material.error(
            fee.line,
            "the fee is paid before the decision; nothing says when it is given back.",
            f"Add  refund_on: [{', '.join(refused)}].",
        )


def _four_eyes(material: Material) -> None:
    for state in material.definition.flow.values():
        if state.four_eyes is False:
            continue
        role = material.definition.pack.roles.get(state.by)
        if role is not None and role.holders < 2:
            material.error(
                state.line,
                f'state "{state.name}" needs four eyes, but only {role.holders} person '
                f'has the role "{state.by}".',
                "Give the role to a second person (roles: holders: in the pack).",
            )


def _appeals(material: Material) -> None:
    for state in material.definition.flow.values():
        if state.appeal:
            material.reader.known(
                state.appeal.service,
                state.line,
                f"flow.{state.name}.appeal",
                "service",
                material.services | {material.definition.service},
            )
        elif state.end and state.outcome == "refused":
            material.advise(
                state.line,
                f'state "{state.name}" does not say how to appeal.',
                "Add  appeal: {to: <service>, within: 6 weeks}.",
            )
