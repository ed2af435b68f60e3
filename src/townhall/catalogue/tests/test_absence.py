"""Data that may be absent: which uses are guarded, and which are errors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from townhall.catalogue.engine.compiler import compile_text
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.tests.conftest import service

DATA = """  kind: {type: choice, ask: Kind, options: {car: Car, van: Van, bus: Bus}}
  own: {type: yes/no, ask: Own, when: "kind == 'car'"}
  since: {type: date, ask: Since, when: "kind == 'car' and own"}
  note: {type: text, ask: Note, required: no}
  weight: {type: number, ask: Weight, when: "kind == 'van' or kind == 'bus'"}
  is_owner: {value: "kind == 'car' and own"}
  old: {type: yes/no, ask: Old, when: is_owner}
"""


def unguarded(pack: Pack, value: str, extra: str = "") -> bool:
    text = service(DATA + extra, more=f'results: {{r: {{value: "{value}"}}}}\n')
    compiled = compile_text(text, pack)
    found = [each.message for each in compiled.errors]
    assert all("may be absent" in each for each in found), found
    return bool(found)


@pytest.mark.parametrize(
    "value",
    [
        "if present(own) then own else no",
        "present(own) and own",
        "own and present(own)",
        "not present(own) or own",
        "if kind == 'car' then own else no",
        "kind == 'car' and own",
        "kind != 'car' or own",
        "if kind != 'car' then no else own",
        "if kind == 'car' and own then years_between(since, today) else 0",
        "if is_owner then years_between(since, today) else 0",
        "if is_owner and old then 1 else 0",
        "if kind == 'car' then 0 else weight",
        "if kind == 'bus' then weight else 0",
        "if kind == 'car' then 1 else if kind == 'van' then weight else weight",
        "if present(note) then length(note) else 0",
        "present(since) and present(own) and own",
    ],
)
def test_a_use_that_is_safe(plain_pack: Pack, value: str) -> None:
    assert not unguarded(plain_pack, value)


@pytest.mark.parametrize(
    "value",
    [
        "own",
        "not own",
        "own or kind == 'car'",
        "if kind == 'van' then own else no",
        "if own then 1 else 0",
        "years_between(since, today)",
        "if kind == 'car' then years_between(since, today) else 0",
        "length(note)",
        "weight * 2",
        "if kind == 'car' then weight else 0",
        "kind == 'car' or own",
        "if present(own) then 1 else length(note)",
    ],
)
def test_a_use_that_may_fail(plain_pack: Pack, value: str) -> None:
    assert unguarded(plain_pack, value)


def test_a_register_entry_that_may_be_missing(plain_pack: Pack) -> None:
    accepted = "  vehicle: {from: registers.vehicles, by: key, if_none: accept}\n"
    key = "  key: {type: plate, ask: Key}\n"
    assert unguarded(plain_pack, "vehicle.make == 'Mini'", key + accepted)
    assert not unguarded(plain_pack, "present(vehicle) and vehicle.make == 'Mini'", key + accepted)
    reviewed = accepted.replace("accept", "review")
    assert not unguarded(plain_pack, "vehicle.make == 'Mini'", key + reviewed)


def test_a_person_who_may_be_nobody(plain_pack: Pack) -> None:
    more = "who: {login: none}\nresults: {r: {value: \"person.id == 'x'\"}}\n"
    compiled = compile_text(service("  a: {type: text, ask: A}\n", more=more), plain_pack)
    assert any("uses person, which may be absent" in each.message for each in compiled.errors)


def test_a_letter_that_tells_what_may_be_absent(plain_pack: Pack) -> None:
    letters = "letters: {granted: {title: T, text: [%s]}}\n"
    bare = service(DATA, more=letters % '"You wrote {note}."')
    assert any(
        "{note}, which may be absent" in e.message for e in compile_text(bare, plain_pack).errors
    )
    guarded = service(DATA, more=letters % '{if: present(note), text: "You wrote {note}."}')
    assert compile_text(guarded, plain_pack).errors == ()


def test_outcomes_rely_on_the_lines_above_them(plain_pack: Pack) -> None:
    more = """outcomes:
  - {if: "kind != 'car'", show: no_car}
  - {if: own, show: owner}
  - {show: other}
texts: {no_car: N, owner: O, other: X}
tests:
  - {name: a, given: {answers: {kind: bus}}, expect: {outcome: no_car}}
  - {name: b, given: {answers: {kind: car, own: yes}}, expect: {outcome: owner}}
  - {name: c, given: {answers: {kind: car, own: no}}, expect: {outcome: other}}
"""
    data = "".join(DATA.splitlines(keepends=True)[:2])
    assert compile_text(service(data, more=more, guidance=True), plain_pack).errors == ()
    turned = more.replace("kind != 'car'", "kind == 'van'")
    broken = compile_text(service(data, more=turned, guidance=True), plain_pack)
    assert any("own, which may be absent" in each.message for each in broken.errors)
    assert replace(plain_pack).languages == ("en",)
