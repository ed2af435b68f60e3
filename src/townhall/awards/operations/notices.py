"""The letter that says what changed of an award, since when, and why."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from townhall.awards import models
from townhall.awards.models import assessments
from townhall.awards.operations import showing
from townhall.awards.views import Change
from townhall.cases.engine.letter import Notice, Reason
from townhall.cases.operations import letters
from townhall.foundation.text import formats, gettext, pick
from townhall.rules.engine import Step

KIND = "award"
MOST_REASONS = 6


def write(*, person_id: UUID, assessment_id: UUID, held: bool) -> bool:
    """Write the letter about an assessment, once; the caller is in the system's scope.

    Returns
    -------
    Whether it was written now.
    """
    made = assessments.get(assessment_id)
    if made is None:
        return False
    change = next(iter(showing.changes_of([made])), None)
    award = models.Award.objects.filter(person_id=person_id, id=made.award_id).first()
    if change is None or award is None:
        return False
    return letters.make_notice(
        person_id=person_id,
        case_id=award.case_id,
        kind=KIND,
        # Held and applied are two letters about one assessment.
        seq=2 * made.seq + (0 if held else 1),
        words=lambda language: notice(change, language, held=held),
    )


def notice(change: Change, language: str, *, held: bool) -> Notice:
    """Return the words of the letter."""
    service = pick(change.service_title, language)
    title = gettext("Your payment changes: %(service)s", language) % {"service": service}
    paragraphs = [*_what(change, language)]
    if held:
        title = gettext("We are checking a change: %(service)s", language) % {"service": service}
        paragraphs.append(
            gettext(
                "The change is large, so an officer looks at it before anything is paid or taken"
                " back. You need not do anything.",
                language,
            )
        )
    else:
        paragraphs += _money(change, language)
    paragraphs.append(
        gettext(
            "If something in this letter is wrong, tell us: open your award on our website, or"
            " write to us.",
            language,
        )
    )
    return Notice(
        title=title,
        paragraphs=tuple(paragraphs),
        rows=tuple(_rows(change, language)),
        reasons=tuple(_reasons(change.why_after, language)),
    )


def _what(change: Change, language: str) -> list[str]:
    names = ", ".join(pick(each, language) for each in change.changed)
    if change.cause == "fact" and names:
        return [
            gettext(
                "A register told us that something you are paid by has changed: %(what)s. It counts"
                " from %(day)s.",
                language,
            )
            % {"what": names, "day": formats.date(change.from_on, language)}
        ]
    return [
        gettext("From %(day)s the law gives another amount.", language)
        % {"day": formats.date(change.from_on, language)}
    ]


def _money(change: Change, language: str) -> list[str]:
    found = []
    if change.arrears:
        found.append(
            gettext("We paid you %(sum)s too little. You get it with your next payment.", language)
            % {"sum": _amount(change, change.arrears, language)}
        )
    if change.overpaid:
        found.append(
            gettext(
                "We paid you %(sum)s too much. You need not pay anything yet: we write to you"
                " before anything is taken back.",
                language,
            )
            % {"sum": _amount(change, change.overpaid, language)}
        )
    return found


def _rows(change: Change, language: str) -> list[tuple[str, str]]:
    period = {
        "week": gettext("a week", language),
        "month": gettext("a month", language),
    }[change.every]
    rows = [
        (
            gettext("Before", language),
            f"{_amount(change, change.before, language)} {period}",
        )
    ]
    if change.after is not None:
        rows.append(
            (gettext("Now", language), f"{_amount(change, change.after, language)} {period}")
        )
    return rows


def _reasons(why: Step | None, language: str) -> list[Reason]:
    if why is None:
        return []
    found = []
    for step in (why, *why.children):
        told = dict(step.told)
        words = told.get(language) or told.get("en") or ""
        if words:
            found.append(Reason(words, ""))
    return found[:MOST_REASONS]


def _amount(change: Change, amount: Decimal, language: str) -> str:
    return formats.money(amount, change.currency, language)
