"""Zones and lines as a file: GeoJSON (RFC 7946) with the properties that an agreement needs.

One FeatureCollection. A Polygon or MultiPolygon is a zone, a LineString a line; a null geometry is a zone
whose map was never published, or with `sides` such a line. Positions are [longitude, latitude] in degrees of
WGS84 and are rounded to 1e-7 degree; an altitude is read past. Edges are straight in degrees. A shape is at
most 180 degrees wide.

    id              the name by which clauses and facts call it (must be there)
    title           its name in words; the id if left out
    author          who drew it, or which text agrees it (must be there)
    accuracy_m      by how many whole metres the drawn edge may be off (must be there if it is drawn)
    ground_marking  how the edge is marked on the ground
    from, until     when this version became valid and ceased to be, RFC 3339 with an offset; the instant of
                    change belongs to the newer. Features of one id are versions of one zone or line, and no
                    two are valid at once
    part_of         list of the zones in which it lies by agreement (zones only)
    sides           {"left": ..., "right": ...}: their names, walking along the coordinates (lines only)
    cite            the article or map it rests on
    note            anything else

A worked example, in Valoria:

    {
      "type": "FeatureCollection",
      "features": [
        {
          "type": "Feature",
          "properties": {
            "id": "valley",
            "title": "The Valley",
            "author": "Annex A, map 1",
            "accuracy_m": 50,
            "ground_marking": "white posts every 500 m",
            "from": "2025-01-10T12:00+00:00",
            "until": "2025-03-10T12:00+00:00",
            "cite": "Protocol, art. 1"
          },
          "geometry": {
            "type": "Polygon",
            "coordinates": [[[-30.2, 8.0], [-30.0, 8.0], [-30.0, 8.2], [-30.2, 8.2], [-30.2, 8.0]]]
          }
        },
        {
          "type": "Feature",
          "properties": {
            "id": "valley",
            "author": "Decision 7 of the mechanism",
            "accuracy_m": 10,
            "from": "2025-03-10T12:00+00:00"
          },
          "geometry": {
            "type": "Polygon",
            "coordinates": [[[-30.2, 8.0], [-30.1, 8.0], [-30.1, 8.2], [-30.2, 8.2], [-30.2, 8.0]]]
          }
        },
        {
          "type": "Feature",
          "properties": {
            "id": "orchards",
            "author": "Annex A, par. 4",
            "part_of": ["valley"],
            "note": "agreed; its map was never published"
          },
          "geometry": null
        },
        {
          "type": "Feature",
          "properties": {
            "id": "agreed-line",
            "title": "The Agreed Line",
            "author": "Annex A, map 2",
            "accuracy_m": 100,
            "sides": {"left": "west", "right": "east"}
          },
          "geometry": {
            "type": "LineString",
            "coordinates": [[-30.1, 7.5], [-30.12, 8.1], [-30.1, 8.7]]
          }
        }
      ]
    }
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapely import LineString

from trucekeeper.geo.atlas import Atlas
from trucekeeper.geo.drawing import Drawing
from trucekeeper.geo.located import Faults, Node, members_of, parse
from trucekeeper.geo.properties import PROPERTIES, Properties
from trucekeeper.geo.together import Found, check_together
from trucekeeper.geo.zones import Line, Zone
from trucekeeper.terms import Fault, Refused
from trucekeeper.terms.faults import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection

MOST_CHARACTERS = 20_000_000  # bigger files are no agreement's map, and would stall whoever opens them
MOST_FEATURES = 5_000  # each is compared with every other
MOST_POINTS = 200_000  # as many as the finest national border has; every edge is asked for every fact

_COLLECTION = ("type", "features", "name", "bbox", "crs")
_FEATURE = ("type", "id", "properties", "geometry", "bbox")
_WGS84 = "CRS84"


def read_geojson(text: str, file: str) -> Atlas:
    """Return the atlas of a GeoJSON text.

    `file` is its name in faults. Raises Refused with all its faults at once.
    """
    if len(text) > MOST_CHARACTERS:
        what = f"the file has {len(text):,} characters, more than {MOST_CHARACTERS:,}"
        raise Refused([Fault(file, 0, 0, what, "simplify its edges, or split it by region")])
    faults = Faults(file, text.removeprefix("\ufeff"))
    root = parse(faults)
    found = _Reader(faults).collection(root) if root else []
    check_together(found, faults)
    if faults.found:
        raise Refused(faults.found)
    return Atlas(tuple(one.feature for one in found))


class _Reader:
    """Reads the features of one file and adds their faults.

    A feature with a fault is read as far as it can be, so that what others say of it can be checked too.
    """

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.points = 0

    def collection(self, root: Node) -> list[Found]:
        """Return the features that have an id."""
        members = members_of(root)
        kind, features = members.get("type"), members.get("features")
        nodes = features.value if features else None
        if not kind or kind.value != "FeatureCollection" or not isinstance(nodes, list):
            remedy = 'write {"type": "FeatureCollection", "features": [...]}'
            self.faults.add(root.at, "not a FeatureCollection", remedy)
            return []
        self._unknown(members, _COLLECTION, "member of the collection")
        self._reference_system(members.get("crs"))
        self._bounded(len(nodes), MOST_FEATURES, "features", root)
        found = [self._feature(node) for node in nodes[:MOST_FEATURES]]
        self._bounded(self.points, MOST_POINTS, "points", root)
        return [one for one in found if one is not None]

    def _feature(self, node: Node) -> Found | None:
        members = members_of(node)
        kind, given, geometry = (members.get(key) for key in ("type", "properties", "geometry"))
        if not kind or kind.value != "Feature" or not given or not isinstance(given.value, dict):
            remedy = 'write {"type": "Feature", "properties": {"id": ...}, "geometry": ...}'
            self.faults.add(node.at, "not a feature with properties", remedy)
            return None
        self._unknown(members, _FEATURE, "member of a feature")
        self._unknown(members_of(given), PROPERTIES, "property")
        properties = Properties(self.faults, given)
        if geometry is None:
            what = f"{properties.name} has no geometry"
            self.faults.add(node.at, what, "draw it, or write null if its map was not published")
        feature = self._zone_or_line(properties, geometry or Node(None, node.at))
        return Found(feature, given) if feature.id else None

    def _zone_or_line(self, properties: Properties, geometry: Node) -> Zone | Line:
        drawing = Drawing(self.faults, properties.name)
        shape = drawing.shape(geometry)
        self.points += drawing.points
        shared = properties.shared(drawn=geometry.value is not None)
        if _is_line(geometry, properties):
            left, right = properties.sides()
            properties.refuse("part_of", f"{properties.name} is a line, and a line is part of no zone")
            line = shape if isinstance(shape, LineString) else None
            return Line(**shared, left=left, right=right, geometry=line)
        properties.refuse("sides", f"{properties.name} has sides, but only a LineString has")
        area = None if isinstance(shape, LineString) else shape
        return Zone(**shared, part_of=properties.part_of(), geometry=area)

    def _bounded(self, count: int, most: int, what: str, root: Node) -> None:
        if count > most:
            remedy = "simplify its edges, or split it by region"
            self.faults.add(root.at, f"the file has {count:,} {what}, more than {most:,}", remedy)

    def _unknown(self, members: dict[str, Node], known: Collection[str], what: str) -> None:
        for key, node in members.items():
            if key not in known:
                self.faults.add(node.at, f"unknown {what} '{key}'", suggestion(key, known))

    def _reference_system(self, crs: Node | None) -> None:
        """Refuse coordinates that say they are not longitude and latitude."""
        name = members_of(members_of(crs).get("properties")).get("name")
        if crs and not (name and str(name.value).endswith(_WGS84)):
            remedy = "export it as longitude and latitude on WGS84 (OGC:CRS84), and leave 'crs' out"
            self.faults.add(crs.at, "a coordinate reference system other than CRS84", remedy)


def _is_line(geometry: Node, properties: Properties) -> bool:
    """Return whether a feature is a line: drawn as one, or undrawn with sides."""
    kind = members_of(geometry).get("type")
    return "sides" in properties if geometry.value is None else kind is not None and kind.value == "LineString"
