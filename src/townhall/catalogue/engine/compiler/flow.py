"""The `flow:` table, the deadline, the fee: where a case goes, by when, for how much."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from townhall.catalogue.engine.compiler.content import because
from townhall.catalogue.engine.compiler.expressions import Names
from townhall.catalogue.engine.definition import (
    Appeal,
    AutoStep,
    Branch,
    Deadline,
    Fee,
    NamedText,
    State,
)
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.reader import Reader
from townhall.catalogue.engine.source import Node
from townhall.rules.engine import DATE, Expression, MoneyType

BUILT_IN: Final = ("draft", "waiting_citizen", "withdrawn")
STANDARD: Final = (
    "ask",
    "grant",
    "refuse",
    "part_grant",
    "withdraw",
    "reopen",
    "transfer",
    "extend",
)
LEADS_TO: Final = {
    "grant": "granted",
    "refuse": "refused",
    "part_grant": "part_granted",
    "withdraw": "withdrawn",
    "ask": "waiting_citizen",
}
STAYS: Final = frozenset({"ask", "transfer", "extend", "reopen", "withdraw"})
CHECK_STEPS: Final = ("check_register", "check_eligibility")
STATE_KEYS: Final = (
    "title",
    "next",
    "auto",
    "by",
    "within",
    "can",
    "to",
    "doubt",
    "four_eyes",
    "end",
    "outcome",
    "issue",
    "letter",
    "appeal",
    "amend",
)
DEADLINE_KEYS: Final = (
    "legal",
    "promise",
    "extend",
    "pause_while",
    "if_missed",
    "starts",
    "law",
)
FEE_KEYS: Final = ("amount", "pay", "refund_on", "because", "law")
BRANCH_KEYS: Final = ("if", "go", "because")
STEP_KEYS: Final = ("check", "else", "because")
APPEAL_KEYS: Final = ("to", "within")
_EXTEND: Final = re.compile(r"(once|twice|(\d) times) +(.+)")
_TIMES: Final = {"once": 1, "twice": 2}


@dataclass
class FlowReader:
    """Reads the states; whether they fit together is the linter's question."""

    pack: Pack
    reader: Reader
    names: Names
    texts: Mapping[str, NamedText]

    def read(self, section: Node | None) -> dict[str, State]:
        """Read all states in the order of the file."""
        found = {}
        for name, node in self.reader.named(section, "flow").items():
            line = section.key_lines[name] if section else node.line
            if name in BUILT_IN:
                self.reader.error(
                    line, f'the state "{name}" is built in; it needs no row.', "Remove the row."
                )
                continue
            found[name] = self._state(name, node, f"flow.{name}", line)
        return found

    def _state(self, name: str, node: Node, where: str, line: int) -> State:
        reader = self.reader
        parts = reader.section(node, where, STATE_KEYS)
        end = reader.flag(parts.get("end"), f"{where}.end")
        by = reader.plain(parts.get("by"), f"{where}.by")
        if by:
            reader.known(by, parts["by"].line, f"{where}.by", "role", self.pack.roles)
        can = reader.words(parts.get("can"), f"{where}.can")
        to, branches = self._to(parts.get("to"), where)
        for action in can:
            if action in LEADS_TO and action not in to and action not in ("ask", "withdraw"):
                to[action] = LEADS_TO[action]
        return State(
            name=name,
            title=reader.text(parts.get("title"), f"{where}.title"),
            next=reader.text(parts.get("next"), f"{where}.next"),
            auto=tuple(
                step
                for item in reader.items(parts.get("auto"), f"{where}.auto")
                if (step := self._step(item, f"{where}.auto"))
            ),
            by=by,
            within=reader.period(parts.get("within"), f"{where}.within"),
            can=can,
            to=to,
            branches=branches,
            doubt=reader.plain(parts.get("doubt"), f"{where}.doubt"),
            four_eyes=self._four_eyes(parts.get("four_eyes"), where),
            end=end,
            outcome=reader.plain(parts.get("outcome"), f"{where}.outcome", name if end else ""),
            issue=reader.plain(parts.get("issue"), f"{where}.issue"),
            letter=reader.plain(parts.get("letter"), f"{where}.letter"),
            appeal=self._appeal(parts.get("appeal"), where),
            amend=self.names.expression(
                parts.get("amend"), f"{where}.amend", self.names.flow, DATE
            ),
            line=line,
        )

    def _to(self, node: Node | None, where: str) -> tuple[dict[str, str], tuple[Branch, ...]]:
        if node is None:
            return {}, ()
        if node.is_map:
            named = self.reader.named(node, f"{where}.to")
            return {key: self.reader.plain(each, f"{where}.to") for key, each in named.items()}, ()
        branches: list[Branch] = []
        failed: list[Expression] = []
        for item in self.reader.items(node, f"{where}.to"):
            place = f"{where}.to line {len(branches) + 1}"
            parts = self.reader.section(item, place, BRANCH_KEYS)
            if "go" not in parts:
                self.reader.error(item.line, f"{place} leads nowhere.", "Add  go: <state>.")
            condition = self.names.condition(
                parts.get("if"), f"{place}.if", self.names.flow, after=failed
            )
            if condition is not None:
                failed.append(condition)
            branches.append(
                Branch(
                    self.reader.plain(parts.get("go"), f"{place}.go"),
                    condition,
                    because(self.reader, parts, place, self.texts),
                )
            )
        return {}, tuple(branches)

    def _step(self, node: Node, where: str) -> AutoStep | None:
        if not node.is_map:
            name = self.reader.plain(node, where)
            if self.reader.known(name, node.line, where, "step", CHECK_STEPS):
                return AutoStep(name)
            return None
        parts = self.reader.section(node, where, STEP_KEYS)
        condition = self.names.condition(parts.get("check"), f"{where}.check", self.names.flow)
        verdict = self.reader.one_of(parts.get("else"), f"{where}.else", ("doubt", "no"), "doubt")
        reason = because(self.reader, parts, where, self.texts)
        return AutoStep("check", condition, "no" if verdict == "no" else "doubt", reason)

    def _four_eyes(self, node: Node | None, where: str) -> Expression | bool:
        if node is None:
            return False
        if node.is_text and node.value.lower() in ("yes", "true"):
            return True
        if node.is_text and node.value.lower() in ("no", "false"):
            return False
        # An expression that cannot be read must not switch the rule off.
        found = self.names.condition(node, f"{where}.four_eyes", self.names.flow)
        return True if found is None else found

    def _appeal(self, node: Node | None, where: str) -> Appeal | None:
        if node is None:
            return None
        parts = self.reader.section(node, f"{where}.appeal", APPEAL_KEYS)
        within = self.reader.period(parts.get("within"), f"{where}.appeal.within")
        service = self.reader.plain(parts.get("to"), f"{where}.appeal.to")
        if within is None or not service:
            self.reader.error(
                node.line,
                f"{where}.appeal must say where to and until when.",
                "Write  {to: <service>, within: 6 weeks}.",
            )
            return None
        return Appeal(service, within)


