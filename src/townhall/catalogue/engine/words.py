"""Texts in several languages, and citations: what every part of a definition holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Text = Mapping[str, str]
"""One text in several languages: `{"en": "Apply", "cy": "Gwneud cais"}`."""


class _Nothing(Mapping[str, Any]):
    """The empty mapping as an immutable default; `dict` could be written to."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "{}"


NOTHING: Mapping[str, Any] = _Nothing()
NO_TEXT: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Law:
    """A citation: the words people see, and where to read it."""

    title: Text
    url: str = ""
