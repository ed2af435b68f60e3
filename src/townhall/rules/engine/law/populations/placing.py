"""Who belongs to whom in a block of a population, as indices from its first row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from townhall.rules.engine.law.entities import FAMILY, HOUSEHOLD, Entity
from townhall.rules.engine.law.populations.population import Array, Block, Population


@dataclass(frozen=True, slots=True)
class Place:
    """What an index says.

    Attributes
    ----------
    what
        `up`: of each of the narrower, the row of the wider, or None where each has
        just one · `starts`: of each of the wider, the row of the first member ·
        `partner`: the row of the partner, or the own one · `coupled`: whether
        there is a partner · `adult`.
    """

    what: str
    narrow: Entity
    wide: Entity

    def of(self, population: Population, block: Block) -> Any:
        """Return the index for a block."""
        rows = block.rows(self.narrow)
        if self.what == "adult":
            return population.adult[rows]
        if self.what == "coupled":
            return population.partner[rows] >= 0
        if self.what == "partner":
            own = np.arange(rows.start, rows.stop)
            partner = population.partner[rows]
            return np.where(partner >= 0, partner, own) - rows.start
        wide = block.rows(self.wide)
        if self.what == "starts":
            return population.starts[self.narrow, self.wide][wide] - rows.start
        if rows.stop - rows.start == wide.stop - wide.start:
            return None
        return _up(population, self.narrow, self.wide, rows) - wide.start


def _up(population: Population, narrow: Entity, wide: Entity, rows: slice) -> Array:
    if narrow == FAMILY:
        return population.household_of[rows].astype(np.intp)
    family = population.family_of[rows].astype(np.intp)
    return population.household_of.take(family).astype(np.intp) if wide == HOUSEHOLD else family
