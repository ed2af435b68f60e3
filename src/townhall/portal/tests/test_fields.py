"""A question drawn on a page is read back by the catalogue exactly as it was meant."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from townhall.catalogue.engine import datatypes
from townhall.catalogue.engine.definition import Datum, Option, Repeat
from townhall.catalogue.engine.messages import Message
from townhall.portal import drawing, fields, forms, rows

CHILD = {
    "name": Datum("name", "text", ask={"en": "Name"}),
    "born": Datum("born", "date", ask={"en": "Date of birth"}),
}
OPTIONS = tuple(Option(str(n), {"en": f"Option {n}"}) for n in range(1, 4))
MANY = tuple(Option(str(n), {"en": f"Option {n}"}) for n in range(1, 12))

DATA = [
    (Datum("a", "text", ask={"en": "A?"}), "one"),
    (Datum("a", "text", ask={"en": "A?"}, lines=4), "one\ntwo <b>"),
    (Datum("a", "email", ask={"en": "A?"}), "a@b.example"),
    (Datum("a", "phone", ask={"en": "A?"}), "+441632960100"),
    (Datum("a", "plate", ask={"en": "A?"}), "AB12CDE"),
    (Datum("a", "number", ask={"en": "A?"}), "12.5"),
    (Datum("a", "money", ask={"en": "A?"}, currency="GBP"), "12.50"),
    (Datum("a", "date", ask={"en": "A?"}), "2026-03-27"),
    (Datum("a", "yes/no", ask={"en": "A?"}), False),
    (Datum("a", "choice", ask={"en": "A?"}, options=OPTIONS), "2"),
    (Datum("a", "choice", ask={"en": "A?"}, options=MANY), "9"),
    (Datum("a", "choice", ask={"en": "A?"}, options=OPTIONS, several=True), ["1", "3"]),
    (
        Datum("a", "address", ask={"en": "A?"}),
        {"line1": "1 High Street", "line2": "", "town": "Wrenford", "postcode": "WX1 1AA"},
    ),
    (Datum("a", "place", ask={"en": "A?"}), {"lat": "50.53", "lon": "-2.97", "words": "by it"}),
    (
        Datum("a", "period", ask={"en": "A?"}),
        {"start": "2026-03-01", "end": "2026-03-27"},
    ),
    (
        Datum("a", "group", ask={"en": "A?"}, fields=CHILD, repeat=Repeat(0, 5)),
        [{"name": "Ana", "born": "2021-05-03"}, {"name": "Ben", "born": "2024-07-09"}],
    ),
]


@pytest.fixture(params=["first", "kept"])
def draw(request: pytest.FixtureRequest) -> Any:
    """Draw a question; "kept" has drawn one of the same wording before, with another value."""

    def drawn(question: fields.Question) -> str:
        if request.param == "kept":
            other = "other" if isinstance(question.value, str) else {}
            if question.kind in ("text", "number", "date", "address"):
                drawing.draw(replace(question, value=other))
        return str(drawing.draw(question))

    fields._worded_before.clear()
    return drawn


def _form_of(html: str) -> dict[str, list[str]]:
    """Return what a browser would send for a drawn question, if nobody touched it."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.form: dict[str, list[str]] = {}
            self.area = self.select = ""

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            found = {key: value if value is not None else "" for key, value in attrs}
            if tag == "textarea":
                self.area = found["name"]
                self.form[self.area] = [""]
            elif tag == "select":
                self.select = found["name"]
                self.form[self.select] = [""]
            elif tag == "option" and "selected" in found:
                self.form[self.select] = [found["value"]]
            elif tag == "input" and found.get("name") and found["type"] not in ("file", "image"):
                if found["type"] in ("radio", "checkbox") and "checked" not in found:
                    return
                self.form.setdefault(found["name"], []).append(found.get("value", ""))

        def handle_data(self, data: str) -> None:
            if self.area:
                self.form[self.area] = [data.removeprefix("\n")]

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                self.area = ""

    reader = Reader()
    reader.feed(html)
    return reader.form


@pytest.mark.parametrize(("datum", "answer"), DATA, ids=lambda each: getattr(each, "type", ""))
def test_what_is_drawn_for_an_answer_is_read_back_as_that_answer(
    datum: Datum, answer: Any, draw: Any
) -> None:
    question = fields.question(datum, values=forms.sent_from(datum, answer), errors={})
    read = datatypes.parse(datum, _form_of(draw(question)))
    if datum.type == "place":
        assert (Decimal(str(read["lat"])), read["words"]) == (
            Decimal(answer["lat"]),
            answer["words"],
        )
    else:
        assert read == answer


