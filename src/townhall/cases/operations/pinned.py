"""The version of a definition that a draft or case is pinned to, and who may use it."""

from __future__ import annotations

import hashlib
from datetime import date

from townhall.cases.errors import NeedsSignIn, NotFound, NotOffered, NotPermitted
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.definition import Definition, State
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.foundation.acting import Acting
from townhall.rules.engine import Duration
from townhall.rules.engine.calendar import shift

LEVELS = ("none", "low", "substantial", "high")
WAITING = "waiting_citizen"
WITHDRAWN = "withdrawn"
_PREFIX = 4
# A pack is one object a process and never changes; hashing its rows costs milliseconds.
_hashes: dict[int, tuple[Pack, str]] = {}


def live(service_key: str) -> Definition:
    """Return the version of a service that new drafts are pinned to.

    Raises
    ------
    NotFound
        If there is no such service.
    NotOffered
        If it is guidance: nothing can be applied for.
    """
    try:
        definition = catalogue.live(service_key)
    except catalogue.ServiceNotFound as error:
        raise NotFound(f"There is no service {service_key!r}.") from error
    if definition.guidance:
        raise NotOffered(f"{service_key!r} only gives guidance; nothing can be applied for.")
    return definition


def insist_on_access(definition: Definition, acting: Acting) -> None:
    """Check channel, level of sign-in and representation.

    Raises
    ------
    NotOffered, NeedsSignIn, NotPermitted
    """
    channels = definition.channels or definition.pack.channels
    if acting.channel not in channels:
        raise NotOffered(f"{definition.service} is not offered through {acting.channel!r}.")
    if LEVELS.index(acting.assurance) < LEVELS.index(definition.who.login):
        raise NeedsSignIn(definition.who.login)
    if acting.on_behalf_of is not None and acting.mandate and not definition.who.may_act_for:
        raise NotPermitted(f"{definition.service} cannot be applied for on behalf of others.")


def anonymous_allowed(definition: Definition) -> bool:
    return definition.who.login == "none"


def state_of(definition: Definition, name: str) -> State:
    """Return the row of a state; the built-in ones have an empty row."""
    return definition.flow.get(name) or State(name, end=name == WITHDRAWN, outcome=name)


def number_prefix(definition: Definition) -> str:
    """Return the letters that case numbers of the service's agency begin with."""
    letters = "".join(each for each in definition.agency.upper() if "A" <= each <= "Z")
    return (letters or "CASE")[:_PREFIX].ljust(2, "X")


def pack_hash(pack: Pack) -> str:
    """Return the hash of everything dated that rules may read: rates, tariffs, lists, holidays."""
    known = _hashes.get(id(pack))
    if known is None or known[0] is not pack:
        digest = hashlib.sha256(f"{pack.parameters.digest}\n{pack.lists.digest}\n".encode())
        if pack.lawbook is not None:
            digest.update(f"{pack.lawbook.digest}\n".encode())
        for day in sorted(pack.calendar.holidays):
            digest.update(f"{day.isoformat()}\n".encode())
        known = _hashes[id(pack)] = (pack, digest.hexdigest())
    return known[1]


def kept_for(definition: Definition, what: str) -> Duration | None:
    """Return how long an outcome (or "draft") is kept: by the service, else by the pack."""
    return definition.keep.periods.get(what) or definition.pack.keep.periods.get(what)


def draft_expires(definition: Definition, today: date) -> date:
    """Return the first day on which a draft saved today may be gone."""
    return shift(today, kept_for(definition, "draft") or Duration(days=30), None)


def erase_on(definition: Definition, outcome: str, closed_on: date) -> date | None:
    """Return the day from which a closed case is erased; None if it is archived or kept."""
    period = kept_for(definition, outcome)
    if period is None or definition.keep.then != "erase":
        return None
    return shift(closed_on, period, definition.pack.calendar)
