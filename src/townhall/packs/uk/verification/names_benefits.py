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

UNIVERSAL_CREDIT: Mapping[str, str] = {
    # who claims
    "is_uc_assessed_claimant": "is_adult_of_family",
    "is_uc_single_or_joint_claimant": "is_universal_credit_claimant",
    "uc_is_ineligible_partner": "cannot_be_joint_claimant",
    "uc_member_of_couple_claims_as_single_person": "claims_as_single_person",
    "meets_uc_minimum_age_condition": "is_old_enough_for_universal_credit",
    "is_uc_eligible": "can_have_universal_credit",
    "is_child_or_qualifying_young_person_for_universal_credit": "is_child_for_universal_credit",
    "is_responsible_for_child_or_qualifying_young_person_for_universal_credit": (
        "is_responsible_for_child"
    ),
    "is_qualifying_young_person_for_universal_credit": "is_young_person_for_universal_credit",
    "is_before_universal_credit_qualifying_young_person_terminal_date": (
        "is_before_september_after_19"
    ),
    "is_looked_after_by_local_authority": "is_looked_after_by_council",
    "receives_benefits_in_own_right": "receives_benefits_in_own_right",
    # elements
    "uc_standard_allowance_claimant_type": "standard_allowance_type",
    "uc_standard_allowance": "universal_credit_standard_allowance",
    "uc_is_child_born_before_child_limit": "is_child_born_before_limit",
    "uc_is_child_limit_affected": "is_beyond_child_limit",
    "uc_child_limit_disregarded": "is_left_out_of_limit",
    "uc_individual_child_element": "child_element_of_child",
    "uc_child_element": "universal_credit_child_element",
    "uc_individual_disabled_child_element": "disabled_child_addition",
    "uc_individual_severely_disabled_child_element": "severely_disabled_child_addition",
    "uc_disability_elements": "universal_credit_disability_amounts",
    "uc_LCWRA_element": "universal_credit_incapacity_amount",
    "uc_carer_element": "universal_credit_carer_element",
    "uc_carer_element_included_for_claimant": "has_carer_element",
    "receives_uc_carer_element": "has_carer_element",
    "child_limit_multiple_birth_exception": "is_born_with_other_child",
    "child_limit_adoption_exception": "is_adopted_child",
    "child_limit_non_parental_caring_exception": "is_in_non_parental_care",
    "child_limit_non_consensual_conception_exception": "is_conceived_without_consent",
    "child_limit_continuation_exception": "continues_earlier_exception",
    # childcare
    "childcare_expenses": "childcare_charges",
    "uc_childcare_element_eligible_children": "childcare_children",
    "uc_maximum_childcare_element_amount": "most_for_childcare",
    "uc_childcare_work_condition": "meets_childcare_work_condition",
    "uc_childcare_element": "universal_credit_childcare_element",
    "uc_childcare_treated_as_in_paid_work": "is_treated_as_in_paid_work",
    "uc_unable_to_provide_childcare": "cannot_look_after_children",
    "would_claim_uc_childcare": "claims_childcare_element",
    "uc_childcare_element_claimed": "claims_childcare_element",
    "uc_is_temporarily_absent_from_claimant_household": "is_temporarily_absent",
    "uc_has_offer_of_paid_work_starting_by_end_of_next_assessment_period": "has_offer_of_work",
    # housing
    "tenure_type": "tenure",
    "benunit_rent": "rent",
    "uc_LHA_cap": "local_housing_allowance",
    "uc_individual_non_dep_deduction": "housing_contribution",
    "uc_individual_non_dep_deduction_eligible": "makes_housing_contribution",
    "uc_non_dep_deduction_exempt": "is_exempt_from_housing_contribution",
    "uc_non_dep_deductions": "housing_contributions_of_others",
    "uc_housing_costs_element": "universal_credit_housing_element",
    # capital
    "uc_assessable_capital": "universal_credit_capital",
    "uc_tariff_income": "tariff_income",
    "lifetime_isa_balance": "lifetime_isa",
    "lifetime_isa_countable_capital": "lifetime_isa_surrender_value",
    # a company of one's own
    "stands_as_sole_owner_or_partner_of_company": "stands_as_owner_of_company",
    "owned_company_carries_on_trade": "company_carries_on_trade",
    "owned_company_carries_on_property_business": "company_carries_on_property_business",
    "owned_company_is_main_employment": "company_is_main_employment",
    "is_engaged_in_owned_company_trade": "is_engaged_in_company_trade",
    "owned_company_income_share": "company_income_share",
    "owned_company_capital": "company_capital_share",
    "owned_company_trade_assets": "company_trade_assets_share",
    "owned_company_intermediary_earnings_chapter": "company_intermediary_chapter",
    "owned_company_intermediary_earnings_from_main_employment": "intermediary_is_main_employment",
    "uc_company_intermediary_exclusion_applies": "is_ruled_out_by_intermediary",
    "uc_company_owner_treatment_applies": "is_treated_as_company_owner",
    "uc_company_self_employed_earnings": "company_earnings",
    "uc_company_gainful_self_employment": "is_gainfully_employed_by_company",
    "uc_company_capital": "company_capital",
    "uc_company_holding_disregard": "company_holding_left_out",
    # earnings and the minimum income floor
    "uc_income_tax_on_earnings": "income_tax_on_earnings",
    "uc_national_insurance_on_earnings": "national_insurance_on_earnings",
    "uc_income_tax_on_trade": "income_tax_on_profits",
    "uc_national_insurance_on_trade": "national_insurance_on_profits",
    "uc_trading_losses_set_against_profits": "trading_loss_set_against_profits",
    "uc_individual_earned_income_before_mif": "earned_income_before_floor",
    "uc_individual_earned_income": "earned_income_of_person",
    "uc_is_in_gainful_self_employment": "is_in_gainful_self_employment",
    "uc_is_in_startup_period": "is_in_start_up_period",
    "uc_mif_applies": "minimum_income_floor_applies",
    "uc_minimum_income_floor": "minimum_income_floor",
    "uc_minimum_income_floor_gross": "individual_earnings_threshold",
    "uc_minimum_income_floor_income_tax": "income_tax_on_threshold",
    "uc_minimum_income_floor_national_insurance": "national_insurance_on_threshold",
    "is_in_first_year_of_apprenticeship": "in_first_year_of_apprenticeship",
    # what work is expected
    "uc_expected_hours": "expected_hours",
    "uc_is_responsible_carer": "is_responsible_carer",
    "uc_youngest_child_age": "age_of_youngest_child",
    "uc_work_related_group_apart_from_earnings": "work_related_group",
    "uc_is_in_pregnancy_or_post_confinement_period": "is_near_birth_of_child",
    "uc_is_adopter_in_first_year": "adopted_within_year",
    "uc_is_student_with_no_work_related_requirements": "is_student_with_income",
    "uc_is_responsible_foster_parent_of_child_under_one": "fosters_child_under_1",
    "uc_is_foster_parent_or_new_friend_or_family_carer": "fosters_or_new_carer_of_child",
    # income and award
    "uc_earned_income": "universal_credit_earned_income",
    "uc_unearned_income": "universal_credit_unearned_income",
    "uc_work_allowance": "work_allowance",
    "is_uc_work_allowance_eligible": "has_work_allowance",
    "uc_income_reduction": "universal_credit_income_deduction",
    "uc_maximum_amount": "universal_credit_maximum_amount",
    "universal_credit_pre_benefit_cap": "universal_credit_before_cap",
    "is_uc_entitled": "is_entitled_to_universal_credit",
    "is_uc_entitled_baseline": "is_entitled_to_universal_credit",
    "uc_deductions": "universal_credit_deductions",
    "uc_advance_repayment_amount": "advance_repayment",
    "universal_credit": "universal_credit",
}

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
    "is_child_or_qualifying_young_person_for_pension_credit": "is_dependent_child",
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


