"""Where this house differs from allauth's habits."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings as django_settings
from django.contrib import messages
from django.urls import reverse
from django.utils import translation

from townhall.foundation import settings as configuration
from townhall.identity.words import lazy_gettext as _

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator
    from django.http import HttpRequest

    from townhall.identity.models import Account

NONCE_BYTES = 12


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by email address, each for a person of its own."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "The email address or the password is not right. Check both and try again."
        ),
        "email_taken": _(
            "There is an account with this email address. Sign in, or use another address."
        ),
        "incorrect_password": _("The password is not right. Try again."),
        "enter_current_password": _("This is not your current password. Try again."),
        "too_many_login_attempts": _(
            "Too many attempts. Wait five minutes and try again, or use your passkey."
        ),
    }

    def save_user(
        self, request: HttpRequest, user: Account, form: Any, commit: bool = True
    ) -> Account:
        user.display_name = form.cleaned_data.get("name", "")
        user.language = translation.get_language() or "en"
        return super().save_user(request, user, form, commit)

    def reauthenticate(self, user: Account, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_safe_url(self, url: str) -> bool:
        # Only addresses of this house, and never with a host: what the browser makes of
        # "//host", backslashes or control characters is not worth arguing about.
        parts = urlsplit(url)
        return (
            url.startswith("/")
            and not (parts.scheme or parts.netloc)
            and url.isprintable()
            and super().is_safe_url(url)
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_home")

    def add_message(  # noqa: PLR0917 - allauth's own signature
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        # Its own words about what went well are left out: the pages say it in two languages.
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)


class PasskeyAdapter(DefaultMFAAdapter):
    """Passkeys bound to the public address; the secret behind recovery codes encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That did not work. Try again, or use another way to sign in."),
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        settings = configuration.current()
        public = urlsplit(settings.base_url).hostname or ""
        # Without TLS only `localhost` can have passkeys, whatever the public address says.
        asked = context.request.get_host().partition(":")[0]
        return {"id": public if settings.secure else asked, "name": "Townhall"}

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:
        return str(_("Passkey"))

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(_key()).encrypt(nonce, text.encode(), None)
        return base64.b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return AESGCM(_key()).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()


def _key() -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"townhall.identity.recovery-codes")
    return derived.derive(django_settings.SECRET_KEY.encode())
