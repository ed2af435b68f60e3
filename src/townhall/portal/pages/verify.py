"""Is this letter genuine? A public page that names nobody."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from townhall.cases import errors as failures
from townhall.cases import operations as cases
from townhall.cases.views import LetterCheck, LetterView
from townhall.foundation.text import formats, gettext, pick
from townhall.portal.context import page
from townhall.portal.fields import size_in_words

MAX_LETTER = 5_000_000


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a letter, and for the file if its bytes are to be compared."""
    if request.method != "POST":
        return _show(request, "", None)
    code = clean(request.POST.get("code", ""))
    upload = request.FILES.get("letter")
    if not code:
        return _show(request, "", None, missing=True)
    if upload is None:
        return redirect(f"/verify/{code}")
    content = upload.read(MAX_LETTER + 1)
    return _show(request, code, content)


@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether a code belongs to a letter of this town hall; the QR on letters leads here."""
    return _show(request, clean(code), None)


def clean(given: str) -> str:
    """Return a code as somebody typed it, without what can be in none."""
    return re.sub(r"[^0-9A-Za-z-]", "", given)[:60]


def _show(
    request: HttpRequest, given: str, content: bytes | None, *, missing: bool = False
) -> HttpResponse:
    letter: LetterCheck | None = None
    if given:
        try:
            letter = cases.verify_letter(code=given, content=content)
        except failures.NotFound:
            letter = None
    return page(
        request,
        "portal/verify.html",
        status=422 if missing else 200 if letter or not given else 404,
        code=given,
        errors=[("#f-code", gettext("Enter the code that stands at the foot of the letter."))]
        if missing
        else [],
        letter=letter,
        rows=_rows(letter) if letter else [],
        matches=letter.matches if letter else None,
        limit=size_in_words(MAX_LETTER),
    )


def _rows(letter: LetterCheck) -> list[dict[str, str]]:
    return [
        {"label": gettext("Letter"), "value": pick(letter.title)},
        *origin(letter),
        {"label": gettext("Fingerprint (SHA-256)"), "value": letter.sha256},
    ]


def origin(letter: LetterCheck | LetterView) -> list[dict[str, str]]:
    """Return from whom a letter is and of which case and day: what stands on the paper, too."""
    return [
        {"label": gettext("Service"), "value": pick(letter.service_title)},
        {"label": gettext("From"), "value": pick(letter.agency_title)},
        {"label": gettext("Case number"), "value": letter.number},
        {"label": gettext("Issued"), "value": formats.instant(letter.issued_at)},
    ]
