"""One-click sign-in for the demo borough. Nothing in here works outside of demo mode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from django.contrib import auth
from django.http import HttpRequest

from townhall.foundation import settings as configuration
from townhall.foundation.acting import Acting
from townhall.foundation.database.identifiers import uuid7
from townhall.foundation.database.scope import scope
from townhall.identity import backends, context
from townhall.identity.models import Account, RoleGrant


class DemoDisabled(Exception):
    """One-click sign-in was asked for where real people are served."""


class UnknownDemoPerson(Exception):
    """There is no demo account with this key."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A demo account as the page of demo sign-ins lists it.

    Attributes
    ----------
    key : stable name, e.g. "mair".
    name : display name.
    person_id : the resident in the demo registers; not needed for an officer.
    note : what is interesting about them, by language.
    roles : (role, agency) pairs; empty for a resident.
    """

    key: str
    name: str
    person_id: UUID | None = None
    note: Mapping[str, str] = field(default_factory=dict)
    roles: Sequence[tuple[str, str]] = ()


def insist_on_demo() -> None:
    """Raise `DemoDisabled` unless this town hall is a demo."""
    if not configuration.current().demo:
        raise DemoDisabled(
            "One-click sign-in exists in demo mode only (TOWNHALL_PROFILE=demo). "
            "Sign in with a passkey or a password."
        )


def load_demo_accounts(acting: Acting, *, people: Iterable[DemoPerson]) -> int:
    """Make the demo accounts that are missing; return how many were made.

    Raises
    ------
    DemoDisabled
    """
    insist_on_demo()
    made = 0
    with scope(acting):
        for person in people:
            account, created = Account.objects.get_or_create(
                demo_key=person.key,
                defaults={
                    "email": f"{person.key}@demo.invalid",
                    "person_id": person.person_id or uuid7(),
                    "display_name": person.name,
                    "proofing": "high",
                    "password": "!",
                    "demo_note": dict(person.note),
                },
            )
            made += created
            for role, agency in person.roles:
                RoleGrant.objects.get_or_create(
                    account=account,
                    role=role,
                    agency=agency,
                    revoked_at=None,
                    defaults={"granted_by": acting.actor},
                )
    return made


def demo_people() -> tuple[DemoPerson, ...]:
    """Return the demo accounts, residents first.

    Raises
    ------
    DemoDisabled
    """
    insist_on_demo()
    accounts = Account.objects.with_roles().exclude(demo_key=None).order_by("created_at", "id")
    people = [
        DemoPerson(
            key=account.demo_key or "",
            name=str(account),
            person_id=account.person_id,
            note=account.demo_note,
            roles=account.grants,
        )
        for account in accounts
    ]
    return tuple(sorted(people, key=lambda person: bool(person.roles)))


def sign_in_demo(request: HttpRequest, *, key: str) -> Acting:
    """Sign in as a demo account.

    Raises
    ------
    DemoDisabled
    UnknownDemoPerson
    """
    insist_on_demo()
    account = Account.objects.with_roles().filter(demo_key=key, is_active=True).first()
    if account is None:
        raise UnknownDemoPerson(f"There is no demo account named {key!r}.")
    # A sign-in over another one must not inherit how that one was authenticated.
    auth.logout(request)
    record_authentication(request, account, "demo")
    auth.login(request, account, backend=backends.PATH)
    return context.acting_of(request)
