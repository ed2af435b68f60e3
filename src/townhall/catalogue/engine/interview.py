"""Which questions are still to be asked, and what the answers are worth.

A question is asked when it exists (its `when` holds, or the register that it
replaces gave nothing) and has no answer yet. In guidance it is also skipped
when it can no longer change the outcome, unless it says `always`. Questions
whose existence depends on something unknown wait until it is known; a page
comes back with the new question only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from townhall.catalogue.engine import datatypes, guidance
from townhall.catalogue.engine.definition import Datum, Definition, Page
from townhall.catalogue.engine.messages import N_, Invalid, Message
from townhall.catalogue.engine.situation import Situation, evaluated, stands_in
from townhall.rules.engine import ABSENT, UNKNOWN

ASKED_FIELD: Final = "_asked"


class NoSuchPage(LookupError):
    """The definition has no page with this key."""


@dataclass(frozen=True, slots=True)
class PageState:
    """A page as it stands now.

    `ask` are all questions of the page that exist now; `open` those without an
    answer; `show` the register facts to be shown beside them.
    """

    key: str
    title: Mapping[str, str]
    ask: tuple[Datum, ...]
    open: tuple[Datum, ...] = ()
    show: tuple[Datum, ...] = ()

    @property
    def complete(self) -> bool:
        """Say whether nothing on the page is left to answer."""
        return not self.open


@dataclass(frozen=True, slots=True)
class Read:
    """A register read that has become possible: `by` None = the person applying."""

    datum: Datum
    register: str
    fact: str
    facts: tuple[str, ...]
    by: str | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of a page or an application that was sent in.

    `answers` are all answers, old and new; those in `errors` (by datum, or
    `datum.part`) were not taken over. `add_row` and `remove_row` name the group
    whose button was pressed.
    """

    answers: dict[str, Any]
    errors: dict[str, Message] = field(default_factory=dict)
    add_row: str = ""
    remove_row: str = ""


def page_list(definition: Definition, situation: Situation) -> tuple[PageState, ...]:
    """Return the pages that have something to ask or show now, in order."""
    return _Interview(definition, situation).pages()


def next_page(definition: Definition, situation: Situation) -> str | None:
    """Return the first page with an open question; None when all is answered."""
    for page in page_list(definition, situation):
        if page.open:
            return page.key
    return None


def visible(definition: Definition, situation: Situation) -> tuple[Datum, ...]:
    """Return every question that exists now, in the order of the pages."""
    return tuple(datum for page in page_list(definition, situation) for datum in page.ask)


def missing(definition: Definition, situation: Situation) -> tuple[Datum, ...]:
    """Return the required questions that have no answer yet."""
    return tuple(
        datum
        for page in page_list(definition, situation)
        for datum in page.open
        if (datum.repeat.min > 0 if datum.repeat else datum.required)
    )


def drop_hidden(definition: Definition, situation: Situation) -> dict[str, Any]:
    """Return the answers without those to questions that do not exist."""
    interview = _Interview(definition, situation)
    return {
        name: situation.answers[name]
        for name in definition.order
        if name in situation.answers and interview.exists(definition.data[name]) is not False
    }


def reads_due(definition: Definition, situation: Situation) -> tuple[Read, ...]:
    """Return the register reads whose key is known and whose fact is not.

    A fact that was read by another key than the one now given is read again;
    a register that was down is not asked again here (a job retries).
    """
    interview = _Interview(definition, situation)
    due = []
    for datum in definition.register_data:
        source = datum.source
        assert source is not None
        if interview.may_exist(datum) is not True:
            continue
        key = interview.values.get(source.by, UNKNOWN) if source.by else None
        if source.by and (key is UNKNOWN or key is ABSENT):
            continue
        if not source.by and situation.person is None:
            continue
        text = None if key is None else datatypes.key_text(key)
        known = situation.facts.get(datum.name)
        if known is not None and (text is None or known.key is None or known.key == text):
            continue
        due.append(Read(datum, source.register, source.fact, source.facts, text))
    return tuple(due)


