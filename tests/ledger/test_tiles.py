"""Tiles are those of C2SP tlog-tiles, and a log can be gone on with from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger_logs import entry, log
from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.tiles import (
    LONGEST_ENTRY,
    Growth,
    Tile,
    TileNodes,
    bundled,
    hashes_in,
    tiles_of,
    unbundled,
)
from trucekeeper.ledger.tree import check_inclusion, inclusion_proof, leaf_hash, root_of

EDGES = (0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537)


def test_a_tree_of_70_000_has_the_tiles_that_the_standard_counts() -> None:
    tiles = list(tiles_of(70_000))

    full = [tile for tile in tiles if tile.width == 256]
    assert [sum(tile.level == level for tile in full) for level in (0, 1, 2)] == [273, 1, 0]
    assert [tile.path for tile in tiles if tile.width < 256] == [
        "tile/0/273.p/112",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]
    assert [(one.level, one.number, one.width) for one in tiles_of(256)] == [(0, 0, 256), (1, 0, 1)]


def test_the_path_of_a_tile_is_that_of_the_standard() -> None:
    assert Tile(0, 1_234_067).path == "tile/0/x001/x234/067"
    assert Tile(3, 5, 7).path == "tile/3/005.p/7"
    assert Tile(0, 999).entries == "tile/entries/999"
    assert Tile(0, 1000, 255).entries == "tile/entries/x001/000.p/255"


@given(st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_names_one_tile(level: int, number: int, width: int) -> None:
    tile = Tile(level, number, width)

    assert Tile.read(tile.path) == tile
    assert Tile.read(Tile(0, number, width).entries) == Tile(0, number, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/67",
        "tile/00/067",
        "tile/64/067",
        "tile/0/x000/067",
        "tile/0/067.p/0",
        "tile/0/067.p/256",
        "tile/0/067.p/01",
        "tile/0/001/067",
        "tile/0/x001",
        "tile/0/067/",
        "/tile/0/067",
        "tile/-1/067",
        "tile/0/../067",
        "tile/0/067\n",
    ],
)
def test_no_other_path_does(path: str) -> None:
    with pytest.raises(MalformedError):
        Tile.read(path)


@pytest.mark.parametrize("size", EDGES)
def test_a_tree_grows_by_whole_tiles(size: int) -> None:
    made = log(size)

    assert sorted(made) == sorted(tiles_of(size))
    assert root_of(made.nodes, size) == made.head.root
    assert sum(map(len, made.values())) <= 33 * max(size, 32)
    for place in {0, size // 2, size - 1} if size else ():
        check_inclusion(leaf_hash(entry(place)), place, made.head, inclusion_proof(made.nodes, place, size))


@pytest.mark.parametrize("size", EDGES)
def test_a_log_is_gone_on_with_from_its_tiles(size: int) -> None:
    made = dict(log(size))
    growth = Growth.read(log(size), size)
    for number in range(size, size + 300):
        growth.add(leaf_hash(entry(number)))
    new = [*growth.full(), *growth.partial()]

    assert growth.root == log(size + 300).head.root
    assert {tile for tile, _ in new} >= set(tiles_of(size + 300, since=size))
    made.update(new)
    assert {tile: made[tile] for tile in tiles_of(size + 300)} == dict(log(size + 300))


def test_a_full_tile_comes_out_once() -> None:
    growth = Growth()
    for number in range(257):
        growth.add(leaf_hash(entry(number)))

    assert [tile for tile, _ in growth.full()] == [Tile(0, 0)]
    assert growth.full() == []
    assert [tile for tile, _ in growth.partial()] == [Tile(0, 1, 1), Tile(1, 0, 1)]


def test_a_log_is_gone_on_with_from_no_other_tiles() -> None:
    with pytest.raises(ValueError, match="these are not the last tiles of a tree of 3"):
        Growth(3, [[leaf_hash(b"a")]])
    with pytest.raises(ValueError, match="these are not the last tiles of a tree of 0"):
        Growth(0, [[]])


def test_a_wider_tile_stands_in_for_one_that_was_partial() -> None:
    whole = log(512)

    class Full:
        def tile(self, tile: Tile) -> bytes:
            data = next(data for one, data in whole.items() if (one.level, one.number) == (tile.level, tile.number))
            return data if tile.level == 0 else data[: 32 * tile.width]

    assert root_of(TileNodes(Full(), 300), 300) == log(300).head.root


@pytest.mark.parametrize("size", [0, 31, 33, 32 * 257])
def test_a_tile_of_another_length_is_refused(size: int) -> None:
    with pytest.raises(MalformedError, match=r"tile/0/000\.p/1"):
        hashes_in(bytes(size), Tile(0, 0, 1))
    with pytest.raises(MalformedError):
        hashes_in(bytes(64), Tile(0, 0, 3))


def test_only_tiles_that_have_grown_are_new() -> None:
    assert list(tiles_of(300, since=300)) == []
    assert list(tiles_of(256, since=255)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(513, since=512)) == [Tile(0, 2, 1)]


def test_a_bundle_is_written_as_the_standard_says() -> None:
    assert bundled([b"a", b"", b"bc" * 150]) == b"\x00\x01a" + b"\x00\x00" + b"\x01\x2c" + b"bc" * 150


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=256))
def test_a_bundle_gives_back_its_entries(several: list[bytes]) -> None:
    assert unbundled(bundled(several), Tile(0, 0, len(several))) == several


def test_an_entry_has_65_535_bytes_at_most() -> None:
    longest = bytes(LONGEST_ENTRY)

    assert unbundled(bundled([longest]), Tile(0, 0, 1)) == [longest]
    with pytest.raises(ValueError, match="65,536"):
        bundled([bytes(LONGEST_ENTRY + 1)])


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x02a", b"\x00\x01a\x00", b"\x00\x01a\x00\x01b"])
def test_a_bundle_that_is_cut_off_or_of_another_number_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError, match=r"tile/entries/000\.p/1"):
        unbundled(data, Tile(0, 0, 1))
