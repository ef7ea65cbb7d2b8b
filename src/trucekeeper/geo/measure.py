"""Where a place lies to one version of a zone or line, and how far from its edge at least and at most.

In or out is decided on integers of 1e-7 degree, where the test is exact. Metres are asked only if there is
doubt, and come from the flat map of the place's own band of latitude. Places come in columns, one or a million
alike: every answer rests on these few functions, so that no two executions can differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from math import ceil, floor
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import shapely

from trucekeeper.geo.plane import FARTHEST_M, band_of, plane_between, plane_of_band, plane_of_row, rows_of
from trucekeeper.geo.sides import left_sides
from trucekeeper.geo.zones import Zone
from trucekeeper.terms import Tri
from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from trucekeeper.geo.plane import Plane
    from trucekeeper.geo.zones import Line
    from trucekeeper.terms import Place

Wholes: TypeAlias = "NDArray[np.int64]"
Reals: TypeAlias = "NDArray[np.float64]"
Answers: TypeAlias = "NDArray[np.int8]"
"""The values of `Tri`."""

ANYWHERE = (0, FARTHEST_M)
"""The least and most metres where nothing is known."""

TURN_E7 = 360 * E7
HALF_TURN_E7 = TURN_E7 // 2
_REMEMBERED = 1024  # flat drawings: fifty bands of a land five degrees high, twenty zones in each


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points in 1e-7 degree, each on the turn round the earth on which it is asked about."""

    x: Wholes
    y: Wholes

    def __len__(self) -> int:
        """Return how many points there are."""
        return len(self.x)

    def some(self, rows: Wholes | slice) -> Points:
        """Return the points of these rows."""
        return Points(self.x[rows], self.y[rows])


def agreed(answers: Iterable[Tri]) -> Tri:
    """Return what all answer; maybe if they disagree or nobody answers."""
    given = set(answers)
    return given.pop() if len(given) == 1 else Tri.MAYBE


def in_zone(zone: Zone, points: Points, doubt_m: Wholes) -> Answers:
    """Return whether points lie in a drawn zone, whose border belongs to it."""
    answers = np.where(intersects(zone.geometry, points), Tri.YES, Tri.NO).astype(np.int8)
    doubted = np.flatnonzero(doubt_m > 0)
    least, _ = _to_edge_m(points.some(doubted), partial(flat_edge, zone))
    answers[doubted[least <= doubt_m[doubted]]] = Tri.MAYBE
    return answers


def agreed_rows(answers: Sequence[Answers]) -> Answers:
    """Return row by row what all answer; maybe if they disagree."""
    least, most = np.minimum.reduce(answers), np.maximum.reduce(answers)
    return np.where(least == most, least, Tri.MAYBE).astype(np.int8)


def zone_in_zone(outer: Zone, inner: Zone) -> Tri:
    """Return whether what is somewhere in the inner zone is in the outer one, by the drawings alone."""
    if outer.geometry is None or inner.geometry is None:
        return Tri.MAYBE
    doubt_m = outer.accuracy_m + inner.accuracy_m
    if doubt_m and _apart_m(outer, inner) <= doubt_m:
        return Tri.MAYBE
    turns = tuple(_turned(inner.geometry, turn) for turn in _turns_meeting(outer, inner))
    return Tri.of(
        certain=any(shapely.covers(outer.geometry, turn) for turn in turns),
        possible=any(shapely.intersects(outer.geometry, turn) for turn in turns),
    )


def left_of(line: Line, points: Points, doubt_m: Wholes) -> Answers:
    """Return whether points lie left of a line; on the line itself nobody can tell."""
    ways = left_sides(line) if line.geometry is not None else ()
    answers = np.full(len(points), Tri.MAYBE, dtype=np.int8)
    if ways:
        answers = agreed_rows([_within(way, points) for way in ways])
    doubted = np.flatnonzero(doubt_m > 0)
    for way in range(len(ways)):
        least, _ = _to_edge_m(points.some(doubted), partial(flat_left_edge, line, way))
        answers[doubted[least <= doubt_m[doubted]]] = Tri.MAYBE
    return answers


