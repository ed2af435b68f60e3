"""Where an account is signed in, and how that ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib import auth
from django.http import HttpRequest

from townhall.identity.models import Account
from townhall.identity.telling import tell


@dataclass(frozen=True, slots=True)
class DeviceSession:
    """One sign-in: browser and system in words, address, since when."""

    id: int
    device: str
    ip: str
    since: datetime
    current: bool


def note(request: HttpRequest) -> None:
    """Remember the device of a sign-in that has just happened."""
    UserSession.objects.create_from_request(request)


def devices(request: HttpRequest, *, account: Account) -> tuple[DeviceSession, ...]:
    """Return where the account is signed in, this device first."""
    rows = UserSession.objects.purge_and_list(account)
    found = [
        DeviceSession(
            row.pk,
            device_of(row.user_agent),
            row.ip,
            row.created_at,
            row.session_key == request.session.session_key,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda each: (not each.current, -each.since.timestamp())))


def end_device(request: HttpRequest, *, account: Account, session: int) -> bool:
    """Sign one device out; return whether it was this account's."""
    row = UserSession.objects.filter(user=account, pk=session).first()
    if row is None:
        return False
    row.end()
    tell(request, "identity.session_ended", account)
    return True


def end_others(request: HttpRequest, *, account: Account) -> None:
    """Sign every other device out, also those that no list knows."""
    account.end_sessions()
    keep = request.session.session_key
    for row in UserSession.objects.filter(user=account).exclude(session_key=keep):
        row.end()
    if request.user == account:
        # Agrees with the new epoch again, under a new key.
        request.user.session_epoch = account.session_epoch
        auth.update_session_auth_hash(request, account)
        UserSession.objects.filter(user=account, session_key=keep).update(
            session_key=request.session.session_key
        )


def end_everywhere(request: HttpRequest, *, account: Account) -> None:
    """Sign every device out, this one too."""
    tell(request, "identity.signed_out_everywhere", account)
    account.end_sessions()
    for row in UserSession.objects.filter(user=account):
        row.end()
    auth.logout(request)


def device_of(user_agent: str) -> str:
    """Return browser and system in words, e.g. "Firefox, Android"; "" if neither is known."""
    browsers = (
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    )
    found = [
        next((words for sign, words in known if sign in user_agent), "")
        for known in (browsers, systems)
    ]
    return ", ".join(filter(None, found))
