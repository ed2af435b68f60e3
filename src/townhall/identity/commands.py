"""`townhall identity`: accounts, and who holds which role."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from townhall.identity.models import Account


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `townhall identity open|codes|close|grant|revoke`."""
    parser = subparsers.add_parser("identity", help="look after accounts and roles")
    actions = parser.add_subparsers(dest="action", required=True)
    opening = _action(actions, "open", "make an account, and codes for the first way in", _open)
    opening.add_argument("--name", required=True, help="as colleagues and residents see it")
    opening.add_argument(
        "--proofing",
        choices=("low", "substantial", "high"),
        default="low",
        help="how surely the person is who they say (low)",
    )
    _action(actions, "codes", "make new recovery codes; the old ones are void", _codes)
    _action(actions, "close", "let nobody sign in with an account any more", _close)
    granting = _action(actions, "grant", "give an account a role", _grant)
    revoking = _action(actions, "revoke", "take a role away, from the next request on", _revoke)
    for one in (granting, revoking):
        one.add_argument("role", help="a role of the pack, or administrator")
        one.add_argument("--agency", default="", help="an agency of the pack (the role's own)")


def _action(
    actions: Any, name: str, words: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = actions.add_parser(name, help=words, description=words)
    one.add_argument("email", help="email address of the account")
    one.set_defaults(run=run, needs_database=True)
    return one


def _open(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.identity import operations

    try:
        account = operations.open_account(
            SYSTEM,
            email=arguments.email,
            display_name=arguments.name,
            proofing=arguments.proofing,
        )
    except operations.AccountExists as error:
        print(error)
        return 1
    print(f"{account.email} is open. The first way in is one of these codes, once each:")
    _print_codes(operations.new_codes(SYSTEM, account=account))
    return 0


def _codes(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.identity import operations

    account = _account(arguments.email)
    if account is None:
        return 1
    print(f"New codes for {account.email}; the old ones are void:")
    _print_codes(operations.new_codes(SYSTEM, account=account))
    return 0


def _close(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.identity import operations

    account = _account(arguments.email)
    if account is None:
        return 1
    operations.close_account(SYSTEM, account=account)
    print(f"{account.email} is closed, and all its sessions have ended.")
    return 0


def _grant(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.identity import operations

    account = _account(arguments.email)
    if account is None:
        return 1
    try:
        operations.grant_role(
            SYSTEM, account_id=account.id, role=arguments.role, agency=arguments.agency
        )
    except operations.UnknownRole as error:
        print(error)
        return 1
    _print_roles(account.email)
    return 0


def _revoke(arguments: argparse.Namespace) -> int:
    from townhall.foundation.acting import SYSTEM
    from townhall.identity import operations

    account = _account(arguments.email)
    if account is None:
        return 1
    if not operations.revoke_role(
        SYSTEM, account_id=account.id, role=arguments.role, agency=arguments.agency
    ):
        print(f"{account.email} does not hold the role {arguments.role}.")
        return 1
    _print_roles(account.email)
    return 0


def _account(email: str) -> Account | None:
    from townhall.identity import operations

    account = operations.account_for_email(email)
    if account is None:
        print(f"There is no account with the email address {email}.")
    return account


def _print_codes(codes: Iterable[str]) -> None:
    for code in codes:
        print(f"  {code}")


def _print_roles(email: str) -> None:
    from townhall.identity import operations

    account = operations.account_for_email(email)
    held = ", ".join(f"{role} ({agency})" for role, agency in account.grants) if account else ""
    print(f"{email} holds: {held or 'no role'}.")
