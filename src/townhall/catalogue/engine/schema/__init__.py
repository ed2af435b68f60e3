"""JSON Schema of the definition format and of the answers of one service.

Both are made from the code that reads the format, so they cannot promise
anything else; `reference` is the same as a page for people.
"""

from __future__ import annotations

from townhall.catalogue.engine.schema.answers import answers_schema
from townhall.catalogue.engine.schema.format import as_text, definition_schema
from townhall.catalogue.engine.schema.reference import reference

__all__ = ["answers_schema", "as_text", "definition_schema", "reference"]
