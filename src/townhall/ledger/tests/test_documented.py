"""The attacks that the documentation names have their tests, and so has each of the list."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

import townhall

ROOT = Path(townhall.__file__).parent
PAGE = ROOT.parent.parent / "docs" / "explanation" / "what-the-ledger-guarantees.md"

LAND: Final = "needs titles and parties: of the land registry, which is no room yet"

ATTACKS: Final[dict[str, str | dict[str, tuple[str, ...]]]] = {
    "an old entry is rewritten and the tree rebuilt": {
        "ledger/tests/test_attacks.py": (
            "test_no_witness_signs_a_log_in_which_an_old_entry_was_rewritten",
        ),
        "ledger/witness/tests/test_collecting.py": (
            "test_a_rewritten_entry_is_refused_by_all_and_all_raise_the_alarm",
        ),
    },
    "a private history for one citizen": {
        "ledger/tests/test_attacks.py": (
            "test_a_private_history_for_one_citizen_is_refused_without_a_quorum",
        ),
    },
    "another history for every witness": {
        "ledger/witness/tests/test_gossiping.py": (
            "test_two_histories_of_one_size_are_found_and_proved",
            "test_a_history_that_the_other_stopped_hearing_of_is_found_too",
        ),
    },
    "witnesses who sign both histories": {
        "ledger/tests/test_attacks.py": (
            "test_the_limit_two_of_four_who_cheat_with_the_operator_can_and_are_convicted",
            "test_two_checkpoints_that_may_both_be_true_convict_nobody",
        ),
    },
    "an entry dated back": {
        "ledger/tests/test_attacks.py": ("test_an_entry_that_is_dated_back_is_cosigned_by_nobody",),
        "ledger/engine/tests/test_receipts.py": (),
    },
    "two valid transfers of one title at once": LAND,
    "a registrar's stolen key": LAND,
    "a stolen key of a log": {
        "ledger/tests/test_handover.py": ("test_a_thief_of_the_old_keys_is_heard_by_no_witness",),
    },
    "a citizen's stolen key": LAND,
    "an old entry played again, or one of another log": {
        "ledger/engine/tests/test_registers.py": (
            "test_an_old_entry_of_this_log_another_log_or_another_town_is_not_played_again",
        ),
        "ledger/log/tests/test_log.py": ("test_a_repetition_is_found_wherever_it_stands",),
        "ledger/tests/test_sequencer.py": ("test_the_same_thing_is_put_on_the_log_once",),
    },
    "keys rotated under load, old receipts, a key that was cut off": {
        "ledger/tests/test_handover.py": (
            "test_keys_are_rotated_while_entries_keep_coming_and_one_witness_sleeps",
        ),
        "ledger/engine/tests/test_histories.py": (
            "test_old_and_new_receipts_hold_by_the_policy_of_their_date",
            "test_a_stolen_key_is_cut_off_in_the_policies_of_before_too",
        ),
    },
    "operator or witness restored from yesterday": {
        "ledger/tests/test_losses.py": (
            "test_nothing_is_signed_before_the_lost_entries_are_back",
            "test_the_lost_entries_come_back_from_a_witness",
        ),
        "ledger/witness/tests/test_state.py": ("test_a_restored_state_refuses_to_sign",),
    },
    "erasure that leaves a trace": {
        "ledger/tests/test_erasure.py": (
            "test_neither_salt_nor_value_is_left_in_any_table_or_file",
            "test_the_proof_holds_and_no_list_of_names_and_dates_finds_anything",
        ),
    },
    "witnesses down": {
        "ledger/tests/test_seven.py": (
            "test_with_two_down_nobody_notices_and_with_three_nothing_is_lost",
        ),
        "ledger/tests/test_finality.py": (
            "test_a_log_at_rest_tells_a_witness_that_is_back_what_it_missed",
        ),
    },
    "a network cut in two": {
        "ledger/tests/test_seven.py": ("test_a_network_cut_into_four_and_three_heals_by_itself",),
    },
    "malformed proofs, notes, tiles and requests": {
        "ledger/engine/tests/test_mutations.py": ("test_a_thousand_mutations_prove_nothing_else",),
        "ledger/engine/tests/test_tree.py": (),
        "ledger/engine/tests/test_notes.py": (),
        "ledger/engine/tests/test_tiles.py": ("test_one_flipped_byte_in_any_tile_is_found",),
    },
    "killed at any step, disk full, power cut, a flipped bit": {
        "ledger/log/tests/test_crash.py": (
            "test_killed_at_a_point_again_and_again",
            "test_power_cut_at_a_point_keeps_what_was_synced",
        ),
        "ledger/log/tests/test_full_disk.py": ("test_a_disk_that_is_really_full",),
        "ledger/log/tests/test_damage.py": (
            "test_a_flipped_bit_in_any_file_is_found_and_mended_or_refused",
        ),
        "ledger/witness/tests/test_rehashing.py": (
            "test_a_flipped_bit_is_mended_where_it_can_be_and_told_all_the_same",
        ),
    },
    "an applicant who is left out": {
        "ledger/tests/test_promises.py": (
            "test_a_broken_promise_is_kept_by_any_witness_and_taken_in_by_a_successor",
        ),
        "ledger/tests/test_handover.py": (
            "test_an_operator_who_leaves_somebody_out_is_replaced_by_the_quorum",
        ),
    },
    "the order of applications manipulated": LAND,
    "shares and boundaries": LAND,
    "the clock of a witness an hour off": {
        "ledger/tests/test_clocks.py": (
            "test_its_signature_does_not_count_and_it_recovers_by_itself",
            "test_with_two_of_four_off_nothing_is_final_until_one_is_right",
        ),
    },
    "a mirror under other rules": {
        "ledger/tests/test_mirrors.py": (
            "test_a_mirror_whose_rules_refuse_an_entry_halts_alone_and_is_shown_with_the_reason",
        ),
    },
    "every answer of a witness, and two requests at once": {
        "ledger/engine/tests/test_witnessing.py": ("test_a_row_of_the_table",),
        "ledger/witness/tests/test_witnessing.py": (
            "test_the_status_table_row_by_row",
            "test_requests_at_once_never_roll_a_witness_back",
        ),
    },
    "a policy under which too few could cheat": {
        "ledger/engine/tests/test_policy.py": (
            "test_an_unsafe_policy_can_be_read_and_is_not_loaded",
            "test_a_malformed_policy_is_refused",
        ),
    },
}
"""Every attack that the design of the ledger names, and who would notice if it worked."""


def held_by(path: str) -> set[str]:
    return set(re.findall(r"^def (test_\w+)\(", (ROOT / path).read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_of_the_list_has_its_tests_or_a_reason(attack: str) -> None:
    found = ATTACKS[attack]
    if isinstance(found, str):
        assert not (ROOT / "land").exists(), "the room is there: name its tests"
        return
    for path, names in found.items():
        assert set(names) <= held_by(path) and held_by(path), path


def documented() -> list[tuple[str, list[str]]]:
    """Return what the page says was tried, and where."""
    if not PAGE.exists():
        pytest.skip("the documentation is not beside the package")
    table = PAGE.read_text("utf-8").partition("## The attacks that were tried")[2]
    rows = [row.strip("| ").split(" | ") for row in table.splitlines() if row.startswith("| ")]
    return [(row[0], re.findall(r"`([^`]+)`", row[-1])) for row in rows[1:] if "---" not in row[0]]


def test_the_page_names_tests_that_are_there() -> None:
    rows = documented()
    assert len(rows) > 25
    for attack, paths in rows:
        assert paths, attack
        for path in paths:
            place = ROOT / path
            files = sorted(place.glob("test_*.py")) if place.is_dir() else [place]
            named = [each.relative_to(ROOT).as_posix() for each in files if each.is_file()]
            assert named and all(held_by(each) for each in named), f"{attack}: {path}"


def test_the_page_names_every_file_that_holds_an_attack_of_the_list() -> None:
    named = {path for _, paths in documented() for path in paths}
    held = {path for each in ATTACKS.values() if isinstance(each, dict) for path in each}
    missing = {
        path for path in held if not any(path == each or path.startswith(each) for each in named)
    }
    assert missing == set()
