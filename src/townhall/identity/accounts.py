"""Finding accounts, and what an administrator does with them."""

from __future__ import annotations

from uuid import UUID

from townhall.foundation import events
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope
from townhall.identity import credentials
from townhall.identity.models import Account
from townhall.identity.roles import insist_on_administrator


class AccountExists(Exception):
    """There is an account with this email address."""


def account_for_email(email: str) -> Account | None:
    """Return the account with this email address, whatever its case."""
    return Account.objects.with_roles().filter(email=email.lower()).first()


def open_account(
    acting: Acting,
    *,
    email: str,
    display_name: str,
    person_id: UUID | None = None,
    password: str | None = None,
    proofing: str = "low",
    language: str = "en",
) -> Account:
    """Make an account for somebody, as at a counter or for a new officer.

    Without a password the first way in is a recovery code (`new_codes`).

    Parameters
    ----------
    person_id : the human being, if the house knows them already.
    proofing : how surely that is so: "low", "substantial" or "high".

    Raises
    ------
    NotAllowed, AccountExists
    """
    insist_on_administrator(acting)
    if account_for_email(email) is not None:
        raise AccountExists(f"There is an account with the email address {email}.")
    with scope(SYSTEM):
        account = Account.objects.open(
            email=email,
            display_name=display_name,
            person_id=person_id,
            password=password,
            proofing=proofing,
            language=language,
        )
        _tell("identity.account_opened", acting, account)
    return account


def close_account(acting: Acting, *, account: Account) -> None:
    """Let nobody sign in with an account any more, and end its sessions at once.

    Raises
    ------
    NotAllowed
    """
    insist_on_administrator(acting)
    with scope(SYSTEM):
        Account.objects.filter(pk=account.pk).update(is_active=False)
        account.end_sessions()
        _tell("identity.account_closed", acting, account)


def new_codes(acting: Acting, *, account: Account) -> tuple[str, ...]:
    """Make recovery codes for somebody whose identity was checked face to face.

    The old codes are void. What the codes let in ends every old password and passkey.

    Raises
    ------
    NotAllowed
    """
    insist_on_administrator(acting)
    with scope(SYSTEM):
        codes = credentials.replace_codes(account)
        _tell("identity.codes_made", acting, account)
    return codes


def name_of(actor: str) -> str:
    """Return the display name behind an actor such as "officer:<uuid>", or ""."""
    kind, _, identifier = actor.partition(":")
    if kind not in ("officer", "person"):
        return ""
    field = "pk" if kind == "officer" else "person_id"
    account = Account.objects.filter(**{field: identifier}).order_by("created_at").first()
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


def _tell(kind: str, acting: Acting, account: Account) -> None:
    events.record(
        kind,
        subject=account.id,
        person_id=None if account.is_officer else account.person_id,
        acting=acting,
    )
