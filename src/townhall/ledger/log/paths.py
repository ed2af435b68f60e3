"""Where the parts of a log lie in its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of a log; see the table in `townhall.ledger.log`."""

    folder: Path

    @property
    def public(self) -> Path:
        """What a web server may serve."""
        return self.folder / "public"

    @property
    def checkpoint(self) -> Path:
        """The published checkpoint."""
        return self.public / "checkpoint"

    @property
    def signed(self) -> Path:
        """The newest checkpoint that may have left the house."""
        return self.folder / "checkpoint.signed"

    @property
    def mark(self) -> Path:
        """How far entries lie in tiles."""
        return self.folder / "integrated"

    @property
    def journal(self) -> Path:
        """Acknowledged entries."""
        return self.folder / "journal"

    @property
    def about(self) -> Path:
        """What log this is."""
        return self.folder / "log"
