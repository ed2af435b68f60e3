"""How a case is shown: answers with their sources, the due date, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from townhall.cases import models
from townhall.cases.engine import deadline
from townhall.cases.models import letters
from townhall.cases.operations import pinned
from townhall.cases.views import Answer, ClockStep, DueView, FileView, LetterView, TimelineEntry
from townhall.catalogue.engine import datatypes
from townhall.catalogue.engine.definition import Datum, Definition, Text
from townhall.foundation import files
from townhall.foundation.events import Event
from townhall.foundation.text import formats, gettext, marked, ngettext, offered, pick
from townhall.rules.engine import ABSENT, UNKNOWN, Duration, parse_duration
from townhall.rules.engine.trace_data import encode_value

BEING_SENT = "being_sent"
_TITLES = {
    pinned.WAITING: marked("Waiting for an answer"),
    pinned.WITHDRAWN: marked("Withdrawn"),
    BEING_SENT: marked("Decided, the letter is being made"),
    "received": marked("Received"),
}
# What only the agency sees: the resident's own history has no office traffic.
_INTERNAL = frozenset(
    {"case.claimed", "case.released", "case.noted", "case.signed", "case.declined", "case.voided"}
)


def title_of(definition: Definition, state: str) -> Text:
    """Return the name of a state in every language of the town hall."""
    row = definition.flow.get(state)
    if row is not None and row.title:
        return row.title
    if state in _TITLES:
        return {language: gettext(_TITLES[state], language) for language in offered()}
    named = definition.texts.get(state) or definition.pack.texts.get(state)
    if named is not None:
        return named.title or named.text
    return {language: state.replace("_", " ").capitalize() for language in offered()}


# ---- due dates ----------------------------------------------------------------


def due_line(case: models.Case, today: date) -> DueView:
    """Return the due date for a list: without the explanation."""
    on = case.due if case.open and case.paused_since is None else None
    return DueView(
        on=on,
        overdue=on is not None and on < today,
        paused_since=case.paused_since,
        days_left=(on - today).days if on else None,
        working=False,
    )


def due_in_full(
    definition: Definition,
    case: models.Case,
    clock: Sequence[models.ClockEntry],
    today: date,
    *,
    language: str,
    length: Duration | None = None,
) -> DueView:
    """Return the due date with every step by which it came about.

    Parameters
    ----------
    language : of the remarks.
    length : another term than the legal one (the promise).
    """
    if definition.deadline is None:
        return DueView(None, False, case.paused_since, None, False)
    due = counted(definition, case, clock, today, length)
    calendar = definition.pack.calendar
    return DueView(
        on=due.on if case.open else due.would_be,
        overdue=case.open and due.on is not None and due.on < today,
        paused_since=due.paused_since,
        days_left=due.days_left(today, calendar) if case.open else None,
        working=due.working,
        steps=tuple(
            ClockStep(step.kind, step.on, step.days, _remark(step, language)) for step in due.steps
        ),
    )


def _remark(step: deadline.Step, language: str) -> str:
    """Return the note of a step in the reader's language."""
    if step.kind in ("term", "extended"):
        return _length(parse_duration(step.note), language)
    if step.kind == "holidays":
        return ", ".join(formats.date(day, language) for day in step.note.split())
    if step.kind == "start" and step.note == "day_after":
        return gettext("That day itself does not count.", language)
    return ""


def _length(length: Duration, language: str) -> str:
    if length.working_days:
        return ngettext(
            "%(num)s working day", "%(num)s working days", length.working_days, language
        ) % {"num": length.working_days}
    if length.months:
        return ngettext("%(num)s month", "%(num)s months", length.months, language) % {
            "num": length.months
        }
    weeks, days = divmod(length.days, 7)
    if not days:
        return ngettext("%(num)s week", "%(num)s weeks", weeks, language) % {"num": weeks}
    return ngettext("%(num)s day", "%(num)s days", length.days, language) % {"num": length.days}


