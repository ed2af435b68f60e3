"""Each check of the linter: a service with one mistake, where it is, and what is said."""

from __future__ import annotations

import re

import pytest

from townhall.catalogue.engine.compiler import compile_text
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.tests.conftest import PERMIT, WHICH


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if words in line)


def said(text: str, pack: Pack) -> list[tuple[int, str, str]]:
    problems = compile_text(text, pack, "x.yaml").problems
    return [(each.line, each.message, each.hint) for each in problems if each.severity == "error"]


MISTAKES = [
    # what is written, what is written instead, a word of the line it is found in, message, hint
    (
        "vehicle.keeper != person.id",
        "vehicle.keper != person.id",
        "lease:",
        'data.lease.when uses "vehicle.keper", which does not exist.',
        'Did you mean "vehicle.keeper"?',
    ),
    (
        "  refused: {end: true, letter: refused, appeal: {to: appeal-permit, within: 6 weeks}}\n",
        "",
        "  review:",
        'state "review" can "refuse", but nothing says where that leads.',
        'Add  to: {refuse: <state>}  or a state named "refused".',
    ),
    (
        "tariff('permit', months)",
        "12.50 + months",
        "fee:",
        "fee.amount ",
        "",
    ),
    (
        "title: {en: Resident parking permit, cy: Trwydded barcio i breswylwyr}",
        "title: {en: Resident parking permit}",
        "title:",
        'title has no text in "cy", one of the languages of this town hall.',
        "",
    ),
    (
        'address.zone in zones", else: no',
        'no and address.zone in zones", else: no',
        "vehicle.keeper == person.id",
        "eligible line 2 can never be reached: line 1 already ends every case.",
        "",
    ),
    (
        "expect: {state: refused, letter: refused}",
        "expect: {state: review}",
        "- name: no zone",
        'no test reaches the outcome "refused".',
        "Add one under tests:.",
    ),
    ("agency: transport", "agency: transprt", "agency:", 'the agency "transprt"', '"transport"'),
    ("events: [moving-house]", "events: [moving]", "events:", 'the life event "moving"', ""),
    (
        "by: permits.officer",
        "by: permits.oficer",
        "review:",
        'the role "permits.oficer"',
        "officer",
    ),
    ("registers.vehicles", "registers.vehicle", "vehicle:", 'the register "vehicle"', "vehicles"),
    ("population.address", "population.adress", "address:", 'the fact "adress"', "address"),
    ("by: plate", "by: plat", "vehicle:", 'the datum "plat"', '"plate"'),
    ("letter: granted}", "letter: grantd}", "granted:", 'the letter "grantd"', '"granted"'),
    ("issue: permit", "issue: badge", "granted:", 'the letter "badge"', ""),
    ("to: appeal-permit", "to: appeal", "refused:", 'the service "appeal"', "appeal-permit"),
    ("tariff('permit'", "tarif('permit'", "fee:", "tarif", "tariff"),
    ("say: not_keeper", "say: not_keper", "not_keper", 'the text "not_keper"', "not_keeper"),
    (", say: not_keeper", "", 'person.id", else: review', "eligible line 2 has no reason", "say:"),
    ("{type: plate}", "{type: plates}", "plate:", 'cannot be "plates"', "plate"),
    ("{type: plate}", "{typ: plate}", "plate:", "does not say what it is", "type:"),
    ("{type: plate}", "{type: plate, option: [a]}", "plate:", 'has no "option"', "options"),
    ("{type: plate}", "{type: plate, lines: 3}", "plate:", 'has no "lines"', "Only text"),
    ("ask: [months]", "ask: [month]", "pages:", 'asks "month", which does not exist', "months"),
    ("{ask: [months]}", "{ask: [plate]}", "pages:", 'asks "plate" again', "Keep one"),
    (", {ask: [months]}", "", "months:", "months is asked on no page", "Add it to a page"),
    ("{ask: [months]}", "{ask: [months, address]}", "pages:", "comes from a register", "show:"),
    (
        "ask: {en: Lease, cy: Prydles}, ",
        "",
        "lease:",
        "lease is asked of people, but there is no question text",
        "Add  ask:",
    ),
    (
        "options: [3, 6, 12], default: 12",
        "options: [3, 6, 12], default: 11",
        "months:",
        "default",
        "",
    ),
    ("options: [3, 6, 12], ", "", "months:", "options is missing", "options:"),
    ("max: 10 MB", "max: ten", "lease:", "must be a size", "10 MB"),
    ("accept: [pdf, jpg], max", "accept: [exe], max", "lease:", 'cannot be "exe"', "pdf"),
    ("within: 10 working days", "within: soon", "review:", 'cannot be "soon"', "8 weeks"),
    ("within: 10 working days", "within: 20 weeks", "review:", "longer than the legal", ""),
    ("promise: 15 working days", "promise: 9 weeks", "deadline:", "longer than the legal", ""),
    ("extend: once 6 weeks", "extend: 6 weeks", "deadline:", "how often", "once 6 weeks"),
    (", extend: once 6 weeks", "", "review:", 'can "extend", but the deadline', "extend:"),
    (", refund_on: [refused]", "", "fee:", "nothing says when it is given back", "refund_on"),
    ("refund_on: [refused]", "refund_on: [denied]", "fee:", 'the outcome "denied"', ""),
    ("keep: {granted: 5 years, ", "keep: {", "granted:", 'how long "granted" is kept', "keep"),
    ("by: permits.officer", "by: permits.lone", "review:", "only 1 person", "second person"),
    ("to: {ok: granted, doubt: review}", "to: {ok: granted}", "received:", '"doubt"', ""),
    ("doubt: review}", "doubt: revew}", "received:", 'leads to "revew"', "review"),
    ("can: [ask, grant, refuse, extend]", "can: []", "review:", "can do nothing", ""),
    ("[ask, grant, refuse, extend]", "[ask, send_crew]", "review:", 'can "send_crew", but', "to:"),
    ("end: true, letter: refused", "letter: refused", "refused:", "nothing moves a case on", ""),
    (
        "auto: [check_register]",
        "auto: [check_registr]",
        "received:",
        "check_registr",
        "check_register",
    ),
    (
        "check_register], to: {ok: granted",
        "check_register], to: {ok: received",
        "received:",
        "",
        "",
    ),
    ("type: plate}", "type: plate, when: no}", "plate:", "plate can never exist", ""),
    ("login: substantial", "login: strong", "who:", 'cannot be "strong"', "substantial"),
    ("channels: [web", "channels: [fax", "channels:", 'cannot be "fax"', ""),
    ("version: 4", "version: four", "version:", "whole number", ""),
    ("service: resident-permit", "service: Resident Permit", "service:", "service cannot be", ""),
    ("twice(2)", "twice('a')", "visits:", "results.visits.value", ""),
    ("For {months} months.", "For {month} months.", "visits:", "{month}", "months"),
    ("For {months} months.", "For {lease} months.", "visits:", "{lease}, which may be absent", ""),
    (
        "vehicles: v1}, answers: {plate: AB12 CDE",
        "vehicles: v9}, answers: {plate: AB12 CDE",
        "- name: owner",
        'the fixture "v9"',
        "v1",
    ),
    (
        "answers: {plate: AB12 CDE",
        "answers: {plat: AB12 CDE",
        "- name: owner",
        'the question "plat"',
        "plate",
    ),
    (
        "expect: {state: granted, fee",
        "expect: {stat: granted, fee",
        "- name: owner",
        'has no "stat"',
        "state",
    ),
    ("synonyms: {en:", "synonyms: {fr:", "synonyms:", 'the language "fr"', ""),
    (
        "not_in_zone: {en:",
        "not_in_zone: {english:",
        "not_in_zone:",
        'has no "english"',
        "per language",
    ),
    ("publish:", "publsh:", "publsh:", 'has no "publsh"', "publish"),
]


