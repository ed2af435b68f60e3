"""What can I get? One set of questions, every programme answered at any time.

Who is signed in may have the registers answer what they know; everybody else, and who prefers
it, answers everything themselves, and then nothing is stored. `portal.entitled_kept` says where
the answers lie. No address says anything about a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.cases import operations as cases
from townhall.catalogue import operations as catalogue
from townhall.foundation.text import current_language, formats, gettext, pick
from townhall.portal import (
    carrying,
    entitled,
    entitled_form,
    entitled_kept,
    entitled_known,
    forms,
    keys,
    words,
)
from townhall.portal.context import page
from townhall.portal.entitled import BASE
from townhall.portal.pages.errors import answering
from townhall.portal.pages.lawful import with_law
from townhall.rules import entitlements, operations, questionnaire
from townhall.rules.answers import Answers
from townhall.rules.entitlements import Assessment
from townhall.rules.registered import Reading

RESULT = f"{BASE}/result"


@require_safe
@with_law
def start(request: HttpRequest) -> HttpResponse:
    """Say what is looked at, and what happens with the answers."""
    book = operations.lawbook()
    told = entitlements.told_programmes(book)
    answers = entitled_kept.answers(request)
    reading = entitled_kept.reading(request)
    readable = cases.readable_registers(request.acting)  # type: ignore[attr-defined]
    return _page(
        request,
        "portal/entitlements_start.html",
        begin=f"{BASE}/{questionnaire.FAMILY_PAGE}",
        registers=entitled_known.names(readable),
        registers_action=f"{BASE}/registers",
        read_at=words.when(datetime.fromisoformat(reading.at)) if reading else "",
        clear=f"{BASE}/clear",
        go_on=_way_on(_assess(answers)) if answers else "",
        result=RESULT,
        gives=[(pick(each.title), f"/rules/{each.goal}") for each in told if each.gives],
        duties=[(pick(each.title), f"/rules/{each.goal}") for each in told if not each.gives],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_law
@answering
def registers(request: HttpRequest) -> HttpResponse:
    """Read what the registers know of the person who chose it, and go on to what they do not."""
    if request.method != "POST":
        return redirect(BASE)
    found = cases.read_registers(request.acting)  # type: ignore[attr-defined]
    onwards = redirect(f"{BASE}/{questionnaire.FAMILY_PAGE}")
    return entitled_kept.keep_reading(request, onwards, found, BASE)


@require_http_methods(["GET", "HEAD", "POST"])
@with_law
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the questions of a page, and go on to the next that can still change something."""
    answers = entitled_kept.answers(request)
    if key == questionnaire.FAMILY_PAGE:
        return _family(request, answers)
    if answers is None:
        return redirect(f"{BASE}/{questionnaire.FAMILY_PAGE}")
    assessment = _assess(answers)
    whole = questionnaire.page(assessment, key)
    if whole is None:
        if not key.isascii() or key not in questionnaire.keys(assessment):
            raise Http404
        return redirect(_way_on(assessment))
    if request.method != "POST":
        changing = request.GET.getlist(entitled_known.CHANGE)
        asked = entitled_known.without_known(whole, assessment.answers, changing)
        # A fact of a register is no field: who answers instead writes it anew.
        form = entitled_form.filled(asked, assessment.answers.own())
        return _ask(request, assessment, whole, changing=changing, form=form, errors={})
    form = forms.sent(request)
    if registered := str(next(iter(form.get("_registered", ())), "")):
        answers = assessment.answers.as_registered(registered)
        return _kept(request, redirect(RESULT), answers)
    changing = [str(each) for each in form.get(entitled_known.CHANGE, ())]
    asked = entitled_known.without_known(whole, assessment.answers, changing)
    said, errors = entitled_form.read(
        asked,
        form,
        unknown=bool(form.get("_unknown")),
        today=timezone.localdate(),
    )
    if errors:
        return _ask(request, assessment, whole, changing=changing, form=form, errors=errors)
    said = questionnaire.keeping_amounts(said, assessment.answers.facts)
    answers = assessment.answers.with_facts(said)
    return _kept(request, redirect(_way_on(_assess(answers), after=key)), answers)


