"""What the worker does for awards: begin, adjust, pay and tell."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from townhall.awards.operations import adjusting, beginning, notices, offers, paying
from townhall.foundation.events import Event, subscriber
from townhall.foundation.jobs import periodic


@subscriber("case.decided", name="awards.begin")
def begin(event: Event) -> None:
    """Begin the award of a case that was granted."""
    assert event.person_id is not None
    beginning.begin(person_id=event.person_id, case_id=event.subject)


@subscriber("register.fact_changed", name="awards.react")
def react(event: Event) -> None:
    """Assess the awards that rest on a fact, and offer what it gives a right to."""
    if event.person_id is None:
        return
    register, kind = str(event.payload["register"]), str(event.payload["kind"])
    adjusting.react(
        about=event.person_id,
        register=register,
        kind=kind,
        since=date.fromisoformat(str(event.payload["valid_from"])),
        event_id=event.id,
    )
    offers.consider(person_id=event.person_id, register=register, kind=kind)


@subscriber(adjusting.ADJUSTED, adjusting.HELD, name="awards.tell", queue="letters")
def tell(event: Event) -> None:
    """Write the letter that says what changed and why."""
    assert event.person_id is not None
    notices.write(
        person_id=event.person_id,
        assessment_id=UUID(str(event.payload["assessment"])),
        held=event.kind == adjusting.HELD,
    )


@periodic("awards.pay", timedelta(hours=1))
def pay() -> None:
    """Pay the periods that are due."""
    paying.pay_due()
