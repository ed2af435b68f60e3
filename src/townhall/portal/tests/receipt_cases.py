"""Receipts of every kind, and thousands of ways to change them, for the check in the browser.

What is made here is the same in every run: keys from names, changes from a seed.
"""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace

from townhall.ledger.engine import canonical
from townhall.ledger.engine.encoding import to_base64
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.tests import cast

HONEST = cast.RECEIPT.render()
"""A receipt with its letter that holds under the policy of the cast."""
OTHER_LETTER = cast.LETTER.replace(b"granted", b"refused")


@dataclass(frozen=True)
class Case:
    """A file that is checked, with or without a letter and a policy of the reader's own.

    code: what a camera read; then that is checked instead of the content.
    """

    content: bytes
    document: bytes | None = cast.LETTER
    trusted: Policy | None = cast.POLICY
    code: str | None = None

    def line(self) -> str:
        return json.dumps(
            {
                "content": b64encode(self.content).decode(),
                "document": None if self.document is None else b64encode(self.document).decode(),
                "trusted": None if self.trusted is None else self.trusted.text.decode(),
                "code": self.code,
            }
        )


def altered(**changes: object) -> bytes:
    """The honest receipt with some fields changed, canonical if that is possible."""
    value = json.loads(HONEST) | changes
    try:
        return canonical.encode(value)
    except ValueError:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")


def honest() -> Iterator[Case]:
    """Receipts that are true, and what is checked against less or something else."""
    receipts = [
        HONEST,
        replace(cast.RECEIPT, openings=()).render(),
        cast.day_receipt().render(),
        cast.day_receipt("root", "count").render(),
        cast.day_receipt("decision").render(),
        cast.receipt_for(cast.decision(at=cast.TIME + 300).encode(), cast.OPENINGS).render(),
        cast.receipt_for(cast.decision(at=cast.TIME + 301).encode(), cast.OPENINGS).render(),
        *(cast.receipt_for(cast.decision().encode(), index=each).render() for each in range(9)),
        *(cast.receipt_for(cast.decision().encode(), witnesses=each).render() for each in range(5)),
        *(cast.receipt_for(cast.decision().encode(), time=each).render() for each in (1, 2**62)),
    ]
    unsafe = Policy.parse(cast.POLICY_TEXT.replace(b"faults 1", b"faults 2"))
    for content in receipts:
        for document in (cast.LETTER, OTHER_LETTER, b"", None):
            for trusted in (cast.POLICY, None, unsafe):
                yield Case(content, document, trusted)


def damaged(chance: random.Random) -> Iterator[Case]:
    """A bit flipped, an end cut off, a piece taken out, doubled or exchanged."""
    day = cast.day_receipt().render()
    for base, document in ((HONEST, cast.LETTER), (day, None)):
        for _ in range(400):
            content = bytearray(base)
            content[chance.randrange(len(base))] ^= 1 << chance.randrange(8)
            yield Case(bytes(content), document)
        for _ in range(60):
            start, end = sorted(chance.choices(range(len(base)), k=2))
            for changed in (
                base[:start],
                base[:start] + base[end:],
                base[:end] + base[start:],
                base[:start] + bytes(reversed(base[start:end])) + base[end:],
            ):
                yield Case(changed, document)
    yield from map(Case, (b"", b"{}", b"[]", b"null", b"7", b'"', b"\xff", bytes(100), cast.LETTER))


def spelt_otherwise() -> Iterator[Case]:
    """The same meaning in another spelling, or what JSON libraries disagree about."""
    for old, new in {
        b'"member":null': b'"member": null',
        b'"format"': b'"forma\\u0074"',
        b'{"entry"': b'\xef\xbb\xbf{"entry"',
        b"granted": b"gr\\u0061nted",
        b'"value":"granted"': b'"value":"granted","value":"granted"',
        b'"index 5': b'"index 05',
        b"\\nindex 5": b"\\nindex \\u0665",
    }.items():
        yield Case(HONEST.replace(old, new))
    yield Case(HONEST + b"\n")
    yield Case(json.dumps(json.loads(HONEST)).encode())
    yield Case(json.dumps(json.loads(HONEST), indent=1, ensure_ascii=False).encode())
    entry = cast.decision().encode()
    for change in (
        lambda it: it.replace(b'"rules":1', b'"rules":1.0'),
        lambda it: it.replace(b'"rules":1', b'"rules":1e0'),
        lambda it: it.replace(b'"rules":1', b'"rules":-0'),
        lambda it: it.replace(b'"rules":1', b'"rules":true'),
        lambda it: it.replace(b'"rules":1', b'"rules":1000001'),
        lambda it: it.replace(b'"v":1', b'"v":2'),
        lambda it: it.replace(b'"sources":[]', b'"sources":["%s"]' % (b"0f" * 32)),
        lambda it: it.replace(b'"sources":[]', b'"sources":["%s"]' % (b"0F" * 32)),
        lambda it: it.replace(b'"sources":[]', b'"sources":{}'),
    ):
        yield Case(altered(entry=change(entry).decode("utf-8", "surrogatepass")))
    for field in (
        b'"handle":9007199254740991',
        b'"handle":9007199254740992',
        b'"handle":9007199254740993',
        b'"handle":-9007199254740991',
        b'"handle":1e400',
        b'"handle":NaN',
        b'"handle":-Infinity',
        b'"handle":"\\ud800"',
        b'"handle":"\xed\xa0\x80"',
        b'"handle":"\xf0\x9f\x8f\x9b"',
        b'"handle":"\\ud83c\\udfdb"',
        b'"handle":"\x7f\xc2\x85\xe2\x80\xa8"',
        b'"handle":"\\u001f\\b\\t\\n\\f\\r\\"\\\\"',
        b'"handle":"\\u001F"',
        b'"handle":"\\/"',
        b'"handle":' + b"[" * 14 + b"]" * 14,
        b'"handle":' + b"[" * 15 + b"]" * 15,
        b'"handle":' + b"[" * 16 + b"]" * 16,
        b'"handle":' + b"[" * 9999 + b"]" * 9999,
        b'"handle":{"":1}',
        b'"handle":{"10":1,"9":2}',
        b'"handle":{"9":1,"10":2}',
        b'"handle":{"__proto__":{"a":1}}',
        b'"handle":{"constructor":1,"toString":2}',
        b'"handle":{"\xc3\xa9":1}',
        b'"handle":{" a":1}',
        b'"handle":{"a ":1}',
        b'"__proto__":{"at":1}',
        b'"hand__le":1',
        b'"Handle":1',
        b'"%s":1' % (b"h" * 65),
    ):
        changed = entry.replace(b'"handle":"%s"' % (b"0f" * 16), field)
        yield Case(altered(entry=changed.decode("utf-8", "surrogatepass")))


