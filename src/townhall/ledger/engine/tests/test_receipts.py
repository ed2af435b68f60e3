"""What a citizen's receipt proves, and every way to make it prove something else."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import pytest

from townhall.ledger.engine import canonical, checking, cosignatures
from townhall.ledger.engine.checking import Step, Verdict
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.commitments import Opening
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.policy import Policy
from townhall.ledger.engine.receipts import Receipt
from townhall.ledger.engine.tests import cast, succession


def check(receipt: Receipt, document: bytes | None = cast.LETTER, trusted=cast.POLICY) -> Verdict:
    """Check the receipt as a file, as a citizen would."""
    return checking.verdict(
        checking.verify_file(
            receipt.render(), document=document, trusted=[trusted] if trusted else []
        )
    )


def failing(
    receipt: Receipt, document: bytes | None = cast.LETTER, trusted=cast.POLICY
) -> list[str]:
    steps = checking.verify(receipt, document=document, trusted=[trusted] if trusted else [])
    return [step.name for step in steps if step.ok is False]


def test_a_receipt_is_one_file_that_says_everything() -> None:
    content = cast.RECEIPT.render()
    assert Receipt.parse(content) == cast.RECEIPT
    value = json.loads(content)
    assert value["policy"].encode() == cast.POLICY_TEXT
    assert value["proof"].startswith("c2sp.org/tlog-proof@v1\nindex 5\n")
    assert [each.get("value") for each in value["openings"]][1:] == ["granted", None]
    steps = checking.verify_file(content, document=cast.LETTER, trusted=[cast.POLICY])
    assert [step.name for step in steps] == [
        "policy",
        "signatures",
        "entry",
        "inclusion",
        "time",
        "opened",
        "opened",
        "opened",
        "document",
    ]
    assert checking.verdict(steps) is Verdict.HOLDS
    words = " ".join(step.detail for step in steps)
    assert "withstands 1 dishonest of 4 witnesses" in words
    assert "agency0.example/rules on 2023-11-14 22:13:20 UTC" in words
    assert "fixed outcome as “granted”" in words


def test_without_a_policy_or_without_the_letter_the_reader_is_told_what_is_missing() -> None:
    assert check(cast.RECEIPT, trusted=None) is Verdict.INCOMPLETE
    assert check(cast.RECEIPT, document=None) is Verdict.INCOMPLETE
    steps = checking.verify(cast.RECEIPT)
    unchecked = {step.name: step.detail for step in steps if step.ok is None}
    assert sha256(cast.POLICY_TEXT).hexdigest() in unchecked["policy"]
    assert sha256(cast.LETTER).hexdigest() in unchecked["document"]


def test_another_letter_is_recognised() -> None:
    assert failing(cast.RECEIPT, document=cast.LETTER.replace(b"granted", b"refused")) == [
        "document"
    ]
    bare = replace(cast.RECEIPT, openings=cast.OPENINGS[1:])
    assert failing(bare) == [], "it says of no letter which it is: that is no forgery"
    assert failing(bare, document=None) == []


def test_a_value_that_was_not_fixed_is_recognised() -> None:
    for false in (
        Opening("outcome", cast.OPENINGS[1].salt, b"refused"),
        Opening("outcome", bytes(32), b"granted"),
        Opening("amount", bytes(32), b"1000000"),
        Opening("handle", bytes(32), b"x"),
    ):
        receipt = replace(cast.RECEIPT, openings=(cast.OPENINGS[0], false))
        assert failing(receipt) == ["opened"]


def test_an_entry_that_is_not_in_the_log_is_recognised() -> None:
    other = cast.decision(handle="ee" * 16).encode()
    assert failing(replace(cast.RECEIPT, entry=other)) == ["inclusion"]


def test_too_few_witnesses_are_recognised() -> None:
    receipt = cast.receipt_for(cast.decision().encode(), cast.OPENINGS, witnesses=2)
    assert failing(receipt) == ["signatures"]
    assert check(receipt) is Verdict.FAILS


def test_the_forger_s_own_policy_convinces_nobody_who_has_one() -> None:
    forger = cast.signer("forger.example", 0x04)
    text = f"log {cast.LOG.key}\nwitness w {forger.key}\nquorum w\nfaults 0\n".encode()
    few = cast.receipt_for(cast.decision().encode(), cast.OPENINGS, witnesses=0)
    checkpoint = Checkpoint.parse(few.proof.note.text)
    note = few.proof.note.with_signatures(cosignatures.cosign(checkpoint, forger, cast.TIME))
    forged = replace(few, policy=text, proof=replace(few.proof, note=note))
    assert failing(forged) == ["signatures"]
    assert check(forged, trusted=None) is Verdict.INCOMPLETE  # and shows what to compare
    assert "another policy" in checking.verify(forged, trusted=[cast.POLICY])[0].detail


def test_an_unsafe_policy_is_refused_even_if_the_reader_trusts_it() -> None:
    unsafe = Policy.parse(cast.POLICY_TEXT.replace(b"faults 1", b"faults 2"))
    assert failing(cast.RECEIPT, trusted=unsafe) == ["policy"]
    receipt = replace(cast.RECEIPT, policy=unsafe.text)
    assert failing(receipt, trusted=None) == ["policy"]


def test_an_entry_of_another_log_is_recognised() -> None:
    entry = replace(cast.decision(), origin="town.example/land").encode()
    assert failing(cast.receipt_for(entry, cast.OPENINGS)) == ["entry"]


def test_a_key_that_is_not_the_log_s_is_recognised() -> None:
    assert failing(replace(cast.RECEIPT, log_key=cast.LOG_PQ.key)) == ["signatures"]


def test_the_key_of_another_log_of_the_same_policy_is_not_that_of_this_one() -> None:
    true = succession.receipt(succession.FIRST, cast.WITNESSES[:3])
    assert failing(true, trusted=Policy.load(succession.FIRST)) == []
    other = replace(true, log_key=succession.KEYS.key)
    assert failing(other, trusted=Policy.load(succession.FIRST)) == ["signatures"]


def test_an_entry_that_claims_a_time_after_it_was_witnessed_is_recognised() -> None:
    late = cast.receipt_for(cast.decision(at=cast.TIME + 301).encode(), cast.OPENINGS)
    assert failing(late) == ["time"]
    skewed = cast.receipt_for(cast.decision(at=cast.TIME + 300).encode(), cast.OPENINGS)
    assert failing(skewed) == []


def test_an_entry_counts_as_witnessed_once_a_quorum_had_seen_it() -> None:
    """Not when the first did, who may be one of the dishonest; nor when the last did."""
    for at, expected in [(cast.TIME + 2300, []), (cast.TIME + 2301, ["time"])]:
        receipt = cast.receipt_for(cast.decision(at=at).encode(), cast.OPENINGS, witnesses=0)
        checkpoint = Checkpoint.parse(receipt.proof.note.text)
        note = receipt.proof.note.with_signatures(
            *(
                cosignatures.cosign(checkpoint, each, cast.TIME + 1000 * number)
                for number, each in enumerate(cast.WITNESSES)
            )
        )
        assert failing(replace(receipt, proof=replace(receipt.proof, note=note))) == expected


def test_a_line_of_the_access_journal_is_proved_through_its_day() -> None:
    receipt = cast.day_receipt()
    assert check(receipt, document=None) is Verdict.HOLDS
    member = receipt.member
    for forged in (
        replace(member, content=b"2026-05-03T09:00:00Z nobody read anything"),
        replace(member, index=3),
        replace(member, index=-1),
        replace(member, proof=member.proof[:-1]),
    ):
        assert failing(replace(receipt, member=forged), document=None) == ["member"]
    assert failing(cast.day_receipt("decision"), document=None) == ["member"]


def test_a_record_of_a_register_is_proved_through_its_root() -> None:
    assert check(cast.day_receipt("root", "count"), document=None) is Verdict.HOLDS


def test_a_root_that_is_no_hash_is_a_failed_step_and_no_crash() -> None:
    receipt = cast.day_receipt()
    for root in ("zz" * 32, "00", 7, None):
        body = {"day": "2023-11-14", "lines": 6, "root": root}
        entry = Entry(cast.ORIGIN, "day", cast.TIME, body).encode()
        assert "member" in failing(replace(receipt, entry=entry), document=None)


def test_nothing_fails_and_nothing_holds_where_nothing_was_checked() -> None:
    assert checking.verdict([]) is Verdict.FAILS
    assert checking.verdict([Step("a", True, ""), Step("b", False, "")]) is Verdict.FAILS


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value | {"title": "A decision about a million"},
        lambda value: {key: value[key] for key in value if key != "policy"},
        lambda value: value | {"format": "townhall/receipt/v2"},
        lambda value: value | {"entry": "{}"},
        lambda value: value | {"entry": 7},
        lambda value: value | {"entry": value["entry"] + " "},
        lambda value: value | {"openings": {}},
        lambda value: value | {"openings": [7]},
        lambda value: value | {"openings": value["openings"] + value["openings"]},
        lambda value: value | {"openings": [value["openings"][0] | {"value_base64": ""}]},
        lambda value: (
            value | {"openings": [{"field": "a", "salt": "00" * 32, "value_base64": "YQ=="}]}
        ),
        lambda value: value | {"openings": [value["openings"][0] | {"salt": "00"}]},
        lambda value: value | {"proof": value["proof"].replace("index", "extra AA==\nindex")},
        lambda value: value | {"log_key": ""},
        lambda value: value | {"member": {}},
        lambda value: value | {"member": {"content": "", "index": True, "proof": []}},
        lambda value: value | {"member": {"content": "", "index": 0, "proof": [""]}},
        lambda value: (
            value | {"member": {"content": "", "index": 0, "proof": ["A" * 43 + "="] * 64}}
        ),
        lambda value: [value],
    ],
)
def test_a_file_with_more_or_less_in_it_is_no_receipt(change) -> None:
    content = canonical.encode(change(json.loads(cast.RECEIPT.render())))
    with pytest.raises(Refused):
        Receipt.parse(content)
    (step,) = checking.verify_file(content)
    assert (step.name, step.ok) == ("file", False)


def test_a_receipt_that_could_not_be_read_again_is_not_written() -> None:
    with pytest.raises(Refused):
        replace(cast.RECEIPT, policy=b"\xff").render()
    with pytest.raises(Refused):
        Receipt.parse(b'"' + b"x" * (1 << 18) + b'"')
