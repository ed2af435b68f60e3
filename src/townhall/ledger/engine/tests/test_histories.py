"""From a policy that somebody trusts to all others of that town hall, forwards and back."""

from __future__ import annotations

import json
import random

import pytest

from townhall.ledger.engine import canonical, checking, histories
from townhall.ledger.engine.checking import Verdict
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.histories import GRACE, History, HistoryInvalid
from townhall.ledger.engine.policy import NotFinal, Policy
from townhall.ledger.engine.receipts import Receipt
from townhall.ledger.engine.registers import Rejected
from townhall.ledger.engine.tests import cast, succession
from townhall.ledger.engine.tests.succession import FIRST, SECOND, THIRD, TIMES

AGENCIES = cast.WITNESSES
OLD = (AGENCIES[0], *AGENCIES[2:])
NEW = succession.NEWEST
CONTENT = succession.history().render()


def checked(receipt: Receipt, trusted: bytes = THIRD) -> Verdict:
    """Check a receipt by the history, as somebody who trusts one of its policies."""
    policies = histories.dated(History.parse(CONTENT).check([trusted]))
    steps = checking.verify_file(receipt.render(), document=cast.LETTER, trusted=policies)
    return checking.verdict(steps)


@pytest.mark.parametrize("trusted", [FIRST, SECOND, THIRD], ids=["oldest", "middle", "newest"])
def test_a_history_leads_from_any_policy_to_all_others(trusted: bytes) -> None:
    eras = History.parse(CONTENT).check([trusted])
    assert [era.policy.text for era in eras] == [FIRST, SECOND, THIRD]
    assert [era.since for era in eras] == list(TIMES)


@pytest.mark.parametrize("trusted", [FIRST, THIRD], ids=["oldest", "newest"])
def test_old_and_new_receipts_hold_by_the_policy_of_their_date(trusted: bytes) -> None:
    old = succession.receipt(FIRST, OLD)
    new = succession.receipt(THIRD, NEW, time=TIMES[2] + 60)
    assert checked(old, trusted) is checked(new, trusted) is Verdict.HOLDS
    # Without the history neither holds for who trusts the other's policy only.
    for receipt, other in ((old, THIRD), (new, FIRST)):
        only = [Policy.load(other)]
        steps = checking.verify(receipt, document=cast.LETTER, trusted=only)
        assert checking.verdict(steps) is Verdict.FAILS


def test_a_policy_counts_until_a_day_after_another_took_its_place() -> None:
    last = TIMES[1] + GRACE - 1
    assert checked(succession.receipt(FIRST, OLD, time=last)) is Verdict.HOLDS
    assert checked(succession.receipt(FIRST, OLD, time=last + 1)) is Verdict.FAILS
    # The one in force counts without an end.
    assert checked(succession.receipt(THIRD, NEW, time=2**40)) is Verdict.HOLDS


def test_a_stolen_key_is_cut_off_in_the_policies_of_before_too() -> None:
    """Its thief could date signatures back to when that policy was in force."""
    receipt = succession.receipt(FIRST, AGENCIES[:3])  # agency1 and nine entries
    alone = checking.verify(receipt, document=cast.LETTER, trusted=[Policy.load(FIRST)])
    assert checking.verdict(alone) is Verdict.HOLDS
    assert checked(receipt) is Verdict.FAILS
    policies = histories.dated(History.parse(CONTENT).check([THIRD]))
    for policy in policies:
        (stolen,) = [each for each in policy.witnesses if each.key == AGENCIES[1].key]
        assert stolen.counts_for(Checkpoint(cast.ORIGIN, 5, bytes(32)))
        assert not stolen.counts_for(Checkpoint(cast.ORIGIN, 6, bytes(32)))
        assert not stolen.counts_for(Checkpoint(succession.ORIGIN, 1, bytes(32)))
        assert [each.cutoffs for each in policy.witnesses if each is not stolen] == [None] * 3