def place_left_of(line: Line, place: Place) -> Tri:
    """Return what `left_of` does, for one place."""
    ways = left_sides(line) if line.geometry is not None else ()
    point, doubt_m = (turn_near(line, place.lon_e7), place.lat_e7), place.within_m + line.accuracy_m
    for way in range(len(ways)) if doubt_m else ():
        if _place_to_edge_m(point, partial(flat_left_edge, line, way))[0] <= doubt_m:
            return Tri.MAYBE
    return agreed(
        Tri.of(
            certain=bool(shapely.contains_xy(way, *point)),
            possible=bool(shapely.intersects_xy(way, *point)),
        )
        for way in ways
    )


def place_distance_m(one: Zone | Line, place: Place) -> tuple[int, int]:
    """Return what `distance_m` does, for one place."""
    if one.geometry is None:
        return ANYWHERE
    point, doubt_m = (turn_near(one, place.lon_e7), place.lat_e7), place.within_m + one.accuracy_m
    least, most = _place_to_edge_m(point, partial(flat_edge, one))
    if shapely.intersects_xy(one.geometry, *point):
        depth_m = floor(least) if isinstance(one, Zone) else 0
        return 0, min(max(doubt_m - depth_m, 0), FARTHEST_M)
    return max(floor(least) - doubt_m, 0), min(ceil(most) + doubt_m, FARTHEST_M)


def distance_m(one: Zone | Line, points: Points, doubt_m: Wholes) -> tuple[Wholes, Wholes]:
    """Return the least and most whole metres between points and a line, or a zone: 0 within it."""
    if one.geometry is None:
        return np.full(len(points), ANYWHERE[0]), np.full(len(points), ANYWHERE[1])
    least, most = _to_edge_m(points, partial(flat_edge, one))
    least_m, most_m = np.floor(least).astype(np.int64), np.ceil(most).astype(np.int64)
    held = intersects(one.geometry, points)
    depth_m = least_m if isinstance(one, Zone) else 0
    nearest = np.where(held, 0, np.maximum(least_m - doubt_m, 0))
    farthest = np.where(held, np.maximum(doubt_m - depth_m, 0), most_m + doubt_m)
    return nearest, np.minimum(farthest, FARTHEST_M)


@lru_cache(maxsize=_REMEMBERED)
def flat_edge(one: Zone | Line, plane: Plane) -> BaseGeometry:
    """Return the edge of a drawn zone, or a drawn line itself, in metres on a flat map."""
    assert one.geometry is not None  # noqa: S101  whoever asks has looked
    return _flat(one.geometry.boundary if isinstance(one, Zone) else one.geometry, plane)


@lru_cache(maxsize=_REMEMBERED)
def flat_left_edge(line: Line, way: int, plane: Plane) -> BaseGeometry:
    """Return the line as drawn on at its ends in one way, in metres on a flat map."""
    return _flat(left_sides(line)[way].boundary, plane)


def _flat(shape: BaseGeometry, plane: Plane) -> BaseGeometry:
    return shapely.transform(shape, lambda corners: corners * np.array([plane.x_m, plane.y_m]))


def intersects(shape: BaseGeometry | None, points: Points) -> NDArray[np.bool_]:
    """Return whether points lie in a shape or on its border, exactly."""
    return np.asarray(shapely.intersects_xy(shape, points.x, points.y), dtype=np.bool_)


def _within(area: BaseGeometry, points: Points) -> Answers:
    """Return whether points lie in an area; on its border nobody can tell."""
    held, touched = shapely.contains_xy(area, points.x, points.y), intersects(area, points)
    return np.add(held, touched, dtype=np.int8)


def _to_edge_m(points: Points, edge_on: Callable[[Plane], BaseGeometry]) -> tuple[Reals, Reals]:
    """Return the least and most metres on the ground from points to an edge, on the flat maps of their bands."""
    least, most = np.empty(len(points)), np.empty(len(points))
    for row, here in _by_band(points.y):
        plane = plane_of_row(row)
        flat = shapely.points(points.x[here] * plane.x_m, points.y[here] * plane.y_m)
        flat_m: Reals = np.asarray(shapely.distance(edge_on(plane), flat))
        least[here], most[here] = plane.bounds(flat_m)
    return least, most


