"""From a datum of a definition to a question on a page.

`question` gives what the macro `field` of `components/forms.html` draws; what a browser
sends for it stands in `forms`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import get_currency_symbol
from markupsafe import Markup

from townhall.catalogue.engine.datatypes import Message
from townhall.catalogue.engine.definition import Datum, Definition, Page
from townhall.foundation.text import current_language, gettext, pick
from townhall.foundation.text.formats import number
from townhall.portal import drawing, forms, streetmap
from townhall.portal.rows import rows_of

RADIOS = 7
"""Choices with more options than this become a drop-down list."""

_AUTOCOMPLETE = {"email": "email", "phone": "tel"}


@dataclass(frozen=True)
class Question:
    """One question as the macro `field` draws it. See there for the meaning of each.

    `private`: the label or hint says something about a person, so it is not kept in memory.
    `wording`: the same question without what a person said, if its HTML may be kept with it.
    """

    kind: str
    name: str
    label: str
    value: Any = ""
    hint: str = ""
    error: str = ""
    optional: bool = False
    size: str = ""
    id: str = ""
    type: str = "text"
    width: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    max_length: int = 0
    lines: int = 1
    prefix: str = ""
    suffix: str = ""
    options: tuple[tuple[str, str], ...] = ()
    several: bool = False
    inline: bool = False
    refresh: bool = False
    accept: tuple[str, ...] = ()
    limit: str = ""
    items: tuple[tuple[Question, ...], ...] = ()
    numbers: tuple[int, ...] = ()
    item_label: str = ""
    add: bool = True
    remove: bool = True
    map: Mapping[str, Any] | None = None
    lead: bool = False
    private: bool = False
    wording: Question | None = field(default=None, repr=False, compare=False)

    @property
    def html(self) -> Markup:
        """The question as HTML."""
        return drawing.draw(self)

    def asked_with(self, value: Any, error: str) -> Question:
        """Return this wording with what a person said; `dataclasses.replace` takes 20 us."""
        made = object.__new__(Question)
        made.__dict__.update(self.__dict__, value=value, error=error, wording=self)
        return made


def questions(
    definition: Definition,
    ask: Sequence[Datum],
    *,
    answers: Mapping[str, Any],
    raw: Mapping[str, Sequence[Any]] | None = None,
    errors: Mapping[str, Any] | None = None,
) -> list[Question]:
    """Return the questions of a page.

    Parameters
    ----------
    ask : the data asked on it.
    answers : canonical answers of the draft.
    raw : what was sent, if the page is shown again; it wins over `answers`.
    errors : messages by datum or part of one ("born", "children.0.name").
    """
    deciding = _deciding(definition)
    told = {name: message(each) for name, each in (errors or {}).items()}
    drawn = [
        question(
            datum,
            values=raw if raw is not None else forms.sent_from(datum, answers.get(datum.name)),
            errors=told,
            files=answers.get(datum.name) if datum.type == "file" else None,
            refresh=datum.name in deciding,
        )
        for datum in ask
    ]
    # The only question of a page is its heading, and is not said twice.
    return [leading(each) for each in drawn] if len(drawn) == 1 else drawn


def names_of(ask: Iterable[Datum]) -> Markup:
    """Return the hidden fields that say what a page asked; names are those of a definition."""
    return _names_of(tuple(datum.name for datum in ask))


@lru_cache(maxsize=1_024)
def _names_of(names: tuple[str, ...]) -> Markup:
    field = Markup('<input type="hidden" name="_asked" value="{}">')
    return Markup("").join([field.format(name) for name in names])


def leading(asked: Question, lead: bool = True) -> Question:
    """Return the question as the heading of its page, or no longer as that."""
    return replace(asked, lead=lead, wording=None)


def question(
    datum: Datum,
    *,
    values: Mapping[str, Sequence[Any]],
    errors: Mapping[str, str],
    files: Sequence[Mapping[str, Any]] | None = None,
    prefix: str = "",
    refresh: bool = False,
) -> Question:
    """Return one question; `prefix` ("children.0.") where it is part of a group."""
    name = prefix + datum.name
    draw = _DRAW.get(datum.type)
    if draw is not None:
        common = _common(datum, name, prefix, refresh, _error(errors, name, datum))
        return draw(common, datum, values, errors, files)
    value = _VALUES.get(datum.type, _one)
    return _worded(datum, name, prefix, refresh).asked_with(
        value(values, name, datum), _error(errors, name, datum)
    )


_MOST = 4_096
_worded_before: dict[tuple[int, str, str, bool], tuple[Datum, Question]] = {}


def _worded(datum: Datum, name: str, prefix: str, refresh: bool) -> Question:
    """Return the question without what a person said, worked out once a language.

    Named by the identity of the datum, which is kept here and so cannot be another's.
    """
    key = (id(datum), current_language(), prefix, refresh)
    found = _worded_before.get(key)
    if found is None:
        if len(_worded_before) >= _MOST:
            _worded_before.clear()
        wording = _WORDS.get(datum.type, _text)(_common(datum, name, prefix, refresh), datum)
        found = _worded_before[key] = (datum, wording)
    return found[1]


def _common(datum: Datum, name: str, prefix: str, refresh: bool, error: str = "") -> Question:
    return Question(
        kind="text",
        name=name,
        label=pick(datum.ask) or pick(datum.title),
        hint=pick(datum.hint),
        error=error,
        optional=not datum.required,
        size="sm" if prefix else "",
        refresh=refresh,
    )


def message(found: Any) -> str:
    """Return a message of the engine in the reader's language."""
    if isinstance(found, str):
        return gettext(found)
    if not isinstance(found, Message):
        return message(next(iter(found.values()))) if isinstance(found, Mapping) else str(found)
    if found.text:
        return pick(found.text)
    shown = {
        key: pick(value) if isinstance(value, Mapping) else value
        for key, value in found.params.items()
    }
    return gettext(found.msgid) % shown if shown else gettext(found.msgid)


