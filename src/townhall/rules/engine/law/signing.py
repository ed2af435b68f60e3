"""What a rule says, as text to be hashed: equal for equal law, wherever it is installed.

The text of a function is not all that it says: a table or a helper that stands
beside it in the module belongs to it. Names of files and numbers of lines do not.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from types import CodeType, FunctionType
from typing import Any, Final

from townhall.rules.engine.law.book import Book

_ENGINE: Final = "townhall.rules.engine"
_NO_LAW: Final = frozenset({"at", "rarely"})
"""Where a part is written, and whether it is asked unasked: neither changes what it says."""
_PLAIN: Final = (str, int, bool, float, Decimal, date, bytes, type(None))


def signed(value: Any) -> str:
    """Return what a part of a book says, as text.

    Parameters
    ----------
    value
        A fact, version, exception or programme, or a part of one.
    """
    return _text(value, frozenset())


def _text(value: Any, above: frozenset[int]) -> str:
    if isinstance(value, _PLAIN):
        return repr(value)
    if id(value) in above:  # a function that names itself
        return "…"
    above |= {id(value)}
    if isinstance(value, FunctionType):
        return _function(value, above)
    if isinstance(value, CodeType):
        parts = [value.co_code, value.co_names, value.co_varnames, value.co_consts]
        return " ".join(_text(part, above) for part in parts)
    if isinstance(value, Mapping):
        return _text(tuple(value.items()), above)
    if isinstance(value, (list, tuple)):
        return f"({', '.join(_text(part, above) for part in value)})"
    if isinstance(value, (set, frozenset)):
        return f"{{{', '.join(sorted(_text(part, above) for part in value))}}}"
    if is_dataclass(value) and not isinstance(value, type):
        said = (
            f"{part.name}={_text(getattr(value, part.name), above)}"
            for part in fields(value)
            if part.name not in _NO_LAW
        )
        return f"{type(value).__name__}({', '.join(said)})"
    # Modules, classes and words of the language: their names say enough.
    return str(
        getattr(value, "__qualname__", None)
        or getattr(value, "__name__", None)
        or type(value).__name__
    )


def _function(function: Callable[..., Any], above: frozenset[int]) -> str:
    """Return the text of a function, and of what it uses of its module."""
    name = f"{function.__module__}.{function.__qualname__}"
    if function.__module__.startswith(_ENGINE) and ".tests." not in function.__module__:
        return name
    try:
        text = inspect.getsource(function)
    except OSError:  # made at run time, as a reform may be
        text = _text(function.__code__, above)
    return "\n".join([text, *(f"{name} = {_text(used, above)}" for name, used in _used(function))])


def _used(function: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """Yield what a function takes from its module and from functions around it."""
    closed = inspect.getclosurevars(function)
    for name, value in sorted({**closed.globals, **closed.nonlocals}.items()):
        if not isinstance(value, Book):
            yield name, value
