"""Check a receipt: the reader's own browser does it, here or from a file that they keep."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from markupsafe import Markup

from townhall.foundation.text import current_language, direction, formats
from townhall.ledger import showing
from townhall.ledger.engine.histories import Era
from townhall.ledger.operator import demonstration
from townhall.portal import assets, receiptwords
from townhall.portal.context import Shell, page

FILE_NAME = "check-a-receipt.html"
HISTORY_NAME = "policies.json"
_BUILT = Path(assets.__file__).parent / "static" / "portal"
_ICONS = ("check", "clock", "help", "no")


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Show where receipts are checked. Whatever is chosen there stays in the browser."""
    return page(request, "portal/receipt_check.html", **_checker())


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Hand out the same as one file that needs no server, to be kept beside the receipt."""
    style, script = _inlined("style", "receipt-file.css"), _inlined("script", "receipt.js")
    rules = (
        f"default-src 'none'; script-src '{script.source}'; style-src '{style.source}';"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )
    html = render_to_string(
        "portal/receipt_file.html",
        {
            **_checker(kept=True),
            "town": Shell(request).place,
            "lang": current_language(),
            "dir": direction(current_language()),
            "made": formats.instant(datetime.now(UTC)),
            "rules": rules,
            "style": style.element,
            "script": script.element,
            "icons": _icons(),
        },
    )
    response = HttpResponse(html)
    response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    response["Content-Security-Policy"] = f"{rules}; frame-ancestors 'none'"
    response["Content-Language"] = current_language()
    return response


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Hand out all policies as one file that leads from any of them to the newest."""
    found = showing.history()
    if found is None:
        raise Http404
    response = HttpResponse(found.render(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{HISTORY_NAME}"'
    response["Cache-Control"] = "public, max-age=60"  # every signature in it was checked for this
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _checker(*, kept: bool = False) -> dict[str, Any]:
    """Return what the part of the page that the script takes over is drawn from.

    Parameters
    ----------
    kept
        Whether it is for the file, which may be older than the receipt.
    """
    eras = showing.policies()
    told = [{"since": each.since, "text": each.policy.text.decode()} for each in eras]
    policies = [each.policy for each in eras]
    return {
        "words": json.dumps(receiptwords.words(policies, kept=kept), ensure_ascii=False),
        "policies": json.dumps(told, ensure_ascii=False),
        "known": [_row(each) for each in reversed(eras)],
        "demonstration": bool(told) and demonstration.is_demonstration(told[-1]["text"]),
    }


def _row(era: Era) -> dict[str, Any]:
    policy = era.policy
    counting = policy.quorum.parties if policy.quorum else frozenset()
    parties = [receiptwords.party(each) for each in policy.witnesses if each.key.name in counting]
    return {
        "parties": list(dict.fromkeys(parties)),
        "since": formats.date(datetime.fromtimestamp(era.since, UTC).date()),
        "faults": policy.faults or 0,
        "to_fork": policy.smallest_intersection(),
        "fingerprint": sha256(policy.text).hexdigest(),
    }


class _Inlined:
    """A built file as an element of the page, and how a content policy names it."""

    def __init__(self, tag: str, attributes: str, content: str) -> None:
        digest = b64encode(sha256(content.encode()).digest()).decode()
        self.source = f"sha256-{digest}"
        self.element = Markup(f"<{tag}{attributes}>{content}</{tag}>")  # noqa: S704 - our own file


@cache
def _inlined(tag: str, name: str) -> _Inlined:
    content = _read(name)
    if f"</{tag}" in content.lower():
        raise ValueError(f"{name} cannot stand in a page: it has the end of its own element")
    return _Inlined(tag, ' type="module"' if tag == "script" else "", content)


@cache
def _icons() -> Markup:
    symbols = _read("icons.svg").split("<symbol ")[1:]
    chosen = [each for each in symbols if each.startswith(tuple(f'id="{name}"' for name in _ICONS))]
    drawn = "".join(f"<symbol {each.partition('</svg>')[0].strip()}" for each in chosen)
    return Markup(f'<svg class="th-hide" aria-hidden="true">{drawn}</svg>')  # noqa: S704 - our own file


def _read(name: str) -> str:
    built = assets.built(name)
    if built is None:
        raise FileNotFoundError(f"{name} was not built")
    return (_BUILT / built).read_text(encoding="utf-8")
