"""Which of many zones hold which of many places: one common grid, whose squares list the zones near them.

A square lists a zone with an answer, and the greatest doubt with which all the zone's own cells in the square give
that answer; less than 0 if they do not agree. A zone that is not listed is certainly not there, for radii up to
`within_m` and places on a good map. What a square does not answer, the zone's own grid is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.geo.grid import Grid, Surveyed
from trucekeeper.geo.lattice import Lattice, Patch
from trucekeeper.geo.measure import HALF_TURN_E7, Points
from trucekeeper.geo.plane import all_bands, rows_of
from trucekeeper.geo.survey import Runs, starts
from trucekeeper.terms import Tri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from trucekeeper.geo.zones import Zone

Wholes: TypeAlias = "NDArray[np.int64]"
Answers: TypeAlias = "NDArray[np.int8]"

_SURE = 0.95  # short of some 75 degrees north or south; beyond, the flat map is too wrong to list zones by it
_WIDER = 1.1  # more than 1 / 0.95
_PAIRS = 1_000_000  # of points and zones, so many or a few more in one go: some hundred megabytes

Found: TypeAlias = "tuple[Wholes, Wholes, Answers]"
"""Rows of places, rows of zones, and answers."""

NOTHING: Found = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Which places are in which zones, certainly (2, `Tri.YES`) or maybe (1): by place, then by zone.

    Row i says that the place `place[i]` is in the zone `zones[zone[i]]`, as `answer[i]` has it. Of a place and a
    zone without a row the answer is no.
    """

    zones: tuple[str, ...]
    place: Wholes
    zone: Wholes
    answer: Answers


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What squares say of zones: the answer, and the greatest radius for which it is one."""

    square: Wholes
    zone: Wholes
    side: Answers
    clear_m: Wholes


class Holding:
    """Surveyed zones that have a `near_box`, for questions about all of them at once, with radii up to `within_m`."""

    def __init__(self, surveys: Sequence[Surveyed], within_m: int) -> None:
        boxes = np.array([near_box(one.zone, within_m) for one in surveys])
        lattice = Lattice.over(boxes)
        parts = [
            _said(row, one, Patch(lattice, box)) for row, (one, box) in enumerate(zip(surveys, boxes, strict=True))
        ]
        self._grid, self._lattice, self._listed = Grid.of(surveys), lattice, _listed(parts, within_m)
        self._first = starts(np.bincount(self._listed.square, minlength=lattice.columns * lattice.rows + 1))
        self._accuracy_m = np.array([one.zone.accuracy_m for one in surveys])

    def ask(self, points: Points, within_m: Wholes) -> Found:
        """Return rows of points, rows of zones and their answers other than no, by point and zone.

        The points must be on maps that are good enough (see `good_rows`), and on no turn round the earth.
        """
        square = self._lattice.square(points)
        pairs_before = starts(np.diff(self._first)[square])[:-1]
        _, begins = np.unique(pairs_before // _PAIRS, return_index=True)
        parts: list[Found] = []
        for begin, end in pairwise([*begins.tolist(), len(points)]):
            rows = slice(begin, end)
            point, zone, answer = self._ask(square[rows], points.some(rows), within_m[rows])
            parts.append((point + begin, zone, answer))
        return joined(parts)

    def _ask(self, square: Wholes, points: Points, within_m: Wholes) -> Found:
        runs = Runs.of(self._first, square)
        listed, point = runs.numbers, runs.row
        zone, answer = self._listed.zone[listed], self._listed.side[listed]
        left = np.flatnonzero(within_m[point] > self._listed.clear_m[listed])
        left = left[np.argsort(zone[left], kind="stable")]  # zone by zone, as it is quicker to look at one at a time
        of_point, of_zone = point[left], zone[left].astype(np.int64)
        doubt_m = within_m[of_point] + self._accuracy_m[of_zone]
        answer[left] = self._grid.answers(of_zone, points.some(of_point), doubt_m)
        found = np.flatnonzero(answer != Tri.NO)
        return point[found], zone[found].astype(np.int64), answer[found]


def joined(parts: list[Found]) -> Found:
    """Return all that was found, in order."""
    place, zone, answer = (np.concatenate(column) for column in zip(NOTHING, *parts, strict=True))
    return place, zone, answer


def near_box(zone: Zone, within_m: int) -> tuple[int, int, int, int] | None:
    """Return a box beyond which no doubt of `within_m`, and its zone's accuracy beside, reaches a drawn zone.

    None if no box is known to be one: near a pole, over the antimeridian, or for a zone yet less accurate.
    """
    assert zone.geometry is not None  # noqa: S101  whoever asks has looked
    west, south, east, north = (int(end) for end in zone.geometry.bounds)
    bands, flat_m = all_bands(), _flat_m(within_m)
    high = int(flat_m / bands.y_m.min()) + 1
    first, last = rows_of(np.array([south - high, north + high]))
    if zone.accuracy_m > within_m or not good_rows(within_m)[first : last + 1].all():
        return None
    wide = int(flat_m / bands.x_m[first : last + 1].min()) + 1
    box = west - wide, south - high, east + wide, north + high
    return box if box[0] > -HALF_TURN_E7 and box[2] < HALF_TURN_E7 else None


def good_rows(within_m: int) -> NDArray[np.bool_]:
    """Return of all bands which have maps good enough for places with radii up to `within_m`."""
    bands = all_bands()
    good: NDArray[np.bool_] = (bands.sure >= _SURE) & (bands.cap_m > _flat_m(within_m))
    return good


def _flat_m(within_m: int) -> float:
    """Return metres on a good map that are more on the ground than a radius and an accuracy no greater."""
    return _WIDER * (2 * within_m + 1)


def _said(row: int, surveyed: Surveyed, patch: Patch) -> _Said:
    """Return what the squares of a patch say of a zone: what all its cells there say, with the least doubt."""
    here, cell = patch.touched(surveyed.cells, surveyed.square)
    clear_m = np.full(patch.size, np.iinfo(np.int64).max)
    least, most = np.full(patch.size, Tri.YES, dtype=np.int8), np.full(patch.size, Tri.NO, dtype=np.int8)
    np.minimum.at(clear_m, here, surveyed.cells.clear_m[cell])
    np.minimum.at(least, here, surveyed.side[cell])
    np.maximum.at(most, here, surveyed.side[cell])
    clear_m[(least != most) | ~patch.held_by(surveyed.square)] = -1
    clear_m -= surveyed.zone.accuracy_m
    return _Said(patch.squares(), np.full(patch.size, row, dtype=np.int32), least, clear_m)


def _listed(parts: list[_Said], within_m: int) -> _Said:
    """Return what squares say of zones, by square and then by zone, without what they need not say."""
    columns = zip(*((one.square, one.zone, one.side, one.clear_m) for one in parts), strict=True)
    square, zone, side, clear_m = (np.concatenate(column) for column in columns)
    said = np.flatnonzero((side != Tri.NO) | (clear_m < within_m))
    order = said[np.argsort(square[said], kind="stable")]
    kind = np.min_scalar_type(len(parts))  # sixteen bits are sorted in no time
    return _Said(square[order], zone[order].astype(kind), side[order], clear_m[order])
