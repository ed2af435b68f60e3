"""What can I get? One set of questions, every programme answered at any time.

Nothing is stored: the answers lie, signed, in a cookie of this browser that goes when it is
closed or when "clear" is pressed. No address says anything about a person.
"""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.cases import operations as cases
from townhall.catalogue import operations as catalogue
from townhall.foundation import settings as configuration
from townhall.foundation.text import current_language, formats, gettext, pick
from townhall.portal import carrying, entitled, entitled_form, forms, keys
from townhall.portal.context import page
from townhall.portal.entitled import BASE
from townhall.portal.pages.errors import answering
from townhall.portal.pages.lawful import with_law
from townhall.rules import entitlements, operations, questionnaire
from townhall.rules.answers import Answers
from townhall.rules.entitlements import Assessment

COOKIE = "townhall_entitlements"
_SALT = "townhall.portal.entitlements"
_LASTS = 12 * 3600
RESULT = f"{BASE}/result"


@require_safe
@with_law
def start(request: HttpRequest) -> HttpResponse:
    """Say what is looked at, and what happens with the answers."""
    book = operations.lawbook()
    told = entitlements.told_programmes(book)
    answers = _answers(request)
    return _page(
        request,
        "portal/entitlements_start.html",
        begin=f"{BASE}/{questionnaire.FAMILY_PAGE}",
        go_on=_way_on(_assess(answers)) if answers else "",
        result=RESULT,
        gives=[(pick(each.title), f"/rules/{each.goal}") for each in told if each.gives],
        duties=[(pick(each.title), f"/rules/{each.goal}") for each in told if not each.gives],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_law
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the questions of a page, and go on to the next that can still change something."""
    answers = _answers(request)
    if key == questionnaire.FAMILY_PAGE:
        return _family(request, answers)
    if answers is None:
        return redirect(f"{BASE}/{questionnaire.FAMILY_PAGE}")
    assessment = _assess(answers)
    asked = questionnaire.page(assessment, key)
    if asked is None:
        if not key.isascii() or key not in questionnaire.keys(assessment):
            raise Http404
        return redirect(_way_on(assessment))
    if request.method != "POST":
        form = entitled_form.filled(asked, assessment.answers)
        return _ask(request, assessment, asked, form, {})
    form = forms.sent(request)
    said, errors = entitled_form.read(
        asked, form, unknown=bool(form.get("_unknown")), today=timezone.localdate()
    )
    if errors:
        return _ask(request, assessment, asked, form, errors)
    if asked.kind == "ticks":
        said = entitled_form.keeping_amounts(said, assessment.answers.facts)
    answers = assessment.answers.with_facts(said)
    return _kept(redirect(_way_on(_assess(answers), after=key)), answers)


@require_safe
@with_law
def result(request: HttpRequest) -> HttpResponse:
    """Tell every programme with its reasons, and every answer with a way to change it."""
    answers = _answers(request)
    if answers is None:
        return redirect(BASE)
    assessment = _assess(answers)
    following = questionnaire.next_page(assessment)
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
        summary=entitled.summary(assessment),
        assumed=entitled.assumed(assessment),
        day=formats.date(assessment.day),
        base=BASE,
        clear=f"{BASE}/clear",
    )


@require_safe
@with_law
def why(request: HttpRequest, name: str, member: int) -> HttpResponse:
    """Tell every step of the explanation of one programme."""
    answers = _answers(request)
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
    answers = _answers(request)
    if answers is None:
        return redirect(BASE)
    answers = answers.with_duties()
    return _kept(redirect(_way_on(_assess(answers))), answers)


@require_http_methods(["GET", "HEAD", "POST"])
@with_law
@answering
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """Open a draft of a claim with the answers that its service would ask again.

    A sign-in that is needed first leads back here, and so to the result.
    """
    answers = _answers(request)
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
    given = carrying.carried(definition, answers, book)
    draft = cases.start_draft(acting, service_key=key, answers=given)
    if draft.link_token:
        keys.keep(request, draft.id, draft.link_token)
    return redirect(f"/apply/{draft.id}")


@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Forget everything that was answered."""
    response = redirect(BASE)
    response.delete_cookie(COOKIE, path=BASE, samesite="Lax")
    return response


def _family(request: HttpRequest, answers: Answers | None) -> HttpResponse:
    """Ask who is in the family, before anything else."""
    form: dict[str, list[Any]] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        form = forms.sent(request)
        family, errors = entitled_form.read_family(form)
        if family is not None:
            answers = (answers or Answers()).with_family(couple=family[0], children=family[1])
            return _kept(redirect(_way_on(_assess(answers))), answers)
    elif answers is not None:
        form = entitled_form.filled_family(answers)
    assessment = _assess(answers or Answers())
    return _draw(
        request,
        assessment,
        questionnaire.FAMILY_PAGE,
        heading=gettext("Who lives with you?"),
        drawn=entitled_form.family_questions(form, errors),
        errors=errors,
        can_skip=False,
    )


def _ask(
    request: HttpRequest,
    assessment: Assessment,
    asked: questionnaire.Page,
    form: entitled_form.Form,
    errors: dict[str, str],
) -> HttpResponse:
    drawn = entitled_form.questions(asked, assessment.answers, form, errors)
    heading = entitled.heading(assessment.answers, asked)
    return _draw(
        request,
        assessment,
        asked.key,
        heading=heading,
        drawn=drawn,
        errors=errors,
        can_skip=True,
    )


def _draw(
    request: HttpRequest,
    assessment: Assessment,
    key: str,
    *,
    heading: str,
    drawn: list[Any],
    errors: dict[str, str],
    can_skip: bool,
) -> HttpResponse:
    lead = len(drawn) == 1 and getattr(drawn[0], "lead", False)
    return _page(
        request,
        "portal/entitlements_ask.html",
        status=422 if errors else 200,
        action=f"{BASE}/{key}",
        back=BASE if key == questionnaire.FAMILY_PAGE else _before(assessment, key),
        heading=drawn[0].label if lead else heading,
        lead=lead,
        asked=drawn,
        errors=entitled_form.summary_of(drawn),
        can_skip=can_skip,
        progress=entitled.progress(assessment, key),
        so_far=entitled.brief(assessment) if can_skip else [],
        result=RESULT,
        clear=f"{BASE}/clear",
    )


def _before(assessment: Assessment, key: str) -> str:
    """Return where "back" leads: to the answered page before this one."""
    done = [each for each in questionnaire.answered_pages(assessment) if each != key]
    if key in (answered := questionnaire.answered_pages(assessment)):
        done = list(answered[: answered.index(key)])
    return f"{BASE}/{done[-1] if done else questionnaire.FAMILY_PAGE}"


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


# --- the cookie


def _answers(request: HttpRequest) -> Answers | None:
    text = request.COOKIES.get(COOKIE, "")
    if not text:
        return None
    try:
        return Answers.from_data(signing.loads(text, salt=_SALT, max_age=_LASTS))
    except signing.BadSignature:
        return None


def _kept(response: HttpResponse, answers: Answers) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        signing.dumps(answers.to_data(), salt=_SALT, compress=True),
        path=BASE,
        samesite="Lax",
        secure=configuration.current().secure,
        httponly=True,
    )
    return response