@require_safe
@with_law
def result(request: HttpRequest) -> HttpResponse:
    """Tell every programme with its reasons, and every answer with a way to change it."""
    answers = entitled_kept.answers(request)
    if answers is None:
        return redirect(BASE)
    assessment = _assess(answers)
    following = questionnaire.next_page(assessment)
    reading = entitled_kept.reading(request)
    return _page(
        request,
        "portal/entitlements_result.html",
        awards=entitled.awards(assessment, gives=True),
        services=_live_services(assessment),
        duties=entitled.awards(assessment, gives=False),
        has_duties=any(not each.programme.gives for each in assessment.awards),
        duties_action=f"{BASE}/duties",
        go_on=f"{BASE}/{following}" if following else "",
        left=len(questionnaire.open_pages(assessment)),
        summary=_summary(request, assessment),
        notices=entitled_known.notices(reading) if reading else [],
        stored=reading is not None,
        assumed=entitled.assumed(assessment),
        day=formats.date(assessment.day),
        base=BASE,
        clear=f"{BASE}/clear",
    )


@require_safe
@with_law
def why(request: HttpRequest, name: str, member: int) -> HttpResponse:
    """Tell every step of the explanation of one programme."""
    answers = entitled_kept.answers(request)
    if answers is None:
        return redirect(BASE)
    award = entitled.explained(_assess(answers), name, member)
    if award is None:
        raise Http404
    return _page(request, "portal/entitlements_why.html", award=award, base=BASE, result=RESULT)


@require_POST
@with_law
def duties(request: HttpRequest) -> HttpResponse:
    """Ask also what matters only for what people pay."""
    answers = entitled_kept.answers(request)
    if answers is None:
        return redirect(BASE)
    answers = answers.with_duties()
    return _kept(request, redirect(_way_on(_assess(answers))), answers)


@require_http_methods(["GET", "HEAD", "POST"])
@with_law
@answering
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """Open a draft of a claim with the answers that its service would ask again.

    A sign-in that is needed first leads back here, and so to the result.
    """
    answers = entitled_kept.answers(request)
    book = operations.lawbook()
    if key not in {each.service for each in book.programmes.values()}:
        raise Http404
    if request.method != "POST" or answers is None:
        return redirect(RESULT)
    try:
        definition = catalogue.live(key)
    except catalogue.ServiceNotFound as error:
        raise Http404 from error
    acting = request.acting  # type: ignore[attr-defined]
    # What registers know the claim reads itself.
    given = carrying.carried(definition, answers.own(), book)
    draft = cases.start_draft(acting, service_key=key, answers=given)
    if draft.link_token:
        keys.keep(request, draft.id, draft.link_token)
    return redirect(f"/apply/{draft.id}")


