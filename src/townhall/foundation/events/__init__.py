"""The memory of the house: one append-only table, written in the same transaction as the change.

`record` adds an event and, in the same statement, one job for each subscriber.
Rooms react to each other by subscribing, never by reading the table behind a
moving cursor: rows become visible out of order under concurrency, and a cursor
would skip some. Nobody may change or remove an event: the application has no
such right, and a trigger stops the owner's slip of the hand.

Who may read an event follows from whom it is about: that person, officers of
its service, and Townhall itself.
"""

from townhall.foundation.events.memory import (
    Event,
    NewEvent,
    OutsideTransaction,
    PayloadTooLarge,
    find,
    history,
    record,
    record_many,
)
from townhall.foundation.events.subscribers import subscriber

__all__ = [
    "Event",
    "NewEvent",
    "OutsideTransaction",
    "PayloadTooLarge",
    "find",
    "history",
    "record",
    "record_many",
    "subscriber",
]
