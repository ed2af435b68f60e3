"""The worked example of the format: one file, compiled, tested, and named by its content."""

from __future__ import annotations

from dataclasses import replace

from townhall.catalogue.engine import testing
from townhall.catalogue.engine.compiler import compile_text, rebuild
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.tests.conftest import APPEAL, PERMIT, WHICH, good
from townhall.rules.engine import Duration


def test_the_three_services_are_without_a_finding_and_pass_their_tests(pack: Pack) -> None:
    for text in (PERMIT, WHICH, APPEAL):
        compiled = compile_text(text, pack)
        assert [each for each in compiled.problems if each.severity == "error"] == []
        report = testing.run_tests(good(compiled))
        assert report.passed, report.render()


def test_every_scalar_means_what_it_says(permit: Definition) -> None:
    """`else: no`, `12`, `10 MB`, `8 weeks`: nothing is guessed by YAML."""
    assert permit.eligible[0].verdict == "no"
    assert [option.value for option in permit.data["months"].options] == ["3", "6", "12"]
    assert permit.data["lease"].max_bytes == 10_000_000
    assert permit.deadline is not None
    assert permit.deadline.legal == Duration(days=56)
    assert permit.keep.periods["granted"] == Duration(months=60)
    assert permit.flow["review"].to["grant"] == "granted"


def test_a_stand_in_for_a_register_gets_its_place_beside_the_key(permit: Definition) -> None:
    assert permit.pages[0].ask == ("plate", "registration_doc", "lease")
    assert permit.data["registration_doc"].type == "file"


def test_the_name_of_a_version_is_its_content_not_its_layout(pack: Pack) -> None:
    one = good(compile_text(PERMIT, pack))
    other = good(compile_text("# a comment\n" + PERMIT.replace("pages: [", "pages:   ["), pack))
    changed = good(compile_text(PERMIT.replace("5 years", "6 years"), pack))
    assert one.hash == other.hash != changed.hash
    assert len(one.hash) == 64


def test_a_pack_default_that_reaches_people_is_part_of_the_name(pack: Pack) -> None:
    letters = {**pack.letters, "granted": pack.letters["refused"]}
    other = replace(pack, letters=letters)
    assert good(compile_text(PERMIT, other)).hash != good(compile_text(PERMIT, pack)).hash
    rates = replace(pack, today=None)
    assert good(compile_text(PERMIT, rates)).hash == good(compile_text(PERMIT, pack)).hash


def test_an_old_version_keeps_its_letter_when_the_pack_changes_it(pack: Pack) -> None:
    published = good(compile_text(PERMIT, pack))
    later = replace(
        pack,
        letters={**pack.letters, "granted": pack.letters["refused"]},
        keep=replace(pack.keep, periods={}),
        roles={},
        agencies={},
        events={},
    )
    again = rebuild(published.source, published.canonical, published.hash, later)
    assert again.hash == published.hash
    assert again.letters["granted"].title == published.letters["granted"].title
    assert again.keep == published.keep
    assert again.flow["review"].by == "permits.officer"
