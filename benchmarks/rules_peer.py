"""The peer of `benchmarks.rules`: the same rule set in the language of OpenFisca.

Run by the benchmark with the Python of an environment that has OpenFisca-Core; it
imports nothing of Townhall. Arguments: folder of the columns, file of the rates,
folder for the results, number of runs. Prints one JSON line: CPU seconds of the
calculation alone (best run), seconds of building the simulation, peak memory.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from openfisca_core.entities import Entity, GroupEntity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import YEAR
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2025"
Person = Entity("person", "persons", "A person", "")
Family = GroupEntity("family", "families", "A family", "", roles=[{"key": "member"}])
INPUTS = {
    "person": ("age", "employment_income", "other_income", "pension_contributions"),
    "family": ("capital", "rent"),
}
GOALS = (
    "income_tax",
    "national_insurance",
    "child_benefit_charge",
    "universal_credit",
    "net_income",
)


def variable(entity: Any, kind: type = float) -> Any:
    """Make a variable of the formula below, or of a name where there is none."""

    def made(formula: Any) -> Any:
        parts = {"value_type": kind, "entity": entity, "definition_period": YEAR, "label": ""}
        if callable(formula):
            parts["formula"] = formula
        name = formula if isinstance(formula, str) else formula.__name__
        return type(name, (Variable,), parts)

    return made


@variable(Person)
def total_income(person, period, parameters):
    return person("employment_income", period) + person("other_income", period)


@variable(Person)
def adjusted_net_income(person, period, parameters):
    income = person("total_income", period) - person("pension_contributions", period)
    return np.maximum(income, 0)


@variable(Person)
def personal_allowance(person, period, parameters):
    allowance = parameters(period).allowance
    above = np.maximum(person("adjusted_net_income", period) - allowance.limit, 0)
    return np.maximum(allowance.full - above / 2, 0)


@variable(Person)
def taxable_income(person, period, parameters):
    income = person("adjusted_net_income", period) - person("personal_allowance", period)
    return np.maximum(income, 0)


@variable(Person)
def income_tax(person, period, parameters):
    return parameters(period).tax.calc(person("taxable_income", period))


@variable(Person, bool)
def is_pensioner(person, period, parameters):
    return person("age", period) >= parameters(period).pension_age


@variable(Person)
def national_insurance(person, period, parameters):
    due = parameters(period).ni.calc(person("employment_income", period))
    return np.where(person("is_pensioner", period), 0, due)


@variable(Person, bool)
def is_child(person, period, parameters):
    return person("age", period) < 16


@variable(Person, bool)
def is_adult_over_25(person, period, parameters):
    return person("age", period) >= 25


@variable(Person)
def net_earnings(person, period, parameters):
    earned = person("employment_income", period) - person("income_tax", period)
    earned = earned - person("national_insurance", period)
    return np.maximum(earned - person("pension_contributions", period), 0)


@variable(Person)
def net_personal_income(person, period, parameters):
    taxes = person("income_tax", period) + person("national_insurance", period)
    return person("total_income", period) - taxes


@variable(Family)
def children(family, period, parameters):
    return family.sum(family.members("is_child", period))


@variable(Family)
def adults(family, period, parameters):
    return family.sum(~family.members("is_child", period))


@variable(Family, bool)
def couple(family, period, parameters):
    return family("adults", period) >= 2


@variable(Family, bool)
def over_25(family, period, parameters):
    return family.any(family.members("is_adult_over_25", period))


@variable(Family, bool)
def all_pensioners(family, period, parameters):
    return family.sum(family.members("is_pensioner", period)) >= family("adults", period)


@variable(Family)
def child_benefit(family, period, parameters):
    benefit, number = parameters(period).benefit, family("children", period)
    return np.where(number >= 1, benefit.eldest + benefit.other * (number - 1), 0)


@variable(Family)
def highest_income(family, period, parameters):
    return family.max(family.members("adjusted_net_income", period))


@variable(Family)
def charge_percent(family, period, parameters):
    charge = parameters(period).charge
    above = family("highest_income", period) - charge["from"]
    return np.floor(np.clip(above / charge.step, 0, 100))


@variable(Family)
def child_benefit_charge(family, period, parameters):
    return np.floor(family("child_benefit", period) * family("charge_percent", period) / 100)


@variable(Family)
def uc_standard_allowance(family, period, parameters):
    uc = parameters(period).uc
    couple_, over = family("couple", period), family("over_25", period)
    return np.select(
        [couple_ & over, couple_, over], [uc.couple, uc.couple_young, uc.single], uc.single_young
    )


@variable(Family)
def uc_child_element(family, period, parameters):
    uc, number = parameters(period).uc, family("children", period)
    counted = np.minimum(number, uc.child_limit)
    return np.where(number >= 1, uc.first_child + uc.other_child * (counted - 1), 0)


@variable(Family)
def uc_maximum(family, period, parameters):
    elements = family("uc_standard_allowance", period) + family("uc_child_element", period)
    return elements + family("rent", period)


@variable(Family)
def uc_work_allowance(family, period, parameters):
    uc = parameters(period).uc
    amount = np.where(family("rent", period) > 0, uc.work_allowance_housing, uc.work_allowance)
    return np.where(family("children", period) >= 1, amount, 0)


@variable(Family)
def uc_earned_income(family, period, parameters):
    return family.sum(family.members("net_earnings", period)) / 12


@variable(Family)
def uc_earnings_reduction(family, period, parameters):
    earned = family("uc_earned_income", period) - family("uc_work_allowance", period)
    return np.maximum(earned, 0) * parameters(period).uc.taper


@variable(Family)
def uc_tariff_income(family, period, parameters):
    uc = parameters(period).uc
    above = np.maximum(family("capital", period) - uc.capital_lower, 0)
    return np.ceil(above / uc.tariff_step) * uc.tariff


@variable(Family)
def uc_unearned_income(family, period, parameters):
    return family.sum(family.members("other_income", period)) / 12


@variable(Family, bool)
def uc_eligible(family, period, parameters):
    few = family("capital", period) <= parameters(period).uc.capital_limit
    return few & ~family("all_pensioners", period)


@variable(Family)
def universal_credit(family, period, parameters):
    reductions = family("uc_earnings_reduction", period) + family("uc_tariff_income", period)
    reductions = reductions + family("uc_unearned_income", period)
    award = np.maximum(family("uc_maximum", period) - reductions, 0)
    return np.where(family("uc_eligible", period), award, 0) * 12


@variable(Family)
def net_income(family, period, parameters):
    benefits = family("child_benefit", period) - family("child_benefit_charge", period)
    personal = family.sum(family.members("net_personal_income", period))
    return personal + benefits + family("universal_credit", period)


def system(rates: dict[str, float]) -> Any:
    """Return the tax and benefit system with the rates of the other engines."""
    found = TaxBenefitSystem([Person, Family])
    for entity, names in ((Person, INPUTS["person"]), (Family, INPUTS["family"])):
        for name in names:
            found.add_variable(variable(entity)(name))
    for each in list(globals().values()):
        if isinstance(each, type) and issubclass(each, Variable) and each is not Variable:
            found.add_variable(each)
    found.parameters = ParameterNode("", data=_tree(rates))
    return found


def _tree(rates: dict[str, float]) -> dict[str, Any]:
    start = "2020-01-01"
    tree: dict[str, Any] = {}
    for key, value in rates.items():
        *groups, name = key.split(".")
        if groups not in (["tax"], ["ni"]):
            node = tree
            for group in groups:
                node = node.setdefault(group, {})
            node[name] = {"values": {start: {"value": value}}}

    def bands(*pairs: tuple[float, float]) -> dict[str, Any]:
        return {
            "brackets": [
                {"threshold": {start: {"value": at}}, "rate": {start: {"value": share}}}
                for at, share in pairs
            ]
        }

    tree["tax"] = bands(
        (0, rates["tax.basic"]),
        (rates["tax.higher_from"], rates["tax.higher"]),
        (rates["tax.additional_from"], rates["tax.additional"]),
    )
    tree["ni"] = bands(
        (rates["ni.from"], rates["ni.main"]), (rates["ni.upper_from"], rates["ni.upper"])
    )
    return tree


def simulation(made: Any, columns: dict[str, Any]) -> Any:
    """Return a simulation of the households of the files."""
    builder = SimulationBuilder()
    builder.create_entities(made)
    persons, families = len(columns["family_of"]), len(columns["capital"])
    builder.declare_person_entity("person", np.arange(persons))
    group = builder.declare_entity("family", np.arange(families))
    builder.join_with_persons(group, columns["family_of"], np.zeros(persons, int))
    found = builder.build(made)
    for names in INPUTS.values():
        for name in names:
            found.set_input(name, PERIOD, columns[name])
    return found


def main(folder: str, rates: str, results: str, runs: str) -> None:
    """Measure, and keep the goals of the last run."""
    columns = {path.stem: np.load(path) for path in sorted(Path(folder).glob("*.npy"))}
    made = system(json.loads(Path(rates).read_text(encoding="utf-8")))
    seconds, building = [], 0.0
    values: dict[str, Any] = {}
    for _ in range(int(runs)):
        values = {}
        begun = time.process_time()
        built = simulation(made, columns)
        building = time.process_time() - begun
        begun = time.process_time()
        values = {goal: built.calculate(goal, PERIOD) for goal in GOALS}
        seconds.append(time.process_time() - begun)
        del built
        gc.collect()  # a simulation and its variables refer to each other
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
    if results:
        for goal, found in values.items():
            np.save(Path(results) / f"{goal}.npy", found)
    print(json.dumps({"cpu_s": min(seconds), "building_s": building, "peak_mb": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
