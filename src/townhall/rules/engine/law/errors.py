"""What goes wrong with law: when it is loaded, and when it is applied."""

from __future__ import annotations


class LawError(ValueError):
    """A rule cannot be loaded: the message says which, in what file and line, and what to write."""


class FactError(ValueError):
    """A fact cannot be used as given; the message names it and what would fit.

    Attributes
    ----------
    name
        The fact.
    member
        The number of the person, family or household in the situation, from 0.
    """

    def __init__(self, name: str, member: int, message: str) -> None:
        self.name = name
        self.member = member
        super().__init__(message)


class OpenFact(ValueError):
    """A final decision needs facts that nobody knows; it is never made on a silent zero.

    Attributes
    ----------
    facts
        Names of the facts that can still change the result.
    """

    def __init__(self, facts: tuple[str, ...], message: str) -> None:
        self.facts = facts
        super().__init__(message)


class NoResult(ArithmeticError):
    """A goal has no result for these facts, such as a division by zero."""


class NotInForce(LookupError):
    """A rule or a rate has no version in force on the day asked for."""
