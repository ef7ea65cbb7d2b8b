"""Reads maps into the text of an agreement's `zones.geojson`: drawn shapes, checked, beside those that are there.

The mapping file says which property of the map is what; `=` before a word means the word itself:

    id: NAME_1                      # or `=line-of-control`: then all shapes of a file are parts of one zone
    author: =Annex A, map 2
    accuracy_m: =500
    from: =2031-01-10T12:00+02:00   # a new version of a zone that is there: the old one ends here
    sides: {left: west, right: east}
    bbox: {west: -31, south: -2, east: -29, north: 2}   # where the shapes should lie, if no zone is drawn yet

What is already there, word for word, changes nothing, so that a second import gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from trucekeeper.agreement.rows import FAR, shown
from trucekeeper.geo import read_geojson
from trucekeeper.geo.properties import PROPERTIES
from trucekeeper.intake.zones.shapes import Shape, shapes
from trucekeeper.terms import DAWN, NEVER, Fault, Refused
from trucekeeper.terms.faults import suggestion
from trucekeeper.terms.moments import parse_moment
from trucekeeper.terms.places import E7, degrees_e7

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from trucekeeper.intake.said import Row, Said
    from trucekeeper.intake.setting import Setting
    from trucekeeper.terms import Moment

ZONES = "zones.geojson"
OPTIONS = (*PROPERTIES, "bbox", "crs")
_ENDS = ("south", "west", "north", "east")
_MAPPING = "the mapping file"


class Drawn(NamedTuple):
    """The text of `zones.geojson` with what was drawn, what could not be taken, and what is worth a note."""

    data: bytes
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def read(paths: Sequence[Path], setting: Setting) -> Iterator[Said | Row | Fault]:
    """Yield what is wrong with maps: they make no facts, but a draft of the agreement's zones (`drawn`)."""
    yield from drawn(paths, None, setting).faults


def drawn(paths: Sequence[Path], existing: bytes | None, setting: Setting) -> Drawn:
    """Return the agreement's zones with the shapes of some maps. What is faulty is left out, and named.

    `existing` is the `zones.geojson` that is in force, None if there is none.
    """
    try:
        before = _features(existing)
        extent = _extent(setting, existing)
        mapping = _mapping(setting.own())
    except Refused as refused:
        return Drawn(existing or b"", refused.faults, ())
    drawing = _Drawing(before, mapping, extent)
    for path in paths:
        drawing.add(path)
    return drawing.done(existing)


def _features(existing: bytes | None) -> list[dict[str, Any]]:
    """Return the features of the zones in force, numbers exact. Raises Refused if they are not sound."""
    if existing is None:
        return []
    try:
        text = existing.decode()
    except UnicodeDecodeError:
        raise Refused([Fault(ZONES, 0, 0, "it is not UTF-8", "save it as UTF-8 text")]) from None
    read_geojson(text, ZONES)
    found: list[dict[str, Any]] = json.loads(text.removeprefix("\ufeff"), parse_float=Decimal)["features"]
    return found


def _extent(setting: Setting, existing: bytes | None) -> tuple[int, int, int, int] | None:
    """Return where shapes should lie: as the mapping says, else where the zones in force do. Raises Refused."""
    box = setting.options.get("bbox")
    if isinstance(box, dict) and set(box) == set(_ENDS):
        try:
            south, west, north, east = (degrees_e7(str(box[end])) for end in _ENDS)
        except ValueError as error:
            raise Refused([Fault(_MAPPING, 0, 0, f"bbox: {error}", "write decimal degrees")]) from None
        return south, west, north, east
    if box is not None:
        remedy = "write 'bbox: {west: 34, south: 31, east: 35, north: 32}'"
        raise Refused([Fault(_MAPPING, 0, 0, "'bbox' is no box", remedy)])
    return read_geojson(existing.decode(), ZONES).extent() if existing is not None else setting.known.extent


@dataclass(frozen=True, slots=True)
class _Mapping:
    """Which property of a map is which of ours."""

    names: Mapping[str, str]
    sides: Mapping[str, str] | None
    part_of: list[str] | None
    crs: str

    def of(self, shape: Shape) -> dict[str, Any]:
        """Return the properties of a shape in our words; what is already in ours, and not mapped, stays."""
        found: dict[str, Any] = {}
        for key in PROPERTIES:
            if key in self.names:
                said = self.names[key]
                value = said[1:] if said.startswith("=") else shape.properties.get(said)
            else:
                value = shape.properties.get(key) if key != "id" else _own_id(shape)
            if value not in {None, ""} if isinstance(value, (str, type(None))) else True:
                found[key] = value
        if self.sides is not None and shape.kind == "LineString":
            found["sides"] = dict(self.sides)
        if self.part_of is not None:
            found["part_of"] = list(self.part_of)
        if (
            isinstance(found.get("accuracy_m"), str)
            and found["accuracy_m"].isascii()
            and found["accuracy_m"].isdigit()
        ):
            found["accuracy_m"] = int(found["accuracy_m"])
        return found

    @property
    def one(self) -> bool:
        """Return whether all shapes of a file are parts of one zone."""
        return self.names.get("id", "").startswith("=")


