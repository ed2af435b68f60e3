"""Applying: from "start now" to "we have received it", one page at a time.

A page of the definition is one page here. Pressing *Continue* saves it; what is then still
needed comes next, be it a new question on the same page. Facts from registers are shown and
never sent. Buttons inside a page (add a row, remove a file, a place on the map) draw the page
again with everything that was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from markupsafe import Markup

from townhall.cases import errors as failures
from townhall.cases import operations as cases
from townhall.cases.views import DraftView
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.definition import Datum
from townhall.catalogue.engine.interview import ASKED_FIELD, PageState
from townhall.foundation.acting import Acting
from townhall.foundation.text import gettext, pick
from townhall.portal import checking, fields, forms, keys, prefilled, rows, streetmap, trying
from townhall.portal.context import page
from townhall.portal.pages import guidance
from townhall.portal.pages.errors import answering

Form = Mapping[str, Sequence[Any]]
CHECK = "check"


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Open a draft, or go to the first question of a guidance service."""
    try:
        definition = catalogue.live(key)
    except catalogue.ServiceNotFound as error:
        raise Http404 from error
    if request.method != "POST":
        return redirect(f"/services/{key}")
    if definition.guidance:
        return redirect(f"/services/{key}/questions")
    acting: Acting = request.acting  # type: ignore[attr-defined]
    draft = cases.start_draft(acting, service_key=key, answers=_brought_along(request))
    if draft.link_token:
        keys.keep(request, draft.id, draft.link_token)
    return redirect(f"/apply/{draft.id}")


def _brought_along(request: HttpRequest) -> Mapping[str, Any] | None:
    """Return the answers that somebody brings from a guidance service."""
    try:
        return guidance.answers_of(catalogue.live(request.POST["from"]), forms.sent(request))
    except (KeyError, catalogue.ServiceNotFound):
        return None


