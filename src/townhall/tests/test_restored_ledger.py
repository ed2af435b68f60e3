"""A town hall whose database was restored on a new machine opens before the envelopes do."""

from __future__ import annotations

import shutil

from townhall import standing
from townhall.ledger.tests.conftest import town  # noqa: F401  (a fixture)


def test_a_town_hall_opens_while_its_ledger_cannot(town):  # noqa: F811
    shutil.move(town.data / "ledger", town.data / "old")
    said = []
    steps = standing.steps(town.settings, said.append)
    next(each for each in steps if each.name == "ledger").run()
    assert any("the ledger cannot run" in each for each in said)
