"""GeoJSON coordinates into shapes of integers of 1e-7 degree, with every fault of the drawing."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TypeAlias

from shapely import LineString, MultiPolygon, Polygon
from shapely.validation import explain_validity

from trucekeeper.geo.located import Faults, Node, members_of
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.places import E7, degrees_e7

Shape: TypeAlias = Polygon | MultiPolygon | LineString
Corner: TypeAlias = tuple[int, int]

LEAST_RING = 4  # RFC 7946, 3.1.6: a triangle, and its first point again
LEAST_LINE = 2
WIDEST_E7 = 180 * E7

_ON_EARTH = "write [longitude, latitude] in degrees of WGS84"
_WHERE = re.compile(r"\[(\S+) (\S+)\]")
_NOT_DRAWABLE = {
    "Point": "draw the area round it as a Polygon: a zone has an edge",
    "MultiPoint": "draw the area round each as a Polygon: a zone has an edge",
    "MultiLineString": "give each part of the line a feature of its own",
    "GeometryCollection": "give each geometry a feature of its own",
}


class Drawing:
    """Reads the geometry of one feature, which its faults call `name`, and counts its points."""

    def __init__(self, faults: Faults, name: str) -> None:
        self.faults = faults
        self.name = name
        self.points = 0

    def shape(self, node: Node) -> Shape | None:
        """Return the shape of a geometry, None if it has a fault or is null."""
        if node.value is None:
            return None
        readers = {"Polygon": self._polygon, "MultiPolygon": self._multipolygon, "LineString": self._line}
        kind = members_of(node).get("type", Node("", node.at))
        word = str(kind.value)
        if word not in readers:
            remedy = _NOT_DRAWABLE.get(word) or suggestion(word, readers)
            self._fault(kind, f"unknown geometry type '{word}'", remedy)
            return None
        before = len(self.faults.found)
        where = members_of(node).get("coordinates", Node(None, node.at))
        shape = readers[word](where)
        if shape is not None and len(self.faults.found) == before:
            self._check(shape, where)
        return shape if len(self.faults.found) == before else None

    def _fault(self, node: Node, what: str, remedy: str) -> None:
        self.faults.add(node.at, f"{self.name}: {what}", remedy)

    def _multipolygon(self, node: Node) -> MultiPolygon | None:
        parts = [self._polygon(part) for part in self._list(node)]
        drawn = [part for part in parts if part is not None]
        return MultiPolygon(drawn) if drawn else None

    def _polygon(self, node: Node) -> Polygon | None:
        rings = [self._ring(ring) for ring in self._list(node)]
        return Polygon(rings[0], rings[1:]) if rings and all(rings) else None

    def _ring(self, node: Node) -> list[Corner]:
        """Return the corners of a ring, none if it has a fault."""
        points = self._positions(node)
        if points and len(points) < LEAST_RING:
            self._fault(
                node,
                f"a ring of only {len(points)} points",
                "a ring has 4 or more, its first again at its end",
            )
            return []
        if points and points[0] != points[-1]:
            what = f"the ring does not close: it begins at {_words(points[0])} and ends at {_words(points[-1])}"
            self._fault(node, what, "repeat its first point as its last")
            return []
        return points

    def _line(self, node: Node) -> LineString | None:
        points = self._positions(node)
        if points and len(set(points)) < LEAST_LINE:
            self._fault(node, "a line of only one point", "draw it, or write null if its map was not published")
        elif points and points[0] == points[-1]:
            self._fault(node, "the line ends where it begins, so it has no two sides", "draw it as a Polygon")
        return LineString(points) if len(points) >= LEAST_LINE else None

    def _list(self, node: Node) -> list[Node]:
        """Return what a list of coordinates holds; an empty one, or none at all, is a fault."""
        if isinstance(node.value, list) and node.value:
            return node.value
        self._fault(node, "coordinates are missing here", "draw it, or write null if its map was not published")
        return []

    def _positions(self, node: Node) -> list[Corner]:
        """Return the positions of a list, none if one has a fault; the first fault stands for all."""
        nodes = self._list(node)
        self.points += len(nodes)
        corners: list[Corner] = []
        for one in nodes:
            corner = self._position(one)
            if corner is None:
                return []
            corners.append(corner)
        return corners

    def _position(self, node: Node) -> Corner | None:
        """Return a position as (longitude, latitude); an altitude is read past, as zones have none."""
        numbers = node.value if isinstance(node.value, list) else []
        degrees = [one.value for one in numbers if isinstance(one.value, Decimal)]
        if len(degrees) != len(numbers) or len(degrees) not in (2, 3):
            self._fault(node, "this is no position", _ON_EARTH)
            return None
        lon, lat = degrees[:2]
        if _are_on_earth(lon, lat):
            return degrees_e7(str(lon)), degrees_e7(str(lat))
        if _are_on_earth(lat, lon):
            what = f"latitude {lat} is beyond 90 degrees: the axes look swapped"
            self._fault(node, what, "GeoJSON has longitude first")
        else:
            self._fault(node, f"[{lon}, {lat}] is not on the earth", _ON_EARTH)
        return None

    def _check(self, shape: Shape, node: Node) -> None:
        """Add the faults of a shape as a whole."""
        west, _, east, _ = shape.bounds
        if east - west > WIDEST_E7:
            what = f"it is {(east - west) / E7:.1f} degrees wide: nobody can tell which way round it goes"
            remedy = "if it goes over the antimeridian, cut it there and give each part a feature of its own"
            self._fault(node, what, remedy)
        elif not shape.is_valid:
            self._fault(node, _in_degrees(explain_validity(shape)), "draw its edge without crossings")
        elif not shape.is_simple:
            self._fault(node, "the line crosses itself, so it has no two sides", "untangle it")


def _are_on_earth(lon: Decimal, lat: Decimal) -> bool:
    return abs(lon) <= 180 and abs(lat) <= 90  # noqa: PLR2004  degrees


def _words(corner: Corner) -> str:
    return f"lat {Decimal(corner[1]) / E7}, lon {Decimal(corner[0]) / E7}"


def _in_degrees(explanation: str) -> str:
    """Return shapely's `Self-intersection[x y]` with the place in degrees."""

    def place(found: re.Match[str]) -> str:
        return f" at lat {float(found[2]) / E7:.7f}, lon {float(found[1]) / E7:.7f}"

    return _WHERE.sub(place, explanation)
