"""Every text of this room is there in Welsh."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from townhall import awards
from townhall.foundation import text


@pytest.mark.parametrize("language", ["cy"])
def test_no_text_of_the_room_is_left_untranslated(language: str) -> None:
    found = extract_from_dir(
        Path(awards.__file__).parent,
        [("**/tests/**", "ignore"), ("tests/**", "ignore"), ("**.py", "python")],
        keywords={"gettext": None, "ngettext": (1, 2), "marked": None},
    )
    told = {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}
    assert len(told) > 10
    missing = {
        each
        for each in told
        if text.gettext(each, language) == each and text.ngettext(each, each, 5, language) == each
    }
    assert missing == set()
