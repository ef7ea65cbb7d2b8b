"""Tiles (C2SP tlog-tiles): a log as files that never change, but for the last of each level.

    checkpoint                     the newest signed head
    tile/0/x001/x234/067           256 hashes of leaves; at level L each hash is that of a full tile below
    tile/0/001.p/112               the first 112 hashes of a tile that is not full yet
    tile/entries/001.p/112         the entries under them, each behind its length in two bytes, the high one first

A tile is 32 bytes times its width. Of a tree of s leaves, level L has s >> 8 * L hashes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from trucekeeper.ledger.lines import MalformedError
from trucekeeper.ledger.tree import EMPTY_ROOT, HASH_BYTES, covering, folded, node_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

HEIGHT = 8
WIDTH = 1 << HEIGHT
LEVELS = 8
"""64 bits of leaves have no more levels."""
LONGEST_ENTRY = (1 << 16) - 1
ENTRIES = "entries"
_PATH = re.compile(r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_LENGTH = 2
_HELD = 4096


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """A tile by its level, its number from 0, and how many hashes it has."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Return where it lies."""
        return _path(str(self.level), self.number, self.width)

    @property
    def entries(self) -> str:
        """Return where the entries under a tile of leaves lie."""
        return _path(ENTRIES, self.number, self.width)

    @classmethod
    def read(cls, path: str) -> Tile:
        """Return the tile that a path names; of entries, the one above them. Raises MalformedError."""
        found = _PATH.fullmatch(path)
        if found is None or (found[4] is not None and int(found[4]) >= WIDTH):
            raise MalformedError("the path of a tile", f"'{path[:80]}' is none")
        number = int("".join(part[1:] for part in found[2].split("/")) + found[3])
        tile = cls(0 if found[1] == ENTRIES else int(found[1]), number, int(found[4] or WIDTH))
        if path not in (tile.path, tile.entries):
            raise MalformedError("the path of a tile", f"'{path[:80]}' is not written in the shortest way")
        return tile


def _path(level: str, number: int, width: int) -> str:
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    *upper, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
    part = f".p/{width}" if width < WIDTH else ""
    return f"tile/{level}/{''.join(f'x{one}/' for one in upper)}{last}{part}"


