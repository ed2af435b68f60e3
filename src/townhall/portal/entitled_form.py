"""The forms of *What can I get?*: drawn from answers, and read into answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from townhall.catalogue.engine import datatypes
from townhall.foundation.text import gettext, pick
from townhall.portal import entitled, fields, lawfields
from townhall.portal.fields import Question
from townhall.rules.answers import (
    MAX_CHILDREN,
    SOME,
    UNKNOWN,
    Answers,
    key_of,
    usual,
    write,
)
from townhall.rules.engine.law import YES_NO
from townhall.rules.engine.law.book import Fact
from townhall.rules.questionnaire import Page, is_ticked, nothing, something

Form = Mapping[str, Sequence[Any]]
TICKED = "ticked"
NONE = "none"
COUPLE, CHILDREN = "couple", "children"


# --- who is in the family


def family_questions(
    form: Form, errors: Mapping[str, str], *, ask_children: bool = True
) -> list[Question]:
    """Return the questions who lives with somebody.

    Parameters
    ----------
    ask_children : no register has said how many there are, or the person says another number.
    """
    partner = Question(
        "choice",
        COUPLE,
        gettext("Do you live with a partner?"),
        lawfields.last(form, COUPLE),
        hint=gettext("Married, in a civil partnership, or living together as if you were."),
        error=errors.get(COUPLE, ""),
        options=(("yes", gettext("Yes")), ("no", gettext("No"))),
        inline=True,
    )
    children = Question(
        "number",
        CHILDREN,
        gettext("How many children do you bring up?"),
        lawfields.last(form, CHILDREN),
        hint=gettext(
            "Children under 20 who live with you and go to school or college. "
            "If there are none, write 0."
        ),
        error=errors.get(CHILDREN, ""),
        inputmode="numeric",
        width="xs",
    )
    return [partner, children] if ask_children else [partner]


def filled_family(answers: Answers) -> dict[str, list[Any]]:
    """Return the family as it was answered, as fields of the form."""
    return {COUPLE: ["yes" if answers.couple else "no"], CHILDREN: [str(answers.children)]}


def read_family(
    form: Form, known_children: int | None = None
) -> tuple[tuple[bool, int] | None, dict[str, str]]:
    """Return whether there is a partner and how many children, or what is wrong.

    Parameters
    ----------
    known_children : how many there are if the form does not ask it.
    """
    errors = {}
    couple = lawfields.last(form, COUPLE)
    if couple not in ("yes", "no"):
        errors[COUPLE] = gettext("Choose yes or no.")
    if known_children is not None and CHILDREN not in form:
        return (None if errors else (couple == "yes", known_children)), errors
    text = lawfields.last(form, CHILDREN).strip()
    if not text:
        errors[CHILDREN] = gettext("Enter how many children there are, or 0.")
    elif not text.isascii() or not text.isdigit():
        errors[CHILDREN] = gettext("Enter a whole number in digits, like 2.")
    elif len(text) > 3 or int(text) > MAX_CHILDREN:
        told = gettext("This page can count up to %(most)s children. Enter a lower number.")
        errors[CHILDREN] = told % {"most": MAX_CHILDREN}
    return (None if errors else (couple == "yes", int(text))), errors


# --- questions about facts


def questions(page: Page, answers: Answers, form: Form, errors: Mapping[str, str]) -> list[Any]:
    """Return the questions of a page, as its template draws them: one by one, then boxes."""
    boxes = page.boxes
    alone = len(page.questions) + len(boxes) == 1
    drawn: list[Any] = []
    for fact, member in page.questions:
        key = key_of(fact, member)
        person = entitled.whose(answers, fact, member)
        error = errors.get(key, "")
        if lawfields.has_period(fact):
            drawn.append(lawfields.amount(fact, key, form, error, whose=person))
        else:
            drawn.append(lawfields.question(fact, key, form, error, whose=person, lead=alone))
    drawn += [_boxes(role, of, answers, form, errors, lead=alone) for role, of in boxes.items()]
    return drawn


def ticks_name(role: str) -> str:
    """Return the name of the fields of the boxes about somebody."""
    return f"{TICKED}.{role}"


def _boxes(
    role: str,
    boxes: Sequence[tuple[Fact, int]],
    answers: Answers,
    form: Form,
    errors: Mapping[str, str],
    *,
    lead: bool,
) -> Question:
    options = [(key_of(fact, member), pick(fact.title)) for fact, member in boxes]
    more = any(fact.unit != YES_NO for fact, _ in boxes)
    name = ticks_name(role)
    return Question(
        "choice",
        name,
        entitled.ticks_heading(answers, role, boxes),
        [str(each) for each in form.get(name, ())],
        hint=gettext("Tick all that fit. You say more about them later.")
        if more
        else gettext("Tick all that fit."),
        error=errors.get(name, ""),
        options=(*options, (NONE, gettext("None of these"))),
        several=True,
        lead=lead,
    )


def filled(page: Page, answers: Answers) -> dict[str, list[Any]]:
    """Return what was answered on a page, as fields of its form."""
    facts = answers.facts
    form: dict[str, list[Any]] = {}
    for role, boxes in page.boxes.items():
        said = {key_of(fact, member): fact for fact, member in boxes}
        ticked = [key for key, fact in said.items() if is_ticked(fact, facts.get(key, ""))]
        # What rarely matters was told as taken: so it stands in the form, to be changed.
        known = [
            key
            for key, fact in said.items()
            if facts.get(key, nothing(fact) if fact.rarely else UNKNOWN) != UNKNOWN
        ]
        form[ticks_name(role)] = ticked or ([NONE] if len(known) == len(said) else [])
    for fact, member in page.questions:
        key = key_of(fact, member)
        if facts.get(key, UNKNOWN) not in (UNKNOWN, SOME):
            form.update(lawfields.filled(fact, key, facts[key]))
        elif fact.rarely and (text := write(fact, usual(fact))) is not None:
            form.update(lawfields.filled(fact, key, text))
    return form


def read(
    page: Page, form: Form, *, unknown: bool, today: date
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the answers of a page, and what is wrong with others, by the names of fields.

    Parameters
    ----------
    unknown : the reader does not know what was left empty.
    """
    said: dict[str, str] = {}
    errors: dict[str, str] = {}
    for role, boxes in page.boxes.items():
        name = ticks_name(role)
        ticked, wrong = _read_boxes(name, boxes, form, unknown)
        said |= ticked
        if wrong:
            errors[name] = wrong
    for fact, member in page.questions:
        key = key_of(fact, member)
        try:
            said[key] = lawfields.parse(fact, key, form, today)
        except datatypes.Invalid as error:
            said[key] = UNKNOWN
            if not unknown:
                errors[key] = invalid_words(error)
            continue
        if not said[key]:
            said[key] = UNKNOWN
            if not unknown:
                errors[key] = gettext("Answer this, or press “I do not know”.")
    return said, errors


