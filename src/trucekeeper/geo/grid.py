"""Places against zones by grids of cells, in front of the exact test.

A place is in one cell of its zone's grid. The cell answers if its answer is that of the exact test for every place in
it and every doubt as large (see `trucekeeper.geo.survey`). If it does not, the few pieces of edge near the cell do,
unless the doubt ends within a centimetre, or within the doubt of the map, of the edge. What is left goes to the
exact test. Outside the grid, the box round the zone takes the place of the edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

from trucekeeper.geo.measure import Points, in_zone
from trucekeeper.geo.plane import all_bands, rows_of
from trucekeeper.geo.survey import MARGIN_M, Cells, Edge, Runs, Square, joined, starts, survey
from trucekeeper.terms import Tri

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from trucekeeper.geo.zones import Zone

Wholes: TypeAlias = "NDArray[np.int64]"
Reals: TypeAlias = "NDArray[np.float64]"
Answers: TypeAlias = "NDArray[np.int8]"

DEPTH = 8
"""A grid is 2^8 cells wide: at 60 km, of 230 m each."""

_ACROSS = 1 << DEPTH
_MARGIN = 8  # a grid is an eighth wider than its zone or more, so that it holds who is near the zone
_OPEN = 3  # beside the values of Tri: not yet answered
_FEW = 32  # pieces of edge; beyond, the exact test is as quick
_PART = 1 << 15  # so that no more than a million pieces are looked at in one go


@dataclass(frozen=True, slots=True, eq=False)
class Surveyed:
    """A drawn zone at most 180 degrees wide, the cells of a square round it, and what each cell answers."""

    zone: Zone
    box: tuple[int, int, int, int]
    square: Square
    edge: Edge
    cells: Cells
    side: Answers

    @staticmethod
    def of(zone: Zone) -> Surveyed:
        """Return the survey of a zone."""
        assert zone.geometry is not None  # noqa: S101  an undrawn zone has nothing to survey
        shapely.prepare(zone.geometry)
        west, south, east, north = (int(end) for end in zone.geometry.bounds)
        side = max(east - west, north - south)
        bits = max((side + side // _MARGIN).bit_length() - DEPTH, 0)
        spare = (1 << (bits + DEPTH)) - side
        square = Square(west - spare // 2, south - spare // 2, bits, DEPTH)
        edge = Edge.of(zone.geometry)
        cells = survey(edge, square)
        held = shapely.intersects_xy(zone.geometry, cells.x, cells.y)  # no edge is near a cell that answers
        answers = np.where(held, Tri.YES, Tri.NO).astype(np.int8)
        return Surveyed(zone, (west, south, east, north), square, edge, cells, answers)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """Points, each asked about with a doubt of so many metres, in a zone by its row."""

    zone: Wholes
    points: Points
    doubt_m: Wholes

    def some(self, rows: Wholes) -> _Asked:
        return _Asked(self.zone[rows], self.points.some(rows), self.doubt_m[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The grids of several zones, one after the other; zones go by their row in the columns.

    `cell_of` says of every smallest square of every grid which cell it is part of, `side` what a cell answers.
    """

    zones: tuple[Zone, ...]
    shapes: NDArray[np.object_]
    box: Wholes
    west: Wholes
    south: Wholes
    bits: Wholes
    cell_of: NDArray[np.int32]
    side: Answers
    cells: Cells
    edge: Edge

    @staticmethod
    def of(surveys: Sequence[Surveyed]) -> Grid:
        """Return the grids of surveyed zones."""
        first = starts(np.array([len(one.cells.x) for one in surveys]))
        cells = joined([one.cells for one in surveys])
        piece = starts(np.array([len(one.edge.x) for one in surveys]))
        cells.pieces[:] += np.repeat(piece[:-1], [len(one.cells.pieces) for one in surveys])
        west, south, bits = np.array([(one.square.west, one.square.south, one.square.bits) for one in surveys]).T
        shapes = np.array([one.zone.geometry for one in surveys], dtype=object)
        return Grid(
            zones=tuple(one.zone for one in surveys),
            shapes=shapes,
            box=np.array([one.box for one in surveys]).T,
            west=west,
            south=south,
            bits=bits,
            cell_of=np.concatenate(
                [_cell_of(one, int(begin)) for one, begin in zip(surveys, first[:-1], strict=True)]
            ),
            side=np.concatenate([one.side for one in surveys]),
            cells=cells,
            edge=Edge.joined([one.edge for one in surveys]),
        )

    def answers(self, zone: Wholes, points: Points, doubt_m: Wholes) -> Answers:
        """Return whether points lie in a zone each, with a doubt each, as the exact test does."""
        column = (points.x - self.west[zone]) >> self.bits[zone]
        row = (points.y - self.south[zone]) >> self.bits[zone]
        held = (column | row) & -_ACROSS == 0
        cell: Wholes = self.cell_of[np.where(held, (zone * _ACROSS + row) * _ACROSS + column, 0)].astype(np.int64)
        answers = self.side[cell]
        answers[(doubt_m > self.cells.clear_m[cell]) | ~held] = _OPEN
        asked = _Asked(zone, points, doubt_m)
        _fill(answers, ~held, lambda rows: self._by_box(asked.some(rows)))
        _fill(answers, held, lambda rows: self._by_cell(asked.some(rows), cell[rows]))
        _fill(answers, np.True_, lambda rows: self._exactly(asked.some(rows)))
        return answers

    def _by_box(self, asked: _Asked) -> Answers:
        """Answer no for points outside the box of their zone, unless the doubt may reach the box."""
        west, south, east, north = self.box[:, asked.zone]
        x, y, rows, bands = asked.points.x, asked.points.y, rows_of(asked.points.y), all_bands()
        gap_x, gap_y = np.maximum(west - x, x - east), np.maximum(south - y, y - north)  # one is more than 0
        flat_m = np.maximum(gap_x * bands.x_m[rows], gap_y * bands.y_m[rows])
        clear = (asked.doubt_m == 0) | (asked.doubt_m < _sure_m(flat_m, rows))
        return np.where(clear, Tri.NO, _OPEN).astype(np.int8)

    def _by_cell(self, asked: _Asked, cell: Wholes) -> Answers:
        """Answer maybe where the whole cell does, else by the few pieces of edge that are near it."""
        answers = np.full(len(cell), _OPEN, dtype=np.int8)
        answers[asked.doubt_m >= self.cells.reach_m[cell]] = Tri.MAYBE
        few = self.cells.first[cell + 1] - self.cells.first[cell] <= _FEW
        _fill(answers, few, lambda rows: self._by_pieces(asked.some(rows), cell[rows]))
        return answers

    def _by_pieces(self, asked: _Asked, cell: Wholes) -> Answers:
        """Answer by the pieces of edge that may be the nearest to a place of the cell."""
        near, rows = Runs.of(self.cells.first, cell), rows_of(asked.points.y)
        pieces = Runs(self.cells.pieces[near.numbers], near.row, near.begin)
        _, flat_m = self.edge.least_m(pieces, asked.points.x, asked.points.y, rows)
        answers = np.full(len(cell), _OPEN, dtype=np.int8)
        answers[asked.doubt_m > flat_m + MARGIN_M] = Tri.MAYBE
        clear = np.flatnonzero((asked.doubt_m == 0) | (asked.doubt_m < _sure_m(flat_m, rows)))
        shapes, points = self.shapes[asked.zone[clear]], asked.points.some(clear)
        answers[clear] = np.where(shapely.intersects_xy(shapes, points.x, points.y), Tri.YES, Tri.NO)
        return answers

    def _exactly(self, asked: _Asked) -> Answers:
        answers = np.empty(len(asked.zone), dtype=np.int8)
        for zone in np.unique(asked.zone):
            here = np.flatnonzero(asked.zone == zone)
            some = asked.some(here)
            answers[here] = in_zone(self.zones[zone], some.points, some.doubt_m)
        return answers


