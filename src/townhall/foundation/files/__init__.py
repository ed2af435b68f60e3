"""Documents that people hand in and that the house writes, kept by their content.

The bytes lie once in a folder, under their SHA-256; a row says whose they are,
what they are and what they were called. What a file is, is read from its
content, never from its name or from what the browser says. The row is written
in the caller's transaction; bytes that no row needs are swept away by a job.

Start reading at `store` (the three operations), then `recognise` and `checks`
(what is let in), `blobs` (the folder), `scan` (the virus scanner's port) and
`background` (sweeping and scanning).
"""

from townhall.foundation.files.blobs import StoreUnavailable
from townhall.foundation.files.refusal import FileRefused
from townhall.foundation.files.store import (
    FileInfected,
    FileMissing,
    StoredFile,
    describe,
    drop,
    erase,
    read,
    store,
)

__all__ = [
    "FileInfected",
    "FileMissing",
    "FileRefused",
    "StoreUnavailable",
    "StoredFile",
    "describe",
    "drop",
    "erase",
    "read",
    "store",
]
