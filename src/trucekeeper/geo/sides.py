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
from shapely import Polygon

from trucekeeper.terms.places import E7

if TYPE_CHECKING:
    from trucekeeper.geo.zones import Line

Corner: TypeAlias = tuple[int, int]

_FAR_E7 = 900 * E7  # further than any place is from any line, on whichever turn round the earth
_RIM_E7 = 4 * _FAR_E7
_CORNERS: tuple[Corner, ...] = (
    (_RIM_E7, _RIM_E7),
    (-_RIM_E7, _RIM_E7),
    (-_RIM_E7, -_RIM_E7),
    (_RIM_E7, -_RIM_E7),
)


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
    """Return what lies left of the line drawn on `back` from its first point and `ahead` from its last."""
    start, end = _far(points[0], back), _far(points[-1], ahead)
    return Polygon([start, *points, end, *_rim(end, start)])


def _far(point: Corner, direction: Corner) -> Corner:
    """Return a point far beyond the world in this direction, exactly on the ray."""
    steps = _FAR_E7 // max(abs(direction[0]), abs(direction[1])) + 2
    return point[0] + steps * direction[0], point[1] + steps * direction[1]


def _rim(start: Corner, end: Corner) -> list[Corner]:
    """Return the corners of the rim that are passed from one far point to another, against the clock."""
    quarter, goal = _quarter(start), _quarter(end)
    if quarter == goal and start[0] * end[1] > start[1] * end[0]:
        return []
    corners = [_CORNERS[quarter]]
    while (quarter := (quarter + 1) % 4) != goal:
        corners.append(_CORNERS[quarter])
    return corners


def _quarter(far: Corner) -> int:
    """Return on which side of the world a far point is: 0 east, 1 north, 2 west, 3 south."""
    x, y = far
    if abs(x) >= abs(y):
        return 0 if x > 0 else 2
    return 1 if y > 0 else 3
