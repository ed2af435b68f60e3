"""Which cases of the second source belong to which programme: by the figures that they expect.

The names are those of policyengine-uk 2.162.10's figures; a case belongs to every programme of which
it expects a figure.
"""

from __future__ import annotations

from collections.abc import Mapping

FIGURES: Mapping[str, frozenset[str]] = {
    "child_benefit": frozenset(
        """
        CB_HITC child_benefit child_benefit_entitlement child_benefit_respective_amount
        would_claim_child_benefit
        """.split()
    ),
    "income_tax": frozenset(
        """
        add_rate_earned_income add_rate_earned_income_tax adjusted_net_income
        adjusted_total_income allowances basic_rate_earned_income basic_rate_earned_income_tax
        basic_rate_savings_income basic_rate_savings_income_pre_starter blind_persons_allowance
        capped_mcad charitable_investment_gifts covenanted_payments
        deductible_property_finance_costs dividend_income_tax earned_income_tax
        earned_taxable_income gift_aid higher_rate_earned_income higher_rate_earned_income_tax
        higher_rate_savings_income income_tax income_tax_before_winter_fuel_payment_charge
        income_tax_pre_charges income_tax_relief_cap loss_relief marriage_allowance
        married_couples_allowance_deduction meets_marriage_allowance_income_conditions
        net_income net_income_before_trade_loss_relief non_savings_income_after_allowances
        non_savings_taxable_income other_deductions partners_unused_personal_allowance
        pension_annual_allowance personal_allowance property_allowable_expenses
        property_allowance_deduction property_finance_cost_relief
        property_finance_costs_carried_forward property_finance_costs_relievable
        property_finance_costs_relieved property_income_tax property_receipts_within_allowance
        received_allowances received_allowances_dividend_income
        received_allowances_earned_income received_allowances_savings_income savings_allowance
        savings_income_tax savings_starter_rate_income social_security_income tax_band
        tax_free_savings_income taxable_dividend_income taxable_employment_income
        taxable_miscellaneous_income taxable_property_income
        taxable_property_income_after_allowances taxable_savings_interest_income
        taxable_self_employment_income taxed_dividend_income taxed_income taxed_savings_income
        total_income total_income_charged_to_tax trade_loss_relief_against_general_income
        trade_loss_relief_against_savings_and_dividends trading_allowance_deduction
        uses_property_allowance winter_fuel_payment_charge
        """.split()
    ),
    "national_insurance": frozenset(
        """
        national_insurance ni_class_1_employee ni_class_1_employee_additional
        ni_class_1_employee_primary ni_class_1_employer ni_class_1_income
        ni_class_1_secondary_liable ni_class_2 ni_class_4 ni_class_4_liable
        ni_class_4_loss_relief ni_class_4_losses_brought_forward
        ni_class_4_losses_carried_forward ni_class_4_main ni_class_4_maximum ni_class_4_profits
        ni_class_4_profits_before_losses ni_class_4_trading_loss ni_employee ni_employer
        ni_liable ni_self_employed salary_sacrifice_broad_base_haircut
        salary_sacrifice_pension_ni_employee salary_sacrifice_pension_ni_employer
        salary_sacrifice_pension_ni_excess total_national_insurance
        """.split()
    ),
    "pension_credit": frozenset(
        """
        carer_minimum_guarantee_addition child_minimum_guarantee_addition guarantee_credit
        has_attained_state_pension_credit_qualifying_age
        has_mixed_age_couple_pension_credit_saving in_receipt_of_guarantee_credit
        in_receipt_of_savings_credit_only is_child_for_pension_credit
        is_child_or_qualifying_young_person_for_pension_credit
        is_counted_resident_for_severe_disability_addition is_guarantee_credit_eligible
        is_mixed_age_couple is_pension_credit_eligible
        is_qualifying_young_person_for_pension_credit is_savings_credit_eligible
        left_pension_route_at_legacy_closure meets_pension_credit_age_conditions
        meets_savings_credit_age_requirement
        meets_severe_disability_addition_residence_condition minimum_guarantee pension_credit
        pension_credit_assessable_capital pension_credit_deemed_income pension_credit_earnings
        pension_credit_earnings_disregard pension_credit_entitlement pension_credit_income
        pension_credit_reported_capital pension_credit_self_employment_deductions
        pension_credit_war_pension_income pension_credit_widowed_parents_allowance_income
        savings_credit savings_credit_income severe_disability_minimum_guarantee_addition
        standard_minimum_guarantee state_pension_credit_qualifying_age
        """.split()
    ),
    "universal_credit": frozenset(
        """
        claims_uc_at_legacy_closure claims_universal_credit household_uc_pool_company_holdings
        household_uc_reported_financial_capital household_uc_unreported_claimants
        is_child_for_universal_credit is_child_or_qualifying_young_person_for_universal_credit
        is_qualifying_young_person_for_universal_credit
        is_responsible_for_child_or_qualifying_young_person_for_universal_credit
        is_uc_assessed_claimant is_uc_benefit_cap_exempt is_uc_benefit_cap_exempt_earnings
        is_uc_benefit_cap_exempt_qualifying_age is_uc_benefit_cap_exempt_specified_benefit
        is_uc_benefit_cap_single_claimant_rate is_uc_claimant is_uc_eligible is_uc_entitled
        is_uc_entitled_baseline is_uc_single_or_joint_claimant is_uc_work_allowance_eligible
        legacy_benefits_closed meets_uc_minimum_age_condition person_legacy_benefits_closed
        receives_uc_carer_element receives_uc_with_limited_capability_for_work uc_LCWRA_element
        uc_advance_repayment_amount uc_assessable_capital uc_benefit_cap
        uc_benefit_cap_earnings_exception_threshold uc_benefit_cap_reduction
        uc_benefit_cap_reduction_after_floor uc_carer_element
        uc_carer_element_included_for_claimant uc_child_element uc_child_index
        uc_child_limit_disregarded uc_child_limit_position uc_childcare_element
        uc_childcare_element_claimed uc_childcare_treated_as_in_paid_work
        uc_childcare_work_condition uc_company_capital uc_company_gainful_self_employment
        uc_company_holding_disregard uc_company_intermediary_exclusion_applies
        uc_company_owner_treatment_applies uc_company_self_employed_earnings uc_deductions
        uc_disability_elements uc_earned_income uc_earned_income_before_work_allowance
        uc_expected_hours uc_housing_costs_element uc_income_reduction uc_income_tax_on_earnings
        uc_income_tax_on_trade uc_individual_child_element uc_individual_disabled_child_element
        uc_individual_earned_income uc_individual_earned_income_before_mif
        uc_individual_non_dep_deduction uc_individual_non_dep_deduction_eligible
        uc_individual_severely_disabled_child_element uc_is_child_born_before_child_limit
        uc_is_child_limit_affected uc_is_in_gainful_self_employment uc_is_ineligible_partner
        uc_is_responsible_carer uc_limited_capability_for_WRA uc_limited_capability_for_work
        uc_maximum_amount uc_maximum_childcare_element_amount
        uc_member_of_couple_claims_as_single_person uc_mif_applies uc_minimum_income_floor
        uc_minimum_income_floor_gross uc_minimum_income_floor_income_tax
        uc_minimum_income_floor_national_insurance uc_national_insurance_on_earnings
        uc_national_insurance_on_trade uc_non_dep_deduction_exempt uc_non_dep_deductions
        uc_non_dependants_counted uc_reported_capital uc_standard_allowance
        uc_standard_allowance_claimant_type uc_tariff_income
        uc_trading_losses_set_against_profits uc_unable_to_provide_childcare
        uc_unearned_carer_support_payment uc_unearned_income uc_work_allowance
        uc_work_related_group_apart_from_earnings uc_youngest_child_age universal_credit
        universal_credit_pre_benefit_cap
        """.split()
    ),
}


def programmes_of(figures: frozenset[str]) -> tuple[str, ...]:
    """Return the programmes to which a case with these figures belongs."""
    return tuple(name for name, own in FIGURES.items() if own & figures)
