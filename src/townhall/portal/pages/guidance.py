"""Find out what applies to you: questions and a result, with nothing stored.

What was answered travels in the form itself, in its body and never in an address. Every
request walks the answers again from the first page, so that a changed answer changes what is
asked next, and an answer that no longer matters is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine import datatypes, guidance, interview
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.situation import Situation
from townhall.foundation.text import current_language, gettext, pick
from townhall.portal import fields, forms, words
from townhall.portal.context import page
from townhall.portal.pages.errors import answering

ASKED = interview.ASKED_FIELD
"""Hidden field that names a question that was asked: an unticked box sends nothing by itself."""

Form = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the answers of a form lead: to a page with a question, or to the end (`page` None)."""

    situation: Situation
    answered: tuple[str, ...]
    page: interview.PageState | None
    errors: Mapping[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@answering
def questions(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the next question of a guidance service, or tell the result."""
    try:
        definition = catalogue.live(key)
    except catalogue.ServiceNotFound as error:
        raise Http404 from error
    if not definition.guidance:
        raise Http404
    form = forms.sent(request) if request.method == "POST" else {}
    walked = walk(definition, form)
    if walked.page is None:
        return _result(request, definition, walked, form)
    return _ask(request, definition, walked, form)


def walk(definition: Definition, form: Form) -> Walk:
    """Go from the first page to the first that is not answered, taking answers from the form."""
    situation = Situation(today=timezone.localdate(), language=current_language())
    changed = _last(form, "_change")
    just = "" if changed else _last(form, "_page")
    asked = {str(each) for each in form.get(ASKED, ())}
    answered: list[str] = []
    while (following := interview.next_page(definition, situation)) is not None:
        state = next(
            each for each in interview.page_list(definition, situation) if each.key == following
        )
        sent = any(datum.name in asked for datum in state.ask)
        if following == changed or not sent or following in answered:
            return Walk(situation, tuple(answered), state, {})
        accepted = interview.accept(definition, following, form, situation)
        if accepted.errors:
            shown = accepted.errors if following == just else {}
            return Walk(situation, tuple(answered), state, shown)
        situation = situation.with_answers({**situation.answers, **accepted.answers})
        answered.append(following)
    return Walk(situation, tuple(answered), None, {})


def _ask(request: HttpRequest, definition: Definition, walked: Walk, form: Form) -> HttpResponse:
    state = walked.page
    assert state is not None
    asked = questions_of(definition, state, walked, form)
    heading = pick(state.title) or (
        asked[0].label if len(asked) == 1 else gettext("A few questions")
    )
    return page(
        request,
        "portal/guidance.html",
        status=422 if walked.errors else 200,
        **_frame(definition, walked, form, current=state.key),
        page_key=state.key,
        asked=[datum.name for datum in state.ask],
        heading=heading,
        fields=asked,
        errors=fields.summary_of(asked, walked.errors),
    )


def answers_of(definition: Definition, form: Form) -> Mapping[str, Any]:
    """Return the answers in a form of this guidance service, to go on with them elsewhere."""
    return walk(definition, form).situation.answers


def questions_of(
    definition: Definition, state: interview.PageState, walked: Walk, form: Form
) -> list[fields.Question]:
    """Return the questions of a page, with what was sent for them if anything was."""
    sent = any(datatypes.was_sent(datum, form) for datum in state.ask)
    return fields.questions(
        definition,
        state.ask,
        answers=walked.situation.answers,
        raw=form if sent else None,
        errors=walked.errors,
    )


def _result(request: HttpRequest, definition: Definition, walked: Walk, form: Form) -> HttpResponse:
    outcome = guidance.outcome(definition, walked.situation)
    if outcome is None:
        raise Http404  # the linter proves that every path ends; an older version might not
    told = guidance.render(definition, outcome, walked.situation, current_language())
    return page(
        request,
        "portal/outcome.html",
        **_frame(definition, walked, form),
        heading=told.title or pick(definition.title),
        paragraphs=told.body,
        law=words.law_words(told.law),
        apply_href=f"/services/{told.apply}/start" if told.apply else "",
        apply_fields=[("from", definition.service)] if told.apply else [],
    )


def _frame(definition: Definition, walked: Walk, form: Form, current: str = "") -> dict[str, Any]:
    return {
        "service_title": pick(definition.title),
        "service_href": f"/services/{definition.service}",
        "action": f"/services/{definition.service}/questions",
        "carried": _carried(definition, walked, form, current),
        "answered": _answered_rows(definition, walked),
    }


def _carried(
    definition: Definition, walked: Walk, form: Form, current: str
) -> list[tuple[str, str]]:
    """Return the fields that travel on: every answer given, except on the page being asked."""
    here = set(definition.page(current).ask) if current else set()  # type: ignore[union-attr]
    names = {name for key in walked.answered for name in definition.page(key).ask}  # type: ignore[union-attr]
    names |= {str(each) for each in form.get(ASKED, ()) if each in definition.data}
    carried: list[tuple[str, str]] = []
    for name in (each for each in definition.data if each in names - here):
        carried.append((ASKED, name))
        begin = name + "."
        for field, values in form.items():
            if field == name or field.startswith(begin):
                carried.extend((field, value) for value in values if isinstance(value, str))
    return carried


def _answered_rows(definition: Definition, walked: Walk) -> list[dict[str, Any]]:
    rows = []
    for key in walked.answered:
        asked = definition.page(key)
        for name in asked.ask if asked else ():
            if name not in walked.situation.answers:
                continue
            datum = definition.data[name]
            shown = words.value(datum, walked.situation.answers[name])
            rows.append(
                {"page": key, "label": pick(datum.label), "value": shown or gettext("Not given")}
            )
    return rows


def _last(form: Form, name: str) -> str:
    values = form.get(name) or ("",)
    return values[-1] if isinstance(values[-1], str) else ""