def _own_id(shape: Shape) -> object:
    return shape.properties.get("id") or shape.properties.get("name")


def _mapping(options: Mapping[str, Any]) -> _Mapping:
    """Return the mapping. Raises Refused with all its faults."""
    faults = [
        Fault(_MAPPING, 0, 0, f"'{key[:60]}' is nothing that a zone has", suggestion(key, OPTIONS))
        for key in options
        if key not in OPTIONS
    ]
    names = {key: value for key, value in options.items() if key not in {"bbox", "sides", "part_of"}}
    faults += [
        Fault(
            _MAPPING, 0, 0, f"{key}: {shown(value)} is no property of a map", "name one, or write '=' before a word"
        )
        for key, value in names.items()
        if not isinstance(value, str) or not value
    ]
    sides, part_of = options.get("sides"), options.get("part_of")
    if sides is not None and not (isinstance(sides, dict) and set(sides) == {"left", "right"}):
        faults.append(Fault(_MAPPING, 0, 0, "'sides' does not name two", "write 'sides: {left: west, right: east}'"))
    if part_of is not None and not isinstance(part_of, list):
        faults.append(Fault(_MAPPING, 0, 0, "'part_of' is no list", "write 'part_of: [valley]'"))
    if faults:
        raise Refused(faults)
    return _Mapping(
        {key: value for key, value in names.items() if key != "crs"}, sides, part_of, names.get("crs", "")
    )


class _Drawing:
    """The zones as they grow."""

    def __init__(
        self, features: list[dict[str, Any]], mapping: _Mapping, extent: tuple[int, int, int, int] | None
    ) -> None:
        self.features, self.mapping, self.extent = features, mapping, extent
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self.changed = False

    def add(self, path: Path) -> None:
        """Take in the shapes of a map."""
        found: list[Shape] = []
        for one in shapes(path, self.mapping.crs):
            if isinstance(one, Fault):
                self.faults.append(one)
            else:
                found.append(one)
                self.notes += [f"{one.file}:{one.line}: {note}" for note in one.notes]
        if self.mapping.one and len(found) > 1:
            found = self._together(found)
        for shape in found:
            self._take(shape)

    def _together(self, found: list[Shape]) -> list[Shape]:
        """Return several polygons as one shape of several parts; nothing, with a fault, if one is none."""
        parts: list[Any] = []
        for one in found:
            if one.kind not in {"Polygon", "MultiPolygon"}:
                self.faults.append(one.fault("under one id only areas go together", "map 'id' to a property"))
                return []
            parts += [one.coordinates] if one.kind == "Polygon" else one.coordinates
        self.notes.append(f"{found[0].file}: its {len(found)} shapes are parts of one zone")
        return [replace(found[0], kind="MultiPolygon", coordinates=parts)]

    def _take(self, shape: Shape) -> None:
        """Take in one shape, if it is sound and lies where it should."""
        feature = self._feature(shape)
        try:
            atlas = read_geojson(_written([_alone(feature)]), shape.file)
        except Refused as refused:
            self.faults += [replace(fault, line=shape.line, col=0) for fault in refused.faults]
            return
        wrong = self._misplaced(atlas.extent())
        if wrong:
            self.faults.append(shape.fault(*wrong))
        elif not self._there(feature):
            self._beside(feature, shape)

    def _feature(self, shape: Shape) -> dict[str, Any]:
        """Return a shape as a feature of ours, its rings turned as RFC 7946 has them."""
        coordinates, turned = _turned(shape.kind, shape.coordinates)
        if turned:
            self.notes.append(f"{shape.file}:{shape.line}: {turned} of its rings were turned about (RFC 7946, 3.1.6)")
        geometry = {"type": shape.kind, "coordinates": coordinates}
        return {"type": "Feature", "properties": self.mapping.of(shape), "geometry": geometry}

    def _misplaced(self, there: tuple[int, int, int, int] | None) -> tuple[str, str] | None:
        """Return what is wrong with where a shape lies."""
        if self.extent is None or there is None:
            return None
        south, west, north, east = there
        if _near((south, west, north, east), self.extent):
            return None
        if _near((west, south, east, north), self.extent):
            what = "it lies far from every zone, and would not with longitude and latitude exchanged"
            return what, "GeoJSON and KML have longitude first: export it again in that order"
        middle = f"lat {(south + north) / 2 / E7:.3f}, lon {(west + east) / 2 / E7:.3f}"
        return (
            f"it lies more than three degrees from every zone, at {middle}",
            "if it is right, say where with 'bbox'",
        )

    def _beside(self, feature: dict[str, Any], shape: Shape) -> None:
        """Put a feature beside the others: as a new zone, or as a version of one that is there."""
        name = feature["properties"]["id"]
        same = [one for one in self.features if one["properties"]["id"] == name]
        if same and "from" not in feature["properties"]:
            what = f"there is a zone {shown(name)} already, and nothing says when this one takes its place"
            self.faults.append(shape.fault(what, "give 'from', the moment of the change, or another id"))
            return
        since = _since(feature)
        if any(_since(one) == since for one in same):
            what = f"there is another drawing of {shown(name)} from the same moment on"
            self.faults.append(shape.fault(what, "give one of them another 'from', or leave one out"))
            return
        earlier = max((one for one in same if _since(one) < since), key=_since, default=None)
        later = min((one for one in same if _since(one) > since), key=_since, default=None)
        if later is not None:
            feature["properties"].setdefault("until", later["properties"]["from"])
        if earlier is not None and _until(earlier) > since:
            earlier["properties"]["until"] = feature["properties"]["from"]
        self.features.append(feature)
        self.changed = True

    def _there(self, feature: dict[str, Any]) -> bool:
        """Return whether a shape is drawn already, though another one may have ended its time."""
        return any(one in (feature, _ended(feature, one)) for one in self.features)

    def done(self, existing: bytes | None) -> Drawn:
        """Return what came of it; of what does not fit together, the zones as they were."""
        before = existing or b""
        if not self.changed:
            return Drawn(before, tuple(self.faults), tuple(self.notes))
        text = _written(self.features)
        try:
            read_geojson(text, ZONES)
        except Refused as refused:
            said = [replace(fault, what=f"with what was drawn: {fault.what}") for fault in refused.faults]
            return Drawn(before, (*self.faults, *said), tuple(self.notes))
        return Drawn(text.encode(), tuple(self.faults), tuple(self.notes))