@pytest.mark.parametrize(
    ("right", "wrong", "where", "message", "hint"),
    MISTAKES,
    ids=[re.sub(r"\W+", "-", wrong or right)[:40] for right, wrong, *_ in MISTAKES],
)
def test_a_mistake_is_found_with_its_line_and_what_to_write(
    pack: Pack, right: str, wrong: str, where: str, message: str, hint: str
) -> None:
    assert right in PERMIT
    text = PERMIT.replace(right, wrong, 1)
    found = said(text, pack)
    line = line_of(text, where)
    assert any(at == line and message in words and hint in more for at, words, more in found), (
        f"line {line}: {found}"
    )


def test_the_right_service_has_no_finding(pack: Pack) -> None:
    assert said(PERMIT, pack) == []
    assert said(WHICH, pack) == []


def test_all_mistakes_are_said_in_one_run_by_line(pack: Pack) -> None:
    text = PERMIT
    for right, wrong in (
        ("agency: transport", "agency: nobody"),
        ("{type: plate}", "{type: plates}"),
        ("version: 4", "version: four"),
        ("letter: granted}", "letter: none_such}"),
    ):
        text = text.replace(right, wrong, 1)
    lines = [line for line, _, _ in said(text, pack)]
    assert len(lines) >= 4
    assert lines == sorted(lines)


