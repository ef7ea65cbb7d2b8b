"""Fixes in columns, sorted by device, time and place: what presence is worked out from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

Chunks: TypeAlias = "Callable[[], Iterable[Fixes]]"
"""Fixes in order, in chunks of any size; they are asked for several times, and must be the same each time."""

Order: TypeAlias = "NDArray[np.int64]"
ROW = np.dtype([("device", "<i4"), ("lat", "<i4"), ("lon", "<i4"), ("accuracy", "<i4"), ("time", "<i8")])
"""A fix as it is put aside, in 24 bytes."""

_MOST_KEY = 1 << 62


@dataclass(frozen=True, slots=True, eq=False)
class Fixes:
    """Fixes row by row: the device's number, when in microseconds, where in 1e-7 degree, how accurate in metres."""

    device: NDArray[np.int32]
    time_us: NDArray[np.int64]
    lat_e7: NDArray[np.int32]
    lon_e7: NDArray[np.int32]
    accuracy_m: NDArray[np.int32]

    @staticmethod
    def of(rows: Iterable[tuple[int, int, int, int, int]]) -> Fixes:
        """Return fixes given one by one, in the order of the columns."""
        columns = np.array(list(rows), dtype=np.int64).reshape(-1, 5).T
        return Fixes.narrowed(*columns)

    @staticmethod
    def narrowed(*columns: NDArray[np.int64]) -> Fixes:
        """Return fixes of wide columns, in their order."""
        device, time_us, lat_e7, lon_e7, accuracy_m = columns
        narrow = (one.astype(np.int32) for one in (lat_e7, lon_e7, accuracy_m))
        return Fixes(device.astype(np.int32), time_us.astype(np.int64), *narrow)

    @staticmethod
    def unpacked(rows: NDArray[np.void]) -> Fixes:
        """Return fixes that were put aside."""
        columns = (np.ascontiguousarray(rows[name]) for name in ("device", "time", "lat", "lon", "accuracy"))
        return Fixes(*columns)

    @staticmethod
    def joined(parts: Sequence[Fixes]) -> Fixes:
        """Return several, one after the other."""
        if len(parts) == 1:
            return parts[0]
        return Fixes(*(np.concatenate(column) for column in zip(*(one.columns() for one in parts), strict=True)))

    def packed(self) -> NDArray[np.void]:
        """Return the fixes as they are put aside."""
        rows = np.empty(len(self), dtype=ROW)
        for name, column in zip(("device", "time", "lat", "lon", "accuracy"), self.columns(), strict=True):
            rows[name] = column
        return rows

    def columns(self) -> tuple[NDArray[np.integer], ...]:
        """Return the columns, in their order."""
        return self.device, self.time_us, self.lat_e7, self.lon_e7, self.accuracy_m

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.device)

    def some(self, rows: slice | NDArray[np.bool_] | Order) -> Fixes:
        """Return some of them."""
        return Fixes(
            self.device[rows], self.time_us[rows], self.lat_e7[rows], self.lon_e7[rows], self.accuracy_m[rows]
        )

    def sorted(self) -> Fixes:
        """Return them by device, time, latitude, longitude and accuracy."""
        order = in_order(self)
        return self if order is None else self.some(order)


NO_FIXES = Fixes.of(())


def in_order(fixes: Fixes) -> Order | None:
    """Return the rows in order; None if they are already."""
    if len(fixes) < 2 or not np.any(_after(fixes) < 0):  # noqa: PLR2004  one row is in order
        return None
    first = int(fixes.time_us.min())
    width = int(fixes.time_us.max()) - first + 1
    if width * (int(fixes.device.max()) + 1) >= _MOST_KEY or int(fixes.device.min()) < 0:
        return np.lexsort(fixes.columns()[::-1])
    key = fixes.device * np.int64(width) + (fixes.time_us - first)
    order = np.argsort(key)
    tied = np.flatnonzero(np.diff(key[order]) == 0)
    if len(tied):
        among = np.union1d(tied, tied + 1)
        some = fixes.some(order[among])
        order[among] = order[among][np.lexsort(some.columns()[::-1])]
    return order


def _after(fixes: Fixes) -> NDArray[np.int8]:
    """Return of each row but the first whether it comes after (1), is the same (0) or comes before (-1) the last."""
    device, time_us = fixes.device, fixes.time_us
    same = device[1:] == device[:-1]
    later = (device[1:] > device[:-1]) | (same & (time_us[1:] > time_us[:-1]))
    after = np.where(later, 1, -1).astype(np.int8)
    tied = np.flatnonzero(same & (time_us[1:] == time_us[:-1]))
    undecided = np.ones(len(tied), dtype=np.bool_)
    for column in (fixes.lat_e7, fixes.lon_e7, fixes.accuracy_m):
        here, before = column[tied + 1].astype(np.int64), column[tied].astype(np.int64)
        after[tied[undecided & (here > before)]] = 1
        undecided &= here == before
    after[tied[undecided]] = 0
    return after


def once(chunks: Iterable[Fixes]) -> Iterator[Fixes]:
    """Yield chunks without rows that repeat the one before. Raises ValueError if they are not in order."""
    last: Fixes | None = None
    for chunk in chunks:
        if not len(chunk):
            continue
        after = _after(chunk if last is None else Fixes.joined([last, chunk]))
        if np.any(after < 0):
            raise ValueError("the fixes are not in the order of device, time and place")
        last = chunk.some(slice(len(chunk) - 1, None))
        kept = np.concatenate([np.ones(len(chunk) - len(after), dtype=np.int8), after]) > 0
        if kept.all():
            yield chunk
        elif kept.any():
            yield chunk.some(kept)