def counted(
    definition: Definition,
    case: models.Case,
    clock: Sequence[models.ClockEntry],
    today: date,
    length: Duration | None = None,
) -> deadline.Due:
    """Count the deadline of a case from its clock."""
    rule = definition.deadline
    if rule is None:
        raise ValueError(f"{definition.service} has no deadline")
    started = case.received_on
    restarts = [index for index, entry in enumerate(clock) if entry.kind == "restart"]
    if restarts:
        started, clock = clock[restarts[-1]].on_day, clock[restarts[-1] + 1 :]
    return deadline.due_on(
        started,
        deadline.Term(length or rule.legal, rule.starts),
        definition.pack.calendar,
        today=today,
        pauses=tuple(_pauses(clock)),
        extensions=() if length else tuple(_extensions(clock)),
    )


def task_due(definition: Definition, case: models.Case, today: date) -> DueView:
    """Return when the present state should be left."""
    on = case.task_due if case.paused_since is None else None
    within = pinned.state_of(definition, case.state).within
    return DueView(
        on=on,
        overdue=on is not None and on < today,
        paused_since=case.paused_since,
        days_left=(on - today).days if on else None,
        working=within is not None and within.working_days > 0,
    )


def _pauses(clock: Iterable[models.ClockEntry]) -> Iterator[deadline.Pause]:
    since: date | None = None
    for entry in clock:
        if entry.kind == "pause":
            since = entry.on_day
        elif entry.kind == "resume" and since is not None:
            yield deadline.Pause(since, entry.on_day)
            since = None
    if since is not None:
        yield deadline.Pause(since)


def _extensions(clock: Iterable[models.ClockEntry]) -> Iterator[Duration]:
    return (parse_duration(entry.period) for entry in clock if entry.kind == "extend")


# ---- evidence -----------------------------------------------------------------


def answers(
    definition: Definition,
    application: models.Application,
    values: Mapping[str, Any],
    *,
    language: str,
    before: models.Application | None = None,
    request: models.Request | None = None,
    scans: bool = False,
) -> tuple[Answer, ...]:
    """Return everything the application rests on, in the order of the pages.

    Parameters
    ----------
    values : names and values of the application's situation.
    before : the revision before, to mark what changed.
    request : the open request, to mark the fields it asks about.
    scans : look up what the virus scanner said of each file (officers).
    """
    asked = {each["datum"]: each["why"] for each in request.fields} if request else {}
    found = []
    for name in _in_order(definition):
        datum = definition.data[name]
        answer = _answer(datum, application, values.get(name, UNKNOWN), language, scans)
        if answer is None:
            continue
        found.append(
            Answer(
                **answer,
                marked=name in asked,
                why=asked.get(name, ""),
                changed=before is not None and _stored(before, datum) != answer["value"],
            )
        )
    return tuple(found)


def _in_order(definition: Definition) -> Iterator[str]:
    seen = set()
    pages = [name for page in definition.pages for name in (*page.show, *page.ask)]
    for name in (*pages, *definition.order):
        if name not in seen and name in definition.data:
            seen.add(name)
            yield name


def _answer(
    datum: Datum, application: models.Application, value: Any, language: str, scans: bool
) -> dict[str, Any] | None:
    """Return the fields of an `Answer`, None if there is nothing to show."""
    fact = application.facts.get(datum.name)
    if datum.kind == "register" and fact is not None and datum.name not in application.answers:
        return _from_register(datum, application, fact, language)
    if datum.name in application.answers:
        stored = application.answers[datum.name]
        return {
            "datum": datum.name,
            "title": datum.label,
            "value": stored,
            "shown": datatypes.display(datum, stored, language),
            "source": "resident",
            "files": _files(datum, stored, scans),
        }
    if datum.kind == "computed" and datum.label and value not in (UNKNOWN, ABSENT):
        return {
            "datum": datum.name,
            "title": datum.label,
            "value": encode_value(value),
            "shown": datatypes.display_value(value, language),
            "source": "computed",
        }
    return None


def _from_register(
    datum: Datum, application: models.Application, fact: Mapping[str, Any], language: str
) -> dict[str, Any]:
    as_of = fact["as_of"]
    found = fact["outcome"] == "found"
    return {
        "datum": datum.name,
        "title": datum.label,
        "value": fact["value"] if found else None,
        "shown": datatypes.display(datum, fact["value"], language) if found else "",
        "source": "register",
        "register": fact["register"],
        "source_name": fact["source"],
        "as_of": datetime.fromisoformat(as_of) if as_of else None,
        "outcome": fact["outcome"],
    }