def test_findings_are_shown_as_file_line_message_and_hint_below(pack: Pack) -> None:
    text = PERMIT.replace("vehicle.keeper != person.id", "vehicle.keper != person.id")
    problem = next(
        each
        for each in compile_text(text, pack, "resident-permit.yaml").problems
        if "keper" in each.message
    )
    first, second = problem.render().splitlines()[:2]
    place = f"resident-permit.yaml:{problem.line}  "
    assert first == place + 'data.lease.when uses "vehicle.keper", which does not exist.'
    assert second.startswith(" " * len(place) + 'Did you mean "vehicle.keeper"?')


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("  - {show: none_needed}\n", "", "not every path ends"),
        ("if: visitors, show", "show", "line 3 can never be reached"),
        ("apply: resident-permit", "apply: resident", 'the service "resident"'),
        ("show: visitor_vouchers", "show: vouchers", 'the text "vouchers"'),
        ("title: {en: Vouchers, cy: Talebau}", "title: {en: Vouchers}", 'no text in "cy"'),
        (
            "{ask: [resident]}, {ask: [visitors]}",
            "{ask: [visitors]}, {ask: [resident]}",
            "asked before resident, which decides",
        ),
        ('when: "not resident"', 'when: "not visitors"', "depends on itself: visitors → visitors"),
        (
            "  - {name: nobody, given: {answers: {resident: no, visitors: no}}, "
            "expect: {outcome: none_needed}}\n",
            "",
            'no test reaches the outcome "none_needed"',
        ),
        ("guidance: true", "guidance: true\nfee: {amount: 3}", 'has no "fee"'),
    ],
)
def test_mistakes_in_guidance(pack: Pack, right: str, wrong: str, message: str) -> None:
    assert right in WHICH
    found = said(WHICH.replace(right, wrong, 1), pack)
    assert any(message in words for _, words, _ in found), found


def test_a_service_without_tests_does_not_pass(pack: Pack) -> None:
    text = WHICH[: WHICH.index("tests:")]
    assert any("the service has no tests" in words for _, words, _ in said(text, pack))


def test_a_text_that_nobody_reads_needs_no_translation(pack: Pack) -> None:
    text = PERMIT.replace("texts:\n", "texts:\n  unused: {en: Only English}\n")
    compiled = compile_text(text, pack)
    assert compiled.errors == ()
    assert any("texts.unused is used nowhere" in each.message for each in compiled.problems)


