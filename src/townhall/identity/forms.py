"""Forms of the account pages: allauth's, with the fields that this house asks."""

from __future__ import annotations

from allauth.account import forms as account_forms
from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(account_forms.SignupForm):
    """A name beside e-mail and password, so that letters can address people."""

    name = forms.CharField(label=_("Your name"), max_length=200, strip=True)
    field_order = ("name", "email", "password1")
