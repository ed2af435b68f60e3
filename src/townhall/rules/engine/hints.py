"""Words for mistakes: what was probably meant, and how to write it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from .errors import ExpressionError
from .syntax import Call, Literal, Tree
from .types import DATE, ChoiceType, Type


def short(text: str) -> str:
    """Return the text, cut so that a message stays readable."""
    return text if len(text) <= 60 else f"{text[:60]}..."


def did_you_mean(wrong: str, known: Iterable[str], prefix: str = "") -> str:
    """Return `Did you mean "x"?`, or nothing if no known name is near."""
    if len(wrong) > 100:
        return ""
    near = difflib.get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f'Did you mean "{prefix}{near[0]}"?' if near else ""


def wrong_count(tree: Call, usage: str) -> ExpressionError:
    """Return the error for a call with too few or too many arguments."""
    number = len(tree.arguments)
    return ExpressionError(
        f"gives {tree.name} {number} value{'' if number == 1 else 's'}.",
        tree.at + 1,
        f"Write {usage}.",
    )


def date_hint(wanted: Type, tree: Tree) -> str:
    """Say how to write a date, if a text stands where one is needed."""
    if wanted == DATE and isinstance(tree, Literal) and isinstance(tree.value, str):
        return f"Write a date as date('{tree.value[:20]}')."
    return ""


def options_fit(wanted: ChoiceType, given: ChoiceType, tree: Tree) -> None:
    """Refuse an option that a choice does not have.

    Raises
    ------
    ExpressionError
        Naming the option, and the nearest one that exists.
    """
    for option in given.options:
        if option not in wanted.options:
            hint = did_you_mean(option, wanted.options)
            listing = ", ".join(wanted.options[:12])
            raise ExpressionError(
                f"uses '{option[:40]}', which is not one of the options.",
                tree.at + 1,
                f"{hint} The options are: {listing}.".strip(),
            )
