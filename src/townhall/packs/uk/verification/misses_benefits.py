"""Why cases of benefits do not agree, with the law that decides.

The key is the beginning of a case's name. Of the cases not listed here, a miss is ours to mend.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from townhall.packs.uk.verification import MissClass

_FAMILY: Final = "policy/baseline/finance/benefit/family/"
_UC: Final = f"{_FAMILY}universal_credit/"
_DWP: Final = "policy/baseline/gov/dwp/"
_PC: Final = f"{_DWP}pension_credit/"

_POOL = (
    "how the source shares what a household has among its families: no law, and no rule of ours "
    "has the name (Welfare Reform Act 2012 s.5 asks whose the capital is)"
)
_REFORM = "a sum or rule that is not the law is put in place of the enacted one"
_OLDER = (
    "tax credits and other older benefits are worked out (Tax Credits Act 2002; Welfare Reform Act "
    "2012 s.33): they ended, and this pack has no rules for them"
)
_NOT_ENACTED = (
    "the amounts of 2027-28 are not enacted (Social Security Administration Act 1992 s.150A): we "
    "refuse the year, the source raises by a forecast"
)
_SEPTEMBER = (
    "a young person of 16 counts until the 1 September after the birthday (SI 2013/376 reg. "
    "5(1)(a)); the source takes the whole year"
)
_ITSELF = (
    "a claimant is no child of a family (SI 2013/376 reg. 4): our rule of that name says so, the "
    "source's leaves it to the elements"
)
_SCOTS = (
    "Carer Support Payment is paid in Scotland in place of Carer's Allowance; the cases leave it "
    "to be presumed, and we presume Carer's Allowance (same sum)"
)
_SALE = (
    "property counts less 10% where there would be costs of sale (SI 2002/1792 reg. 19); the "
    "source takes the whole value"
)

MISSES: Final[Mapping[str, tuple[MissClass, str]]] = {
    # households and surveys
    f"{_UC}uc_assessable_capital.yaml": ("out_of_scope", _POOL),
    f"{_UC}company/uc_company_analogous_business.yaml": ("out_of_scope", _POOL),
    f"{_UC}is_UC_eligible.yaml#10": ("convention", _POOL),
    f"{_DWP}universal_credit/uc_property_capital.yaml": ("out_of_scope", _POOL),
    f"{_PC}pension_credit_reported_capital.yaml#0": ("out_of_scope", _POOL),
    "policy/baseline/household/wealth/benunit_reported_capital.yaml": ("out_of_scope", _POOL),
    "policy/baseline/household/demographic/": (
        "convention",
        "who heads a household is presumed from the order of persons: no law",
    ),
    f"{_UC}is_uc_assessed_claimant.yaml#3": (
        "theirs",
        "a claim is of one person or of a couple (Welfare Reform Act 2012 s.2(1)), not of three",
    ),
    # not the law in force
    "policy/reforms/": ("out_of_scope", _REFORM),
    "policy/integration/uc_child_responsibility_housing_contribution.yaml": (
        "out_of_scope",
        _REFORM,
    ),
    f"{_UC}income/uc_earnings_deductions.yaml#14": ("out_of_scope", _REFORM),
    f"{_UC}uc_fixed_deductions.yaml": ("out_of_scope", _REFORM),
    f"{_UC}claims_universal_credit.yaml#19": ("out_of_scope", _REFORM),
    f"{_UC}claims_universal_credit.yaml#21": (
        "out_of_scope",
        "local housing allowances of areas (Rent Officers Order 2013) are facts of a case here",
    ),
    f"{_FAMILY}income_support/income_support_withdrawal_rate.yaml": ("out_of_scope", _REFORM),
    "policy/baseline/finance/benefit/child_qualifying_young_person.yaml": ("out_of_scope", _REFORM),
    f"{_DWP}benefit_cap/benefit_cap_earnings_exception_earned_income.yaml": (
        "out_of_scope",
        _REFORM,
    ),
    f"{_PC}claimant_partner_income_and_carers.yaml#4": ("out_of_scope", _REFORM),
    f"{_UC}claims_universal_credit.yaml#3": ("out_of_scope", _NOT_ENACTED),
    f"{_PC}guarantee_credit/standard_minimum_guarantee.yaml": ("out_of_scope", _NOT_ENACTED),
    f"{_PC}savings_credit/savings_credit.yaml": ("out_of_scope", _NOT_ENACTED),
    # benefits that ended, rents of areas, other schemes
    f"{_FAMILY}housing_benefit/": (
        "out_of_scope",
        "Housing Benefit is no part of this pack (Welfare Reform Act 2012 s.33(1)(d))",
    ),
    f"{_FAMILY}rent_of_sharers_boarders_and_lodgers.yaml": (
        "out_of_scope",
        "how joint tenants, boarders and lodgers share a rent (SI 2013/376 Sch. 4 para. 24)",
    ),
    f"{_DWP}housing_benefit_": (
        "out_of_scope",
        "Housing Benefit is no part of this pack (Welfare Reform Act 2012 s.33(1)(d))",
    ),
    f"{_DWP}is_SP_age.yaml#11": (
        "convention",
        "a State Pension reported before its age: the source strikes it out, we read the fact",
    ),
    f"{_FAMILY}esa_income/": ("out_of_scope", _OLDER),
    f"{_FAMILY}jsa_income/": ("out_of_scope", _OLDER),
    f"{_FAMILY}income_support/": ("out_of_scope", _OLDER),
    f"{_DWP}tax_credits_": ("out_of_scope", _OLDER),
    f"{_PC}guarantee_credit/child_amount_tax_credit_award.yaml": ("out_of_scope", _OLDER),
    f"{_DWP}benefit_cap/benefit_cap_capped_total.yaml": ("out_of_scope", _OLDER),
    f"{_DWP}benefit_cap_by_scheme.yaml": (
        "out_of_scope",
        "the cap within Housing Benefit (SI 2006/213 Part 8A)",
    ),
    f"{_DWP}benefit_cap/benefit_cap_specified_benefits.yaml#7": ("out_of_scope", _OLDER),
    f"{_DWP}benefit_cap/benefit_cap_specified_benefits.yaml#21": (
        "out_of_scope",
        "local housing allowances of areas (Rent Officers Order 2013) are facts of a case here",
    ),
    f"{_UC}legacy_closure_ineligible_partner.yaml": (
        "out_of_scope",
        "local housing allowances of areas (Rent Officers Order 2013) are facts of a case here",
    ),
    f"{_UC}legacy_closure_pension_route.yaml": ("out_of_scope", _OLDER),
    "policy/integration/entitledto_scenarios.yaml": (
        "out_of_scope",
        "local housing allowances of areas (Rent Officers Order 2013) are facts of a case here",
    ),
    "policy/baseline/gov/dfe/": (
        "out_of_scope",
        "childcare schemes of the Department for Education are no part of this pack",
    ),
    "policy/baseline/gov/welsh_government/": (
        "out_of_scope",
        "the childcare offer of Wales is no part of this pack",
    ),
    f"{_FAMILY}severe_disability_premium.yaml": (
        "convention",
        "whom a carer cares for is presumed when a case does not say",
    ),
    # where we differ
    f"{_UC}child_element/disability/uc_individual_disabled_child_element.yaml#1": (
        "convention",
        _ITSELF,
    ),
    f"{_UC}claimant_child_element.yaml#0": ("convention", _ITSELF),
    f"{_UC}income/uc_earned_income.yaml#0": (
        "theirs",
        "income that is taxed as miscellaneous is unearned (SI 2013/376 reg. 66(1)(m)), not earned",
    ),
    f"{_UC}income/income_floor/uc_minimum_income_floor.yaml#16": (
        "convention",
        "rates in the middle of the tax year: the minimum wage rose in October 2016 (SI 2016/953)",
    ),
    f"{_UC}income/uc_unearned_benefits.yaml#10": ("convention", _SCOTS),
    f"{_PC}pension_credit_carer_income.yaml#2": (
        "out_of_scope",
        "the Scottish Carer Supplement (Social Security (Scotland) Act 2018 s.81)",
    ),
    f"{_DWP}benefit_cap/benefit_cap_specified_benefits.yaml#31": ("theirs", _SEPTEMBER),
    f"{_DWP}benefit_cap.yaml": ("theirs", _SEPTEMBER),
    f"{_DWP}lifetime_isa_capital.yaml#23": (
        "convention",
        "there was no Lifetime ISA in 2016; we count one that is given",
    ),
    f"{_DWP}lifetime_isa_capital.yaml#21": (
        "convention",
        "capital of whom the source takes for a claimant of working age",
    ),
    f"{_PC}mixed_age_couples.yaml#8": (
        "convention",
        "rates in the middle of the tax year: the rule for couples changed on 15 May 2019 (SI "
        "2019/37)",
    ),
    f"{_PC}claimant_partner_income_and_carers.yaml#0": (
        "theirs",
        "a lone parent's earnings are disregarded up to 20 pounds (SI 2002/1792 Sch. VI para. 1)",
    ),
    f"{_PC}pension_credit_earnings_disregard.yaml#21": (
        "ours",
        "our rule does not find tax that earnings cause on savings (SI 2002/1792 reg. 17A)",
    ),
    f"{_PC}pension_credit_earnings_disregard.yaml#24": (
        "theirs",
        "half of pension contributions comes off earnings only (SI 2002/1792 reg. 17A(4A))",
    ),
    f"{_PC}pension_credit_earnings_disregard.yaml#17": (
        "theirs",
        "the marriage allowance gives relief at the basic rate (ITA 2007 s.55B(3))",
    ),
    f"{_PC}pension_credit_earnings_disregard.yaml#18": (
        "theirs",
        "the marriage allowance gives relief at the basic rate (ITA 2007 s.55B(3))",
    ),
    f"{_PC}pension_credit_income.yaml#3": ("theirs", _SALE),
    "policy/baseline/gov/local_authorities/council_tax_reduction/"
    "council_tax_reduction_pension_credit.yaml#15": ("theirs", _SALE),
    "policy/baseline/gov/local_authorities/council_tax_reduction/"
    "council_tax_reduction_carer_support_payment.yaml#7": ("convention", _SCOTS),
    f"{_PC}pension_credit_reported_capital.yaml#5": (
        "convention",
        "capital of a Lifetime ISA that is given as a result beside a reported total",
    ),
}
