"""A count that only grows, kept apart from the state that it guards.

Every change of the state counts one more in both. A state that was restored from a
backup counts less than this file, and the witness refuses to sign with it. The
count is in two slots that take turns, so that a torn write spoils neither the other
slot nor the order.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

from townhall.ledger.log.files import sync_folder
from townhall.ledger.witness.errors import WitnessRetired, WitnessStopped

_SLOT: Final = 512  # a sector each


class GenerationFile:
    """The count of one witness.

    Parameters
    ----------
    path
        Of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> None:
        """Begin at 0, for a witness that has not signed anything.

        Raises
        ------
        WitnessRetired
            If another witness has counted here.
        """
        if self.path.exists() and self.read() > 0:
            raise WitnessRetired(
                f"{self.path} counts what a witness signed whose keys are gone: it is retired. "
                "For a new witness choose a new name, and remove this file or choose another"
            )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(bytes(2 * _SLOT))
        self.write(0)
        sync_folder(self.path.parent)

    def read(self) -> int:
        """Return the count.

        Raises
        ------
        WitnessRetired
            If the file is gone or damaged.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            content = b""
        counts = [
            count for at in (0, _SLOT) if (count := _count_in(content[at : at + _SLOT])) is not None
        ]
        if not counts:
            raise WitnessRetired(
                f"{self.path}, which counts what this witness has signed, is gone or damaged: it "
                "is no longer known whether the state is the newest. Retire this witness: set up "
                "a new one with a new name, and have the policies of its logs replace the old one"
            )
        return max(counts)

    def write(self, count: int) -> None:
        """Store a count durably.

        Raises
        ------
        WitnessStopped
            If that fails.
        """
        digits = b"%020d" % count
        slot = digits + b" " + sha256(digits).hexdigest().encode() + b"\n"
        try:
            descriptor = os.open(self.path, os.O_WRONLY)
            try:
                os.pwrite(descriptor, slot, count % 2 * _SLOT)
                os.fdatasync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise WitnessStopped(
                f"{self.path} cannot be written ({error.strerror}): nothing is signed until the "
                "witness is started anew"
            ) from error


def _count_in(slot: bytes) -> int | None:
    digits, _, rest = slot.partition(b" ")
    if rest[:65] != sha256(digits).hexdigest().encode() + b"\n":
        return None
    return int(digits)
