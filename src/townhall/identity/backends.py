"""How an account is found for a password and, at each request, for a session."""

from __future__ import annotations

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from townhall.foundation import settings as configuration
from townhall.identity.models import Account


class AccountBackend(AuthenticationBackend):
    """allauth's sign-in by password; the session's account comes with its roles in one query."""

    def user_can_authenticate(self, user: Account) -> bool:
        # A database that once was a demo keeps its demo accounts, but nobody comes in by them.
        if user.demo_key is not None and not configuration.current().demo:
            return False
        return super().user_can_authenticate(user)

    def get_user(self, user_id: UUID | str) -> Account | None:
        account = Account.objects.of_session(user_id)
        return account if account is not None and self.user_can_authenticate(account) else None


PATH = "townhall.identity.backends.AccountBackend"
