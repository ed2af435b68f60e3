"""State Pension age, minimum wage, married couple's allowance and working days of GOV.UK."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from townhall.packs.uk.rules.ages import age_on
from townhall.packs.uk.verification import MissClass, Outcome, Sources, law, rows
from townhall.packs.uk.verification.rows import Row
from townhall.rules.engine import Calendar

# Births and dates only: these rules read no rate, so any covered day will do.
_ANY_DAY = date(2026, 11, 22)

_KNOWN: dict[str, tuple[MissClass, str]] = {
    "mca-008": (
        "theirs",
        "The source halves an excess of 1 to 0 by whole-number division in its test. ITA 2007 "
        "s.45(4) takes half the excess, and no provision rounds it: s.35(3) is for the personal "
        "allowance only. So 10% of 8,019.50 is 801.95.",
    )
}


def married_allowance(sources: Sources) -> Outcome:
    """Compare all rows of the married couple's allowance."""
    found = rows.read(sources, "married_couples_allowance.csv")
    return rows.compare("govuk_married_allowance", found, MARRIED_ALLOWANCE, _KNOWN)


def state_pension_age(sources: Sources) -> Outcome:
    """Compare all rows of both tables about the State Pension age."""
    found = rows.read(sources, "state_pension_age.csv") + rows.read(
        sources, "state_pension_dates.csv"
    )
    return rows.compare("govuk_state_pension_age", found, STATE_PENSION_AGE)


def minimum_wage(sources: Sources) -> Outcome:
    """Compare all rows of the minimum wage."""
    found = rows.read(sources, "minimum_wage.csv")
    return rows.compare("govuk_minimum_wage", found, MINIMUM_WAGE)


def working_days(sources: Sources) -> Outcome:
    """Compare all rows of working days, which the source counts with the holidays of 2013."""
    published = json.loads(rows.file(sources, "bank-holidays.json").read_text(encoding="utf-8"))
    events = published["england-and-wales"]["events"]
    calendar = Calendar(date.fromisoformat(event["date"]) for event in events)

    def counted(row: Row) -> date:
        sign = 1 if row["direction"] == "after" else -1
        return calendar.add_working_days(row.day("start"), sign * int(row["working_days"]))

    found = [
        Row({**row.cells, "figure": "working_day"})
        for row in rows.read(sources, "working_days.csv")
    ]
    return rows.compare("govuk_working_days", found, {"working_day": counted})


# --- married couple's allowance


def _reduction(row: Row) -> Any:
    """Tax reduction of a husband at the sums that the row names."""
    husband = {
        "date_of_birth": date(1934, 1, 1),
        "sex": "male",
        "adjusted_net_income": row.number("adjusted_net_income"),
        "married_couples_allowance_maximum": row.number("maximum_allowance"),
        "married_couples_allowance_minimum": row.number("minimum_allowance"),
        "married_couples_allowance_income_limit": row.number("income_limit"),
    }
    wife = {"date_of_birth": date(1936, 1, 1), "sex": "female", "adjusted_net_income": Decimal(0)}
    family = {
        "is_married": True,
        "married_on": date(1960, 1, 1),
        "elected_for_higher_income_rules": False,
        "married_couples_allowance_shared": "none",
    }
    return law.couple("married_couples_allowance_reduction", _ANY_DAY, [husband, wife], family)


MARRIED_ALLOWANCE: dict[str, rows.Figure] = {
    "tax_reduction": _reduction,
    "adjusted_net_income": lambda row: law.adjusted_net_income(
        _ANY_DAY,
        income=row.number("income"),
        gross_pension=row.number("gross_pension_contributions"),
        net_pension=row.number("net_pension_contributions"),
        gift_aid=row.number("net_gift_aid"),
    ),
    "personal_allowance": lambda row: law.person(
        "personal_allowance", row.day("as_of"), {"adjusted_net_income": Decimal(0)}
    ),
    "income_limit": lambda row: law.person(
        "married_couples_allowance_income_limit", row.day("as_of"), {}
    ),
    "maximum_allowance": lambda row: law.person(
        "married_couples_allowance_maximum", row.day("as_of"), {}
    ),
    "minimum_allowance": lambda row: law.person(
        "married_couples_allowance_minimum", row.day("as_of"), {}
    ),
}


# --- State Pension age


def _born(row: Row) -> dict[str, Any]:
    facts: dict[str, Any] = {"date_of_birth": row.day("born")}
    if row["sex"] in ("female", "male"):
        facts["sex"] = row["sex"]
    return facts


def _alive(row: Row) -> date:
    """A day on which the person of the row is born: some rows are of people born later."""
    return max(_ANY_DAY, row.day("born"))


