"""From the data of a letter to a PDF/A-2a file.

Text of people reaches the template as a JSON value only. Fonts are those that the
typst wheel carries (Libertinus Serif, SIL OFL; DejaVu Sans Mono, Bitstream Vera),
never those of the machine: the same letter is the same file everywhere.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

_TEMPLATE = Path(__file__).with_name("letter.typ")
_STANDARD = "a-2a"
_UNSHOWN = "\N{REPLACEMENT CHARACTER}"
_MOST_REPLACED = 60
_MASK = 2
# typst names what it cannot show: `"漢"` or `"\u{7}"`
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)+)"')
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


class LetterFailed(Exception):
    """The letter could not be set; the template or its data is wrong."""


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
    )


def render(letter: Mapping[str, Any], *, issued_at: datetime) -> bytes:
    """Return the letter as PDF/A-2a.

    Parameters
    ----------
    letter : as `engine.letter.compose` returns it.
    issued_at : time of creation in the file's metadata.

    Raises
    ------
    LetterFailed
        If typst refuses the template. A character that no font has is shown as
        the replacement character instead: PDF/A allows no empty glyph, and a
        name with an unusual character must not cost anybody the letter.
    """
    data = json.dumps(letter, ensure_ascii=False)
    for _ in range(_MOST_REPLACED):
        try:
            pdf = _compiler().compile(
                format="pdf",
                pdf_standards=[_STANDARD],
                sys_inputs={"letter": data},
                timestamp=issued_at.replace(microsecond=0),
            )
        except typst.TypstError as error:
            data = _without_unshown(data, str(error.message), error)
        else:
            if not isinstance(pdf, bytes):
                raise LetterFailed("typst returned no file")
            return pdf
    raise LetterFailed("the letter has too many characters that no font has")


def qr_code(address: str) -> str:
    """Return a QR code (ISO/IEC 18004) of an address as SVG."""
    buffer = io.BytesIO()
    # Any of the eight masks is valid; trying them all to choose one took longer than the letter.
    segno.make(address, error="m", micro=False, mask=_MASK).save(
        buffer, kind="svg", border=0, dark="#16302f"
    )
    return buffer.getvalue().decode()


def _without_unshown(data: str, message: str, error: Exception) -> str:
    """Return the data with the characters that typst complained of replaced.

    Raises
    ------
    LetterFailed
        If the complaint is another one.
    """
    match = _QUOTED.search(message)
    if match is None or not ("could not be displayed" in message or "codepoint" in message):
        raise LetterFailed(message) from error
    named = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), match[1])
    text = json.loads(data)
    return json.dumps(_replaced(text, set(named) - set(_UNSHOWN + " ")), ensure_ascii=False)


def _replaced(value: Any, characters: set[str]) -> Any:
    if isinstance(value, str):
        return "".join(_UNSHOWN if each in characters else each for each in value)
    if isinstance(value, list):
        return [_replaced(each, characters) for each in value]
    if isinstance(value, dict):
        return {key: _replaced(each, characters) for key, each in value.items()}
    return value
