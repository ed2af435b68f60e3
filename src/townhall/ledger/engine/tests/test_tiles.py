"""Tiles: paths, round trips, and one flipped byte in every tile of trees of many sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.ledger.engine import bundles, tiles, tree
from townhall.ledger.engine.bundles import BundleInvalid
from townhall.ledger.engine.tests import trees
from townhall.ledger.engine.tiles import ENTRIES, Tile, TileBuilder, TileInvalid, TileNodes
from townhall.ledger.engine.tree import TreeInvalid


def test_paths_are_those_of_the_specification() -> None:
    assert tiles.tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tiles.tile_path(ENTRIES, 273, 112) == "tile/entries/273.p/112"
    assert tiles.tile_path(2, 0, 1) == "tile/2/000.p/1"


@given(st.integers(-1, 7), st.integers(0, 2**55 - 1), st.integers(1, 256))
def test_a_path_is_read_as_it_was_written(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert tiles.parse_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/x001/067/",
        "tile/0/001/067",
        "tile/0/x001",
        "tile/00/000",
        "tile/8/000",
        "tile/-1/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/../000",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/entry/000",
        "tile/0/" + "x999/" * 30 + "000",
    ],
)
def test_other_paths_are_refused(path: str) -> None:
    with pytest.raises(TileInvalid):
        tiles.parse_path(path)


def test_the_example_of_the_specification_of_seventy_thousand_entries() -> None:
    found = list(tiles.tiles_between(0, 70_000))
    assert found == [
        *(Tile(0, index) for index in range(273)),
        Tile(0, 273, 112),
        Tile(1, 0),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert set(trees.files(70_000)) == {tile.path for tile in found}
    # A tree that exactly fills a tile also has a tile above it, of one hash.
    assert list(tiles.tiles_between(0, 256)) == [Tile(0, 0), Tile(1, 0, 1)]


@given(st.lists(st.integers(0, 700), max_size=6))
def test_tiles_made_in_batches_are_those_of_the_whole(batches: list[int]) -> None:
    hashes = trees.leaves(6 * 700)
    written: dict[str, bytes] = {}
    builder, size = TileBuilder(), 0
    for batch in batches:
        new = builder.extend(hashes[size : size + batch])
        made = {tile.path: content for tile, content in [*new, *builder.partial()]}
        expected = {tile.path for tile in tiles.tiles_between(size, size + batch)}
        assert expected <= set(made)
        written |= made
        size += batch
        builder = TileBuilder(size, trees.reader(written))  # as after a restart
        assert builder.root() == tree.root(trees.nodes(6 * 700), size)
    for path, content in trees.files(size).items():
        assert written[path] == content


@given(st.integers(1, 3000), st.data())
def test_proofs_read_from_tiles_are_those_of_the_tree(size: int, data: st.DataObject) -> None:
    nodes = trees.nodes(3000)
    root = tree.root(nodes, size)
    reader = TileNodes(trees.reader(trees.files(size)), size, root, keep=1)
    index = data.draw(st.integers(0, size - 1))
    assert tree.inclusion_proof(reader, index, size) == tree.inclusion_proof(nodes, index, size)
    old = data.draw(st.integers(1, size))
    assert tree.consistency_proof(reader, old, size) == tree.consistency_proof(nodes, old, size)
    assert tree.root(reader, old) == tree.root(nodes, old)


@pytest.mark.parametrize(
    "size",
    [1, 2, 3, 5, 255, 256, 257, 511, 512, 513, 700, 1000, 4095, 65_535, 65_536, 65_537, 70_000],
)
def test_one_flipped_byte_in_any_tile_is_found(size: int) -> None:
    """The class of CVE-2026-56865: a reader that checks some of the tiles it uses."""
    content = trees.files(size)
    root = tree.root(trees.nodes(trees.LARGEST), size)
    for number, path in enumerate(content):
        tile = tiles.parse_path(path)
        honest = content[path]
        position = (number * 7919) % len(honest)
        forged = bytearray(honest)
        forged[position] ^= 1 << number % 8
        with pytest.raises(TileInvalid):
            # Any leaf below the changed hash, and also one beside it, needs this tile.
            reader = TileNodes(trees.reader({**content, path: bytes(forged)}), size, root)
            span = 256**tile.level
            reader.node(8 * tile.level, tile.index * 256 + position // 32)
            tree.inclusion_proof(reader, min(tile.index * 256 * span, size - 1), size)


def test_every_single_hash_of_a_tile_is_authenticated() -> None:
    size = 600
    content, root = trees.files(size), tree.root(trees.nodes(trees.LARGEST), size)
    for path, honest in content.items():
        tile = tiles.parse_path(path)
        for position in range(0, len(honest), 13):
            forged = bytearray(honest)
            forged[position] ^= 0x80
            reader = TileNodes(trees.reader({**content, path: bytes(forged)}), size, root)
            with pytest.raises(TileInvalid):
                reader.node(8 * tile.level, tile.index * 256)


@pytest.mark.parametrize("change", [lambda old: old[:-1], lambda old: old + b"\0", lambda old: b""])
def test_a_tile_that_is_cut_or_padded_is_refused(change) -> None:
    content, root = trees.files(600), tree.root(trees.nodes(trees.LARGEST), 600)
    for path, honest in content.items():
        reader = TileNodes(trees.reader({**content, path: change(honest)}), 600, root)
        with pytest.raises(TileInvalid):
            reader.node(8 * tiles.parse_path(path).level, tiles.parse_path(path).index * 256)
    with pytest.raises(TileInvalid):
        TileBuilder(600, lambda tile: change(content[tile.path]))


def test_two_honest_tiles_in_each_others_place_are_refused() -> None:
    content, root = trees.files(700), tree.root(trees.nodes(trees.LARGEST), 700)
    one, two = "tile/0/000", "tile/0/001"
    content[one], content[two] = content[two], content[one]
    with pytest.raises(TileInvalid):
        tree.inclusion_proof(TileNodes(trees.reader(content), 700, root), 3, 700)


def test_a_reader_has_no_nodes_beyond_its_tree() -> None:
    content, root = trees.files(700), tree.root(trees.nodes(trees.LARGEST), 700)
    reader = TileNodes(trees.reader(content), 700, root)
    for level, index in [(0, 700), (1, 350), (9, 1), (10, 0), (-1, 0), (0, -1)]:
        with pytest.raises(TreeInvalid):
            reader.node(level, index)


def test_an_empty_tree_has_one_root_only() -> None:
    TileNodes(lambda tile: b"", 0, tree.EMPTY_ROOT).verify()
    with pytest.raises(TileInvalid):
        TileNodes(lambda tile: b"", 0, bytes(32)).verify()


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    bundle = bundles.encode_entries(entries)
    assert bundles.decode_entries(bundle, len(entries)) == entries
    with pytest.raises(BundleInvalid):
        bundles.decode_entries(bundle, len(entries) + 1)
    for cut in range(1, min(len(bundle), 5)):
        whole = bundle[:-cut]
        try:
            assert bundles.encode_entries(bundles.decode_entries(whole)) == whole
        except BundleInvalid:
            continue


def test_an_entry_of_65536_bytes_does_not_fit() -> None:
    bundles.encode_entries([bytes(65_535)])
    with pytest.raises(BundleInvalid):
        bundles.encode_entries([bytes(65_536)])
    for cut in (b"\0", b"\0\1", b"\0\2a", b"\0\0\xff"):
        with pytest.raises(BundleInvalid):
            bundles.decode_entries(cut)
