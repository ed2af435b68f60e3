"""Changes of awards that wait for an officer: both explanations, and the ruling."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from townhall.awards import operations as awards
from townhall.awards.views import AlreadyRuled, AwardError, Change, NotFound
from townhall.foundation.acting import Acting
from townhall.foundation.text import formats, gettext, pick
from townhall.portal import awards as shown
from townhall.portal.context import page
from townhall.portal.pages.errors import answering, explain
from townhall.portal.pages.officer.access import officers_only


@require_safe
@answering
@officers_only
def waiting(request: HttpRequest) -> HttpResponse:
    """List the changes that wait, the oldest first."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    done = {
        "applied": gettext("The change takes effect. The resident gets a letter."),
        "kept": gettext("The award stays as it was. The resident reads your reason."),
    }
    return page(
        request,
        "portal/officer/awards.html",
        done=done.get(request.GET.get("done", ""), ""),
        rows=[_row(each) for each in awards.waiting(acting)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answering
@officers_only
def change(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show one change with its reasons, and let the officer decide about it."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    try:
        found = awards.waiting_change(acting, assessment_id=assessment_id)
    except NotFound:
        return explain(
            request,
            404,
            gettext("There is nothing here that you may see"),
            [gettext("It belongs to a service that is not yours, or it is gone.")],
            links=[(gettext("To the changes that wait"), "/officer/awards")],
        )
    error = ""
    if request.method == "POST":
        applies = request.POST.get("answer") == "apply"
        try:
            awards.rule(
                acting,
                assessment_id=assessment_id,
                applies=applies,
                reason=request.POST.get("reason", "")[:4000],
            )
            return redirect(f"/officer/awards?done={'applied' if applies else 'kept'}")
        except AlreadyRuled:
            return redirect(f"/officer/awards/{assessment_id}")
        except AwardError as refused:
            error = gettext(str(refused))
    return page(
        request,
        "portal/officer/award_change.html",
        title=pick(found.service_title),
        number=found.number,
        change=shown.change(found),
        open=found.status == "waiting",
        can_apply=found.after is not None,
        reason=request.POST.get("reason", ""),
        error=error,
    )


def _row(found: Change) -> dict[str, str]:
    row = shown.change(found)
    return {
        "href": f"/officer/awards/{found.id}",
        "title": pick(found.service_title),
        "number": found.number,
        "what": row["title"],
        "change": f"{row['before']} → {row['after']}",
        "difference": formats.money(found.arrears - found.overpaid, found.currency),
        "at": row["at"],
    }