@pytest.mark.parametrize(("datum", "answer"), DATA, ids=lambda each: getattr(each, "type", ""))
def test_every_control_has_a_label_and_an_id_of_its_own(
    datum: Datum, answer: Any, draw: Any
) -> None:
    html = draw(fields.question(datum, values=forms.sent_from(datum, answer), errors={}))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    for control, attributes in re.findall(r"<(input|select|textarea)\b([^>]*)>", html):
        if 'type="hidden"' in attributes or 'type="image"' in attributes:
            continue
        found = re.search(r'\bid="([^"]+)"', attributes)
        assert found, f"{control} without id"
        inside_label = 'type="radio"' in attributes or 'type="checkbox"' in attributes
        assert inside_label or found.group(1) in labelled


def test_an_error_is_said_at_the_question_and_linked_from_the_summary(draw: Any) -> None:
    datum = Datum("born", "date", ask={"en": "When?"})
    found = fields.question(datum, values={}, errors={"born": "There is no such day."})
    html = draw(found)
    assert 'aria-invalid="true"' in html and "There is no such day." in html
    (link,) = fields.summary_of([found], {"born": "x"})
    assert link == ("#f-born", "There is no such day.")
    assert 'id="f-born"' in html


def test_an_error_in_a_row_of_a_group_is_said_at_that_row(draw: Any) -> None:
    datum = Datum("kids", "group", ask={"en": "Kids"}, fields=CHILD, repeat=Repeat(0, 5))
    sent = {"kids.0.name": ["Ana"], "kids.1.name": [""]}
    found = fields.question(datum, values=sent, errors={"kids.1.name": "Enter an answer."})
    assert [row[0].error for row in found.items] == ["", "Enter an answer."]
    assert fields.summary_of([found], {"kids.1.name": "x"}) == [
        ("#f-kids.1.name", "Enter an answer.")
    ]


def test_a_message_of_the_engine_is_put_into_the_readers_language() -> None:
    from townhall.foundation.text import override

    told = Message(
        "Use at most %(limit)s characters; this has %(count)s.", {"limit": 3, "count": 5}
    )
    assert fields.message(told) == "Use at most 3 characters; this has 5."
    own = Message(text={"en": "Too many", "cy": "Gormod"})
    with override("cy"):
        assert fields.message(own) == "Gormod"


def test_rows_are_added_and_removed_without_losing_what_was_typed() -> None:
    sent = {"kids.0.name": ["Ana"], "kids.1.name": ["Ben"], "other": ["x"]}
    more = rows.with_row("kids", sent)
    assert rows.rows_of("kids", more) == [0, 1, 2]
    less = rows.without_rows("kids", {**more, "kids.remove": ["0"]})
    assert rows.rows_of("kids", less) == [1, 2]
    assert less["kids.1.name"] == ["Ben"] and less["other"] == ["x"]
    assert rows.without_rows("kids", more) == more


def test_rows_are_counted_as_the_catalogue_counts_them() -> None:
    sent = {"kids.0.name": [" "], "kids.4.name": ["Ana"], "kids.7.born.day": ["3"], "x": ["y"]}
    counted = rows.renumbered("kids", sent)
    assert counted == {"kids.0.name": ["Ana"], "kids.1.born.day": ["3"], "x": ["y"]}


def test_a_group_never_draws_more_rows_than_it_may_have(draw: Any) -> None:
    datum = Datum("kids", "group", ask={"en": "Kids"}, fields=CHILD, repeat=Repeat(1, 3))
    sent = {f"kids.{n}.name": ["x"] for n in range(10_000)}
    found = fields.question(datum, values=sent, errors={})
    assert len(found.items) == 3 and not found.add
    assert len(fields.question(datum, values={}, errors={}).items) == 1


def test_markup_in_answers_and_questions_stays_text(draw: Any) -> None:
    evil = '<script>alert(1)</script>" onfocus="x'
    datum = Datum("a", "text", ask={"en": evil}, hint={"en": evil})
    html = draw(fields.question(datum, values={"a": [evil]}, errors={"a": evil}))
    assert "<script" not in html and 'onfocus="x"' not in html


def test_a_name_of_a_row_that_is_no_number_draws_nothing() -> None:
    assert rows.rows_of(
        "kids", {"kids.x.name": ["a"], "kids.²: ": ["b"], "kids.1.name": ["c"]}
    ) == [1]


def test_what_a_person_typed_is_not_kept_in_memory(draw: Any) -> None:
    datum = Datum("a", "text", ask={"en": "A?"})
    assert "my secret" in draw(fields.question(datum, values={"a": ["my secret"]}, errors={}))
    kept = [wording for _, wording in fields._worded_before.values()]
    assert kept and "_pieces" in kept[-1].__dict__
    assert "my secret" not in "".join(repr(each.__dict__) for each in kept)
