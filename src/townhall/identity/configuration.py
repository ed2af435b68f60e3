"""Django's settings for sign-in, kept in the room that answers for them.

`django_settings` takes these in; nothing here is for an operator to change.
"""

from __future__ import annotations

from typing import Any

APPS = (
    "townhall.identity.apps.IdentityConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
)
MIDDLEWARE = (
    "allauth.account.middleware.AccountMiddleware",
    "townhall.identity.middleware.ActingMiddleware",
)
"""Behind `AuthenticationMiddleware` and `MessageMiddleware`, in this order."""


def settings(*, secure: bool) -> dict[str, Any]:
    """Return the settings by name.

    Parameters
    ----------
    secure : this town hall is reached over TLS. Without it, passkeys work on the
        name `localhost` only (WebAuthn's own rule), and allauth has to be told
        that an origin without TLS is meant.
    """
    return {
        "AUTH_USER_MODEL": "identity.Account",
        "AUTHENTICATION_BACKENDS": ["townhall.identity.backends.AccountBackend"],
        "PASSWORD_HASHERS": ["townhall.identity.passwords.Argon2"],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": "townhall.identity.passwords.LongEnough"},
            {"NAME": "townhall.identity.passwords.NotPersonal"},
            {"NAME": "townhall.identity.passwords.NotKnown"},
        ],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "/",
        "LOGOUT_REDIRECT_URL": "/",
        "ACCOUNT_ADAPTER": "townhall.identity.adapters.AccountAdapter",
        "MFA_ADAPTER": "townhall.identity.adapters.PasskeyAdapter",
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        # There is no mail server yet: an address cannot be verified, so nothing may hang on
        # its being verified, and no password can be had again through it.
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        # The cookie ends with the browser: many residents use a computer of the library.
        "ACCOUNT_SESSION_REMEMBER": False,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "SESSION_COOKIE_AGE": 12 * 60 * 60,
        "ACCOUNT_LOGOUT_ON_GET": False,
        "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 300,
        # Our own notices follow from events (`jobs.send_notice`), never inside a request.
        "ACCOUNT_EMAIL_NOTIFICATIONS": False,
        "ACCOUNT_RATE_LIMITS": {
            # An address may be a whole library or a mobile network; an account is one person.
            "login": "60/m/ip",
            "login_failed": "20/m/ip,5/5m/key",
            "signup": "20/m/ip",
            "reauthenticate": "10/m/user",
            "change_password": "5/m/user",
            "recover": "10/m/ip,5/15m/key",
        },
        "MFA_RATE_LIMITS": {"webauthn_login": "60/m/ip"},
        "MFA_SUPPORTED_TYPES": ["webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_WEBAUTHN_USER_VERIFICATION": "required",
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not secure,
        "MFA_RECOVERY_CODES_SHOW_ONCE": True,
        "MFA_RECOVERY_CODE_DIGITS": 10,
        "USERSESSIONS_TRACK_ACTIVITY": False,
        # With TLS there is a proxy in front, and the address it adds is the client's. Without
        # this all people would share one limit.
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1 if secure else 0,
        # Limits have to hold over all web processes, and a restart must not reset them.
        "CACHES": {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "identity_attempt",
                "OPTIONS": {"MAX_ENTRIES": 1_000_000},
            }
        },
    }