def accept(
    definition: Definition, page_key: str, raw: datatypes.Raw, situation: Situation
) -> Accepted:
    """Take over what a page of the form sent.

    Parameters
    ----------
    page_key
        Key of the page.
    raw
        Form fields. Files are given as stored-file entries. The hidden field
        `_asked` lists the questions that were on the page; without it, those
        visible before and still open count as asked.
    situation
        The draft as it was.

    Raises
    ------
    NoSuchPage
        If the definition has no such page.
    """
    page = definition.page(page_key)
    if page is None:
        raise NoSuchPage(page_key)
    before = _Interview(definition, situation)
    listed = set(raw[ASKED_FIELD]) if ASKED_FIELD in raw else None
    expected = {
        name
        for name in page.ask
        if (name in listed if listed is not None else name not in situation.answers)
        and before.exists(definition.data[name]) is True
    }
    found = _Intake(definition, situation)
    for name in (each for each in definition.order if each in page.ask):
        datum = definition.data[name]
        if found.exists(datum) is True and (name in expected or datatypes.was_sent(datum, raw)):
            found.take(
                datum,
                lambda judge, datum=datum: datatypes.parse(datum, raw, situation.language, judge),
            )
    add, remove = _pressed(page, raw, "add"), _pressed(page, raw, "remove")
    for group in (add, remove):
        # "Add at least one" is no news to somebody who is about to.
        if group:
            found.errors.pop(group, None)
    return Accepted(found.answers, found.errors, add, remove)


def accept_json(definition: Definition, given: Mapping[str, Any], situation: Situation) -> Accepted:
    """Take over a whole application that a program sent as canonical JSON.

    Unknown names are errors; answers to questions that do not exist here, and
    to data that registers answer, are dropped; a required question without an
    answer is an error as soon as it is sure to exist.
    """
    found = _Intake(definition, situation)
    for name in given:
        if name not in definition.data:
            found.errors[str(name)[:80]] = Message(N_("There is no such question."))
    for name in definition.order:
        datum = definition.data[name]
        exists = found.exists(datum)
        if exists is False or not askable(datum):
            continue
        if name in given:
            found.take(
                datum,
                lambda judge, datum=datum: datatypes.from_json(datum, given[datum.name], judge),
            )
        elif exists is True and name not in situation.answers:
            found.take(
                datum,
                lambda judge, datum=datum: datatypes.from_json(datum, None, judge),
            )
    return Accepted(found.answers, found.errors)


def check(definition: Definition, situation: Situation) -> dict[str, Message]:
    """Check all answers again, as before submitting: conditions may look at others."""
    return accept_json(definition, dict(situation.answers), situation).errors


def askable(datum: Datum) -> bool:
    """Say whether people may ever be asked this."""
    if datum.kind == "asked":
        return True
    source = datum.source
    return source is not None and any(
        each is not None and each.datum == datum.name
        for each in (source.if_none, source.if_down, source.if_refused)
    )


def _pressed(page: Page, raw: datatypes.Raw, button: str) -> str:
    return next((name for name in page.ask if f"{name}.{button}" in raw), "")


class _Interview:
    """The definition in one situation; values are computed once."""

    def __init__(self, definition: Definition, situation: Situation) -> None:
        self.definition = definition
        self.situation = situation
        known = situation.known(definition)
        self.values, self._exists = known.values, known.exists

    def may_exist(self, datum: Datum) -> bool | None:
        """Say whether the `when` of a datum holds; None = not known yet."""
        return self._exists[datum.name]

    def exists(self, datum: Datum) -> bool | None:
        """Say whether a question is asked here; None = not known yet."""
        if datum.kind == "computed" or not askable(datum):
            return False
        exists = self._exists[datum.name]
        replaced = datum if datum.kind == "register" else None
        if datum.stands_in_for:
            replaced = self.definition.data[datum.stands_in_for]
        if exists is not True or replaced is None:
            return exists
        if replaced.name not in self.situation.facts:
            return None
        return stands_in(self.situation, replaced) == datum.name

    def pages(self) -> tuple[PageState, ...]:
        needed = self._needed()
        answers = self.situation.answers
        found = []
        for page in self.definition.pages:
            ask, still = [], []
            for name in page.ask:
                datum = self.definition.data[name]
                if self.exists(datum) is not True:
                    continue
                if name in answers:
                    ask.append(datum)
                elif needed is None or name in needed or datum.always:
                    ask.append(datum)
                    still.append(datum)
            show = tuple(
                self.definition.data[name]
                for name in page.show
                if name in self.situation.facts and self.situation.facts[name].outcome == "found"
            )
            if ask:
                found.append(PageState(page.key, page.title, tuple(ask), tuple(still), show))
        return tuple(found)

    def _needed(self) -> frozenset[str] | None:
        if not self.definition.guidance:
            return None
        return guidance.still_needed(self.definition, self.values)


