"""The forms of *What can I get?*: drawn from answers, and read into answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from townhall.catalogue.engine import datatypes
from townhall.foundation.text import gettext
from townhall.portal import entitled, fields, lawfields
from townhall.portal.fields import Question
from townhall.rules.answers import MAX_CHILDREN, SOME, UNKNOWN, Answers, key_of
from townhall.rules.questionnaire import Page

Form = Mapping[str, Sequence[Any]]
TICKED = "ticked"
NONE = "none"
COUPLE, CHILDREN = "couple", "children"


# --- who is in the family


def family_questions(form: Form, errors: Mapping[str, str]) -> list[Question]:
    """Return the questions who lives with somebody."""
    return [
        Question(
            "choice",
            COUPLE,
            gettext("Do you live with a partner?"),
            lawfields.last(form, COUPLE),
            hint=gettext("Married, in a civil partnership, or living together as if you were."),
            error=errors.get(COUPLE, ""),
            options=(("yes", gettext("Yes")), ("no", gettext("No"))),
            inline=True,
        ),
        Question(
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
        ),
    ]


def filled_family(answers: Answers) -> dict[str, list[Any]]:
    """Return the family as it was answered, as fields of the form."""
    return {COUPLE: ["yes" if answers.couple else "no"], CHILDREN: [str(answers.children)]}


def read_family(form: Form) -> tuple[tuple[bool, int] | None, dict[str, str]]:
    """Return whether there is a partner and how many children, or what is wrong."""
    errors = {}
    couple = lawfields.last(form, COUPLE)
    if couple not in ("yes", "no"):
        errors[COUPLE] = gettext("Choose yes or no.")
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
    """Return the questions of a page, as its template draws them."""
    if page.kind == "ticks":
        return [_ticks(page, answers, form, errors)]
    alone = len(page.asked) == 1
    drawn: list[Any] = []
    for fact, member in page.asked:
        key = key_of(fact, member)
        person = entitled.whose(answers, fact, member)
        error = errors.get(key, "")
        if lawfields.has_period(fact):
            drawn.append(lawfields.amount(fact, key, form, error, whose=person))
        else:
            drawn.append(lawfields.question(fact, key, form, error, whose=person, lead=alone))
    return drawn


def _ticks(page: Page, answers: Answers, form: Form, errors: Mapping[str, str]) -> Question:
    options = [
        (key_of(fact, member), entitled.tick_words(answers, fact, member))
        for fact, member in page.asked
    ]
    return Question(
        "choice",
        TICKED,
        entitled.heading(answers, page),
        [str(each) for each in form.get(TICKED, ())],
        hint=gettext("Tick all that fit. You say how much on the next page.")
        if page.asked[0][0].unit.is_money
        else gettext("Tick all that fit."),
        error=errors.get(TICKED, ""),
        options=(*options, (NONE, gettext("None of these"))),
        several=True,
        lead=True,
    )


def filled(page: Page, answers: Answers) -> dict[str, list[Any]]:
    """Return what was answered on a page, as fields of its form."""
    facts = answers.facts
    form: dict[str, list[Any]] = {}
    if page.kind == "ticks":
        said = {key_of(fact, member): fact for fact, member in page.asked}
        ticked = [key for key, fact in said.items() if entitled.is_ticked(fact, facts.get(key, ""))]
        known = [key for key in said if facts.get(key, UNKNOWN) != UNKNOWN]
        return {TICKED: ticked or ([NONE] if len(known) == len(said) else [])}
    for fact, member in page.asked:
        key = key_of(fact, member)
        if facts.get(key, UNKNOWN) not in (UNKNOWN, SOME):
            form.update(lawfields.filled(fact, key, facts[key]))
    return form


def read(
    page: Page, form: Form, *, unknown: bool, today: date
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the answers of a page, and what is wrong with others, by the names of fields.

    Parameters
    ----------
    unknown : the reader does not know what was left empty.
    """
    if page.kind == "ticks":
        return _read_ticks(page, form, unknown)
    said: dict[str, str] = {}
    errors: dict[str, str] = {}
    for fact, member in page.asked:
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


def _read_ticks(page: Page, form: Form, unknown: bool) -> tuple[dict[str, str], dict[str, str]]:
    ticked = {str(each) for each in form.get(TICKED, ())}
    some = [key_of(fact, member) for fact, member in page.asked if key_of(fact, member) in ticked]
    if not unknown and not some and NONE not in ticked:
        return {}, {TICKED: gettext("Tick at least one, or “None of these”.")}
    if some and NONE in ticked:
        return {}, {TICKED: gettext("Tick either what fits or “None of these”, not both.")}
    said = {}
    for fact, member in page.asked:
        key = key_of(fact, member)
        money = fact.unit.is_money
        if key in some:
            said[key] = SOME if money else "yes"
        elif unknown:
            said[key] = UNKNOWN
        else:
            said[key] = "0" if money else "no"
    return said, {}


def keeping_amounts(said: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """Return new ticks with the amounts that were given for them before."""
    return {
        key: before[key] if value == SOME and before.get(key, "0") not in ("0", UNKNOWN) else value
        for key, value in said.items()
    }


def invalid_words(error: datatypes.Invalid) -> str:
    """Return what is wrong with an answer, in the reader's language."""
    return fields.message(next(iter(error.errors.values())))


def summary_of(drawn: Iterable[Any]) -> list[tuple[str, str]]:
    """Return what the error summary lists: (address of the field, words)."""
    every = list(drawn)
    return [
        (
            f"#{each.id or 'f-' + each.name}",
            each.error if len(every) == 1 else f"{each.label} {each.error}",
        )
        for each in every
        if each.error
    ]
