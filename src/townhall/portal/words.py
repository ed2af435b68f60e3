"""What operations return, as rows and sentences for a page.

Nothing is decided here: values are put into the reader's language, in the shapes that the
macros of `components/parts.html` draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from townhall.cases import views
from townhall.catalogue.engine import datatypes
from townhall.catalogue.engine.definition import Datum, Definition
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.engine.shapes import Shape
from townhall.catalogue.engine.shapes import typed as typed_value
from townhall.foundation.text import current_language, formats, gettext, ngettext, pick
from townhall.portal.tracing import trace
from townhall.rules.engine import Duration

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


def value(datum: Datum, stored: Any) -> str | list[str]:
    """Return an answer or a fact in words; a list only where there are several of something."""
    language = current_language()
    shape = datum.shape
    if shape is not None and shape.kind == "record" and isinstance(stored, Mapping):
        named = [
            f"{pick(part.title)}: {shown}"
            for name, part in shape.fields.items()
            if not part.hidden
            and pick(part.title)
            and (shown := _part(part, stored.get(name), datum, language))
        ]
        if named:
            return "\n".join(named)
    return flowing(datum, datatypes.display(datum, stored, language))


def _part(part: Shape, stored: Any, datum: Datum, language: str) -> str:
    if stored in (None, ""):
        return ""
    typed = typed_value(part, stored, datum.currency)
    return datatypes.display_value(typed, language)


def register_words(definition: Definition, register: str) -> str:
    """Return the name of a register as it stands inside a sentence: "the vehicle register"."""
    return named_register(definition.pack, register)


def named_register(pack: Pack, register: str) -> str:
    """Return the name of a register of a pack as it stands inside a sentence."""
    found = pack.registers.get(register)
    name = pick(found.title) if found else register
    return gettext("the %(register)s") % {"register": name[:1].lower() + name[1:]}


def flowing(datum: Datum | None, shown: str | list[str]) -> str | list[str]:
    """Return what `display` words with the lines of one thing (an address) as one text."""
    if not isinstance(shown, list):
        return shown
    one_thing = (
        datum is None
        or datum.type in ("address", "text")
        or (datum.shape is not None and datum.shape.kind in ("record", "address"))
    )
    return "\n".join(shown) if one_thing else shown


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


def letter_row(letter: views.LetterView, *, by_key: bool = False) -> Row:
    """Return one of "my letters"; by_key: the reader has the key of its case, and no sign-in."""
    from townhall.portal.fields import size_in_words

    return {
        "href": f"/letters/{letter.id}" + (f"?case={letter.case_id}" if by_key else ""),
        "receipt": f"/letters/{letter.id}/receipt" + (f"?case={letter.case_id}" if by_key else ""),
        "title": pick(letter.title),
        "service": pick(letter.service_title),
        "number": letter.number,
        "issued": formats.date(letter.issued_at),
        "size": size_in_words(letter.size),
        "language": letter.language,
    }


def answer_rows(
    definition: Definition, answers: Iterable[views.Answer], *, files_at: str = ""
) -> list[Row]:
    """Return the answers of an application for the macro `summary`.

    Parameters
    ----------
    files_at : address below which the files of the case can be opened.
    """
    rows = []
    for answer in answers:
        note, icon = "", "lock"
        if answer.source == "register":
            note = provenance(register_words(definition, answer.register), answer.as_of)
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
                "value": answer_words(definition, answer) or gettext("Not given"),
                "note": note,
                "note_icon": icon,
                "files": [(each.name, f"{files_at}/{each.id}") for each in answer.files],
            }
        )
    return rows


def answer_words(definition: Definition, answer: views.Answer) -> str | list[str]:
    """Return an answer of an application in words; empty if there is none."""
    datum = definition.data.get(answer.datum)
    if datum is not None and answer.source == "register" and answer.value is not None:
        return value(datum, answer.value)
    return flowing(datum, answer.shown)


def reasons(
    found: Iterable[Any],
    *,
    definition: Definition | None = None,
    fill: Callable[[Any], str] = pick,
) -> list[Row]:
    """Return reasons of an assessment or of a decision for the macro `reasons`.

    Parameters
    ----------
    definition : gives facts their names in the trace.
    fill : words a text; those of a decision have their blanks filled already.
    """
    return [
        {
            "text": fill(each.text),
            "law": law_words(each.law),
            "holds": each.holds if isinstance(each.holds, bool) else None,
            "trace": trace(getattr(each, "step", None) or getattr(each, "trace", None), definition),
        }
        for each in found
    ]


def law_words(law: Any) -> str:
    """Return a citation in words, whether it came as text or as `Law`."""
    if not law:
        return ""
    return law if isinstance(law, str) else pick(getattr(law, "title", law))


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
        for entry in _told_once(entries)
    ]
    if waiting:
        rows.append({"title": waiting, "now": True, "note": expected})
        rows.append({"title": gettext("Decision"), "next": True})
    return rows


def _told_once(entries: Iterable[views.TimelineEntry]) -> Iterable[views.TimelineEntry]:
    """Leave out moves into a state that was told already, such as by the decision itself."""
    state = ""
    for entry in entries:
        if entry.kind == "case.moved" and entry.state == state and not entry.note:
            continue
        state = entry.state or state
        yield entry


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
        "case.amended": gettext("You changed what you had sent"),
        "case.transferred": gettext("Handed to another office"),
        "case.overdue": gettext("The deadline passed"),
        "letter.issued": gettext("A letter was made"),
    }
    return words.get(entry.kind) or pick(entry.state_title) or entry.kind


def days_words(days: int) -> str:
    """Return a number of days in words."""
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}


def term(length: Duration) -> str:
    """Return a length of time in words: "8 weeks", "10 working days"."""
    years, months = divmod(length.months, 12)
    weeks, days = divmod(length.days, 7)
    if days:
        weeks, days = 0, length.days
    parts = (
        (years, ngettext("%(num)s year", "%(num)s years", years)),
        (months, ngettext("%(num)s month", "%(num)s months", months)),
        (weeks, ngettext("%(num)s week", "%(num)s weeks", weeks)),
        (days, ngettext("%(num)s day", "%(num)s days", days)),
        (
            length.working_days,
            ngettext("%(num)s working day", "%(num)s working days", length.working_days),
        ),
    )
    return " ".join(words % {"num": number} for number, words in parts if number)
