"""Definitions as their owner sees them: health, versions, differences, a dry run, use."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from townhall.cases import operations as cases
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.definition import Definition
from townhall.catalogue.engine.problems import Problem
from townhall.catalogue.engine.testing import TestReport
from townhall.foundation.acting import Acting
from townhall.foundation.text import current_language, formats, gettext, ngettext, pick
from townhall.identity import operations as identity
from townhall.portal import flowpicture
from townhall.portal.context import page
from townhall.portal.pages.errors import answering
from townhall.portal.pages.officer.access import officers_only

OWNER = "catalogue.owner"
MAX_BYTES = 256 * 1024
FUNNEL_DAYS = 30


@require_safe
@answering
@officers_only
def services(request: HttpRequest) -> HttpResponse:
    """List every service with the version in force."""
    pack = catalogue.pack()
    rows = []
    for card in catalogue.services(current_language()):
        definition = catalogue.live(card.key)
        agency = pack.agencies.get(card.agency)
        rows.append(
            {
                "href": f"/owner/{card.key}",
                "title": card.title,
                "key": card.key,
                "version": definition.version,
                "agency": pick(agency.title) if agency else gettext("Guidance"),
                "questions": sum(1 for d in definition.data.values() if d.kind == "asked"),
                "tests": len(definition.tests),
                "lines": len(definition.source.splitlines()),
            }
        )
    return page(
        request,
        "portal/owner/services.html",
        rows=rows,
        owner=OWNER in _acting(request).roles,
    )


@require_safe
@answering
@officers_only
def service(request: HttpRequest, key: str) -> HttpResponse:
    """Show one service: is it healthy, how it flows, how it is used, what it was before."""
    definition = _live(key)
    health = catalogue.health(key=key)
    lines = catalogue.versions(key=key)
    return page(
        request,
        "portal/owner/service.html",
        key=key,
        title=pick(definition.title),
        version=definition.version,
        digest=definition.hash,
        good=health.good,
        problems=_problems(health.problems),
        tests=_tests(health.report),
        passed=sum(1 for each in health.report.results if each.passed),
        picture=flowpicture.draw(definition),
        states=_states(definition),
        use=None if definition.guidance else _use(_acting(request), key),
        versions=[
            {
                "number": line.number,
                "digest": line.hash[:12],
                "at": formats.instant(line.published_at),
                "by": identity.name_of(line.published_by) or line.published_by,
                "live": line.hash == definition.hash,
                "source": f"/owner/{key}/source/{line.hash}",
                "diff": f"/owner/{key}/difference/{before.hash}/{line.hash}" if before else "",
            }
            for line, before in zip(lines, [*lines[1:], None], strict=True)
        ],
        owner=OWNER in _acting(request).roles,
        done=gettext("Published. From now on new applications use it.")
        if request.GET.get("done") == "published"
        else "",
    )


@require_safe
@answering
@officers_only
def difference(request: HttpRequest, key: str, old: str, new: str) -> HttpResponse:
    """Say in words what one version changes against another."""
    _live(key)
    try:
        changes = catalogue.difference(old=old, new=new)
        before, after = catalogue.by_hash(old), catalogue.by_hash(new)
    except catalogue.VersionNotFound as error:
        raise Http404 from error
    return page(
        request,
        "portal/owner/difference.html",
        key=key,
        title=pick(after.title),
        old=before.version,
        new=after.version,
        changes=_changes(changes),
    )


@require_safe
@answering
@officers_only
def source(request: HttpRequest, key: str, digest: str) -> HttpResponse:
    """Show the file of a version, line by line."""
    _live(key)
    try:
        text = catalogue.source_of(digest)
        definition = catalogue.by_hash(digest)
    except catalogue.VersionNotFound as error:
        raise Http404 from error
    return page(
        request,
        "portal/owner/source.html",
        key=key,
        title=pick(definition.title),
        version=definition.version,
        digest=digest,
        lines=list(enumerate(text.splitlines(), 1)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answering
@officers_only
def change(request: HttpRequest, key: str = "") -> HttpResponse:
    """Try a changed file: what is wrong, what its tests say, what it changes. Then publish it."""
    if OWNER not in _acting(request).roles:
        raise PermissionDenied
    text = _given(request, key)
    checked = refused = None
    if request.method == "POST" and text.strip():
        name = f"{key or 'new-service'}.yaml"
        if "publish" in request.POST:
            try:
                done = catalogue.publish(text=text, filename=name, acting=_acting(request))
                return redirect(f"/owner/{done.service}?done=published")
            except catalogue.PublicationRefused as error:
                refused = error
        checked = catalogue.check(text=text, filename=name)
    problems = checked.problems if checked else ()
    report = checked.report if checked else None
    wrong = any(each.severity == "error" for each in problems)
    return page(
        request,
        "portal/owner/change.html",
        status=422 if refused or wrong else 200,
        key=key,
        text=text,
        rows=min(40, max(20, text.count("\n") + 2)),
        tried=checked is not None,
        empty=request.method == "POST" and not text.strip(),
        refused=refused.reason if refused else "",
        problems=_problems(problems),
        tests=_tests(report) if report else [],
        changes=_changes(checked.changes) if checked else [],
        ready=bool(checked and checked.definition and report and report.passed and not wrong),
    )


def _acting(request: HttpRequest) -> Acting:
    acting: Acting = request.acting  # type: ignore[attr-defined]
    return acting


def _live(key: str) -> Definition:
    try:
        return catalogue.live(key)
    except catalogue.ServiceNotFound as error:
        raise Http404 from error


def _given(request: HttpRequest, key: str) -> str:
    if request.method != "POST":
        return _live(key).source if key else ""
    upload = request.FILES.get("file")
    if upload and upload.size <= MAX_BYTES:
        return upload.read().decode("utf-8", errors="replace")
    return request.POST.get("text", "").replace("\r\n", "\n")[:MAX_BYTES]


def _problems(problems: tuple[Problem, ...]) -> list[dict[str, Any]]:
    return [
        {
            "line": each.line,
            "message": each.message,
            "hint": each.hint,
            "error": each.severity == "error",
        }
        for each in problems
    ]


def _tests(report: TestReport) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "line": each.line,
            "passed": each.passed,
            "failures": [
                {"what": f.what, "expected": f.expected, "got": f.got, "trace": f.trace}
                for f in each.failures
            ],
        }
        for each in report.results
    ]


KINDS = {
    "meaning": "danger",
    "type": "danger",
    "removed": "danger",
    "added_required": "warning",
    "flow": "warning",
    "rule": "warning",
}


def _changes(changes: Any) -> list[dict[str, str]]:
    names = {
        "meaning": gettext("meaning"),
        "type": gettext("type"),
        "removed": gettext("removed"),
        "added_required": gettext("new question"),
        "added_optional": gettext("new, optional"),
        "flow": gettext("flow"),
        "rule": gettext("rule"),
        "text": gettext("text"),
        "other": gettext("other"),
    }
    return [
        {
            "kind": names.get(each.kind, each.kind),
            "colour": KINDS.get(each.kind, "info"),
            "words": each.words,
        }
        for each in changes
    ]


def _states(definition: Definition) -> list[dict[str, Any]]:
    found = []
    for name, state in definition.flow.items():
        role = definition.pack.roles.get(state.by)
        who = pick(role.title) if role else gettext("by rule")
        found.append(
            {
                "title": pick(state.title) or name.replace("_", " "),
                "who": gettext("the end") if state.end else who,
                "leads": [
                    (action.replace("_", " "), target.replace("_", " "))
                    for action, target in flowpicture.leads(definition, state)
                ],
                "four_eyes": bool(state.four_eyes),
            }
        )
    return found


def _use(acting: Acting, key: str) -> dict[str, Any]:
    """Return how far people came, as bars against those who started."""
    found = cases.funnel(acting, service_key=key, days=FUNNEL_DAYS)
    steps = [(gettext("Started"), found.started)]
    steps += [
        (pick(step.title) or step.page.replace("_", " "), step.reached) for step in found.pages
    ]
    steps.append((gettext("Sent"), found.submitted))
    most = max(found.started, 1)
    return {
        "started": found.started,
        "summary": ngettext(
            "%(num)s person started in the last 30 days.",
            "%(num)s people started in the last 30 days.",
            found.started,
        )
        % {"num": found.started},
        "steps": [
            {"title": title, "count": count, "share": round(100 * count / most)}
            for title, count in steps
        ],
    }