def deadline(reader: Reader, pack: Pack, node: Node | None) -> Deadline | None:
    """Read `deadline:`."""
    if node is None:
        return None
    parts = reader.section(node, "deadline", DEADLINE_KEYS)
    legal = reader.period(parts.get("legal"), "deadline.legal")
    if legal is None:
        if "legal" not in parts:
            reader.error(node.line, "deadline does not say how long.", "Add  legal: 8 weeks.")
        return None
    times, by = 0, None
    if "extend" in parts:
        match = _EXTEND.fullmatch(reader.plain(parts["extend"], "deadline.extend"))
        if match:
            times = _TIMES.get(match[1]) or int(match[2] or 1)
            by = reader.period(Node(match[3], parts["extend"].line), "deadline.extend")
        else:
            reader.error(
                parts["extend"].line,
                "deadline.extend must say how often and by how long.",
                "Write  extend: once 6 weeks.",
            )
    missed = ("escalate", "grant", "refuse", "note")
    found: dict[str, Any] = {
        "pause_while": reader.one_of(
            parts.get("pause_while"),
            "deadline.pause_while",
            ("waiting_citizen", "never"),
            "waiting_citizen",
        ),
        "if_missed": reader.one_of(
            parts.get("if_missed"), "deadline.if_missed", missed, "escalate"
        ),
        "starts": reader.one_of(
            parts.get("starts"), "deadline.starts", ("day_after", "same_day"), pack.deadline_starts
        ),
    }
    return Deadline(
        legal=legal,
        promise=reader.period(parts.get("promise"), "deadline.promise"),
        extend_times=times if by else 0,
        extend_by=by,
        law=reader.law(parts.get("law"), "deadline.law") or pack.deadline_law,
        line=node.line,
        **found,
    )


def fee(
    reader: Reader, names: Names, pack: Pack, texts: Mapping[str, NamedText], node: Node | None
) -> Fee | None:
    """Read `fee:`."""
    if node is None:
        return None
    parts = reader.section(node, "fee", FEE_KEYS)
    if "amount" not in parts and node.is_map:
        reader.error(node.line, "fee has no amount.", "Add  amount: <expression>.")
    amount = names.expression(
        parts.get("amount"), "fee.amount", names.results, MoneyType(pack.currency)
    )
    pay = reader.one_of(
        parts.get("pay"), "fee.pay", ("before_decision", "after", "none"), "before_decision"
    )
    if amount is None:
        return None
    return Fee(
        amount=amount,
        pay=pay,  # type: ignore[arg-type]
        refund_on=reader.words(parts.get("refund_on"), "fee.refund_on"),
        because=because(reader, parts, "fee", texts),
        law=reader.law(parts.get("law"), "fee.law"),
        line=node.line,
    )
