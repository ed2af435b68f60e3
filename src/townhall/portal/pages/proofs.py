"""Receipts of letters: how far the record of a letter has come, and the file that proves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from townhall.cases import errors as failures
from townhall.cases import operations as cases
from townhall.foundation.text import formats, gettext, pick
from townhall.ledger import receipts, showing
from townhall.ledger.engine.promises import Promise
from townhall.ledger.engine.receipts import Receipt
from townhall.portal import keys, ledgerwords, receiptcodes
from townhall.portal.context import page
from townhall.portal.pages import verify
from townhall.portal.pages.errors import answering, explain

FILE = "application/json"


@require_safe
@answering
def receipt(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Say how far the record of a letter has come; offer the receipt once it is final."""
    acting = acting_with_key(request)
    view, progress = cases.letter_progress(acting, letter_id=letter_id)
    final = progress is not None and progress.state == receipts.FINAL
    promised = cases.letter_promise(acting, letter_id=letter_id)
    suffix = f"?case={request.GET['case']}" if request.GET.get("case") else ""
    return page(
        request,
        "portal/receipt.html",
        letter={"title": pick(view.title), "href": f"/letters/{letter_id}{suffix}"},
        case=f"/cases/{view.case_id}",
        rows=verify.origin(view),
        steps=_steps(progress.state if progress else ""),
        final=final,
        refused=progress is not None and progress.state == receipts.REFUSED,
        number=formats.number(progress.index + 1)
        if progress and progress.index is not None
        else "",
        file=f"/letters/{letter_id}/receipt.json{suffix}",
        code=_code(acting, letter_id, suffix) if final else None,
        promise={
            "ask": f"/letters/{letter_id}/promise{suffix}",
            "asked": "asked" in request.GET,
            "file": f"/letters/{letter_id}/promise.json{suffix}" if promised else "",
            "due": _due(promised) if promised else "",
            "witnesses": ledgerwords.witness_pages(vouching)
            if (vouching := showing.witnesses())
            else [],
        },
    )


@require_POST
@answering
def ask_for_promise(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Ask for the record's signed word about one's own letter."""
    cases.ask_for_letter_promise(acting_with_key(request), letter_id=letter_id)
    wanted = {"asked": "1", **({"case": request.GET["case"]} if request.GET.get("case") else {})}
    return HttpResponseRedirect(f"/letters/{letter_id}/receipt?{urlencode(wanted)}")


@require_safe
@answering
def promise(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Hand out the record's signed word about one's own letter."""
    content = cases.letter_promise(acting_with_key(request), letter_id=letter_id)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=FILE)
    response["Content-Disposition"] = 'attachment; filename="promise.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@answering
def file(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Hand out the receipt of one's own letter."""
    acting = acting_with_key(request)
    view, _ = cases.letter_progress(acting, letter_id=letter_id)
    return handed_out(
        request,
        lambda: cases.letter_receipt(acting, letter_id=letter_id),
        name=f"{view.number}-{view.kind}",
    )


@require_safe
@answering
def file_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the receipt of a letter to whoever holds its code."""
    try:
        letter = cases.verify_letter(code=code)
    except failures.NotFound as error:
        raise Http404 from error
    return by_code(request, code, name=f"{letter.number}-{letter.kind}")


def by_code(
    request: HttpRequest,
    code: str,
    answer: Callable[[Receipt], HttpResponse] | None = None,
    *,
    name: str = "",
) -> HttpResponse:
    """Return the receipt of the letter with this code; see `handed_out`."""
    try:
        return handed_out(request, lambda: cases.receipt_by_code(code), answer, name=name)
    except failures.NotFound as error:
        raise Http404 from error


def handed_out(
    request: HttpRequest,
    make: Callable[[], Receipt | None],
    answer: Callable[[Receipt], HttpResponse] | None = None,
    *,
    name: str = "",
) -> HttpResponse:
    """Return a receipt, or say why there is none yet.

    Parameters
    ----------
    answer
        In which form; None: as a file.
    name
        Of what it is the receipt, as the file is to be called: beside its letter, say.
    """
    try:
        made = make()
    except receipts.NotFinalYet:
        return explain(
            request,
            404,
            gettext("The receipt is not ready yet"),
            [
                gettext("Enough witnesses must sign first, usually within a minute."),
                gettext("Load this page again later."),
            ],
        )
    except receipts.NoWitnesses:
        return explain(
            request,
            404,
            gettext("There are no receipts here"),
            [gettext("This town hall has no witnesses who could sign its record.")],
        )
    if made is None:
        return explain(
            request,
            404,
            gettext("There is no such receipt"),
            [
                gettext("Nothing is recorded here, or not enough witnesses have signed it yet."),
                gettext("A new entry has its receipt usually within a minute."),
            ],
            links=[(gettext("The public record"), "/ledger")],
        )
    return answer(made) if answer else _file(made, name)


def _file(made: Receipt, name: str) -> HttpResponse:
    response = HttpResponse(made.render(), content_type=FILE)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}-receipt.json")
    response["Cache-Control"] = "private, no-store"
    return response


def acting_with_key(request: HttpRequest) -> Any:
    """Return who asks, or whoever holds the key of the case that the address names."""
    acting = request.acting  # type: ignore[attr-defined]
    wanted = request.GET.get("case", "")
    if acting.actor == "anonymous" and wanted:
        try:
            return keys.acting_for(request, UUID(wanted))
        except ValueError as error:
            raise Http404 from error
    return acting


def _code(acting: Any, letter_id: UUID, suffix: str) -> receiptcodes.Shown | None:
    """Return what shows the receipt as a QR code; None if it is gone in this very moment."""
    try:
        made = cases.letter_receipt(acting, letter_id=letter_id)
    except (receipts.NotFinalYet, receipts.NoWitnesses):
        return None
    if made is None:
        return None
    return receiptcodes.shown(made, f"/letters/{letter_id}/receipt.svg{suffix}")


def _due(promised: bytes) -> str:
    """Return by when the record has promised to take a letter in."""
    return formats.instant(datetime.fromtimestamp(Promise.parse(promised).deadline, UTC))


def _steps(state: str) -> list[dict[str, Any]]:
    """Return how far it is: what lies ahead does not read as if it had been done."""
    order = [receipts.WAITING, receipts.PLACED, receipts.FINAL]
    reached = order.index(state) if state in order else -1
    words = [
        (
            gettext("Issued"),
            gettext("It is waiting to be recorded.") if reached < 1 else "",
        ),
        (
            gettext("Recorded"),
            gettext("It has its number, and nothing can be inserted before it.")
            if reached >= 1
            else gettext("It will get its number."),
        ),
        (
            gettext("Final"),
            gettext("Enough witnesses have checked and signed.")
            if reached >= 2
            else gettext("Enough witnesses must check and sign."),
        ),
    ]
    return [
        {"title": title, "note": note, "now": place == reached, "next": place > reached}
        for place, (title, note) in enumerate(words)
    ]
