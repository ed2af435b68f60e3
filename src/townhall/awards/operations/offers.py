"""A register knows that somebody has a right to an award: the claim is made ready for them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from townhall.awards import models
from townhall.awards.models import awards, offers
from townhall.awards.operations import moment, showing
from townhall.awards.views import NotFound, Offer
from townhall.cases import operations as cases
from townhall.cases.views import CaseView, DraftView
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import assessment
from townhall.catalogue.engine.definition import Definition
from townhall.foundation import events
from townhall.foundation.acting import Acting
from townhall.foundation.database.scope import scope
from townhall.foundation.text import pick
from townhall.rules.engine import Money

OFFERED = "award.offered"
_ZERO = Decimal(0)


def consider(*, person_id: UUID, register: str, kind: str) -> int:
    """Make a claim ready for each award that a changed fact gives a right to.

    The caller is in the system's scope. A person who has the award, a claim on
    the way or an offer already gets none.

    Returns
    -------
    How many offers were made.
    """
    made = 0
    for definition in _offering(register, kind):
        number = catalogue.number_of(definition.service)
        awards.one_at_a_time(f"offer {person_id} {number}")
        if awards.running(person_id, number) or _claimed(person_id, definition, number):
            continue
        made += _offer(person_id, definition, number, f"{register}.{kind}")
    return made


def my_offers(acting: Acting) -> tuple[Offer, ...]:
    """Return the claims that are ready for the person acted for."""
    if acting.person_id is None:
        return ()
    found = []
    for row in _standing(acting):
        definition = catalogue.live(catalogue.key_of(row.service_no))
        award = definition.award
        if award is not None:
            found.append(
                Offer(
                    draft_id=row.draft_id,
                    service=definition.service,
                    title=showing.title_of(definition),
                    amount=row.amount,
                    currency=definition.pack.currency,
                    every=award.every,
                    because=dict(definition.summary),
                )
            )
    return tuple(found)


def accept(acting: Acting, *, draft_id: UUID) -> CaseView:
    """Claim what was offered, as it stands; the same offer twice gives the same case.

    Raises
    ------
    NotFound
        If there is no such offer for this person.
    CaseError
        If the claim cannot be submitted as it stands; it stays a draft to be completed.
    """
    offer = _own(acting, draft_id)
    draft = cases.open_draft(acting, draft_id=draft_id)
    case = cases.submit(acting, draft_id=draft_id, seen_version=draft.version)
    with scope(acting):
        offers.close(offer, moment.now())
    return case


def decline(acting: Acting, *, draft_id: UUID) -> None:
    """Put an offer and its draft away.

    Raises
    ------
    NotFound
        If there is no such offer for this person.
    """
    offer = _own(acting, draft_id)
    cases.discard_draft(acting, draft_id=draft_id)
    with scope(acting):
        offers.close(offer, moment.now())


def _standing(acting: Acting) -> list[models.Offer]:
    """Return the open offers whose draft is still there; the others are closed."""
    assert acting.person_id is not None
    drafts = {each.id for each in cases.my_drafts(acting)}
    standing = []
    with scope(acting):
        for offer in offers.open_of(acting.person_id):
            if offer.draft_id in drafts:
                standing.append(offer)
            else:
                offers.close(offer, moment.now())
    return standing


def _own(acting: Acting, draft_id: UUID) -> models.Offer:
    if acting.person_id is not None:
        with scope(acting):
            for offer in offers.open_of(acting.person_id):
                if offer.draft_id == draft_id:
                    return offer
    raise NotFound("There is no such offer, or you have answered it already.")


def _offering(register: str, kind: str) -> Iterable[Definition]:
    """Yield the live services that offer an award when such a fact changes."""
    for card in catalogue.services("en"):
        definition = catalogue.live(card.key)
        award = definition.award
        if award is None or award.offer is None:
            continue
        for datum in definition.register_data:
            source = datum.source
            if source is None or source.register != register:
                continue
            if kind in (source.facts or (source.fact,)):
                yield definition
                break


def _claimed(person_id: UUID, definition: Definition, number: int) -> bool:
    acting = _for(person_id)
    on_the_way = any(
        each.service_key == definition.service and each.open for each in cases.my_cases(acting)
    )
    drafts = any(each.service_key == definition.service for each in cases.my_drafts(acting))
    offered = any(each.service_no == number for each in _standing(acting))
    return on_the_way or drafts or offered


def _offer(person_id: UUID, definition: Definition, number: int, about: str) -> bool:
    award = definition.award
    assert award is not None
    acting = _for(person_id)
    draft: DraftView = cases.start_draft(
        acting, service_key=definition.service, answers=dict(award.answers)
    )
    found = assessment.assess(definition, draft.situation, trace=False)
    worth = found.results[award.amount].value
    wanted = award.offer is not None and award.offer.evaluate(found.values).value is True
    amount = worth.amount if isinstance(worth, Money) else _ZERO
    if found.eligibility != "yes" or not wanted or amount <= 0:
        cases.discard_draft(acting, draft_id=draft.id)
        return False
    made = offers.add(
        person_id=person_id,
        draft_id=draft.id,
        service_no=number,
        about=about,
        amount=amount,
        made_at=moment.now(),
    )
    events.record(
        OFFERED,
        subject=made.id,
        person_id=person_id,
        acting=acting,
        service_no=number,
        payload={"draft": str(draft.id), "service": pick(definition.title, "en")},
    )
    return True


def _for(person_id: UUID) -> Acting:
    """Return Townhall acting for a person."""
    return Acting(
        actor="system", name="Townhall", person_id=person_id, assurance="high", system=True
    )
