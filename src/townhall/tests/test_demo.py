"""The demo borough, loaded through the rooms as real data would be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from townhall.demo import living, loading
from townhall.directory import operations as directory
from townhall.foundation import settings as configuration
from townhall.foundation.acting import SYSTEM
from townhall.foundation.database.scope import scope
from townhall.identity import operations as identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_mode(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TOWNHALL_PROFILE", "demo")
    configuration.current.cache_clear()
    yield
    monkeypatch.undo()
    configuration.current.cache_clear()


def test_invented_residents_never_come_among_real_ones() -> None:
    with pytest.raises(identity.DemoDisabled, match="real residents"):
        loading.load(lambda words: None)
    assert directory.provenance() is None


def test_the_borough_is_loaded_once(demo_mode: None) -> None:
    said: list[str] = []
    loading.load(said.append)
    assert [line.partition(":")[0] for line in said] == [
        "Population register",
        "Vehicle register",
        "Electoral register",
        "Council Tax register",
        "Income register",
        "Accounts for payments",
        "demo sign-ins",
        "councils",
    ]
    with scope(SYSTEM):
        people = identity.demo_people()
    assert [person.key for person in people][:2] == ["megan", "priya"]
    assert all(set(person.note) == {"en", "cy"} for person in people)
    roles = {role: agency for person in people for role, agency in person.roles}
    assert roles["permits.officer"] == "transport"
    assert len({person.person_id for person in people}) == len(people)
    assert len(directory.authorities()) == 426
    said.clear()
    loading.load(said.append)
    assert said == []


def children_of(key: str) -> list[str]:
    return [child["name"] for child in living.children_of(living.resident_by(key))]


def test_a_birth_of_the_demo_is_registered_once(demo_mode: None) -> None:
    said = living.birth("daniel", name="Ada", born=date(2026, 11, 20))
    assert said == "Registered: Ada Okafor, born on 2026-11-20, a child of Daniel Okafor."
    living.birth("daniel", name="Ada", born=date(2026, 11, 20))
    living.birth("daniel", name="Bo", born=date(2026, 11, 20))
    assert children_of("daniel") == ["Ada Okafor", "Bo Okafor"]
    living.birth("daniel", name="Cai", born=date(2026, 11, 18))
    assert children_of("daniel") == ["Ada Okafor", "Bo Okafor", "Cai Okafor"], "born before them"
    with pytest.raises(living.NobodyThere, match="daniel"):
        living.birth("nobody", name="Ada", born=date(2026, 11, 20))


def test_nothing_happens_by_itself_among_real_residents() -> None:
    with pytest.raises(identity.DemoDisabled):
        living.income("daniel", amount="1", since=date(2026, 11, 20))
