"""Passkeys in a real browser, with an authenticator that Chromium plays (WebAuthn level 3, §11)."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

pytestmark = pytest.mark.browser

PASSWORD = "otter lantern gravel nine"
EMAIL = "mair@example.org"


class Authenticator:
    """A phone-like authenticator: passkeys that are found without a name, unlocked by finger."""

    def __init__(self, page: Any) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = {"authenticatorId": made["authenticatorId"]}

    @property
    def credentials(self) -> list[dict[str, Any]]:
        return self._session.send("WebAuthn.getCredentials", self._id)["credentials"]

    def use_wrong_finger(self) -> None:
        self._session.send("WebAuthn.setUserVerified", {**self._id, "isUserVerified": False})

    def lose(self) -> None:
        self._session.send("WebAuthn.clearCredentials", self._id)

    def replace(self) -> None:
        """Another device: it knows none of the passkeys, so it may make one more."""
        self.lose()


@pytest.fixture
def authenticator(page: Any) -> Authenticator:
    return Authenticator(page)


def sign_up_with_passkey(page: Any) -> list[str]:
    """Open an account and return its recovery codes."""
    page.goto("/account/signup/passkey/?next=/account/")
    page.get_by_label("Your name").fill("Mair Pugh")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Create passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    codes = page.get_by_role("list", name="Your recovery codes").get_by_role("listitem")
    found = codes.all_inner_texts()
    page.get_by_role("link", name="I have kept them: continue").click()
    page.get_by_role("heading", name="Your account").wait_for()
    return found


def sign_out(page: Any) -> None:
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")


def passkey_names(page: Any) -> list[str]:
    section = page.locator("section", has=page.get_by_role("heading", name="Passkeys"))
    return section.locator("li strong").all_inner_texts()


def test_a_passkey_opens_an_account_and_signs_in_again(
    page: Any, authenticator: Authenticator, owner: psycopg.Connection
) -> None:
    codes = sign_up_with_passkey(page)
    assert len(set(codes)) == 10
    (kept,) = authenticator.credentials
    assert kept["isResidentCredential"]
    sign_out(page)
    page.goto("/account/login/?next=/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="Your account").wait_for()
    levels = owner.execute(
        "SELECT payload->>'assurance' FROM foundation_event WHERE kind = 'identity.signed_in'"
    ).fetchall()
    assert levels == [("low",), ("low",)]  # nobody has proofed this person yet


def test_the_wrong_finger_does_not_sign_in(page: Any, authenticator: Authenticator) -> None:
    sign_up_with_passkey(page)
    sign_out(page)
    authenticator.use_wrong_finger()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("The passkey was not used.").wait_for()
    assert "/account/login/" in page.url


def test_a_second_passkey_can_be_added_named_and_removed(
    page: Any, authenticator: Authenticator
) -> None:
    sign_up_with_passkey(page)
    authenticator.replace()
    page.goto("/account/passkeys/add/")
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Create passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.goto("/account/")
    assert passkey_names(page) == ["Passkey", "My phone"]
    page.get_by_role("link", name="Rename My phone").click()
    page.get_by_label("Name of the passkey").fill("Blue phone")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Blue phone").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("The passkey was removed").wait_for()
    assert passkey_names(page) == ["Passkey"]
    # The browser that did it is still signed in; the last way in cannot be thrown away.
    page.get_by_role("link", name="Remove Passkey").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("This is the only way to sign in to your account.").wait_for()


def test_a_password_alone_does_not_open_an_account_that_has_a_passkey(
    page: Any, authenticator: Authenticator
) -> None:
    sign_up_with_passkey(page)
    page.get_by_role("link", name="Set a password").click()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()
    page.get_by_role("heading", name="Your account").wait_for()
    sign_out(page)
    page.goto("/account/login/?next=/account/")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="One more step").wait_for()
    page.goto("/account/")
    page.get_by_role("heading", name="One more step").wait_for()
    page.get_by_role("button", name="Use my passkey").click()
    page.get_by_role("heading", name="Your account").wait_for()


def test_after_losing_the_device_a_recovery_code_lets_in_and_ends_the_old_ways(
    page: Any, authenticator: Authenticator, owner: psycopg.Connection
) -> None:
    codes = sign_up_with_passkey(page)
    sign_out(page)
    authenticator.lose()
    page.goto("/account/recover/")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Recovery code").fill(codes[3])
    page.get_by_role("button", name="Let me in").click()
    page.get_by_text("Choose how you sign in from now on").wait_for()
    assert passkey_names(page) == []
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Create passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    sign_out(page)
    # The code is used up.
    page.goto("/account/recover/")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Recovery code").fill(codes[3])
    page.get_by_role("button", name="Let me in").click()
    page.get_by_text("do not go together").first.wait_for()
    page.goto("/account/login/?next=/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="Your account").wait_for()


def test_without_script_the_page_says_so_and_the_password_form_works(
    page: Any, served: Any
) -> None:
    context = page.context.browser.new_context(base_url=served.address, java_script_enabled=False)
    plain = context.new_page()
    plain.goto("/account/login/")
    assert plain.get_by_text("Passkeys need scripts").is_visible()
    assert plain.get_by_role("button", name="Sign in with a passkey").count() == 0
    plain.goto("/account/signup/?next=/account/")
    plain.get_by_label("Your name").fill("Mair Pugh")
    plain.get_by_label("Email address").fill(EMAIL)
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("button", name="Create account").click()
    plain.get_by_role("link", name="I have kept them: continue").click()
    assert plain.get_by_role("heading", name="Your account").is_visible()
