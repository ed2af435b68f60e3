"""Reforms tried on populations: earlier runs, the form, progress, results, downloads."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from townhall.foundation.acting import Acting
from townhall.foundation.files import FileRefused, StoreUnavailable
from townhall.foundation.text import formats, gettext
from townhall.portal import reformresults, reforms
from townhall.portal.context import page
from townhall.portal.pages.lawful import with_law
from townhall.portal.pages.officer.access import officers_only
from townhall.portal.reforms import Form
from townhall.rules import operations
from townhall.rules.population import runs
from townhall.rules.simulation import changes, writing
from townhall.rules.simulation.changes import Rate
from townhall.rules.simulation.mapping import MappingError
from townhall.rules.simulation.statistics import NoStatistics

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
LIST = "/owner/population"


def owners_only(view: View[P]) -> View[P]:
    """Let in who may try reforms, where the pack says what is counted in a population."""

    @officers_only
    @with_law
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not runs.allowed(_acting(request)):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except (runs.RunNotFound, NoStatistics) as error:
            raise Http404 from error

    return wrapped


@require_safe
@owners_only
def index(request: HttpRequest) -> HttpResponse:
    """List the earlier runs of the agency."""
    return page(
        request,
        "portal/owner/population.html",
        runs=[_line(each) for each in runs.runs(_acting(request))],
        done={
            "deleted": gettext("Deleted, with everything that was kept of it."),
        }.get(request.GET.get("done", ""), ""),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@owners_only
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a reform, search for rates, and begin the run."""
    if request.method != "POST":
        return _form(request, _first(request))
    form = Form.sent(request.POST)
    known = _known(form)
    for name in [each for each in form.chosen if each not in known]:
        form.chosen.pop(name)
    if "remove" in request.POST:
        form.chosen.pop(request.POST["remove"], None)
    elif "add" in request.POST:
        _add(form, request.POST["add"], known)
    elif request.POST.get("act") == "run" or ("act" not in request.POST and not form.find):
        begun = _begin(request, form, known)
        if begun is not None:
            return redirect(f"{LIST}/{begun}")
    return _form(request, form, known)


@require_safe
@owners_only
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show how far a run is, why it failed, or what came out."""
    found = runs.run(_acting(request), run_id=run_id)
    more: dict[str, Any] = {}
    if found.results is not None:
        book = operations.lawbook()
        more = reformresults.shown(found.results, book, _rates(found))
    return page(
        request,
        "portal/owner/population_run.html",
        run=found,
        line=_line(found),
        moving=found.state in ("waiting", "running"),
        phase=_phase(found),
        **more,
    )


@require_safe
@owners_only
def download(request: HttpRequest, run_id: UUID, ending: str) -> HttpResponse:
    """Hand out the results as JSON or CSV."""
    found = runs.run(_acting(request), run_id=run_id)
    if found.results is None or ending not in ("csv", "json"):
        raise Http404
    if ending == "json":
        answer = HttpResponse(writing.as_json(found.results), content_type="application/json")
    else:
        answer = HttpResponse(
            writing.as_csv(found.results), content_type="text/csv; charset=utf-8; header=present"
        )
    answer["Content-Disposition"] = f'attachment; filename="reform-{found.day}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@owners_only
def delete(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Delete a run."""
    runs.delete(_acting(request), run_id=run_id)
    return redirect(f"{LIST}?done=deleted")


# --- the form


def _first(request: HttpRequest) -> Form:
    """Return a fresh form, or one that begins from an earlier run."""
    form = Form.fresh(timezone.localdate())
    given = request.GET.get("from", "")
    if not given:
        return form
    try:
        earlier = runs.run(_acting(request), run_id=UUID(given))
    except ValueError as error:
        raise Http404 from error
    form.name, form.chosen = earlier.name, dict(earlier.rates)
    form.columns, form.usual = earlier.columns, earlier.usual
    form.day = Form.fresh(earlier.day).day
    form.source = "file" if earlier.file_name else "invented"
    form.households, form.seed = str(earlier.households or reforms.USUAL_SIZE), str(earlier.seed)
    return form


def _known(form: Form) -> dict[str, Rate]:
    """Return the rates of the day of the form; of today where it is none."""
    try:
        return dict(runs.rates(form.day_given() or timezone.localdate()))
    except runs.NoDay:
        return dict(runs.rates(timezone.localdate()))


def _rates(found: runs.Run) -> dict[str, Rate]:
    try:
        return dict(runs.rates(found.day))
    except runs.NoDay:
        return {}