def _percent(value: Any, row: Mapping[str, Any]) -> Facts:
    """Demands for deductions; an advance that is given in pounds takes the place of its share."""
    advance = row.get("uc_deduction_combination") == "ADVANCE_ONLY"
    given = "uc_advance_repayment_amount" in row
    return {"other_deductions_percent": 0 if advance and given else value * 100}


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
    "uc_latent_deduction_rate": _percent,
    "universal_credit_reported": _whether("receives_universal_credit"),
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
    "uc_earned_income_before_work_allowance": (("earned_income_of_family",), _same),
    "uc_child_index": (("child_place",), _place),
    "uc_child_limit_position": (("place_under_child_limit",), _place),
    "state_pension_credit_qualifying_age": (
        ("date_of_birth", "pension_credit_date"),
        _age_in_years,
    ),
    "is_qualifying_young_person_for_pension_credit": (
        ("is_dependent_child", "is_under_16"),
        lambda child, young: child and not young,
    ),
}

IGNORED = {
    name: reason
    for reason, those in {
        "take-up: who claims is no question of law": (
            "would_claim_uc would_claim_pc would_claim_marriage_allowance "
            "would_claim_carers_allowance would_claim_housing_benefit would_claim_uc_at_legacy_closure "
            "claims_all_entitled_benefits uc_has_deduction"
        ),
        "Council Tax and Housing Benefit are no part of this law": (
            "council_tax housing_benefit_reported benunit_is_rent_liable brma local_authority "
            "is_housing_benefit_benefit_cap_exempt housing_benefit_pre_benefit_cap "
            "housing_benefit_applicable_income_disregard housing_benefit_LHA_rate "
            "housing_benefit_applicable_amount housing_benefit_benefit_cap num_bedrooms "
            "household_benefits_individual_non_dep_deduction LHA_allowed_bedrooms "
            "council_tax_benefit_reported"
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
            "is_uc_claimant state_pension_age"
        ),
        "the home and pension pots do not count": "main_residence_value private_pension_wealth",
        "not counted by this law": "bsp basic_income tv_licence expected_sdlt state_pension_type",
    }.items()
    for name in those.split()
}

COMPUTED = frozenset(
    """
    uc_standard_allowance uc_child_element uc_disability_elements uc_carer_element
    uc_housing_costs_element uc_childcare_element uc_individual_child_element
    """.split()
)

VOCABULARY = Vocabulary(
    names={**SHARED, **UNIVERSAL_CREDIT, **BENEFIT_CAP, **PENSION_CREDIT},
    choices=CHOICES,
    adapters=ADAPTERS,
    answers=ANSWERS,
    ignored=IGNORED,
    computed=COMPUTED,
    inferences=(presumed,),
)