def tiles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """Yield the tiles of a tree of so many leaves that one of `since` leaves did not have, lower levels first."""
    for level in range(LEVELS):
        hashes, before = size >> HEIGHT * level, since >> HEIGHT * level
        if not hashes:
            return
        for number in range(before >> HEIGHT, -(-hashes // WIDTH)):
            width = min(WIDTH, hashes - number * WIDTH)
            if number * WIDTH + width > before:
                yield Tile(level, number, width)


def tiles_beside(index: int, size: int) -> Iterator[Tile]:
    """Yield the tiles from which the proof of a leaf in a tree of so many is made, lower levels first.

    They are those above the leaf, and the last of each level, where that is not full.
    """
    for level in range(_levels(size)):
        hashes = size >> HEIGHT * level
        last, rest = divmod(hashes, WIDTH)
        above = index >> HEIGHT * (level + 1)
        if above < last:
            yield Tile(level, above)
        if rest:
            yield Tile(level, last, rest)


# ---- hashes --------------------------------------------------------------------------------------------------------


class Tiles(Protocol):
    """Where tiles lie."""

    def tile(self, tile: Tile) -> bytes:
        """Return the hashes of a tile one after the other. Raises LookupError if it is not there."""


class TileNodes:
    """The nodes of a tree of some size, read from its tiles. The tile that is asked for is of that size."""

    def __init__(self, tiles: Tiles, size: int) -> None:
        """Read from here."""
        self._tiles, self._size = tiles, size
        self._held = lru_cache(_HELD)(self._rows)

    def node(self, height: int, index: int) -> bytes:
        """Return the hash of the 2**height leaves from index * 2**height on."""
        level, above = divmod(height, HEIGHT)
        first = index << above
        rows = self._held(level, first >> HEIGHT)
        return rows[above][(first & WIDTH - 1) >> above]

    def _rows(self, level: int, number: int) -> list[list[bytes]]:
        """Return the hashes of a tile, and those of each row that they make above."""
        width = min(WIDTH, (self._size >> HEIGHT * level) - number * WIDTH)
        tile = Tile(level, number, width)
        row = hashes_in(self._tiles.tile(tile), tile)
        rows = [row]
        while len(row) > 1:
            row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
            rows.append(row)
        return rows


def hashes_in(data: bytes, tile: Tile) -> list[bytes]:
    """Return the hashes of a tile; of the full one that stands in for it, the first. Raises MalformedError."""
    if len(data) not in (tile.width * HASH_BYTES, WIDTH * HASH_BYTES):
        raise MalformedError(tile.path, f"it has {len(data):,} bytes: {tile.width} hashes have {HASH_BYTES} each")
    return [data[at : at + HASH_BYTES] for at in range(0, tile.width * HASH_BYTES, HASH_BYTES)]


# ---- growing -------------------------------------------------------------------------------------------------------


class Growth:
    """The right edge of a tree: the tile of each level that is not full yet. Leaves are added, and tiles come out."""

    def __init__(self, size: int = 0, rows: Iterable[Sequence[bytes]] = ()) -> None:
        """Go on from a tree of so many leaves; `rows` are the hashes of the last tile of each level, if not full."""
        self.size = size
        self._rows = [list(row) for row in rows]
        self._full: list[tuple[Tile, bytes]] = []
        widths = [(size >> HEIGHT * level) % WIDTH for level in range(_levels(size))]
        if [len(row) for row in self._rows] != widths:
            raise ValueError(f"these are not the last tiles of a tree of {size}")

    @classmethod
    def read(cls, tiles: Tiles, size: int) -> Growth:
        """Return the edge of a tree of so many leaves, from its tiles."""
        rows = []
        for level in range(_levels(size)):
            number, width = divmod(size >> HEIGHT * level, WIDTH)
            tile = Tile(level, number, width)
            rows.append(hashes_in(tiles.tile(tile), tile) if width else [])
        return cls(size, rows)

    def add(self, leaf: bytes) -> None:
        """Add a leaf by its hash."""
        self.size += 1
        level = 0
        while True:
            if level == len(self._rows):
                self._rows.append([])
            row = self._rows[level]
            row.append(leaf)
            if len(row) < WIDTH:
                return
            number = (self.size >> HEIGHT * (level + 1)) - 1
            self._full.append((Tile(level, number), b"".join(row)))
            leaf = complete(row)
            self._rows[level] = []
            level += 1

    def full(self) -> list[tuple[Tile, bytes]]:
        """Return every tile that became full since this was last asked."""
        full, self._full = self._full, []
        return full

    def partial(self) -> list[tuple[Tile, bytes]]:
        """Return the last tile of each level that is not full."""
        return [
            (Tile(level, self.size >> HEIGHT * (level + 1), len(row)), b"".join(row))
            for level, row in enumerate(self._rows)
            if row
        ]

    @property
    def root(self) -> bytes:
        """Return the root of all leaves so far."""
        peaks = [
            complete(row[at : at + (1 << height)])
            for row in reversed(self._rows)
            for height, at in ((height, index << height) for height, index in covering(0, len(row)))
        ]
        return folded(peaks) if peaks else EMPTY_ROOT


def _levels(size: int) -> int:
    return -(-size.bit_length() // HEIGHT)


def complete(row: Sequence[bytes]) -> bytes:
    """Return the hash above a power of two of nodes that lie side by side."""
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


# ---- entries -------------------------------------------------------------------------------------------------------


def bundled(entries: Iterable[bytes]) -> bytes:
    """Return entries one after the other, each behind its length. Raises ValueError for one of 65,536 bytes."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise ValueError(f"an entry of {len(entry):,} bytes: a bundle takes {LONGEST_ENTRY:,} at most")
        parts += (len(entry).to_bytes(_LENGTH), entry)
    return b"".join(parts)


def unbundled(data: bytes, tile: Tile) -> Sequence[bytes]:
    """Return the entries of a bundle, as many as its tile has hashes. Raises MalformedError."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        end = at + _LENGTH + int.from_bytes(data[at : at + _LENGTH])
        if at + _LENGTH > len(data) or end > len(data):
            raise MalformedError(tile.entries, f"entry {len(entries)} of the bundle is cut off")
        entries.append(data[at + _LENGTH : end])
        at = end
    if len(entries) != tile.width:
        raise MalformedError(tile.entries, f"it has {len(entries)} entries where {tile.width} are due")
    return entries
