"""Stretches of time under keys, sorted so that "is there one inside" and "is there one touching" cost a look-up.

"Is there one inside" is whether the first end of those that begin in the window lies in it; "is there one touching",
whether the first beginning of those that end after the window's beginning lies before its end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from trucekeeper.compliance.columns.values import NOTHING, Values, common
from trucekeeper.terms import DAWN, NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from trucekeeper.compliance.columns.values import Integers

    Moments = NDArray[np.int64]

SPARSE = 8
"""Keys of which at most one in so many occurs are numbered anew."""
_MOST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class _Clock:
    """Times from the first to the last as numbers 0, 1, ...; earlier ones as the first, later ones more than any."""

    first: int
    last: int

    @property
    def width(self) -> int:
        return self.last - self.first + 2

    def at(self, moments: Moments) -> Moments:
        return np.clip(moments, self.first, self.last + 1) - self.first

    def time(self, number: Moments) -> Moments:
        return number + self.first


@dataclass(frozen=True, slots=True, eq=False)
class _Ranks:
    """Times as their rank among those on hand, from 0, whatever the span of years."""

    times: Moments

    @property
    def width(self) -> int:
        return len(self.times) + 1

    def at(self, moments: Moments) -> Moments:
        return np.searchsorted(self.times, moments)

    def time(self, number: Moments) -> Moments:
        return self.times[np.minimum(number, len(self.times) - 1)]


def _clock(keys: int, earliest: Moments, latest: Moments) -> _Clock | _Ranks:
    """Return how times are numbered so that so many keys and a time fit one whole number."""
    if not len(earliest):
        return _Clock(0, 0)
    clock = _Clock(int(earliest.min()), int(latest.max()))
    return clock if keys * clock.width < _MOST else _Ranks(np.unique(np.concatenate([earliest, latest])))


@dataclass(frozen=True, eq=False)
class Spans:
    """Closed stretches of time, each under a key: few and small whole numbers from 0.

    Each question takes one key and one moment for each asker.
    """

    keys: Integers
    earliest: Moments
    latest: Moments
    _clock: _Clock | _Ranks = field(init=False)
    _by_start: _Sorted = field(init=False)
    _by_end: _Sorted = field(init=False)

    def __post_init__(self) -> None:
        """Sort by beginning and by end, and know from each place on the first end and beginning."""
        clock = _clock(self._many, self.earliest, self.latest)
        base = self.keys.astype(np.int64) * clock.width
        start = base + clock.at(self.earliest)
        moments = np.array_equal(self.earliest, self.latest)
        end = start if moments else base + clock.at(self.latest)
        object.__setattr__(self, "_clock", clock)
        by_start = _Sorted.of(start, end)
        object.__setattr__(self, "_by_start", by_start)
        object.__setattr__(self, "_by_end", by_start if moments else _Sorted.of(end, start))

    @property
    def _many(self) -> int:
        """How many keys there are, the one that no stretch has among them."""
        return int(self.keys.max(initial=-1)) + 2

    @cached_property
    def moments(self) -> bool:
        """Return whether none of them lasts."""
        return self._by_end is self._by_start

    def first_end(self, keys: Integers, since: Moments) -> Moments:
        """Return the earliest end of those that begin at or after each moment; NEVER if there is none."""
        return self._first(self._by_start, keys, since)

    def first_start(self, keys: Integers, since: Moments) -> Moments:
        """Return the earliest beginning of those that end at or after each moment; NEVER if there is none."""
        return self._first(self._by_end, keys, since)

    def last_end(self, keys: Integers) -> Moments:
        """Return the latest end under each key; DAWN if there is none."""
        return self._last(self.latest, keys)

    def last_start(self, keys: Integers) -> Moments:
        """Return the latest beginning under each key; DAWN if there is none."""
        return self._last(self.earliest, keys)

    def _first(self, order: _Sorted, keys: Integers, since: Moments) -> Moments:
        clock = self._clock
        base = self._known(keys) * clock.width
        number = order.least_from(base + clock.at(since)) - base
        return np.where(number < clock.width, clock.time(number), NEVER)

    def _last(self, times: Moments, keys: Integers) -> Moments:
        last = np.full(self._many, DAWN)
        order = np.argsort(times)
        last[self.keys[order]] = times[order]  # of several under one key the last is kept
        return last[self._known(keys)]

    def _known(self, keys: Integers) -> Moments:
        """Return the keys; of those that no stretch has, one for all, however large they are."""
        return np.minimum(keys, self._many - 1).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class _Sorted:
    """Codes in order, and from each place on the least of other codes; beyond the last more than any."""

    codes: NDArray[np.int64]
    least: NDArray[np.int64]

    @staticmethod
    def of(codes: NDArray[np.int64], others: NDArray[np.int64]) -> _Sorted:
        if others is codes:
            ordered = np.sort(codes)
            return _Sorted(ordered, np.append(ordered, _MOST))
        order = np.argsort(codes)
        least = np.minimum.accumulate(others[order][::-1])[::-1]
        return _Sorted(codes[order], np.append(least, _MOST))

    def least_from(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the least of the other codes from each code on; looked up in order, which is quicker."""
        if (codes[1:] >= codes[:-1]).all():
            return self.least[np.searchsorted(self.codes, codes)]
        order = np.argsort(codes)
        found = np.empty_like(codes)
        found[order] = self.least[np.searchsorted(self.codes, codes[order])]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """Some askers and some others that agree in what they say: their rows, and a key that is equal where they do.

    `certain` if all of them say everything, so that equal keys are agreement; else they only may agree.
    """

    askers: Integers
    others: Integers
    asker_keys: Integers
    other_keys: Integers
    certain: bool


