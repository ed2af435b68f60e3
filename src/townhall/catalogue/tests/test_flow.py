"""The state table at work: automatic states, officers, four eyes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from townhall.catalogue.engine import deadlines, flow
from townhall.catalogue.engine.assessment import assess
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.situation import Fact, Situation
from townhall.catalogue.tests.conftest import TODAY, at
from townhall.rules.engine import UNKNOWN

ASK = "  n: {type: number, ask: N}\n"
LISTED = """flow:
  received:
    auto: [check_eligibility, {check: "n < 100", else: doubt, because: Large.}]
    to:
      - {if: "n > 50", go: review, because: More than 50.}
      - {if: "checks == 'no'", go: refused}
      - {go: granted}
    doubt: review
  review:
    by: permits.officer
    can: [ask, grant, refuse, transfer, extend, withdraw, part_grant]
    to: {part_grant: granted}
    four_eyes: "n > 10"
  granted: {end: yes, letter: granted}
  refused: {end: yes, letter: refused}
deadline: {legal: 8 weeks, extend: once 6 weeks}
keep: {granted: 1 year, refused: 1 year}
"""


@pytest.fixture
def listed(small: Callable) -> Definition:
    eligible = (
        'eligible: [{if: "n > 0", say: Too small}, {if: "n != 7", else: review, say: Seven}]\n'
    )
    return small(ASK, more=LISTED + eligible)


def path(definition: Definition, number: int) -> flow.Path:
    situation = at(answers={"n": str(number)})
    return flow.enter(definition, situation, assess(definition, situation))


def test_a_list_is_read_from_the_top(listed: Definition) -> None:
    assert path(listed, 5).state == "granted"
    assert path(listed, 5).reasons == ()
    assert [text["en"] for text in path(listed, 200).reasons] == ["Large.", "More than 50."]
    assert path(listed, 60).state == "review"
    assert [text["en"] for text in path(listed, 60).reasons] == ["More than 50."]
    assert path(listed, 0).state == "refused"
    assert path(listed, 0).outcome == "refused"


def test_nothing_is_granted_by_itself_in_doubt(listed: Definition) -> None:
    assert path(listed, 7).state == "review"
    assert [text["en"] for text in path(listed, 7).reasons] == ["Seven"]
    unknown = at()
    assert flow.enter(listed, unknown, assess(listed, unknown)).state == "review"


def test_eligibility_counts_even_where_no_step_names_it(permit: Definition) -> None:
    vehicle = Fact("found", {"keeper": "other", "make": "M", "zone_class": "s"}, key="AB12CDE")
    facts = {"address": {"line1": "1", "zone": "A"}, "vehicle": vehicle}
    situation = at(facts=facts, answers={"plate": "AB12CDE", "months": "3"})
    assert flow.enter(permit, situation, assess(permit, situation)).state == "review"
    outside = replace(situation, facts={**situation.facts, "address": Fact("found", {"zone": "Z"})})
    assert flow.enter(permit, outside, assess(permit, outside)).state == "review"


def test_a_register_that_is_down_makes_the_case_wait(small: Callable) -> None:
    definition = small("  born: {from: registers.population.born}\n  a: {type: text, ask: A}\n")
    down = at(facts={"born": Fact("unavailable")}, answers={"a": "x"})
    first = flow.enter(definition, down, assess(definition, down))
    assert (first.state, first.waiting, first.outcome) == ("received", True, "")
    up = at(facts={"born": "2000-01-01"}, answers={"a": "x"})
    again = flow.enter(definition, up, assess(definition, up), first.state)
    assert (again.state, again.waiting) == ("granted", False)


def act(definition: Definition, action: str, number: int = 5, **more: str) -> flow.Move:
    situation = at(answers={"n": str(number)})
    values = assess(definition, situation).values
    return flow.act(definition, "review", action, values, **more)  # type: ignore[arg-type]


def test_actions_lead_where_the_table_says(listed: Definition) -> None:
    assert act(listed, "grant") == flow.Move("grant", "granted", "granted")
    assert act(listed, "part_grant", reason="half") == flow.Move("part_grant", "granted", "granted")
    assert act(listed, "refuse", reason="no").outcome == "refused"
    assert act(listed, "ask", reason="which?").state == "waiting_citizen"
    assert act(listed, "transfer", reason="not ours").state == "review"
    assert act(listed, "withdraw").state == "withdrawn"


def test_what_touches_the_resident_needs_a_reason(listed: Definition) -> None:
    for action in ("refuse", "part_grant", "ask", "extend", "transfer"):
        with pytest.raises(flow.NeedsReason):
            act(listed, action, reason="  ")


def test_what_the_state_does_not_allow(listed: Definition) -> None:
    for state, action in (("review", "reopen"), ("granted", "grant"), ("nowhere", "grant")):
        with pytest.raises(flow.NotAllowed) as refused:
            flow.act(listed, state, action, {}, reason="x")
        assert action in str(refused.value)


def test_four_eyes(listed: Definition) -> None:
    with pytest.raises(flow.NeedsSecond) as proposed:
        act(listed, "grant", 20, actor="one")
    assert proposed.value.move == flow.Move("grant", "granted", "granted")
    with pytest.raises(flow.SamePerson):
        act(listed, "grant", 20, actor="one", first="one")
    assert act(listed, "grant", 20, actor="two", first="one").state == "granted"
    assert act(listed, "ask", 20, reason="which?", actor="one").state == "waiting_citizen"


def test_four_eyes_look_at_every_act_that_decides_or_ends(small: Callable) -> None:
    rows = """flow:
  review:
    by: permits.officer
    can: [grant, send_crew, close, ask]
    to: {grant: agreed, send_crew: agreed, close: granted}
    four_eyes: yes
  agreed: {by: permits.officer, can: [grant, refuse]}
  granted: {end: yes, letter: granted}
  refused: {end: yes, letter: refused}
