"""Receipts as QR codes: the pictures, and pages for letters, entries of a log and journal lines."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from townhall.cases import operations as cases
from townhall.exchange import days
from townhall.exchange import operations as exchange
from townhall.foundation.text import formats, gettext, pick
from townhall.ledger import receipts, showing
from townhall.ledger.engine.compact import CompactImpossible
from townhall.ledger.engine.receipts import Receipt
from townhall.portal import ledgerwords, receiptcodes
from townhall.portal.context import page
from townhall.portal.pages import mine, proofs, verify
from townhall.portal.pages.errors import answering

PICTURE = "image/svg+xml"


@require_safe
@answering
def of_letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Draw the receipt of one's own letter."""
    acting = proofs.acting_with_key(request)
    return proofs.handed_out(
        request, lambda: cases.letter_receipt(acting, letter_id=letter_id), _drawn
    )


@require_safe
def of_letter_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """Draw the receipt of a letter for whoever holds its code."""
    return proofs.by_code(request, code, _drawn)


@require_safe
def letter_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """Show the receipt of a letter to whoever holds its code, as the check of letters does.

    The letter itself cannot carry it: the receipt is over the finished letter.
    """
    code = verify.clean(code)

    def shown(made: Receipt) -> HttpResponse:
        letter = cases.verify_letter(code=code)
        return page(
            request,
            "portal/receipt_code.html",
            crumbs=[(gettext("Check a letter"), f"/verify/{code}")],
            title=pick(letter.title),
            here=gettext("Receipt"),
            rows=verify.origin(letter),
            about=gettext(
                "With this receipt you can prove, at any time and without us, when this letter"
                " was issued, and that it has not been changed since."
            ),
            shows=gettext(
                "The code contains only the letter's fingerprint, not its text. To check a letter,"
                " choose its PDF on the page that opens."
            ),
            code=receiptcodes.shown(made, f"/verify/{code}/receipt.svg"),
            file=f"/verify/{code}/receipt.json",
        )

    return proofs.by_code(request, code, shown)


@require_safe
def of_entry(request: HttpRequest, name: str, index: int) -> HttpResponse:
    """Draw the receipt of any final entry."""
    return proofs.handed_out(request, lambda: receipts.public_receipt(name, index), _drawn)


@require_safe
def entry(request: HttpRequest, name: str, index: int) -> HttpResponse:
    """Show one final entry of a log and its receipt."""

    def shown(made: Receipt) -> HttpResponse:
        (found,) = showing.final_entries(name, before=index + 1, most=1)
        number = gettext("No. %(number)s") % {"number": formats.number(index + 1)}
        title = ledgerwords.title_of(name)
        public = ledgerwords.fields(found.public)
        return page(
            request,
            "portal/receipt_code.html",
            crumbs=[(gettext("The public record"), "/ledger"), (title, f"/ledger/{name}")],
            title=f"{title}: {number}",
            here=number,
            rows=[
                {"label": gettext("What it is"), "value": ledgerwords.kind_of(found.kind)},
                {"label": gettext("Recorded"), "value": formats.instant(found.at)},
                *({"label": label, "value": text} for label, text in public),
            ],
            about=gettext("Its receipt proves that it stands in the record, and since when."),
            shows="",
            code=receiptcodes.shown(made, f"/ledger/{name}/receipt/{index}.svg"),
            file=f"/ledger/{name}/receipt/{index}.json",
        )

    return proofs.handed_out(request, lambda: receipts.public_receipt(name, index), shown)


@require_safe
@answering
def of_look(request: HttpRequest, number: int) -> HttpResponse:
    """Draw the receipt of one line about oneself."""
    acting = request.acting  # type: ignore[attr-defined]
    if acting.person_id is None:
        return mine.not_a_resident(request, acting)
    return proofs.handed_out(request, lambda: days.line_receipt(acting, number=number), _drawn)


@require_safe
@answering
def look(request: HttpRequest, number: int) -> HttpResponse:
    """Show one line about oneself and its receipt."""
    acting = request.acting  # type: ignore[attr-defined]
    if acting.person_id is None:
        return mine.not_a_resident(request, acting)

    def shown(made: Receipt) -> HttpResponse:
        lines = exchange.who_looked(acting, after=number + 1, limit=1).lines
        if [line.number for line in lines] != [number]:
            raise Http404
        told = mine.look(lines[0])
        return page(
            request,
            "portal/receipt_code.html",
            crumbs=[
                (gettext("My page"), "/me"),
                (gettext("Who looked at my data"), "/me/looked"),
            ],
            title=told["title"],
            here=gettext("Receipt"),
            rows=[
                # Not "today": this page is printed.
                {"label": gettext("When"), "value": formats.instant(lines[0].at)},
                {"label": gettext("Why"), "value": told["why"]},
            ],
            about=gettext(
                "Its receipt proves that this line was in the journal when its day was sealed,"
                " and was not changed since. It shows the line: give it only to people you would"
                " show it to."
            ),
            shows="",
            code=receiptcodes.shown(made, f"/me/looked/{number}.svg"),
            file=f"/me/looked/{number}.json",
        )

    return proofs.handed_out(request, lambda: days.line_receipt(acting, number=number), shown)


def _drawn(receipt: Receipt) -> HttpResponse:
    try:
        picture = receiptcodes.image(receiptcodes.code_of(receipt))
    except CompactImpossible as error:
        raise Http404 from error
    response = HttpResponse(picture, content_type=PICTURE)
    response["Cache-Control"] = "private, no-store"
    return response
