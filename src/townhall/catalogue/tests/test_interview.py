"""What is asked when: pages, register facts, fallbacks, groups, and programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from townhall.catalogue.engine import interview
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.interview import ASKED_FIELD
from townhall.catalogue.engine.situation import Fact, Situation
from townhall.catalogue.tests.conftest import at

ADDRESS = {"line1": "1 Row", "zone": "A"}
MINE = Fact("found", {"keeper": "p1", "make": "Mini", "zone_class": "s"}, key="AB12CDE")
LEASED = Fact("found", {"keeper": "other", "make": "Maxi", "zone_class": "l"}, key="AB12CDE")
LEASE = {
    "file": "0198c0de-0000-7000-8000-000000000001",
    "name": "lease.pdf",
    "media_type": "application/pdf",
    "size": 10,
}


def asked(definition: Definition, situation: Situation) -> list[str]:
    return [datum.name for datum in interview.visible(definition, situation)]


def test_a_question_that_depends_on_a_register_waits_for_it(permit: Definition) -> None:
    begun = at(facts={"address": ADDRESS})
    assert asked(permit, begun) == ["plate", "months"]
    first = interview.accept(permit, "plate", {"plate": ["ab12 cde"]}, begun)
    assert first.answers == {"plate": "AB12CDE"}
    answered = begun.with_answers(first.answers)
    (read,) = interview.reads_due(permit, answered)
    assert (read.register, read.by, read.facts) == (
        "vehicles",
        "AB12CDE",
        ("keeper", "make", "zone_class"),
    )
    leased = replace(answered, facts={**answered.facts, "vehicle": LEASED})
    # The page comes back with only the new question open.
    (page, _) = interview.page_list(permit, leased)
    assert [datum.name for datum in page.ask] == ["plate", "lease"]
    assert [datum.name for datum in page.open] == ["lease"]
    assert interview.next_page(permit, leased) == "plate"
    assert not page.complete
    own = replace(answered, facts={**answered.facts, "vehicle": MINE})
    assert asked(permit, own) == ["plate", "months"]
    assert interview.next_page(permit, own) == "months"


def test_facts_are_shown_beside_the_questions_once_they_are_found(small: Callable) -> None:
    definition = small(
        "  born: {from: registers.population.born}\n  a: {type: text, ask: A}\n",
        pages="  - {ask: [a], show: [born]}\n",
    )
    for facts, shown in (
        ({}, []),
        ({"born": "2000-01-01"}, ["born"]),
        ({"born": Fact("none")}, []),
        ({"born": Fact("unavailable")}, []),
    ):
        (page,) = interview.page_list(definition, at(facts=facts, answers={"a": "x"}))
        assert [datum.name for datum in page.show] == shown
        assert page.complete


def test_both_questions_in_one_request_give_the_same_answers(permit: Definition) -> None:
    """With scripts the second question is on the page already; the draft is the same."""
    situation = at(facts={"address": ADDRESS, "vehicle": LEASED}, answers={"plate": "AB12CDE"})
    both = {"plate": ["AB12CDE"], "lease": [LEASE], ASKED_FIELD: ["plate", "lease"]}
    alone = {"lease": [LEASE], ASKED_FIELD: ["lease"]}
    assert (
        interview.accept(permit, "plate", both, situation).answers
        == interview.accept(permit, "plate", alone, situation).answers
        == {"plate": "AB12CDE", "lease": [LEASE]}
    )


def test_a_fact_read_by_another_key_is_stale(permit: Definition) -> None:
    situation = at(
        facts={"address": ADDRESS, "vehicle": LEASED},
        answers={"plate": "XY34ZZZ", "lease": [LEASE]},
    )
    assert [read.by for read in interview.reads_due(permit, situation)] == ["XY34ZZZ"]
    assert asked(permit, situation) == ["plate", "months"]
    # An answer that hangs on the stale fact is kept until the new fact speaks.
    assert interview.drop_hidden(permit, situation) == situation.answers


def test_hidden_answers_are_dropped(permit: Definition) -> None:
    situation = at(
        facts={"address": ADDRESS, "vehicle": MINE},
        answers={"plate": "AB12CDE", "lease": [LEASE], "months": "3", "gone": "x"},
    )
    assert interview.drop_hidden(permit, situation) == {"plate": "AB12CDE", "months": "3"}
    sent = {"plate": ["AB12CDE"], "lease": [LEASE], ASKED_FIELD: ["plate", "lease"]}
    accepted = interview.accept(permit, "plate", sent, replace(situation, answers={}))
    assert accepted.answers == {"plate": "AB12CDE"}


def test_register_facts_sent_by_the_browser_are_ignored(permit: Definition) -> None:
    sent = {"plate": ["AB12CDE"], "address.zone": ["A"], "vehicle": ["x"], "address": ["x"]}
    accepted = interview.accept(permit, "plate", sent, at())
    assert accepted.answers == {"plate": "AB12CDE"}
    by_program = interview.accept_json(
        permit, {"plate": "AB12CDE", "address": {"zone": "A"}, "months": "3"}, at()
    )
    assert "address" not in by_program.answers


@pytest.mark.parametrize(
    ("outcome", "more"), [("none", []), ("unavailable", ["registration_doc"]), ("refused", [])]
)
def test_each_outcome_of_a_register_has_its_own_way(
    permit: Definition, outcome: str, more: list[str]
) -> None:
    fact = Fact(outcome, key="AB12CDE")  # type: ignore[arg-type]
    situation = at(facts={"address": ADDRESS, "vehicle": fact}, answers={"plate": "AB12CDE"})
    assert asked(permit, situation) == ["plate", *more, "months"]


def test_a_register_that_gives_nothing_is_asked_of_the_person(small: Callable) -> None:
    definition = small(
        "  born: {from: registers.population.born, if_none: ask, ask: When were you born?}\n"
        '  old: {type: yes/no, ask: Old?, when: "years_between(born, today) >= 18"}\n'
    )
    none = at(facts={"born": Fact("none")})
    assert asked(definition, none) == ["born"]
    sent = {"born.day": ["1"], "born.month": ["2"], "born.year": ["2000"]}
    accepted = interview.accept(definition, "born", sent, none)
    assert accepted.answers == {"born": "2000-02-01"}
    assert asked(definition, none.with_answers(accepted.answers)) == ["born", "old"]
    # Found: it is not asked, and an answer sent anyway counts for nothing.
    found = at(facts={"born": "1990-01-01"}, answers={"born": "2020-01-01"})
    assert asked(definition, found) == ["old"]


def test_an_answer_left_empty_is_not_an_answer_never_asked(small: Callable) -> None:
    definition = small("  note: {type: text, ask: Note, required: no}\n")
    begun = at()
    assert interview.next_page(definition, begun) == "note"
    left = interview.accept(definition, "note", {"note": [""]}, begun)
    assert left.answers == {"note": None}
    assert interview.next_page(definition, begun.with_answers(left.answers)) is None
    assert interview.missing(definition, begun) == ()


def test_boxes_that_are_emptied_can_be_told_from_boxes_that_were_not_there(small: Callable) -> None:
    definition = small(
        "  tick: {type: choice, several: yes, required: no, ask: T, options: {a: A, b: B}}\n"
        "  text: {type: text, ask: X}\n",
        pages="  - {ask: [tick, text], key: page}\n",
    )
    before = at(answers={"tick": ["a"], "text": "x"})
    emptied = interview.accept(
        definition, "page", {"text": ["x"], ASKED_FIELD: ["tick", "text"]}, before
    )
    assert emptied.answers == {"tick": None, "text": "x"}
    elsewhere = interview.accept(definition, "page", {"text": ["y"], ASKED_FIELD: ["text"]}, before)
    assert elsewhere.answers == {"tick": ["a"], "text": "y"}


def test_an_error_leaves_the_old_answer_and_takes_the_others(small: Callable) -> None:
    definition = small(
        "  a: {type: number, ask: A, max: 5}\n  b: {type: number, ask: B}\n",
        pages="  - {ask: [a, b], key: page}\n",
    )
    accepted = interview.accept(
        definition, "page", {"a": ["9"], "b": ["2"]}, at(answers={"a": "1"})
    )
    assert accepted.answers == {"a": "1", "b": "2"}
    assert set(accepted.errors) == {"a"}


def test_without_a_list_of_what_was_asked_the_open_questions_count(small: Callable) -> None:
    definition = small(
        "  a: {type: text, ask: A}\n  b: {type: text, ask: B}\n",
        pages="  - {ask: [a, b], key: page}\n",
    )
    accepted = interview.accept(definition, "page", {"other": ["x"]}, at(answers={"a": "x"}))
    assert accepted.answers == {"a": "x"}
    assert set(accepted.errors) == {"b"}


def test_what_is_missing_is_what_must_be_answered(small: Callable) -> None:
    definition = small(
        "  a: {type: text, ask: A}\n  b: {type: text, ask: B, required: no}\n"
        "  g: {type: group, ask: G, repeat: {min: 0, max: 2}, fields: {x: {type: text, ask: X}}}\n"
        "  h: {type: group, ask: H, fields: {x: {type: text, ask: X}}}\n",
    )
    assert [datum.name for datum in interview.missing(definition, at())] == ["a", "h"]


def test_bounds_and_conditions_look_at_other_answers(small: Callable) -> None:
    definition = small(
        "  first: {type: date, ask: First, not_after: today}\n"
        "  last: {type: date, ask: Last, not_before: first, "
        'valid: [{if: "days_between(first, last) <= 10", say: Too long}]}\n'
        "  off: {type: period, ask: Off, required: no, not_after: today}\n",
        pages="  - {ask: [first, last, off], key: page}\n",
    )

    def errors(first: str, last: str, end: str = "") -> dict[str, str]:
        sent = {"first": [first], "last": [last], ASKED_FIELD: ["first", "last", "off"]}
        if end:
            sent |= {"off.start": ["2026-01-01"], "off.end": [end]}
        accepted = interview.accept(definition, "page", sent, at())
        return {name: message.english() for name, message in accepted.errors.items()}

    assert errors("2026-11-01", "2026-11-05") == {}
    # The limits themselves are still within them.
    assert errors("2026-11-22", "2026-11-22") == {}
    assert "2026-11-22 or earlier" in errors("2026-11-23", "2026-11-24")["first"]
    assert "2026-11-01 or later" in errors("2026-11-01", "2026-10-31")["last"]
    assert errors("2026-10-01", "2026-10-12") == {"last": "Too long"}
    assert set(errors("2026-11-01", "2026-11-05", "2026-12-01")) == {"off.end"}
    # Changed later on, so that the other does not fit any more: noticed before submitting.
    later = at(answers={"first": "2026-11-10", "last": "2026-11-05", "off": None})
    assert set(interview.check(definition, later)) == {"last"}


GROUP = """  children:
    type: group
    ask: Children
    repeat: {min: 1, max: 3}
    fields:
      name: {type: text, ask: Name}
      born: {type: date, ask: Born, not_after: today}
      school: {type: text, ask: School, when: "years_between(born, today) >= 5"}
      age:
        type: number
        ask: Age
        required: no
        valid: [{if: "present(name) and age > 0", say: Odd}]