def _stored(application: models.Application, datum: Datum) -> Any:
    if datum.name in application.answers:
        return application.answers[datum.name]
    fact = application.facts.get(datum.name)
    return fact["value"] if fact and fact["outcome"] == "found" else None


def _files(datum: Datum, stored: Any, scans: bool) -> tuple[FileView, ...]:
    if datum.type != "file" or not stored:
        return ()
    found = []
    for each in stored:
        scan = files.describe(UUID(each["file"])).scan if scans else ""
        found.append(
            FileView(UUID(each["file"]), each["name"], each["media_type"], each["size"], scan)
        )
    return tuple(found)


# ---- what happened ------------------------------------------------------------


def timeline(
    definition: Definition,
    events: Iterable[Event],
    *,
    language: str,
    notes: Mapping[str, str] | None = None,
    for_officer: bool = False,
    hide_decision: bool = False,
) -> tuple[TimelineEntry, ...]:
    """Return the history for a reader.

    Parameters
    ----------
    notes : texts by note id, for events that refer to one.
    for_officer : officers see each other's names and the office traffic.
    hide_decision : the decision is made, but its letter is not.
    """
    found = []
    for event in events:
        if not for_officer and event.kind in _INTERNAL:
            continue
        if hide_decision and event.kind == "case.decided":
            continue
        state = str(event.payload.get("state", ""))
        if hide_decision and state and pinned.state_of(definition, state).end:
            state = ""
        found.append(
            TimelineEntry(
                at=event.at,
                kind=event.kind,
                who=who(definition, event, language, for_officer=for_officer),
                state=state,
                state_title=title_of(definition, state) if state else {},
                note=(notes or {}).get(str(event.payload.get("note", "")), ""),
            )
        )
    return tuple(found)


def who(definition: Definition, event: Event, language: str, *, for_officer: bool) -> str:
    """Return who did it, worded for the reader."""
    kind = event.actor.partition(":")[0]
    agency = definition.pack.agencies.get(definition.agency)
    office = pick(agency.title, language) if agency else definition.agency
    if kind == "officer":
        name = str(event.payload.get("by", ""))
        return name or office if for_officer else office
    if kind == "system":
        return gettext("Automatic", language)
    if kind == "partner":
        return str(event.payload.get("by", "")) or event.actor.partition(":")[2]
    if for_officer:
        if event.on_behalf_of is not None:
            return gettext("A representative", language)
        return gettext("The applicant", language)
    return gettext("You", language) if event.on_behalf_of is None else gettext("For you", language)


# ---- letters ------------------------------------------------------------------


def letter_view(definition: Definition, number: str, letter: models.Letter) -> LetterView:
    """Return a letter for a list."""
    agency = definition.pack.agencies.get(definition.agency)
    return LetterView(
        id=letter.id,
        case_id=letter.case_id,
        number=number,
        service_title=definition.title,
        agency_title=agency.title if agency else {},
        kind=letter.kind,
        title={letter.language: letter.title},
        language=letter.language,
        issued_at=letter.issued_at,
        sha256=letter.sha256,
        size=letter.size,
    )


def expected_letters(definition: Definition, case: models.Case) -> tuple[str, ...]:
    """Return the letters that must exist before the present end state is shown."""
    if not pinned.state_of(definition, case.state).end:
        return ()
    return letters_of(definition, case.state)


def letters_of(definition: Definition, state: str) -> tuple[str, ...]:
    """Return the letters and certificates that a state declares."""
    row = pinned.state_of(definition, state)
    return tuple(name for name in (row.letter, row.issue) if name in definition.letters)


def pending_decisions(person_id: UUID, cases: Sequence[models.Case]) -> frozenset[UUID]:
    """Return the cases that are decided while their letter is still being made."""
    from townhall.catalogue import operations as catalogue

    wanted = {
        (case.id, kind, case.state_seq)
        for case in cases
        if not case.open
        for kind in expected_letters(catalogue.by_hash(case.definition_hash), case)
    }
    if not wanted:
        return frozenset()
    made = letters.made_for(person_id, {case_id for case_id, _, _ in wanted})
    return frozenset(case_id for case_id, _, _ in wanted - made)
