"""How databases write the few things that they do not write alike.

Days are ordinals in every table; a database's own dates are only used inside of an
expression, where it must know months and years. ClickHouse knows days from 1900 to
2299.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_EPOCH: Final = 719_163  # the ordinal of 1 January 1970


@dataclass(frozen=True, slots=True)
class Dialect:
    """One database.

    Attributes
    ----------
    number, whole, flag
        Types of float64, of whole numbers of 32 bits, and of yes/no.
    day
        A date, of an ordinal `{0}` less that of 1 January 1970.
    ordinal
        The days since 1 January 1970, of a date `{0}`.
    later
        A date `{0}` some months `{1}` later, or the last day of a shorter month.
    part
        The `{0}` (year, month, day) of a date `{1}`.
    table
        How a table of a script begins, with its name `{0}`.
    once
        What follows `AS` of a common table expression, to have it computed once.
    shared
        The same for one that is named more than once.
    quote
        Around a name.
    """

    name: str
    number: str
    whole: str
    flag: str
    day: str
    ordinal: str
    later: str
    part: str
    table: str
    once: str = ""
    shared: str = ""
    quote: str = '"'

    def quoted(self, name: str) -> str:
        """Return a name of a person's choosing."""
        return f"{self.quote}{name}{self.quote}"

    def date(self, ordinal: str) -> str:
        """Return the database's own date of an ordinal."""
        return self.day.format(f"CAST({ordinal} - {_EPOCH} AS {self.whole})")

    def parts(self, ordinal: str) -> str:
        """Return year, month and day as one number, such as 20260406."""
        day = self.date(ordinal)
        year, month, of_month = (self.part.format(each, day) for each in ("YEAR", "MONTH", "DAY"))
        return f"({year} * 10000 + {month} * 100 + {of_month})"

    def add_months(self, ordinal: str, months: str) -> str:
        """Return the ordinal of a day some months later."""
        moved = self.later.format(self.date(ordinal), f"CAST({months} AS {self.whole})")
        return f"({self.ordinal.format(moved)} + {_EPOCH})"


DUCKDB: Final = Dialect(
    "duckdb",
    number="DOUBLE",
    whole="INTEGER",
    flag="BOOLEAN",
    day="(DATE '1970-01-01' + {0})",
    ordinal="CAST(CAST({0} AS DATE) - DATE '1970-01-01' AS INTEGER)",
    later="({0} + to_months({1}))",
    part="CAST(EXTRACT({0} FROM {1}) AS INTEGER)",
    table="CREATE TEMPORARY TABLE {0} AS",
    shared=" MATERIALIZED",
)
POSTGRESQL: Final = Dialect(
    "postgresql",
    number="DOUBLE PRECISION",
    whole="INTEGER",
    flag="BOOLEAN",
    day="(DATE '1970-01-01' + {0})",
    ordinal="(CAST({0} AS DATE) - DATE '1970-01-01')",
    later="({0} + make_interval(months => {1}))",
    part="CAST(EXTRACT({0} FROM {1}) AS INTEGER)",
    table="CREATE TEMPORARY TABLE {0} AS",
    once=" MATERIALIZED",  # or the planner copies expressions into each other
)
SPARK: Final = Dialect(
    "spark",
    number="DOUBLE",
    whole="INT",
    flag="BOOLEAN",
    day="DATE_ADD(DATE'1970-01-01', {0})",
    ordinal="DATEDIFF({0}, DATE'1970-01-01')",
    later="ADD_MONTHS({0}, {1})",
    part="EXTRACT({0} FROM {1})",
    table="CACHE TABLE {0} AS",
    quote="`",
)
CLICKHOUSE: Final = Dialect(
    "clickhouse",
    number="Float64",
    whole="Int32",
    flag="Bool",
    day="addDays(toDate32('1970-01-01'), {0})",
    ordinal="toInt32({0})",
    later="addMonths({0}, {1})",
    part="CAST(EXTRACT({0} FROM {1}) AS Int32)",
    table="CREATE TABLE {0} ENGINE = Memory AS",
)
DIALECTS: Final = {each.name: each for each in (DUCKDB, POSTGRESQL, SPARK, CLICKHOUSE)}
