"""Receipts of letters: how far the record of a letter has come, and the file that proves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from townhall.cases import errors as failures
from townhall.cases import operations as cases
from townhall.foundation.text import formats, gettext, pick
from townhall.ledger import receipts, showing
from townhall.ledger.engine.receipts import Receipt
from townhall.portal import keys, ledgerwords, receiptcodes
from townhall.portal.context import page
from townhall.portal.pages.errors import answering, explain

FILE = "application/json"


@require_safe
@answering
def receipt(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Say how far the record of a letter has come; offer the receipt once it is final."""
    acting = acting_with_key(request)
    view, progress = cases.letter_progress(acting, letter_id=letter_id)
    final = progress is not None and progress.state == receipts.FINAL
    suffix = f"?case={request.GET['case']}" if request.GET.get("case") else ""
    return page(
        request,
        "portal/receipt.html",
        letter={"title": pick(view.title), "href": f"/letters/{letter_id}{suffix}"},
        case=f"/cases/{view.case_id}",
        steps=_steps(progress.state if progress else ""),
        final=final,
        refused=progress is not None and progress.state == receipts.REFUSED,
        number=formats.number(progress.index) if progress and progress.index is not None else "",
        file=f"/letters/{letter_id}/receipt.json{suffix}",
        code=_code(acting, letter_id, suffix) if final else None,
        promise={
            "ask": f"/letters/{letter_id}/promise{suffix}",
            "asked": "asked" in request.GET,
            "file": f"/letters/{letter_id}/promise.json{suffix}"
            if cases.letter_promise(acting, letter_id=letter_id)
            else "",
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
    return handed_out(request, lambda: cases.letter_receipt(acting, letter_id=letter_id))


@require_safe
@answering
def file_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the receipt of a letter to whoever holds its code."""
    return by_code(request, code)


def by_code(
    request: HttpRequest,
    code: str,
    answer: Callable[[Receipt], HttpResponse] | None = None,
) -> HttpResponse:
    """Return the receipt of the letter with this code; see `handed_out`."""
    try:
        return handed_out(request, lambda: cases.receipt_by_code(code), answer)
    except failures.NotFound as error:
        raise Http404 from error


def handed_out(
    request: HttpRequest,
    make: Callable[[], Receipt | None],
    answer: Callable[[Receipt], HttpResponse] | None = None,
) -> HttpResponse:
    """Return a receipt, or say why there is none yet.

    Parameters
    ----------
    answer
        In which form; None: as a file.
    """
    try:
        made = make()
    except receipts.NotFinalYet:
        return explain(
            request,
            404,
            gettext("The receipt is not ready yet"),
            [gettext("Enough witnesses must vouch first. That takes a few seconds. Try again.")],
        )
    except receipts.NoWitnesses:
        return explain(
            request,
            404,
            gettext("There are no receipts here"),
            [gettext("This town hall has no witnesses who could vouch for its record.")],
        )
    if made is None:
        raise Http404
    return (answer or _file)(made)


def _file(made: Receipt) -> HttpResponse:
    response = HttpResponse(made.render(), content_type=FILE)
    name = f"receipt-{made.proof.index}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
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


def _steps(state: str) -> list[dict[str, Any]]:
    order = [receipts.WAITING, receipts.PLACED, receipts.FINAL]
    reached = order.index(state) if state in order else -1
    words = [
        (gettext("Put into the queue"), gettext("The letter was issued, and its mark is waiting.")),
        (gettext("Recorded"), gettext("It has its number. Nothing can come before it any more.")),
        (gettext("Final"), gettext("Enough witnesses have checked and signed.")),
    ]
    return [
        {"title": title, "note": note, "now": place == reached, "next": place > reached}
        for place, (title, note) in enumerate(words)
    ]
