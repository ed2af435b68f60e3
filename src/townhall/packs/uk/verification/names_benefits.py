"""Their names in Universal Credit, the benefit cap and Pension Credit.

What a case leaves to be presumed about more than one member (whose the savings of a household are,
who pays the rent, who is paid for caring) is worked out in `names_benefits_presumed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from townhall.packs.uk.verification.names import Facts, Vocabulary
from townhall.packs.uk.verification.names_benefits_presumed import presumed
from townhall.packs.uk.verification.names_universal_credit import UNIVERSAL_CREDIT

BENEFIT_CAP: Mapping[str, str] = {
    "is_uc_benefit_cap_exempt": "is_exempt_from_benefit_cap",
    "is_uc_benefit_cap_exempt_earnings": "earnings_lift_cap",
    "is_uc_benefit_cap_exempt_qualifying_age": "age_lifts_cap",
    "is_uc_benefit_cap_exempt_specified_benefit": "disability_or_care_lifts_cap",
    "is_uc_benefit_cap_single_claimant_rate": "single_cap_applies",
    "uc_benefit_cap": "benefit_cap",
    "uc_benefit_cap_earnings_exception_threshold": "earnings_that_lift_cap",
    "uc_benefit_cap_reduction": "benefit_cap_reduction",
    "uc_benefit_cap_reduction_after_floor": "benefit_cap_reduction",
}

PENSION_CREDIT: Mapping[str, str] = {
    "has_attained_state_pension_credit_qualifying_age": "pension_credit_age_reached",
    "is_mixed_age_couple": "is_mixed_age_couple",
    "has_mixed_age_couple_pension_credit_saving": "has_mixed_age_saving",
    "meets_pension_credit_age_conditions": "meets_pension_credit_age_conditions",
    "is_pension_credit_eligible": "can_have_pension_credit",
    "standard_minimum_guarantee": "standard_minimum_guarantee",
    "is_counted_resident_for_severe_disability_addition": "counts_as_other_resident",
    "meets_severe_disability_addition_residence_condition": "lives_without_others",
    "severe_disability_minimum_guarantee_addition": "severe_disability_addition",
    "carer_minimum_guarantee_addition": "pension_credit_carer_addition",
    "child_minimum_guarantee_addition": "pension_credit_child_addition",
    "is_child_or_qualifying_young_person_for_pension_credit": "is_child_for_pension_credit",
    "is_child_for_pension_credit": "is_under_16",
    "minimum_guarantee": "minimum_guarantee",
    "pension_credit_assessable_capital": "pension_credit_capital",
    "pension_credit_deemed_income": "pension_credit_deemed_income",
    "pension_credit_earnings": "pension_credit_earnings",
    "pension_credit_earnings_disregard": "pension_credit_earnings_disregard",
    "pension_credit_self_employment_deductions": "notional_deductions_from_profits",
    "pension_credit_war_pension_income": "war_pensions_counted",
    "pension_credit_widowed_parents_allowance_income": "widowed_parents_allowance_counted",
    "pension_credit_income": "pension_credit_income",
    "is_guarantee_credit_eligible": "is_within_guarantee",
    "guarantee_credit": "guarantee_credit",
    "in_receipt_of_guarantee_credit": "receives_guarantee_credit",
    "in_receipt_of_savings_credit_only": "receives_savings_credit_alone",
    "left_pension_route_at_legacy_closure": "left_pension_credit_for_universal_credit",
    "is_qualifying_young_person_for_pension_credit": "is_qualifying_young_person",
    "meets_savings_credit_age_requirement": "meets_savings_credit_age",
    "savings_credit_income": "savings_credit_income",
    "is_savings_credit_eligible": "can_have_savings_credit",
    "savings_credit": "savings_credit",
    "pension_credit_entitlement": "pension_credit_entitlement",
    "pension_credit": "pension_credit",
}

SHARED: Mapping[str, str] = {
    "care_hours": "care_hours",
    "is_carer_for_benefits": "has_caring_responsibilities",
    "uc_limited_capability_for_WRA": "has_limited_capability_for_work_related_activity",
    "uc_limited_capability_for_work": "has_limited_capability_for_work",
    "dla_sc_category": "dla_care_rate",
    "pip_dl_category": "pip_daily_living_rate",
    "aa_category": "attendance_allowance_rate",
    "jsa_contrib": "contribution_based_jobseekers_allowance",
    "jsa_contrib_reported": "contribution_based_jobseekers_allowance",
    "esa_contrib": "contribution_based_employment_support_allowance",
    "esa_contrib_reported": "contribution_based_employment_support_allowance",
    "maternity_allowance": "maternity_allowance",
    "maternity_allowance_reported": "maternity_allowance",
    "iidb": "industrial_injuries_benefit",
    "iidb_reported": "industrial_injuries_benefit",
    "incapacity_benefit_reported": "incapacity_benefit",
    "widowed_parents_allowance_reported": "widowed_parents_allowance",
    "spousal_maintenance_income": "maintenance_received",
    "sda": "severe_disablement_allowance",
}

CHOICES: Mapping[str, Mapping[str, str]] = {
    "tenure_type": {
        "RENT_PRIVATELY": "private_rent",
        "RENT_FROM_COUNCIL": "social_rent",
        "RENT_FROM_HA": "social_rent",
        "OWNED_OUTRIGHT": "owned",
        "OWNED_WITH_MORTGAGE": "mortgaged",
    },
    "uc_standard_allowance_claimant_type": {
        "SINGLE_YOUNG": "single_under_25",
        "SINGLE_OLD": "single_25_or_over",
        "COUPLE_YOUNG": "couple_under_25",
        "COUPLE_OLD": "couple_25_or_over",
    },
    "uc_work_related_group_apart_from_earnings": {
        "NOT_A_CLAIMANT": "not_a_claimant",
        "NO_REQUIREMENTS": "none",
        "INTERVIEW_ONLY": "interviews",
        "WORK_PREPARATION": "preparation",
        "ALL_REQUIREMENTS": "all",
    },
    "dla_sc_category": {
        "NONE": "none",
        "LOWER": "lowest",
        "MIDDLE": "middle",
        "HIGHER": "highest",
    },
    "relation_type": {"SINGLE": "single", "COUPLE": "couple"},
}


def _rate_of(name: str, rate: str) -> Any:
    """An amount of a benefit stands for one of its rates."""

    def adapter(value: Any, _: Mapping[str, Any]) -> Facts:
        return {name: rate if value else "none"}

    return adapter


def _whether(*names: str) -> Any:
    """An amount of a benefit, or yes, says that it is paid."""

    def adapter(value: Any, _: Mapping[str, Any]) -> Facts:
        return dict.fromkeys(names, bool(value) and value != "NONE")

    return adapter


def _as(name: str) -> Any:
    """A fact of ours, which they also work out from other facts: it is given, never compared."""

    def adapter(value: Any, _: Mapping[str, Any]) -> Facts:
        return {name: value}

    return adapter


def _yes(name: str) -> Any:
    def adapter(value: Any, _: Mapping[str, Any]) -> Facts:
        return {name: bool(value)}

    return adapter


def _monthly(name: str) -> Any:
    """An amount of a month that a case puts in place of the enacted one."""

    def adapter(value: Any, _: Mapping[str, Any]) -> Facts:
        return {name: Decimal(value)}

    return adapter


def _carer_support(value: Any, _: Mapping[str, Any]) -> Facts:
    return {"carer_support_payment": value, "receives_carer_benefit": value > 0}


def _forces(value: Any, _: Mapping[str, Any]) -> Facts:
    return {"armed_forces_compensation": value, "receives_war_pension": value > 0}


ADAPTERS = {
    "attendance_allowance": _rate_of("attendance_allowance_rate", "lower"),
    "pip_dl": _rate_of("pip_daily_living_rate", "standard"),
    "dla_sc": _rate_of("dla_care_rate", "middle"),
    "dla_sc_middle_plus": _rate_of("dla_care_rate", "middle"),
    "dla": _whether("receives_mobility_component"),
    "pip_m_category": _whether("receives_mobility_component"),
    "armed_forces_independence_payment": _whether("receives_armed_forces_independence_payment"),
    "receives_carers_allowance": _whether("receives_carer_benefit"),
    "receives_carer_benefit": _whether("receives_carer_benefit"),
    "afcs": _forces,
    "afcs_reported": _forces,
    "universal_credit_reported": _whether("receives_universal_credit"),
    "benunit_rent": lambda value, _: {"rent": Decimal(value) / 12},
    "in_work": _yes("is_in_paid_work"),
    "pension_contributions": _as("personal_pension_contributions"),
    "relation_type": lambda value, _: {"single_or_couple": str(value).lower()},
    "is_entitled_to_carer_benefit": _yes("is_entitled_to_carer_benefit"),
    "has_tax_credit_award": _yes("has_tax_credit_award"),
    "war_widows_pension": _as("war_widows_pension"),
    "war_widows_pension_reported": _as("war_widows_pension"),
    "working_tax_credit": _as("working_tax_credit"),
    "esa_includes_support_component": _yes("has_support_component"),
    "partners_care_for_same_severely_disabled_person": _yes("partners_care_for_same_person"),
    "benefit_cap_welfare_benefits": _as("benefits_under_cap"),
    "carer_support_payment": _carer_support,
    "pension_credit": lambda value, _: {
        "pension_credit": Decimal(value) / 52,
        "receives_pension_credit": value > 0,
    },
    "gov.dwp.universal_credit.standard_allowance.amount.SINGLE_OLD": _monthly(
        "universal_credit_standard_allowance"
    ),
    "gov.dwp.universal_credit.standard_allowance.amount.COUPLE_OLD": _monthly(
        "universal_credit_standard_allowance"
    ),
    "esa_income": _whether("receives_income_related_employment_support_allowance"),
    "WTC_disabled_element": _whether("has_disability_element_of_working_tax_credit"),
}


def _same(value: Any) -> Any:
    return value


def _place(place: Any) -> Any:
    """They number who has no place -1."""
    return place if place else -1


def _age_in_years(born: Any, reached: Any) -> Any:
    """They give an age with its months as a fraction of a year."""
    then, now = (divmod(int(day) // 100, 100) for day in (born, reached))
    months = (now[0] - then[0]) * 12 + now[1] - then[1]
    return Decimal(months - (int(reached) % 100 < int(born) % 100)) / 12


ANSWERS = {
    "is_uc_claimant": (("is_adult_of_family",), _same),
    "is_child_for_universal_credit": (("is_under_16",), _same),
    "uc_unearned_carer_support_payment": (("carer_support_payment_counted",), _same),
    "uc_child_index": (("child_place",), _place),
    "uc_child_limit_position": (("place_under_child_limit",), _place),
    "state_pension_credit_qualifying_age": (
        ("date_of_birth", "pension_credit_date"),
        _age_in_years,
    ),
}

IGNORED = {
    name: reason
    for reason, those in {
        "take-up: who claims is no question of law": (
            "would_claim_uc would_claim_pc would_claim_marriage_allowance "
            "would_claim_carers_allowance would_claim_housing_benefit "
            "would_claim_uc_at_legacy_closure claims_all_entitled_benefits uc_has_deduction"
        ),
        "Council Tax and Housing Benefit are no part of this law": (
            "council_tax housing_benefit_reported benunit_is_rent_liable brma local_authority "
            "liable_for_share_of_household_rent "
            "is_housing_benefit_benefit_cap_exempt housing_benefit_pre_benefit_cap "
            "housing_benefit_applicable_income_disregard housing_benefit_LHA_rate "
            "housing_benefit_applicable_amount housing_benefit_benefit_cap num_bedrooms "
            "household_benefits_individual_non_dep_deduction LHA_allowed_bedrooms "
            "council_tax_benefit_reported esa_income_assessable_capital rent_paid_as_boarder "
            "in_specified_or_temporary_accommodation housing_benefit_eligible "
            "jsa_income_assessable_capital income_support_assessable_capital CTC_family_element "
            "council_tax_reduction_individual_non_dep_deduction housing_benefit_applicable_income "
            "housing_benefit_non_dep_deductions esa_income_eligible "
            "is_severely_disabled_for_benefits childcare_grant_full_time_student"
        ),
        "read with other members in names_benefits_presumed": (
            "savings rent corporate_wealth owned_land other_residential_property_value "
            "non_residential_property_value uc_reported_capital benunit_reported_capital "
            "pension_credit_reported_capital owned_company_holding_value "
            "is_disabled_for_benefits has_own_esa_award carers_allowance_reported "
            "carers_allowance sda_reported pension_credit_reported cash_isa "
            "carers_allowance_pre_overlap carer_support_payment_pre_overlap "
            "esa_income_reported jsa_income_reported income_support_reported "
            "child_tax_credit_reported working_tax_credit_reported uc_deduction_combination "
            "is_uc_claimant state_pension_age uc_latent_deduction_rate"
        ),
        "the home and pension pots do not count": "main_residence_value private_pension_wealth",
        "not counted by this law": (
            "bsp bsp_reported basic_income tv_licence expected_sdlt state_pension_type "
            "maintenance_income healthy_start_vouchers"
        ),
    }.items()
    for name in those.split()
}

NAMES = {**SHARED, **UNIVERSAL_CREDIT, **BENEFIT_CAP, **PENSION_CREDIT}
VOCABULARY = Vocabulary(
    names=NAMES,
    choices=CHOICES,
    adapters=ADAPTERS,
    answers=ANSWERS,
    ignored=IGNORED,
    inferences=(presumed,),
)
