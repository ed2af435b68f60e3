"""What a new version changes, in words, each change with its kind."""

from __future__ import annotations

import pytest

from townhall.catalogue.engine import diff, meaning
from townhall.catalogue.engine.compiler import compile_text
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.tests.conftest import PERMIT, good

CHANGES = [
    ("Park in your own zone.", "Park where you live.", "text", "summary"),
    ("{ask: [months]}", "{ask: [months, why]}", "added_required", "asks one question more"),
    ("{ask: [months]}", "{ask: [months, tell]}", "added_optional", "lets people answer"),
    ("options: [3, 6, 12]", "options: [3, 6, 12, 24]", "added_optional", "“24”"),
    ("options: [3, 6, 12]", "options: [6, 12]", "removed", "“3”"),
    ("{type: plate}", "{type: text}", "type", "plate was plate and is now text"),
    ('en: "How long?', 'en: "For how long?', "text", "in other words"),
    ('en: "How long?', 'en: "Which wheel is broken?', "meaning", "it asked “How long?”"),
    (", default: 12", "", "rule", "the suggested answer: 12 → nothing"),
    ('vehicle.keeper != person.id"', 'vehicle.keeper == person.id"', "rule", "when it is asked"),
    ('address.zone in zones", else: no', 'address.zone in zones", else: review', "rule", "officer"),
    ("address.zone in zones", "address.zone == 'A'", "rule", "no longer requires"),
    (
        "tariff('permit', months)",
        "12.50",
        "rule",
        "changes the fee: tariff('permit', months) → 12.5",
    ),
    ("legal: 8 weeks", "legal: 7 weeks", "rule", "8 weeks → 7 weeks"),
    ("[ask, grant, refuse, extend]", "[ask, grant, refuse]", "flow", "can no longer extend"),
    ("fee > 100", "fee > 50", "flow", "needs four eyes"),
    ("within: 6 weeks}", "within: 8 weeks}", "flow", "within 8 weeks"),
    ("refused: 1 year,", "refused: 2 years,", "rule", "how long data are kept"),
    ("Somebody else keeps the vehicle.", "Not yours.", "text", "in other words"),
    ("twice(2)", "twice(3)", "rule", "computes visits in another way"),
    ("[moving-house]", "[]", "other", "takes moving-house from the life events"),
    (
        "[web, counter, assistant, api]",
        "[web, assistant, api]",
        "other",
        "takes counter from the channels",
    ),
    ("login: substantial", "login: high", "rule", "who may apply"),
]
MORE = """  why: {type: text, ask: {en: Why?, cy: Pam?}}
  tell: {type: text, ask: {en: More?, cy: Mwy?}, required: no}
"""


def version(pack: Pack, right: str = "", wrong: str = "") -> Definition:
    text = PERMIT.replace(right, wrong, 1) if right else PERMIT
    for name in ("why", "tell"):
        if f"months, {name}]" in text:
            more = next(line for line in MORE.splitlines(True) if name in line)
            text = text.replace("pages:", more + "pages:", 1)
    # Tests of the file are not the point here: any that still compile will do.
    return good(compile_text(text.replace("asked: [plate, months], ", ""), pack))


@pytest.mark.parametrize(
    ("right", "wrong", "kind", "words"), CHANGES, ids=[each[3][:30] or "same" for each in CHANGES]
)
def test_a_change_is_told_in_words(
    pack: Pack, right: str, wrong: str, kind: str, words: str
) -> None:
    assert right in PERMIT
    changes = diff.compare(version(pack), version(pack, right, wrong))
    if not kind:
        assert changes == ()
        return
    assert any(each.kind == kind and words in each.words for each in changes), changes
    # One change is not told as three.
    assert len(changes) <= 2, changes


def test_a_change_of_layout_is_none(pack: Pack) -> None:
    assert diff.compare(version(pack), version(pack, "pages: [", "pages:\n  [")) == ()


def test_a_state_that_disappears_needs_a_place_for_its_cases(pack: Pack) -> None:
    old = version(pack)
    text = PERMIT.replace("doubt: review}", "doubt: checking}").replace(
        "  review: {by", "  checking: {by"
    )
    new = good(compile_text(text, pack))
    assert meaning.unmapped_states(old, new) == ("review",)
    mapped = good(compile_text(text + "migrate: {states: {review: checking}}\n", pack))
    assert meaning.unmapped_states(old, mapped) == ()
    assert any("its cases go to “checking”" in each.words for each in diff.compare(old, mapped))


def test_another_question_under_the_old_key_must_be_owned_up_to(pack: Pack) -> None:
    old = version(pack)
    new = version(pack, "How long?", "Which wheel is broken?")
    assert [each.name for each in meaning.unexplained_meanings(old, new)] == ["months"]
    said = version(pack, "How long?", "Which wheel is broken?").data["months"]
    assert not said.changed_meaning
    owned = version(
        pack,
        '{type: choice, ask: {en: "How long?',
        '{type: choice, changed_meaning: yes, ask: {en: "Which wheel is broken?',
    )
    assert meaning.unexplained_meanings(old, owned) == ()
