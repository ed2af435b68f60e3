"""Statutory Sick Pay against GOV.UK's calculator."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from townhall.packs.uk.functions import statutory_sick_pay as functions
from townhall.packs.uk.rules import statutory_sick_pay as ssp
from townhall.packs.uk.verification import Outcome, Sources, law, rows
from townhall.packs.uk.verification.rows import Row

TABLE = "statutory_sick_pay.csv"
ANY_DAY = date(2026, 11, 22)  # the daily rate is the weekly one over days, on every day
_PENNY = Decimal("0.01")


def verify(sources: Sources) -> Outcome:
    """Compare all rows of the table."""
    return rows.compare("govuk_sick_pay", rows.read(sources, TABLE), FIGURES)


def _works_on(row: Row) -> frozenset[int]:
    names = row["works_on"].split()
    return frozenset(
        number for number, name in enumerate(ssp.WEEKDAYS) if name[:3].title() in names
    )


def _sick(row: Row) -> tuple[date, date]:
    return row.day("sick_from"), row.day("sick_to")


def _qualifying(row: Row) -> tuple[date, ...]:
    return ssp.qualifying_days(*_sick(row), _works_on(row))


def _linked(row: Row) -> int:
    """Qualifying days of the earlier sickness; none without one."""
    if not row["linked_from"]:
        return 0
    return len(ssp.qualifying_days(row.day("linked_from"), row.day("linked_to"), _works_on(row)))


def _earnings(row: Row) -> Decimal | None:
    if not row["total_earnings"]:
        return None
    return ssp.average_weekly_earnings(
        row["pay_pattern"],
        row.number("total_earnings"),
        row.day("relevant_period_from"),
        row.day("relevant_period_to"),
    )


def _payments(row: Row) -> tuple[tuple[date, Decimal], ...]:
    return ssp.weekly_payments(
        *_sick(row),
        _works_on(row),
        functions.rates(),
        linked_qualifying=_linked(row),
        earnings=_earnings(row),
    )


def _daily_rate(row: Row) -> Decimal:
    """The rule of one day at the row's rate, which the series of days must share."""
    facts = {
        "sick_pay_weekly_rate": row.number("weekly_rate"),
        "days_worked_a_week": row.number("days_in_pattern"),
    }
    found: Decimal = law.person("sick_pay_daily_rate", ANY_DAY, facts)
    if found != ssp.daily_rate(row.number("weekly_rate"), int(row["days_in_pattern"])):
        raise ValueError(f"the rule says {found}, the series of days another amount")
    return found


def _average(row: Row) -> Decimal:
    pattern, pay = row["pay_pattern"], row.number("total_earnings")
    if pattern == "monthly":
        months = int(row["monthly_payments_in_period"])
        return _pennies(ssp.average_of_months(pay, months))
    # The calculator's check names no paydays for a week, two or four: any pair gives the same.
    between = [date(2026, 1, 1)] * 2
    if row["relevant_period_from"]:
        between = [row.day("relevant_period_from"), row.day("relevant_period_to")]
    return _pennies(ssp.average_weekly_earnings(pattern, pay, *between))


def _average_over_days(row: Row) -> Decimal:
    return ssp.average_over_days(row.number("total_earnings"), row.number("days_covered"))


def _pennies(amount: Decimal) -> Decimal:
    return amount.quantize(_PENNY, rounding=ROUND_HALF_UP)


def _dates(days: Iterable[date]) -> str:
    return "; ".join(each.isoformat() for each in days)


