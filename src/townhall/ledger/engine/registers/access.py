"""Log `access`: for each agency and day, the root of the journal of who read what.

The days of an agency follow one another without a gap, also those on which nobody
read anything, and each names the root of the day before: a day cannot be left out,
nor be written anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from townhall.ledger.engine.entries import Entry
from townhall.ledger.engine.registers.base import (
    NO_HASH,
    Broken,
    Kind,
    Replay,
    Shape,
    State,
    is_count,
    is_day,
    is_hash,
    is_slug,
    with_row,
)

_SECONDS_OF_TIME_ZONES: Final = 14 * 3_600  # the day begins there first: UTC+14


def _day(state: State, entry: Entry) -> Mapping[str, Any]:
    agency, day, previous = entry.body["agency"], entry.body["day"], entry.body["previous"]
    last_day, last_root = state.table.get(agency, (None, NO_HASH))
    if last_day is not None:
        expected = date.fromisoformat(last_day) + timedelta(days=1)
        if day != expected.isoformat():
            raise Broken(f"the next day of {agency} is {expected.isoformat()}")
    if previous != last_root:
        raise Broken(f"it does not name the root of the day before of {agency}")
    if day > _latest_day(entry.at):
        raise Broken("the day has not begun yet")
    return with_row(state, agency, [day, entry.body["root"]])


def _latest_day(at: int) -> str:
    try:
        return datetime.fromtimestamp(at + _SECONDS_OF_TIME_ZONES, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise Broken("its time is beyond the calendar") from None


RULES: Final = Replay(
    {
        1: {
            "day": Kind(
                Shape(
                    public={
                        "agency": is_slug,
                        "day": is_day,
                        "lines": is_count,
                        "previous": is_hash,
                        "root": is_hash,
                    }
                ),
                _day,
            )
        }
    }
)