"""


def row(number: int, name: str, born: str, **more: str) -> dict[str, list[str]]:
    fields = {"name": name, "born": born, **more}
    return {f"children.{number}.{key}": [value] for key, value in fields.items()}


def test_a_group_asks_each_row_only_what_exists_there(small: Callable) -> None:
    definition = small(GROUP)
    sent = {
        **row(0, "Ann", "2010-01-01", school="Hill"),
        **row(1, "Bo", "2024-01-01", school="ignored"),
    }
    accepted = interview.accept(definition, "children", sent, at())
    assert accepted.errors == {}
    assert accepted.answers["children"] == [
        {"name": "Ann", "born": "2010-01-01", "school": "Hill", "age": None},
        {"name": "Bo", "born": "2024-01-01", "age": None},
    ]
    sent = {**row(0, "Ann", "2010-01-01"), **row(1, "", "2027-01-01", age="0")}
    assert set(interview.accept(definition, "children", sent, at()).errors) == {
        "children.0.school",
        "children.1.name",
        "children.1.born",
        "children.1.age",
    }


def test_adding_a_row_is_no_mistake(small: Callable) -> None:
    definition = small(GROUP)
    accepted = interview.accept(definition, "children", {"children.add": ["1"]}, at())
    assert accepted.add_row == "children"
    assert accepted.errors == {}
    pressed = {**row(0, "Ann", "2024-01-01"), "children.remove": ["0"]}
    assert interview.accept(definition, "children", pressed, at()).remove_row == "children"


def test_a_program_is_told_everything_that_is_wrong_at_once(permit: Definition) -> None:
    situation = at(facts={"address": ADDRESS, "vehicle": MINE})
    refused = interview.accept_json(permit, {"plate": "!!", "nonsense": 1}, situation)
    assert set(refused.errors) == {"plate", "nonsense", "months"}
    taken = interview.accept_json(
        permit, {"plate": "AB12CDE", "months": "12", "lease": [LEASE]}, situation
    )
    assert taken.errors == {}
    assert taken.answers == {"plate": "AB12CDE", "months": "12"}


def test_a_page_that_does_not_exist(permit: Definition) -> None:
    with pytest.raises(interview.NoSuchPage):
        interview.accept(permit, "no-such-page", {}, at())


def test_a_fact_in_another_shape_is_unknown_and_no_crash(permit: Definition) -> None:
    for value in ("text", 7, ["a"], {"keeper": 7}, {"keeper": {"deep": 1}}):
        fact = Fact("found", value, key="AB12CDE")
        situation = at(facts={"address": ADDRESS, "vehicle": fact}, answers={"plate": "AB12CDE"})
        interview.page_list(permit, situation)


def test_somebody_who_is_not_signed_in_has_no_entry(small: Callable) -> None:
    definition = small(
        "  born: {from: registers.population.born}\n  a: {type: text, ask: A}\n",
        more="who: {login: none}\n",
    )
    assert interview.reads_due(definition, at(person=None)) == ()
    assert asked(definition, at(person=None)) == ["a"]
