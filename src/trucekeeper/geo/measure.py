"""Where a place lies to one version of a zone or line, and how far from its edge at least and at most.

In or out is decided on integers of 1e-7 degree, where the test is exact. Metres are asked only if there is
doubt, and come from the flat map of the place's own band of latitude.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING

import numpy as np
import shapely

from trucekeeper.geo.plane import FARTHEST_M, band_of, plane_between, plane_of_band
from trucekeeper.geo.sides import left_sides
from trucekeeper.geo.zones import Zone
from trucekeeper.terms import Tri
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from trucekeeper.geo.plane import Plane
    from trucekeeper.geo.zones import Line
    from trucekeeper.terms import Place

ANYWHERE = (0, FARTHEST_M)
"""The least and most metres where nothing is known."""

_TURN_E7 = 360 * E7
_REMEMBERED = 1024  # flat drawings: fifty bands of a land five degrees high, twenty zones in each


def agreed(answers: Iterable[Tri]) -> Tri:
    """Return what all answer; maybe if they disagree or nobody answers."""
    given = set(answers)
    return given.pop() if len(given) == 1 else Tri.MAYBE


def in_zone(zone: Zone, place: Place) -> Tri:
    """Return whether a place lies in a zone, whose border belongs to it."""
    if zone.geometry is None:
        return Tri.MAYBE
    point, doubt_m = _point_near(zone, place), place.within_m + zone.accuracy_m
    if _reaches(doubt_m, point, flat_edge(zone, _plane_at(point))):
        return Tri.MAYBE
    return Tri.YES if shapely.covers(zone.geometry, point) else Tri.NO


def zone_in_zone(outer: Zone, inner: Zone) -> Tri:
    """Return whether what is somewhere in the inner zone is in the outer one, by the drawings alone."""
    if outer.geometry is None or inner.geometry is None:
        return Tri.MAYBE
    doubt_m = outer.accuracy_m + inner.accuracy_m
    if doubt_m and _apart_m(outer, inner) <= doubt_m:
        return Tri.MAYBE
    turns = _turns(inner.geometry, _TURN_E7)
    return Tri.of(
        certain=any(shapely.covers(outer.geometry, turn) for turn in turns),
        possible=any(shapely.intersects(outer.geometry, turn) for turn in turns),
    )


def left_of(line: Line, place: Place) -> Tri:
    """Return whether a place lies left of a line; on the line itself nobody can tell."""
    if line.geometry is None:
        return Tri.MAYBE
    point, doubt_m = _point_near(line, place), place.within_m + line.accuracy_m
    if any(_reaches(doubt_m, point, edge) for edge in flat_left_edges(line, _plane_at(point))):
        return Tri.MAYBE
    return agreed(
        Tri.of(certain=bool(shapely.contains(side, point)), possible=bool(shapely.covers(side, point)))
        for side in left_sides(line)
    )


def distance_m(one: Zone | Line, place: Place) -> tuple[int, int]:
    """Return the least and most whole metres between a place and a line, or a zone: 0 within it."""
    if one.geometry is None:
        return ANYWHERE
    point, doubt_m = _point_near(one, place), place.within_m + one.accuracy_m
    least, most = _to_edge_m(point, flat_edge(one, _plane_at(point)))
    if not shapely.covers(one.geometry, point):
        return max(floor(least) - doubt_m, 0), min(ceil(most) + doubt_m, FARTHEST_M)
    depth_m = floor(least) if isinstance(one, Zone) else 0
    return 0, min(max(doubt_m - depth_m, 0), FARTHEST_M)


@lru_cache(maxsize=_REMEMBERED)
def flat_edge(one: Zone | Line, plane: Plane) -> BaseGeometry:
    """Return the edge of a drawn zone, or a drawn line itself, in metres on a flat map."""
    assert one.geometry is not None  # noqa: S101  whoever asks has looked
    return _flat(one.geometry.boundary if isinstance(one, Zone) else one.geometry, plane)


@lru_cache(maxsize=_REMEMBERED)
def flat_left_edges(line: Line, plane: Plane) -> tuple[BaseGeometry, ...]:
    """Return the line as drawn on at its ends, in each way, in metres on a flat map."""
    return tuple(_flat(side.boundary, plane) for side in left_sides(line))


def _flat(shape: BaseGeometry, plane: Plane) -> BaseGeometry:
    return shapely.transform(shape, lambda corners: corners * np.array([plane.x_m, plane.y_m]))


def _plane_at(point: shapely.Point) -> Plane:
    return plane_of_band(band_of(int(point.y)))


def _reaches(doubt_m: int, point: shapely.Point, edge: BaseGeometry) -> bool:
    """Return whether a doubt about a point may reach an edge on the flat map of its band; no doubt does not."""
    return doubt_m > 0 and _to_edge_m(point, edge)[0] <= doubt_m


def _to_edge_m(point: shapely.Point, edge: BaseGeometry) -> tuple[float, float]:
    """Return the least and most metres on the ground from a point to an edge on the flat map of its band."""
    plane = _plane_at(point)
    here = shapely.Point(point.x * plane.x_m, point.y * plane.y_m)
    return plane.bounds(shapely.distance(edge, here))


def _apart_m(outer: Zone, inner: Zone) -> float:
    """Return how many metres the edges of two zones are apart on the ground at least."""
    _, south, _, north = _box(inner)
    plane = plane_between(int(south), int(north))
    edge = flat_edge(outer, plane)
    turns = _turns(flat_edge(inner, plane), _TURN_E7 * plane.x_m)
    return plane.bounds(min(shapely.distance(edge, turn) for turn in turns))[0]


def _turns(shape: BaseGeometry, turn: float) -> tuple[BaseGeometry, ...]:
    """Return the shape as it is, and once round the earth to either side."""
    west, east = np.array([-turn, 0]), np.array([turn, 0])
    return (
        shape,
        shapely.transform(shape, lambda corners: corners + west),
        shapely.transform(shape, lambda corners: corners + east),
    )


@lru_cache(maxsize=_REMEMBERED)
def _box(one: Zone | Line) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.bounds(one.geometry)
    return west, south, east, north


def _point_near(one: Zone | Line, place: Place) -> shapely.Point:
    """Return the place as a point, on whichever turn round the earth is nearest in longitude.

    A shape is at most 180 degrees wide, so that on any other turn the place is a quarter of its parallel away
    or more, which is out of the flat map's reach.
    """
    west, _, east, _ = _box(one)
    turns = (place.lon_e7, place.lon_e7 - _TURN_E7, place.lon_e7 + _TURN_E7)
    return shapely.Point(min(turns, key=lambda turn: max(west - turn, turn - east, 0)), place.lat_e7)
