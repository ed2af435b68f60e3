"""One case as its owner sees it: state, decision with reasons, history, letters, next steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, BinaryIO
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.cases import errors as failures
from townhall.cases import operations as cases
from townhall.cases.views import CaseView, DecisionView
from townhall.foundation.text import formats, gettext, pick
from townhall.portal import fields, forms, keys, words
from townhall.portal.context import page
from townhall.portal.pages.errors import answering
from townhall.portal.tracing import trace

Row = dict[str, Any]


@require_safe
@answering
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case."""
    acting = keys.acting_for(request, case_id)
    view = cases.my_case(acting, case_id=case_id)
    waiting = pick(view.state_title) if view.open else ""
    return page(
        request,
        "portal/case.html",
        signed_in=acting.actor != "anonymous",
        title=pick(view.definition.title),
        number=view.number,
        state=pick(view.state_title),
        kind=words.state_kind(view.outcome, view.request is not None, view.due.overdue),
        received=formats.date(view.received_at),
        done=_done_words(request),
        asked=_asked(view),
        decision=_decision(view, view.decision) if view.decision else None,
        pending=view.decision_pending,
        appeal=_appeal(view),
        timeline=words.timeline(view.timeline, waiting=waiting, expected=words.due(view.due)),
        rows=words.answer_rows(view.definition, view.answers, files_at=f"/cases/{view.id}/files"),
        due=words.due(view.due) if view.open else "",
        clock=words.clock(view.due.steps),
        agency=_agency(view),
        fee=formats.money(view.fee.amount, view.fee.currency)
        if view.fee and view.fee.amount
        else "",
        letters=[
            words.letter_row(letter, by_key=acting.actor == "anonymous") for letter in view.letters
        ],
        promise=words.due(view.promise) if view.open and view.promise else "",
        can_withdraw="withdraw" in view.can,
        withdraw_href=f"/cases/{view.id}/withdraw",
        can_amend="amend" in view.can,
        amend_href=f"/cases/{view.id}/amend",
        amend_until=formats.date(view.amend_until) if view.amend_until else "",
        can_reopen="reopen" in view.can,
        reopen_href=f"/cases/{view.id}/reopen",
        reopen_until=formats.date(view.reopen_until) if view.reopen_until else "",
    )


