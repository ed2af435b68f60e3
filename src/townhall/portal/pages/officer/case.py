"""One case on an officer's desk: evidence, what the rules propose, and what happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from townhall.cases import operations as cases
from townhall.cases.views import OfficerCaseView
from townhall.foundation.acting import Acting
from townhall.foundation.text import LANGUAGES, formats, gettext, pick
from townhall.portal import casework, words
from townhall.portal.context import page
from townhall.portal.pages.errors import answering
from townhall.portal.pages.officer.access import officers_only


@require_safe
@answering
@officers_only
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case. Opening it writes a line into the resident's journal, and says so."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    return show(request, cases.case_for_officer(acting=acting, case_id=case_id))


def show(
    request: HttpRequest, view: OfficerCaseView, *, errors: dict[str, str] | None = None
) -> HttpResponse:
    """Return the page of a case, with what was wrong in the last thing sent."""
    definition = view.definition
    return page(
        request,
        "portal/officer/case.html",
        status=422 if errors else 200,
        case_id=str(view.id),
        base=f"/officer/cases/{view.id}",
        title=pick(definition.title),
        number=view.number,
        state=pick(view.state_title) or view.state,
        kind=words.state_kind(view.outcome, False, view.due.overdue),
        seen_state=view.seen_state,
        facts=_facts(view),
        proposal=casework.proposal(definition, view.proposal) if view.open else None,
        rows=casework.evidence_rows(view.definition, view.answers),
        revision=view.evidence_revision,
        requests=[_request(each) for each in view.requests],
        decisions=[casework.decision_row(definition, each) for each in view.decisions],
        signature=_signature(view),
        actions=_actions(view),
        can_ask=any(a.action == "ask" and not a.blocked for a in view.actions),
        can_extend=any(a.action == "extend" and not a.blocked for a in view.actions),
        claimed=view.claimed_by_name,
        mine=view.mine,
        free=not view.claimed_by,
        open=view.open,
        timeline=words.timeline(view.history),
        clock=words.clock(view.due.steps),
        notes=[{"text": n.text, "by": n.by_name, "at": words.when(n.at)} for n in view.notes],
        letters=[
            {
                "href": f"/officer/cases/{view.id}/letters/{letter.id}",
                "title": pick(letter.title),
                "issued": formats.date(letter.issued_at),
            }
            for letter in view.letters
        ],
        errors=errors or {},
        typed=request.POST,
        done=_done_words(request),
    )


@require_safe
@answering
@officers_only
def evidence_file(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """Hand out a file of the evidence, always as a download."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    file, content = cases.evidence_file(acting=acting, case_id=case_id, file_id=file_id)
    return FileResponse(
        content, as_attachment=True, filename=file.name, content_type=file.media_type
    )


@require_safe
@answering
@officers_only
def letter(request: HttpRequest, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """Hand out a letter of the case."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    view, content = cases.letter_for_officer(acting=acting, case_id=case_id, letter_id=letter_id)
    return FileResponse(content, filename=f"{view.number}-{view.kind}.pdf", as_attachment=True)


def _facts(view: OfficerCaseView) -> list[dict[str, str]]:
    waits = (timezone.now() - view.received_at).days
    found = [
        (gettext("Decide by"), casework.due_words(view.due)),
        (gettext("This step by"), casework.due_words(view.task_due)),
        (gettext("Received"), f"{words.when(view.received_at)} ({words.days_words(waits)})"),
        (gettext("Sent by"), view.submitted_by),
        (gettext("Came in by"), _channel(view.channel)),
        (gettext("Language"), LANGUAGES.get(view.language, view.language)),
        (
            gettext("Fee"),
            formats.money(view.fee.amount, view.fee.currency) if view.fee else "",
        ),
        (gettext("Taken up by"), gettext("You") if view.mine else view.claimed_by_name),
    ]
    return [{"label": label, "text": text} for label, text in found if text]


def _channel(channel: str) -> str:
    return {
        "web": gettext("these pages"),
        "counter": gettext("the counter"),
        "assistant": gettext("the assistant"),
        "api": gettext("a program of a partner"),
    }.get(channel, channel)


def _actions(view: OfficerCaseView) -> list[dict[str, Any]]:
    return [
        casework.action_row(view.definition, each, view.proposal.action)
        for each in view.actions
        if each.action not in ("ask", "extend")
    ]


def _signature(view: OfficerCaseView) -> dict[str, Any] | None:
    first = view.signature
    if first is None:
        return None
    return {
        "action": casework.action_words(view.definition, first.action),
        "reason": first.reason,
        "by": first.by_name,
        "at": words.when(first.signed_at),
        "mine": first.mine,
    }


def _request(found: Any) -> dict[str, Any]:
    return {
        "message": found.message,
        "fields": [{"title": pick(f.title), "why": f.why} for f in found.fields],
        "asked": words.when(found.asked_at),
        "answered": words.when(found.answered_at) if found.answered_at else "",
    }


def _done_words(request: HttpRequest) -> str:
    return {
        "claimed": gettext("The case is yours."),
        "released": gettext("You gave the case back."),
        "noted": gettext("Your note is kept. The resident does not see it."),
        "asked": gettext("The resident has been asked, and the clock stands still."),
        "decided": gettext("Decided. The letter is being made."),
        "signed": gettext("Signed. A colleague has to confirm it."),
        "rejected": gettext("Not confirmed. The case is open again."),
        "extended": gettext("The deadline has been extended. The resident is told."),
    }.get(request.GET.get("done", ""), "")
