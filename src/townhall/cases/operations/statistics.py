"""What a service owner sees of how a service is used: numbers, never persons."""

from __future__ import annotations

from datetime import timedelta

from townhall.cases.errors import NotPermitted
from townhall.cases.models import drafts
from townhall.cases.operations import moment, pinned
from townhall.cases.views import Funnel, FunnelStep
from townhall.catalogue import operations as catalogue
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope


def funnel(acting: Acting, *, service_key: str, days: int = 30) -> Funnel:
    """Return how far drafts of a service came, page by page, in the last days.

    Raises
    ------
    NotPermitted
        If the actor holds no role.
    NotFound, NotOffered
    """
    if not acting.roles:
        raise NotPermitted("Only people with a role see how services are used.")
    definition = pinned.live(service_key)
    since = moment.now() - timedelta(days=max(1, min(days, 366)))
    with scope(SYSTEM):
        started, submitted, reached = drafts.pages_reached(catalogue.number_of(service_key), since)
    return Funnel(
        started=started,
        pages=tuple(
            FunnelStep(page.key, page.title, reached.get(page.key, 0)) for page in definition.pages
        ),
        submitted=submitted,
    )
