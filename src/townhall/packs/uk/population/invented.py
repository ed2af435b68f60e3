"""An invented population, about the shape of the households of the United Kingdom.

It is for trying things on and for tests: nobody in it exists, and what it says of
a reform is no estimate. The shares and levels below are round figures, near those
that the Office for National Statistics (families and households, 2024), the Family
Resources Survey and the Annual Survey of Hours and Earnings publish; what goes
with what (who rents, who works) is only roughly so. The same seed gives the same
population. Weights make it stand for 28.6 million households.

Drawn are: who lives together, ages, region, how the home is held and its rent,
work with hours and pay, pensions, savings and what they earn, childcare. Nobody
is disabled, cares for anybody, studies or has other benefits: these facts are
taken at their usual values, and everybody who is entitled is taken to claim.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np

from townhall.packs.uk.population import homes, people
from townhall.packs.uk.population.homes import Homes
from townhall.rules.engine.law import FAMILY, HOUSEHOLD, PERSON, Law
from townhall.rules.engine.law.populations.population import Population, dtype_of
from townhall.rules.simulation.loading import Loaded
from townhall.rules.simulation.statistics import Progress

HOUSEHOLDS_OF_THE_COUNTRY: Final = 28_600_000


def population(law: Law, day: date, households: int, seed: int, progress: Progress) -> Loaded:
    """Return an invented population.

    Parameters
    ----------
    households
        How many.
    seed
        Of the random numbers (PCG64).
    """
    random = np.random.Generator(np.random.PCG64(seed))
    made = homes.draw(random, households)
    progress("invent", 0.3)
    facts = people.draw(random, made, day)
    progress("invent", 0.8)
    columns = {
        PERSON: _held(law, facts.of_person),
        FAMILY: _held(law, facts.of_family),
        HOUSEHOLD: _held(law, facts.of_household),
    }
    whole = Population.of(
        made.family_of, made.household_of, made.adult, columns, _ids(made, households)
    )
    weights = np.full(households, HOUSEHOLDS_OF_THE_COUNTRY / households)
    progress("invent", 1.0)
    names = tuple(name for several in columns.values() for name in several)
    return Loaded(whole, weights, names)


def _held(law: Law, facts: dict[str, Any]) -> dict[str, Any]:
    """Return columns as the law holds them; texts of a choice become their places."""
    found = {}
    for name, values in facts.items():
        unit = law.variables[name].kind.unit
        if unit.base == "choice" and values.dtype.kind == "U":
            options, place = np.unique(values, return_inverse=True)
            found[name] = np.array([unit.options.index(str(each)) for each in options])[place]
        else:
            found[name] = values
        found[name] = found[name].astype(dtype_of(unit))
    return found


def _ids(made: Homes, households: int) -> dict[Any, Any]:
    return {
        PERSON: np.arange(len(made.family_of)),
        FAMILY: np.arange(len(made.household_of)),
        HOUSEHOLD: np.arange(households),
    }
