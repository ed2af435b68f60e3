"""Background work: notices by mail, and forgetting what has run out."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.utils import timezone

from townhall.foundation import events, jobs
from townhall.foundation.text import formats, gettext, marked
from townhall.identity.models import Account, forget_attempts

NOTICES = {
    "identity.passkey_added": marked("A passkey was added to your account."),
    "identity.passkey_removed": marked("A passkey was removed from your account."),
    "identity.password_changed": marked("The password of your account was changed."),
    "identity.codes_made": marked("New recovery codes were made for your account."),
    "identity.recovered": marked("Your account was recovered with a recovery code."),
}
"""What a person is told by mail, because a stranger might have done it."""


@events.subscriber(*NOTICES, name="identity.notice", atomic=False)
def send_notice(event: events.Event) -> None:
    """Tell the owner of an account what was done to it, in the account's language."""
    account = Account.objects.filter(pk=event.subject, is_active=True).first()
    if account is None or account.demo_key:
        return
    language = account.language
    lines = (
        gettext(NOTICES[event.kind], language),
        gettext("When: %(when)s", language) % {"when": formats.instant(event.at, language)},
        gettext(
            "If it was you, there is nothing to do. If it was not, sign in, choose “Sign out "
            "everywhere” on your account page, and change your password and passkeys.",
            language,
        ),
    )
    message = EmailMessage(
        subject=gettext("Your Townhall account", language),
        body="\n\n".join(lines),
        to=[account.email],
    )
    message.send()


@jobs.periodic("identity.forget", every=timedelta(hours=1))
def forget() -> None:
    """Delete sessions and counts of attempts that have run out."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    forget_attempts()
