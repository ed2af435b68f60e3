"""Questions as HTML, drawn once for each wording and then only filled in.

The macro `field` of `components/forms.html` is the one description of how a question looks. A
page of twenty questions would call it twenty times a request, with the same outcome but for
what the person typed. So its outcome is kept with the question's wording, in pieces between
which values go; a value is escaped and put in. What is kept holds nothing that a person said,
except which one of its options was chosen.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.template import engines
from markupsafe import Markup, escape

from townhall.portal import forms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from townhall.portal.fields import Question

_TYPED = frozenset({"text", "lines", "number", "plate"})
# Characters of the private use area stand in no question and no answer that is stored.
_MARK = "\ue000"


def draw(question: Question) -> Markup:
    """Return a question as HTML."""
    wording = question.wording
    if wording is None or question.error or question.private:
        return _macro()(question)
    kind, value = question.kind, question.value
    if kind in _TYPED:
        return _filled(wording, _MARK, (value,))
    if (parts := forms.PARTS.get(kind)) is not None:
        marks = dict.fromkeys(parts, _MARK)
        return _filled(wording, marks, [value.get(part, "") for part in parts])
    return _chosen(wording, value)


def _filled(wording: Question, marked: Any, values: Sequence[str]) -> Markup:
    pieces = wording.__dict__.get("_pieces")
    if pieces is None:
        pieces = str(_macro()(replace(wording, value=marked))).split(_MARK)
        wording.__dict__["_pieces"] = pieces
    html = [pieces[0]]
    for value, piece in zip(values, pieces[1:], strict=True):
        html += (str(escape(value)), piece)
    return Markup("".join(html))  # noqa: S704 - drawn by the macro, values escaped


def _chosen(wording: Question, value: Any) -> Markup:
    """Return a question with options; kept for each choice of one, drawn for one of several."""
    if wording.several or (value and all(value != option for option, _ in wording.options)):
        return _macro()(replace(wording, value=value))
    drawn: dict[str, Markup] = wording.__dict__.setdefault("_drawn", {})
    if value not in drawn:
        drawn[value] = _macro()(replace(wording, value=value))
    return drawn[value]


@cache
def _macro() -> Callable[[Any], Markup]:
    environment = engines["jinja2"].env
    field: Callable[[Any], Markup] = environment.get_template(
        "portal/components/forms.html"
    ).module.field
    return field