def _read_boxes(
    name: str, boxes: Sequence[tuple[Fact, int]], form: Form, unknown: bool
) -> tuple[dict[str, str], str]:
    ticked = {str(each) for each in form.get(name, ())}
    some = {key_of(fact, member) for fact, member in boxes} & ticked
    if not unknown and not some and NONE not in ticked:
        return {}, gettext("Tick at least one, or “None of these”.")
    if some and NONE in ticked:
        return {}, gettext("Tick either what fits or “None of these”, not both.")
    said = {}
    for fact, member in boxes:
        key = key_of(fact, member)
        if key in some:
            said[key] = something(fact)
        elif unknown and NONE not in ticked:
            said[key] = UNKNOWN
        else:
            said[key] = nothing(fact)
    return said, ""


def invalid_words(error: datatypes.Invalid) -> str:
    """Return what is wrong with an answer, in the reader's language."""
    return fields.message(next(iter(error.errors.values())))


def summary_of(drawn: Iterable[Any]) -> list[tuple[str, str]]:
    """Return what the error summary lists: (address of the field, words)."""
    every = list(drawn)
    return [
        (f"#{each.id or 'f-' + each.name}", _named(each, alone=len(every) == 1))
        for each in every
        if each.error
    ]


def _named(asked: Any, *, alone: bool) -> str:
    """Return what is wrong, after the question to which it belongs if there are others."""
    if alone:
        return str(asked.error)
    ends = asked.label.endswith(("?", ".", "!"))
    return f"{asked.label} {asked.error}" if ends else f"{asked.label}: {asked.error}"
