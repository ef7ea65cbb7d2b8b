"""One version of a zone, ready for many questions: of one place at a time, or of many at once."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

from trucekeeper.geo.grid import DEPTH, Grid, Surveyed
from trucekeeper.geo.holding import near_box
from trucekeeper.geo.measure import TURN_E7, in_zone, near
from trucekeeper.geo.plane import band_of, sure_of_band
from trucekeeper.geo.survey import MARGIN_M
from trucekeeper.terms import Tri
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucekeeper.geo.zones import Zone
    from trucekeeper.terms import Place

Wholes: TypeAlias = "NDArray[np.int64]"
Answers: TypeAlias = "NDArray[np.int8]"

_WORTH = 128
"""A grid costs as much time as so many exact tests; a zone of which less is asked gets none."""

_REMEMBERED = 1 << 17
"""Answers kept of a zone: some 20 MB at most."""

_ACROSS = 1 << DEPTH
_WIDEST_E7 = 180 * E7
_TRI = (Tri.NO, Tri.MAYBE, Tri.YES)


class Ground:
    """A zone for many questions. What it remembers changes how soon it answers, and never what."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self._asked = 0
        self._cells: _Cells | None = None
        self._boxes: dict[int, tuple[int, int, int, int] | None] = {}
        self._answers: dict[Place, Tri] = {}
        shapely.prepare(zone.geometry)

    def __reduce__(self) -> tuple[type[Ground], tuple[Zone]]:
        """Pickle the zone alone."""
        return Ground, (self.zone,)

    def holds(self, place: Place) -> Tri:
        """Return whether a place lies in the zone. It is asked of one place at every level of proof, by everybody."""
        found = self._answers.get(place)
        if found is None:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            found = self._answers[place] = self._holds(place)
        return found

    def _holds(self, place: Place) -> Tri:
        if self._cells is None:
            return _TRI[self.holds_all(*_columns(place))[0]]
        found = self._cells.answer(place)
        if found is None:
            lat_e7, lon_e7, within_m = _columns(place)
            found = _TRI[in_zone(self.zone, near(self.zone, lat_e7, lon_e7), within_m + self.zone.accuracy_m)[0]]
        return found

    def holds_all(self, lat_e7: Wholes, lon_e7: Wholes, within_m: Wholes) -> Answers:
        """Return whether places lie in the zone."""
        if self.zone.geometry is None:
            return np.full(len(lat_e7), Tri.MAYBE, dtype=np.int8)
        points, doubt_m = near(self.zone, lat_e7, lon_e7), within_m + self.zone.accuracy_m
        self._asked += len(lat_e7)
        if self._asked < _WORTH or not self.can_be_surveyed():
            return in_zone(self.zone, points, doubt_m)
        return self._drawn().grid.answers(np.zeros(len(lat_e7), dtype=np.int64), points, doubt_m)

    def can_be_surveyed(self) -> bool:
        """Return whether the zone is drawn, and as narrow as the survey supposes."""
        if self.zone.geometry is None or self.zone.geometry.is_empty:
            return False
        west, _, east, _ = self.zone.geometry.bounds
        return bool(east - west <= _WIDEST_E7)

    def near_box(self, within_m: int) -> tuple[int, int, int, int] | None:
        """Return the box that `trucekeeper.geo.holding` asks for; None if there is none."""
        if within_m not in self._boxes:
            self._boxes[within_m] = near_box(self.zone, within_m) if self.can_be_surveyed() else None
        return self._boxes[within_m]

    def surveyed(self) -> Surveyed:
        """Return the survey of a zone that can be surveyed."""
        return self._drawn().surveyed

    def _drawn(self) -> _Cells:
        if self._cells is None:
            self._cells = _Cells(Surveyed.of(self.zone))
        return self._cells


def _columns(place: Place) -> tuple[Wholes, Wholes, Wholes]:
    return np.array([place.lat_e7]), np.array([place.lon_e7]), np.array([place.within_m])


class _Cells:
    """The grid of one zone, laid out for one place at a time."""

    def __init__(self, surveyed: Surveyed) -> None:
        self.surveyed = surveyed
        self.grid = Grid.of((surveyed,))
        self._west, self._south, self._bits = surveyed.square.west, surveyed.square.south, surveyed.square.bits
        self._box, self._accuracy_m = surveyed.box, surveyed.zone.accuracy_m
        self._cell_of = self.grid.cell_of.data
        self._side = [_TRI[side] for side in self.grid.side]
        self._clear_m: list[int] = surveyed.cells.clear_m.tolist()
        self._reach_m: list[int] = surveyed.cells.reach_m.tolist()
        twice_middle = surveyed.box[0] + surveyed.box[2]
        self._last, self._first = twice_middle + TURN_E7, twice_middle - TURN_E7

    def answer(self, place: Place) -> Tri | None:
        """Return what the place's cell says, or the box if it is in none; None if they do not know."""
        x, y, doubt_m = place.lon_e7, place.lat_e7, place.within_m + self._accuracy_m
        if not self._first <= 2 * x <= self._last:
            x += TURN_E7 if 2 * x < self._first else -TURN_E7
        column, row = (x - self._west) >> self._bits, (y - self._south) >> self._bits
        if not (0 <= column < _ACROSS and 0 <= row < _ACROSS):
            return self._by_box(x, y, doubt_m)
        cell = self._cell_of[row * _ACROSS + column]
        if doubt_m <= self._clear_m[cell]:
            return self._side[cell]
        return Tri.MAYBE if doubt_m >= self._reach_m[cell] else None

    def _by_box(self, x: int, y: int, doubt_m: int) -> Tri | None:
        if not doubt_m:
            return Tri.NO
        west, south, east, north = self._box
        x_m, y_m, sure, cap_m = sure_of_band(band_of(y))
        flat_m = hypot(max(west - x, x - east, 0) * x_m, max(south - y, y - north, 0) * y_m)
        return Tri.NO if doubt_m < min(sure * flat_m, cap_m) - MARGIN_M else None