@require_safe
@answering
def received(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Confirm that an application arrived, and say what happens now."""
    view = cases.my_case(keys.acting_for(request, case_id), case_id=case_id)
    key = keys.key_of(request, case_id)
    state = view.definition.flow.get(view.state)
    steps = [pick(state.next)] if state and pick(state.next) else []
    steps = [*steps, *_next_steps(view)[1 if steps and view.open else 0 :]]
    return page(
        request,
        "portal/done.html",
        heading=gettext("Done. It is decided.") if view.outcome else gettext("We have received it"),
        service_title=pick(view.definition.title),
        number=view.number,
        next_steps=steps,
        due_words=words.due(view.promise or view.due) if view.open else "",
        clock=words.clock(view.due.steps) if view.open else [],
        case_href=f"/cases/{view.id}",
        keep_link=request.build_absolute_uri(f"/key/{view.id}/{key}") if key else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def answer(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Correct the fields that an officer marked."""
    acting = keys.acting_for(request, case_id)
    view = cases.my_case(acting, case_id=case_id)
    if view.request is None or "answer" not in view.can:
        return redirect(f"/cases/{case_id}")
    raw = errors = None
    if request.method == "POST":
        raw = forms.sent(request)
        files = {name: request.FILES.getlist(name) for name in request.FILES}
        try:
            cases.answer_request(
                acting,
                case_id=case_id,
                seen_state=_seen(request),
                raw={name: values for name, values in raw.items() if not name.startswith("_")},
                files=files,
                message=str(request.POST.get("_message", ""))[:2000],
            )
            return redirect(f"/cases/{case_id}?done=answered")
        except failures.PageErrors as error:
            errors = error.errors
    asked = fields.questions(
        view.definition,
        [view.definition.data[each.datum] for each in view.request.fields],
        # Files are chosen anew: what was sent before stays in the record of the case.
        answers={each.datum: each.value for each in view.answers if not each.files},
        raw=raw,
        errors=errors,
    )
    return page(
        request,
        "portal/answer.html",
        status=422 if errors else 200,
        title=pick(view.definition.title),
        number=view.number,
        action=f"/cases/{case_id}/answer",
        back_href=f"/cases/{case_id}",
        seen_state=view.seen_state,
        message=view.request.message,
        asked=[each.datum for each in view.request.fields],
        fields=_with_why(asked, view),
        errors=fields.summary_of(asked, errors or {}),
        note=request.POST.get("_message", ""),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask, then withdraw an application."""
    acting = keys.acting_for(request, case_id)
    view = cases.my_case(acting, case_id=case_id)
    if "withdraw" not in view.can:
        return redirect(f"/cases/{case_id}")
    if request.method == "POST":
        cases.withdraw(acting, case_id=case_id, seen_state=_seen(request))
        return redirect(f"/cases/{case_id}?done=withdrawn")
    return page(
        request,
        "portal/confirm.html",
        heading=gettext("Withdraw case %(number)s?") % {"number": view.number},
        paragraphs=[
            gettext("We stop working on it, and you get no decision."),
            gettext("A fee is given back as the rules of the service say."),
            gettext("You can apply again at any time."),
        ],
        yes=gettext("Withdraw it"),
        no=gettext("Do not withdraw"),
        action=f"/cases/{case_id}/withdraw",
        back_href=f"/cases/{case_id}",
        hidden=[("seen_state", view.seen_state)],
        fields=[],
        errors=[],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def reopen(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ask what is still wrong, then have a closed case looked at again."""
    acting = keys.acting_for(request, case_id)
    view = cases.my_case(acting, case_id=case_id)
    if "reopen" not in view.can:
        return redirect(f"/cases/{case_id}")
    error = ""
    given = request.POST.get("reason", "").strip()[:2000]
    if request.method == "POST" and given:
        cases.reopen(acting, case_id=case_id, seen_state=_seen(request), reason=given)
        return redirect(f"/cases/{case_id}?done=reopened")
    if request.method == "POST":
        error = gettext("Say what is still wrong.")
    asked = fields.Question(
        "lines", "reason", gettext("What is still wrong?"), given, error=error, lines=4
    )
    return page(
        request,
        "portal/confirm.html",
        status=422 if error else 200,
        heading=gettext("Ask us to look at %(number)s again") % {"number": view.number},
        paragraphs=[
            gettext("We closed this case. If it is not settled, tell us, and it is opened again.")
        ],
        yes=gettext("Open it again"),
        no=gettext("Leave it closed"),
        action=f"/cases/{case_id}/reopen",
        back_href=f"/cases/{case_id}",
        hidden=[("seen_state", view.seen_state)],
        fields=[asked],
        errors=fields.summary_of([asked], {}),
    )


@require_POST
@answering
def amend(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Open a draft with what was sent, to be changed and sent again."""
    draft = cases.start_amendment(keys.acting_for(request, case_id), case_id=case_id)
    return redirect(f"/apply/{draft.id}/{draft.next_page or 'check'}")


@require_safe
@answering
def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse | FileResponse:
    """Hand out a letter to the person it is for."""
    acting = request.acting  # type: ignore[attr-defined]
    wanted = request.GET.get("case", "")
    if acting.actor == "anonymous" and wanted:
        try:
            acting = keys.acting_for(request, UUID(wanted))
        except ValueError as error:
            raise Http404 from error
    view, content = cases.letter_file(acting, letter_id=letter_id)
    return _download(content, f"{view.number}-{view.kind}.pdf", "application/pdf")


@require_safe
@answering
def file(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse | FileResponse:
    """Hand out a file of the case to the person who sent it."""
    acting = keys.acting_for(request, case_id)
    stored, content = cases.case_file(acting, case_id=case_id, file_id=file_id)
    return _download(content, stored.name, stored.media_type)


def _download(content: BinaryIO, name: str, media_type: str) -> FileResponse:
    response = FileResponse(content, as_attachment=True, filename=name, content_type=media_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@answering
def with_key(request: HttpRequest, case_id: UUID, key: str) -> HttpResponse:
    """Open a case by the address that its owner kept, who has no sign-in."""
    keys.keep(request, case_id, key)
    cases.my_case(keys.acting_for(request, case_id), case_id=case_id)
    response = redirect(f"/cases/{case_id}")
    response["Referrer-Policy"] = "no-referrer"
    return response


def _seen(request: HttpRequest) -> int:
    given = request.POST.get("seen_state", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1


def _agency(view: CaseView) -> str:
    found = view.definition.pack.agencies.get(view.definition.agency)
    return pick(found.title) if found else view.agency


def _asked(view: CaseView) -> Row | None:
    if view.request is None:
        return None
    return {
        "message": view.request.message,
        "fields": [{"title": pick(each.title), "why": each.why} for each in view.request.fields],
        "until": formats.date(view.request.answer_by) if view.request.answer_by else "",
        "href": f"/cases/{view.id}/answer",
    }


def _decision(view: CaseView, decision: DecisionView) -> Row:
    day = formats.date(decision.decided_at)
    if decision.automatic:
        by = gettext(
            "Decided by rule on %(day)s, without a person. You may ask for a person to look at it."
        )
    elif decision.second_by:
        by = gettext("Decided on %(day)s by two officers of %(agency)s.")
    else:
        by = gettext("Decided on %(day)s by an officer of %(agency)s.")
    results = [
        {
            "label": pick(each.title) or each.name.replace("_", " "),
            "value": each.shown,
            "because": pick(each.because),
        }
        for each in decision.results
        if each.shown
    ]
    if decision.fee and decision.fee.amount:
        results.append(
            {
                "label": gettext("Fee"),
                "value": formats.money(decision.fee.amount, decision.fee.currency),
                "because": "",
            }
        )
    traces = [
        {
            "label": pick(each.title) or each.name.replace("_", " "),
            "value": each.shown,
            "trace": told,
        }
        for each in decision.results
        if (told := trace(each.trace, view.definition))
    ]
    return {
        "kind": words.state_kind(decision.outcome, False, False),
        "title": pick(decision.state_title),
        "by": by % {"day": day, "agency": _agency(view)},
        "reason": decision.reason,
        "results": results,
        "reasons": words.reasons(decision.reasons, definition=view.definition),
        "traces": traces,
        "basis": gettext(
            "Evidence %(number)s, version %(version)s of the service (%(hash)s), rules %(rules)s."
        )
        % {
            "number": decision.evidence_revision,
            "version": view.definition.version,
            "hash": decision.definition_hash[:12],
            "rules": decision.pack_hash[:12],
        },
    }


def _appeal(view: CaseView) -> Row | None:
    if "appeal" not in view.can or view.appeal_until is None:
        return None
    return {
        "text": gettext("You can contest this until %(day)s.")
        % {"day": formats.date(view.appeal_until)},
        "href": f"/services/{view.appeal_to}" if view.appeal_to else "",
    }


def _next_steps(view: CaseView) -> list[str]:
    if not view.open:
        return [
            gettext("Your letter is being made. You find it on the page of the case in a moment."),
        ]
    return [
        gettext("%(agency)s looks at it.") % {"agency": _agency(view)},
        gettext(
            "If something is missing, we ask you, and the clock stands still until you answer."
        ),
        gettext("You get the decision with its reasons as a letter, here and on your page."),
    ]


def _with_why(asked: list[fields.Question], view: CaseView) -> list[fields.Question]:
    assert view.request is not None
    why = {each.datum: each.why for each in view.request.fields}
    for each in view.answers:
        if each.files and each.datum in why:
            sent = gettext("You sent: %(files)s.") % {
                "files": ", ".join(file.name for file in each.files)
            }
            why[each.datum] = f"{why[each.datum]} {sent}".strip()
    return [
        replace(
            each,
            lead=False,
            private=True,
            hint=" ".join(filter(None, (why.get(each.name, ""), each.hint))),
        )
        for each in asked
    ]


def _done_words(request: HttpRequest) -> str:
    return {
        "answered": gettext(
            "Thank you. Your answer is with the officer, and the clock runs again."
        ),
        "withdrawn": gettext("Withdrawn. We do nothing more about it."),
        "reopened": gettext("It is open again. We look at what you wrote."),
    }.get(request.GET.get("done", ""), "")
