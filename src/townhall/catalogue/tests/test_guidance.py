"""Guidance asks only what can still change what is shown."""

from __future__ import annotations

from collections.abc import Callable

from townhall.catalogue.engine import guidance, interview
from townhall.catalogue.engine.compiler import compile_text
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.situation import Situation
from townhall.catalogue.tests.conftest import WHICH, at, good

DATA = """  size: {type: choice, ask: Size, options: {small: S, large: L}}
  colour: {type: choice, ask: Colour, options: {red: R, blue: B}}
  weight: {type: number, ask: Weight, when: "size == 'large'"}
  sure: {type: yes/no, ask: Sure, always: yes}
"""
MORE = """results: {price: {value: "if size == 'large' then weight * 2 else 1"}}
outcomes:
  - {if: "size == 'small' and colour == 'red'", show: one}
  - {if: "size == 'small'", show: same}
  - {if: "weight > 10", show: heavy}
  - {show: rest}
texts:
  one: One
  same: {title: Same, body: [It costs "{price}".]}
  heavy: {title: "Heavy: {price}", body: [Heavy]}
  rest: Rest
tests:
  - {name: a, given: {answers: {size: small, colour: red, sure: yes}}, expect: {outcome: one}}
  - {name: b, given: {answers: {size: small, colour: blue, sure: yes}}, expect: {outcome: same}}
  - {name: c, given: {answers: {size: large, weight: 11, sure: yes}}, expect: {outcome: heavy}}
  - {name: d, given: {answers: {size: large, weight: 1, sure: yes}}, expect: {outcome: rest}}
"""


def open_now(definition, situation: Situation) -> list[str]:
    return [each.name for page in interview.page_list(definition, situation) for each in page.open]


def test_what_cannot_matter_is_not_asked(small: Callable) -> None:
    definition = small(DATA, more=MORE.replace('It costs "{price}".', "Same"), guidance=True)
    assert open_now(definition, at()) == ["size", "colour", "sure"]
    # Of large things the colour does not matter; `always` is asked all the same.
    assert open_now(definition, at(answers={"size": "large"})) == ["weight", "sure"]
    assert open_now(definition, at(answers={"size": "small"})) == ["colour", "sure"]
    done = at(answers={"size": "large", "weight": "11", "sure": True})
    assert open_now(definition, done) == []
    found = guidance.outcome(definition, done)
    assert found is not None
    assert guidance.render(definition, found, done, "en").title == "Heavy: 22"


def test_no_outcome_while_it_depends(small: Callable) -> None:
    definition = small(DATA, more=MORE.replace('It costs "{price}".', "Same"), guidance=True)
    assert guidance.outcome(definition, at(answers={"size": "small"})) is None
    assert guidance.outcome(definition, at(answers={"size": "large"})) is None


def test_lines_that_show_the_same_need_not_be_told_apart(small: Callable) -> None:
    more = MORE.replace("colour == 'red'\", show: one", "colour == 'red'\", show: same, key: one")
    more = more.replace('It costs "{price}".', "Same").replace("  one: One\n", "")
    definition = small(DATA, more=more, guidance=True)
    assert open_now(definition, at(answers={"size": "small", "sure": True})) == []


def test_a_value_that_the_outcome_tells_is_still_asked_for(small: Callable) -> None:
    data = DATA.replace("when: \"size == 'large'\"", "hint: H")
    more = """results: {price: {value: "weight * 2"}}
outcomes: [{if: "size == 'small'", show: cheap}, {show: dear}]
texts: {cheap: "Costs {price}", dear: Dear}
tests:
  - {name: a, given: {answers: {size: small, weight: 1, sure: yes}}, expect: {outcome: cheap}}
  - {name: b, given: {answers: {size: large, sure: yes}}, expect: {outcome: dear}}
"""
    definition = small(data, more=more.replace("cheap: ", "cheap: "), guidance=True)
    assert open_now(definition, at(answers={"size": "small"})) == ["weight", "sure"]
    assert open_now(definition, at(answers={"size": "large"})) == ["sure"]


def test_the_example_of_the_format(pack: Pack) -> None:
    definition = good(compile_text(WHICH, pack))
    yes = at(answers={"resident": True}, person=None)
    assert open_now(definition, at(person=None)) == ["resident"]
    assert open_now(definition, yes) == []
    found = guidance.outcome(definition, yes)
    assert found is not None
    assert (found.key, found.apply) == ("resident_permit", "resident-permit")
    assert guidance.render(definition, found, yes, "cy").title == "Trwydded"
