"""What is counted in a population of the United Kingdom, and an invented one to try things on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from townhall.rules.simulation.statistics import Cost, Progress, Statistics

if TYPE_CHECKING:
    from townhall.rules.engine.law import Law
    from townhall.rules.simulation.loading import Loaded


def _invent(law: Law, day: date, households: int, seed: int, progress: Progress) -> Loaded:
    from townhall.packs.uk.population import invented

    return invented.population(law, day, households, seed, progress)


STATISTICS = Statistics(
    net_income="household_net_income",
    costs=(
        Cost("income_tax", gives=False),
        Cost("high_income_child_benefit_charge", gives=False, within="income_tax"),
        Cost("national_insurance", gives=False),
        Cost("child_benefit_paid", programme="child_benefit"),
        Cost("universal_credit_payment", programme="universal_credit"),
        Cost("pension_credit_payment", programme="pension_credit"),
        Cost("winter_fuel_help"),
    ),
    age="age",
    pensioner="state_pension_age_reached",
    invent=_invent,
)
