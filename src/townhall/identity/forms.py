"""Forms of the account pages: what is asked, and what is said when an answer will not do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from townhall.identity import credentials
from townhall.identity.models import Account
from townhall.identity.words import lazy_gettext as _

if TYPE_CHECKING:
    from allauth.mfa.models import Authenticator
    from django.http import HttpRequest

NAME_LENGTH = 200
_EMAIL_ERRORS = {
    "required": _("Enter your email address."),
    "invalid": _("Enter an email address like name@example.org."),
}
_NAME_ERRORS = {"required": _("Enter your name.")}


def _plain_name(value: str) -> str:
    if not value.isprintable():
        raise ValidationError(_("Enter your name with letters, spaces and hyphens."))
    return value


class SignInForm(account_forms.LoginForm):
    """Email address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages |= _EMAIL_ERRORS
        self.fields["password"].error_messages["required"] = _("Enter your password.")
        self.fields["password"].max_length = 1_000


class SignUpForm(account_forms.SignupForm):
    """Name, email address and password of a new account."""

    name = forms.CharField(
        max_length=NAME_LENGTH, strip=True, error_messages=_NAME_ERRORS, validators=[_plain_name]
    )
    field_order = ("name", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages |= _EMAIL_ERRORS
        self.fields["password1"].error_messages["required"] = _("Choose a password.")

    def save(self, request: HttpRequest) -> Account:
        with transaction.atomic():
            account = super().save(request)
            credentials.make_codes(request, account=account)
        return account


class PasskeySignUpForm(forms.Form):
    """Name and email address of an account that will have a passkey."""

    name = forms.CharField(
        max_length=NAME_LENGTH, strip=True, error_messages=_NAME_ERRORS, validators=[_plain_name]
    )
    email = forms.EmailField(error_messages=_EMAIL_ERRORS)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if Account.objects.filter(email=email).exists():
            raise get_adapter().validation_error("email_taken")
        return email


class RecoverForm(forms.Form):
    """Email address and one recovery code."""

    email = forms.EmailField(error_messages=_EMAIL_ERRORS)
    code = forms.CharField(
        max_length=40, error_messages={"required": _("Enter one of your recovery codes.")}
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class _AnyAnswer:
    """Mix-in for allauth's forms: what fido2 makes of a hostile answer is no server error."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise mfa_adapter().validation_error("incorrect_code") from error


class PasskeySignInForm(_AnyAnswer, passkey_forms.LoginWebAuthnForm):
    """The browser's answer at sign-in."""


class SecondStepForm(_AnyAnswer, passkey_forms.AuthenticateWebAuthnForm):
    """The browser's answer after the password."""


class PasskeyAgainForm(_AnyAnswer, passkey_forms.ReauthenticateWebAuthnForm):
    """The browser's answer before something that matters."""


class CredentialForm(forms.Form):
    """What the browser says about a passkey."""

    credential = forms.JSONField()
    name = forms.CharField(max_length=credentials.NAME_LENGTH, required=False, strip=True)


class PasskeyNameForm(forms.Form):
    """Another name for a passkey."""

    name = forms.CharField(
        max_length=credentials.NAME_LENGTH,
        strip=True,
        error_messages={"required": _("Enter a name for the passkey.")},
    )


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """The current password and a new one, typed once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["oldpassword"].error_messages["required"] = _("Enter your current password.")
        self.fields["password1"].error_messages["required"] = _("Choose a password.")


class SetPasswordForm(account_forms.SetPasswordForm):
    """A password for an account that has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"].error_messages["required"] = _("Choose a password.")


class ReauthenticateForm(account_forms.ReauthenticateForm):
    """The password again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = _("Enter your password.")