def _later(row: Row) -> date:
    return row.day("as_of") + timedelta(days=int(row["days_ahead"]))


def _age_in_words(row: Row) -> str:
    """Age on the State Pension date, as a letter says it: parts that are nothing are left out."""
    age = age_on(row.day("born"), row.day("given_state_pension_date"))
    parts = zip(age, ("year", "month", "day"), strict=True)
    return ", ".join(f"{many} {word}{'s' * (many != 1)}" for many, word in parts if many)


def _is_29_february(day: date) -> bool:
    return (day.month, day.day) == (2, 29)


STATE_PENSION_AGE: dict[str, rows.Figure] = {
    "state_pension_date": lambda row: law.person("state_pension_date", _alive(row), _born(row)),
    # For everybody alike: the sex is not given, and must not be needed.
    "pension_credit_date": lambda row: law.person("pension_credit_date", _alive(row), _born(row)),
    "bus_pass_date": lambda row: law.person(
        "bus_pass_date", _alive(row), _born(row), home={"country": "england"}
    ),
    "age_at_state_pension_date": _age_in_words,
    "born_on_29_february": lambda row: _is_29_february(row.day("born")),
    "pension_date_is_29_february": lambda row: _is_29_february(
        law.person("state_pension_date", _alive(row), _born(row))
    ),
    "is_before_state_pension_date": lambda row: (
        not law.person(
            "state_pension_age_reached",
            _later(row),
            {"state_pension_date": row.day("given_state_pension_date")},
        )
    ),
    "is_before_pension_credit_date": lambda row: (
        not law.person(
            "pension_credit_age_reached",
            _later(row),
            {"pension_credit_date": row.day("given_pension_credit_date")},
        )
    ),
    "old_basic_state_pension_applies": lambda row: (
        not law.person(
            "new_state_pension_applies",
            _ANY_DAY,
            {"state_pension_date": row.day("given_state_pension_date")},
        )
    ),
    "may_apply_now": lambda row: law.person(
        "state_pension_online_claim_open", row.day("as_of"), _born(row)
    ),
    "date_depends_on_sex": lambda row: law.person(
        "state_pension_date_depends_on_sex", _alive(row), _born(row)
    ),
}


# --- minimum wage


def _worker(row: Row) -> dict[str, Any]:
    """Facts of a row; what the source's calculator leaves empty counts there as nothing."""
    facts = {
        "age": row.number("age"),
        "is_worker": True,
        "is_apprentice": row.yes("apprentice"),
        # The calculator asks for apprentices under 19 or in the first year as one.
        "in_first_year_of_apprenticeship": row.yes("apprentice"),
        "hours_in_pay_period": row.number("hours"),
        "pay_in_pay_period": row.number("pay"),
        "pay_period_days": row.number("pay_period_days"),
        "accommodation_charge_a_day": row.number("accommodation_charge_per_day"),
        "accommodation_nights_a_week": row.number("accommodation_nights_per_week"),
    }
    if row["accommodation_adjustment_given"]:
        facts["accommodation_adjustment"] = row.number("accommodation_adjustment_given")
    return facts


def _wage(name: str) -> rows.Figure:
    return lambda row: law.person(name, row.day("rates_from"), _worker(row))


def _within(name: str) -> rows.Figure:
    return lambda row: law.accepts(name, row.day("rates_from"), _worker(row))


def _rate(key: str) -> rows.Figure:
    return lambda row: law.rate(key, row.day("rates_from"))


MINIMUM_WAGE: dict[str, rows.Figure] = {
    "age_accepted": _wage("age_of_a_worker"),
    "pay_period_days_accepted": _within("pay_period_days"),
    "hours_accepted": _wage("hours_can_be_worked"),
    "accommodation_charge_accepted": _wage("accommodation_is_charged"),
    "accommodation_nights_accepted": _within("accommodation_nights_a_week"),
    "under_school_leaving_age": _wage("under_school_leaving_age"),
    "basic_pay_total": _wage("pay_in_pay_period"),
    "hours_total": _wage("hours_in_pay_period"),
    "pay_counted": _wage("pay_counted"),
    "minimum_hourly_rate": _wage("minimum_hourly_rate"),
    "old_enough_for_living_wage": _wage("old_enough_for_living_wage"),
    "paid_at_least_minimum": _wage("paid_at_least_minimum"),
    "accommodation_adjustment": _wage("accommodation_adjustment"),
    "minimum_pay_due": _wage("minimum_pay_due"),
    "apprentice_rate": _rate("minimum_wage.apprentice"),
    "accommodation_daily_offset": _rate("minimum_wage.accommodation"),
}
