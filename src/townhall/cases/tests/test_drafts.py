"""Drafts: pinned, saved page by page, resumable anywhere, never trusting the browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from townhall.cases import models
from townhall.cases import operations as cases
from townhall.cases.engine.anonymous import subject_of
from townhall.cases.operations import reading
from townhall.cases.tests import people
from townhall.cases.tests.conftest import Clock
from townhall.cases.tests.people import BOAT, fill, holder, moves, pdf, person_of, publish, resident
from townhall.catalogue import operations as catalogue
from townhall.exchange import operations as exchange
from townhall.foundation import events
from townhall.foundation.acting import ANONYMOUS, SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.registers import operations as registers

pytestmark = pytest.mark.usefixtures("services")


def stored(draft: Any) -> models.Draft:
    with scope(SYSTEM):
        return models.Draft.objects.get(id=draft.id)


def test_a_draft_begins_with_what_the_register_knows_and_says_from_where() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    assert draft.situation.facts["address"].value["zone"] == "A"
    (source,) = draft.sources
    assert (source.datum, source.register, source.outcome) == ("address", "population", "found")
    assert draft.next_page == "boat"
    assert not draft.complete
    lines = exchange.who_looked(me).lines
    assert [(line.register, list(line.kinds), line.case_id) for line in lines] == [
        ("population", ["address"], draft.id)
    ]


def test_a_draft_is_resumed_elsewhere_with_its_answers() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    cases.save_page(me, draft_id=draft.id, page_key="boat", raw=BOAT)
    elsewhere = replace(me, language="cy")
    again = cases.open_draft(elsewhere, draft_id=draft.id)
    assert again.answers["boat"] == "Heulwen"
    assert again.next_page == "length"
    assert again.language == "en"  # that of the draft, not of the browser
    assert [line.id for line in cases.my_drafts(me)] == [draft.id]


def test_a_question_on_the_same_page_appears_when_it_matters() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    raw = {"boat": ["Heulwen"], "kind": ["hired"]}
    saved = cases.save_page(me, draft_id=draft.id, page_key="boat", raw=raw)
    assert saved.next_page == "boat"
    assert [datum.name for datum in saved.pages[0].open] == ["hire"]


def test_a_page_with_a_mistake_is_not_saved_but_its_files_are_kept() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    raw = {"boat": [""], "kind": ["hired"]}
    with pytest.raises(cases.PageErrors) as refused:
        cases.save_page(me, draft_id=draft.id, page_key="boat", raw=raw, files={"hire": [pdf()]})
    assert set(refused.value.errors) == {"boat"}
    again = cases.open_draft(me, draft_id=draft.id)
    assert "boat" not in again.answers
    assert again.answers["hire"][0]["name"] == "contract.pdf"
    raw = {"boat": ["Heulwen"], "kind": ["hired"]}
    saved = cases.save_page(me, draft_id=draft.id, page_key="boat", raw=raw)
    assert saved.next_page == "length"


def test_what_the_browser_sends_for_a_fact_is_ignored() -> None:
    me = resident(zone="Z")
    draft = cases.start_draft(me, service_key="mooring")
    raw = {**BOAT, "address": ["1 Rich Road"], "address.zone": ["A"], "address.line1": ["x"]}
    saved = cases.save_page(me, draft_id=draft.id, page_key="boat", raw=raw)
    assert "address" not in saved.answers
    assert saved.situation.facts["address"].value["zone"] == "Z"
    assert saved.assessment.eligibility == "no"


def test_a_file_entry_made_up_by_the_browser_is_ignored() -> None:
    me, other = resident(), resident()
    theirs = cases.start_draft(other, service_key="mooring")
    raw: dict[str, Any] = {"boat": ["B"], "kind": ["hired"]}
    theirs = cases.save_page(
        other, draft_id=theirs.id, page_key="boat", raw=raw, files={"hire": [pdf()]}
    )
    mine = cases.start_draft(me, service_key="mooring")
    forged = {**raw, "hire": [theirs.answers["hire"][0]]}
    saved = cases.save_page(me, draft_id=mine.id, page_key="boat", raw=forged)
    assert "hire" not in saved.answers
    with pytest.raises(cases.PageErrors) as refused:
        cases.save_page(me, draft_id=mine.id, page_key="boat", raw={**forged, "_asked": ["hire"]})
    assert "hire" in refused.value.errors


def test_uploads_that_lie_about_their_type_are_refused_with_a_reason() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    raw = {"boat": ["Heulwen"], "kind": ["hired"]}
    for content in (b"MZ\x90\x00 this is a program", b"<html><script>", b""):
        sent = people.Sent(content, "contract.pdf")
        with pytest.raises(cases.PageErrors) as refused:
            cases.save_page(me, draft_id=draft.id, page_key="boat", raw=raw, files={"hire": [sent]})
        assert "hire" in refused.value.errors
    assert "hire" not in cases.open_draft(me, draft_id=draft.id).answers


def test_a_file_is_replaced_taken_back_and_read_by_its_owner_only() -> None:
    me, other = resident(), resident()
    draft = cases.start_draft(me, service_key="mooring")
    raw = {"boat": ["Heulwen"], "kind": ["hired"]}
    for name in ("one.pdf", "two.pdf"):
        draft = cases.save_page(
            me, draft_id=draft.id, page_key="boat", raw=raw, files={"hire": [pdf(name)]}
        )
    (entry,) = draft.answers["hire"]
    assert entry["name"] == "two.pdf"
    file, content = cases.draft_file(me, draft_id=draft.id, file_id=entry["file"])
    with content:
        assert content.read(4) == b"%PDF"
    assert file.name == "two.pdf"
    with pytest.raises(cases.NotFound):
        cases.draft_file(other, draft_id=draft.id, file_id=entry["file"])
    draft = cases.remove_file(me, draft_id=draft.id, datum="hire", file_id=entry["file"])
    assert "hire" not in draft.answers
    assert draft.next_page == "boat"
    version = draft.version
    draft = cases.remove_file(me, draft_id=draft.id, datum="hire", file_id=entry["file"])
    assert draft.version == version
    with scope(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_file WHERE person_id = %s", [me.person_id])
        assert cursor.fetchone() == (0,)


def test_a_discarded_draft_is_gone_with_its_files() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    raw = {"boat": ["Heulwen"], "kind": ["hired"]}
    cases.save_page(me, draft_id=draft.id, page_key="boat", raw=raw, files={"hire": [pdf()]})
    cases.discard_draft(me, draft_id=draft.id)
    with pytest.raises(cases.NotFound):
        cases.open_draft(me, draft_id=draft.id)
    assert not cases.my_drafts(me)
    with scope(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_file WHERE person_id = %s", [me.person_id])
        assert cursor.fetchone() == (0,)


def test_anothers_draft_is_not_found_and_the_attempt_stands_in_their_journal() -> None:
    me, other = resident(), resident()
    draft = cases.start_draft(me, service_key="mooring")
    for attempt in (
        lambda: cases.open_draft(other, draft_id=draft.id),
        lambda: cases.save_page(other, draft_id=draft.id, page_key="boat", raw=BOAT),
        lambda: cases.submit(other, draft_id=draft.id, seen_version=1),
        lambda: cases.discard_draft(other, draft_id=draft.id),
        lambda: cases.open_draft(ANONYMOUS, draft_id=draft.id),
    ):
        with pytest.raises(cases.NotFound):
            attempt()
    denied = [line for line in exchange.who_looked(me).lines if line.outcome == "denied"]
    assert len(denied) == 5
    assert denied[-1].case_id == draft.id
    assert cases.open_draft(me, draft_id=draft.id).version == 1


def test_an_id_that_does_not_exist_is_answered_alike_and_writes_nothing() -> None:
    me = resident()
    with pytest.raises(cases.NotFound):
        cases.open_draft(me, draft_id=uuid4())
    assert not exchange.who_looked(me).lines


def test_a_new_version_leaves_open_drafts_on_theirs() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    text = (people.SERVICES / "mooring.yaml").read_text(encoding="utf-8")
    text = text.replace("version: 1", "version: 2").replace("Two minutes.", "Three minutes.")
    catalogue.publish(text=text, filename="mooring.yaml", acting=SYSTEM)
    fresh = cases.start_draft(me, service_key="mooring")
    assert fresh.definition.version == 2
    old = cases.save_page(me, draft_id=draft.id, page_key="boat", raw=BOAT)
    assert old.definition.version == 1
    assert old.definition.hash != fresh.definition.hash
    old = cases.save_page(me, draft_id=draft.id, page_key="length", raw={"months": ["3"]})
    case = cases.submit(me, draft_id=draft.id, seen_version=old.version)
    assert case.definition.version == 1


def test_the_level_of_sign_in_is_asked_for_and_the_draft_is_kept() -> None:
    me = resident()
    for level in ("none", "low"):
        with pytest.raises(cases.NeedsSignIn) as refused:
            cases.start_draft(replace(me, assurance=level), service_key="mooring")
        assert refused.value.level == "substantial"
    with pytest.raises(cases.NeedsSignIn):
        cases.start_draft(ANONYMOUS, service_key="mooring")
    draft = fill(me)
    with pytest.raises(cases.NeedsSignIn):
        cases.submit(replace(me, assurance="low"), draft_id=draft.id, seen_version=draft.version)
    assert cases.submit(me, draft_id=draft.id, seen_version=draft.version).number


def test_what_cannot_be_applied_for_is_said() -> None:
    me = resident()
    with pytest.raises(cases.NotFound):
        cases.start_draft(me, service_key="no-such-service")
    with pytest.raises(cases.NotOffered):
        cases.start_draft(replace(me, channel="counter"), service_key="lamp")


def test_representation_is_only_for_services_that_allow_it() -> None:
    me, other = resident(), resident()
    helper = replace(other, person_id=me.person_id, on_behalf_of=me.person_id, mandate=uuid4())
    draft = cases.start_draft(helper, service_key="mooring")
    assert draft.on_behalf_of == me.person_id
    assert cases.open_draft(me, draft_id=draft.id).id == draft.id
    with pytest.raises(cases.NotPermitted):
        cases.start_draft(helper, service_key="lamp")


def test_without_a_sign_in_the_key_opens_the_draft_and_nothing_else_does() -> None:
    draft = cases.start_draft(ANONYMOUS, service_key="lamp")
    assert draft.link_token
    me = holder(draft.link_token)
    again = cases.open_draft(me, draft_id=draft.id)
    assert again.link_token is None
    with pytest.raises(cases.NotFound):
        cases.open_draft(holder("another token"), draft_id=draft.id)
    row = stored(draft)
    assert row.person_id == subject_of(draft.link_token)
    with scope(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT cases_draft::text FROM cases_draft WHERE id = %s", [draft.id])
        assert draft.link_token not in cursor.fetchone()[0]


def test_facts_that_are_too_old_are_read_again_when_the_draft_is_opened(clock: Clock) -> None:
    me = resident(zone="A")
    draft = cases.start_draft(me, service_key="mooring")
    moves(me, "C")
    assert cases.open_draft(me, draft_id=draft.id).situation.facts["address"].value["zone"] == "A"
    clock.offset += reading.FACTS_FRESH + timedelta(minutes=1)
    opened = cases.open_draft(me, draft_id=draft.id)
    assert opened.situation.facts["address"].value["zone"] == "C"
    assert opened.version == 2


def test_a_register_that_is_down_is_told_and_asked_again() -> None:
    me = resident()
    registers.set_available(SYSTEM, register="population", available=False)
    draft = cases.start_draft(me, service_key="mooring")
    (source,) = draft.sources
    assert (source.outcome, source.fallback) == ("unavailable", "wait")
    registers.set_available(SYSTEM, register="population", available=True)
    saved = cases.save_page(me, draft_id=draft.id, page_key="boat", raw=BOAT)
    assert saved.sources[0].outcome == "found"


def test_a_register_without_an_entry_is_told() -> None:
    draft = cases.start_draft(resident(known=False), service_key="mooring")
    (source,) = draft.sources
    assert (source.outcome, source.fallback) == ("none", "review")


def test_a_draft_expires_by_the_definition_and_every_save_prolongs_it(clock: Clock) -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    clock.forward(days=20)
    saved = cases.save_page(me, draft_id=draft.id, page_key="boat", raw=BOAT)
    assert saved.expires_on == draft.expires_on + timedelta(20)
    clock.forward(days=31)
    with pytest.raises(cases.NotFound):
        cases.open_draft(me, draft_id=draft.id)
    assert not cases.my_drafts(me)


def test_answers_of_a_guidance_service_are_taken_over_if_they_fit() -> None:
    me = resident()
    answers = {"boat": "Heulwen", "months": "7", "colour": "red", "address": {"zone": "A"}}
    draft = cases.start_draft(me, service_key="mooring", answers=answers)
    assert draft.answers == {"boat": "Heulwen"}


@pytest.mark.parametrize(
    "raw",
    [
        {"boat": ["a" * 5_000_000], "kind": ["owned"]},
        {"boat": [["nested"]], "kind": ["owned"]},
        {"boat": [{"a": 1}], "kind": ["owned"]},
        {"boat": ["B"], "kind": ["stolen"]},
        {"boat": ["B"], "kind": ["owned"] * 1000},
        {"kind": []},
    ],
)
def test_wrong_input_is_a_message_and_never_an_error(raw: dict[str, Any]) -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    try:
        cases.save_page(me, draft_id=draft.id, page_key="boat", raw=raw)
    except cases.PageErrors as refused:
        assert refused.errors
    again = cases.open_draft(me, draft_id=draft.id)
    assert again.answers.get("kind") in (None, "owned")


def test_a_page_that_does_not_exist_is_not_found() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    with pytest.raises(cases.NotFound):
        cases.save_page(me, draft_id=draft.id, page_key="nowhere", raw={})


def test_who_was_not_eligible_is_counted_without_a_person() -> None:
    me = resident(zone="Z")
    draft = cases.start_draft(me, service_key="mooring")
    cases.save_page(me, draft_id=draft.id, page_key="boat", raw=BOAT)
    with scope(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, actor, payload FROM foundation_event"
            " WHERE kind = 'service.not_eligible'"
        )
        rows = cursor.fetchall()
    ((person, actor, payload),) = rows
    assert (person, actor) == (None, "anonymous")
    assert "not_in_zone" in payload


def test_every_change_of_a_draft_is_an_event_of_its_actor() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    cases.discard_draft(me, draft_id=draft.id)
    with scope(me):
        history = events.history(subject=draft.id, person_id=person_of(me))
    assert [event.kind for event in history] == ["draft.started", "draft.discarded"]
    assert {event.actor for event in history} == {me.actor}


def test_an_officer_sees_no_drafts() -> None:
    me = resident()
    draft = cases.start_draft(me, service_key="mooring")
    clerk: Acting = people.officer()
    with scope(clerk):
        assert not models.Draft.objects.filter(id=draft.id).exists()


def test_a_changed_definition_that_breaks_never_reaches_drafts() -> None:
    me = resident()
    text = (people.SERVICES / "mooring.yaml").read_text(encoding="utf-8")
    broken = text.replace("version: 1", "version: 2").replace('if: "kind ==', 'if: "kynd ==')
    with pytest.raises(catalogue.PublicationRefused):
        catalogue.publish(text=broken, filename="mooring.yaml", acting=SYSTEM)
    assert cases.start_draft(me, service_key="mooring").definition.version == 1
    publish("mooring")
