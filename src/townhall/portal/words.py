"""What operations return, as rows and sentences for a page.

Nothing is decided here: values are put into the reader's language, in the shapes that the
macros of `components/parts.html` draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from townhall.cases import views
from townhall.catalogue.engine.datatypes import display_value
from townhall.foundation.text import current_language, formats, gettext, ngettext, pick

Row = dict[str, Any]

_STATE_KINDS = {"granted": "success", "refused": "danger", "withdrawn": "neutral"}


def when(at: datetime) -> str:
    """Return an instant as people say it: "today, 10:15", "yesterday, 9:02", "3 May 2026, 8:00"."""
    day, _, time = formats.instant(at).rpartition(", ")
    now = timezone.now()
    if day == formats.date(now):
        return gettext("today, %(time)s") % {"time": time}
    if day == formats.date(now - timedelta(days=1)):
        return gettext("yesterday, %(time)s") % {"time": time}
    return gettext("%(day)s, %(time)s") % {"day": day, "time": time}


def provenance(source: str, at: datetime | None) -> str:
    """Return where a fact comes from: "From the population register, today, 10:15"."""
    if at is None:
        return gettext("From %(source)s") % {"source": source}
    return gettext("From %(source)s, %(when)s") % {"source": source, "when": when(at)}


def due(view: views.DueView) -> str:
    """Return one sentence on by when something is decided."""
    if view.paused_since:
        return gettext("The clock stands still since %(day)s, until you answer.") % {
            "day": formats.date(view.paused_since)
        }
    if view.on is None:
        return ""
    if view.overdue:
        return gettext("It was due on %(day)s. We are late, and we know it.") % {
            "day": formats.date(view.on)
        }
    return gettext("You will have an answer by %(day)s.") % {"day": formats.date(view.on)}


def clock(steps: Sequence[views.ClockStep]) -> list[str]:
    """Return the explanation of a due date, one sentence a step."""
    return [_clock_words(step) for step in steps]


def _clock_words(step: views.ClockStep) -> str:
    days = days_words(step.days) if step.days else ""
    by_kind = {
        "start": gettext("The time starts on %(day)s."),
        "term": gettext("The term is %(term)s, until %(day)s."),
        "holidays": gettext("Days without work do not count; that makes %(day)s."),
        "paused": gettext(
            "It stood still for %(days)s while we waited for you; that makes %(day)s."
        ),
        "extended": gettext("It was extended; that makes %(day)s."),
        "moved": gettext("That is not a working day, so it moves to %(day)s."),
        "uncovered": gettext("From %(day)s on, the holidays are not known yet."),
        "due": gettext("So it is due on %(day)s."),
    }
    told = by_kind.get(step.kind, "%(day)s") % {
        "day": formats.date(step.on),
        "days": days,
        "term": step.note or days,
    }
    return told if step.kind == "term" or not step.note else f"{told} ({step.note})"


def state_kind(outcome: str | None, waits_for_me: bool, overdue: bool) -> str:
    """Return the colour of a case's badge."""
    if waits_for_me:
        return "warning"
    if outcome:
        return _STATE_KINDS.get(outcome, "success")
    return "danger" if overdue else "info"


def case_row(line: views.CaseLine) -> Row:
    """Return one of "my cases"."""
    return {
        "href": f"/cases/{line.id}",
        "title": pick(line.title),
        "number": line.number,
        "state": pick(line.state_title),
        "kind": state_kind(line.outcome, line.waits_for_me, line.due.overdue),
        "waits": line.waits_for_me,
        "open": line.open,
        "received": formats.date(line.received_at),
        "due": due(line.due) if line.open else "",
    }


def draft_row(line: views.DraftLine) -> Row:
    """Return one of "my drafts"."""
    return {
        "href": f"/apply/{line.id}",
        "discard": f"/apply/{line.id}/discard",
        "title": pick(line.title),
        "saved": when(line.saved_at),
        "expires": formats.date(line.expires_on),
        "soon": line.warned,
    }


def letter_row(letter: views.LetterView) -> Row:
    """Return one of "my letters"."""
    from townhall.portal.fields import size_in_words

    return {
        "href": f"/letters/{letter.id}",
        "title": pick(letter.title),
        "service": pick(letter.service_title),
        "number": letter.number,
        "issued": formats.date(letter.issued_at),
        "size": size_in_words(letter.size),
        "language": letter.language,
    }


