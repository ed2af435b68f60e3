"""Residents find a service in their own words, in both languages."""

from __future__ import annotations

import pytest

from townhall.catalogue import operations as catalogue

pytestmark = pytest.mark.django_db


MEANT = (
    ("parking permit", "en", "resident-permit"),
    ("park my car outside", "en", "resident-permit"),
    ("money for my baby", "en", "child-benefit"),
    ("family allowance", "en", "child-benefit"),
    ("hole in the road", "en", "street-problem"),
    ("fly tipping", "en", "street-problem"),
    ("street light broken", "en", "street-problem"),
    ("electoral roll", "en", "register-to-vote"),
    ("voting", "en", "register-to-vote"),
    ("caravan", "en", "towing-rules"),
    ("sick pay", "en", "statutory-sick-pay"),
    ("my employee is ill", "en", "statutory-sick-pay"),
    ("trwydded barcio", "cy", "resident-permit"),
    ("arian i'm babi", "cy", "child-benefit"),
    ("twll yn y ffordd", "cy", "street-problem"),
    ("pleidleisio", "cy", "register-to-vote"),
    ("carafan", "cy", "towing-rules"),
    ("tal salwch", "cy", "statutory-sick-pay"),
)


def test_the_service_meant_comes_first() -> None:
    catalogue.load_packs()
    missed = {}
    for words, language, expected in MEANT:
        found = [card.key for card in catalogue.search(words, language)]
        if found[:1] != [expected]:
            missed[words] = found
    assert missed == {}