def test_of_two_cut_offs_the_lower_one_counts() -> None:
    def policy(*lines: str) -> Policy:
        more = "".join(f"# townhall: cutoff agency1 {each}\n" for each in lines)
        return Policy.load(SECOND + more.encode())

    eras = [
        histories.Era(policy(*lines), number)
        for number, lines in enumerate((["a 5", "b 7", "c 1"], [], ["a 9", "b 3"]))
    ]
    found = [
        [each.cutoffs for each in policy.witnesses if each.cutoffs]
        for policy in histories.dated(eras)
    ]
    assert found == [[{"a": 5, "b": 3}], [{"a": 9, "b": 3}], [{"a": 9, "b": 3}]]


def test_a_history_that_its_newest_quorum_has_not_signed_is_refused() -> None:
    with pytest.raises(NotFinal):
        succession.history(witnesses=NEW[:2]).check([THIRD])
    # Nor does the quorum of the policy before it count, one of whom was cut off.
    with pytest.raises(NotFinal):
        succession.history(witnesses=AGENCIES[1:3]).check([FIRST])


def test_a_history_of_another_town_hall_is_refused() -> None:
    own = succession.sealed([succession.entry(0).encode()], AGENCIES)
    assert len(own.check([FIRST])) == 1
    for trusted in ([cast.POLICY_TEXT], []):
        with pytest.raises(HistoryInvalid, match="does not have every policy that is trusted"):
            own.check(trusted)


def test_a_history_that_ends_before_a_policy_that_is_trusted_is_refused() -> None:
    """Who gathers the keys of a quorum that was dismissed can seal the history as it was then."""
    short = succession.sealed([succession.entry(0).encode()], AGENCIES)
    assert len(short.check([FIRST])) == 1
    for trusted in ([FIRST, THIRD], [THIRD], list(succession.TEXTS)):
        with pytest.raises(HistoryInvalid, match="does not have every policy"):
            short.check(trusted)
    assert len(History.parse(CONTENT).check(list(succession.TEXTS))) == 3


def test_entries_cannot_be_left_out_exchanged_or_added() -> None:
    first, second, third = History.parse(CONTENT).entries
    sealed = History.parse(CONTENT).checkpoint
    for entries in ((first, third), (second, third), (third,), (first, third, second)):
        with pytest.raises(Refused):
            History(entries, sealed).check([FIRST, SECOND, THIRD])
        with pytest.raises(Refused):  # even if the newest quorum were to sign that
            succession.sealed(entries).check([FIRST, SECOND, THIRD])
    for entries, others in (((first, second), (first,)), ((first,), (first, second))):
        with pytest.raises(HistoryInvalid, match="other entries"):
            note = succession.sealed(others, AGENCIES[1:]).checkpoint
            History(entries, note).check([FIRST])


def test_a_policy_that_no_quorum_signed_leads_nowhere() -> None:
    forged = succession.entry(1, signatures="")
    entries = [succession.entry(0).encode(), forged.encode(), succession.entry(2).encode()]
    with pytest.raises(Rejected, match="no quorum"):
        succession.sealed(entries).check([FIRST])


def test_the_same_history_has_one_spelling() -> None:
    value = json.loads(CONTENT)
    for changed in (
        CONTENT + b" ",
        CONTENT.replace(b'{"checkpoint"', b'{"a":1,"checkpoint"'),
        canonical.encode(value | {"format": "townhall/policies/v2"}),
        canonical.encode(value | {"entries": []}),
        canonical.encode(value | {"entries": [1]}),
        canonical.encode(value | {"entries": ["x"] * 1_025}),
        b"{}",
        b"[]",
        b"\xff",
        b"",
    ):
        with pytest.raises(Refused):
            History.parse(changed).check([FIRST, SECOND, THIRD])


def test_no_change_of_a_single_byte_is_ever_accepted() -> None:
    chance = random.Random(1)
    for _ in range(1_500):
        content = bytearray(CONTENT)
        place = chance.randrange(len(content))
        content[place] ^= 1 << chance.randrange(8)
        try:
            eras = History.parse(bytes(content)).check([FIRST, SECOND, THIRD])
        except Refused:
            continue
        # A signature that nobody needs may be under a name that nobody knows.
        assert [era.policy.text for era in eras] == [FIRST, SECOND, THIRD]
        assert [era.since for era in eras] == list(TIMES)
