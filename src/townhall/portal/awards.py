"""Awards as pages show them: sums, changes side by side, and the account as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.awards.views import AwardView, Change, Line, Offer
from townhall.foundation.text import formats, gettext, ngettext, pick
from townhall.portal import words
from townhall.portal.tracing import trace

Row = dict[str, Any]
WIDTH, HEIGHT = 640, 120
FEWEST_BARS, MOST_BARS = 8, 40
"""Fewer periods are seen at a glance in the table; more are too thin to tell apart."""


def period(every: str) -> str:
    """Return the words for the time that an amount is paid for."""
    return {"week": gettext("a week"), "month": gettext("a month")}[every]


def sum_words(amount: Decimal, currency: str, every: str = "") -> str:
    """Return an amount, with its period if it has one."""
    money = formats.money(amount, currency)
    return f"{money} {period(every)}" if every else money


def row(award: AwardView) -> Row:
    """Return an award as a line of my page."""
    return {
        "href": f"/me/awards/{award.id}",
        "title": pick(award.title),
        "number": award.number,
        "amount": sum_words(award.next_amount, award.currency, award.every),
        "next": next_words(award),
        "held": award.held,
    }


def next_words(award: AwardView) -> str:
    """Return when the next payment is due."""
    if award.held:
        return gettext("An officer checks a change. Payments wait until then.")
    if award.next_on is None:
        return gettext("This award has ended.")
    return gettext("Next payment for %(day)s.") % {"day": formats.date(award.next_on)}


def offer(found: Offer) -> Row:
    """Return an offer as a card."""
    return {
        "title": pick(found.title),
        "amount": sum_words(found.amount, found.currency, found.every),
        "text": gettext(
            "A register tells us that you have a right to it. The claim is filled in: look at it,"
            " or confirm it with one tap."
        ),
        "see": f"/apply/{found.draft_id}/check",
        "accept": f"/me/offers/{found.draft_id}/accept",
        "decline": f"/me/offers/{found.draft_id}/decline",
    }


def change(found: Change) -> Row:
    """Return an assessment with both explanations side by side."""
    return {
        "id": str(found.id),
        "title": _title(found),
        "at": words.when(found.made_at),
        "since": formats.date(found.from_on),
        "before": sum_words(found.before, found.currency, found.every),
        "after": sum_words(found.after, found.currency, found.every)
        if found.after is not None
        else gettext("The rules alone do not settle it"),
        "same": found.before == found.after,
        "money": _money(found),
        "status": {
            "waiting": gettext("An officer checks it"),
            "rejected": gettext("Not applied"),
            "replaced": gettext("A later change took its place"),
        }.get(found.status, ""),
        "kind": {"waiting": "warning", "rejected": "danger", "replaced": "neutral"}.get(
            found.status, "success"
        ),
        "reason": found.reason,
        "why_before": trace(found.why_before, found.definition),
        "why_after": trace(found.why_after, found.definition),
        "first": found.cause == "granted",
    }


def account(lines: Sequence[Line], currency: str) -> list[Row]:
    """Return the lines of an account."""
    kinds = {
        "payment": gettext("Payment"),
        "arrears": gettext("Arrears"),
        "overpayment": gettext("Paid too much"),
    }
    return [
        {
            "day": formats.date(line.day),
            "kind": kinds[line.kind],
            "amount": formats.money(line.amount, currency),
        }
        for line in lines
    ]


def picture(lines: Sequence[Line], currency: str) -> Row | None:
    """Return the sums of the last periods as bars; None if there are only a few."""
    sums: dict[date, Decimal] = {}
    for line in lines:
        sums[line.day] = sums.get(line.day, Decimal(0)) + line.amount
    days = sorted(sums)[-MOST_BARS:]
    if len(days) < FEWEST_BARS:
        return None
    top = max(sums[day] for day in days) or Decimal(1)
    wide = WIDTH / len(days)
    bars = [
        {
            "x": round(place * wide + 1, 1),
            "y": round(HEIGHT - float(max(sums[day], Decimal(0)) / top) * HEIGHT, 1),
            "width": round(wide - 2, 1),
            "height": round(float(max(sums[day], Decimal(0)) / top) * HEIGHT, 1),
            "title": f"{formats.date(day)}: {formats.money(sums[day], currency)}",
        }
        for place, day in enumerate(days)
    ]
    return {
        "bars": bars,
        "width": WIDTH,
        "height": HEIGHT,
        "first": formats.date(days[0]),
        "last": formats.date(days[-1]),
        "words": _span(min(sums[day] for day in days), top, currency),
    }


def _span(low: Decimal, high: Decimal, currency: str) -> str:
    if low == high:
        return gettext("%(sum)s for each period.") % {"sum": formats.money(high, currency)}
    return gettext("From %(low)s to %(high)s for a period.") % {
        "low": formats.money(low, currency),
        "high": formats.money(high, currency),
    }


def _title(found: Change) -> str:
    if found.cause == "granted":
        return gettext("Granted")
    if found.cause == "rates":
        return gettext("The law gives another amount")
    names = ", ".join(pick(each) for each in found.changed)
    return gettext("A register told us of a change: %(what)s") % {"what": names}


def _money(found: Change) -> str:
    """Return what a change means for periods that were paid; of one put aside, nothing."""
    if found.status in ("rejected", "replaced"):
        return ""
    waits = found.status == "waiting"
    if found.arrears:
        told = (
            ngettext(
                "%(sum)s would be paid on top, for one past period.",
                "%(sum)s would be paid on top, for %(num)s past periods.",
                found.periods,
            )
            if waits
            else ngettext(
                "%(sum)s is paid on top, for one past period.",
                "%(sum)s is paid on top, for %(num)s past periods.",
                found.periods,
            )
        )
        return told % {
            "sum": formats.money(found.arrears, found.currency),
            "num": found.periods,
        }
    if found.overpaid:
        told = (
            gettext("%(sum)s would have been paid too much.")
            if waits
            else gettext(
                "%(sum)s was paid too much. Nothing is taken back before we have written to you."
            )
        )
        return told % {"sum": formats.money(found.overpaid, found.currency)}
    return ""
