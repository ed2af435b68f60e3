"""What we tell a resident about an answer, still untranslated.

The engine knows no language: a message is an English msgid with parameters,
or a text of the definition itself in all its languages. The front doors turn
it into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from townhall.catalogue.engine.definition import NO_TEXT, NOTHING, Text


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for people.

    Parameters
    ----------
    msgid
        English text with `%(name)s` placeholders, the key for gettext.
    params
        Their values; a `Text` value is to be shown in the reader's language.
    text
        A text of the definition; when given it is the message.
    """

    msgid: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    text: Text = NO_TEXT

    def english(self) -> str:
        """Return the words for logs and the test runner."""
        if self.text:
            return self.text.get("en") or next(iter(self.text.values()))
        return self.msgid % dict(self.params) if self.params else self.msgid


class Invalid(ValueError):
    """An answer is not acceptable.

    `errors` maps the part of the answer (`""` = the whole, `day`, `0.name`) to
    its message.
    """

    def __init__(
        self,
        msgid: str = "",
        *,
        part: str = "",
        text: Text = NO_TEXT,
        errors: Mapping[str, Message] = NOTHING,
        **params: Any,
    ) -> None:
        self.errors: dict[str, Message] = dict(errors) or {part: Message(msgid, params, text)}
        super().__init__(
            "; ".join(f"{k or 'answer'}: {m.english()}" for k, m in self.errors.items())
        )

    @property
    def message(self) -> Message:
        """Return the first message."""
        return next(iter(self.errors.values()))


def N_(msgid: str) -> str:
    """Mark a text for translation without translating it."""
    return msgid
