"""What registers said becomes answers of a family, and what the person says wins."""

from __future__ import annotations

import json

from townhall.rules.answers import Answers, Registered
from townhall.rules.registered import Reading

AT = "2026-06-01T10:00:00+00:00"


def said(text: str) -> Registered:
    return Registered(text, "population", AT)


READING = Reading(
    AT,
    me={"date_of_birth": said("1990-01-01"), "pay": said("20000/year")},
    partner={"date_of_birth": said("1991-01-01")},
    children=({"date_of_birth": said("2020-01-01")}, {"date_of_birth": said("2022-01-01")}),
    children_from="population",
    household={"region": said("north")},
    silent={"income": "unavailable"},
)


def test_each_fact_comes_to_whom_it_is_about() -> None:
    couple = READING.fill(Answers(couple=True, children=2))
    assert couple.facts == {
        "person.0.date_of_birth": "1990-01-01",
        "person.0.pay": "20000/year",
        "person.1.date_of_birth": "1991-01-01",
        "person.2.date_of_birth": "2020-01-01",
        "person.3.date_of_birth": "2022-01-01",
        "household.0.region": "north",
    }
    alone = READING.fill(Answers(children=2))
    assert alone.facts["person.1.date_of_birth"] == "2020-01-01", "no partner, so the child is next"
    assert set(alone.registered) == set(alone.facts)


def test_of_fewer_children_nobody_can_tell_which_and_a_third_is_asked() -> None:
    one = READING.fill(Answers(children=1))
    assert "person.1.date_of_birth" not in one.facts
    three = READING.fill(Answers(children=3))
    assert "person.2.date_of_birth" in three.facts
    assert "person.3.date_of_birth" not in three.facts


def test_what_the_person_says_wins_and_can_be_taken_back() -> None:
    answers = READING.fill(Answers(children=2))
    changed = answers.with_facts({"person.0.pay": "100/week"})
    assert not changed.is_registered("person.0.pay")
    assert changed.own().facts == {"person.0.pay": "100/week"}
    again = READING.fill(changed)
    assert again.facts["person.0.pay"] == "100/week", "another reading does not undo it"
    assert changed.as_registered("person.0.pay") == answers
    assert changed.as_registered("person.0.dog") == changed


def test_a_partner_who_comes_moves_the_children_and_takes_no_ones_place() -> None:
    alone = READING.fill(Answers(children=2)).with_facts({"person.1.pay": "5"})
    couple = READING.fill(alone.with_family(couple=True, children=2))
    assert couple.facts["person.1.date_of_birth"] == "1991-01-01"
    assert couple.facts["person.2.date_of_birth"] == "2020-01-01"
    assert couple.facts["person.2.pay"] == "5"


def test_more_children_than_can_be_asked_about_are_asked_for() -> None:
    many = Reading(AT, children=tuple({"date_of_birth": said("2020-01-01")} for _ in range(13)))
    assert many.count is None
    assert Reading(AT).count is None, "nothing was said"
    assert Reading(AT, children=()).count == 0, "it was said that there are none"


def test_a_reading_survives_the_way_through_json() -> None:
    for reading in (READING, Reading(AT)):
        assert Reading.from_data(json.loads(json.dumps(reading.to_data()))) == reading
