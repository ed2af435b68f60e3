"""Find your council, find your service."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from townhall.directory import councils, operations
from townhall.foundation import events
from townhall.foundation.acting import SYSTEM, Acting
from townhall.foundation.database.scope import scope

LISTS = Path(councils.__file__).parents[1] / "packs" / "uk" / "data" / "uk-councils"

pytestmark = pytest.mark.django_db


COUNTIES = ("norfolk", "west-sussex")
OTHERS = ("tower-hamlets", "leicester", "aylesbury-vale", "kings-lynn-and-west-norfolk")


@pytest.fixture
def whole() -> operations.Imported:
    """All the published lists, taken in."""
    return operations.import_councils(SYSTEM, folder=LISTS)


@pytest.fixture(scope="module")
def some_lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published lists, of a few councils only: quicker to take in."""
    folder = tmp_path_factory.mktemp("lists")
    for name in ("LICENCE", "SOURCE.md", "service-titles.csv"):
        shutil.copyfile(LISTS / name, folder / name)
    heading, *rows = (LISTS / "local-authorities.csv").read_text().splitlines(keepends=True)
    county_ids = {row.split(",")[0] for row in rows if f",{COUNTIES[1]},England" in row}
    kept = [
        row
        for row in rows
        if row.split(",")[6] in COUNTIES + OTHERS or row.split(",")[5] in county_ids
    ]
    (folder / "local-authorities.csv").write_text(heading + "".join(kept))
    slugs = {row.split(",")[6] for row in kept} | set(OTHERS)
    with gzip.open(LISTS / "service-links.csv.gz", "rt") as packed:
        heading, *rows = packed.readlines()
    links = [row for row in rows if row.split(",")[0] in slugs]
    (folder / "service-links.csv").write_text(heading + "".join(links))
    codes = {row.rstrip().rsplit(",", 2)[1] for row in links}
    heading, *rows = (LISTS / "service-titles.csv").read_text().splitlines(keepends=True)
    titles = [row for row in rows if row.split(",")[0] in codes]
    (folder / "service-titles.csv").write_text(heading + "".join(titles))
    return folder


@pytest.fixture
def directory(some_lists: Path) -> operations.Imported:
    return operations.import_councils(SYSTEM, folder=some_lists)


def test_the_import_counts_what_it_took_in_and_is_remembered(
    whole: operations.Imported,
) -> None:
    assert whole == operations.Imported(
        changed=True, authorities=426, no_longer_listed=44, services=75, links=7_405
    )
    with scope(SYSTEM):
        source = operations.models.Source.objects.get()
        kinds = [event.kind for event in events.history(subject=source.id, person_id=None)]
    assert kinds == ["directory.imported"]


def test_the_same_lists_again_change_nothing(
    directory: operations.Imported, some_lists: Path
) -> None:
    before = operations.provenance()
    again = operations.import_councils(SYSTEM, folder=some_lists)
    assert again.changed is False
    assert operations.provenance() == before


def test_a_refused_list_leaves_what_was_there(
    directory: operations.Imported, tmp_path: Path
) -> None:
    with pytest.raises(operations.ListRefused):
        operations.import_councils(SYSTEM, folder=tmp_path)
    assert len(operations.authorities()) == directory.authorities


def test_a_newer_list_takes_the_place_of_the_old_one(
    directory: operations.Imported, tmp_path: Path
) -> None:
    for path in LISTS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    notice = tmp_path / "LICENCE"
    notice.write_text(notice.read_text(encoding="utf-8") + "\nSecond edition\n", encoding="utf-8")
    assert operations.import_councils(SYSTEM, folder=tmp_path).changed
    source = operations.provenance()
    assert source is not None and "Second edition" in source.notice
    assert len(operations.authorities()) == 426


def test_only_the_operator_takes_in_lists() -> None:
    with pytest.raises(operations.NotAllowed):
        operations.import_councils(Acting(actor="officer:someone"), folder=LISTS)
    assert operations.provenance() is None