keep: {granted: 1 year, refused: 1 year}
texts: {send_crew: Send, close: Close}
"""
    definition = small(ASK, more=rows)
    for action, second in (("grant", True), ("close", True), ("send_crew", False), ("ask", False)):
        try:
            flow.act(definition, "review", action, {}, reason="x", actor="one")
        except flow.NeedsSecond:
            assert second, action
        else:
            assert not second, action
    assert flow.allowed(definition, "review") == ("grant", "send_crew", "close", "ask")
    assert flow.allowed(definition, "waiting_citizen") == ()


def test_four_eyes_fail_safe_when_the_condition_cannot_be_settled(listed: Definition) -> None:
    with pytest.raises(flow.NeedsSecond):
        flow.act(listed, "review", "grant", {"n": UNKNOWN}, actor="one")


def test_a_deadline_counts_from_the_day_after_and_ends_on_a_working_day(
    permit: Definition, small: Callable
) -> None:
    # Sunday 22 November + 8 weeks = Sunday 17 January, so Monday.
    assert str(deadlines.due(permit, TODAY)) == "2027-01-18"
    ten = small(ASK, more="deadline: {legal: 10 working days}\n")
    # 25 and 28 December are holidays.
    assert str(deadlines.due(ten, TODAY.replace(month=12, day=18))) == "2027-01-05"
    same = small(ASK, more="deadline: {legal: 1 week, starts: same_day}\n")
    assert str(deadlines.due(same, TODAY.replace(day=23))) == "2026-11-30"


def test_where_a_case_is_does_not_depend_on_its_past(listed: Definition) -> None:
    situation: Situation = at(answers={"n": "5"})
    found = assess(listed, situation)
    assert flow.enter(listed, situation, found) == flow.enter(listed, situation, found, "received")


OWN_END = """flow:
  received:
    auto: [check_register]
    to: [{if: "n == 2", go: done, because: Two.}, {if: "checks == 'no'", go: sent_back}, {go: done}]
    doubt: review
  review: {by: permits.officer, can: [grant, reopen], to: {grant: done, reopen: received}}
  done: {end: yes, letter: granted}
  sent_back: {end: yes, letter: refused}
deadline: {legal: 8 weeks}
keep: {done: 1 year, sent_back: 1 year}
tests:
  - {name: one, given: {answers: {}}, expect: {state: done}}
  - {name: two, given: {answers: {}}, expect: {state: sent_back}}
"""


def test_no_end_of_any_name_is_reached_by_itself_in_doubt(small: Callable) -> None:
    eligible = 'eligible: [{if: "n > 0", say: Small}, {if: "n != 7", else: review, say: Seven}]\n'
    definition = small(ASK, more=OWN_END + eligible)
    assert path(definition, 5).state == "done"
    assert path(definition, 7).state == "review"
    # Not eligible: only the line that speaks of it may end the case.
    assert path(definition, 0).state == "sent_back"
    assert [text["en"] for text in path(definition, 0).reasons] == ["Small"]
    lenient = small(ASK, more=(OWN_END + eligible).replace("n == 2", "n <= 0"))
    assert path(lenient, 0).state == "review"


def test_a_reopened_case_goes_where_the_table_says_or_to_an_officer(
    small: Callable, listed: Definition
) -> None:
    definition = small(ASK, more=OWN_END)
    values = assess(definition, at(answers={"n": "1"})).values
    assert flow.act(definition, "review", "reopen", values, reason="x").state == "received"
    again = replace(listed.flow["review"], can=("reopen",), four_eyes=False)
    reopening = replace(listed, flow={**listed.flow, "granted": replace(again, by="x")})
    assert flow.act(reopening, "granted", "reopen", {}, reason="x").state == "review"


def test_a_check_of_ones_own_that_cannot_be_settled_is_a_doubt(small: Callable) -> None:
    more = LISTED.replace('{check: "n < 100", else: doubt', '{check: "m < 100", else: no')
    definition = small(ASK + "  m: {type: number, ask: M}\n", more=more)
    for answers, state in (
        ({"n": "5", "m": "5"}, "granted"),
        ({"n": "5", "m": "500"}, "refused"),
        ({"n": "5"}, "review"),
    ):
        situation = at(answers=answers)
        assert flow.enter(definition, situation, assess(definition, situation)).state == state


def test_a_case_can_be_led_to_a_state_that_is_built_in(small: Callable) -> None:
    flow_rows = """flow:
  received: {auto: [check_register], to: {ok: granted, doubt: review, no: withdrawn}}
  review: {by: permits.officer, can: [grant, refuse]}
  granted: {end: yes, letter: granted}
  refused: {end: yes, letter: refused}
keep: {granted: 1 year, refused: 1 year}
"""
    definition = small(ASK, more=flow_rows + 'eligible: [{if: "n > 0", say: Small}]\n')
    found = path(definition, 0)
    assert (found.state, found.visited) == ("withdrawn", ("received", "withdrawn"))


def test_a_circle_that_slipped_through_ends(listed: Definition) -> None:
    received = replace(listed.flow["received"], branches=(), to={"ok": "again", "doubt": "review"})
    again = replace(received, name="again", to={"ok": "received", "doubt": "review"})
    circle = replace(listed, flow={**listed.flow, "received": received, "again": again})
    found = path(circle, 5)
    assert found.visited == ("received", "again")
    assert found.outcome == ""
