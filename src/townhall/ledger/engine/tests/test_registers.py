"""Replay: what each register's rules let in, and that every copy comes to the same state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.ledger.engine import cosignatures, registers
from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.errors import Refused
from townhall.ledger.engine.registers import Rejected, State, base
from townhall.ledger.engine.registers.base import Replay
from townhall.ledger.engine.registers.keys import statement
from townhall.ledger.engine.tests import cast

AT = 1_700_000_000
HASH = "ab" * 32
OTHER = "cd" * 32
HANDLE = "0f" * 16


def started(log: str) -> State:
    return registers.start(log, f"town.example/{log}")


def put(state: State, kind: str, body: dict[str, Any], at: int = AT, **more: Any) -> State:
    entry = Entry(state.origin, kind, at, body, **more)
    return registers.apply(state, state.size, entry.encode())


DECISION = {"handle": HANDLE, "document": HASH}
DAY = {"agency": "town", "day": "2023-11-14", "lines": 3, "previous": "00" * 32, "root": HASH}
GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "access": ("day", DAY),
    "algorithms": (
        "algorithm",
        {"algorithm": "child-benefit", "digest": HASH, "status": "in_use", "version": 1},
    ),
    "credentials": ("event", {"event": "issued", "handle": HANDLE, "credential": HASH}),
    "decisions": ("decision", DECISION),
    "definitions": ("definition", {"digest": HASH, "service": "child-benefit", "version": 1}),
    "keys": ("policy", {"policy": cast.POLICY_TEXT.decode(), "sequence": 0, "signatures": ""}),
    "registers": ("root", {"register": "land", "sequence": 0, "count": 5, "root": HASH}),
}


def test_every_log_has_an_example_here() -> None:
    assert set(GOOD) == set(registers.LOGS)
    with pytest.raises(Rejected):
        registers.start("land", "town.example/land")
    with pytest.raises(Rejected):
        registers.apply(State("land", "town.example/land"), 0, b"")


@pytest.mark.parametrize("log", GOOD)
def test_what_holds_for_every_log(log: str) -> None:
    kind, body = GOOD[log]
    first = put(started(log), kind, body)
    assert (first.size, first.last_at, first.rules) == (1, AT, 1)
    entry = Entry(first.origin, kind, AT, body)
    for reason, index, changed in [
        ("next entry is 0", 1, entry),
        ("another log", 0, replace(entry, origin="town.example/other")),
        ("under rules 2", 0, replace(entry, rules=2)),
        ("no entries of kind", 0, replace(entry, kind="something")),
        ("is no field of this register", 0, replace(entry, body={**body, "note2": HASH})),
    ]:
        with pytest.raises(Rejected, match=reason):
            registers.apply(started(log), index, changed.encode())
    for field in body:
        missing = {name: value for name, value in body.items() if name != field}
        with pytest.raises(Rejected, match=field):
            put(started(log), kind, missing)
        for value in (None, True, -1, 2**53 - 1, "", "Ada Lovelace", HASH.upper(), [HASH], {}):
            if value == 2**53 - 1 and field in ("lines", "count", "version", "sequence"):
                continue
            if log == "keys" and field == "signatures" and type(value) is str:
                continue
            with pytest.raises(Rejected):
                put(started(log), kind, {**body, field: value})
    with pytest.raises(Rejected, match="time"):
        put(replace(started(log), last_at=AT + 1), kind, body)
    for content in (b"", b"{}", entry.encode() + b" ", b"\xff"):
        with pytest.raises(Rejected):
            registers.apply(started(log), 0, content)


@pytest.mark.parametrize("log", GOOD)
def test_an_old_entry_of_this_log_another_log_or_another_town_is_not_played_again(
    log: str,
) -> None:
    kind, body = GOOD[log]
    old = Entry(f"town.example/{log}", kind, AT, body).encode()
    first = registers.apply(started(log), 0, old)
    # Once anything later stands there, it comes too late; a number that only rises came before.
    later = replace(first, last_at=AT + 1)
    with pytest.raises(Rejected, match="time is before"):
        registers.apply(later, 1, old)
    for elsewhere in (
        registers.start(log, f"other.example/{log}"),
        *(started(other) for other in GOOD if other != log),
    ):
        with pytest.raises(Rejected, match="another log"):
            registers.apply(elsewhere, 0, old)
    # Within its own second only a mark that nobody else has may stand twice: it says the same.
    if log in ("decisions", "credentials"):
        assert registers.apply(first, 1, old).table == first.table
    else:
        with pytest.raises(Rejected):
            registers.apply(first, 1, old)


@pytest.mark.parametrize("field", ["name", "birth_date", "person", "document"])
@pytest.mark.parametrize("value", ["Ada Lovelace", "1815-12-10", "010190-123A", "", 7, "ab" * 31])
def test_no_person_can_be_named_in_a_decision(field: str, value: Any) -> None:
    with pytest.raises(Rejected):
        put(started("decisions"), "decision", {**DECISION, field: value})


@pytest.mark.parametrize("name", ["ssn_19800101", "a1", "e1815"])
def test_no_person_can_be_named_by_a_field_s_name(name: str) -> None:
    with pytest.raises(Rejected):
        put(started("decisions"), "decision", {**DECISION, name: HASH})


def test_a_decision_may_take_the_place_of_an_earlier_one_only() -> None:
    state = put(started("decisions"), "decision", {**DECISION, "amount": OTHER, "outcome": HASH})
    assert put(state, "decision", {**DECISION, "supersedes": 0}).size == 2
    for index in (1, 2, -1, "0"):
        with pytest.raises(Rejected):
            put(state, "decision", {**DECISION, "supersedes": index})


def test_more_commitments_than_any_decision_has_are_refused() -> None:
    names = {"f" + "abcdefgh"[n % 8] * (n // 8 + 1): HASH for n in range(32)}
    with pytest.raises(Rejected, match="more than 32"):
        put(started("decisions"), "decision", {**DECISION, **names})


# --- erasure ----------------------------------------------------------------------------------


def test_an_entry_is_erased_once_and_only_after_it_was_made() -> None:
    state = put(put(started("decisions"), "decision", DECISION), "decision", DECISION)
    erased = put(state, "erased", {"index": 0})
    assert (erased.is_erased(0), erased.is_erased(1), erased.is_erased(5000)) == (
        True,
        False,
        False,
    )
    assert not state.is_erased(0)  # the state before stays as it was
    for index in (0, 3, 4, 2**40, -1):
        with pytest.raises(Rejected):
            put(erased, "erased", {"index": index})
    assert put(erased, "erased", {"index": 1}).is_erased(1)
    with pytest.raises(Rejected):
        put(state, "erased", {"index": 0, "name": HASH})


@pytest.mark.parametrize("log", ["access", "algorithms", "definitions", "keys", "registers"])
def test_public_logs_have_nothing_to_erase(log: str) -> None:
    with pytest.raises(Rejected):
        put(put(started(log), *GOOD[log]), "erased", {"index": 0})


@given(st.lists(st.integers(0, 20_000), unique=True, max_size=30))
def test_any_set_of_erasures_is_remembered_exactly(indices: list[int]) -> None:
    state = replace(started("decisions"), size=20_001)
    for index in indices:
        state = put(state, "erased", {"index": index})
    assert [n for n in range(20_001) if state.is_erased(n)] == sorted(indices)
    assert State.decode(state.encode()) == state


# --- each register's own rules ----------------------------------------------------------------


def test_the_days_of_an_agency_follow_one_another_and_name_the_day_before() -> None:
    state = put(started("access"), "day", DAY)
    second = {**DAY, "day": "2023-11-15", "previous": HASH, "root": OTHER}
    later = AT + 86_400
    assert put(state, "day", second, later).table["town"] == ["2023-11-15", OTHER]
    for wrong in (
        {"day": "2023-11-14"},
        {"day": "2023-11-16"},
        {"day": "2023-11-13"},
        {"day": "2023-11-31"},
        {"previous": "00" * 32},
        {"previous": OTHER},
    ):
        with pytest.raises(Rejected):
            put(state, "day", {**second, **wrong}, AT + 10 * 86_400)
    # Another agency has days of its own.
    assert put(state, "day", {**DAY, "agency": "court"}).table.keys() == {"town", "court"}


def test_a_first_day_names_no_day_before_and_no_day_is_in_the_future() -> None:
    with pytest.raises(Rejected):
        put(started("access"), "day", {**DAY, "previous": HASH})
    with pytest.raises(Rejected, match="not begun"):
        put(started("access"), "day", {**DAY, "day": "2023-11-16"})
    with pytest.raises(Rejected, match="calendar"):
        put(started("access"), "day", DAY, 2**53 - 1)


def test_a_year_of_days_across_a_leap_day() -> None:
    state, day, root = started("access"), date(2023, 11, 14), "00" * 32
    for number in range(366):
        following = f"{number:064x}"
        body = {**DAY, "day": day.isoformat(), "previous": root, "root": following}
        state = put(state, "day", body, AT + number * 86_400)
        day, root = day + timedelta(days=1), following
    assert state.table["town"][0] == "2024-11-13"
    assert len(state.encode()) < 400  # it does not grow with the days


@pytest.mark.parametrize(
    ("log", "field", "key"),
    [
        ("registers", "sequence", "register"),
        ("definitions", "version", "service"),
        ("algorithms", "version", "algorithm"),
    ],
)
def test_numbers_only_grow_and_each_thing_has_its_own(log: str, field: str, key: str) -> None:
    kind, body = GOOD[log]
    state = put(started(log), kind, {**body, field: 5})
    for number in (0, 4, 5):
        with pytest.raises(Rejected, match="last"):
            put(state, kind, {**body, field: number})
    state = put(state, kind, {**body, field: 7})
    assert put(state, kind, {**body, key: "another", field: 1}).size == 3


def test_a_version_zero_is_none() -> None:
    with pytest.raises(Rejected):
        put(started("definitions"), "definition", {**GOOD["definitions"][1], "version": 0})


def test_status_lists_grow_and_keys_that_were_given_up_stay_given_up() -> None:
    listed = {"list": "town/2026-1", "root": HASH, "sequence": 1}
    state = put(started("credentials"), "status_list", listed)
    with pytest.raises(Rejected):
        put(state, "status_list", listed)
    assert put(state, "status_list", {**listed, "sequence": 2}).size == 2

    def key(state: State, status: str, issuer: str = "town") -> State:
        return put(state, "issuer_key", {"issuer": issuer, "key_id": HASH, "status": status})

    active = key(state, "active")
    retired = key(active, "retired")
    revoked = key(retired, "revoked")
    for before, status in [
        (state, "retired"),
        (state, "revoked"),
        (active, "active"),
        (retired, "active"),
        (revoked, "active"),
        (revoked, "retired"),
    ]:
        with pytest.raises(Rejected, match="cannot become"):
            key(before, status)
    with pytest.raises(Rejected, match="one of town"):
        key(active, "revoked", issuer="court")


# --- policies ---------------------------------------------------------------------------------

KEYS_ORIGIN = "town.example/keys"


def next_policy(*signers: int, time: int = AT, text: bytes = cast.POLICY_TEXT, sequence: int = 1):
    stated = statement(KEYS_ORIGIN, sequence, text)
    lines = [cosignatures.cosign(stated, cast.WITNESSES[n], time).line for n in signers]
    return {"policy": text.decode(), "sequence": sequence, "signatures": "".join(lines)}


def test_a_policy_takes_the_place_of_another_if_the_quorum_signed_it() -> None:
    state = put(started("keys"), *GOOD["keys"])
    assert put(state, "policy", next_policy(0, 1, 3)).table["policy"][0] == 1
    with pytest.raises(Rejected, match="quorum"):
        put(state, "policy", next_policy(0, 1))
    with pytest.raises(Rejected, match="quorum"):
        put(state, "policy", next_policy())
    with pytest.raises(Rejected, match="numbered"):
        put(state, "policy", next_policy(0, 1, 2, sequence=2))
    stolen = {**next_policy(0, 1, 2), "policy": cast.POLICY_TEXT.decode() + "# more\n"}
    with pytest.raises(Rejected, match="signature"):
        put(state, "policy", stolen)
    replayed = {**next_policy(0, 1, 2), "sequence": 2}
    with pytest.raises(Rejected):
        put(put(state, "policy", next_policy(0, 1, 2)), "policy", replayed)
    with pytest.raises(Rejected, match="twice"):
        put(state, "policy", next_policy(0, 0, 0))


def test_the_first_policy_is_number_zero_and_safe() -> None:
    body = GOOD["keys"][1]
    with pytest.raises(Rejected, match="numbered"):
        put(started("keys"), "policy", {**body, "sequence": 1})
    unsafe = cast.POLICY_TEXT.replace(b"agencies 3", b"agencies 2").decode()
    with pytest.raises(Rejected, match="two histories"):
        put(started("keys"), "policy", {**body, "policy": unsafe})


def test_a_compromised_key_has_no_say_in_who_comes_next() -> None:
    text = cast.POLICY_TEXT.decode() + "# townhall: cutoff agency0 town.example/decisions 1000000\n"
    state = put(started("keys"), "policy", {**GOOD["keys"][1], "policy": text})
    with pytest.raises(Rejected, match="quorum"):
        put(state, "policy", next_policy(0, 1, 2))
    assert put(state, "policy", next_policy(1, 2, 3)).size == 2


def test_a_policy_is_not_dated_before_the_one_whose_place_it_takes() -> None:
    text = cast.POLICY_TEXT.decode() + f"# townhall: valid {AT} -\n"
    state = put(started("keys"), "policy", {**GOOD["keys"][1], "policy": text})
    with pytest.raises(Rejected, match="before"):
        put(state, "policy", next_policy(0, 1, 2))


# --- versions of the rules, and determinism ---------------------------------------------------


def test_rules_change_only_where_the_log_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    state = put(started("definitions"), *GOOD["definitions"])
    for version in (1, 2, 3, 0):
        with pytest.raises(Rejected):
            put(state, "rules_version", {"version": version})
    kinds = registers.LOGS["definitions"].versions[1]
    two = Replay({1: kinds, 2: {"renamed": kinds["definition"]}, 3: kinds})
    monkeypatch.setitem(registers.LOGS, "definitions", two)
    kind, body = GOOD["definitions"]
    body = {**body, "version": 2}
    with pytest.raises(Rejected, match="after rules 1 come rules 2"):
        put(state, "rules_version", {"version": 3})
    switched = put(put(state, kind, body), "rules_version", {"version": 2})
    assert switched.rules == 2
    with pytest.raises(Rejected):  # the old kind, and the new one under the old version
        put(switched, kind, {**body, "version": 3}, rules=2)
    with pytest.raises(Rejected):
        put(switched, "renamed", {**body, "version": 3}, rules=1)
    assert put(switched, "renamed", {**body, "version": 3}, rules=2).size == 4


def test_a_program_that_does_not_know_the_new_rules_stops_and_says_so() -> None:
    with pytest.raises(Rejected, match="bring it up to date"):
        put(started("decisions"), "rules_version", {"version": 2})


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 9)), max_size=30))
def test_every_copy_comes_to_the_same_state(steps: list[tuple[str, int]]) -> None:
    """Also one that stops after each entry, writes its state down and starts again."""
    straight = interrupted = started("registers")
    for register, sequence in steps:
        body = {"register": register, "sequence": sequence, "count": 1, "root": HASH}
        try:
            straight = put(straight, "root", body)
        except Rejected:
            before = interrupted.encode()
            with pytest.raises(Rejected):
                put(interrupted, "root", body)
            assert interrupted.encode() == before
            continue
        interrupted = State.decode(put(State.decode(interrupted.encode()), "root", body).encode())
    assert straight == interrupted
    assert (straight.encode(), straight.root) == (interrupted.encode(), interrupted.root)


def test_the_state_root_tells_any_two_states_apart() -> None:
    states = [
        started("registers"),
        replace(started("registers"), size=1),
        replace(started("registers"), last_at=1),
        replace(started("registers"), origin="town.example/other"),
        replace(started("registers"), table={"a": [1]}),
        replace(started("registers"), erased={0: 1}),
        replace(started("registers"), rules=2),
        started("decisions"),
    ]
    assert len({state.root for state in states}) == len(states)


def test_the_state_of_decisions_does_not_grow() -> None:
    state = started("decisions")
    for _ in range(300):
        state = put(state, "decision", DECISION)
    assert len(state.encode()) == len(put(started("decisions"), "decision", DECISION).encode()) + 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        started("decisions").encode().replace(b'"size":0', b'"size":"0"'),
        started("decisions").encode().replace(b'"erased":[]', b'"erased":[[0]]'),
        started("decisions").encode().replace(b'"erased":[]', b'"erased":[[0,"0F"]]'),
        started("decisions").encode().replace(b'"erased":[]', b'"erased":[[1,"1"],[0,"1"]]'),
        started("decisions").encode().replace(b'"erased":[]', b'"erased":[["0","1"]]'),
        started("decisions").encode().replace(b'"erased":[]', b'"erased":[0]'),
    ],
)
def test_a_state_that_was_not_written_so_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        State.decode(content)


def test_rules_of_shapes_are_those_of_public_values() -> None:
    assert base.is_slug("town/2026-1") and not base.is_slug("town//a") and not base.is_slug("1a")
    assert (
        not base.is_slug("a" * 81) and not base.is_day("2023-1-1") and not base.is_day("20231114")
    )
