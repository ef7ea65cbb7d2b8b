"""Metres near a latitude: a flat map of the ground, and how far it may be wrong.

Angles become metres by two factors only, one for longitude and one for latitude, so that a straight edge
stays straight. The factors are taken from the WGS84 radii of curvature at one latitude (J. P. Snyder, Map
Projections: a Working Manual, USGS Professional Paper 1395, 1987, eq. 4-18 and 4-20; ellipsoid of NIMA
TR8350.2, 2000, table 3.1):

    meridian    M(phi) = a (1 - e2) / (1 - e2 sin2 phi)^(3/2)
    transverse  N(phi) = a / (1 - e2 sin2 phi)^(1/2), and a parallel has the radius p(phi) = N(phi) cos phi

The map is true at its middle latitude only. How wrong it is elsewhere is bounded, not estimated:

- A path which has gone t metres from a place of the map is at most z / Mmin off the middle latitude, with
  z = h + t and h half the map's height. As dp/dphi = -M sin phi, true and flat length differ there by a share
  of at most g(t) = q z (s + z / Mmin), where q = (Mmax / Mmin) / p and s = |sin phi|, both at the middle
  latitude. (M itself changes a fiftieth as fast, and is covered by the same bound.)
- Let G(t) be the integral of g from 0 to t. Two places d apart on the map are at most d + G(d) =: u apart on
  the ground: the map's straight path has no more. They are at least d - G(u) / (1 - g(u)) apart, because a
  shorter path on the ground would be shorter than d on the map too.
- Beyond `reach_m`, where g would pass one half, the bound stays what it is there: whoever goes further has
  gone that far.
- For the cells of a grid a plainer bound is at hand. E(d) = G(u) / (1 - g(u)) grows faster than d: G is convex
  and begins at 0, so G(u) / u grows with u, u / d = 1 + G(d) / d with d, and 1 / (1 - g(u)) with u. So up to
  some D within reach, what is d away on the map is at least `sure` d away on the ground, where
  sure = 1 - E(D) / D; and what is further than D is at least `cap_m` = D (1 - E(R) / R) away, R being the reach.

Once the factors of a latitude are known only + - * / and comparisons are used, so that one place at a time
and millions at once give the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Metres = TypeVar("_Metres", float, "NDArray[np.float64]")

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)

LEAST_MERIDIAN_M = SEMI_MAJOR_M * (1 - ECCENTRICITY_2)  # the radius M at the equator
MOST_MERIDIAN_M = SEMI_MAJOR_M / sqrt(1 - ECCENTRICITY_2)  # the radius M at a pole

FARTHEST_M = 20_003_932
"""No two places on WGS84 are further apart: half a meridian, rounded up."""

BAND_E7 = E7 // 10
"""A band is a tenth of a degree of latitude high: about 11 km."""

_LAST_BAND = 90 * E7 // BAND_E7 - 1
_BANDS = 2 * (_LAST_BAND + 1)
_ROUNDING_M = 0.001  # doubles of this size are good to a ten-thousandth of it
_RADIANS = pi / 180 / E7
_SURE_TO_M = 100_000.0  # the D of the module's head: it costs 2 % of the distance at 60 N, and rarely is doubt more


@dataclass(frozen=True, slots=True)
class Plane:
    """A flat map for places between two latitudes, with the bounds of its error.

    `x_m` and `y_m` are the metres of 1e-7 degree of longitude and latitude; the rest is named as in the
    module's head.
    """

    x_m: float
    y_m: float
    q: float
    s: float
    h: float
    reach_m: float

    def bounds(self, flat_m: _Metres) -> tuple[_Metres, _Metres]:
        """Return the least and most metres on the ground from a place of this map to one `flat_m` from it."""
        near = np.minimum(flat_m, self.reach_m)
        most_near = near + self._excess(near)
        least = near - self._excess(most_near) / (1 - self._share(most_near))
        most = flat_m + self._excess(flat_m)
        return np.maximum(least - _ROUNDING_M, 0.0), np.minimum(most + _ROUNDING_M, float(FARTHEST_M))

    def sure(self) -> tuple[float, float]:
        """Return `sure` and `cap_m`: the least of `bounds(d)` is at least min(sure * d, cap_m), less 0.001 m."""
        far = min(_SURE_TO_M, self.reach_m)
        if far <= 0:
            return 0.0, 0.0
        return self.bounds(far)[0] / far, self.bounds(self.reach_m)[0] / self.reach_m * far

    def _share(self, t: _Metres) -> _Metres:
        """Return g(t): the most by which a metre on the map is wrong, t metres from where the path began."""
        z = self.h + t
        return self.q * z * (self.s + z / LEAST_MERIDIAN_M)

    def _excess(self, t: _Metres) -> _Metres:
        """Return G(t): the metres by which a path of t metres may be wrong."""
        h = self.h
        return self.q * t * (self.s * (h + t / 2) + (h * h + h * t + t * t / 3) / LEAST_MERIDIAN_M)


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """What the grids take from the maps of all bands, from the southernmost on: see `Plane`."""

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    sure: NDArray[np.float64]
    cap_m: NDArray[np.float64]


def band_of(lat_e7: int) -> int:
    """Return the band of a latitude, from the equator north; a parallel between two is the northern's."""
    return min(lat_e7 // BAND_E7, _LAST_BAND)


def rows_of(lat_e7: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the bands of latitudes stand among all `Bands`; beyond a pole, the band at the pole."""
    return np.clip(lat_e7 // BAND_E7 + _BANDS // 2, 0, _BANDS - 1)


def plane_of_row(row: int) -> Plane:
    """Return the map of the band that stands in this row of all `Bands`."""
    return plane_of_band(row - _BANDS // 2)


@lru_cache(maxsize=2048)
def sure_of_band(band: int) -> tuple[float, float, float, float]:
    """Return what the grids take from the map of one band: `x_m`, `y_m`, and what is `sure`."""
    plane = plane_of_band(band)
    return plane.x_m, plane.y_m, *plane.sure()


@lru_cache(maxsize=1)
def all_bands() -> Bands:
    """Return the maps of all bands, in the order of `rows_of`."""
    columns = zip(*(sure_of_band(row - _BANDS // 2) for row in range(_BANDS)), strict=True)
    return Bands(*(np.array(column) for column in columns))


def plane_of_band(band: int) -> Plane:
    """Return the map of one band."""
    return plane_between(band * BAND_E7, (band + 1) * BAND_E7)


@lru_cache(maxsize=2048)
def plane_between(south_e7: int, north_e7: int) -> Plane:
    """Return the map for places between two latitudes, true in their middle."""
    middle = (south_e7 + north_e7) / 2 * _RADIANS
    root = sqrt(1 - ECCENTRICITY_2 * sin(middle) ** 2)
    parallel_m = SEMI_MAJOR_M / root * cos(middle)
    meridian_m = LEAST_MERIDIAN_M / root**3
    q = MOST_MERIDIAN_M / LEAST_MERIDIAN_M / parallel_m
    s = abs(sin(middle))
    h = (north_e7 - south_e7) / 2 * _RADIANS * LEAST_MERIDIAN_M
    return Plane(parallel_m * _RADIANS, meridian_m * _RADIANS, q, s, h, _reach_m(q, s, h))


def _reach_m(q: float, s: float, h: float) -> float:
    """Return the distance t at which g(2t) is one half, 0 if it is more from the start.

    As g(t) is then less than one, u = t + G(t) is less than 2t, and g(u) at most one half.
    """
    z = (sqrt(s * s + 2 / (q * LEAST_MERIDIAN_M)) - s) * LEAST_MERIDIAN_M / 2
    return max((z - h) / 2, 0.0)
