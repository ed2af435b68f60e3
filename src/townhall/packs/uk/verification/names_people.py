"""Their names of who people are, and of what every programme reads of their incomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from townhall.packs.uk.verification.names import Facts, Vocabulary


def _education(value: Any, _: Mapping[str, Any]) -> Facts:
    return {"in_non_advanced_education": value in ("UPPER_SECONDARY", "POST_SECONDARY")}


def _sex(value: Any, _: Mapping[str, Any]) -> Facts:
    male = value if isinstance(value, bool) else value == "MALE"
    return {"sex": "male" if male else "female"}


def _profit(value: Any, given: Mapping[str, Any]) -> Facts:
    """A profit below zero is a loss of the year."""
    if value >= 0 or "trading_loss" in given:
        return {"self_employment_income": value}
    return {"self_employment_income": value * 0, "trading_loss": -value}


def _hours(value: Any, _: Mapping[str, Any]) -> Facts:
    return {"hours_worked_a_week": value / 52}


VOCABULARY = Vocabulary(
    names={
        "region": "region",
        "country": "country",
        "is_married": "is_married",
        "is_in_non_advanced_education": "in_non_advanced_education",
        "is_in_approved_training": "in_approved_training",
        "age_started_or_accepted_current_education_or_training": "age_when_education_began",
        "weekly_hours": "hours_worked_a_week",
        "is_blind": "is_severely_sight_impaired",
        "is_apprentice": "is_apprentice",
        "employment_income": "employment_income",
        "employment_income_before_lsr": "employment_income",
        "private_pension_income": "private_pension_income",
        "state_pension": "state_pension",
        "state_pension_reported": "state_pension",
        "savings_interest_income": "savings_interest",
        "dividend_income": "dividend_income",
        "property_income": "property_income",
        "miscellaneous_income": "miscellaneous_income",
        "statutory_sick_pay": "statutory_sick_pay_received",
        "statutory_maternity_pay": "statutory_maternity_pay_received",
        "statutory_paternity_pay": "statutory_paternity_pay_received",
        "employee_pension_contributions": "employee_pension_contributions",
        "employee_pension_contributions_reported": "employee_pension_contributions",
        "personal_pension_contributions": "personal_pension_contributions",
        "employer_pension_contributions": "employer_pension_contributions",
        "gift_aid": "gift_aid",
        "is_SP_age": "state_pension_age_reached",
    },
    adapters={
        "self_employment_income": _profit,
        "current_education": _education,
        "is_male": _sex,
        "gender": _sex,
        "hours_worked": _hours,
    },
    ignored={
        # Read where the families are made.
        "age": "gives the date of birth",
        "date_of_birth": "gives the date of birth",
        "months_since_last_birthday": "gives the date of birth",
        "is_claimant_or_partner": "says who the adults of a family are",
        "is_parent": "says who the adults of a family are",
        "is_benunit_head": "says who the adults of a family are",
        "is_household_head": "says who the adults of a family are",
        "household_owns_tv": "television licences are no part of this law",
    },
)
