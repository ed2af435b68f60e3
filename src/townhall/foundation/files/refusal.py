"""Why a file is not taken, in words for the person who chose it."""

from __future__ import annotations

from typing import Any

from townhall.foundation.text.translations import gettext


class FileRefused(Exception):
    """The file cannot be taken; nothing was kept.

    Attributes
    ----------
    reason : English msgid with named places, as in "larger than %(limit)s".
    params : what goes into the places.
    """

    def __init__(self, reason: str, **params: Any) -> None:
        super().__init__(reason % params)
        self.reason = reason
        self.params = params

    def message(self, language: str | None = None) -> str:
        """Return the reason in a language, the current one unless given."""
        return gettext(self.reason, language) % self.params