def _since(feature: Mapping[str, Any]) -> Moment:
    said = feature["properties"].get("from")
    return DAWN if said is None else parse_moment(said)


def _until(feature: Mapping[str, Any]) -> Moment:
    said = feature["properties"].get("until")
    return NEVER if said is None else parse_moment(said)


def _ended(feature: dict[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return a feature that does not say when it ends, with the end of another."""
    ends = {key: value for key, value in other["properties"].items() if key == "until"}
    return {**feature, "properties": {**ends, **feature["properties"]}}


def _near(box: tuple[int, int, int, int], extent: tuple[int, int, int, int]) -> bool:
    """Return whether a box of south, west, north and east lies within `FAR` of another."""
    south, west, north, east = extent
    return south - FAR <= box[0] and box[2] <= north + FAR and west - FAR <= box[1] and box[3] <= east + FAR


def _alone(feature: dict[str, Any]) -> dict[str, Any]:
    """Return a feature to be checked by itself: what it is part of is not there."""
    properties = {key: value for key, value in feature["properties"].items() if key != "part_of"}
    return {**feature, "properties": properties}


def _turned(kind: str, coordinates: list[Any]) -> tuple[list[Any], int]:
    """Return coordinates with outer rings against the clock and holes with it, and how many were turned."""
    if kind == "MultiPolygon":
        several = [_turned("Polygon", one) for one in coordinates if isinstance(one, list)]
        return [one for one, _ in several], sum(count for _, count in several)
    if kind != "Polygon" or not all(isinstance(ring, list) for ring in coordinates):
        return coordinates, 0
    rings = [ring[::-1] if _wrong_way(ring, hole=number > 0) else ring for number, ring in enumerate(coordinates)]
    return rings, sum(ring is not old for ring, old in zip(rings, coordinates, strict=True))


def _wrong_way(ring: list[Any], *, hole: bool) -> bool:
    """Return whether a ring is drawn the wrong way round; of what is no ring, no."""
    try:
        doubled = sum(one[0] * other[1] - other[0] * one[1] for one, other in pairwise(ring))
    except (TypeError, IndexError):
        return False
    return bool(doubled > 0 if hole else doubled < 0)


# ---- writing -------------------------------------------------------------------------------------------------------


def _written(features: Sequence[Mapping[str, Any]]) -> str:
    """Return a collection as its makers write it by hand: a property on each line, a drawing on one."""
    several = ",\n".join(_feature_text(one) for one in features)
    return f'{{\n  "type": "FeatureCollection",\n  "features": [\n{several}\n  ]\n}}\n'


def _feature_text(feature: Mapping[str, Any]) -> str:
    lines = [f"        {json.dumps(key)}: {_json(value)}" for key, value in feature["properties"].items()]
    geometry, properties = feature["geometry"], ",\n".join(lines)
    if geometry is None:
        drawing = "null"
    else:
        kind, coordinates = json.dumps(geometry["type"]), _json(geometry["coordinates"])
        drawing = f'{{\n        "type": {kind},\n        "coordinates": {coordinates}\n      }}'
    head = f'    {{\n      "type": "Feature",\n      "properties": {{\n{properties}\n      }},\n'
    return f'{head}      "geometry": {drawing}\n    }}'


def _json(value: Any) -> str:  # noqa: ANN401  plain JSON, its numbers exact
    match value:
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case list():
            return f"[{', '.join(_json(one) for one in value)}]"
        case dict():
            return f"{{{', '.join(f'{json.dumps(key)}: {_json(one)}' for key, one in value.items())}}}"
        case _:
            return json.dumps(value, ensure_ascii=False)