@require_safe
@answering
def resume(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go to the first page that is not complete, or to the check."""
    draft = cases.open_draft(keys.acting_for(request, draft_id), draft_id=draft_id)
    return redirect(_address(draft, draft.next_page or CHECK))


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def questions(request: HttpRequest, draft_id: UUID, page_key: str) -> HttpResponse:
    """Ask the questions of one page, and save the answers."""
    acting = keys.acting_for(request, draft_id)
    draft = cases.open_draft(acting, draft_id=draft_id)
    if _state(draft, page_key) is None:
        if draft.definition.page(page_key) is None:
            raise Http404
        return redirect(_address(draft, draft.next_page or CHECK))  # nothing to ask on it any more
    if request.method != "POST":
        return _draw(request, draft, page_key, _with_new_row(request, draft, page_key))
    form = forms.sent(request)
    if (drawn := _pressed(acting, draft, page_key, form)) is not None:
        return _draw(request, *drawn)
    return _save(request, acting, draft, page_key, form)


@require_safe
@answering
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show everything once more, and what follows from it."""
    draft = cases.open_draft(keys.acting_for(request, draft_id), draft_id=draft_id)
    return _draw_check(request, draft)


@require_POST
@answering
def submit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Send the application; sending it twice gives the same case."""
    acting = keys.acting_for(request, draft_id)
    seen = request.POST.get("seen_version", "")
    if not seen.isascii() or not seen.isdigit() or len(seen) > 9:
        return redirect(f"/apply/{draft_id}/{CHECK}")
    try:
        case = cases.submit(
            acting,
            draft_id=draft_id,
            seen_version=int(seen),
            insist=request.POST.get("insist") == "yes",
        )
    except (failures.Incomplete, failures.NotEligible):
        return _draw_check(request, cases.open_draft(acting, draft_id=draft_id), status=422)
    if key := keys.key_of(request, draft_id):
        keys.keep(request, case.id, key)
    return redirect(f"/cases/{case.id}/received")


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Ask, then delete a draft with everything uploaded for it."""
    acting = keys.acting_for(request, draft_id)
    draft = cases.open_draft(acting, draft_id=draft_id)
    if request.method == "POST":
        cases.discard_draft(acting, draft_id=draft_id)
        return redirect("/me?done=discarded" if acting.actor != "anonymous" else "/")
    title = pick(draft.definition.title)
    return page(
        request,
        "portal/confirm.html",
        heading=gettext("Delete “%(title)s”?") % {"title": title},
        paragraphs=[
            gettext("Your answers and the files you sent are erased. Nobody can bring them back.")
        ],
        yes=gettext("Delete it"),
        no=gettext("Keep it"),
        action=f"/apply/{draft_id}/discard",
        back_href="/me",
        hidden=[],
        fields=[],
        errors=[],
    )


def _save(
    request: HttpRequest, acting: Acting, draft: DraftView, page_key: str, form: Form
) -> HttpResponse:
    groups = [d.name for d in _state_or_404(draft, page_key).ask if d.type == "group"]
    pressed = [name for name in groups if f"{name}.add" in form or f"{name}.remove" in form]
    unfinished = "_refresh" in form or "_later" in form
    try:
        saved = cases.save_page(
            acting,
            draft_id=draft.id,
            page_key=page_key,
            raw={k: v for k, v in form.items() if k == ASKED_FIELD or not k.startswith("_")},
            files={name: request.FILES.getlist(name) for name in request.FILES},
            partial=unfinished,
        )
    except failures.PageErrors as error:
        # Files are kept although the page was not accepted.
        draft = cases.open_draft(acting, draft_id=draft.id)
        return _refused(request, draft, page_key, error, pressed=pressed, groups=groups)
    if "_later" in form:
        return redirect("/me?done=saved")
    if "_refresh" in form:
        return _draw(request, saved, page_key, form)
    if saved.add_row:
        return redirect(f"{_address(saved, page_key)}?row={saved.add_row}")
    if pressed:
        return redirect(_address(saved, page_key))
    return redirect(_address(saved, _after(saved, page_key)))


def _refused(
    request: HttpRequest,
    draft: DraftView,
    page_key: str,
    error: failures.PageErrors,
    *,
    pressed: Sequence[str],
    groups: Sequence[str],
) -> HttpResponse:
    raw: Form = error.raw
    if pressed:
        # Somebody still at work on a list is not told what is missing in it.
        for name in pressed:
            raw = rows.without_rows(name, raw)
            raw = rows.with_row(name, raw) if f"{name}.add" in raw else raw
        return _draw(request, draft, page_key, raw)
    for name in groups:
        raw = rows.renumbered(name, raw)
    return _draw(request, draft, page_key, raw, error.errors)


def _with_new_row(request: HttpRequest, draft: DraftView, page_key: str) -> Form | None:
    """Return the saved answers with an empty row, after *Add another*."""
    wanted = request.GET.get("row", "")
    for datum in _state_or_404(draft, page_key).ask:
        if datum.name == wanted and datum.type == "group":
            form: dict[str, Sequence[Any]] = {}
            for each in _state_or_404(draft, page_key).ask:
                form.update(forms.sent_from(each, draft.answers.get(each.name)))
            return rows.with_row(wanted, form)
    return None


def _pressed(
    acting: Acting, draft: DraftView, page_key: str, form: dict[str, list[Any]]
) -> tuple[DraftView, str, Form] | None:
    """Carry out a button that only changes the page; None if the page is to be saved."""
    if "_drop" in form:
        name, _, file_id = str(form["_drop"][-1]).partition(":")
        after = cases.remove_file(acting, draft_id=draft.id, datum=name, file_id=file_id)
        return after, page_key, form
    for datum in _state_or_404(draft, page_key).ask:
        if datum.type == "place" and f"{datum.name}.map.x" in form:
            return draft, page_key, _pinned(datum, form)
    return None


def _pinned(datum: Datum, form: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the form with the point that was pressed on the map."""
    sent = [str((form.get(f"{datum.name}.map.{axis}") or ["0"])[-1]) for axis in "xy"]
    numbers = [
        int(each) if each.isascii() and each.isdigit() and len(each) < 6 else 0 for each in sent
    ]
    pressed = streetmap.point(*numbers)
    if pressed is None:
        return form
    lat, lon = pressed
    given = str((form.get(f"{datum.name}.words") or [""])[-1]).strip()
    return {
        **form,
        f"{datum.name}.lat": [f"{lat:.6f}"],
        f"{datum.name}.lon": [f"{lon:.6f}"],
        f"{datum.name}.words": [given or streetmap.near(lat, lon)],
    }


def _draw(
    request: HttpRequest,
    draft: DraftView,
    page_key: str,
    raw: Form | None = None,
    errors: Mapping[str, Any] | None = None,
) -> HttpResponse:
    state = _state_or_404(draft, page_key)
    ask = prefilled.asked_now(draft, state, raw)
    asked = fields.questions(draft.definition, ask, answers=draft.answers, raw=raw, errors=errors)
    heading = pick(state.title) or (asked[0].label if asked else pick(draft.definition.title))
    acting = keys.acting_for(request, draft.id)
    above = {
        "known": prefilled.known_on(draft, state),
        "notices": prefilled.notices(draft, state),
        "nearby": prefilled.reports_nearby(acting, draft, state),
    }
    if any(above.values()) and pick(state.title):
        # Something stands between the heading and the question, so they are two.
        asked = [fields.leading(each, False) for each in asked]
    return page(
        request,
        "portal/apply.html",
        status=422 if errors else 200,
        heading=heading,
        service_title=pick(draft.definition.title),
        action=_address(draft, page_key),
        back_href=_back(draft, page_key),
        steps=_steps(draft, page_key),
        asked=fields.names_of(ask),
        questions=Markup("").join([each.html for each in asked]),
        lead=asked[0].lead if asked else False,
        errors=fields.summary_of(asked, errors or {}),
        correct=prefilled.correction_words(),
        later=acting.actor != "anonymous",
        **above,
    )


def _draw_check(request: HttpRequest, draft: DraftView, status: int = 200) -> HttpResponse:
    last = draft.pages[-1].key if draft.pages else ""
    return page(
        request,
        "portal/check.html",
        status=status,
        service_title=pick(draft.definition.title),
        action=f"/apply/{draft.id}/submit",
        back_href=_address(draft, last) if last else "/me",
        steps=_steps(draft, CHECK),
        seen_version=draft.version,
        next_href=_address(draft, draft.next_page) if draft.next_page else "",
        later=keys.acting_for(request, draft.id).actor != "anonymous",
        amends=draft.amends is not None,
        what_if=trying.panel(draft, request.GET.dict()),
        **checking.everything(draft),
    )


def _state(draft: DraftView, page_key: str) -> PageState | None:
    return next((each for each in draft.pages if each.key == page_key), None)


def _state_or_404(draft: DraftView, page_key: str) -> PageState:
    state = _state(draft, page_key)
    if state is None:
        raise Http404
    return state


def _address(draft: DraftView, page_key: str) -> str:
    return f"/apply/{draft.id}/{page_key}"


def _after(draft: DraftView, page_key: str) -> str:
    """Return where to go after a page: itself if it asks something new, else the next to do."""
    state = _state(draft, page_key)
    if state is not None and not state.complete:
        return page_key
    keys_in_order = [each.key for each in draft.pages]
    if page_key in keys_in_order:
        following = draft.pages[keys_in_order.index(page_key) + 1 :]
        unfinished = next((each.key for each in following if not each.complete), None)
        if unfinished:
            return unfinished
    return draft.next_page or CHECK


def _back(draft: DraftView, page_key: str) -> str:
    keys_in_order = [each.key for each in draft.pages]
    position = keys_in_order.index(page_key)
    if position == 0:
        return f"/services/{draft.service_key}"
    return _address(draft, keys_in_order[position - 1])


def _steps(draft: DraftView, here: str) -> list[tuple[str, str]]:
    steps = []
    for each in draft.pages:
        title = pick(each.title) or (pick(each.ask[0].label) if each.ask else "")
        state = "now" if each.key == here else ("done" if each.complete else "")
        steps.append((title, state))
    return [*steps, (gettext("Check and send"), "now" if here == CHECK else "")]
