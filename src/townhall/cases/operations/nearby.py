"""Reports nearby, shown before a new one is written, where a definition declares it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from townhall.cases.models import case as cases
from townhall.cases.operations import denials, drafts, moment, showing
from townhall.cases.views import NearbyCase
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.definition import NO_TEXT, Definition, Text
from townhall.foundation.acting import Acting


def nearby(acting: Acting, *, draft_id: UUID) -> tuple[NearbyCase, ...]:
    """Return open reports near the place given in a draft, the nearest first, at most ten.

    They say what and where, never who. Empty while no place on the map is given,
    and for services that declare no `duplicates`.

    Raises
    ------
    NotFound
    """
    with denials.within(acting, drafts.OPEN_DRAFT):
        draft = drafts.visible(acting, draft_id)
        definition = catalogue.by_hash(draft.definition_hash)
        rule = definition.duplicates
        place = draft.answers.get(rule.place) if rule else None
        if rule is None or not place or place.get("lat") is None or place.get("lon") is None:
            return ()
        found = cases.nearby(
            draft.service_no,
            lat=float(place["lat"]),
            lon=float(place["lon"]),
            metres=rule.within_m,
            since=moment.now() - timedelta(days=rule.days),
        )
    return tuple(
        NearbyCase(
            number=each.number,
            topic=_topic(definition, each.topic),
            state_title=showing.title_of(catalogue.by_hash(each.definition_hash), each.state),
            received_at=each.received_at,
            lat=each.lat,
            lon=each.lon,
            distance_m=round(each.distance_m),
        )
        for each in found
    )


def _topic(definition: Definition, value: str) -> Text:
    for datum in definition.data.values():
        option = datum.option(value)
        if option is not None:
            return option.text
    return NO_TEXT
