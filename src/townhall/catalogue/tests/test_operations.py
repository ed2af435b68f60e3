"""Publishing, reading back and searching, on a real PostgreSQL as the application role."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from townhall.catalogue import models
from townhall.catalogue import operations as catalogue
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.operations import library
from townhall.catalogue.tests.conftest import APPEAL, PERMIT, WHICH
from townhall.foundation.acting import ANONYMOUS, SYSTEM, Acting

OWNER = Acting(
    actor="officer:0198c0de-0000-7000-8000-000000000001", roles=frozenset({"catalogue.owner"})
)


@pytest.fixture(autouse=True)
def _own_town_hall(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The small town hall of the engine's tests, and nothing remembered from other tests."""
    monkeypatch.setattr(library, "pack", lambda: pack)
    monkeypatch.setattr(library, "_shelf", library._Shelf())
    yield


def publish(text: str, acting: Acting = SYSTEM) -> catalogue.Publication:
    return catalogue.publish(text=text, filename="permit.yaml", acting=acting)


def version(number: int, right: str = "", wrong: str = "") -> str:
    text = PERMIT.replace("version: 4", f"version: {number}")
    return text.replace(right, wrong, 1) if right else text


@pytest.mark.django_db
class TestTheGate:
    def test_what_is_good_goes_live_and_only_once(self) -> None:
        done = publish(version(4))
        assert done.status == "published"
        assert catalogue.live("resident-permit").hash == done.hash
        assert publish(version(4)).status == "unchanged"
        assert len(catalogue.versions(key="resident-permit")) == 1

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (version(5, "agency: transport", "agency: nobody"), "has errors"),
            (version(5, "fee: 120.00", "fee: 12.00"), "Tests of the definition fail"),
            (version(4, "5 years", "6 years"), "Write  version: 5"),
            (version(3), "Write  version: 5"),
            (version(5, "How long?", "Which wheel is broken?"), "asks something else"),
            (
                version(5).replace("review}", "checking}").replace("  review: {", "  checking: {"),
                "The state “review” disappears",
            ),
            ("not: [yaml", "has errors"),
            ("", "has errors"),
        ],
    )
    def test_what_is_not_good_is_refused_and_the_old_version_goes_on(
        self, text: str, reason: str
    ) -> None:
        before = publish(version(4))
        with pytest.raises(catalogue.PublicationRefused, match=reason):
            publish(text)
        assert catalogue.live("resident-permit").hash == before.hash
        assert [line.number for line in catalogue.versions(key="resident-permit")] == [4]

    def test_a_refusal_says_everything_at_once(self) -> None:
        text = version(4, "agency: transport", "agency: nobody").replace("{type: plate}", "{}")
        with pytest.raises(catalogue.PublicationRefused) as refused:
            publish(text)
        assert len(refused.value.problems) >= 2
        assert "permit.yaml:" in str(refused.value)
        with pytest.raises(catalogue.PublicationRefused) as failed:
            publish(version(4, "fee: 120.00", "fee: 1.00"))
        assert "expected 1.00, got 120.00 GBP" in str(failed.value)

    @pytest.mark.parametrize(
        "acting", [ANONYMOUS, Acting(actor="officer:x", roles=frozenset({"permits.officer"}))]
    )
    def test_only_a_service_owner_may_publish(self, acting: Acting) -> None:
        with pytest.raises(catalogue.NotPermitted):
            publish(version(4), acting)
        assert publish(version(4), OWNER).status == "published"
        (line,) = catalogue.versions(key="resident-permit")
        assert line.published_by == OWNER.actor

    def test_a_change_is_kept_in_words_with_the_version(self) -> None:
        publish(version(4))
        shorter = version(5, "legal: 8 weeks", "legal: 7 weeks")
        done = publish(shorter.replace("2027-01-18", "2027-01-11"))
        assert any("8 weeks → 7 weeks" in each.words for each in done.changes)
        newest, first = catalogue.versions(key="resident-permit")
        assert any("8 weeks → 7 weeks" in each["words"] for each in newest.changes)
        assert first.changes == ()
        assert catalogue.difference(old=first.hash, new=newest.hash) == done.changes

    def test_publishing_is_remembered_as_an_event(self) -> None:
        publish(version(4))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.system', 'on', true)")
            cursor.execute(
                "SELECT payload FROM foundation_event WHERE kind = 'catalogue.published'"
            )
            ((payload,),) = cursor.fetchall()
        assert "resident-permit" in str(payload)

    def test_a_dry_run_changes_nothing(self) -> None:
        publish(version(4))
        found = catalogue.check(text=version(5, "5 years", "6 years"), filename="x.yaml")
        assert found.report is not None
        assert found.report.passed
        assert [each.kind for each in found.changes] == ["rule"]
        assert [each.complete for each in found.replayed] == [True, True, True]
        broken = catalogue.check(text="x", filename="x.yaml")
        assert broken.definition is None
        assert broken.problems
        assert [line.number for line in catalogue.versions(key="resident-permit")] == [4]

    def test_health_looks_again_with_the_pack_of_today(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(version(4))
        assert catalogue.health(key="resident-permit").good
        from dataclasses import replace

        poorer = replace(library.pack(), roles={})
        monkeypatch.setattr(library, "pack", lambda: poorer)
        assert not catalogue.health(key="resident-permit").good


@pytest.mark.django_db
class TestVersionsForEver:
    def test_drafts_find_the_version_they_began_with(self) -> None:
        old = publish(version(4)).hash
        new = publish(version(5, "5 years", "6 years")).hash
        library._shelf.versions.clear()
        assert catalogue.by_hash(old).version == 4
        assert catalogue.by_hash(new).version == 5
        assert catalogue.by_hash(old) == catalogue.by_hash(old)
        assert catalogue.source_of(old) == version(4)
        with pytest.raises(catalogue.VersionNotFound):
            catalogue.by_hash("0" * 64)

    def test_a_rebuilt_version_is_the_published_one(self) -> None:
        done = publish(version(4))
        published = catalogue.by_hash(done.hash)
        library._shelf.versions.clear()
        rebuilt = catalogue.by_hash(done.hash)
        assert rebuilt is not published
        assert rebuilt.canonical == published.canonical
        assert rebuilt.order == published.order
        assert rebuilt.pages == published.pages
        assert rebuilt.letters.keys() == published.letters.keys()

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE catalogue_version SET source = 'x'",
            "DELETE FROM catalogue_version",
            "TRUNCATE catalogue_version CASCADE",
        ],
    )
    def test_the_application_cannot_change_or_remove_a_version(self, statement: str) -> None:
        publish(version(4))
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)
        assert models.Version.objects.count() == 1

    def test_numbers_are_small_and_stay(self) -> None:
        publish(version(4))
        number = catalogue.number_of("resident-permit")
        publish(version(5, "5 years", "6 years"))
        assert catalogue.number_of("resident-permit") == number
        assert catalogue.key_of(number) == "resident-permit"
        for missing in ("nothing", "", "resident-permit' OR 1=1", "a\x00"):
            with pytest.raises(catalogue.ServiceNotFound):
                catalogue.live(missing)
            with pytest.raises(catalogue.ServiceNotFound):
                catalogue.number_of(missing)
        with pytest.raises(catalogue.ServiceNotFound):
            catalogue.key_of(number + 1)

    def test_a_role_keeps_the_services_of_its_old_cases(self) -> None:
        publish(version(4))
        number = catalogue.number_of("resident-permit")
        later = version(5, "by: permits.officer", "by: permits.lone").replace(
            ', four_eyes: "fee > 100"', ""
        )
        later = later.replace(
            "[{officer: grant, as: one}, {officer: approve, as: two}]",
            "[{officer: grant, as: one}]",
        )
        publish(later)
        assert catalogue.services_for_roles({"permits.officer"}) == (number,)
        assert catalogue.services_for_roles({"permits.lone"}) == (number,)
        assert catalogue.services_for_roles({"nobody"}) == ()

    def test_reading_costs_no_query_while_it_is_fresh(
        self, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: object
    ) -> None:
        publish(version(4))
        from dataclasses import replace

        from townhall.foundation import settings

        busy = replace(settings.current(), profile="demo")
        monkeypatch.setattr(settings, "current", lambda: busy)
        catalogue.live("resident-permit")
        with django_assert_num_queries(0):  # type: ignore[operator]
            for _ in range(50):
                catalogue.live("resident-permit")
                catalogue.services("cy")
                catalogue.number_of("resident-permit")
        monkeypatch.setattr(library, "FRESH_SECONDS", 0.0)
        with django_assert_num_queries(1):  # type: ignore[operator]
            catalogue.live("resident-permit")

    def test_publishing_asks_the_database_what_is_live(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Another process, or a restored backup, may have changed it a moment ago."""
        from dataclasses import replace

        from townhall.foundation import settings

        busy = replace(settings.current(), profile="demo")
        monkeypatch.setattr(settings, "current", lambda: busy)
        with transaction.atomic():
            assert publish(version(4)).status == "published"
            assert catalogue.live("resident-permit")
            transaction.set_rollback(True)
        assert publish(version(4)).status == "published"


@pytest.mark.django_db
class TestFinding:
    @pytest.fixture(autouse=True)
    def _three_services(self) -> None:
        for text in (PERMIT, WHICH, APPEAL):
            publish(text)

    @pytest.mark.parametrize(
        ("words", "language", "first"),
        [
            ("parking permit", "en", "resident-permit"),
            ("parking pass", "en", "resident-permit"),
            ("CAR PERMITS", "en", "resident-permit"),
            ("I want to park outside my house", "en", "resident-permit"),
            ("park outs", "en", "resident-permit"),
            ("appeal", "en", "appeal-permit"),
            ("appeals against decisions", "en", "appeal-permit"),
            ("moving house", "en", "resident-permit"),
            ("pas parcio", "cy", "resident-permit"),
            ("apelio", "cy", "appeal-permit"),
            ("rwyf am barcio o flaen fy nhy", "cy", "resident-permit"),
            # English words find their way in Welsh pages, too.
            ("parking pass", "cy", "resident-permit"),
        ],
    )
    def test_people_find_it_in_their_own_words(self, words: str, language: str, first: str) -> None:
        found = catalogue.search(words, language)
        assert found
        assert found[0].key == first

    @pytest.mark.parametrize(
        "words",
        [
            "",
            "   ",
            "the and of",
            "!!!",
            "& | ! ( ) : * < >",
            "'; DROP TABLE catalogue_service",
            "a\x00b",
            "\ud800",
            "x" * 100_000,
            "zzzz qqqq",
            "🅿️",
            "!a & (b | c):*",
        ],
    )
    def test_whatever_is_typed_is_no_error(self, words: str) -> None:
        assert isinstance(catalogue.search(words, "en"), tuple)

    def test_all_words_beat_some_words(self) -> None:
        keys = [card.key for card in catalogue.search("which parking permit", "en")]
        assert set(keys) == {"which-permit", "resident-permit", "appeal-permit"}
        assert keys[0] in ("which-permit", "resident-permit")

    def test_cards_are_in_the_readers_language_by_title(self) -> None:
        english = catalogue.services("en")
        assert [card.key for card in english] == [
            "appeal-permit",
            "resident-permit",
            "which-permit",
        ]
        welsh = {card.key: card.title for card in catalogue.services("cy")}
        assert welsh["resident-permit"] == "Trwydded barcio i breswylwyr"
        other = {card.key: card.title for card in catalogue.services("ar")}
        assert other["resident-permit"] == "Resident parking permit"
        guidance = next(card for card in english if card.key == "which-permit")
        assert (guidance.guidance, guidance.login, guidance.agency) == (True, "none", "")

    def test_what_was_renamed_is_found_by_its_new_name_only(self) -> None:
        publish(version(5, "en: [car permit, parking pass]", "en: [lorry licence]"))
        assert catalogue.search("lorry", "en")[0].key == "resident-permit"
        assert "resident-permit" not in {card.key for card in catalogue.search("pass", "en")}


def _meanwhile(*acts: object) -> list[object]:
    """Run the acts at the same time, each in a thread of its own; return what came of each."""
    gate = threading.Barrier(len(acts))
    came: list[object] = [None] * len(acts)

    def run(at: int, act: object) -> None:
        try:
            gate.wait(10)
            came[at] = act()  # type: ignore[operator]
        except Exception as error:
            came[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return came


@pytest.mark.parametrize("round_", range(3))
def test_two_publishers_at_once_leave_one_version_with_each_number(
    committed_db: object, round_: int
) -> None:
    publish(version(4))
    one, two = version(5, "5 years", "6 years"), version(5, "5 years", "7 years")
    came = _meanwhile(lambda: publish(one), lambda: publish(two), lambda: publish(one))
    done = [each for each in came if isinstance(each, catalogue.Publication)]
    refused = [each for each in came if isinstance(each, catalogue.PublicationRefused)]
    assert len(done) + len(refused) == 3, came
    assert len({each.hash for each in done}) == 1
    assert [each.status for each in done].count("published") == 1
    library.forget()
    assert catalogue.live("resident-permit").hash == done[0].hash
    assert [line.number for line in catalogue.versions(key="resident-permit")] == [5, 4]


def test_a_first_version_published_twice_at_once(committed_db: object) -> None:
    came = _meanwhile(*[lambda: publish(version(4))] * 4)
    assert all(isinstance(each, catalogue.Publication) for each in came), came
    assert [each.status for each in came].count("published") == 1  # type: ignore[union-attr]


def test_the_owner_cannot_change_a_version_by_a_slip_of_the_hand(
    committed_db: object, owner: psycopg.Connection
) -> None:
    publish(version(4))
    for statement in ("UPDATE catalogue_version SET number = 9", "DELETE FROM catalogue_version"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(statement)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_the_pack_of_the_town_hall_goes_live_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(library, "_shelf", library._Shelf())
    first = catalogue.load_packs()
    assert {each.status for each in first} == {"published"}, [each.reason for each in first]
    assert {each.status for each in catalogue.load_packs()} == {"unchanged"}


@pytest.mark.django_db
def test_one_bad_file_does_not_stop_the_others(
    pack: Pack, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "a.yaml").write_text(PERMIT.replace("agency: transport", "agency: x"), "utf-8")
    (folder / "b.yaml").write_bytes(b"\xff\xfe not text")
    (folder / "c.yaml").write_text(APPEAL, "utf-8")
    other = replace(pack, services_folder=folder)
    monkeypatch.setattr(library, "pack", lambda: other)
    assert [each.status for each in catalogue.load_packs()] == ["refused", "refused", "published"]
