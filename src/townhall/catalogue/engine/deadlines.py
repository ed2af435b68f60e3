"""When a case just received is due; suspensions and extensions belong to the case."""

from __future__ import annotations

from datetime import date, timedelta

from townhall.catalogue.engine.definition import Definition
from townhall.rules.engine import Calendar
from townhall.rules.engine.calendar import shift


def due(definition: Definition, received: date) -> date | None:
    """Return the legal due date of a case received on a day, or None without one.

    The day of receipt does not count unless the definition says `same_day`, and
    a term that ends on a day without work ends on the next working day
    (Regulation (EEC, Euratom) 1182/71, art. 3(1) and (4)). Beyond the known
    holidays only weekends are left out.
    """
    if definition.deadline is None:
        return None
    known = definition.pack.calendar
    calendar = Calendar(known.holidays, known.weekend)
    first = definition.deadline.starts == "same_day"
    day = shift(received - timedelta(int(first)), definition.deadline.legal, calendar)
    while not calendar.is_working_day(day):
        day += timedelta(1)
    return day
