"""Before sending, people read what stands in their way, without having to open anything."""

from __future__ import annotations

import pytest

from townhall.cases import operations as cases
from townhall.catalogue import operations as catalogue
from townhall.demo import loading
from townhall.foundation.acting import SYSTEM, Acting
from townhall.packs.uk import borough
from townhall.portal import checking
from townhall.registers import operations as registers

pytestmark = pytest.mark.django_db
NO_ZONE = (
    "Your address is not in a parking zone. Parking in your street is free and needs no permit."
)


@pytest.fixture
def daniel() -> Acting:
    """A resident of a street without a parking zone, and his car."""
    catalogue.forget()
    catalogue.load_packs()
    person = next(each.person for each in borough.RESIDENTS if each.key == "daniel")
    for register, make in borough.REGISTERS.items():
        own = [entry for entry in make() if entry.person is person]
        registers.import_entries(
            SYSTEM, facts=loading.facts_of(register, iter(own)), source_ref="tour"
        )
    return Acting(
        actor=f"person:{person.id}", name=person.name, person_id=person.id, assurance="high"
    )


def test_what_stands_in_the_way_is_said_first(daniel: Acting) -> None:
    draft = cases.start_draft(daniel, service_key="resident-permit")
    draft = cases.save_page(
        daniel, draft_id=draft.id, page_key="vehicle", raw={"plate": ["QW20 DAN"]}
    )
    draft = cases.save_page(daniel, draft_id=draft.id, page_key="length", raw={"months": ["12"]})
    shown = checking.everything(draft)
    assert [(each["text"], each["trace"]) for each in shown["against"]] == [(NO_ZONE, None)]
    assert len(shown["reasons"]) == 3
    assert all(each["trace"] for each in shown["reasons"])
