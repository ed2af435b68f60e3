"""What the worker does for the catalogue: every version that goes live is put on the ledger."""

from __future__ import annotations

from townhall.catalogue.operations import proving
from townhall.foundation.events import Event, subscriber


@subscriber("catalogue.published", name="catalogue.prove_version", queue="proofs")
def prove_version(event: Event) -> None:
    """Put a version of a service on the ledger, and the algorithm that decides in it."""
    proving.commit_version(str(event.payload["hash"]))
