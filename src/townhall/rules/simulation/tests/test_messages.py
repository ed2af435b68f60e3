"""Every message says the same in both languages."""

from __future__ import annotations

import string

import pytest

from townhall.rules.simulation.messages import WORDS, Message, say


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", WORDS)
def test_both_languages_have_the_same_gaps(code: str) -> None:
    english, welsh = WORDS[code]
    assert gaps(english) == gaps(welsh)
    assert code == "other" or english != welsh


def test_what_a_file_says_is_not_taken_for_a_gap() -> None:
    assert "“{limit}” cannot be used" in str(say("number", value="{limit}"))
    assert Message("other", {"message": "{x}"}).told("fr") == "{x}"
