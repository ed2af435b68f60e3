"""What all refusals of the engine have in common."""

from __future__ import annotations


class Refused(ValueError):
    """Bytes or figures from outside are not acceptable; the text says why.

    Each module has its own kinds of it. Whoever handles input that an attacker
    may have made catches this one class: the engine raises nothing else for it.
    """
