"""Child Benefit of a tax year and its charge against GOV.UK's calculator.

The calculator adds up a year of payments, one for each Monday, in which children come and go: so
does `child_benefit_year`, with what our rule says that one week is worth. The charge on the sum is
that of the law, which cuts the year's benefit to whole pounds first (ITEPA 2003 s.681C(3)(a)).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from townhall.packs.uk.rules import child_benefit_year as year
from townhall.packs.uk.verification import Outcome, Sources, law, rows
from townhall.packs.uk.verification.rows import Row
from townhall.rules.engine.law import Situation

TABLE = "child_benefit_and_high_income_charge.csv"
# ITA 2007 s.58 reads no rate of the years that the rows name, and our rates begin later than they.
ANY_DAY = date(2026, 11, 22)


def verify(sources: Sources) -> Outcome:
    """Compare all rows of the table."""
    return rows.compare("govuk_child_benefit", rows.read(sources, TABLE), FIGURES)


def _tax_year(row: Row) -> int:
    return int(row["tax_year"][:4])


def _last_day(row: Row) -> date:
    return year.days_of(_tax_year(row))[1]


def _claims(row: Row) -> tuple[year.Claim, ...]:
    """The part-year claims of a row: first day, and last day if there is one."""
    parts = [claim.partition("/") for claim in row["part_year_claims"].split("; ") if claim]
    return tuple(
        year.Claim(date.fromisoformat(start), date.fromisoformat(end) if end else None)
        for start, _, end in parts
    )


def _for_year(row: Row) -> Decimal:
    whole_year = int(row["children"]) - int(row["children_part_year"])
    last = _last_day(row)
    children = year.children_by_monday(_tax_year(row), whole_year, _claims(row))
    return year.total(children, lambda number: _weekly(number, last))


def _weekly(children: int, day: date) -> Decimal:
    family = {"adults": [0], "facts": {"child_benefit_children": children}}
    situation = Situation(persons=[{}], families=[family])
    weekly: Decimal = law.decide("child_benefit_weekly", day, situation)
    return weekly


def _percentage(row: Row) -> Any:
    facts = {"adjusted_net_income": row.number("income")}
    return law.person("charge_percentage", _last_day(row), facts)


def _charge(row: Row) -> Any:
    """Charge on somebody alone with the children and the income of the row."""
    family = {"adults": [0], "facts": {"child_benefit_paid": _for_year(row)}}
    parent = {"adjusted_net_income": row.number("income")}
    situation = Situation(persons=[parent], families=[family])
    return law.decide("high_income_child_benefit_charge", _last_day(row), situation)


def _adjusted_net_income(row: Row) -> Any:
    return law.adjusted_net_income(
        ANY_DAY,
        income=row.number("income"),
        gross_pension=row.number("other_deductions_gross"),
        net_pension=Decimal(0),
        gift_aid=row.number("net_pension_and_gift_aid_paid"),
    )


FIGURES: dict[str, rows.Figure] = {
    "child_benefit_for_tax_year": _for_year,
    "high_income_charge_percent": _percentage,
    "high_income_charge": _charge,
    "adjusted_net_income": _adjusted_net_income,
    "number_of_children_accepted": lambda row: year.children_fit(int(row["children"])),
    "number_of_part_year_children_accepted": lambda row: year.part_year_children_fit(
        int(row["children_part_year"]), int(row["children"])
    ),
    "claim_start_within_tax_year": lambda row: all(
        claim.starts_within(_tax_year(row)) for claim in _claims(row)
    ),
    "claim_end_after_start": lambda row: all(claim.ends_after_it_starts for claim in _claims(row)),
}
