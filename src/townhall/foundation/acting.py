"""Who acts, for whom, and by which right: one value, carried by everything that happens."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Acting:
    """The context of one act.

    Attributes
    ----------
    actor : "person:<uuid>", "officer:<uuid>", "partner:<key>", "system" or "anonymous".
    name : how the actor is shown to people who may see it.
    person_id : the person whose rows may be seen: the resident, or the one acted for.
    on_behalf_of : the person or organisation represented, if the actor is not that one.
    mandate : the mandate that allows it.
    assurance : level of the sign-in: "none", "low", "substantial" or "high" (eIDAS art. 8).
    roles : roles held by an officer, named by the pack.
    services : catalogue numbers of the services whose cases an officer may see.
    channel : "web", "counter", "assistant" or "api".
    language : language of the dialogue (BCP 47).
    system : true only for Townhall's own background work.
    agency : agency that an officer works for.
    """

    actor: str
    name: str = ""
    person_id: UUID | None = None
    on_behalf_of: UUID | None = None
    mandate: UUID | None = None
    assurance: str = "none"
    roles: frozenset[str] = frozenset()
    services: tuple[int, ...] = ()
    channel: str = "web"
    language: str = "en"
    system: bool = False
    agency: str = ""


SYSTEM = Acting(actor="system", name="Townhall", system=True)
ANONYMOUS = Acting(actor="anonymous")
