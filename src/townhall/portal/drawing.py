"""Questions as HTML, drawn once for each wording and then only filled in.

The macro `field` of `components/forms.html` is the one description of how a question looks. A
page of twenty questions would call it twenty times a request, with the same outcome but for
what the person typed. So its outcome is kept with marks where values go; a value is escaped and
put in. What is kept holds nothing that a person said, except which options are chosen.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.template import engines
from markupsafe import Markup, escape

from townhall.foundation.text import current_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from townhall.portal.fields import Question

_PARTS = {"date": ("day", "month", "year"), "address": ("line1", "line2", "town", "postcode")}
_TYPED = frozenset({"text", "lines", "number", "plate"})
_CHOSEN = frozenset({"choice", "select"})
_MOST = 4096
# Characters of the private use area stand in no question and no answer that is stored.
_MARK = "\ue000{}\ue001"
_kept: dict[tuple[str, Question], Markup] = {}


def draw(question: Question) -> Markup:
    """Return a question as HTML."""
    kind = question.kind
    if question.error or question.private or question.map:
        return _macro()(question)
    if kind in _TYPED:
        return _filled(question, {"value": question.value})
    if kind in _PARTS:
        return _filled(question, {part: question.value.get(part, "") for part in _PARTS[kind]})
    if kind in _CHOSEN:
        value = question.value
        return _skeleton(replace(question, value=tuple(value) if question.several else value))
    return _macro()(question)


def _filled(question: Question, values: dict[str, str]) -> Markup:
    html = str(_skeleton(replace(question, value="")))
    for name, value in values.items():
        html = html.replace(_MARK.format(name), str(escape(value)), 1)
    return Markup(html)  # noqa: S704 - drawn by the macro, values escaped


def _skeleton(question: Question) -> Markup:
    key = (current_language(), question)
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= _MOST:
            _kept.clear()
        found = _kept[key] = _macro()(_marked(question))
    return found


def _marked(question: Question) -> Question:
    if question.kind in _TYPED:
        return replace(question, value=_MARK.format("value"))
    if question.kind in _PARTS:
        marks = {part: _MARK.format(part) for part in _PARTS[question.kind]}
        return replace(question, value=marks)
    return question


@cache
def _macro() -> Callable[[Any], Markup]:
    environment = engines["jinja2"].env
    field: Callable[[Any], Markup] = environment.get_template(
        "portal/components/forms.html"
    ).module.field
    return field
