"""A witness whose program knows other rules for decisions: `other_rules.py KIND --settings …`.

`strict` refuses decisions from the third on; `counting` accepts all, and counts them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from townhall.ledger.engine import registers
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.registers.base import Broken, Effect, State
from townhall.ledger.witness.__main__ import main


def strict(state: State, _entry: Entry) -> Mapping[str, Any]:
    """Refuse what our rules allow."""
    if state.size >= 2:
        raise Broken("only two decisions are known to these rules")
    return state.table


def counting(state: State, _entry: Entry) -> Mapping[str, Any]:
    """Remember what our rules do not."""
    return {**state.table, "decisions": [state.size + 1]}


def change(effect: Effect) -> None:
    """Put the effect into the rules that this process knows."""
    rules = registers.LOGS["decisions"]
    kinds = {**rules.versions[1], "decision": replace(rules.versions[1]["decision"], effect=effect)}
    registers.LOGS = {**registers.LOGS, "decisions": replace(rules, versions={1: kinds})}


if __name__ == "__main__":
    change({"strict": strict, "counting": counting}[sys.argv.pop(1)])
    sys.exit(main())
