"""Addresses below `/account/`. Names of allauth's are kept: its own redirects use them."""

from __future__ import annotations

from django.urls import URLPattern, path

from townhall.identity.pages import demo, entry, own

urlpatterns: list[URLPattern] = [
    path("", own.home, name="account_home"),
    path("", own.home, name="mfa_index"),
    path("", own.home, name="account_email"),
    path("login/", entry.sign_in, name="account_login"),
    path("login/passkey/", entry.passkey_sign_in, name="mfa_login_webauthn"),
    path("login/second-step/", entry.second_step, name="mfa_authenticate"),
    path("logout/", entry.sign_out, name="account_logout"),
    path("inactive/", entry.inactive, name="account_inactive"),
    path("signup/", entry.sign_up, name="account_signup"),
    path("signup/passkey/", entry.passkey_sign_up, name="account_signup_passkey"),
    path("signup/passkey/create/", entry.passkey_create, name="account_signup_passkey_create"),
    path("recover/", entry.recover, name="account_recover"),
    path("again/", own.reauthenticate, name="account_reauthenticate"),
    path("again/passkey/", own.reauthenticate_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("again/code/", own.reauthenticate_by_code, name="mfa_reauthenticate"),
    path("password/change/", own.change_password, name="account_change_password"),
    path("password/set/", own.set_password, name="account_set_password"),
    path("passkeys/add/", own.add_passkey, name="account_passkey_add"),
    path("passkeys/<int:passkey>/rename/", own.rename_passkey, name="account_passkey_rename"),
    path("passkeys/<int:passkey>/remove/", own.remove_passkey, name="account_passkey_remove"),
    path("codes/", own.codes, name="account_codes"),
    path("codes/new/", own.make_codes, name="account_codes_new"),
    path("devices/<int:session>/end/", own.end_device, name="account_device_end"),
    path("devices/end/", own.end_everywhere, name="account_devices_end"),
    path("demo", demo.people, name="account_demo"),
    path("demo/<str:key>", demo.sign_in, name="account_demo_sign_in"),
]