def rearranged(chance: random.Random) -> Iterator[Case]:
    """Fields of one receipt exchanged, left out or taken from another one."""
    value = json.loads(HONEST)
    others = [
        json.loads(cast.day_receipt().render()),
        json.loads(cast.receipt_for(cast.decision(handle="ee" * 16).encode(), index=3).render()),
        json.loads(cast.receipt_for(cast.decision().encode(), witnesses=2).render()),
    ]
    for name in value:
        yield Case(canonical.encode({key: each for key, each in value.items() if key != name}))
        for given in (None, 7, True, "", [], {}, [None], {"a": 1}):
            yield Case(altered(**{name: given}))
        for other in others:
            yield Case(altered(**{name: other[name]}), chance.choice([cast.LETTER, None]))
    yield Case(altered(title="A decision about a million"))
    opened = value["openings"]
    for first in opened:
        for second in opened:
            for part in ("field", "salt", "value"):
                if part in second:
                    changed = [first | {part: second[part]}]
                    yield Case(altered(openings=changed))
                    yield Case(altered(openings=[*opened[1:], *changed]))
    for given in (
        opened[::-1],
        opened * 2,
        [opened[0] | {"value_base64": ""}],
        [{"field": "a", "salt": "00" * 32, "value_base64": "YQ=="}],
        [{"field": "a", "salt": "00" * 32, "value_base64": "/w=="}],
        [{"field": "a", "salt": "0G" * 32, "value": ""}],
        [{"field": "handle", "salt": "00" * 32, "value": ""}],
        [{"field": "constructor", "salt": "00" * 32, "value": ""}],
        [{"field": "", "salt": "00" * 32, "value": "🏛"}],
        [opened[0] | {"value": opened[0]["value"].upper()}],
        [{"field": str(number), "salt": "00" * 32, "value": ""} for number in range(64)],
        [{"field": str(number), "salt": "00" * 32, "value": ""} for number in range(65)],
    ):
        for document in (cast.LETTER, OTHER_LETTER, None):
            yield Case(altered(openings=given), document)
    yield from _members()


def _members() -> Iterator[Case]:
    day = json.loads(cast.day_receipt().render())
    member = day["member"]
    for change in (
        {"index": 3},
        {"index": -1},
        {"index": 6},
        {"index": 2**53 - 1},
        {"index": True},
        {"index": "2"},
        {"content": ""},
        {"content": to_base64(b"\xff")},
        {"content": member["content"].rstrip("=")},
        {"proof": member["proof"][:-1]},
        {"proof": member["proof"][::-1]},
        {"proof": member["proof"] * 2},
        {"proof": member["proof"] * 22},
        {"proof": [*member["proof"], "A" * 43 + "="]},
        {"proof": ["A" * 43 + "="] * 64},
        {"proof": [""]},
        {"more": 1},
    ):
        yield Case(canonical.encode(day | {"member": member | change}), None)
    true = str(cast.day_receipt().decoded.body["root"])
    other_spellings = (true.upper(), f" {true}", f"{true[:2]} {true[2:]}", f"0x{true[2:]}")
    for root in (true, *other_spellings, "zz" * 32, "00" * 32, "00", 7, None):
        for lines in (6, 7, 0, -1, True, None, "6"):
            entry = Entry(cast.ORIGIN, "day", cast.TIME, {"lines": lines, "root": root})
            made = cast.receipt_for(entry.encode(), (), cast.day_receipt().member)
            yield Case(made.render(), None)
