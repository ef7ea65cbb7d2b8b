"""How far two points are apart at most."""

from __future__ import annotations

from math import asin, ceil, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from trucekeeper.terms import Place

LARGEST_RADIUS_M = 6_399_594
"""The greatest radius of curvature of WGS84, at the poles: no arc of the ellipsoid is longer than on this sphere."""


def points_apart_m(one: Place, other: Place) -> int:
    """Return no fewer whole metres than lie between the points of two places, their radii left aside.

    The haversine formula on the sphere of the largest radius: some 1 % more than the geodesic at most.
    """
    (south, west), (north, east) = (
        (radians(place.lat_e7 / E7), radians(place.lon_e7 / E7)) for place in (one, other)
    )
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return ceil(2 * LARGEST_RADIUS_M * asin(min(1.0, sqrt(half))))
