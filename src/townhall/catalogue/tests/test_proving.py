"""Versions that went live stand on the ledger in the open, and name the algorithm."""

from __future__ import annotations

import pytest

from townhall.catalogue import operations as catalogue
from townhall.catalogue.operations import proving
from townhall.foundation.acting import SYSTEM
from townhall.ledger import operations as ledger

pytestmark = pytest.mark.django_db


def test_a_version_and_its_algorithm_stand_on_the_ledger():
    catalogue.load_packs()
    definition = catalogue.live("child-benefit")
    proving.commit_version(definition.hash)
    proving.commit_version(definition.hash)
    ref = f"service:child-benefit:{definition.version}"
    version = ledger.find(SYSTEM, log="definitions", ref=ref)
    assert version.body == {
        "digest": definition.hash,
        "service": "child-benefit",
        "version": definition.version,
    }
    algorithm = ledger.find(SYSTEM, log="algorithms", ref=ref)
    assert algorithm.body["status"] == "in_use"
    assert algorithm.body["digest"] != definition.hash
