"""What the database itself refuses, whatever the application asks of it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.ledger.models import entry as entries
from townhall.ledger.models.entry import Entry
from townhall.ledger.tests.conftest import NAME, submit


def change(about: str, /, **fields: object) -> None:
    with scope(SYSTEM):
        assert Entry.objects.filter(log=NAME, ref=about).update(**fields)


@pytest.fixture
def two(sequencer):
    """One entry with a place, and one that waits."""
    submit("case:1")
    sequencer.step()
    submit("case:2")


@pytest.mark.parametrize("ref", ["case:1", "case:2"])
@pytest.mark.parametrize(
    "fields",
    [
        {"ref": "case:3"},
        {"ref": "forgotten:999"},
        {"body": {"document": "0" * 64}},
        {"kind": "erased"},
        {"log": "access"},
        {"sources": ["a"]},
        {"erases": 1},
        {"person_id": uuid4()},
    ],
    ids=lambda fields: "-".join(map(str, fields.items()))[:24],
)
def test_what_an_entry_says_and_is_about_never_changes(two, ref, fields):
    with pytest.raises(ProgrammingError, match="never changed"):
        change(ref, **fields)


@pytest.mark.parametrize("fields", [{"index": 5}, {"content": b"x"}, {"refused": "no"}])
def test_a_place_is_kept(two, fields):
    with pytest.raises(ProgrammingError, match="never changed"):
        change("case:1", **fields)


def test_a_promise_is_signed_once(two):
    change("case:2", promise="a")
    with pytest.raises(ProgrammingError, match="never changed"):
        change("case:2", promise="b")


def test_what_is_refused_stays_so(two):
    change("case:2", refused="because")
    for fields in ({"refused": ""}, {"index": 1}):
        with pytest.raises(ProgrammingError, match="never changed"):
            change("case:2", **fields)
    with scope(SYSTEM):
        change("case:2", promise_wanted=True)
        assert entries.promises_wanted(10) == []


@pytest.mark.parametrize("ref", ["case:1", "case:2"])
def test_nothing_is_removed_and_all_can_be_forgotten(two, ref):
    with scope(SYSTEM):
        found = entries.find(NAME, ref)
        with (
            pytest.raises(ProgrammingError, match="never removed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [found.id])
        entries.forget(found.id)
        assert entries.find(NAME, f"forgotten:{found.id}").person_id is None
