"""What registers said for a draft, and what it means for the questions of a page.

A fact is found, not there, not to be had now, or refused. Each of the four is told to the
person with what happens next; a fact that was found is shown with its source and time and is
never a field of the form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from townhall.cases import operations as cases
from townhall.cases.views import DraftView, SourceView
from townhall.catalogue.engine import interview
from townhall.catalogue.engine.definition import Datum
from townhall.catalogue.engine.interview import PageState
from townhall.foundation.acting import Acting
from townhall.foundation.text import formats, gettext, pick
from townhall.portal import words

Row = dict[str, Any]


def known_on(draft: DraftView, state: PageState) -> list[Row]:
    """Return the facts that a page shows beside its questions."""
    page = draft.definition.page(state.key)
    shown = [datum.name for datum in state.show]
    declared = any(each.show for each in draft.definition.pages)
    if not declared and draft.pages and state.key == draft.pages[0].key:
        # A definition that does not say where: what is read for the person comes first.
        shown = [datum.name for datum in draft.definition.register_data if _by_person(datum)]
    shown += [
        datum.name
        for datum in draft.definition.register_data
        if datum.source and page and datum.source.by in page.ask and datum.name not in shown
    ]
    return [row for name in shown if (row := fact_row(draft, name)) is not None]


def fact_row(draft: DraftView, name: str) -> Row | None:
    """Return a fact with its provenance, None unless it was found."""
    source = source_of(draft, name)
    fact = draft.situation.facts.get(name)
    if source is None or fact is None or source.outcome != "found":
        return None
    datum = draft.definition.data[name]
    value = words.value(datum, fact.value)
    if not value:
        return None
    return {
        "label": pick(datum.label) or name,
        "value": value,
        "source": words.provenance(
            words.register_words(draft.definition, source.register), source.as_of or source.read_at
        ),
    }


def source_of(draft: DraftView, name: str) -> SourceView | None:
    """Return what is known about the read of a datum."""
    return next((each for each in draft.sources if each.datum == name), None)


def notices(draft: DraftView, state: PageState) -> list[Row]:
    """Return what to say about facts that did not come and concern this page."""
    page = draft.definition.page(state.key)
    asked = set(page.ask if page else ())
    first = bool(draft.pages) and draft.pages[0].key == state.key
    told = []
    for source in draft.sources:
        if not is_news(source):
            continue
        datum = draft.definition.data[source.datum]
        concerns = first if _by_person(datum) else bool(datum.source and datum.source.by in asked)
        if concerns:
            told.append(notice(draft, source))
    return told


def is_news(source: SourceView) -> bool:
    """Say whether people have to hear of a read: not where "no entry" is a normal answer."""
    accepted = source.outcome == "none" and source.fallback == "accept"
    return source.outcome != "found" and not accepted


def notice(draft: DraftView, source: SourceView) -> Row:
    """Return why a fact did not come, and what happens instead."""
    register = words.register_words(draft.definition, source.register)
    upper = register[:1].upper() + register[1:]
    title = {
        "none": gettext("%(register)s has no entry for this"),
        "unavailable": gettext("%(register)s does not answer at the moment"),
        "refused": gettext("%(register)s may not tell us this"),
    }.get(source.outcome, "%(register)s") % {"register": upper}
    text = {
        "ask": gettext("So we ask you instead."),
        "upload": gettext("Send us a paper or a photo that shows it instead."),
        "review": gettext("You can go on. An officer will look at it."),
        "wait": gettext("You can go on and send it. We ask again until we get an answer."),
        "accept": gettext("That is all right. You can go on."),
    }.get(source.fallback or "review", "")
    kind = "info" if source.outcome == "none" or source.fallback == "accept" else "warning"
    return {"kind": kind, "title": title, "text": text}


def correction_words() -> str:
    """Return what to do when a fact is wrong: facts are corrected at their source."""
    return gettext("Is something wrong? Ask the register to correct it, then come back here.")


def asked_now(
    draft: DraftView, state: PageState, raw: Mapping[str, Sequence[Any]] | None
) -> tuple[Datum, ...]:
    """Return the questions that a page asks, given what stands in the form just now."""
    if raw is None:
        return state.ask
    accepted = interview.accept(draft.definition, state.key, raw, draft.situation)
    situation = draft.situation.with_answers({**draft.situation.answers, **accepted.answers})
    for each in interview.page_list(draft.definition, situation):
        if each.key == state.key:
            return each.ask
    return state.ask


def reports_nearby(acting: Acting, draft: DraftView, state: PageState) -> list[Row]:
    """Return earlier reports near the place given, on the page that comes after the place."""
    rule = draft.definition.duplicates
    asking = draft.definition.page_of(rule.place) if rule else None
    order = [each.key for each in draft.pages]
    if rule is None or asking is None or asking.key not in order or rule.place not in draft.answers:
        return []
    if order.index(state.key) != order.index(asking.key) + 1:
        return []
    return [
        {
            "title": pick(each.topic) or each.number,
            "text": gettext("%(metres)s m away, reported on %(day)s: %(state)s")
            % {
                "metres": each.distance_m,
                "day": formats.date(each.received_at),
                "state": pick(each.state_title),
            },
        }
        for each in cases.nearby(acting, draft_id=draft.id)
    ]


def _by_person(datum: Datum) -> bool:
    return datum.source is not None and not datum.source.by
