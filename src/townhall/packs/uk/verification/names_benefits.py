"""Their names of Universal Credit, Pension Credit and the benefit cap."""

from __future__ import annotations

from townhall.packs.uk.verification.names import Vocabulary

VOCABULARY = Vocabulary()
