"""Histories of policies, and many ways to change them, for the check in the browser."""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from townhall.ledger.engine import canonical, checking
from townhall.ledger.engine import histories as engine
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.histories import GRACE, History
from townhall.ledger.engine.keys import Signer
from townhall.ledger.engine.tests import cast, succession
from townhall.ledger.engine.tests.succession import FIRST, NEWEST, SECOND, TEXTS, THIRD, TIMES

AGENCIES = cast.WITNESSES
RECEIPTS = [
    succession.receipt(text, witnesses, time=time).render()
    for text, witnesses, time in (
        (FIRST, (AGENCIES[0], *AGENCIES[2:]), cast.TIME),
        (FIRST, (AGENCIES[0], *AGENCIES[2:]), TIMES[1] + GRACE - 1),
        (FIRST, (AGENCIES[0], *AGENCIES[2:]), TIMES[1] + GRACE),
        (FIRST, AGENCIES[:3], cast.TIME),
        (SECOND, NEWEST, TIMES[1]),
        (SECOND, AGENCIES[1:], TIMES[1]),
        (THIRD, NEWEST, TIMES[2]),
        (cast.POLICY_TEXT, NEWEST, TIMES[2]),
    )
]


@dataclass(frozen=True)
class Case:
    """A history, and the policies that the reader trusts."""

    content: bytes
    trusted: Sequence[bytes] = (FIRST,)

    def line(self) -> str:
        return json.dumps(
            {
                "history": b64encode(self.content).decode(),
                "trusted": [text.decode() for text in self.trusted],
                "receipts": [b64encode(each).decode() for each in RECEIPTS],
            }
        )

    def by_the_engine(self) -> dict[str, Any]:
        """What the engine says of it, in the form of `receipt_parity.mjs`."""
        try:
            eras = History.parse(self.content).check(self.trusted)
        except Refused:
            return {"refused": True}
        policies = engine.dated(eras)
        steps = [checking.verify_file(each, trusted=policies) for each in RECEIPTS]
        return {
            "eras": [[era.policy.text.decode(), era.since] for era in eras],
            "until": [str(each.valid_until) for each in policies],
            "cutoffs": [
                [
                    sorted(f"{origin} {size}" for origin, size in each.cutoffs.items())
                    for each in policy.witnesses
                    if each.cutoffs is not None
                ]
                for policy in policies
            ],
            "verdicts": [checking.verdict(each).value for each in steps],
        }


def every(chance: random.Random) -> Iterator[Case]:
    """All cases."""
    yield from _honest()
    yield from _rearranged()
    yield from _entries_otherwise()
    yield from _spelt_otherwise()
    content = succession.history().render()
    for _ in range(800):
        changed = bytearray(content)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        yield Case(bytes(changed), TEXTS)


def _honest() -> Iterator[Case]:
    quorums: tuple[Sequence[Signer], ...] = (AGENCIES, (*AGENCIES[1:], succession.NEWCOMER), NEWEST)
    for count, witnesses in enumerate(quorums, 1):
        content = succession.history(count, witnesses).render()
        for trusted in _trusted():
            yield Case(content, trusted)
        for fewer in range(4):
            yield Case(succession.history(count, witnesses[:fewer]).render())


def _trusted() -> Iterator[Sequence[bytes]]:
    """One of them, some of them, all, none, and one of another town hall."""
    yield from ((FIRST,), (SECOND,), (THIRD,))
    yield from ((FIRST, SECOND), (FIRST, THIRD), TEXTS, (), (cast.POLICY_TEXT,))


def _rearranged() -> Iterator[Case]:
    entries = [succession.entry(number).encode() for number in range(3)]
    for order in ((0, 2), (1, 2), (2,), (0, 2, 1), (0, 0, 1, 2), (0, 1, 1, 2), (0, 1, 2, 0)):
        yield Case(succession.sealed([entries[each] for each in order]).render(), TEXTS)
    note = succession.history().checkpoint
    for count in (1, 2):
        yield Case(History(tuple(entries[:count]), note).render(), TEXTS)


def _entries_otherwise() -> Iterator[Case]:
    """The last entry says something else, and the quorum signs the log all the same."""
    good = succession.entry(2)
    lines = good.body["signatures"]
    bodies: list[dict[str, Any]] = [
        {"signatures": ""},
        {"signatures": lines + "\n"},
        {"signatures": "\n" + lines},
        {"signatures": lines[:-1]},
        {"signatures": lines + lines},
        {"signatures": lines.split("\n")[0] + "\n"},
        {"signatures": 7},
        {"signatures": None},
        {"sequence": 1},
        {"sequence": 3},
        {"sequence": -2},
        {"sequence": "2"},
        {"policy": SECOND.decode()},
        {"policy": THIRD.decode() + "#\n"},
        {"policy": "quorum none\n"},
        {"policy": ""},
        {"policy": 1},
        {"more": "00" * 32},
        {"more": 1},
    ]
    entries = [Entry(good.origin, good.kind, good.at, good.body | body) for body in bodies]
    without = {name: value for name, value in good.body.items() if name != "sequence"}
    entries += [
        Entry(good.origin, good.kind, good.at, without),
        Entry("town.example/other", good.kind, good.at, good.body),
        Entry(good.origin, "rules_version", good.at, {"version": 2}),
        Entry(good.origin, "erased", good.at, {"index": 0}),
        Entry(good.origin, good.kind, TIMES[1], good.body),
        Entry(good.origin, good.kind, TIMES[1] - 1, good.body),
        Entry(good.origin, good.kind, good.at, good.body, rules=2),
        Entry(good.origin, good.kind, good.at, good.body, sources=("00" * 32,)),
    ]
    before = [succession.entry(number).encode() for number in range(2)]
    for entry in entries:
        yield Case(succession.sealed([*before, entry.encode()]).render(), (FIRST,))


def _spelt_otherwise() -> Iterator[Case]:
    content = succession.history().render()
    value = json.loads(content)
    for changed in (
        value | {"format": "townhall/policies/v2"},
        value | {"entries": []},
        value | {"entries": [1]},
        value | {"entries": {}},
        value | {"entries": ["x"] * 1_025},
        value | {"entries": [value["entries"][0] + " ", *value["entries"][1:]]},
        value | {"checkpoint": 1},
        value | {"checkpoint": value["checkpoint"].replace("\n", "\r\n")},
        value | {"checkpoint": value["checkpoint"] + "\n"},
        value | {"more": 1},
    ):
        yield Case(canonical.encode(changed), TEXTS)
    for old, new in ((b"{", b"{ "), (b'"format"', b'"forma\\u0074"'), (b"\\n", b"\\u000a")):
        yield Case(content.replace(old, new, 1), TEXTS)
    yield from map(Case, (b"", b"{}", b"[]", b"null", b"7", b"\xff", cast.RECEIPT.render()))
