"""Shapes: what one feature of a map says, whatever format the map has.

Coordinates are exact decimals of degrees, longitude first, as both GeoJSON and KML have them; altitudes are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from trucekeeper.geo.located import Faults, Node, members_of, parse
from trucekeeper.intake.elements import Element, elements
from trucekeeper.intake.members import Members
from trucekeeper.intake.opening import MIB, Limits, Opening, Part
from trucekeeper.terms import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LIMITS = Limits(members=500, document=32 * MIB)
MOST_UNPACKED = 256 * MIB  # of a shapefile: a country's finest borders have a tenth
DEGREES = Decimal("0.0000001")

_SHAPEFILE = b"\x00\x00\x27\x0a"
_SQLITE = b"SQLite format 3"
_WGS84 = ("CRS84", "EPSG:4326", "EPSG::4326", "WGS 84", "WGS84")
_PLACEMARK = {"Polygon", "LineString", "Point", "MultiGeometry", "LinearRing"}
_CONVERT = "convert it: ogr2ogr -t_srs EPSG:4326 new.geojson OLD"

Coordinates: TypeAlias = "list[Any]"


@dataclass(frozen=True, slots=True)
class Shape:
    """One feature: where it stands, its properties as they are, its geometry, and what is worth a note."""

    file: str
    line: int
    properties: Mapping[str, object]
    kind: str
    coordinates: Coordinates
    notes: tuple[str, ...] = field(default=())

    def fault(self, what: str, remedy: str) -> Fault:
        """Return a fault of this feature."""
        return Fault(self.file, self.line, 0, what, remedy)


def shapes(path: Path, crs: str) -> Iterator[Shape | Fault]:
    """Yield the features of a map. `crs` is what the mapping says of a file that does not say it itself."""
    packed = Members.of(path)
    if packed.workbook:
        yield Fault(str(path), 0, 0, "it is a workbook, and no map", "give a map as GeoJSON, KML or a shapefile")
        return
    if any(name.lower().endswith(".shp") for name in packed.names) or path.suffix.lower() == ".shp":
        yield from _of_shapefile(path, crs)
        return
    opening = Opening(path, LIMITS)
    for part in opening.parts():
        yield from _of_part(part)
    yield from opening.faults.all()


def _of_part(part: Part) -> Iterator[Shape | Fault]:
    head = part.head().lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"{", b"[")):
        yield from _of_geojson(part)
    elif head.startswith(b"<"):
        yield from _of_kml(part)
    elif head.startswith(_SHAPEFILE):
        what, remedy = (
            "a shapefile that is not called .shp",
            "give it beside its .shx, .dbf and .prj, or all in a zip",
        )
        yield Fault(part.name, 0, 0, what, remedy)
    elif not part.packed:
        other = "a GeoPackage" if head.startswith(_SQLITE) else "neither GeoJSON, KML nor a shapefile"
        yield Fault(part.name, 0, 0, f"it is {other}", _CONVERT)


# ---- GeoJSON -------------------------------------------------------------------------------------------------------


def _of_geojson(part: Part) -> Iterator[Shape | Fault]:
    data = part.document()
    if data is None:
        return
    try:
        faults = Faults(part.name, data.decode())
    except UnicodeDecodeError:
        yield Fault(part.name, 0, 0, "it is not UTF-8", "save it as UTF-8 text")
        return
    root = parse(faults)
    yield from faults.found
    if root is None or faults.found:
        return
    members = members_of(root)
    strange = _strange_crs(members.get("crs"))
    if strange:
        yield Fault(part.name, faults.line_of(members["crs"].at), 0, f"its coordinates are of {strange}", _CONVERT)
        return
    features = members.get("features", Node([root] if "geometry" in members else None, root.at))
    if not isinstance(features.value, list):
        what = "it is JSON and no map: it holds no features"
        yield Fault(part.name, 1, 0, what, 'a map is {"type": "FeatureCollection", "features": [...]}')
        return
    for node in features.value:
        yield _feature(node, part.name, faults)


def _strange_crs(node: Node | None) -> str:
    """Return the name of a reference system other than longitude and latitude on WGS84."""
    if node is None or node.value is None:
        return ""
    name = members_of(members_of(node).get("properties")).get("name")
    said = str(name.value) if name else "an unknown system"
    return "" if said.endswith(_WGS84) else said[:60]


def _feature(node: Node, file: str, faults: Faults) -> Shape | Fault:
    line = faults.line_of(node.at)
    members = members_of(node)
    geometry, properties = members_of(members.get("geometry")), members.get("properties")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind is None or coordinates is None or not isinstance(coordinates.value, list):
        several = geometry.get("geometries")
        if several is None:
            return Fault(file, line, 0, "a feature without a drawing", "draw it, or leave it out")
        return Fault(file, line, 0, "a collection of several shapes", "give each a feature of its own")
    try:
        read = _plain(coordinates)
    except ValueError:
        return Fault(file, line, 0, "coordinates that are no numbers", "export the map again")
    said = {key: _plain_value(one) for key, one in members_of(properties).items()}
    return Shape(file, line, said, str(kind.value), *_flat(read))


def _plain(node: Node) -> Coordinates:
    """Return coordinates as nested lists. Raises ValueError for what is no number."""
    several = node.value if isinstance(node.value, list) else []
    if not isinstance(node.value, list):
        raise ValueError("no list")  # noqa: TRY004  of what the file says
    found: Coordinates = []
    for one in several:
        if isinstance(one.value, Decimal):
            found.append(one.value)
        else:
            found.append(_plain(one))
    return found


def _plain_value(node: Node) -> object:
    if isinstance(node.value, dict):
        return {key: _plain_value(one) for key, one in node.value.items()}
    if isinstance(node.value, list):
        return [_plain_value(one) for one in node.value]
    return node.value


def _flat(read: Coordinates) -> tuple[Coordinates, tuple[str, ...]]:
    """Return coordinates to 1e-7 degree without altitudes, and a note if there were any."""
    high = [False]

    def flat(one: Any) -> Any:  # noqa: ANN401  nested lists
        if one and all(isinstance(number, Decimal) for number in one):
            high[0] = high[0] or len(one) > 2  # noqa: PLR2004  longitude, latitude
            return [number.quantize(DEGREES) if abs(number) < 10**9 else number for number in one[:2]]
        return [flat(deeper) if isinstance(deeper, list) else deeper for deeper in one]

    found = flat(read)
    return found, ("its altitudes were dropped: a zone has none",) if high[0] else ()


# ---- KML -----------------------------------------------------------------------------------------------------------


def _of_kml(part: Part) -> Iterator[Shape | Fault]:
    for root in elements(part.text_blocks(), part.name):
        if isinstance(root, Fault):
            if not part.cut:
                yield root
        elif root.name != "kml":
            what = f"<{root.name[:40]}> is no map (KML)"
            yield Fault(part.name, root.line, 0, what, "give a map as GeoJSON, KML or a shapefile")
        else:
            for placemark in root.each("Placemark"):
                yield from _of_placemark(placemark, part.name)


def _of_placemark(placemark: Element, file: str) -> Iterator[Shape | Fault]:
    geometry = next((one for one in placemark.children if one.name in _PLACEMARK), None)
    name = placemark.child("name")
    said: dict[str, object] = {"name": name.text} if name else {}
    for one in placemark.each("Data"):
        value = one.child("value")
        said[one.attributes.get("name", "")] = value.text if value else ""
    said |= {one.attributes.get("name", ""): one.text for one in placemark.each("SimpleData")}
    if geometry is None:
        yield Fault(file, placemark.line, 0, "a placemark without a drawing", "draw it, or leave it out")
        return
    try:
        kind, read = _of_geometry(geometry)
        yield Shape(file, placemark.line, said, kind, *_flat(read))
    except (ValueError, ArithmeticError):
        what = "its coordinates are no 'longitude,latitude' pairs, or its shapes are of several sorts"
        yield Fault(file, placemark.line, 0, what, "export the map again, each shape in a placemark of its own")


def _of_geometry(one: Element) -> tuple[str, Coordinates]:
    """Return sort and coordinates of a drawing. Raises ValueError and ArithmeticError for what is none."""
    if one.name == "Polygon":
        outer, inner = one.child("outerBoundaryIs"), [each for each in one.children if each.name == "innerBoundaryIs"]
        return "Polygon", [_ring(each) for each in ([outer] if outer else []) + inner]
    if one.name == "MultiGeometry":
        several = [_of_geometry(each) for each in one.children if each.name in _PLACEMARK]
        kinds = {kind for kind, _ in several}
        if kinds == {"Polygon"}:
            return "MultiPolygon", [read for _, read in several]
        if len(several) == 1:
            return several[0]
        raise ValueError("several sorts")
    return {"LinearRing": "LineString"}.get(one.name, one.name), _tuples(one)


def _ring(boundary: Element) -> Coordinates:
    ring = boundary.child("LinearRing")
    return _tuples(ring) if ring else []


def _tuples(one: Element) -> Coordinates:
    text = one.child("coordinates")
    several = [[Decimal(number) for number in word.split(",")] for word in (text.text.split() if text else [])]
    if any(not number.is_finite() for position in several for number in position):
        raise ValueError("no number")
    return several


# ---- shapefiles ----------------------------------------------------------------------------------------------------


def _of_shapefile(path: Path, crs: str) -> Iterator[Shape | Fault]:
    file = str(path)
    try:
        import pyogrio  # noqa: PLC0415  an extra: only who reads shapefiles needs it
        from pyogrio.errors import DataSourceError  # noqa: PLC0415
    except ImportError:
        yield Fault(file, 0, 0, "a shapefile is read with pyogrio", "pip install 'trucekeeper[field]'")
        return
    if not path.is_file() or (Members.of(path).unpacked or path.stat().st_size) > MOST_UNPACKED:
        yield Fault(file, 0, 0, "there is no such file, or it is larger than any map", "simplify its edges")
        return
    try:
        for layer in pyogrio.list_layers(path)[:, 0]:
            meta, _, drawings, columns = pyogrio.raw.read(path, layer=layer)
            said = str(meta.get("crs") or crs or "")
            if not said.endswith(_WGS84):
                what = (
                    f"its coordinates are of {said[:60]}"
                    if said
                    else "it does not say what its coordinates are (.prj)"
                )
                yield Fault(file, 0, 0, what, f"{_CONVERT}; or, if you know that it is WGS84, 'crs: EPSG:4326'")
                continue
            yield from _records(file, meta["fields"], drawings, columns)
    except (DataSourceError, OSError, ValueError, RuntimeError):
        yield Fault(
            file, 0, 0, "it is no shapefile, or one of its files is missing", "give .shp, .shx and .dbf together"
        )


def _records(file: str, names: Any, drawings: Any, columns: Any) -> Iterator[Shape | Fault]:  # noqa: ANN401  arrays
    import shapely  # noqa: PLC0415  beside pyogrio

    for number, drawing in enumerate(drawings, start=1):
        shape = shapely.from_wkb(drawing) if drawing is not None else None
        if shape is None or shape.is_empty:
            yield Fault(file, number, 0, "a record without a drawing", "draw it, or leave it out")
            continue
        said = {str(name): _cell(column[number - 1]) for name, column in zip(names, columns, strict=True)}
        geometry = shapely.geometry.mapping(shape)
        if "coordinates" not in geometry:
            yield Fault(file, number, 0, "a collection of several shapes", "give each a feature of its own")
            continue
        yield Shape(file, number, said, shape.geom_type, *_flat(_exact(geometry["coordinates"])))


def _cell(value: Any) -> object:  # noqa: ANN401  what an array holds
    plain = value.item() if hasattr(value, "item") else value
    return str(plain) if isinstance(plain, (str, int, float)) and plain == plain else None  # noqa: PLR0124  not NaN


def _exact(several: Any) -> Coordinates:  # noqa: ANN401  nested tuples
    return [Decimal(repr(float(one))) if not isinstance(one, (tuple, list)) else _exact(one) for one in several]
