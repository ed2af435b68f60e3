"""“What if?” on the page before sending: one number changed, its results beside those now."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from townhall.cases.views import DraftView
from townhall.catalogue.engine import datatypes, whatif
from townhall.catalogue.engine.definition import Datum
from townhall.catalogue.engine.results import ResultValue
from townhall.catalogue.engine.whatif import Range
from townhall.foundation.text import current_language, formats, gettext, pick
from townhall.portal import curves
from townhall.rules.engine import Money

Row = dict[str, Any]
WHAT, AT, SLIDE, WAS = "what", "at", "slide", "was"


def panel(draft: DraftView, asked: Mapping[str, str]) -> Row | None:
    """Return what the part “What if?” shows; None where there is nothing to try.

    Parameters
    ----------
    asked
        The query of the address: the datum, the number typed, the place of the
        slider and the number that stood there before. Whatever of the two was
        moved counts.
    """
    if not draft.complete:
        return None
    ranges = whatif.ranges(draft.definition, draft.situation)
    if not ranges:
        return None
    tried = next((each for each in ranges if each.datum.name == asked.get(WHAT)), ranges[0])
    at = _wanted(tried, asked)
    then = whatif.then(draft.definition, draft.situation, tried.datum.name, at)
    rows = _rows(draft, then)
    name = draft.definition.what_if.draw if draft.definition.what_if else ""
    title = _title(draft, name)
    return {
        "action": f"/apply/{draft.id}/check",
        "what": tried.datum.name,
        "label": pick(tried.datum.title) or pick(tried.datum.label),
        "others": [
            {
                "label": pick(each.datum.title) or pick(each.datum.label),
                "href": f"/apply/{draft.id}/check?{WHAT}={each.datum.name}#what-if",
                "here": each is tried,
            }
            for each in ranges
        ],
        "at": _plain(at),
        "low": _plain(tried.low),
        "high": _plain(tried.high),
        "step": _plain(tried.step),
        "money": tried.datum.type == "money",
        "words": gettext("%(what)s: %(then)s instead of %(now)s.")
        % {
            "what": pick(tried.datum.title) or pick(tried.datum.label),
            "then": _number(tried.datum, at),
            "now": _number(tried.datum, tried.now),
        },
        "same": at == tried.now,
        "rows": rows,
        "curve": _curve(draft, tried, at, then),
        "curve_title": title,
        "curve_words": gettext("%(result)s, as “%(what)s” goes from %(low)s to %(high)s.")
        % {
            "result": title,
            "what": pick(tried.datum.title) or pick(tried.datum.label),
            "low": _number(tried.datum, tried.low),
            "high": _number(tried.datum, tried.high),
        },
    }


def _wanted(tried: Range, asked: Mapping[str, str]) -> Decimal:
    """Return the number to try: the one typed, or the slider if that was moved instead."""
    typed, slid, was = (_read(asked.get(each)) for each in (AT, SLIDE, WAS))
    moved = slid is not None and slid != was and (typed is None or typed == was)
    wanted = slid if moved else typed
    return tried.now if wanted is None else tried.within(wanted)


def _read(text: str | None) -> Decimal | None:
    try:
        found = Decimal((text or "").replace(",", "").replace("£", "").strip()[:20])
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _rows(draft: DraftView, then: Mapping[str, ResultValue]) -> list[Row]:
    """Return the results that differ, and always the one that is drawn."""
    language = current_language()
    drawn = draft.definition.what_if.draw if draft.definition.what_if else ""
    rows = []
    for name, now in draft.assessment.results.items():
        before = datatypes.display_value(now.value, language)
        after = datatypes.display_value(then[name].value, language)
        if before != after or name == drawn:
            row = {"label": _title(draft, name), "now": before, "then": after}
            rows.append({**row, "changed": before != after, "difference": _difference(now, then)})
    return rows


def _difference(now: ResultValue, then: Mapping[str, ResultValue]) -> str:
    before, after = now.value, then[now.name].value
    if not (isinstance(before, Money) and isinstance(after, Money)):
        return ""
    change = after.amount - before.amount
    words = formats.money(abs(change), after.currency)
    if not change:
        return ""
    return (gettext("%(amount)s more") if change > 0 else gettext("%(amount)s less")) % {
        "amount": words
    }


def _title(draft: DraftView, name: str) -> str:
    defined = draft.definition.results.get(name)
    return (pick(defined.title) if defined else "") or name.replace("_", " ")


def _curve(
    draft: DraftView, tried: Range, at: Decimal, then: Mapping[str, ResultValue]
) -> curves.Curve | None:
    assert draft.definition.what_if is not None
    name = draft.definition.what_if.draw
    marks = []
    for kind, place, result in (
        ("now", tried.now, draft.assessment.results[name]),
        ("then", at, then[name]),
    ):
        value = result.value.amount if isinstance(result.value, Money) else result.value
        if isinstance(value, Decimal):
            marks.append((kind, (place, value)))
    drawn = draft.assessment.results[name].value
    return curves.draw(
        whatif.curve(draft.definition, draft.situation, tried),
        marks,
        word_x=lambda number: _number(tried.datum, number),
        word_y=lambda number: (
            formats.money(number, drawn.currency) if isinstance(drawn, Money) else _plain(number)
        ),
    )


def _number(datum: Datum, number: Decimal) -> str:
    return formats.money(number, datum.currency) if datum.type == "money" else _plain(number)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
