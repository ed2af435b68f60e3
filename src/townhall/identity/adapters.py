"""Where this house differs from allauth's habits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils import translation

if TYPE_CHECKING:
    from django.http import HttpRequest

    from townhall.identity.models import Account


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail address, each for a person of its own."""

    def save_user(
        self, request: HttpRequest, user: Account, form: Any, commit: bool = True
    ) -> Account:
        user.display_name = form.cleaned_data.get("name", "")
        user.language = translation.get_language() or "en"
        return super().save_user(request, user, form, commit)


class PasskeyAdapter(DefaultMFAAdapter):
    """Passkeys named for the town hall."""
