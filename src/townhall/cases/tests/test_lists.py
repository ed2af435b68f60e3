"""The worklist: overdue first, page by page, filtered, in one statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from townhall.cases import operations as cases
from townhall.cases.tests.conftest import Clock
from townhall.cases.tests.people import officer, partner, resident, streets_officer, submitted
from townhall.cases.views import WorklistFilters
from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import Acting

pytestmark = pytest.mark.usefixtures("services")


def lamp(key: str, **more: Any) -> Any:
    return cases.submit_application(
        replace(partner(), assurance="none"), service_key="lamp", idempotency_key=key,
        answers={"fault": "dark", "spot": {"words": "Quay"}, **more},
    )  # fmt: skip


def both() -> Acting:
    """Return an officer of both services."""
    return replace(
        officer("mooring", "lamp"), roles=frozenset({"permits.officer", "streets.officer"})
    )


def test_the_most_urgent_come_first_whatever_their_service(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    late = submitted(resident(), hired=True)  # ten working days
    clock.forward(days=8)
    soon = lamp("key-00001")  # five working days
    later = submitted(resident(), hired=True)
    found = cases.worklist(both())
    assert [row.id for row in found.rows] == [late.id, soon.id, later.id]
    assert found.after is None
    clock.forward(days=8)
    rows = {row.id: row for row in cases.worklist(both()).rows}
    assert rows[late.id].overdue
    assert rows[soon.id].overdue
    assert not rows[later.id].overdue


def test_pages_follow_each_other_without_gap_or_repetition(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    made = []
    for number in range(7):
        made.append(lamp(f"key-{number:05}").id)
        made.append(submitted(resident(), hired=True).id)
        if number % 2:
            clock.forward(days=1)
    clerk, seen, after = both(), [], None
    while True:
        page = cases.worklist(clerk, after=after, limit=3)
        seen += [row.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) == set(made)


def test_an_officer_sees_only_their_services_and_no_closed_case() -> None:
    hired, lit = submitted(resident(), hired=True), lamp("key-00001")
    submitted(resident())  # decided at once
    assert [row.id for row in cases.worklist(officer()).rows] == [hired.id]
    assert [row.id for row in cases.worklist(streets_officer()).rows] == [lit.id]
    number = catalogue.number_of("lamp")
    wider = WorklistFilters(services=(number,))
    assert not cases.worklist(officer(), filters=wider).rows
    with pytest.raises(cases.NotPermitted):
        cases.worklist(resident())


def test_filters_hold_together(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    clerk = both()
    one, two = submitted(resident(), hired=True), submitted(resident(), hired=True)
    lit = lamp("key-00001")
    cases.claim(clerk, case_ids=[one.id])

    def found(**more: Any) -> set[Any]:
        return {row.id for row in cases.worklist(clerk, filters=WorklistFilters(**more)).rows}

    assert found(claim="mine") == {one.id}
    assert found(claim="unclaimed") == {two.id, lit.id}
    assert found(services=(catalogue.number_of("lamp"),)) == {lit.id}
    assert found(state="reported") == {lit.id}
    assert found(number=two.number) == {two.id}
    assert found(number=two.number.lower()[:4]) == {one.id, two.id}
    assert found(number="%") == found(number="' OR 1=1 --") == found(number="\ud7ff") == set()
    assert found(overdue=True) == set()
    clock.forward(days=60)
    assert found(overdue=True, claim="mine") == {one.id}


def test_a_paused_case_waits_at_the_end(clock: Clock) -> None:
    clock.set(2026, 6, 1)
    clerk = officer()
    first = submitted(resident(), hired=True)
    clock.forward(days=1)
    second = submitted(resident(), hired=True)
    cases.ask(
        clerk, case_id=first.id, seen_state=first.seen_state, fields={"hire": "?"}, message="x"
    )
    rows = cases.worklist(clerk).rows
    assert [(row.id, row.paused, row.due is None) for row in rows] == [
        (second.id, False, False), (first.id, True, True),
    ]  # fmt: skip


def test_the_worklist_is_one_statement_and_names_nobody() -> None:
    submitted(resident(name="Megan Hughes"), hired=True)
    clerk = officer()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = cases.worklist(clerk)
    selects = [q["sql"] for q in queries if "cases_case" in q["sql"]]
    assert len(selects) == 1
    assert "count(" not in selects[0].lower()
    assert "Megan" not in str(page)


def test_a_made_up_end_of_a_page_is_not_found() -> None:
    for after in ("x", "W10", "bnVsbA", "e30", "WzEsMl0", "ü" * 10, "A" * 10_000):
        with pytest.raises(cases.NotFound):
            cases.worklist(officer(), after=after)


def test_my_lists_are_mine() -> None:
    me, other = resident(), resident()
    mine = submitted(me, hired=True)
    submitted(other)
    assert [line.id for line in cases.my_cases(me)] == [mine.id]
    (line,) = cases.my_cases(me)
    assert line.due.on is not None
    assert line.due.on > line.received_at.date() + timedelta(50)
    assert not cases.my_cases(Acting(actor="anonymous"))
    assert not cases.my_drafts(Acting(actor="anonymous"))
    assert not cases.my_letters(Acting(actor="anonymous"))


def test_reports_nearby_say_what_and_where_and_never_who() -> None:
    quay = {"words": "Quay", "lat": 50.5300, "lon": -2.9760}
    near = lamp("key-00001", spot=quay)
    lamp("key-00002", spot={**quay, "lat": 50.5400})
    lamp("key-00003", spot={"words": "somewhere"})
    me = resident()
    draft = cases.start_draft(me, service_key="lamp")
    assert cases.nearby(me, draft_id=draft.id) == ()
    cases.save_page(
        me, draft_id=draft.id, page_key="where",
        raw={"spot.words": ["Quay"], "spot.lat": ["50.5304"], "spot.lon": ["-2.9760"]},
    )  # fmt: skip
    (found,) = cases.nearby(me, draft_id=draft.id)
    assert found.number == near.number
    assert found.topic["en"] == "Dark"
    assert 40 <= found.distance_m <= 50
    assert not {"person_id", "id"} & set(found.__slots__)
    with pytest.raises(cases.NotFound):
        cases.nearby(resident(), draft_id=draft.id)


def test_the_funnel_counts_drafts_page_by_page() -> None:
    me = resident()
    cases.start_draft(me, service_key="mooring")
    draft = cases.start_draft(me, service_key="mooring")
    cases.save_page(me, draft_id=draft.id, page_key="boat", raw={"boat": ["B"], "kind": ["owned"]})
    submitted(me)
    found = cases.funnel(officer(), service_key="mooring")
    assert (found.started, found.submitted) == (3, 1)
    assert [(step.page, step.reached) for step in found.pages] == [("boat", 2), ("length", 1)]
    with pytest.raises(cases.NotPermitted):
        cases.funnel(me, service_key="mooring")
