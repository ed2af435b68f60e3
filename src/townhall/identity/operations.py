"""What can be done with identity: who acts, roles, accounts, demo sign-ins."""

from townhall.identity.accounts import (
    AccountExists,
    account_for_email,
    close_account,
    name_of,
    new_codes,
    open_account,
    person_behind,
)
from townhall.identity.context import acting_of
from townhall.identity.demo import (
    DemoDisabled,
    DemoPerson,
    UnknownDemoPerson,
    demo_people,
    load_demo_accounts,
    sign_in_demo,
)
from townhall.identity.roles import NotAllowed, UnknownRole, grant_role, revoke_role
from townhall.identity.signals import signed_in

__all__ = [
    "AccountExists",
    "DemoDisabled",
    "DemoPerson",
    "NotAllowed",
    "UnknownDemoPerson",
    "UnknownRole",
    "account_for_email",
    "acting_of",
    "close_account",
    "demo_people",
    "grant_role",
    "load_demo_accounts",
    "name_of",
    "new_codes",
    "open_account",
    "person_behind",
    "revoke_role",
    "sign_in_demo",
    "signed_in",
]
