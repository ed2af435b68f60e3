"""What can be done with identity: who acts, roles, accounts, demo sign-ins."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from townhall.foundation import events
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.identity.context import acting_of
from townhall.identity.demo import (
    DemoDisabled,
    DemoPerson,
    UnknownDemoPerson,
    demo_people,
    load_demo_accounts,
    sign_in_demo,
)
from townhall.identity.models import Account, RoleGrant
from townhall.identity.signals import signed_in

__all__ = [
    "DemoDisabled",
    "DemoPerson",
    "NotAllowed",
    "UnknownDemoPerson",
    "account_for_email",
    "acting_of",
    "demo_people",
    "grant_role",
    "load_demo_accounts",
    "name_of",
    "person_behind",
    "revoke_role",
    "sign_in_demo",
    "signed_in",
]

ADMINISTRATOR = "administrator"


class NotAllowed(Exception):
    """Roles are administered by the system or by an administrator of the town hall."""


def account_for_email(email: str) -> Account | None:
    """Return the account with this email address, whatever its case."""
    return Account.objects.with_roles().filter(email=email.lower()).first()


def name_of(actor: str) -> str:
    """Return the display name behind an actor such as "officer:<uuid>", or ""."""
    kind, _, identifier = actor.partition(":")
    if kind not in ("officer", "person"):
        return ""
    field = "pk" if kind == "officer" else "person_id"
    account = Account.objects.filter(**{field: identifier}).first()
    return str(account) if account else ""


def person_behind(actor: str) -> UUID | None:
    """Return the person behind an actor such as "officer:<uuid>"; None for programs and the house.

    Two accounts or roles of one human being lead to the same person, so that a rule
    such as "another person must confirm" holds whatever they are signed in as.
    """
    kind, _, identifier = actor.partition(":")
    if kind == "person":
        return UUID(identifier)
    if kind != "officer":
        return None
    return Account.objects.filter(pk=identifier).values_list("person_id", flat=True).first()


def grant_role(acting: Acting, *, account_id: UUID, role: str, agency: str) -> None:
    """Make an account an officer's working account, or give it one more role.

    Raises
    ------
    NotAllowed
    """
    _insist_on_administrator(acting)
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


def revoke_role(acting: Acting, *, account_id: UUID, role: str, agency: str) -> bool:
    """Take a role away, from the next request on; return whether it was held.

    Raises
    ------
    NotAllowed
    """
    _insist_on_administrator(acting)
    with scope(SYSTEM):
        revoked = RoleGrant.objects.filter(
            account_id=account_id, role=role, agency=agency, revoked_at=None
        ).update(revoked_at=timezone.now(), revoked_by=acting.actor)
        if revoked:
            _tell("identity.role_revoked", acting, account_id, role, agency)
    return bool(revoked)


def _tell(kind: str, acting: Acting, account_id: UUID, role: str, agency: str) -> None:
    events.record(
        kind,
        subject=account_id,
        person_id=None,
        acting=acting,
        payload={"role": role, "agency": agency},
    )


def _insist_on_administrator(acting: Acting) -> None:
    if not (acting.system or ADMINISTRATOR in acting.roles):
        raise NotAllowed("Only an administrator of the town hall may give or take roles.")