@functools.cache
def _days_accepted(given: str) -> bool:
    """Whether the form takes these words as the number of days that the pay covers."""
    # The form's own door: a pack that is only calculated with needs no catalogue.
    from pathlib import Path

    from townhall.catalogue.engine import interview
    from townhall.catalogue.engine.compiler import compile_file
    from townhall.catalogue.engine.pack import load_pack
    from townhall.catalogue.engine.situation import Situation

    pack = load_pack(Path(__file__).parents[1])
    service = compile_file(pack.folder / "services" / "statutory-sick-pay.yaml", pack).definition
    page = service.page_of("would_have_days") if service else None
    if service is None or page is None:
        raise LookupError("the guidance has no question would_have_days")
    before = Situation(today=date(2026, 11, 22), answers=BEFORE_DAYS)
    accepted = interview.accept(service, page.key, {"would_have_days": [given]}, before)
    return not accepted.errors


BEFORE_DAYS = {
    "other_pay": ["none"],
    "told_in_time": True,
    "irregular_days": False,
    "first_day": "2015-01-01",
    "last_day": "2015-01-09",
    "linked": False,
    "paid_for": "nothing_yet",
    "pay_pattern": "weekly",
    "would_have_earned": "300.00",
}

FIGURES: dict[str, rows.Figure] = {
    "qualifying_days_in_period": lambda row: _dates(_qualifying(row)),
    "qualifying_days_missed": lambda row: len(_qualifying(row)),
    "qualifying_days_in_linked_period": _linked,
    "is_period_of_incapacity": lambda row: ssp.is_period_of_incapacity(*_sick(row)),
    "linked_is_period_of_incapacity": lambda row: ssp.is_period_of_incapacity(
        row.day("linked_from"), row.day("linked_to")
    ),
    "april_2026_rules_apply": lambda row: ssp.april_2026_rules_apply(row.day("sick_from")),
    "straddles_6_april_2026": lambda row: ssp.straddles_april_2026(*_sick(row)),
    "days_in_period": lambda row: ssp.days_in_period(*_sick(row)),
    "last_sick_day_accepted": lambda row: functions.last_sick_day_fits(*_sick(row)),
    "linked_start_accepted": lambda row: functions.linked_start_fits(
        row.day("linked_from"), row.day("sick_from")
    ),
    "linked_within_eight_weeks": lambda row: ssp.within_eight_weeks(
        row.day("linked_to"), row.day("sick_from")
    ),
    "gap_of_at_least_one_day": lambda row: ssp.at_least_a_day_between(
        row.day("linked_to"), row.day("sick_from")
    ),
    "last_payday_accepted": lambda row: functions.last_payday_fits(
        row.day("relevant_period_to"), row.day("sick_from")
    ),
    # The table gives the first day of the relevant period: the day after that payday.
    "payday_eight_weeks_before_accepted": lambda row: functions.payday_before_fits(
        row.day("relevant_period_from") - timedelta(days=1), row.day("relevant_period_to")
    ),
    "whole_months_between": lambda row: ssp.whole_months_between(
        row.day("relevant_period_from"), row.day("relevant_period_to")
    ),
    "average_weekly_earnings": _average,
    "average_weekly_earnings_contractual": _average_over_days,
    "average_weekly_earnings_from_total": _average_over_days,
    "waiting_days_still_to_serve": lambda row: ssp.waiting_days(row.day("sick_from"), _linked(row)),
    "daily_rate": _daily_rate,
    "weekly_rate": lambda row: law.person(
        "sick_pay_weekly_rate", row.day("as_of"), {"sickness_began": row.day("as_of")}
    ),
    "lower_earnings_limit": lambda row: functions.rates().earnings_limit_on(row.day("as_of")),
    "days_paid": lambda row: len(ssp.days_paid(*_sick(row), _works_on(row), _linked(row))),
    "sick_pay_total": lambda row: ssp.total(_payments(row)),
    "pay_week_ends": lambda row: _dates(ssp.pay_week_ends(*_sick(row))),
    "weekly_payments": lambda row: "; ".join(
        f"{saturday.isoformat()}={amount.normalize():f}" for saturday, amount in _payments(row)
    ),
    "latest_year_offered": lambda row: functions.latest_day_offered(row.day("as_of")),
    "contractual_days_accepted": lambda row: _days_accepted(row["days_covered"]),
}