def _add(form: Form, name: str, known: dict[str, Rate]) -> None:
    if name not in known or name in form.chosen:
        return
    if len(form.chosen) >= changes.MOST:
        told = gettext("A reform changes at most %(num)s rates. Take one out first.")
        form.refuse("f-find", told % {"num": changes.MOST})
        return
    form.chosen[name] = ""


def _begin(request: HttpRequest, form: Form, known: dict[str, Rate]) -> UUID | None:
    """Begin the run; None where something is wrong, which is then noted."""
    new_values = form.new_values(known)
    if not form.chosen:
        form.refuse("f-find", gettext("Choose a rate to change: search for it by its name."))
    day = form.day_given()
    if day is None:
        form.refuse("f-day", gettext("Write a day, such as 6 4 2026."))
    upload = request.FILES.get("file") if form.source == "file" else None
    sizes = {"households": 0, "seed": 1}
    if form.source == "invented":
        sizes = {"households": form.size_given(), "seed": form.seed_given()}
    elif upload is None:
        form.refuse("f-file", gettext("Choose a file with a population."))
    elif (upload.size or 0) > runs.MAX_BYTES:
        told = gettext("The file is larger than %(limit)s MB.")
        form.refuse("f-file", told % {"limit": runs.MAX_BYTES // 1_000_000})
    if form.errors or day is None:
        return None
    try:
        return runs.begin(
            _acting(request),
            name=form.name or gettext("Reform of %(day)s") % {"day": formats.date(day)},
            day=day,
            new=new_values,
            content=upload.file if upload else None,
            file_name=(upload.name or "people.csv") if upload else "",
            columns=form.columns if upload else "",
            usual=form.usual,
            **sizes,
        )
    except runs.NoDay as error:
        told = gettext("The law is known from %(first)s to %(last)s. Choose a day within.")
        days = {"first": formats.date(error.first), "last": formats.date(error.last)}
        form.refuse("f-day", told % days)
    except runs.TooManyRuns:
        form.refuse("f-find", gettext("Runs of your agency are not done yet. Wait until one is."))
    except FileRefused as error:
        form.refuse("f-file", error.message())
    except StoreUnavailable:
        form.refuse("f-file", gettext("The file cannot be kept just now. Try again later."))
    except MappingError as error:
        form.refuse("f-columns", str(error))
    return None


def _form(request: HttpRequest, form: Form, known: dict[str, Rate] | None = None) -> HttpResponse:
    known = _known(form) if known is None else known
    found = reforms.search(form.find, known, list(form.chosen)) if form.find else []
    return page(
        request,
        "portal/owner/population_new.html",
        status=422 if form.errors else 200,
        form=form,
        rows=reforms.rows(form, known),
        found=[
            {
                "name": rate.name,
                "title": reforms.title(rate),
                "now": reforms.written(rate, rate.value),
                "cite": rate.cite,
            }
            for rate in found[: reforms.MOST_FOUND]
        ],
        found_more=max(0, len(found) - reforms.MOST_FOUND),
        sizes=[(str(size), reformresults.count(size)) for size in reforms.SIZES],
        most=changes.MOST,
        most_bytes=runs.MAX_BYTES // 1_000_000,
        most_rows=reformresults.count(runs.MAX_ROWS),
        errors=[(f"#{at}", words) for at, words in form.errors.items()],
    )


# --- runs in words


def _line(found: runs.Run) -> dict[str, Any]:
    states = {
        "waiting": (gettext("waiting"), "neutral"),
        "running": (gettext("running"), "info"),
        "done": (gettext("done"), "success"),
        "failed": (gettext("failed"), "danger"),
        "stalled": (gettext("stopped"), "warning"),
    }
    words, colour = states[found.state]
    invented = gettext("%(num)s invented households") % {
        "num": reformresults.count(found.households)
    }
    return {
        "href": f"{LIST}/{found.id}",
        "name": found.name,
        "day": formats.date(found.day),
        "population": found.file_name or invented,
        "by": found.made_by,
        "at": formats.instant(found.made_at),
        "state": words,
        "colour": colour,
    }


def _phase(found: runs.Run) -> str:
    return {
        "read": gettext("Reading the file"),
        "invent": gettext("Inventing the population"),
        "before": gettext("Working out the law as it is"),
        "after": gettext("Working out the law with the reform"),
        "figures": gettext("Adding up"),
    }.get(found.phase, gettext("Waiting for its turn"))


def _acting(request: HttpRequest) -> Acting:
    acting: Acting = request.acting  # type: ignore[attr-defined]
    return acting
