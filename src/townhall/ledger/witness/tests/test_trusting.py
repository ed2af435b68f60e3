"""Policies that anybody hands in hold up nobody, whether they are signed or not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from townhall.ledger.engine import cosignatures
from townhall.ledger.engine.handovers import HandOver
from townhall.ledger.engine.policy import LARGEST_POLICY, Policy
from townhall.ledger.engine.registers import keys
from townhall.ledger.engine.tests import succession
from townhall.ledger.witness.service import Witness
from townhall.ledger.witness.settings import Settings, watched_log

ORIGIN = succession.ORIGIN
PATIENCE = 20


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    """It follows the second of three policies."""
    log = watched_log(ORIGIN, [str(succession.KEYS.key)], "keys")
    settings = Settings("court.example/w1", tmp_path / "w", (log,), audit_seconds=0)
    made = Witness(settings, lambda: int(time.time()))
    with made._state.transaction() as stored:
        stored.follow(ORIGIN, 1, succession.SECOND.decode())
    yield made
    made.close()


def next_policy(text: bytes = succession.THIRD) -> HandOver:
    stated = keys.statement(ORIGIN, 2, text)
    signers = (succession.NEWCOMER, *succession.QUORUMS[1][1:])
    lines = [cosignatures.cosign(stated, each, int(time.time())).line for each in signers]
    return HandOver(ORIGIN, 2, text.decode(), "".join(lines))


def test_the_next_policy_is_followed_once_and_then_known(witness: Witness) -> None:
    body = next_policy().render()
    assert [witness.hand_over(body).status for _ in range(2)] == [200, 200]
    with witness._state.transaction() as stored:
        assert stored.followed(ORIGIN) == (2, succession.THIRD.decode())


def test_nobody_waits_while_a_policy_is_verified(witness: Witness) -> None:
    """Whoever signs needs the state at that moment, and must get it."""
    signed: list[bool] = []

    class Watched(HandOver):
        def check(self, last: tuple[int, str] | None) -> Policy:
            other = threading.Thread(target=lambda: signed.append(witness.health()["signs"]))
            other.start()
            other.join(PATIENCE)
            assert signed, "the state was held"
            return super().check(last)

    given = next_policy()
    watched = Watched(given.origin, given.sequence, given.policy, given.signatures)
    assert witness._trust.take(witness._state, watched).status == 200
    assert signed == [True]


def test_of_two_at_once_the_second_is_told(witness: Witness) -> None:
    first = next_policy()
    other = next_policy(succession.THIRD + b"# of another mind\n")

    class Overtaken(HandOver):
        def check(self, last: tuple[int, str] | None) -> Policy:
            assert witness.hand_over(first.render()).status == 200
            return super().check(last)

    late = Overtaken(other.origin, other.sequence, other.policy, other.signatures)
    assert witness._trust.take(witness._state, late).status == 409
    with witness._state.transaction() as stored:
        assert stored.followed(ORIGIN) == (2, first.policy)


def test_sizes_are_bounded_before_anything_is_read(witness: Witness) -> None:
    given = next_policy()
    for policy, signatures in (
        (given.policy + "#" * LARGEST_POLICY, given.signatures),
        (given.policy, "x" * (LARGEST_POLICY + 1)),
    ):
        answer = witness.hand_over(HandOver(ORIGIN, 2, policy, signatures).render())
        assert answer.status == 400
        assert "at most 262144" in answer.reason
