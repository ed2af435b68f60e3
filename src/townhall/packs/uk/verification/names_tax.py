"""Their names of income tax, National Insurance and Child Benefit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from townhall.packs.uk.verification.names import Facts, Vocabulary


def _receives(value: Any, _: Mapping[str, Any]) -> Facts:
    return {"receives_income_related_benefit": True} if value > 0 else {}


def _sacrificed(_: Any, given: Mapping[str, Any]) -> Facts:
    parts = (
        "pension_contributions_via_salary_sacrifice",
        "pension_contributions_via_bonus_sacrifice",
    )
    whole = sum(max(given.get(part, 0), 0) for part in parts)
    return {"pension_contributions_by_salary_sacrifice": whole}


def _defined_benefit(share: Any, given: Mapping[str, Any]) -> Facts:
    """Which part of what is paid at work goes to a pension based on pay and service."""
    parts = (
        "employer_pension_contributions",
        "employee_pension_contributions_reported",
        "pension_contributions_via_salary_sacrifice",
    )
    paid = sum(given.get(part, 0) for part in parts) * share
    facts = {"contributions_to_defined_benefit_pension": paid}
    if "defined_benefit_pension_input_amount" not in given:
        facts["defined_benefit_pension_saving"] = paid
    return facts


def _other_deductions(_: Any, given: Mapping[str, Any]) -> Facts:
    parts = ("covenanted_payments", "charitable_investment_gifts", "other_deductions")
    return {"other_deductions": sum(given.get(part, 0) for part in parts)}


def _isa_interest(value: Any, given: Mapping[str, Any]) -> Facts:
    """A part of the interest from ISAs; all of it where the whole is not given."""
    if "individual_savings_account_interest_income" in given:
        return {}
    return {"tax_free_savings_interest": value}


def _charge_step(end: Any, given: Mapping[str, Any]) -> Facts:
    """The source states where the charge on Child Benefit ends, our law the width of a percent."""
    if not isinstance(end, Decimal):  # infinite: no income reaches it
        return {"charge_step": Decimal(10) ** 12}
    start = given.get("gov.hmrc.income_tax.charges.CB_HITC.phase_out_start", Decimal(60000))
    return {"charge_step": (end - start) / 100}


def _band(ours: str) -> str:
    """The source has one name for the two highest Scottish bands."""
    return "ADDITIONAL" if ours == "ADVANCED" else ours


NAMES = {
    # income and its parts
    "self_employment_gross_receipts": "trading_receipts",
    "capital_allowances": "capital_allowances",
    "trading_loss": "trading_loss",
    "loss_relief": "trading_losses_brought_forward",
    "trading_allowance_deduction": "trading_allowance_deduction",
    "taxable_self_employment_income": "taxable_self_employment_income",
    "property_rental_income": "property_receipts",
    "property_allowable_expenses": "property_expenses",
    "property_finance_costs": "property_finance_costs",
    "property_finance_costs_brought_forward": "property_finance_costs_brought_forward",
    "property_allowance_deduction": "property_allowance_deduction",
    "property_receipts_within_allowance": "property_receipts_within_allowance",
    "uses_property_allowance": "uses_property_allowance",
    "deductible_property_finance_costs": "deductible_finance_costs",
    "property_finance_costs_relievable": "finance_costs_relievable",
    "property_finance_costs_relieved": "finance_costs_relieved",
    "property_finance_costs_carried_forward": "finance_costs_carried_forward",
    "property_finance_cost_relief": "finance_cost_reduction",
    "taxable_property_income": "taxable_property_income",
    "taxable_property_income_after_allowances": "property_income_after_allowances",
    "employment_expenses": "employment_expenses",
    "employment_deductions": "employment_expenses",
    "employment_benefits": "statutory_pay",
    "taxable_employment_income": "taxable_employment_income",
    "taxable_pension_income": "taxable_pension_income",
    "taxable_social_security_income": "taxable_social_security_income",
    "social_security_income": "taxable_social_security_income",
    "other_investment_income": "other_investment_income",
    "tax_free_savings_income": "tax_free_savings_interest",
    "individual_savings_account_interest_income": "tax_free_savings_interest",
    "taxable_savings_interest_income": "taxable_savings_interest",
    "deficiency_relief": "deficiency_relief",
    "taxable_dividend_income": "taxable_dividend_income",
    "taxable_miscellaneous_income": "taxable_miscellaneous_income",
    "total_income": "total_income",
    "total_income_charged_to_tax": "income_charged_to_tax",
    # reliefs and allowances
    "adjusted_total_income": "adjusted_total_income",
    "income_tax_relief_cap": "relief_cap",
    "trade_loss_relief_against_general_income": "trade_loss_relief",
    "trade_loss_relief_against_savings_and_dividends": "loss_relief_on_savings_and_dividends",
    "net_income_before_trade_loss_relief": "total_income",
    "net_income": "net_income",
    "net_pay_pension_relief": "net_pay_pension_relief",
    "pension_contributions_relief": "pension_contributions_relief",
    "gift_aid_grossed_up": "gift_aid_grossed_up",
    "adjusted_net_income": "adjusted_net_income",
    "personal_allowance": "personal_allowance",
    "blind_persons_allowance": "blind_persons_allowance",
    "allowances": "allowances_and_deductions",
    "received_allowances_earned_income": "allowances_on_other_income",
    "received_allowances_savings_income": "allowances_on_savings",
    "received_allowances_dividend_income": "allowances_on_dividends",
    "received_allowances": "allowances_used",
    "marriage_allowance": "marriage_allowance",
    "meets_marriage_allowance_income_conditions": "in_basic_band_or_below",
    "married_couples_allowance": "married_couples_allowance",
    "married_couples_allowance_deduction": "married_couples_allowance_reduction",
    "income_tax_pre_charges": "tax_before_reductions",
    "capped_mcad": "married_couples_allowance_used",
    # tax
    "basic_rate_earned_income": "earned_at_basic_rate",
    "higher_rate_earned_income": "earned_at_higher_rate",
    "add_rate_earned_income": "earned_at_additional_rate",
    "basic_rate_earned_income_tax": "earned_tax_at_basic_rate",
    "higher_rate_earned_income_tax": "earned_tax_at_higher_rate",
    "add_rate_earned_income_tax": "earned_tax_at_additional_rate",
    "taxed_savings_income": "taxed_savings",
    "basic_rate_savings_income": "savings_at_basic_rate",
    "higher_rate_savings_income": "savings_at_higher_rate",
    "pays_scottish_income_tax": "is_scottish_taxpayer",
    "tax_band": "tax_band",
    "earned_taxable_income": "earned_taxable_income",
    "non_savings_taxable_income": "other_taxable_income",
    "non_savings_income_after_allowances": "other_taxable_income",
    "taxed_income": "taxable_income",
    "taxed_dividend_income": "taxed_dividend_income",
    "earned_income_tax": "earned_income_tax",
    "property_income_tax": "property_income_tax",
    "savings_starter_rate_income": "savings_at_starting_rate",
    "savings_allowance": "savings_allowance",
    "savings_income_tax": "savings_income_tax",
    "dividend_income_tax": "dividend_income_tax",
    "other_tax_credits": "other_tax_reductions",
    "pension_annual_allowance": "pension_annual_allowance",
    "pension_annual_allowance_adjusted_income": "pension_adjusted_income",
    "pension_annual_allowance_threshold_income": "pension_threshold_income",
    "pension_annual_allowance_chargeable_amount": "pension_saving_charged",
    "pension_contributions_for_annual_allowance": "pension_input",
    "pension_contributions_via_salary_sacrifice_from_pay": "pay_sacrificed",
    "unused_pension_annual_allowance": "unused_pension_annual_allowance",
    "pension_annual_allowance_taxable_lump_sum_death_benefits": "taxable_lump_sum_death_benefits",
    "defined_benefit_pension_input_amount": "defined_benefit_pension_saving",
    "pension_contributions_via_salary_sacrifice_pre_2015": (
        "pay_sacrificed_since_before_july_2015"
    ),
    "personal_pension_contributions_tax": "pension_annual_allowance_charge",
    "income_tax_before_winter_fuel_payment_charge": "income_tax_before_winter_fuel_charge",
    "winter_fuel_payment_charge": "winter_fuel_charge",
    "income_tax": "income_tax",
    # Child Benefit
    "child_benefit_entitlement": "child_benefit_for_year",
    "child_benefit": "child_benefit_paid",
    "child_benefit_respective_amount": "child_benefit_for_child",
    "would_claim_child_benefit": "claims_child_benefit",
    "child_benefit_opts_out": "stops_child_benefit_if_all_is_taken_back",
    "is_higher_earner": "pays_child_benefit_charge",
    "CB_HITC": "high_income_child_benefit_charge",
    # National Insurance
    "ni_class_1_income": "class_1_earnings",
    "ni_liable": "pays_class_1",
    "ni_class_1_secondary_liable": "employer_pays_class_1",
    "ni_class_1_employee_primary": "class_1_main",
    "ni_class_1_employee_additional": "class_1_additional",
    "ni_class_1_employee": "class_1_employee",
    "ni_employee": "class_1_employee",
    "ni_class_1_employer": "class_1_employer",
    "ni_employer": "class_1_employer",
    "salary_sacrifice_pension_ni_excess": "salary_sacrifice_excess",
    "salary_sacrifice_pension_ni_employee": "class_1_employee_on_salary_sacrifice",
    "salary_sacrifice_pension_ni_employer": "class_1_employer_on_salary_sacrifice",
    "is_full_year_category_a_director": "is_director_for_whole_year",
    "ni_class_2": "class_2",
    "ni_class_3": "class_3_contributions",
    "ni_class_4_liable": "pays_class_4",
    "ni_class_4_profits_before_losses": "class_4_profits_before_losses",
    "ni_class_4_trading_loss": "trading_loss_claimed",
    "ni_class_4_losses_brought_forward": "class_4_losses_brought_forward",
    "ni_class_4_loss_relief": "class_4_loss_relief",
    "ni_class_4_losses_carried_forward": "class_4_losses_carried_forward",
    "ni_class_4_profits": "class_4_profits",
    "ni_class_4_main": "class_4_main",
    "ni_class_4_maximum": "class_4_maximum",
    "ni_class_4": "class_4",
    "ni_self_employed": "national_insurance_of_self_employed",
    "national_insurance": "national_insurance",
    # sums of the law that a case puts in place of the enacted ones
    "gov.hmrc.national_insurance.salary_sacrifice_pension_cap": "salary_sacrifice_limit",
    "gov.hmrc.income_tax.allowances.trading_allowance": "trading_allowance",
    "gov.hmrc.income_tax.allowances.property_allowance": "property_allowance",
    "gov.hmrc.income_tax.allowances.dividend_allowance": "dividend_allowance",
    "gov.hmrc.income_tax.allowances.personal_allowance.amount": "full_personal_allowance",
    "gov.hmrc.income_tax.allowances.marriage_allowance.max": "marriage_allowance_share",
    "gov.hmrc.income_tax.reliefs.pension_contribution.basic_amount": "pension_basic_amount",
    "gov.hmrc.income_tax.charges.CB_HITC.phase_out_start": "charge_threshold",
    "gov.hmrc.income_tax.reliefs.property_finance_costs.disallowed_share": (
        "finance_costs_not_deducted"
    ),
    "gov.hmrc.income_tax.charges.winter_fuel_payment.income_threshold": "winter_fuel_income_limit",
}

VOCABULARY = Vocabulary(
    names=NAMES,
    adapters={
        "pension_credit_reported": _receives,
        "pension_credit": _receives,
        "universal_credit": _receives,
        "esa_income": _receives,
        "jsa_income": _receives,
        "defined_benefit_pension_share": _defined_benefit,
        "covenanted_payments": _other_deductions,
        "charitable_investment_gifts": _other_deductions,
        "other_deductions": _other_deductions,
        "gov.hmrc.income_tax.charges.CB_HITC.phase_out_end": _charge_step,
        "non_cash_isa_cash_interest": _isa_interest,
        "winter_fuel_payment": lambda value, _: {"winter_fuel_help": value},
        "pension_contributions_via_salary_sacrifice": _sacrificed,
        "pension_contributions_via_bonus_sacrifice": _sacrificed,
    },
    answers={
        "tax_band": (("tax_band",), _band),
        "basic_rate_savings_income_pre_starter": (
            ("savings_after_allowances", "other_taxable_income", "basic_rate_limit"),
            lambda savings, below, limit: max(min(savings, limit - below), Decimal(0)),
        ),
        "total_national_insurance": (
            ("national_insurance", "class_1_employer"),
            lambda own, employer: own + employer,
        ),
        "partners_unused_personal_allowance": (("marriage_allowance",), lambda amount: amount),
        "covenanted_payments": (("other_deductions",), lambda amount: amount),
        "charitable_investment_gifts": (("other_deductions",), lambda amount: amount),
        "other_deductions": (("other_deductions",), lambda amount: amount),
    },
    ignored={
        "would_claim_uc": "take-up",
        "would_claim_pc": "take-up",
        "would_claim_marriage_allowance": "take-up",
        "gov.contrib.behavioral_responses.salary_sacrifice_broad_base_haircut_rate": "behaviour",
        "capital_gains": "capital gains tax is another tax",
        "individual_savings_account_dividend_income": "free of tax",
        "gov.dwp.winter_fuel_payment.eligibility.require_benefits": "bears on the payment only",
        "gov.dwp.winter_fuel_payment.eligibility.taxable_income_test.use_maximum_taxable_income": (
            "bears on the payment only"
        ),
        "gov.dwp.winter_fuel_payment.eligibility.taxable_income_test.maximum_taxable_income": (
            "bears on the payment only"
        ),
        "is_on_winter_fuel_payment_relevant_benefit": "bears on the payment only",
        "gov.contrib.ubi_center.basic_income.phase_out.individual.rate": "no law",
        "gov.contrib.ubi_center.basic_income.phase_out.individual.threshold": "no law",
        "gov.contrib.ubi_center.basic_income.phase_out.household.rate": "no law",
        "gov.contrib.ubi_center.basic_income.phase_out.household.threshold": "no law",
        "bi_maximum": "no law",
        "income_support": "Income Support of one adult does not reach the winter fuel of the other",
        "gov.dwp.housing_benefit.means_test.pension_contribution_deduction_rate": (
            "bears on Housing Benefit only"
        ),
    },
)
