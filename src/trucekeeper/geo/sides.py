"""The two sides of a line, also beyond its ends.

A line divides the land only if it goes on at its ends. It is drawn on, straight in degrees, in two ways:
along its first and last segments, and along the straight line between its first and last points. A place is
on a side only if it is so in both ways; between them, beyond an end, nobody can tell. A way in which the line
would cross itself is left out; if both do, the line has no sides to tell.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import shapely
from shapely import LinearRing, LineString, Polygon

from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from trucekeeper.geo.zones import Line

Corner: TypeAlias = tuple[int, int]

_WORLD_E7 = 720 * E7  # no place or line is further from 0 N 0 E, on whichever turn round the earth
_FAR_E7 = 4 * _WORLD_E7  # so far that the world is small as seen from there
_RIM_E7 = 10 * _FAR_E7  # beyond all that is drawn here
_WORLD = shapely.box(-_WORLD_E7, -_WORLD_E7, _WORLD_E7, _WORLD_E7)
_RIM = shapely.box(-_RIM_E7, -_RIM_E7, _RIM_E7, _RIM_E7).exterior


@lru_cache(maxsize=256)
def left_sides(line: Line) -> tuple[Polygon, ...]:
    """Return all that lies left of a drawn line, once for each way of drawing it on without a crossing."""
    without_repeats = shapely.remove_repeated_points(line.geometry)
    points = [(int(x), int(y)) for x, y in shapely.get_coordinates(without_repeats)]
    first, last = points[0], points[-1]
    if len(points) == 1 or first == last:
        return ()
    ways = (
        _left_side(points, _from_to(points[1], first), _from_to(points[-2], last)),
        _left_side(points, _from_to(last, first), _from_to(first, last)),
    )
    sides = tuple(side for side in ways if side.is_valid)
    shapely.prepare(sides)
    return sides


def _from_to(start: Corner, end: Corner) -> Corner:
    return end[0] - start[0], end[1] - start[1]


def _left_side(points: list[Corner], back: Corner, ahead: Corner) -> Polygon:
    """Return what lies left of the line drawn on `back` from its first point and `ahead` from its last.

    The line so drawn is closed to a ring outside the world. Against the clock, its inside is on the left of the
    line; with the clock its outside is.
    """
    start, end = _far(points[0], back), _far(points[-1], ahead)
    ring = LinearRing([start, *points, end, *_round_the_world(end, start)])
    return Polygon(ring) if ring.is_ccw else Polygon(_RIM, [ring])


def _far(point: Corner, direction: Corner) -> Corner:
    """Return a point far beyond the world in this direction, exactly on the ray."""
    steps = _FAR_E7 // max(abs(direction[0]), abs(direction[1])) + 1
    return point[0] + steps * direction[0], point[1] + steps * direction[1]


def _round_the_world(start: Corner, end: Corner) -> list[Corner]:
    """Return the corners to pass on a way from one far point to another that does not cross the world.

    If the straight way does, the two are far apart, on either side of the world: then it is passed on three
    sides of a square over the straight way.
    """
    if not LineString([start, end]).intersects(_WORLD):
        return []
    east, north = _from_to(start, end)
    return [(start[0] + north, start[1] - east), (end[0] + north, end[1] - east)]
