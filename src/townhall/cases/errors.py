"""Anticipated failures of this room; each says what was wrong and what to do.

`str(error)` is English and for logs; pages word errors from the class and its
attributes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID


class CaseError(Exception):
    """Something asked of this room cannot be done."""


class NotFound(CaseError):
    """No such draft, case, letter or file for this person. Another person's is answered alike."""


class NotPermitted(CaseError):
    """The person may see it but not do this."""


class NeedsSignIn(NotPermitted):
    """The service asks for a sign-in of at least `level`; the draft is kept."""

    def __init__(self, level: str) -> None:
        super().__init__(f"This service needs a sign-in of level {level!r} or higher.")
        self.level = level


class NotOffered(NotPermitted):
    """The service cannot be applied for: guidance only, or not offered on this channel."""


class PageErrors(CaseError):
    """A page was not accepted; nothing of it was saved.

    Attributes
    ----------
    errors : per datum, the message with its parameters.
    raw : what was sent, to show the page again; files as they are stored by now.
    add_row : the group whose "add another" was pressed, or "".
    """

    def __init__(
        self, errors: Mapping[str, Any], raw: Mapping[str, Any], add_row: str = ""
    ) -> None:
        super().__init__("Not accepted: " + ", ".join(sorted(errors)))
        self.errors = errors
        self.raw = raw
        self.add_row = add_row


class Incomplete(CaseError):
    """Something that matters is missing or wrong; the draft is kept.

    Attributes
    ----------
    missing : keys of the data that are missing.
    errors : per datum, the message, where a value was refused (programs).
    """

    def __init__(self, missing: tuple[str, ...], errors: Mapping[str, Any] | None = None) -> None:
        super().__init__("Missing or wrong: " + ", ".join([*missing, *sorted(errors or {})]))
        self.missing = missing
        self.errors = dict(errors or {})


class NotEligible(CaseError):
    """The rules say no; `reasons` (of the assessment) say why.

    Whoever wants the refusal in writing, to contest it, submits with ``insist=True``.
    """

    def __init__(self, reasons: tuple[Any, ...]) -> None:
        super().__init__("The rules of this service exclude the application.")
        self.reasons = reasons


class StaleState(CaseError):
    """What the person saw is no longer so.

    Attributes
    ----------
    now : the state (or draft version) of now.
    happened : the history since, newest last.
    """

    def __init__(self, now: Any, happened: tuple[Any, ...] = ()) -> None:
        super().__init__(f"It changed meanwhile; it is now {now!r}. Look at it again.")
        self.now = now
        self.happened = happened


class AlreadyDecided(StaleState):
    """The case has ended; nothing more can be decided on it."""


class AlreadySubmitted(CaseError):
    """The draft became a case; `case_id` is it."""

    def __init__(self, case_id: UUID) -> None:
        super().__init__(f"This draft has been submitted as case {case_id}.")
        self.case_id = case_id


class NeedsReason(CaseError):
    """The action touches the resident: it needs a reason in words."""


class IdempotencyConflict(CaseError):
    """The idempotency key was used before with a different request."""
