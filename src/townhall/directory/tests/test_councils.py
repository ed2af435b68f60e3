"""Reading the published lists, whole and damaged."""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from pathlib import Path

import pytest

from townhall.directory import councils

LISTS = Path(councils.__file__).parents[1] / "packs" / "uk" / "data" / "uk-councils"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the lists that a test may damage."""
    copy = tmp_path / "lists"
    copy.mkdir()
    for path in LISTS.iterdir():
        shutil.copyfile(path, copy / path.name)
    links = copy / "service-links.csv.gz"
    (copy / "service-links.csv").write_bytes(gzip.decompress(links.read_bytes()))
    links.unlink()
    return copy


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_published_lists_are_read_whole() -> None:
    read = councils.read(LISTS)
    assert len(read.links) == 7_405
    assert len(read.services) == 75
    assert Counter(each.tier for each in read.authorities if each.listed) == {
        "county": 21,
        "district": 164,
        "unitary": 197,
    }
    assert sum(not each.listed for each in read.authorities) == 44
    assert sum(link.address.startswith("http:") for link in read.links) == 5_858
    assert read.source.changed_on is not None
    assert read.source.changed_on.isoformat() == "2017-04-11"
    assert read.source.licence.startswith("MIT")
    assert "Permission is hereby granted" in read.source.notice


def test_packed_and_plain_lists_say_the_same(folder: Path) -> None:
    plain, packed = councils.read(folder), councils.read(LISTS)
    assert (plain.authorities, plain.services, plain.links) == (
        packed.authorities,
        packed.services,
        packed.links,
    )
    assert plain.source.digest == packed.source.digest


def test_the_source_as_it_came_can_be_read_too(shared_data: Path) -> None:
    read = councils.read(shared_data / "uk-councils")
    assert len(read.links) == 7_405
    assert {each.titles["en"] for each in read.services} >= {"Free school meals"}


def test_every_district_names_its_county() -> None:
    read = councils.read(LISTS)
    tiers = {each.slug: each.tier for each in read.authorities}
    districts = [each for each in read.authorities if each.tier == "district"]
    assert all(tiers[each.parent] == "county" for each in districts)


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("service-links.csv", "http://www.leicester.gov.uk", "javascript://x", "no web address"),
        ("service-links.csv", ",2,8\n", ",2\n", "service-links.csv:2: expected council"),
        ("service-links.csv", ",2,8\n", ",2,99\n", "unknown interaction"),
        ("service-links.csv", "argyll-and-bute,school", 'argyll-and-bute,"school', "csv:"),
        ("local-authorities.csv", "aberdeenshire,Scotland", "aberdeen,Scotland", "occurs twice"),
        ("local-authorities.csv", "tier_id", "floor", "no column tier_id"),
        ("local-authorities.csv", ",2,400,adur", ",2,999999,adur", "parent 999999"),
        ("local-authorities.csv", "https://www.aberdeencity", "ftp://www.aberdeencity", "address"),
        ("service-titles.csv", "4,Free", "4444,Free", "service-titles.csv:4"),
    ],
)
def test_a_damaged_list_is_refused_with_its_place(
    folder: Path, name: str, old: str, new: str, fault: str
) -> None:
    change(folder / name, old, new)
    with pytest.raises(councils.ListRefused) as refused:
        councils.read(folder)
    assert fault in str(refused.value)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"la,lgsl\nx\xff\xfe\n", "service-links.csv:2: not UTF-8"),
        (b"la,lgsl\nx\0y\n", "service-links.csv:2: a NUL"),
    ],
)
def test_bytes_that_are_no_text_are_refused(folder: Path, content: bytes, fault: str) -> None:
    (folder / "service-links.csv").write_bytes(content)
    with pytest.raises(councils.ListRefused) as refused:
        councils.read(folder)
    assert fault in str(refused.value)


def test_a_broken_or_boundless_archive_is_refused(folder: Path) -> None:
    (folder / "service-links.csv").unlink()
    packed = folder / "service-links.csv.gz"
    packed.write_bytes(gzip.compress(b"a" * 1_000)[:-12])
    with pytest.raises(councils.ListRefused, match="cannot be read"):
        councils.read(folder)
    packed.write_bytes(gzip.compress(b"\n" * 60_000_000))
    with pytest.raises(councils.ListRefused, match="larger than"):
        councils.read(folder)


def test_a_missing_licence_is_refused(folder: Path) -> None:
    (folder / "LICENCE").unlink()
    with pytest.raises(councils.ListRefused, match="LICENCE: cannot be read"):
        councils.read(folder)
