"""How far apart two reports of one incident are told, and two of a repeated one: logarithms of analytic densities.

Distances: a point is off by a normal error along each axis, with a few wild ones; in an area the event is anywhere
in a disc. Times: off by a Laplace error, with a few far off; a day is a day wide besides. Densities are per square
kilometre and hour, in thousandths of a nat, tabled over bins of distance or time for a pair of classes of `scales`.

A row is worked out by itself, at one fixed length, for the lesser class first: whoever asks for a pair of classes, in
whatever company, gets the same whole numbers.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import ndtr

from trucekeeper.fusion.columns import HOUR_US
from trucekeeper.fusion.scales import PLACE_M, PLACES, TIME_US, TIMES

if TYPE_CHECKING:
    from trucekeeper.fusion.columns import Reals, Wholes

MILLI = 1000
"""Weights are whole thousandths of a nat."""

BINS = 256
LEAST = -60 * MILLI
"""The logarithm of what does not happen."""

REPEAT_DAYS = 7
"""A place is shelled again on one of so many days following, or it is another matter."""

_WILD = 0.03  # errors that no declared precision covers: a wrong village, a swapped digit
_WIDER = 3.0  # times the declared error that these are wide
_LATE = 0.05  # times that are the report's own, or the evening news'
_LATER = 3.0  # times the declared error that these are off
_STRAY = 0.2  # two reports of one area whose event moved within it, named by another centre
_SAME_CENTRE = 0.3  # of a radius: two gazetteers' centres of one place
_DAY_H = 24.0
_REPEAT_BIN_H = 1.0
_FLOOR = 1e-13
_MIDDLES: Reals = np.arange(BINS, dtype=np.float64) + 0.5


class Row(NamedTuple):
    """Logarithms of a density over `BINS` bins, each `width` (metres or microseconds) wide.

    The last is for all that is further, which does not happen.
    """

    width: float
    logs: Wholes


@lru_cache(maxsize=65536)
def apart(one: int, other: int, moved: int) -> Row:
    """Return how far apart two classes of position tell one event; `moved` is the class by which it moved, or -1."""
    sds = [PLACE_M[place % PLACES] / 1000 for place in (one, other)]
    discs = [sd for sd, place in zip(sds, (one, other), strict=True) if place >= PLACES]
    points = [sd for sd, place in zip(sds, (one, other), strict=True) if place < PLACES]
    step = PLACE_M[moved] / 1000 if moved >= 0 else 0.0
    variance = sum(sd * sd for sd in points) + step * step
    reach = 6 * np.sqrt(variance) + 1.3 * sum(discs)
    away = _MIDDLES * (reach / BINS)
    if not discs:
        density = _wild(away, variance)
    elif points:
        density = _disc(away, discs[0], variance)
    else:
        density = _two_discs(away, discs, stray=_STRAY if moved >= 0 else _WILD)
    return Row(reach * 1000 / BINS, _logs(np.minimum.accumulate(density)))


def _normal2(away: Reals, variance: float) -> Reals:
    return np.exp(-away * away / (2 * variance)) / (2 * np.pi * variance)


def _wild(away: Reals, variance: float) -> Reals:
    return (1 - _WILD) * _normal2(away, variance) + _WILD * _normal2(away, variance * _WIDER**2)


def _disc(away: Reals, radius: float, variance: float) -> Reals:
    """Return the density of a normal error about a point anywhere in a disc."""
    sd = float(np.sqrt(variance))
    spread = variance + radius * radius / 4  # the disc has so much variance along each axis
    soft = max(sd, radius * 0.15)  # a place's border is no circle
    inner = ndtr((radius - away) / soft) / (np.pi * radius * radius)
    core = inner if sd < 0.8 * radius else _normal2(away, spread)  # both are nearly equal there
    return (1 - _WILD) * core + _WILD * _normal2(away, spread * _WIDER**2)


def _two_discs(away: Reals, radii: list[float], *, stray: float) -> Reals:
    """Return the density of the distance between two names of places: mostly they name one place."""
    radius = max(radii)
    same = np.where(away < _SAME_CENTRE * radius, (1 - stray) / (np.pi * radius * radius), 0.0)
    return same + stray * _normal2(away, radius * radius)


@lru_cache(maxsize=65536)
def later(one: int, other: int) -> Row:
    """Return how far apart in time two classes tell one event."""
    scales, days = _time(one, other)
    reach = _DAY_H * days + 14 * scales[0]
    away: Reals = _MIDDLES * (reach / BINS)
    density = (1 - _LATE) * _DIFFERENCES[days](away, *scales)
    density += _LATE * _DIFFERENCES[days](away, *(scale * _LATER for scale in scales))
    return Row(reach * HOUR_US / BINS, _logs(np.minimum.accumulate(density)))


@lru_cache(maxsize=65536)
def again(one: int, other: int, spread: int, days: tuple[int, ...]) -> Row:
    """Return how far apart in time two classes tell an event and its repeat some days on.

    `spread` is the class by which repeats are early or late, `days` the share of each day in thousandths.
    """
    scales, rounded = _time(one, other)
    late = TIME_US[spread] / HOUR_US
    variance = 2 * scales[0] ** 2 + 2 * scales[1] ** 2 + rounded * _DAY_H**2 / 12 + late * late
    away = _MIDDLES * _REPEAT_BIN_H
    density = np.zeros(BINS)
    for day, share in enumerate(days, 1):
        for middle in (day * _DAY_H, -day * _DAY_H):
            density += share / 2000 * np.exp(-((away - middle) ** 2) / (2 * variance))
    return Row(_REPEAT_BIN_H * HOUR_US, _logs(density / np.sqrt(2 * np.pi * variance)))


def _time(one: int, other: int) -> tuple[tuple[float, float], int]:
    """Return the Laplace scales of two classes in hours, a little apart, and how many of the two are days."""
    small, large = sorted(float(TIME_US[time % TIMES]) / HOUR_US / sqrt(2) for time in (one, other))
    return (max(large, small * 1.02), small), (one >= TIMES) + (other >= TIMES)  # equal scales divide by zero


def _laplace2(away: Reals, wide: float, narrow: float) -> Reals:
    """Return the density of the difference of two Laplace errors."""
    tail = wide * np.exp(-away / wide) - narrow * np.exp(-away / narrow)
    return tail / (2 * (wide * wide - narrow * narrow))


def _below(away: Reals, wide: float, narrow: float) -> Reals:
    """Return how probably that difference is at most so much."""
    far = np.abs(away)
    tail = wide**2 * np.exp(-far / wide) - narrow**2 * np.exp(-far / narrow)
    tail /= 2 * (wide * wide - narrow * narrow)
    return np.where(away > 0, 1 - tail, tail)


def _summed(away: Reals, wide: float, narrow: float) -> Reals:
    """Return the integral of `_below` up to so much."""
    far = np.abs(away)
    tail = wide**3 * np.exp(-far / wide) - narrow**3 * np.exp(-far / narrow)
    return np.maximum(away, 0) + tail / (2 * (wide * wide - narrow * narrow))


def _over_a_day(away: Reals, wide: float, narrow: float) -> Reals:
    half = _DAY_H / 2
    return (_below(away + half, wide, narrow) - _below(away - half, wide, narrow)) / _DAY_H


def _over_two_days(away: Reals, wide: float, narrow: float) -> Reals:
    ends = _summed(away + _DAY_H, wide, narrow) + _summed(away - _DAY_H, wide, narrow)
    return (ends - 2 * _summed(away, wide, narrow)) / _DAY_H**2


_DIFFERENCES = (_laplace2, _over_a_day, _over_two_days)
"""The density of how far apart two times are told, by how many of them are days."""


def _logs(density: Reals) -> Wholes:
    logs: Wholes = np.rint(np.log(np.maximum(density, _FLOOR)) * MILLI).astype(np.int64)
    logs[-1] = LEAST
    return logs
