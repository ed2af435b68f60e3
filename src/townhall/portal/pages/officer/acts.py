"""What an officer does with a case. Every act names the state that the officer saw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from townhall.cases import errors
from townhall.cases import operations as cases
from townhall.foundation.acting import Acting
from townhall.foundation.text import gettext, pick
from townhall.portal import casework
from townhall.portal.context import page
from townhall.portal.pages.errors import answering
from townhall.portal.pages.officer import case as desk
from townhall.portal.pages.officer.access import officers_only


@require_POST
@answering
@officers_only
def take(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a case up, or give it back."""
    acting = _acting(request)
    if request.POST.get("give_back"):
        cases.release(acting=acting, case_ids=[case_id])
        return _back(case_id, "released")
    done = cases.claim(acting=acting, case_ids=[case_id])
    if done.failed:
        return _again(request, case_id, {"case": next(iter(done.failed.values()))})
    return _back(case_id, "claimed")


@require_POST
@answering
@officers_only
def note(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Keep a note that officers see and the resident does not."""
    text = request.POST.get("note", "").strip()
    if not text:
        return _again(request, case_id, {"note": gettext("Write the note first.")})
    if len(text) > 5000:
        return _again(request, case_id, {"note": gettext("At most 5,000 characters.")})
    cases.add_note(acting=_acting(request), case_id=case_id, text=text)
    return _back(case_id, "noted")


@require_POST
@answering
@officers_only
def decide(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Decide, or sign first where four eyes are declared."""
    action = request.POST.get("action", "")
    if not action:
        return _again(request, case_id, {"action": gettext("Choose what you decide.")})
    reason = request.POST.get("reason", "").strip()
    try:
        after = cases.decide(
            acting=_acting(request),
            case_id=case_id,
            seen_state=_seen(request),
            action=action,
            reason=reason,
        )
    except errors.NeedsReason:
        return _again(
            request,
            case_id,
            {"reason": gettext("Give the reason. The resident reads it in the letter.")},
        )
    return _back(case_id, "signed" if after.signature else "decided")


@require_POST
@answering
@officers_only
def second(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Confirm what a colleague signed, or send it back to them."""
    approve = request.POST.get("answer") == "approve"
    reason = request.POST.get("why", "").strip()
    if not approve and not reason:
        return _again(
            request, case_id, {"why": gettext("Tell your colleague why you do not confirm it.")}
        )
    cases.second(
        acting=_acting(request),
        case_id=case_id,
        seen_state=_seen(request),
        approve=approve,
        reason=reason,
    )
    return _back(case_id, "decided" if approve else "rejected")


@require_POST
@answering
@officers_only
def extend(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take the extra time that the definition allows, with a reason."""
    reason = request.POST.get("extend_reason", "").strip()
    if not reason:
        return _again(
            request,
            case_id,
            {"extend_reason": gettext("Give the reason. The resident is told.")},
        )
    cases.extend(acting=_acting(request), case_id=case_id, seen_state=_seen(request), reason=reason)
    return _back(case_id, "extended")


@require_http_methods(["GET", "HEAD", "POST"])
@answering
@officers_only
def ask(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask the resident to correct or add something, field by field."""
    acting = _acting(request)
    view = cases.case_for_officer(acting=acting, case_id=case_id)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        fields = {
            datum: request.POST.get(f"why.{datum}", "").strip()[:500]
            for datum in request.POST.getlist("field")
        }
        message = request.POST.get("message", "").strip()
        if not fields:
            wrong["field"] = gettext("Tick at least one thing that the resident should correct.")
        if not message:
            wrong["message"] = gettext("Write what you need, in plain words.")
        if not wrong:
            cases.ask(
                acting=acting,
                case_id=case_id,
                seen_state=_seen(request),
                fields=fields,
                message=message[:5000],
            )
            return _back(case_id, "asked")
    return page(
        request,
        "portal/officer/ask.html",
        status=422 if wrong else 200,
        title=pick(view.definition.title),
        number=view.number,
        back=f"/officer/cases/{case_id}",
        seen_state=view.seen_state,
        rows=_askable(view, request),
        message=request.POST.get("message", ""),
        errors=wrong,
    )


def _askable(view: Any, request: HttpRequest) -> list[dict[str, Any]]:
    ticked = set(request.POST.getlist("field"))
    rows = casework.evidence_rows(view.definition, view.answers)
    return [
        {
            "datum": answer.datum,
            "label": row["label"],
            "value": row["value"] if isinstance(row["value"], str) else ", ".join(row["value"]),
            "ticked": answer.datum in ticked,
            "why": request.POST.get(f"why.{answer.datum}", ""),
        }
        for answer, row in zip(view.answers, rows, strict=True)
        if answer.source != "register"
    ]


def _acting(request: HttpRequest) -> Acting:
    acting: Acting = request.acting  # type: ignore[attr-defined]
    return acting


def _seen(request: HttpRequest) -> int:
    given = request.POST.get("seen_state", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def _back(case_id: UUID, done: str) -> HttpResponse:
    return redirect(f"/officer/cases/{case_id}?done={done}")


def _again(request: HttpRequest, case_id: UUID, wrong: dict[str, str]) -> HttpResponse:
    view = cases.case_for_officer(acting=_acting(request), case_id=case_id)
    return desk.show(request, view, errors=wrong)