def _fill(answers: Answers, among: NDArray[np.bool_] | np.bool_, ask: Callable[[Wholes], Answers]) -> None:
    """Answer the open rows among some, in parts that memory can hold."""
    rows = np.flatnonzero((answers == _OPEN) & among)
    for begin in range(0, len(rows), _PART):
        some = rows[begin : begin + _PART]
        answers[some] = ask(some)


def _sure_m(flat_m: Reals, rows: Wholes) -> Reals:
    """Return how far on the ground an edge so far on the map of the band is at least."""
    bands = all_bands()
    return np.minimum(bands.sure[rows] * flat_m, bands.cap_m[rows]) - MARGIN_M


def _cell_of(surveyed: Surveyed, begin: int) -> NDArray[np.int32]:
    """Return of every smallest square, from the south-west row by row, which cell it is part of, from `begin` on."""
    square, cells = surveyed.square, surveyed.cells
    cell_of = np.empty((_ACROSS, _ACROSS), dtype=np.int32)
    for level in range(DEPTH + 1):
        here = np.flatnonzero(cells.level == level)
        across, bits = 1 << level, square.bits + DEPTH - level
        block = cell_of.reshape(across, _ACROSS // across, across, _ACROSS // across)
        row, column = (cells.y[here] - square.south) >> bits, (cells.x[here] - square.west) >> bits
        block[row, :, column, :] = here[:, np.newaxis, np.newaxis] + begin
    return cell_of.ravel()