def answer_rows(answers: Iterable[views.Answer], case_id: Any) -> list[Row]:
    """Return the answers of an application for the macro `summary`."""
    rows = []
    for answer in answers:
        note, icon = "", "lock"
        if answer.source == "register":
            note = provenance(answer.source_name or answer.register, answer.as_of)
            if answer.outcome != "found":
                note = gettext("The register gave no answer.")
        elif answer.source == "computed":
            note, icon = gettext("Worked out from the answers"), "list"
        if answer.marked:
            note, icon = answer.why or gettext("Please correct this."), "alert"
        rows.append(
            {
                "id": f"answer-{answer.datum}",
                "label": pick(answer.title),
                "value": answer.shown or gettext("Not given"),
                "note": note,
                "note_icon": icon,
            }
        )
    return rows


def reasons(found: Iterable[Any], *, fill: Callable[[Any], str] = pick) -> list[Row]:
    """Return reasons of an assessment or of a decision for the macro `reasons`.

    Parameters
    ----------
    fill : words a text; those of a decision have their blanks filled already.
    """
    return [
        {
            "text": fill(each.text),
            "law": law_words(each.law),
            "holds": each.holds if isinstance(each.holds, bool) else None,
            "trace": trace(getattr(each, "step", None) or getattr(each, "trace", None)),
        }
        for each in found
    ]


def law_words(law: Any) -> str:
    """Return a citation in words, whether it came as text or as `Law`."""
    if not law:
        return ""
    return law if isinstance(law, str) else pick(getattr(law, "title", law))


def trace(step: Any) -> Row | None:
    """Return a trace as words with children, from a `Step` or the same stored as JSON."""
    if not step:
        return None
    get = (
        step.get
        if isinstance(step, Mapping)
        else lambda name, default=None: getattr(step, name, default)
    )
    text, value, note = get("text", ""), get("value"), get("note", "")
    children = [trace(child) for child in get("children", ()) or ()]
    shown = value if isinstance(value, str) else display_value(value, current_language())
    literal = get("kind") in ("literal",)
    words = text if literal or not shown or shown == text else f"{text} = {shown}"
    return {
        "words": f"{words} ({note})" if note else words,
        "children": [
            child
            for child, raw in zip(children, get("children", ()) or (), strict=True)
            if child and _worth_telling(raw)
        ],
    }


def _worth_telling(step: Any) -> bool:
    kind = step.get("kind") if isinstance(step, Mapping) else getattr(step, "kind", "")
    return kind != "literal"


def timeline(
    entries: Iterable[views.TimelineEntry], *, waiting: str = "", expected: str = ""
) -> list[Row]:
    """Return the history of a case for the macro `timeline`, oldest first.

    Parameters
    ----------
    waiting : what happens now, in words; the last entry is then not the end.
    expected : when the decision is expected, in words.
    """
    rows: list[Row] = [
        {
            "title": event_words(entry),
            "who": entry.who,
            "at": when(entry.at),
            "at_iso": entry.at.isoformat(timespec="seconds"),
            "note": entry.note,
        }
        for entry in entries
    ]
    if waiting:
        rows.append({"title": waiting, "now": True, "note": expected})
        rows.append({"title": gettext("Decision"), "next": True})
    return rows


def event_words(entry: views.TimelineEntry) -> str:
    """Return what happened in words."""
    words = {
        "case.submitted": gettext("Received"),
        "case.moved": pick(entry.state_title),
        "case.asked": gettext("We asked you for something"),
        "case.answered": gettext("You answered"),
        "case.rechecked": gettext("The registers were asked again"),
        "case.decided": gettext("Decided: %(state)s") % {"state": pick(entry.state_title)},
        "case.extended": gettext("More time was taken"),
        "case.withdrawn": gettext("Withdrawn"),
        "case.reopened": gettext("Opened again"),
        "case.transferred": gettext("Handed to another office"),
        "case.overdue": gettext("The deadline passed"),
    }
    return words.get(entry.kind) or pick(entry.state_title) or entry.kind


def days_words(days: int) -> str:
    """Return a number of days in words."""
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}


def iso(day: date) -> str:
    """Return a day for the `datetime` of a `time` element."""
    return day.isoformat()