def summary_of(drawn: Iterable[Question], errors: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the error summary lists: (address of the field, words), in page order."""
    listed: list[tuple[str, str]] = []
    for each in drawn:
        for part in each.items:
            listed.extend(summary_of(part, {}))
        if each.error:
            listed.append((f"#{each.id or 'f-' + each.name}", each.error))
    if errors and not listed:
        listed.extend((f"#f-{name}", message(each)) for name, each in errors.items())
    return listed


def size_in_words(size: int) -> str:
    """Return a number of bytes as people read it."""
    if size < 1_000_000:
        return gettext("%(number)s KB") % {"number": number(max(1, round(size / 1000)))}
    return gettext("%(number)s MB") % {"number": number(round(Decimal(size) / 1_000_000, 1))}


_deciding_before: dict[str, frozenset[str]] = {}


def _deciding(definition: Definition) -> frozenset[str]:
    """Return the questions on which others of their page hang, or ones not yet there.

    Worked out once for each version, which never changes.
    """
    found = _deciding_before.get(definition.hash)
    if found is None:
        if len(_deciding_before) >= _MOST:
            _deciding_before.clear()
        found = frozenset(
            name
            for page in definition.pages
            for name in page.ask
            if _decides(definition, page, name)
        )
        _deciding_before[definition.hash] = found
    return found


def _decides(definition: Definition, page: Page, asked: str) -> bool:
    for name in page.ask:
        when = definition.data[name].when
        if when is None:
            continue
        if asked in when.roots:
            return True
        facts = (definition.data.get(root) for root in when.roots)
        if any(fact and fact.source and fact.source.by == asked for fact in facts):
            return True
    return False


def _error(errors: Mapping[str, str], name: str, datum: Datum) -> str:
    if name in errors:
        return errors[name]
    if datum.type == "group":
        return ""
    begin = name + "."
    return next((words for key, words in errors.items() if key.startswith(begin)), "")


def _one(values: Mapping[str, Sequence[Any]], name: str, datum: Datum | None = None) -> str:
    found = values.get(name) or ("",)
    return found[-1] if isinstance(found[-1], str) else ""


def _ticked(values: Mapping[str, Sequence[Any]], name: str, datum: Datum) -> Any:
    chosen = [each for each in values.get(name, ()) if each != ""]
    if datum.several:
        return chosen
    if chosen:
        return chosen[-1]
    return datum.default if name not in values else ""


def _parts(values: Mapping[str, Sequence[Any]], name: str, datum: Datum) -> dict[str, str]:
    return {part: _one(values, f"{name}.{part}") for part in forms.PARTS[datum.type]}


def _text(common: Question, datum: Datum) -> Question:
    long = datum.lines > 1
    return replace(
        common,
        kind="lines" if long else "text",
        lines=datum.lines,
        max_length=datum.max_length if datum.max_length <= 5_000 else 0,
        type={"email": "email", "phone": "tel"}.get(datum.type, "text"),
        autocomplete=_AUTOCOMPLETE.get(datum.type, ""),
        width={"email": "lg", "phone": "md"}.get(datum.type, "")
        or ("md" if 0 < datum.max_length <= 20 else ""),
    )


def _plate(common: Question, datum: Datum) -> Question:
    return replace(common, kind="plate", max_length=14, autocomplete="off")


def _number(common: Question, datum: Datum) -> Question:
    symbol = ""
    if datum.type == "money":
        symbol = get_currency_symbol(datum.currency or "GBP", locale="en_GB")
    return replace(
        common,
        kind="number",
        inputmode="numeric" if datum.decimals == 0 else "decimal",
        prefix=symbol,
        suffix=pick(datum.unit),
        width="sm",
    )


def _choice(common: Question, datum: Datum) -> Question:
    options = tuple((each.value, pick(each.text)) for each in datum.options)
    return replace(
        common,
        kind="select" if len(options) > RADIOS and not datum.several else "choice",
        options=options,
        several=datum.several,
    )


def _yes_no(common: Question, datum: Datum) -> Question:
    options = (("yes", gettext("Yes")), ("no", gettext("No")))
    return replace(common, kind="choice", options=options, inline=True)


def _parted(common: Question, datum: Datum) -> Question:
    return replace(common, kind=datum.type)


def _place(common: Question, datum: Datum, values: Any, errors: Any, files: Any) -> Question:
    parts = _parts(values, common.name, datum)
    return replace(common, kind="place", value=parts, map=streetmap.drawn_for(parts))


def _period(common: Question, datum: Datum, values: Any, errors: Any, files: Any) -> Question:
    ends = (("start", gettext("First day")), ("end", gettext("Last day")))
    days = tuple(
        Question(
            kind="date",
            name=f"{common.name}.{end}",
            label=label,
            value={p: _one(values, f"{common.name}.{end}.{p}") for p in forms.PARTS["date"]},
            size="sm",
        )
        for end, label in ends
    )
    return replace(
        common, kind="group", items=(days,), add=False, remove=False, item_label=gettext("Period")
    )


def _file(common: Question, datum: Datum, values: Any, errors: Any, files: Any) -> Question:
    kept = tuple(
        {"file": each["file"], "name": each["name"], "size": size_in_words(each.get("size", 0))}
        for each in files or ()
    )
    return replace(
        common,
        kind="file",
        value=kept,
        accept=datum.accept,
        limit=size_in_words(datum.max_bytes) if datum.max_bytes else "",
        several=datum.several,
    )


def _group(common: Question, datum: Datum, values: Any, errors: Any, files: Any) -> Question:
    numbers = rows_of(common.name, values)
    least = datum.repeat.min if datum.repeat else 0
    most = datum.repeat.max if datum.repeat else 20
    if len(numbers) < least:
        numbers += [n for n in range(most + len(numbers) + 1) if n not in numbers][
            : least - len(numbers)
        ]
    numbers = sorted(numbers)[:most]
    rows = tuple(
        tuple(
            question(field, values=values, errors=errors, prefix=f"{common.name}.{n}.")
            for field in datum.fields.values()
        )
        for n in numbers
    )
    return replace(
        common,
        kind="group",
        items=rows,
        numbers=tuple(numbers),
        item_label=pick(datum.item) or gettext("Entry"),
        add=len(rows) < most,
        remove=len(rows) > least,
    )


# Questions whose wording does not hang on the person: drawn once, then filled in.
_WORDS = {
    "plate": _plate,
    "number": _number,
    "money": _number,
    "choice": _choice,
    "yes/no": _yes_no,
    "date": _parted,
    "address": _parted,
}
_VALUES = {"choice": _ticked, "date": _parts, "address": _parts}
# Questions that are drawn anew each time.
_DRAW = {"place": _place, "period": _period, "file": _file, "group": _group}