def _place_to_edge_m(point: tuple[int, int], edge_on: Callable[[Plane], BaseGeometry]) -> tuple[float, float]:
    """Return what `_to_edge_m` does, for one point."""
    plane = plane_of_band(band_of(point[1]))
    flat = shapely.points(point[0] * plane.x_m, point[1] * plane.y_m)
    return plane.bounds(float(shapely.distance(edge_on(plane), flat)))


def _by_band(lat_e7: Wholes) -> Iterator[tuple[int, Wholes]]:
    """Yield each band that latitudes are in, by its row among all, and which latitudes these are."""
    rows = rows_of(lat_e7)
    if len(rows) == 1:
        yield int(rows[0]), np.array([0])
        return
    order = np.argsort(rows, kind="stable")
    bands, begin = np.unique(rows[order], return_index=True)
    for row, here in zip(bands, np.split(order, begin[1:]), strict=False):
        yield int(row), here


def _apart_m(outer: Zone, inner: Zone) -> float:
    """Return how many metres the edges of two zones are apart on the ground at least."""
    _, south, _, north = _box(inner)
    plane = plane_between(int(south), int(north))
    edge = flat_edge(outer, plane)
    turns = _turns(flat_edge(inner, plane), TURN_E7 * plane.x_m)
    return plane.bounds(min(shapely.distance(edge, turn) for turn in turns))[0]


def _turns(shape: BaseGeometry, turn: float) -> tuple[BaseGeometry, ...]:
    """Return the shape as it is, and once round the earth to either side."""
    return shape, _turned(shape, -turn), _turned(shape, turn)


def _turned(shape: BaseGeometry, east: float) -> BaseGeometry:
    """Return the shape so much further east."""
    return shapely.transform(shape, lambda corners: corners + np.array([east, 0])) if east else shape


def _turns_meeting(outer: Zone, inner: Zone) -> Iterator[int]:
    """Yield the turns round the earth, in 1e-7 degree, on which the inner zone's box touches that of the outer."""
    west, south, east, north = _box(outer)
    their_west, their_south, their_east, their_north = _box(inner)
    if their_south <= north and south <= their_north:
        for turn in (0, -TURN_E7, TURN_E7):
            if their_west + turn <= east and west <= their_east + turn:
                yield turn


@lru_cache(maxsize=_REMEMBERED)
def _box(one: Zone | Line) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.bounds(one.geometry)
    return west, south, east, north


def turn_near(one: Zone | Line, lon_e7: int) -> int:
    """Return a longitude on the turn that `near` chooses."""
    if one.geometry is None:
        return lon_e7
    west, _, east, _ = _box(one)
    if east - HALF_TURN_E7 <= lon_e7 <= west + HALF_TURN_E7:
        return lon_e7
    turns = (lon_e7, lon_e7 - TURN_E7, lon_e7 + TURN_E7)
    return min(turns, key=lambda turn: max(west - turn, turn - east, 0))


def near(one: Zone | Line, lat_e7: Wholes, lon_e7: Wholes) -> Points:
    """Return places as points, each on whichever turn round the earth is nearest in longitude.

    A shape is at most 180 degrees wide, so that on any other turn the place is a quarter of its parallel away
    or more, which is out of the flat map's reach.
    """
    if one.geometry is None:
        return Points(lon_e7, lat_e7)
    west, _, east, _ = _box(one)
    if len(lon_e7) and east - HALF_TURN_E7 <= lon_e7.min() and lon_e7.max() <= west + HALF_TURN_E7:
        return Points(lon_e7, lat_e7)
    turns = np.array([lon_e7, lon_e7 - TURN_E7, lon_e7 + TURN_E7])
    nearest = np.argmin(np.maximum(np.maximum(west - turns, turns - east), 0), axis=0)
    return Points(turns[nearest, np.arange(len(lon_e7))], lat_e7)
