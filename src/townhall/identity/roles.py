"""Who holds which role: given and taken by an administrator, or from the command line."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from townhall.catalogue import operations as catalogue
from townhall.foundation import events
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.identity.models import RoleGrant

ADMINISTRATOR = "administrator"


class NotAllowed(Exception):
    """Roles and accounts are administered by the system or by an administrator."""


class UnknownRole(LookupError):
    """The pack has no such role or agency."""


def grant_role(acting: Acting, *, account_id: UUID, role: str, agency: str = "") -> None:
    """Make an account an officer's working account, or give it one more role.

    Parameters
    ----------
    role : a role of the pack, or "administrator".
    agency : an agency of the pack; the role's own if not given.

    Raises
    ------
    NotAllowed, UnknownRole
    """
    insist_on_administrator(acting)
    agency = _known_agency(role, agency)
    # Policies let only the system write roles; the event names the administrator.
    with scope(SYSTEM):
        _, created = RoleGrant.objects.get_or_create(
            account_id=account_id,
            role=role,
            agency=agency,
            revoked_at=None,
            defaults={"granted_by": acting.actor},
        )
        if created:
            _tell("identity.role_granted", acting, account_id, role, agency)


def revoke_role(acting: Acting, *, account_id: UUID, role: str, agency: str = "") -> bool:
    """Take a role away, from the next request on; return whether it was held.

    Parameters
    ----------
    agency : only the role for this agency; for every agency if not given.

    Raises
    ------
    NotAllowed
    """
    insist_on_administrator(acting)
    with scope(SYSTEM):
        held = RoleGrant.objects.filter(account_id=account_id, role=role, revoked_at=None)
        if agency:
            held = held.filter(agency=agency)
        agencies = list(held.values_list("agency", flat=True))
        held.update(revoked_at=timezone.now(), revoked_by=acting.actor)
        for each in agencies:
            _tell("identity.role_revoked", acting, account_id, role, each)
    return bool(agencies)


def insist_on_administrator(acting: Acting) -> None:
    """Raise `NotAllowed` unless `acting` may administer accounts and roles."""
    if not (acting.system or ADMINISTRATOR in acting.roles):
        raise NotAllowed("Only an administrator of the town hall may do this.")


def _known_agency(role: str, agency: str) -> str:
    pack = catalogue.pack()
    if role != ADMINISTRATOR and role not in pack.roles:
        known = ", ".join(sorted([*pack.roles, ADMINISTRATOR]))
        raise UnknownRole(f"The pack has no role {role!r}. It has: {known}.")
    if not agency and role in pack.roles:
        agency = pack.roles[role].agency
    if agency not in pack.agencies:
        known = ", ".join(sorted(pack.agencies))
        raise UnknownRole(f"The pack has no agency {agency!r}. It has: {known}.")
    return agency


def _tell(kind: str, acting: Acting, account_id: UUID, role: str, agency: str) -> None:
    events.record(
        kind,
        subject=account_id,
        person_id=None,
        acting=acting,
        payload={"role": role, "agency": agency},
    )