def alike(askers: Sequence[Values], others: Sequence[Values]) -> Iterator[Alike]:
    """Yield askers and others by which of their aspects are known; each pair is in one of these at most."""
    coded = [common(pair)[0] for pair in zip(askers, others, strict=True)]
    many = [1 + max(int(codes.max(initial=NOTHING)) for codes in pair) for pair in coded]
    ours = [(codes[0], count) for codes, count in zip(coded, many, strict=True)]
    theirs = [(codes[1], count) for codes, count in zip(coded, many, strict=True)]
    for our_known, our_rows in _by_known([codes for codes, _ in ours]):
        for their_known, their_rows in _by_known([codes for codes, _ in theirs]):
            both = [at for at, known in enumerate(zip(our_known, their_known, strict=True)) if all(known)]
            our_keys = _key([ours[at] for at in both], our_rows)
            their_keys = _key([theirs[at] for at in both], their_rows)
            if math.prod(many[at] for at in both) > SPARSE * (len(our_keys) + len(their_keys)):
                our_keys, their_keys = _small(our_keys, their_keys)
            yield Alike(our_rows, their_rows, our_keys, their_keys, len(both) == len(coded))


def _small(ours: Integers, theirs: Integers) -> tuple[Integers, Integers]:
    """Return keys that are equal where these are, and not larger than there are of them."""
    found = np.unique(np.concatenate([ours, theirs]), return_inverse=True)[1]
    return found[: len(ours)], found[len(ours) :]


def _by_known(columns: Sequence[Integers]) -> Iterator[tuple[tuple[bool, ...], Integers]]:
    """Yield the rows of each pattern of known and unknown aspects that occurs."""
    if all((codes != NOTHING).all() for codes in columns):
        yield (True,) * len(columns), np.arange(len(columns[0]))
        return
    pattern = np.zeros(len(columns[0]), np.int64)
    for codes in columns:
        pattern = pattern * 2 + (codes != NOTHING)
    for one in np.flatnonzero(np.bincount(pattern)).tolist():
        known = tuple(bool(one >> (len(columns) - 1 - at) & 1) for at in range(len(columns)))
        yield known, np.flatnonzero(pattern == one)


def _key(columns: Sequence[tuple[Integers, int]], rows: Integers) -> Integers:
    """Return one number for what the rows say in all of these columns."""
    key = np.zeros(len(rows), np.int64)
    for codes, many in columns:
        key = key * many + codes[rows]
    return key
