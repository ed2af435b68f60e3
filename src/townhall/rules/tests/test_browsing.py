"""Looking at the law: its parts, what rests on what, and who checks a rule."""

from __future__ import annotations

from datetime import date

import pytest

from townhall.rules import browsing
from townhall.rules.tests.invented_law import LAW

DAY = date(2026, 6, 1)


def test_a_part_has_its_rules_and_facts_in_their_order() -> None:
    (part,) = browsing.parts(LAW)
    assert part.title == "Help for families"
    assert part.rules[:2] == ("is_child", "childrens_money")
    assert part.facts[0] == "date_of_birth"
    assert browsing.part_of(LAW, "rent") == part
    assert browsing.part_of(LAW, "nothing") is None


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("children's money", "childrens_money"),
        ("CHILDREN mon", "childrens_money"),
        ("for each child", "child_money.each"),
        ("Invented Act", "is_child"),
        ("childrens_money", "childrens_money"),
        ("date birth", "date_of_birth"),
    ],
)
def test_the_search_finds_the_beginnings_of_words(asked: str, first: str) -> None:
    assert browsing.search(LAW, asked, "en")[0] == first


@pytest.mark.parametrize("asked", ["", "   ", "…", "nothing like it"])
def test_the_search_finds_nothing_where_there_is_nothing(asked: str) -> None:
    assert browsing.search(LAW, asked, "en") == ()


def test_users_and_what_lies_below_are_each_others_inverse() -> None:
    law = LAW.on(DAY)
    using = browsing.users(law)
    assert using["child_money.each"] == ("childrens_money",)
    assert set(using["pay"]) == {"family_income", "tax"}
    for variable in law.variables.values():
        for used in variable.arguments:
            assert variable.name in using[used]
            assert browsing.everything_below(law, variable.name)[used] == 1


def test_a_programme_is_named_for_every_rule_fact_and_rate_below_it() -> None:
    law = LAW.on(DAY)
    assert browsing.programmes_on(law, "pay") == ("rent", "tax")
    assert browsing.programmes_on(law, "tax.free") == ("tax",)
    assert browsing.programmes_on(law, "is_child") == ("childrens_money",)


def test_a_suite_touches_what_it_names_and_what_lies_below() -> None:
    from townhall.packs.uk.rules import UK

    suites = browsing.suites("uk")
    assert "child_benefit_weekly" in suites["govuk_child_benefit"]
    law = UK.on(DAY)
    found = dict(browsing.suites_of("uk", law, "child_benefit_weekly"))
    assert found["govuk_child_benefit"] == "child_benefit_weekly", "named itself"
    assert "govuk_minimum_wage" not in found
    below = dict(browsing.suites_of("uk", law, "other_children"))
    assert below["govuk_child_benefit"] != "other_children", "through a rule above it"


def test_a_pack_without_suites_has_none() -> None:
    assert browsing.suites("no_such_pack") == {}
