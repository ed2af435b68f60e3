"""Letters as files: PDF/A-2a, the same fonts everywhere, and no text that becomes markup."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest

from townhall.cases.engine import letter
from townhall.cases.letters import rendering

NOW = datetime(2026, 11, 25, 9, 30, 0, 123456, tzinfo=UTC)
LABELS = dict.fromkeys(
    ("page", "number", "rows", "what", "value", "reasons", "verify", "code", "qr"), "Word"
)


def data(**more: Any) -> dict[str, Any]:
    contents = letter.Contents(
        **{
            "language": "en",
            "direction": "ltr",
            "title": "Your mooring permit",
            "sender": letter.Sender("Wrenford Quays", ("Town Hall", "WX1 1AA")),
            "number": "TRAN-2026-000001",
            "day": "25 November 2026",
            "recipient": ("Megan Hughes", "1 Weaver Street"),
            "paragraphs": ("Heulwen may lie at the quay.",),
            **more,
        }
    )
    url = "https://town.example/verify/AAAAA-BBBBB-CCCCC-DDDDD"
    return letter.compose(
        contents, labels=LABELS, verify_url=url, code="AAAAA-BBBBB-CCCCC-DDDDD",
        qr=rendering.qr_code(url),
    )  # fmt: skip


def pdf(**more: Any) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(rendering.render(data(**more), issued_at=NOW)))


def test_a_letter_is_pdf_a_2a_with_title_language_and_tags() -> None:
    with pdf() as document:
        with document.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["dc:title"] == "Your mooring permit"
        assert str(document.Root.Lang) == "en"
        assert "/StructTreeRoot" in document.Root
        assert document.Root.MarkInfo.Marked


def test_only_our_own_fonts_are_in_it() -> None:
    with pdf(paragraphs=("Heulwen ŵ ŷ £ €", "مرحبا")) as document:
        names = {
            str(font.BaseFont).partition("+")[2]
            for page in document.pages
            for font in page.Resources.Font.values()
        }
    assert names
    assert all(name.startswith(("LibertinusSerif", "DejaVuSansMono")) for name in names)


@pytest.mark.parametrize(
    "text",
    [
        '#import "/etc/passwd": *',
        "#sys.inputs",
        "$ x^2 $ *bold* _em_ `raw` @ref <label>",
        "= heading\n- list",
        '"); #read("letter.typ")',
        "\\u{0} \\ #let x = 1",
    ],
)
def test_text_of_people_never_becomes_markup(text: str) -> None:
    plain = rendering.render(data(paragraphs=("x" * len(text),)), issued_at=NOW)
    attacked = rendering.render(data(paragraphs=(text,), recipient=(text,)), issued_at=NOW)
    with pikepdf.open(io.BytesIO(attacked)) as one, pikepdf.open(io.BytesIO(plain)) as two:
        assert len(one.pages) == len(two.pages)


@pytest.mark.parametrize(
    "text", ["漢字 陳大文", "😀 name", "ก ไทย", "\ue000", "\uffff", "a\u202eb", "\x07"]
)
def test_a_character_that_no_font_has_costs_nobody_the_letter(text: str) -> None:
    with pdf(recipient=(text, "1 Weaver Street"), paragraphs=(text,)) as document:
        assert len(document.pages) == 1


def test_a_letter_from_right_to_left() -> None:
    with pdf(language="ar", direction="rtl", title="رسالة", paragraphs=("مرحبا بكم",)) as document:
        assert str(document.Root.Lang) == "ar"


def test_a_long_letter_goes_on_to_a_second_page() -> None:
    with pdf(rows=tuple((f"What {n}", f"Value {n}") for n in range(80))) as document:
        assert len(document.pages) >= 2


def test_the_same_letter_is_the_same_file() -> None:
    assert rendering.render(data(), issued_at=NOW) == rendering.render(data(), issued_at=NOW)


def test_a_mistake_in_the_data_is_an_error_of_its_own() -> None:
    broken = data()
    del broken["title"]
    with pytest.raises(rendering.LetterFailed):
        rendering.render(broken, issued_at=NOW)
