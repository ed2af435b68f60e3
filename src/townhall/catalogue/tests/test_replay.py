"""Sample applications of an old version under a new one: nothing is lost silently."""

from __future__ import annotations

import pytest

from townhall.catalogue.engine.compiler import compile_text
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.replay import migrated, replay
from townhall.catalogue.tests.conftest import PERMIT, good

ANSWERS = {"plate": "AB12CDE", "months": "3"}


def version(pack: Pack, *changes: tuple[str, str]) -> Definition:
    text = PERMIT
    for right, wrong in changes:
        assert right in text
        text = text.replace(right, wrong)
    return good(compile_text(text, pack))


def asked(old: Definition, new: Definition) -> dict[str, tuple[str, ...]]:
    return {each.name: each.asked for each in replay(old, new)}


def test_a_change_of_words_asks_nobody_again(pack: Pack) -> None:
    old = version(pack)
    again = replay(old, version(pack, ("How long?", "For how long?")))
    assert len(again) == len(old.tests)
    assert all(each.complete and not each.dropped for each in again)


def test_a_new_question_is_asked_and_the_rest_is_kept(pack: Pack) -> None:
    new = version(
        pack,
        ("pages: [", "  colour: {type: text, ask: {en: Colour, cy: Lliw}}\npages: ["),
        ("{ask: [months]}", "{ask: [months, colour]}"),
        ("asked: [plate, months], ", ""),
    )
    assert set(asked(version(pack), new).values()) == {("colour",)}


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        (("{type: plate}", "{type: text}"), {"months": "3"}),
        (("options: [3, 6, 12]", "options: [6, 12]"), {"plate": "AB12CDE"}),
        (("{type: plate}", "{type: plate, changed_meaning: yes}"), {"months": "3"}),
        (("publish:", "migrate: {data: {months: ask_again}}\npublish:"), {"plate": "AB12CDE"}),
        (("publish:", "migrate: {data: {plate: drop}}\npublish:"), {"months": "3"}),
    ],
)
def test_what_means_something_else_is_not_taken_over(
    pack: Pack, change: tuple[str, str], taken: dict[str, str]
) -> None:
    assert migrated(version(pack), version(pack, change), ANSWERS) == taken


def test_a_renamed_question_keeps_its_answers(pack: Pack) -> None:
    new = version(
        pack,
        ("months", "term"),
        ("publish:", "migrate: {data: {months: {to: term}}}\npublish:"),
    )
    again = replay(version(pack), new)
    assert all(each.complete and not each.dropped for each in again), again


def test_an_answer_that_leads_nowhere_is_named(pack: Pack) -> None:
    new = version(
        pack,
        (
            "  lease: {type: file, ask: {en: Lease, cy: Prydles}, accept: [pdf, jpg], max: 10 MB, "
            'when: "vehicle.keeper != person.id"}\n',
            "",
        ),
        ("[plate, lease]", "[plate]"),
        ("asked: [plate, lease, months]", "asked: [plate, months]"),
        ("lease: lease.pdf, ", ""),
    )
    dropped = {each.name: each.dropped for each in replay(version(pack), new)}
    assert dropped["no zone"] == ("lease",)
    assert dropped["owner in zone is automatic"] == ()
