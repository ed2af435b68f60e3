"""The rules for everybody: every rule with its law, its rates, its tests, and a way to try it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from townhall.foundation import settings as configuration
from townhall.foundation.text import current_language, formats, gettext, ngettext, pick
from townhall.portal import rulepictures, rulewords
from townhall.portal.cards import asked_words
from townhall.portal.context import page
from townhall.portal.pages.lawful import with_law
from townhall.portal.pictures import icon_for
from townhall.portal.rulepictures import Entry, Graph
from townhall.portal.ruletrying import panel
from townhall.rules import browsing, operations
from townhall.rules.engine.law import Law, Lawbook
from townhall.rules.engine.law.book import Fact, Version
from townhall.rules.engine.law.law import Variable

MOST_FOUND = 60


@require_safe
@with_law
def index(request: HttpRequest) -> HttpResponse:
    """List all parts of the law, programmes first; with words, what fits them."""
    book, words = operations.lawbook(), asked_words(request)
    found = browsing.search(book, words, current_language()) if words else ()
    return page(
        request,
        "portal/rules.html",
        words=words,
        found=[_line(book, name) for name in found[:MOST_FOUND]],
        found_words=ngettext("One rule or rate fits", "%(num)s rules and rates fit", len(found))
        % {"num": len(found)},
        programmes=[
            {
                "href": f"/rules/{each.goal}",
                "title": pick(each.title),
                "text": rulewords.title_of(book, each.goal),
                "icon": icon_for(each.name, otherwise="law"),
                "kind": "accent" if each.gives else "neutral",
            }
            for each in book.programmes.values()
        ],
        parts_=[
            {
                "id": part.name.replace("_", "-"),
                "title": part.title,
                "count": _count_words(part),
                "rules": [_line(book, name) for name in part.rules],
                "facts": [_line(book, name) for name in part.facts],
            }
            for part in browsing.parts(book)
        ],
        told=gettext("%(rules)s rules, %(rates)s dated rates.")
        % {"rules": len(book.versions), "rates": len(book.parameters)},
        digest=book.digest,
    )


@require_safe
@with_law
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """Tell everything about one rule or fact, and let people try it."""
    book, today = operations.lawbook(), timezone.localdate()
    law = book.on(today)
    variable = law.variables.get(name)
    if variable is None:
        raise Http404
    below, above = _around(law, variable)
    shown: dict[str, Any] = {
        "name": name,
        "title": rulewords.title_of(book, name),
        "kind": rulewords.kind_words(variable.kind.entity.name, variable.kind.unit),
        "part": _part_words(book, name),
        "graph": _graph(book, name, below, above),
        "below": below,
        "above": above,
        "programmes": [
            (pick(book.programmes[each].title), f"/rules/{book.programmes[each].goal}")
            for each in browsing.programmes_on(law, name)
            if book.programmes[each].goal != name
        ],
        "suites": _suite_rows(law, name),
    }
    if isinstance(variable.spec, Fact):
        return _page(request, shown, facts=rulewords.fact_rows(variable.spec))
    if not isinstance(variable.spec, Version):
        return _page(request, shown)
    tried = panel(law, variable, request.GET, today)
    versions = rulewords.version_rows(law, variable, book.versions[name])
    return _page(
        request,
        shown,
        status=422 if tried and tried["errors"] else 200,
        here=next((each for each in versions if each["here"]), versions[0]),
        versions=versions if len(versions) > 1 or versions[0]["dated"] else [],
        exceptions=rulewords.exception_rows(law, variable),
        rates=[_rate(book, key, today) for key in variable.rates],
        trial=tried,
    )


@require_safe
@with_law
def rate(request: HttpRequest, key: str) -> HttpResponse:
    """Tell every value of a dated rate, and which rules use it."""
    book, today = operations.lawbook(), timezone.localdate()
    if key not in book.parameters:
        raise Http404
    law = book.on(today)
    using = [rulewords.entry(book, each) for each in browsing.users(law).get(key, ())]
    return page(
        request,
        "portal/rate.html",
        rate=_rate(book, key, today),
        key=key,
        using=using,
        programmes=[
            (pick(book.programmes[each].title), f"/rules/{book.programmes[each].goal}")
            for each in browsing.programmes_on(law, key)
        ],
    )


def _page(
    request: HttpRequest, shown: dict[str, Any], *, status: int = 200, **more: Any
) -> HttpResponse:
    return page(request, "portal/rule.html", status=status, **{**_NOTHING, **shown, **more})


_NOTHING: dict[str, Any] = {
    "facts": [],
    "here": None,
    "versions": [],
    "exceptions": [],
    "rates": [],
    "trial": None,
}


def _line(book: Lawbook, name: str) -> dict[str, str]:
    entry = rulewords.entry(book, name)
    kinds = {"rule": gettext("Rule"), "fact": gettext("Fact"), "rate": gettext("Rate")}
    cite = book.versions[name][-1].source.cite if name in book.versions else ""
    return {"href": entry.href, "title": entry.title, "kind": kinds[entry.kind], "cite": cite}


def _count_words(part: browsing.Part) -> str:
    count = len(part.rules)
    if not count:
        count = len(part.facts)
        return ngettext("%(num)s fact", "%(num)s facts", count) % {"num": count}
    return ngettext("%(num)s rule", "%(num)s rules", count) % {"num": count}


def _part_words(book: Lawbook, name: str) -> tuple[str, str] | None:
    part = browsing.part_of(book, name)
    return (part.title, f"/rules#{part.name.replace('_', '-')}") if part else None


def _around(law: Law, variable: Variable) -> tuple[list[Entry], list[Entry]]:
    """Return what a rule rests on, and what rests on it."""
    used = dict.fromkeys((*variable.arguments, *variable.rates))
    below = [rulewords.entry(law.book, each) for each in used]
    above = [rulewords.entry(law.book, each) for each in browsing.users(law).get(variable.name, ())]
    return below, above


def _graph(book: Lawbook, name: str, below: list[Entry], above: list[Entry]) -> Graph | None:
    if not below and not above:
        return None
    return rulepictures.graph(rulewords.entry(book, name), below, above)


def _rate(book: Lawbook, key: str, today: Any) -> dict[str, Any]:
    parameter = book.parameters[key]
    rows = rulewords.rate_rows(parameter, today)
    now = next((each for each in rows if each["here"]), None)
    steps = rulewords.rate_steps(parameter)
    return {
        "key": key,
        "id": key.replace(".", "-").replace("_", "-"),
        "href": f"/rules/rates/{key}",
        "title": parameter.title or key,
        "now": now["entries"] if now else [],
        "since": gettext("from %(start)s") % {"start": now["start"]} if now else "",
        "cite": now["cite"] if now else rows[0]["cite"],
        "rows": rows,
        "plot": rulepictures.plot(steps, today) if steps else None,
        "told": _told(steps),
    }


def _told(steps: list[rulepictures.Step]) -> str:
    if not steps:
        return ""
    first, last = steps[0], steps[-1]
    return gettext("A line in steps: %(first)s from %(start)s, %(last)s from %(end)s.") % {
        "first": first.words,
        "start": formats.date(first.start),
        "last": last.words,
        "end": formats.date(last.start),
    }


def _suite_rows(law: Law, name: str) -> list[dict[str, str]]:
    rows = []
    for suite, through in browsing.suites_of(configuration.current().pack, law, name):
        itself = through == name
        rows.append(
            {
                "suite": suite,
                "through": "" if itself else rulewords.title_of(law.book, through),
                "href": "" if itself else f"/rules/{through}",
                "command": f"townhall rules verify {suite}",
            }
        )
    return rows
