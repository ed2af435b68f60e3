"""The panel "Try it" of a rule: a small form for an invented family, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from townhall.catalogue.engine import datatypes
from townhall.foundation.text import current_language, formats, gettext, pick
from townhall.portal import entitled_form, lawfields
from townhall.portal.explained import Telling, between
from townhall.portal.fields import Question
from townhall.rules import trying
from townhall.rules.answers import MAX_CHILDREN, key_of
from townhall.rules.engine.law import PERSON, Law, NoResult, NotInForce, wording
from townhall.rules.engine.law.answers.explaining import explain
from townhall.rules.engine.law.law import Variable

Form = dict[str, list[Any]]
_AGES = re.compile(r"\d{1,2}(?:[\s,;]+\d{1,2})*")
_NAMED = 4
_STEPS = 4
"""Steps of an explanation that are told; the rest stands on the pages of the rules below."""
_SHORT = 25
"""Lines up to which an explanation is open from the start."""


def panel(
    law: Law, variable: Variable, query: Mapping[str, Any], today: date
) -> dict[str, Any] | None:
    """Return the form of a rule with its result; None where it cannot be tried."""
    sent = {name: [str(value)] for name, value in query.items()}
    day, day_options = _day(law, sent, today)
    law = law.book.on(day)
    try:
        trial = trying.trial(law, variable.name, day)
    except NotInForce:
        return None
    form = sent if "try" in sent else _defaults(trial, day)
    couple = trial.family and lawfields.last(form, "adults") == "2"
    errors: dict[str, str] = {}
    ages = _ages(form, errors) if trial.family else ()
    facts = _facts(trial, form, couple, today, errors)
    return {
        "questions": _questions(trial, form, couple, errors),
        "days": day_options,
        "day": day.isoformat(),
        "errors": _summary(trial, couple, errors),
        "results": [] if errors else _results(trial, facts, couple, ages, day),
        "others": [pick(fact.title) for fact in trial.others if fact.usual is not None],
        "first": "try" not in sent,
    }


def _day(law: Law, form: Form, today: date) -> tuple[date, list[tuple[str, str]]]:
    days = trying.days(law, today)
    chosen = next((each for each in days if each.isoformat() == lawfields.last(form, "on")), today)
    words = [
        (each.isoformat(), gettext("today") if each == today else formats.date(each))
        for each in days
    ]
    return chosen, words


def _defaults(trial: trying.Trial, day: date) -> Form:
    form: Form = {"adults": ["1"], "ages": [", ".join(map(str, trying.EXAMPLE_AGES))]}
    for fact in trial.asked:
        text = trial.default(fact, day)
        for member in range(2 if fact.entity == PERSON else 1):
            if text:
                form.update(lawfields.filled(fact, key_of(fact, member), text))
    return form


def _ages(form: Form, errors: dict[str, str]) -> tuple[int, ...]:
    text = lawfields.last(form, "ages").strip()
    if not text:
        return ()
    if len(text) > 80 or not _AGES.fullmatch(text):
        errors["ages"] = gettext("Write the ages in whole years with commas, like 3, 7.")
        return ()
    ages = tuple(int(each) for each in re.split(r"[\s,;]+", text))
    if len(ages) > MAX_CHILDREN:
        told = gettext("This page can count up to %(most)s children. Enter a lower number.")
        errors["ages"] = told % {"most": MAX_CHILDREN}
    elif max(ages) > 19:
        errors["ages"] = gettext("A child is at most 19 years old here.")
    return () if "ages" in errors else ages


def _members(trial: trying.Trial, couple: bool) -> list[tuple[Any, int]]:
    return [
        (fact, member)
        for member in range(2 if couple else 1)
        for fact in trial.asked
        if fact.entity == PERSON or member == 0
    ]


def _facts(
    trial: trying.Trial, form: Form, couple: bool, today: date, errors: dict[str, str]
) -> dict[str, str]:
    facts = {}
    for fact, member in _members(trial, couple):
        key = key_of(fact, member)
        try:
            facts[key] = lawfields.parse(fact, key, form, today)
        except datatypes.Invalid as error:
            errors[key] = entitled_form.invalid_words(error)
    return facts


def _questions(
    trial: trying.Trial, form: Form, couple: bool, errors: Mapping[str, str]
) -> list[Question]:
    drawn = []
    if trial.family:
        drawn = [
            Question(
                "choice",
                "adults",
                gettext("Adults in the family"),
                "2" if couple else "1",
                options=(("1", gettext("One")), ("2", gettext("A couple"))),
                inline=True,
                size="sm",
            ),
            Question(
                "text",
                "ages",
                gettext("Ages of the children"),
                lawfields.last(form, "ages"),
                hint=gettext("In whole years with commas, like 3, 7. Empty: no children."),
                error=errors.get("ages", ""),
                width="md",
                size="sm",
            ),
        ]
    for fact, member in _members(trial, couple):
        key = key_of(fact, member)
        person = _person(member) if couple and fact.entity == PERSON else ""
        error = errors.get(key, "")
        asked = lawfields.question(fact, key, form, error, whose=person, titled=True)
        drawn.append(replace(asked, size="sm", wording=None))
    return drawn


def _person(member: int) -> str:
    return gettext("The partner") if member else gettext("The first adult")


def _summary(trial: trying.Trial, couple: bool, errors: Mapping[str, str]) -> list[tuple[str, str]]:
    titles = {key_of(fact, member): pick(fact.title) for fact, member in _members(trial, couple)}
    titles["ages"] = gettext("Ages of the children")
    return [(f"#f-{key}", f"{titles[key]}: {error}") for key, error in errors.items()]


def _results(
    trial: trying.Trial,
    facts: Mapping[str, str],
    couple: bool,
    ages: tuple[int, ...],
    day: date,
) -> list[dict[str, Any]]:
    """Return the value for every member, each with its explanation."""
    variable = trial.law.variables[trial.goal]
    try:
        tried = trying.attempt(trial, facts, couple=couple, ages=ages, day=day)
    except NoResult:
        return []
    names = [_person(0)] if couple or ages else [gettext("You")]
    names += [_person(1)] if couple else []
    names += [gettext("A child of %(age)s") % {"age": age} for age in ages]
    rows = []
    for member, bound in enumerate(tried.bounds):
        telling = Telling(tried.decision, tried.ranged, names)
        low, high, _ = bound
        exact = low == high
        words = (
            wording.written(low, variable.kind.unit, current_language())
            if exact
            else between(bound, variable.kind.unit)
        )
        rows.append(
            {
                "whose": names[member] if variable.kind.entity == PERSON and len(names) > 1 else "",
                "value": words,
                "exact": exact,
                "depends": _depends(trial, tried, member, names),
                "tree": telling.tree(
                    explain(tried.decision, trial.goal, member, current_language()), _STEPS
                ),
                "short": telling.lines <= _SHORT,
            }
        )
    return rows


def _depends(trial: trying.Trial, tried: trying.Tried, member: int, names: list[str]) -> list[str]:
    told = []
    for name, whose in tried.depends(member)[:_NAMED]:
        fact = trial.law.book.facts[name]
        person = f" ({names[whose]})" if fact.entity == PERSON and len(names) > 1 else ""
        told.append(pick(fact.title) + person)
    return told
