"""One validator, one set of messages and one way of showing for each type.

The page, the API, the assistant and the tests of a definition all come through
here, so that the same answer is accepted or refused everywhere, with the same
words.

`parse` reads the fields of a form, `from_json` the body of a program; both
give canonical JSON (what drafts and cases store). `value_of` turns that into
the value that expressions compute with, `display` into words.
"""

from __future__ import annotations

from townhall.catalogue.engine.datatypes.display import display, display_value
from townhall.catalogue.engine.datatypes.reading import (
    Judge,
    Raw,
    from_json,
    input_names,
    parse,
    was_sent,
)
from townhall.catalogue.engine.datatypes.values import (
    fact_value,
    key_text,
    type_of,
    value_of,
)
from townhall.catalogue.engine.messages import Invalid, Message

__all__ = [
    "Invalid",
    "Judge",
    "Message",
    "Raw",
    "display",
    "display_value",
    "fact_value",
    "from_json",
    "input_names",
    "key_text",
    "parse",
    "type_of",
    "value_of",
    "was_sent",
]