class _Intake:
    """Answers as they come in, one by one, each judged beside those before it."""

    def __init__(self, definition: Definition, situation: Situation) -> None:
        self.definition = definition
        self.answers = dict(situation.answers)
        self.errors: dict[str, Message] = {}
        self._now = _Interview(definition, situation)

    def exists(self, datum: Datum) -> bool | None:
        return self._now.exists(datum)

    def take(self, datum: Datum, read: Any) -> None:
        judge = _Conditions(self.definition, self._now.values)
        try:
            answer = read(judge)
        except Invalid as error:
            for part, message in error.errors.items():
                self.errors[f"{datum.name}.{part}" if part else datum.name] = message
            return
        self.answers[datum.name] = answer
        if datum.name in self.definition.triggers:
            situation = self._now.situation.with_answers(self.answers)
            self._now = _Interview(self.definition, situation)
        else:
            self._now.values[datum.name] = datatypes.value_of(datum, answer)


class _Conditions:
    """The definition's own conditions on an answer, for `datatypes`."""

    def __init__(self, definition: Definition, values: Mapping[str, Any]) -> None:
        self._definition = definition
        self._values = values

    def exists(self, field: Datum, row: Mapping[str, Any]) -> bool:
        """Say whether a field of a group is asked in this row."""
        return field.when is None or evaluated(field.when, self._beside(field, row)) is True

    def judge(self, datum: Datum, answer: Any, row: Mapping[str, Any]) -> None:
        """Raise `Invalid` if a bound or a condition is broken.

        A condition that cannot be settled yet (something is unknown) does not
        stand in the way; `check` looks again before submitting.
        """
        values = self._beside(datum, row)
        values[datum.name] = datatypes.fact_value(datum, answer)
        self._bounds(datum, values)
        for each in datum.valid:
            if evaluated(each.condition, values) is False:
                raise Invalid(text=each.say)

    def _beside(self, datum: Datum, row: Mapping[str, Any]) -> dict[str, Any]:
        values = dict(self._values)
        if row or datum.name not in self._definition.data:
            group = self._group_of(datum)
            for name, field in (group.fields if group else {}).items():
                values[name] = datatypes.value_of(field, row[name]) if name in row else UNKNOWN
        return values

    def _group_of(self, datum: Datum) -> Datum | None:
        return next(
            (
                each
                for each in self._definition.data.values()
                if each.fields.get(datum.name) is datum
            ),
            None,
        )

    def _bounds(self, datum: Datum, values: Mapping[str, Any]) -> None:
        for day, part in _days(datum, values[datum.name]):
            if datum.not_after is not None:
                limit = evaluated(datum.not_after, values)
                if isinstance(limit, date) and day > limit:
                    raise Invalid(N_("This must be %(limit)s or earlier."), part=part, limit=limit)
            if datum.not_before is not None:
                limit = evaluated(datum.not_before, values)
                if isinstance(limit, date) and day < limit:
                    raise Invalid(N_("This must be %(limit)s or later."), part=part, limit=limit)


def _days(datum: Datum, value: Any) -> Iterable[tuple[date, str]]:
    if datum.type == "period" and isinstance(value, Mapping):
        return ((value["start"], "start"), (value["end"], "end"))
    return ((value, ""),) if isinstance(value, date) else ()
