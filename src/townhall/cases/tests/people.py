"""People who use the services of these tests, officers who work on them, and what they do."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf

from townhall.cases import operations as cases
from townhall.cases.engine.anonymous import subject_of
from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import ANONYMOUS, SYSTEM, Acting
from townhall.identity.models import Account
from townhall.registers import operations as registers

SERVICES = Path(__file__).parent / "services"


def publish(*names: str) -> None:
    """Publish the services of these tests, or changed texts of them."""
    for name in names:
        text = (SERVICES / f"{name}.yaml").read_text(encoding="utf-8")
        catalogue.publish(text=text, filename=f"{name}.yaml", acting=SYSTEM)


def resident(*, zone: str = "A", name: str = "Megan Hughes", known: bool = True) -> Acting:
    """Return a person whose address is in the population register."""
    person = uuid.uuid4()
    acting = Acting(actor=f"person:{person}", name=name, person_id=person, assurance="substantial")
    if known:
        moves(acting, zone)
    return acting


def moves(acting: Acting, zone: str) -> None:
    """Record the address of a person in a zone, as if they had always lived there."""
    registers.record(
        SYSTEM,
        register="population",
        key=None,
        person_id=person_of(acting),
        kind="address",
        value={
            "line1": "1 Weaver Street",
            "line2": "",
            "town": "Wrenford",
            "postcode": "WX1 2AB",
            "zone": zone,
            "uprn": "1",
            "lat": "50.5",
            "lon": "-2.9",
        },
        valid_from=date(2020, 1, 1),
    )


def officer(
    *services: str,
    role: str = "permits.officer",
    name: str = "Olwen Price",
    agency: str = "transport",
) -> Acting:
    """Return an officer with an account."""
    account = Account.objects.open(email=f"{uuid.uuid4()}@wrenford.example", display_name=name)
    return Acting(
        actor=f"officer:{account.id}",
        name=name,
        roles=frozenset({role}),
        services=tuple(catalogue.number_of(each) for each in services or ("mooring",)),
        agency=agency,
        assurance="substantial",
    )


def streets_officer(name: str = "Sion Lloyd") -> Acting:
    return officer("lamp", role="streets.officer", name=name, agency="streets")


def partner(key: str = "housing", assurance: str = "substantial") -> Acting:
    return Acting(
        actor=f"partner:{key}", name="Housing Association", channel="api", assurance=assurance
    )


def holder(token: str) -> Acting:
    """Return the person without a sign-in who holds the key of a draft or case."""
    return replace(ANONYMOUS, person_id=subject_of(token))


class Sent:
    """An upload as Django hands it over."""

    def __init__(self, content: bytes, name: str) -> None:
        self.file = io.BytesIO(content)
        self.name = name


def pdf(name: str = "contract.pdf") -> Sent:
    """Return a real one-page PDF."""
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(buffer)
    return Sent(buffer.getvalue(), name)


BOAT = {"boat": ["Heulwen"], "kind": ["owned"]}


def fill(
    acting: Acting,
    pages: Sequence[tuple[str, Mapping[str, Sequence[Any]]]] = (
        ("boat", BOAT),
        ("length", {"months": ["3"]}),
    ),
    files: Mapping[str, Any] | None = None,
    service: str = "mooring",
) -> Any:
    """Start a draft and fill its pages; return the draft, ready to be submitted."""
    draft = cases.start_draft(acting, service_key=service)
    for key, raw in pages:
        draft = cases.save_page(
            acting, draft_id=draft.id, page_key=key, raw=raw, files=files if key == "boat" else None
        )
    return draft


def submitted(acting: Acting, *, hired: bool = False, months: str = "3") -> Any:
    """Return a submitted mooring case: decided by rule, or on the worklist if the boat is hired."""
    boat = {"boat": ["Heulwen"], "kind": ["hired" if hired else "owned"]}
    draft = fill(
        acting,
        (("boat", boat), ("length", {"months": [months]})),
        {"hire": [pdf()]} if hired else None,
    )
    return cases.submit(acting, draft_id=draft.id, seen_version=draft.version)


def person_of(acting: Acting) -> UUID:
    assert acting.person_id is not None
    return acting.person_id