def test_source_and_licence_are_there_to_be_shown(directory: operations.Imported) -> None:
    source = operations.provenance()
    assert source is not None
    assert source.name.startswith("alphagov/local-links-manager")
    assert source.licence.startswith("MIT")
    assert "THE SOFTWARE IS PROVIDED" in source.notice
    assert str(source.changed_on) == "2017-04-11"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("adur", "adur"),
        ("Kings Lynn", "kings-lynn-and-west-norfolk"),
        ("TOWER hamlets", "tower-hamlets"),
    ],
)
def test_a_council_is_found_as_people_type_it(
    directory: operations.Imported, words: str, first: str
) -> None:
    found = operations.authorities(words=words)
    assert found[0].slug == first


def test_a_county_finds_its_districts_after_itself(directory: operations.Imported) -> None:
    found = operations.authorities(words="west sussex")
    assert found[0].slug == "west-sussex"
    assert {each.slug for each in found[1:]} >= {"adur", "arun", "horsham"}
    assert operations.authorities(words="no such town") == ()


def test_a_district_has_the_services_of_its_county_too(directory: operations.Imported) -> None:
    adur = operations.authority(slug="adur")
    assert adur.county == ("west-sussex", "West Sussex County Council")
    services = {each.slug: each for each in operations.local_services(slug="adur")}
    tiers = {had.authority.tier for each in services.values() for had in each.had}
    assert tiers == {"district", "county"}
    bins = services["household-waste-collection"]
    assert [had.authority.slug for had in bins.had] == ["adur"]
    fostering = services["fostering"]
    assert [had.authority.slug for had in fostering.had] == ["west-sussex"]


def test_a_county_names_its_districts(directory: operations.Imported) -> None:
    county = operations.authority(slug="west-sussex")
    assert ("adur", "Adur District Council") in county.districts
    services = operations.local_services(slug="west-sussex")
    assert all(had.authority.slug == "west-sussex" for each in services for had in each.had)


def test_a_merged_council_is_shown_as_no_longer_listed(directory: operations.Imported) -> None:
    gone = operations.authority(slug="aylesbury-vale")
    assert gone.listed is False
    assert gone.name == "Aylesbury Vale"
    assert operations.local_services(slug="aylesbury-vale")


def test_a_council_without_addresses_has_no_services(whole: operations.Imported) -> None:
    with_links = {
        had.authority.slug
        for service in operations.services()
        for had in operations.service_everywhere(service=service.slug).had
    }
    without = [each for each in operations.authorities() if each.slug not in with_links]
    assert len(without) == 38
    unitary = next(each for each in without if each.tier == "unitary")
    assert operations.local_services(slug=unitary.slug) == ()


def test_a_service_is_seen_for_every_council(whole: operations.Imported) -> None:
    by_slug = operations.service_everywhere(service="sheltered-housing")
    assert by_slug == operations.service_everywhere(service="107")
    assert len({had.authority.slug for had in by_slug.had}) == 348
    plain = [had for had in by_slug.had if not had.encrypted]
    assert plain and all(had.address.startswith("http:") for had in plain)


def test_a_service_is_found_in_english_and_welsh_and_names_ours(
    whole: operations.Imported,
) -> None:
    potholes = operations.services(words="potholes")
    assert [each.code for each in potholes] == [557]
    assert potholes[0].townhall_service == "street-problem"
    assert potholes[0].councils == 168
    assert operations.services(words="graffiti")[0].code == 584
    assert [each.code for each in operations.services(words="tyllau ffyrdd")] == [557]


@pytest.mark.parametrize("unknown", ["", "nowhere", "'; drop table directory_link; --", "a\u0000b"])
def test_what_is_not_there_is_said(directory: operations.Imported, unknown: str) -> None:
    with pytest.raises(operations.AuthorityNotFound):
        operations.authority(slug=unknown)
    with pytest.raises(operations.ServiceNotFound):
        operations.service_everywhere(service=unknown)


def test_the_keys_of_our_own_services_exist(whole: operations.Imported) -> None:
    folder = LISTS.parents[1] / "services"
    ours = {each.townhall_service for each in operations.services()} - {""}
    assert ours
    assert ours <= {path.stem for path in folder.glob("*.yaml")}
