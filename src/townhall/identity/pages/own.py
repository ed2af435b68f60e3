"""One's own account: passkeys, password, recovery codes, devices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import views as allauth_pages
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows import reauthentication
from allauth.mfa.base import views as allauth_second
from allauth.mfa.webauthn import views as allauth_passkeys
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from townhall.foundation.text import gettext as _
from townhall.identity import credentials, forms, sessions
from townhall.identity.pages.showing import (
    ShownForm,
    as_json,
    form_context,
    next_url,
    status_of,
    with_next,
)

View = Callable[..., HttpResponse]


def own(view: View) -> View:
    """Wrap a page of somebody signed in: never cached."""
    return never_cache(login_required(view))


def sensitive(view: View) -> View:
    """Wrap a page that asks again who is there, unless that was minutes ago."""
    return own(reauthentication_required(app="allauth.account")(view))


@own
def home(request: HttpRequest) -> HttpResponse:
    """Show everything by which this account can be signed in to, and where it is."""
    account = request.user
    return render(
        request,
        "account/home.html",
        {
            "account": account,
            "passkeys": credentials.passkeys(account),
            "passkeys_possible": credentials.passkeys_possible(request),
            "has_password": account.has_usable_password(),
            "codes_left": credentials.codes_left(account),
            "devices": sessions.devices(request, account=account),
            "said": [(each.level_tag, str(each)) for each in messages.get_messages(request)],
        },
    )


@sensitive
@require_http_methods(["GET", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Have the browser make one more passkey."""
    form = forms.CredentialForm(request.POST or None)
    problem = ""
    if form.is_bound:
        try:
            if not form.is_valid():
                raise credentials.PasskeyRefused
            credentials.add_passkey(
                request,
                account=request.user,
                name=form.cleaned_data["name"] or _("Passkey"),
                credential=form.cleaned_data["credential"],
            )
        except credentials.PasskeyRefused:
            problem = _("That did not work, and no passkey was added. Try again.")
        except credentials.TooManyPasskeys:
            problem = _("You have as many passkeys as an account can have. Remove one first.")
        else:
            messages.success(request, _("The passkey was added. You can sign in with it now."))
            return redirect("account_codes")
    context = {"options": as_json(credentials.creation_options(request.user)), "problem": problem}
    return render(request, "account/passkey_add.html", context, status=422 if problem else 200)


@own
@require_http_methods(["GET", "POST"])
def rename_passkey(request: HttpRequest, passkey: int) -> HttpResponse:
    """Give a passkey another name."""
    kept = _passkey(request, passkey)
    form = forms.PasskeyNameForm(request.POST or None, initial={"name": kept.name})
    if form.is_bound and form.is_valid():
        credentials.rename_passkey(
            account=request.user, passkey=passkey, name=form.cleaned_data["name"]
        )
        return redirect("account_home")
    context = form_context(form) | {"passkey": kept}
    return render(request, "account/passkey_rename.html", context, status=status_of(form))


@sensitive
@require_http_methods(["GET", "POST"])
def remove_passkey(request: HttpRequest, passkey: int) -> HttpResponse:
    """Remove a passkey; every other device is signed out."""
    kept = _passkey(request, passkey)
    problem = ""
    if request.method == "POST":
        try:
            credentials.remove_passkey(request, account=request.user, passkey=passkey)
        except credentials.LastWayIn:
            problem = _(
                "This is the only way to sign in to your account. Add another passkey or set a "
                "password first."
            )
        else:
            messages.success(
                request, _("The passkey was removed, and every other device was signed out.")
            )
            return redirect("account_home")
    return render(
        request,
        "account/passkey_remove.html",
        {"passkey": kept, "problem": problem},
        status=422 if problem else 200,
    )


@own
def codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes once; afterwards only how many are left."""
    # Whoever has just signed up or in made them visible; an old session asks again.
    shown = None
    if reauthentication.did_recently_reauthenticate(request):
        shown = credentials.reveal_codes(request.user)
    context = {
        "codes": shown,
        "left": credentials.codes_left(request.user),
        "going": next_url(request) or reverse("account_home"),
    }
    return render(request, "account/codes.html", context)


@sensitive
@require_POST
def make_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes."""
    credentials.make_codes(request, account=request.user)
    return redirect("account_codes")


@own
@require_POST
def end_device(request: HttpRequest, session: int) -> HttpResponse:
    """Sign one device out."""
    if not sessions.end_device(request, account=request.user, session=session):
        raise Http404
    messages.success(request, _("The device was signed out."))
    return redirect("account_home")


@own
@require_POST
def end_everywhere(request: HttpRequest) -> HttpResponse:
    """Sign every device out, this one too."""
    sessions.end_everywhere(request, account=request.user)
    return redirect("account_login")


class ChangePassword(ShownForm, allauth_pages.PasswordChangeView):
    """Another password."""

    form_class = forms.ChangePasswordForm


class SetPassword(ShownForm, allauth_pages.PasswordSetView):
    """A first password, or a new one after recovery."""

    form_class = forms.SetPasswordForm


class Reauthenticate(ShownForm, allauth_pages.ReauthenticateView):
    """The password again, before something that matters."""

    form_class = forms.ReauthenticateForm


class ReauthenticateByPasskey(allauth_passkeys.ReauthenticateWebAuthnView):
    """The passkey again, before something that matters."""

    template_name = "account/reauthenticate_passkey.html"
    form_class = forms.PasskeyAgainForm

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        context = super().get_context_data(**given)
        options = as_json(context["js_data"]["request_options"])
        return context | {"options": options, "going": next_url(self.request)}

    def form_invalid(self, form: Any) -> HttpResponse:
        return redirect(with_next(self.request.path, self.request))


class ReauthenticateByCode(ShownForm, allauth_second.ReauthenticateView):
    """A recovery code, before something that matters."""

    template_name = "account/reauthenticate_code.html"


def _passkey(request: HttpRequest, passkey: int) -> credentials.Passkey:
    found = [each for each in credentials.passkeys(request.user) if each.id == passkey]
    if not found:
        raise Http404
    return found[0]


change_password = own(ChangePassword.as_view())
set_password = sensitive(SetPassword.as_view())
reauthenticate = own(Reauthenticate.as_view())
reauthenticate_by_passkey = own(ReauthenticateByPasskey.as_view())
reauthenticate_by_code = own(ReauthenticateByCode.as_view())
