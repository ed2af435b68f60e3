"""Texts in the language of the dialogue, and values as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from django.utils import translation

from townhall import foundation
from townhall.foundation import text
from townhall.foundation.text import formats, languages, translations

HEAD = """msgid ""
msgstr ""
"Language: cy\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=6; plural="
"(n==0) ? 0 : (n==1) ? 1 : (n==2) ? 2 : (n==3) ? 3 : (n==6) ? 4 : 5;\\n"
"""


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(translations, "_PACKAGE", tmp_path)
    translations.catalogue.cache_clear()
    yield tmp_path
    translations.catalogue.cache_clear()


def room(folder: Path, name: str, body: str, head: str = HEAD) -> None:
    path = folder / name / "locale" / "cy.po"
    path.parent.mkdir(parents=True)
    path.write_text(head + body, encoding="utf-8")


def test_texts_of_all_rooms_are_found(rooms: Path) -> None:
    room(rooms, "one", '\nmsgid "Continue"\nmsgstr "Parhau"\n')
    room(rooms, "two", '\nmsgid "Continue"\nmsgstr "Ymlaen"\n\nmsgid "Back"\nmsgstr "Yn ôl"\n')
    assert text.gettext("Back", "cy") == "Yn ôl"
    assert text.gettext("Continue", "cy") == "Parhau"
    assert text.gettext("Not translated", "cy") == "Not translated"
    assert text.gettext("Back", "en") == "Back"
    assert text.gettext("", "cy") == "", "the head of a file is no text"
    with text.override("cy"):
        assert text.gettext("Back") == "Yn ôl"


def test_unsure_and_empty_translations_are_not_shown(rooms: Path) -> None:
    room(rooms, "one", '\n#, fuzzy\nmsgid "Yes"\nmsgstr "Na"\n\nmsgid "No"\nmsgstr ""\n')
    assert text.gettext("Yes", "cy") == "Yes"
    assert text.gettext("No", "cy") == "No"


def test_context_and_the_six_forms_of_welsh(rooms: Path) -> None:
    room(
        rooms,
        "one",
        '\nmsgctxt "verb"\nmsgid "Post"\nmsgstr "Postio"\n'
        '\nmsgid "%(num)d dog"\nmsgid_plural "%(num)d dogs"\n'
        + "".join(
            f'msgstr[{n}] "{form}"\n'
            for n, form in enumerate(["dim ci", "ci", "dau gi", "tri chi", "chwe chi", "ci arall"])
        ),
    )
    assert text.pgettext("verb", "Post", "cy") == "Postio"
    assert text.gettext("Post", "cy") == "Post"
    forms = [text.ngettext("%(num)d dog", "%(num)d dogs", n, "cy") for n in (0, 1, 2, 3, 6, 7)]
    assert forms == ["dim ci", "ci", "dau gi", "tri chi", "chwe chi", "ci arall"]
    assert text.ngettext("%(num)d dog", "%(num)d dogs", 2, "en") == "%(num)d dogs"


def test_a_broken_file_says_where(rooms: Path) -> None:
    room(rooms, "one", '\nmsgid "Yes"\nmsgstr "Ie"\nwhat is this\n')
    with pytest.raises(translations.CatalogueUnreadable, match=r"one/locale/cy\.po"):
        text.gettext("Yes", "cy")


def test_a_rule_for_plurals_may_be_written_in_several_ways(rooms: Path) -> None:
    room(rooms, "one", '\nmsgid "Yes"\nmsgstr "Ie"\n')
    plain = HEAD.replace("(n==0) ? 0 : (n==1) ? 1", "n == 0 ? 0 : n==1 ? 1")
    room(rooms, "two", '\nmsgid "No"\nmsgstr "Na"\n', plain)
    assert text.gettext("No", "cy") == "Na"


def test_rooms_must_agree_on_the_plural(rooms: Path) -> None:
    room(rooms, "one", '\nmsgid "Yes"\nmsgstr "Ie"\n')
    other = HEAD.replace("nplurals=6", "nplurals=2").replace(
        "(n==0) ? 0 : (n==1) ? 1 : (n==2) ? 2 : (n==3) ? 3 : (n==6) ? 4 : 5", "(n != 1)"
    )
    room(rooms, "two", '\nmsgid "No"\nmsgstr "Na"\n', other)
    with pytest.raises(translations.CatalogueUnreadable, match=r"two/locale/cy\.po: Plural-Forms"):
        text.gettext("Yes", "cy")


def test_every_translation_in_the_house_fits_its_text() -> None:
    translations.catalogue.cache_clear()
    wrong = []
    for language in text.LANGUAGES:
        translations.catalogue(language)
        for path in translations.paths(language):
            for message in translations._read(path, language):
                wrong += [
                    f"{path}:{message.lineno}: {message.string!r} fills other places than its text"
                    for form in _forms(message.string)
                    if message.id and form and _places(form) - _places(*_forms(message.id))
                ]
    assert wrong == []


@pytest.mark.parametrize("language", ["cy"])
def test_no_text_of_the_foundation_is_left_untranslated(language: str) -> None:
    found = extract_from_dir(
        Path(foundation.__file__).parent,
        [("**/tests/**", "ignore"), ("tests/**", "ignore"), ("**.py", "python")],
        keywords={"gettext": None, "ngettext": (1, 2), "marked": None},
    )
    told = {message for _, _, message, _, _ in found}
    assert len(told) > 15
    missing = {each for each in told if text.gettext(each, language) == each}
    assert missing == set()


def _forms(texts: str | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _places(*forms: str) -> set[str]:
    return {place for form in forms for place in re.findall(r"%\(\w+\)[a-z]|%[sd]", form)}


def test_the_best_text_of_several() -> None:
    both = {"en": "Permit", "cy": "Trwydded"}
    assert text.pick(both, "cy") == "Trwydded"
    assert text.pick(both, "cy-GB") == "Trwydded"
    assert text.pick(both, "ar") == "Permit"
    assert text.pick({"cy": "Trwydded", "en": ""}, "en") == "Trwydded"
    assert text.pick({}, "en") == ""
    assert text.pick(None) == ""
    assert text.pick("plain") == "plain"


def test_which_language_is_spoken() -> None:
    with translation.override("cy-gb"):
        assert text.current_language() == "cy"
    with translation.override("fr"):
        assert text.current_language() == "en"
    with translation.override(None):
        assert text.current_language() == "en"
    assert languages.nearest("EN_us") == "en"
    assert languages.nearest("") is None
    assert [text.direction(each) for each in ("en", "cy", "ar")] == ["ltr", "ltr", "rtl"]


def test_values_as_people_write_them() -> None:
    assert formats.money(Decimal("1234.5"), "GBP", "en") == "£1,234.50"
    assert formats.money("26.05", "GBP", "cy") == "£26.05"
    assert formats.money(Decimal("-3"), "EUR", "en") == "-€3.00"
    assert formats.number(Decimal("1234567.125"), "en") == "1,234,567.125"
    assert formats.date(date(2026, 7, 26), "en") == "26 July 2026"
    assert formats.date("2026-07-26", "cy") == "26 Gorffennaf 2026"
    assert formats.date(date(2026, 7, 26), "en", length="full") == "Sunday, 26 July 2026"


def test_instants_are_shown_where_the_people_live() -> None:
    summer = datetime(2026, 7, 26, 23, 30, tzinfo=UTC)
    assert formats.instant(summer, "en") == "27 July 2026, 00:30"
    assert formats.date(summer, "en") == "27 July 2026"
    assert formats.instant(datetime(2026, 1, 5, 14, 5, tzinfo=UTC), "cy") == "5 Ionawr 2026, 14:05"
    with pytest.raises(ValueError, match="time zone"):
        formats.instant(datetime(2026, 1, 1))