@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Forget everything that was answered."""
    return entitled_kept.forget(request, redirect(BASE), BASE)


def _family(request: HttpRequest, answers: Answers | None) -> HttpResponse:
    """Ask who is in the family, before anything else."""
    reading = entitled_kept.reading(request)
    form: dict[str, list[Any]] = {}
    errors: dict[str, str] = {}
    asks_children = _asks_children(request, reading, answers)
    if request.method == "POST":
        form = forms.sent(request)
        asks_children |= entitled_form.CHILDREN in form
        known = None if asks_children or reading is None else reading.count
        family, errors = entitled_form.read_family(form, known)
        if family is not None:
            said = answers or entitled_kept.before(request)
            said = said.with_family(couple=family[0], children=family[1])
            said = reading.fill(said) if reading else said
            return _kept(request, redirect(_way_on(_assess(said))), said)
    elif answers is not None:
        form = entitled_form.filled_family(answers)
        if reading is not None and reading.count == answers.children:
            del form[entitled_form.CHILDREN]
    return _draw(
        request,
        _assess(answers or Answers()),
        questionnaire.FAMILY_PAGE,
        heading=gettext("Who lives with you?"),
        drawn=entitled_form.family_questions(form, errors, ask_children=asks_children),
        can_skip=False,
        known=[] if asks_children or reading is None else [entitled_known.children_row(reading)],
        notices=entitled_known.notices(reading) if reading else [],
    )


def _asks_children(request: HttpRequest, reading: Reading | None, answers: Answers | None) -> bool:
    """Whether the number of children is asked: no register says it, or it is said otherwise."""
    if reading is None or reading.count is None:
        return True
    other = answers is not None and answers.children != reading.count
    return other or entitled_form.CHILDREN in request.GET.getlist(entitled_known.CHANGE)


def _ask(
    request: HttpRequest,
    assessment: Assessment,
    whole: questionnaire.Page,
    *,
    changing: Sequence[str],
    form: entitled_form.Form,
    errors: dict[str, str],
) -> HttpResponse:
    asked = entitled_known.without_known(whole, assessment.answers, changing)
    return _draw(
        request,
        assessment,
        asked.key,
        heading=entitled.heading(assessment.answers, whole),
        drawn=entitled_form.questions(asked, assessment.answers, form, errors),
        can_skip=True,
        known=entitled_known.known_rows(assessment, whole, changing),
        corrected=entitled_known.corrected_rows(assessment.answers, asked),
        changing=changing,
    )


def _draw(
    request: HttpRequest,
    assessment: Assessment,
    key: str,
    *,
    heading: str,
    drawn: list[Any],
    can_skip: bool,
    known: list[Any],
    notices: Sequence[Any] = (),
    corrected: Sequence[Any] = (),
    changing: Sequence[str] = (),
) -> HttpResponse:
    lead = not known and len(drawn) == 1 and getattr(drawn[0], "lead", False)
    if not lead:
        drawn = [replace(each, lead=False) if hasattr(each, "lead") else each for each in drawn]
    errors = entitled_form.summary_of(drawn)
    return _page(
        request,
        "portal/entitlements_ask.html",
        status=422 if errors else 200,
        action=f"{BASE}/{key}",
        back=BASE if key == questionnaire.FAMILY_PAGE else _before(assessment, key),
        heading=drawn[0].label if lead else heading,
        lead=lead,
        asked=[each for each in drawn if not getattr(each, "several", False)],
        boxes=[each for each in drawn if getattr(each, "several", False)],
        errors=errors,
        known=known,
        can_skip=can_skip and bool(drawn),
        progress=entitled.progress(assessment, key),
        so_far=entitled.brief(assessment) if can_skip else [],
        result=RESULT,
        clear=f"{BASE}/clear",
        notices=notices,
        corrected=corrected,
        changing=changing,
    )


def _before(assessment: Assessment, key: str) -> str:
    """Return where "back" leads: to the page before this one that the person answered."""
    answered = questionnaire.answered_pages(assessment, own=True)
    done = answered[: answered.index(key)] if key in answered else answered
    return f"{BASE}/{done[-1] if done else questionnaire.FAMILY_PAGE}"


def _summary(request: HttpRequest, assessment: Assessment) -> list[dict[str, Any]]:
    """Return every answer with where it comes from, and a way to change it."""
    rows = entitled.summary(assessment)
    note = entitled_known.family_note(entitled_kept.reading(request), assessment.answers)
    rows[0]["note"] = note
    return [entitled_known.with_source(assessment, row) for row in rows]


def _way_on(assessment: Assessment, after: str = "") -> str:
    following = questionnaire.next_page(assessment, after)
    return f"{BASE}/{following}" if following else RESULT


def _assess(answers: Answers) -> Assessment:
    return entitlements.assess(operations.lawbook(), answers, timezone.localdate())


def _live_services(assessment: Assessment) -> frozenset[str]:
    """Return the services of programmes that this town hall offers."""
    offered = {card.key for card in catalogue.services(current_language())}
    return frozenset(each.programme.service for each in assessment.awards) & offered


def _page(request: HttpRequest, template: str, *, status: int = 200, **more: Any) -> HttpResponse:
    response = page(request, template, status=status, **more)
    response["Cache-Control"] = "private, no-store"
    return response


def _kept(request: HttpRequest, response: HttpResponse, answers: Answers) -> HttpResponse:
    return entitled_kept.keep(request, response, answers, BASE)
