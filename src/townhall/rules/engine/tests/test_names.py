"""Which uses of a datum are guarded, and by what."""

from __future__ import annotations

import pytest

from townhall.rules.engine import EvaluationError, failing, holding, parse, unguarded, uses

from .world import PERMIT, SCOPE

GUARDED = [
    "present(lease) and lease.rent > 3",
    "lease.rent > 3 and n > 3 and present(lease)",
    "present(lease.rent) and lease.rent > 3",
    "not present(lease) or lease.rent > 3",
    "if present(lease) then lease.rent > 3 else no",
    "if not present(lease) then no else lease.rent > 3",
    "if present(lease) and n > 3 then lease.rent > 3 else no",
    "if n < 3 or not present(lease) then no else lease.rent > 3",
    "not (present(lease) and not (lease.rent > 3))",
    "present(lease) and any(children, age * lease.rent > 3)",
    "present(lease) and (if n > 3 then lease.rent > 3 else lease.rent < 3)",
]
UNGUARDED = [
    "lease.rent > 3",
    "present(lease) or lease.rent > 3",
    "not present(lease) and lease.rent > 3",
    "(present(lease) or n > 3) and lease.rent > 3",
    "if present(lease) then no else lease.rent > 3",
    "if n > 3 or present(lease) then lease.rent > 3 else no",
    "present(vehicle) and lease.rent > 3",
    "n > 9 or lease.rent > 3 and n > 2",
]


@pytest.mark.parametrize("text", GUARDED)
def test_guarded_uses_pass_and_never_fail_when_evaluated(text: str) -> None:
    rule = parse(text, SCOPE)
    assert "lease.rent" not in rule.unguarded
    rule.evaluate(PERMIT)  # the lease is absent there


@pytest.mark.parametrize("text", UNGUARDED)
def test_unguarded_uses_are_found(text: str) -> None:
    assert "lease.rent" in parse(text, SCOPE).unguarded


def test_asking_whether_it_is_present_is_no_use() -> None:
    assert parse("present(lease) or present(lease.ends)", SCOPE).unguarded == frozenset()


def test_the_condition_of_a_datum_guards_it_where_it_is_known_to_hold() -> None:
    conditions = {"lease": parse("vehicle.keeper != person.id and n > 3", SCOPE)}
    use = parse("lease.rent > 3", SCOPE)
    same = [parse("n > 3", SCOPE), parse("not (vehicle.keeper == person.id)", SCOPE)]
    denied = [parse("n <= 3 or vehicle.keeper == person.id", SCOPE)]
    found = "lease.rent"
    assert found in unguarded(use, conditions=conditions)
    assert found in unguarded(use, conditions=conditions, given=same[:1])
    assert found not in unguarded(use, conditions=conditions, given=same)
    assert found not in unguarded(use, conditions=conditions, denied=denied)
    inside = parse("if vehicle.keeper != person.id and n > 3 then lease.rent > 3 else no", SCOPE)
    assert found not in unguarded(inside, conditions=conditions)
    otherwise = parse("if vehicle.keeper == person.id or n <= 3 then no else lease.rent > 3", SCOPE)
    assert found not in unguarded(otherwise, conditions=conditions)


def test_an_items_part_can_be_guarded() -> None:
    rule = parse("any(children, present(school) and school.name == 'x')", SCOPE)
    assert "children.school.name" not in rule.unguarded
    rule = parse("any(children, school.name == 'x')", SCOPE)
    assert "children.school.name" in rule.unguarded


def test_uses_say_where_and_under_what() -> None:
    rule = parse("n > 3 and lease.rent > 3", SCOPE)
    lease = next(use for use in uses(rule) if use.name == "lease.rent")
    assert rule.text[lease.at :].startswith("lease.rent")
    assert lease.facts.given == {"n > 3"}
    assert holding(rule).given == {"n > 3", "lease.rent > 3"}
    assert failing(parse("n > 3 or not present(lease)", SCOPE)).given == {
        "n <= 3",
        "present(lease)",
    }
    assert failing(parse("n > 3 or not present(lease)", SCOPE)).present == {"lease"}


def test_what_the_linter_lets_pass_does_not_fail_on_absence() -> None:
    for text in GUARDED:
        try:
            parse(text, SCOPE).evaluate(PERMIT)
        except EvaluationError as error:
            pytest.fail(f"{text}: {error}")


def test_a_long_chain_is_looked_through_quickly() -> None:
    rule = parse(" and ".join(["present(n)", *["n > 1"] * 900]), SCOPE)
    assert rule.unguarded == frozenset()
