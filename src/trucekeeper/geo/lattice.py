"""A common grid over many zones, and the squares of it that a zone is near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.geo.survey import starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucekeeper.geo.measure import Points
    from trucekeeper.geo.survey import Cells, Square

Wholes: TypeAlias = "NDArray[np.int64]"

_MOST_BITS = 10  # at most 2^10 by 2^10 squares: over ten degrees, of a kilometre each


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """The common grid: its corner, the width of its squares (2^bits) and how many are in a row and a column."""

    west: int
    south: int
    bits: int
    columns: int
    rows: int

    @staticmethod
    def over(boxes: Wholes) -> Lattice:
        """Return a lattice that covers boxes of west, south, east and north."""
        west, south = (int(end) for end in boxes[:, :2].min(axis=0))
        east, north = (int(end) for end in boxes[:, 2:].max(axis=0))
        bits = max(max(east - west, north - south).bit_length() - _MOST_BITS, 0)
        return Lattice(west, south, bits, ((east - west) >> bits) + 1, ((north - south) >> bits) + 1)

    def square(self, points: Points) -> Wholes:
        """Return in which square points are; beyond the lattice, one more than there are squares."""
        column, row = self.column(points.x), self.row(points.y)
        held = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        return np.where(held, row * self.columns + column, self.columns * self.rows)

    def column(self, x: Wholes) -> Wholes:
        """Return in which columns longitudes are."""
        return (x - self.west) >> self.bits

    def row(self, y: Wholes) -> Wholes:
        """Return in which rows latitudes are."""
        return (y - self.south) >> self.bits


class Patch:
    """The squares of a lattice that a box touches, row by row from its south-west."""

    def __init__(self, lattice: Lattice, box: Wholes) -> None:
        first_column, last_column = lattice.column(box[[0, 2]])
        first_row, last_row = lattice.row(box[[1, 3]])
        self._lattice = lattice
        self._columns = np.arange(first_column, last_column + 1)
        self._rows = np.arange(first_row, last_row + 1)
        self.size = len(self._columns) * len(self._rows)

    def squares(self) -> Wholes:
        """Return the squares' numbers in the lattice."""
        return (self._rows[:, np.newaxis] * self._lattice.columns + self._columns).ravel()

    def held_by(self, square: Square) -> NDArray[np.bool_]:
        """Return which squares lie wholly in the square of a survey."""
        width = 1 << (square.bits + square.depth)
        west, south = self._lattice.west, self._lattice.south
        columns = _lie(west + (self._columns << self._lattice.bits), self._lattice.bits, square.west, width)
        rows = _lie(south + (self._rows << self._lattice.bits), self._lattice.bits, square.south, width)
        return (rows[:, np.newaxis] & columns).ravel()

    def touched(self, cells: Cells, square: Square) -> tuple[Wholes, Wholes]:
        """Return pairs of a square that a cell touches, by its place in the patch, and the cell's row."""
        far = np.left_shift(1, square.bits + square.depth - cells.level) - 1
        column, wide = _span(self._lattice.column(cells.x), self._lattice.column(cells.x + far), self._columns)
        row, high = _span(self._lattice.row(cells.y), self._lattice.row(cells.y + far), self._rows)
        begin = starts(wide * high)
        cell = np.repeat(np.arange(len(wide)), wide * high)
        step = np.arange(begin[-1]) - begin[cell]
        down, along = np.divmod(step, wide[cell])
        return (row[cell] + down) * len(self._columns) + column[cell] + along, cell


def _lie(low: Wholes, bits: int, corner: int, width: int) -> NDArray[np.bool_]:
    """Return which stretches of 2^bits from `low` on lie in the stretch of `width` from `corner` on."""
    return (low >= corner) & (low + (1 << bits) <= corner + width)


def _span(low: Wholes, high: Wholes, among: Wholes) -> tuple[Wholes, Wholes]:
    """Return how far into consecutive numbers each stretch begins, and how many of them it has, if any."""
    begin, end = np.maximum(low - among[0], 0), np.minimum(high - among[0], len(among) - 1)
    return begin, np.maximum(end - begin + 1, 0)
