"""Publishing into a real database, reading back, searching."""

from __future__ import annotations

import pytest

from townhall.catalogue import operations as catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered():
    catalogue.forget()
    yield
    catalogue.forget()


def test_the_pack_goes_live_once(db):
    first = catalogue.load_packs()
    assert {each.status for each in first} == {"published"}, [each.reason for each in first]
    assert {each.status for each in catalogue.load_packs()} == {"unchanged"}
