"""Many places and times at once, in columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from trucekeeper.terms import Interval, Place

Whole: TypeAlias = "NDArray[np.int64] | NDArray[np.int32]"
Some: TypeAlias = "slice | NDArray[np.int64]"
"""Which rows: a slice, or their numbers."""

_NORTHERNMOST_E7, _EASTERNMOST_E7 = 90 * E7, 180 * E7


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Places by their latitudes and longitudes in 1e-7 degree and their radii in whole metres, row by row."""

    lat_e7: Whole
    lon_e7: Whole
    within_m: Whole

    def __post_init__(self) -> None:
        """Hold that every row is a place, as `Place` does."""
        if not len(self.lat_e7) == len(self.lon_e7) == len(self.within_m):
            raise ValueError("the columns of the places are not equally long")
        if _passes(self.lat_e7, _NORTHERNMOST_E7):
            raise ValueError("a latitude is not between -90 and 90 degrees")
        if _passes(self.lon_e7, _EASTERNMOST_E7):
            raise ValueError("a longitude is not between -180 and 180 degrees")
        if self.within_m.min(initial=0) < 0:
            raise ValueError("a radius is negative")

    @staticmethod
    def of(places: Iterable[Place]) -> Places:
        """Return the places given one by one."""
        rows = [(place.lat_e7, place.lon_e7, place.within_m) for place in places]
        lat_e7, lon_e7, within_m = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return Places(lat_e7, lon_e7, within_m)

    def __len__(self) -> int:
        """Return how many places there are."""
        return len(self.lat_e7)

    def some(self, rows: Some) -> Places:
        """Return the places of some rows."""
        return Places(self.lat_e7[rows], self.lon_e7[rows], self.within_m[rows])

    def columns(self, rows: Some) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the latitudes, longitudes and radii of some rows."""
        lat_e7, lon_e7, within_m = (
            column[rows].astype(np.int64, copy=False) for column in (self.lat_e7, self.lon_e7, self.within_m)
        )
        return lat_e7, lon_e7, within_m


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Intervals in which things happened, by their earliest and latest moments, row by row."""

    earliest: NDArray[np.int64]
    latest: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Hold that every row is an interval, as `Interval` does."""
        if len(self.earliest) != len(self.latest):
            raise ValueError("the columns of the times are not equally long")
        if np.any(self.earliest > self.latest):
            raise ValueError("an earliest time is after its latest")

    @staticmethod
    def of(intervals: Iterable[Interval]) -> Times:
        """Return the intervals given one by one."""
        rows = [(interval.earliest, interval.latest) for interval in intervals]
        earliest, latest = np.array(rows, dtype=np.int64).reshape(-1, 2).T
        return Times(earliest, latest)

    @staticmethod
    def all_at(interval: Interval, count: int) -> Times:
        """Return one interval for so many rows, without storing it so many times."""
        return Times(*(np.broadcast_to(np.int64(end), count) for end in (interval.earliest, interval.latest)))

    def __len__(self) -> int:
        """Return how many intervals there are."""
        return len(self.earliest)

    def some(self, rows: Some) -> Times:
        """Return the intervals of some rows."""
        return Times(self.earliest[rows], self.latest[rows])


def _passes(column: Whole, limit: int) -> bool:
    return bool(column.min(initial=0) < -limit or column.max(initial=0) > limit)