def test_the_routing_question_comes_first(pack: Pack) -> None:
    text = """service: route
version: 1
guidance: yes
title: {en: T, cy: T}
data:
  name: {type: text, ask: {en: N, cy: N}}
  kind: {type: choice, ask: {en: K, cy: K}, options: {a: {en: A, cy: A}, b: {en: B, cy: B}}}
  x: {type: yes/no, ask: {en: X, cy: X}, when: "kind == 'a'"}
  y: {type: yes/no, ask: {en: Y, cy: Y}, when: "kind == 'a'"}
  z: {type: yes/no, ask: {en: Z, cy: Z}, when: "kind == 'b'"}
pages: [{ask: [name]}, {ask: [kind]}, {ask: [x, y]}, {ask: [z]}]
outcomes: [{show: done}]
texts: {done: {en: Done, cy: Iawn}}
tests: [{name: t, given: {answers: {name: a}}, expect: {outcome: done}}]
"""
    assert any("Ask the routing question first" in hint for _, _, hint in said(text, pack))
    mended = text.replace("{ask: [name]}, {ask: [kind]}", "{ask: [kind]}, {ask: [name]}")
    assert said(mended, pack) == []
    # Of two that decide together, the one asked first is the route.
    both = mended.replace("{ask: [name]}", "{ask: [name, sort]}").replace(
        "  x: {", "  sort: {type: yes/no, ask: {en: S, cy: S}}\n  x: {"
    )
    for name in ("'a'", "'b'"):
        both = both.replace(f'kind == {name}"', f'kind == {name} and sort"')
    both = both.replace("answers: {name: a}", "answers: {name: a, kind: a}")
    assert said(both, pack) == []


FLOWS = [
    (
        "  a: {auto: [check_register], to: {ok: b, doubt: review}}\n"
        "  b: {auto: [check_register], to: {ok: a, doubt: review}}\n",
        "comes back to itself",
    ),
    ("  start: {by: permits.officer, can: [grant, refuse]}\n", 'come to state "review"'),
    (
        '  start: {auto: [check_register], to: [{if: "fee > 3", go: granted}], doubt: review}\n',
        "may end without a state",
    ),
    (
        "  start: {auto: [check_register], to: [{go: granted}, {go: review}], doubt: review}\n",
        "are never read",
    ),
    ("  start: {auto: [check_register], to: [{go: granted}]}\n", "where a doubtful case goes"),
    (
        "  start: {by: permits.officer, auto: [check_register], can: [grant]}\n",
        "both auto: and by:",
    ),
    ("  start: {can: [grant]}\n", "nothing moves a case on"),
    ("  start: {by: permits.officer, can: [grant], to: {gran: granted}}\n", "nobody can do it"),
    ("  draft: {end: yes}\n", "is built in"),
    ("  start: {end: yes, by: permits.officer}\n", "ends the case, and still has by:"),
    ("  start: {end: yes, within: 30 days}\n", "ends the case, and still has within:"),
]


@pytest.mark.parametrize(("rows", "message"), FLOWS, ids=[message for _, message in FLOWS])
def test_dead_ends_and_circles_in_the_flow(pack: Pack, rows: str, message: str) -> None:
    text = PERMIT.replace("flow:\n", "flow:\n" + rows)
    assert any(message in words for _, words, _ in said(text, pack)), said(text, pack)


def test_a_state_from_which_nothing_ends(pack: Pack) -> None:
    limbo = "  limbo: {by: permits.officer, can: [wait_more], to: {wait_more: limbo}}\n"
    text = PERMIT.replace("  granted: {end", limbo + "  granted: {end").replace(
        "to: {ok: granted, doubt: review}", "to: {ok: limbo, doubt: review}"
    )
    assert any('state "limbo" can never end' in words for _, words, _ in said(text, pack))


def test_tags_in_a_text_are_pointed_out(pack: Pack) -> None:
    text = PERMIT.replace("en: Park in your own zone.", 'en: "<script>alert(1)</script>"')
    compiled = compile_text(text, pack)
    assert compiled.definition is not None
    assert any("people will see it as it stands" in each.message for each in compiled.problems)
