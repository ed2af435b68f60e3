"""What a witness says about a promise that is held against a log."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from townhall.ledger.engine.promises import Promise
from townhall.ledger.engine.witnessing import Answer

WORDS: Final = (
    "{origin} has promised in writing to append an entry, and {seconds} seconds after the "
    "deadline it stands nowhere in the log. Ask its operator why. If it goes on withholding "
    "entries, the witnesses can hand the log over to somebody else."
)


def key_of(promise: Promise) -> str:
    """Return the key under which a broken promise is told once."""
    return f"overdue {promise.origin} {promise.digest.hex()}"


def answer(status: HTTPStatus, words: str) -> Answer:
    """Return an answer in words."""
    return Answer(status, f"{words}\n".encode(), reason=words)
