"""My awards: what is paid, how it changed and why, and claims that are ready."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from townhall.awards import operations as awards
from townhall.awards.views import NotFound
from townhall.cases import errors as failures
from townhall.foundation.acting import Acting
from townhall.foundation.text import formats, gettext, pick
from townhall.portal import awards as shown
from townhall.portal.context import page
from townhall.portal.pages.errors import answering, explain, sign_in


@require_safe
@answering
def award(request: HttpRequest, award_id: UUID) -> HttpResponse:
    """Show one award: the next payment, every change with its reasons, and the account."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    if acting.person_id is None:
        return sign_in(request)
    try:
        view = awards.my_award(acting, award_id=award_id)
    except NotFound:
        return _nothing(request)
    return page(
        request,
        "portal/award.html",
        title=pick(view.title),
        number=view.number,
        case_href=f"/cases/{view.case_id}",
        amount=shown.sum_words(view.next_amount, view.currency, view.every),
        next_words=shown.next_words(view),
        held=view.held,
        since=formats.date(view.start_on),
        paid=formats.money(view.paid, view.currency),
        changes=[shown.change(each) for each in view.changes],
        account=shown.account(view.account, view.currency),
        picture=shown.picture(view.account, view.currency),
        watched=[pick(each) for each in view.watched],
    )


@require_POST
@answering
def accept(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Confirm a ready claim with one tap."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    if acting.person_id is None:
        return sign_in(request)
    try:
        case = awards.accept_offer(acting, draft_id=draft_id)
    except NotFound:
        return _nothing(request)
    except failures.Incomplete:
        # Something must be answered first: the draft says what.
        return redirect(f"/apply/{draft_id}")
    return redirect(f"/cases/{case.id}/received")


@require_POST
@answering
def decline(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Put a ready claim away."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    if acting.person_id is None:
        return sign_in(request)
    try:
        awards.decline_offer(acting, draft_id=draft_id)
    except NotFound:
        return _nothing(request)
    return redirect("/me?done=declined")


def _nothing(request: HttpRequest) -> HttpResponse:
    return explain(
        request,
        404,
        gettext("There is nothing here that you may see"),
        [gettext("It belongs to somebody else, or you have answered it already.")],
        links=[(gettext("Go to my page"), "/me")],
    )
