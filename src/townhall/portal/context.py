"""What the frame of every page knows: language, colours, who is here, where else to go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.template.backends.utils import csrf_input
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from townhall.catalogue import operations as catalogue
from townhall.foundation import settings as configuration
from townhall.foundation.acting import ANONYMOUS, Acting
from townhall.foundation.text import LANGUAGES, current_language, direction, gettext, pick

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "townhall_colours"


@cache
def address_of(name: str) -> str:
    """Return the address of a page without arguments; it never changes while we run."""
    return resolve_url(name)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the frame. here: it leads to the page that is shown."""

    href: str
    text: str
    here: bool = False


class Shell:
    """The frame of one page; each part is worked out when the template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def layout(self) -> str:
        """Name of the template to extend: the whole page, or its main part for a script."""
        return "portal/fragment.html" if is_fragment(self.request) else "portal/base.html"

    @cached_property
    def acting(self) -> Acting:
        return getattr(self.request, "acting", ANONYMOUS)

    @cached_property
    def lang(self) -> str:
        return current_language()

    @property
    def dir(self) -> str:
        return getattr(self.request, "page_direction", None) or direction(self.lang)

    @property
    def theme(self) -> str:
        chosen = self.request.COOKIES.get(THEME_COOKIE, "auto")
        return chosen if chosen in THEMES else "auto"

    @property
    def themes(self) -> list[tuple[str, str]]:
        words = (gettext("As my device"), gettext("Light"), gettext("Dark"))
        return list(zip(THEMES, words, strict=True))

    @property
    def other_languages(self) -> list[tuple[str, str]]:
        offered = configuration.current().languages
        return [(code, LANGUAGES[code]) for code in offered if code != self.lang]

    @property
    def name(self) -> str:
        return gettext("Townhall")

    @property
    def title(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """Name of the town: its first agency in the pack."""
        agency = next(iter(catalogue.pack().agencies.values()), None)
        return pick(agency.title) if agency else ""

    @property
    def demo(self) -> bool:
        return configuration.current().demo

    @property
    def demo_sign_in(self) -> str:
        return address_of("account_demo")

    @property
    def signed_in(self) -> bool:
        return self.acting.actor != "anonymous"

    @property
    def person(self) -> str:
        return self.acting.name

    @property
    def acting_for(self) -> str:
        """Name of the person represented, empty if nobody is."""
        return getattr(self.request, "acting_for_name", "") if self.acting.on_behalf_of else ""

    @property
    def account(self) -> str:
        return address_of("account_home")

    @property
    def sign_in(self) -> str:
        return address_of(django_settings.LOGIN_URL)

    @property
    def sign_out(self) -> str:
        return address_of("account_logout")

    @property
    def here(self) -> str:
        """Where to return to after a choice of language or colours."""
        return self.request.get_full_path() if self.request.method == "GET" else self.request.path

    @property
    def nav(self) -> list[Link]:
        links = [("/services", gettext("Services"))]
        if not self.acting.roles:
            links.append(("/me", gettext("My page")))
            links.append(("/councils", gettext("Find your council")))
        if self.acting.services:
            links.append(("/officer/", gettext("Worklist")))
        if self.acting.roles:
            links.append(("/owner/", gettext("Service workshop")))
        return [Link(href, text, self._is_here(href)) for href, text in links]

    @property
    def footer(self) -> list[Link]:
        links = [
            ("/what-can-i-get", gettext("What can I get?")),
            ("/rules", gettext("The rules")),
            ("/accessibility", gettext("Accessibility")),
            ("/privacy", gettext("Privacy")),
            ("/verify", gettext("Check a letter")),
            ("/ledger", gettext("The public record")),
            ("/developers", gettext("For developers")),
        ]
        return [Link(href, text) for href, text in links]

    def _is_here(self, href: str) -> bool:
        path = self.request.path
        return path == href or path.startswith(href.rstrip("/") + "/")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the frame as `shell`; a context processor named in Django's settings.

    The hidden field against forged forms is made once a page, not once a form: it takes a
    hundred random numbers each time.
    """
    return {"shell": Shell(request), "csrf_input": SimpleLazyObject(lambda: csrf_input(request))}


def is_fragment(request: HttpRequest) -> bool:
    """Say whether a script asks for the main part only."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"
    )


def page(
    request: HttpRequest, template: str, /, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page of the house.

    Parameters
    ----------
    template : below the rooms' `templates/`, e.g. "portal/home.html"; it extends `shell.layout`.
    status : HTTP status; 422 shows the errors of a form.
    """
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    response["Content-Language"] = current_language()
    if getattr(request, "acting", ANONYMOUS).actor != "anonymous":
        response.setdefault("Cache-Control", "private, no-store")
    return response
