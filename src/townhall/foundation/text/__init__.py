"""The languages of the house: texts, direction, and how money, dates and numbers are written.

Every room has `locale/<language>.po`, with English msgids; all are found and
read when a language is first used (Babel parses them, no compiled file is kept).
Texts of service definitions are `{language: text}` mappings and are picked with
`pick`. Values are formatted at the edge by `formats`, never stored formatted.
`jinja` is the environment of every page.

The current language is chosen with `override`, which tells Django too: third-party pages
follow it. Inside of it, Django's own `translation.override` does not reach us.
"""

from townhall.foundation.text.languages import (
    LANGUAGES,
    current_language,
    direction,
    offered,
    override,
    pick,
)
from townhall.foundation.text.translations import gettext, marked, ngettext, pgettext

__all__ = [
    "LANGUAGES",
    "current_language",
    "direction",
    "gettext",
    "marked",
    "ngettext",
    "offered",
    "override",
    "pgettext",
    "pick",
]
