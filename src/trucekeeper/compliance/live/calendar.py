"""Timers without a heap: a calendar of buckets, each as long as a quarter of an hour.

Only the bucket that time has reached is kept in order; a timer for later is dropped into its bucket unsorted. What a
timer wakes decides itself whether it still wants to be woken, so that none is ever taken out.
"""

from __future__ import annotations

from bisect import insort
from typing import Generic, TypeVar

from trucekeeper.terms import NEVER, Moment
from trucekeeper.terms.moments import MINUTE

T = TypeVar("T")

BUCKET = 15 * MINUTE
"""Short enough that few timers share one, long enough that a day has no more than a hundred."""
FEW = 1000
"""So many empty buckets are passed one by one; over more, those that hold something are looked up."""


class Calendar(Generic[T]):
    """What is to be woken, and when."""

    def __init__(self, now: Moment) -> None:
        """Begin at a moment, empty."""
        self._bucket = now // BUCKET
        self._later: dict[int, list[tuple[Moment, int, T]]] = {}
        self._soon: list[tuple[Moment, int, T]] = []  # in reverse, so that the next is the last
        self._number = 0  # sets apart what is to be woken at one moment, first come, first woken

    def wake(self, one: T, at: Moment) -> None:
        """Wake something at a moment, if that ever comes."""
        if at >= NEVER:
            return
        self._number += 1
        entry, bucket = (at, self._number, one), at // BUCKET
        if bucket > self._bucket:
            self._later.setdefault(bucket, []).append(entry)
        else:
            insort(self._soon, entry, key=_backwards)

    def next(self) -> Moment:
        """Return the first moment at which something is to be woken, NEVER if none is."""
        if self._soon:
            return self._soon[-1][0]
        return min(self._later[min(self._later)])[0] if self._later else NEVER

    def woken(self, now: Moment) -> list[tuple[Moment, T]]:
        """Return all whose moment has come by now, in order of time, each with that moment."""
        found: list[tuple[Moment, T]] = []
        self._take(found, now)
        for bucket in self._buckets(now // BUCKET):
            self._bucket = bucket
            entries = self._later.pop(bucket, None)
            if entries:
                self._soon = sorted(entries, key=_backwards)
                self._take(found, now)
        self._bucket = max(self._bucket, now // BUCKET)
        return found

    def _buckets(self, last: int) -> list[int] | range:
        if last - self._bucket <= FEW:
            return range(self._bucket + 1, last + 1)
        return sorted(bucket for bucket in self._later if bucket <= last)

    def _take(self, found: list[tuple[Moment, T]], now: Moment) -> None:
        soon = self._soon
        while soon and soon[-1][0] <= now:
            at, _, one = soon.pop()
            found.append((at, one))


def _backwards(entry: tuple[Moment, int, object]) -> tuple[Moment, int]:
    return -entry[0], -entry[1]
