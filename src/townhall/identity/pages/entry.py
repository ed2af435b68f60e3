"""The way in: sign in, sign up with password or passkey, recover, sign out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account import views as allauth_pages
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.signup import complete_signup
from allauth.core.internal import ratelimit
from allauth.mfa.base import views as allauth_second
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn import views as allauth_passkeys
from django.contrib import auth, messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from townhall.foundation import settings as configuration
from townhall.foundation.database.identifiers import uuid7
from townhall.foundation.text import current_language
from townhall.foundation.text import gettext as _
from townhall.identity import backends, credentials, forms
from townhall.identity.models import Account
from townhall.identity.pages.showing import (
    ShownForm,
    as_json,
    form_context,
    next_url,
    status_of,
    with_next,
)

PENDING = "identity.pending_sign_up"


class _Entrance(ShownForm):
    """The same, for pages of people who are not signed in."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(**given) | {
            "demo": configuration.current().demo,
            "said": [str(each) for each in messages.get_messages(self.request)],
            "passkeys_possible": credentials.passkeys_possible(self.request),
        }


@method_decorator(never_cache, name="dispatch")
class SignIn(_Entrance, allauth_pages.LoginView):
    """Email address and password, or a passkey."""

    form_class = forms.SignInForm


@method_decorator(never_cache, name="dispatch")
class SignUp(_Entrance, allauth_pages.SignupView):
    """A new account with a password."""

    form_class = forms.SignUpForm

    def get_success_url(self) -> str:
        return with_next(reverse("account_codes"), self.request)

    def form_valid(self, form: forms.SignUpForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except IntegrityError:
            # Two sign-ups at once with one address: the other one was first.
            form.add_error("email", self._taken())
            return self.form_invalid(form)

    def _taken(self) -> Any:
        return allauth_pages.get_adapter().validation_error("email_taken")


@method_decorator(never_cache, name="dispatch")
class SecondStep(allauth_second.AuthenticateView):
    """After the password, the passkey that the account also has."""

    template_name = "account/second_step.html"
    webauthn_form_class = forms.SecondStepForm

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        context = super().get_context_data(**given)
        options = as_json(context["js_data"]["request_options"])
        return context | form_context(context["form"]) | {"options": options}


@method_decorator(never_cache, name="dispatch")
class PasskeySignIn(allauth_passkeys.LoginWebAuthnView):
    """Options for the browser (GET by script) and its answer (POST)."""

    form_class = forms.PasskeySignInForm

    def form_invalid(self, form: Any) -> HttpResponse:
        super().form_invalid(form)
        return redirect(with_next(reverse("account_login"), self.request))


@never_cache
@ratelimit.decorator(app="allauth.account", action="signup")
@require_http_methods(["GET", "POST"])
def passkey_sign_up(request: HttpRequest) -> HttpResponse:
    """Ask name and email address of somebody who wants a passkey and no password."""
    if request.user.is_authenticated:
        return redirect("account_home")
    form = forms.PasskeySignUpForm(request.POST or None)
    if form.is_bound and form.is_valid():
        request.session[PENDING] = {
            "id": str(uuid7()),
            "name": form.cleaned_data["name"],
            "email": form.cleaned_data["email"],
        }
        return redirect(with_next(reverse("account_signup_passkey_create"), request))
    context = form_context(form) | {
        "going": next_url(request),
        "passkeys_possible": credentials.passkeys_possible(request),
    }
    return render(request, "account/signup_passkey.html", context, status=status_of(form))


@never_cache
@ratelimit.decorator(app="allauth.account", action="signup")
@require_http_methods(["GET", "POST"])
def passkey_create(request: HttpRequest) -> HttpResponse:
    """Have the browser make the passkey; the account is made together with it, or not at all."""
    pending = request.session.get(PENDING)
    if request.user.is_authenticated or not pending:
        return redirect(with_next(reverse("account_signup"), request))
    account = Account(
        id=UUID(pending["id"]),
        email=pending["email"],
        display_name=pending["name"],
        language=current_language(),
    )
    account.set_unusable_password()
    form = forms.CredentialForm(request.POST or None)
    problem = ""
    if form.is_bound:
        if form.is_valid():
            try:
                return _open_with_passkey(request, account, form.cleaned_data["credential"])
            except IntegrityError:
                del request.session[PENDING]
                return redirect(with_next(reverse("account_login"), request))
            except credentials.PasskeyRefused:
                problem = _("That did not work. Try again, or use a password instead.")
        else:
            problem = _("That did not work. Try again, or use a password instead.")
    context = {
        "options": as_json(credentials.creation_options(account)),
        "account": account,
        "going": next_url(request),
        "problem": problem,
    }
    return render(
        request, "account/signup_passkey_create.html", context, status=422 if problem else 200
    )


def _open_with_passkey(
    request: HttpRequest, account: Account, credential: dict[str, Any]
) -> HttpResponse:
    with transaction.atomic():
        account.save(force_insert=True)
        kept = credentials.add_passkey(
            request, account=account, name=_("Passkey"), credential=credential
        )
    del request.session[PENDING]
    post_authentication(request, kept, passwordless=True, reauthenticated=True)
    going = with_next(reverse("account_codes"), request)
    return complete_signup(request, user=account, redirect_url=going)


@never_cache
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Sign in with a recovery code, after which everything else has to be chosen anew."""
    if request.user.is_authenticated:
        return redirect("account_home")
    form = forms.RecoverForm(request.POST or None)
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"].lower()
        allowed = ratelimit.consume(request, app="allauth.account", action="recover", key=email)
        if not allowed:
            return ratelimit.respond_429(request)
        account = Account.objects.with_roles().filter(email=email, is_active=True).first()
        if account and credentials.recover(
            request, account=account, code=form.cleaned_data["code"]
        ):
            return _recovered(request, account)
        form.add_error(None, _("This email address and code do not go together. Try again."))
    context = form_context(form) | {"going": next_url(request)}
    return render(request, "account/recover.html", context, status=status_of(form))


def _recovered(request: HttpRequest, account: Account) -> HttpResponseRedirect:
    auth.logout(request)
    account.refresh_from_db(fields=["password", "session_epoch"])
    record_authentication(request, account, "recovery_code", reauthenticated=True)
    auth.login(request, account, backend=backends.PATH)
    return redirect("account_home")


sign_in = SignIn.as_view()
sign_up = SignUp.as_view()
second_step = SecondStep.as_view()
passkey_sign_in = PasskeySignIn.as_view()
sign_out = never_cache(allauth_pages.LogoutView.as_view())
inactive = never_cache(allauth_pages.AccountInactiveView.as_view())
