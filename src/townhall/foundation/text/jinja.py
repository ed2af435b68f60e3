"""The environment in which every page of the house is rendered.

Templates get `_`, `gettext`, `ngettext`, `pgettext`, `pick`, `money`, `date`,
`instant`, `number`, `url`, `static`, and with a request also `request`,
`acting`, `lang`, `dir`, `csp_nonce`, `csrf_token`, `csrf_input`. A name that
does not exist is an error, not an empty place on a page.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from markupsafe import Markup

from townhall.foundation.acting import ANONYMOUS
from townhall.foundation.text import formats, languages, translations


def environment(**options: Any) -> jinja2.Environment:
    """Return Jinja2's environment with the house's globals; named in Django's settings."""
    # Not a default: Django would choose the lenient one.
    options["undefined"] = jinja2.StrictUndefined
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options["extensions"] = [*options.get("extensions", ()), "jinja2.ext.i18n", "jinja2.ext.do"]
    built = jinja2.Environment(**options)  # noqa: S701 - Django's engine sets autoescape
    built.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translations.gettext,
        ngettext=translations.ngettext,
        newstyle=True,
        pgettext=translations.pgettext,
    )
    built.globals.update(_=gettext, gettext=gettext)
    built.globals.update(
        pick=languages.pick,
        money=formats.money,
        number=formats.number,
        date=formats.date,
        instant=formats.instant,
        direction=languages.direction,
        language_names=languages.LANGUAGES,
        offered_languages=languages.offered,
        url=url,
        static=cache(static),  # built files are named by their content: fixed while we run
    )
    return built


def gettext(msgid: str, /, **variables: Any) -> Markup:
    """Return a translated text for a page, its blanks filled with escaped values.

    Does what Jinja's own does, without its two detours for texts that have no blanks:
    they are most of a page, and were half of the time of drawing it.
    """
    text = _as_markup(msgid, languages.current_language())
    return text % variables if variables else text


@cache
def _as_markup(msgid: str, language: str) -> Markup:
    return Markup(translations.gettext(msgid, language))  # noqa: S704 - our own texts, in our files


def url(name: str, /, **arguments: Any) -> str:
    """Return the address of a page by the name of its route."""
    return reverse(name, kwargs=arguments or None)


def context(request: HttpRequest) -> dict[str, Any]:
    """Return what every page knows; a context processor named in Django's settings."""
    language = languages.current_language()
    return {
        "acting": getattr(request, "acting", ANONYMOUS),
        "lang": language,
        "dir": languages.direction(language),
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }
