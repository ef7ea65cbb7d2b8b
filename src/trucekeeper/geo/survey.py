"""A square of land in cells, each with what it says of every place in it: how near the edge of a zone can be.

The square is quartered, and its quarters again, until a cell is small beside its distance to the edge, or as
small as cells may be. Distances are taken from the middle of a cell, on the flat map of the middle's own band.
A cell may hold places of other bands, whose maps are wider or narrower by factors between `lo` and `hi`. So for
every place of a cell, on the map of its own band, and with r the distance from the middle to a corner:

- the edge is at least lo (d - r) away, and at most hi (d + r), if d is its distance from the middle;
- the piece of edge nearest to it is at most (hi / lo) (d + r) + r from the middle. All pieces as near as that
  are kept with the cell, and its quarters look at no other.

From these follow, by the bounds of `trucekeeper.geo.plane`, two radii in whole metres. A doubt of at most `clear_m`
does not reach the edge from any place of the cell; of at least `reach_m` it does from all. Both keep a
centimetre from what was computed, which is a thousand times the rounding of all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import shapely

from trucekeeper.geo.plane import all_bands, rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon


Reals: TypeAlias = "NDArray[np.float64]"
Wholes: TypeAlias = "NDArray[np.int64]"

Numbers: TypeAlias = "NDArray[np.float64] | NDArray[np.int64] | NDArray[np.floating[Any]]"

MARGIN_M = 0.01
"""What is nearer than this to what was computed is left open; the rounding of all of it is a thousandth of it."""

_CALM = 1.0  # a cell is small beside its distance to the edge if that is this many times its half diagonal
_POINT_M2 = 1e-9  # a piece of no length, from a corner given twice, is a point
_MOST_M = 1 << 30  # radii beyond any on earth, so that they fit in 32 bits


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Numbers in runs, one run to a row, and of each number its row; row i's run begins at `begin[i]`."""

    numbers: Wholes
    row: Wholes
    begin: Wholes

    @staticmethod
    def of(first: Wholes, rows: Wholes) -> Runs:
        """Return the runs of some rows, where that of row i is from `first[i]` up to `first[i + 1]`."""
        start = first[rows]
        begin = starts(first[rows + 1] - start)
        row = np.repeat(np.arange(len(rows)), np.diff(begin))
        return Runs(np.arange(begin[-1]) + (start - begin[:-1])[row], row, begin)


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """The straight pieces of a zone's edge, in 1e-7 degree: each from (x, y) on by (east, north)."""

    x: Reals
    y: Reals
    east: Reals
    north: Reals

    @staticmethod
    def of(area: Polygon | MultiPolygon) -> Edge:
        """Return the edge of an area, its holes' rims included."""
        rings = shapely.get_rings(shapely.get_parts(area))
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        along = ring[1:] == ring[:-1]
        start, step = corners[:-1][along], np.diff(corners, axis=0)[along]
        return Edge(start[:, 0], start[:, 1], step[:, 0], step[:, 1])

    @staticmethod
    def joined(edges: list[Edge]) -> Edge:
        """Return the pieces of all edges, in order."""
        columns = zip(*((edge.x, edge.y, edge.east, edge.north) for edge in edges), strict=True)
        return Edge(*(np.concatenate(column) for column in columns))

    def least_m(self, runs: Runs, x: Numbers, y: Numbers, rows: Wholes) -> tuple[Reals, Reals]:
        """Return how far points are from the pieces in their runs, and from the nearest of these, in flat metres.

        `rows` says on which bands' maps. Every run has a piece, and there is at least one point.
        """
        bands, pieces = all_bands(), runs.numbers
        x_m, y_m = bands.x_m[rows][runs.row], bands.y_m[rows][runs.row]
        from_x, from_y = (self.x[pieces] - x[runs.row]) * x_m, (self.y[pieces] - y[runs.row]) * y_m
        east, north = self.east[pieces] * x_m, self.north[pieces] * y_m
        length_2 = np.maximum(east * east + north * north, _POINT_M2)
        share = np.minimum(np.maximum((from_x * east + from_y * north) / -length_2, 0), 1)
        from_x += share * east
        from_y += share * north
        each_m2 = from_x * from_x + from_y * from_y
        return np.sqrt(each_m2), np.sqrt(np.minimum.reduceat(each_m2, runs.begin[:-1]))


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cells of a square by their south-western corners and level (0 is the whole square), and what they say.

    The pieces of edge that may be the nearest to a place of cell i are `pieces[first[i]:first[i + 1]]`.
    """

    x: Wholes
    y: Wholes
    level: Wholes
    clear_m: Wholes
    reach_m: Wholes
    first: Wholes
    pieces: Wholes


@dataclass(frozen=True, slots=True)
class Square:
    """A square of 2^depth by 2^depth smallest cells, each 2^bits wide and high in 1e-7 degree."""

    west: int
    south: int
    bits: int
    depth: int


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """Cells not yet looked at, each with the pieces of edge that may be the nearest to a place of it."""

    x: Wholes
    y: Wholes
    first: Wholes
    pieces: Wholes


def survey(edge: Edge, square: Square) -> Cells:
    """Return cells that cover the square without overlapping."""
    ahead = Open(
        np.array([square.west]),
        np.array([square.south]),
        np.array([0, len(edge.x)]),
        np.arange(len(edge.x)),
    )
    found: list[Cells] = []
    for level in range(square.depth + 1):
        cells, done = _look(edge, square, level, ahead)
        if level == square.depth:
            done[:] = True
        found.append(_some(cells, np.flatnonzero(done)))
        if done.all():
            break
        ahead = _quarters(_some(cells, np.flatnonzero(~done)), 1 << (square.bits + square.depth - level - 1))
    return joined(found)


def _look(edge: Edge, square: Square, level: int, ahead: Open) -> tuple[Cells, NDArray[np.bool_]]:
    """Return what cells of one level say, and which of them need no quartering."""
    bits = square.bits + square.depth - level
    half, maps = (1 << bits) / 2, _Maps.of(square.south, bits, 1 << level)
    row = (ahead.y - square.south) >> bits
    cell = np.repeat(np.arange(len(row)), np.diff(ahead.first))
    runs = Runs(ahead.pieces, cell, ahead.first)
    each_m, middle_m = edge.least_m(runs, ahead.x + half, ahead.y + half, maps.middle[row])
    radius_m = half * maps.diagonal_m[row]
    near_m, far_m = maps.lo[row] * (middle_m - radius_m), maps.hi[row] * (middle_m + radius_m)
    sure_m = np.minimum(maps.sure[row] * near_m, maps.cap_m[row]) - MARGIN_M
    keep = each_m <= (far_m / maps.lo[row] + radius_m + MARGIN_M)[cell]
    seen = Cells(
        ahead.x,
        ahead.y,
        np.full(len(row), level),
        np.minimum(np.maximum(np.floor(sure_m), -1), _MOST_M).astype(np.int64),
        np.minimum(np.ceil(far_m + MARGIN_M), _MOST_M).astype(np.int64),
        starts(np.bincount(cell[keep], minlength=len(row))),
        ahead.pieces[keep],
    )
    return seen, near_m >= _CALM * radius_m


@dataclass(frozen=True, slots=True, eq=False)
class _Maps:
    """Of each row of cells of one level, from the south: the band of its middle, and how its other bands differ.

    `diagonal_m` is the diagonal of 1e-7 degree both ways on the middle's map; `sure` and `cap_m` are the least of all
    the row's bands.
    """

    middle: Wholes
    diagonal_m: Reals
    lo: Reals
    hi: Reals
    sure: Reals
    cap_m: Reals

    @staticmethod
    def of(south: int, bits: int, count: int) -> _Maps:
        """Return the maps of so many rows of cells, each 2^bits high, from `south` on."""
        low = south + (np.arange(count) << bits)
        first, middle, last = rows_of(low), rows_of(low + (1 << bits >> 1)), rows_of(low + (1 << bits))
        bands = all_bands()
        x_m, y_m = bands.x_m[middle], bands.y_m[middle]
        return _Maps(
            middle,
            np.hypot(x_m, y_m),
            lo=np.minimum(_least(bands.x_m, first, last) / x_m, _least(bands.y_m, first, last) / y_m),
            hi=-np.minimum(_least(-bands.x_m, first, last) / x_m, _least(-bands.y_m, first, last) / y_m),
            sure=_least(bands.sure, first, last),
            cap_m=_least(bands.cap_m, first, last),
        )


def starts(counts: Wholes) -> Wholes:
    """Return where each of so many consecutive runs begins, and where the last ends."""
    return np.concatenate([[0], np.cumsum(counts)])


def joined(parts: list[Cells]) -> Cells:
    """Return the cells of all parts, in order."""
    columns = (np.concatenate(column) for column in zip(*(_columns(part) for part in parts), strict=True))
    x, y, level, clear_m, reach_m, counts, pieces = columns
    return Cells(x, y, level, clear_m, reach_m, starts(counts), pieces)


def _columns(cells: Cells) -> tuple[Wholes, ...]:
    counts = np.diff(cells.first)
    return cells.x, cells.y, cells.level, cells.clear_m, cells.reach_m, counts, cells.pieces


def _some(cells: Cells, rows: Wholes) -> Cells:
    runs = Runs.of(cells.first, rows)
    x, y, level, clear_m, reach_m = (column[rows] for column in _columns(cells)[:5])
    return Cells(x, y, level, clear_m, reach_m, runs.begin, cells.pieces[runs.numbers])


def _quarters(cells: Cells, size: int) -> Open:
    """Return the quarters of cells, `size` wide, each with all pieces of the whole."""
    whole = np.repeat(np.arange(len(cells.x)), 4)
    quarter = np.arange(len(whole)) % 4
    runs = Runs.of(cells.first, whole)
    x, y = cells.x[whole] + size * (quarter % 2), cells.y[whole] + size * (quarter // 2)
    return Open(x, y, runs.begin, cells.pieces[runs.numbers])


def _least(column: Reals, first: Wholes, last: Wholes) -> Reals:
    """Return the least of a column from each first row to each last, both among them."""
    padded = np.append(column, np.inf)
    least: Reals = np.minimum.reduceat(padded, np.ravel(np.column_stack((first, last + 1))))[::2]
    return least
