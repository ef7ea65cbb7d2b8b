"""Zones and lines as GeoJSON: what is read, and every fault with its line and what to do."""

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, MultiPolygon, Polygon

from trucekeeper.geo import Atlas, Line, Zone, read_geojson, reading
from trucekeeper.geo.properties import PROPERTIES
from trucekeeper.terms import DAWN, NEVER, Interval, Place, Refused, Tri

Feature = dict[str, Any]

SQUARE = [[-30.2, 8.0], [-30.0, 8.0], [-30.0, 8.2], [-30.2, 8.2], [-30.2, 8.0]]
SIDES = {"left": "west", "right": "east"}


def zone(name: str = "valley", geometry: object = ..., **more: object) -> Feature:
    drawn = {"type": "Polygon", "coordinates": [SQUARE]} if geometry is ... else geometry
    given = {"id": name, "author": "Annex A", "accuracy_m": 50, **more}
    return {"type": "Feature", "properties": given, "geometry": drawn}


def polygon(*rings: object) -> Feature:
    return {"type": "Polygon", "coordinates": list(rings)}


def square(west: float, south: float, side: float = 0.2) -> Feature:
    east, north = west + side, south + side
    return polygon([[west, south], [east, south], [east, north], [west, north], [west, south]])


def line(name: str = "agreed-line", points: object = ((-30.1, 7.5), (-30.1, 8.7)), **more: object) -> Feature:
    given = {"id": name, "author": "Annex A", "accuracy_m": 50, "sides": SIDES, **more}
    return {"type": "Feature", "properties": given, "geometry": {"type": "LineString", "coordinates": points}}


def collection(*features: object, **more: object) -> str:
    """Return a collection with every feature in a line of its own, the first in line 2."""
    members = "".join(f',\n"{key}": {json.dumps(value)}' for key, value in more.items())
    rows = ",\n".join(json.dumps(feature) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{rows}\n]{members}}}'


def read(*features: object) -> Atlas:
    return read_geojson(collection(*features), "zones.geojson")


def faults_in(text: str) -> list[tuple[int, str, str]]:
    """Return line, what and remedy of every fault, having checked that each column points into its line."""
    with pytest.raises(Refused) as refused:
        read_geojson(text, "zones.geojson")
    lines = text.split("\n")
    for fault in refused.value.faults:
        assert fault.file == "zones.geojson"
        assert fault.remedy
        assert 0 < fault.col <= len(lines[fault.line - 1]) + 1
    return [(fault.line, fault.what, fault.remedy) for fault in refused.value.faults]


def fault(*features: object) -> tuple[int, str]:
    """Return line and what of the only fault."""
    ((where, what, _),) = faults_in(collection(*features))
    return where, what


# What is read


def test_the_worked_example_at_the_head_of_the_module_is_read() -> None:
    head = reading.__doc__ or ""
    example = textwrap.dedent(head[head.index("    {\n") :])
    atlas = read_geojson(example, "zones.geojson")
    first, second = (one for one in atlas.zones() if one.id == "valley")
    (the_line,) = atlas.lines()

    assert atlas.ids() == ("agreed-line", "orchards", "valley")
    assert first.title == "The Valley"
    assert first.author == "Annex A, map 1"
    assert first.accuracy_m == 50
    assert first.ground_marking == "white posts every 500 m"
    assert first.cite == "Protocol, art. 1"
    assert (first.since, first.until) == (1736510400_000000, 1741608000_000000)
    assert (second.since, second.until) == (first.until, NEVER)
    assert second.title == "valley"
    assert (the_line.left, the_line.right) == ("west", "east")
    assert atlas.zone_inside("valley", "orchards", Interval.at(first.since)) is Tri.YES
    assert atlas.side("agreed-line", "west", Place.of(lat="8", lon="-30.3"), Interval.at(0)) is Tri.YES


def test_every_property_is_named_at_the_head_of_the_module() -> None:
    head = reading.__doc__ or ""

    assert all(f"\n    {name}" in head or f", {name}" in head for name in PROPERTIES)


def test_longitude_comes_first_only_in_the_file() -> None:
    (the_zone,) = read(zone()).zones()

    assert the_zone.geometry == Polygon([(round(x * 1e7), round(y * 1e7)) for x, y in SQUARE])
    assert read(zone()).inside("valley", Place.of(lat="8.1", lon="-30.1"), Interval.at(0)) is Tri.YES


def test_coordinates_are_rounded_to_the_seventh_digit_and_an_altitude_is_read_past() -> None:
    (the_line,) = read(line(points=[[-30.12345674, 8.5, 120.5], [-30.12345676, 8.6, 0]])).lines()

    assert the_line.geometry == LineString([(-301234567, 85000000), (-301234568, 86000000)])


def test_a_multipolygon_is_one_zone() -> None:
    parts = [square(-30.2, 8.0)["coordinates"], square(-29.8, 8.0)["coordinates"]]
    (the_zone,) = read(zone(geometry={"type": "MultiPolygon", "coordinates": parts})).zones()

    assert isinstance(the_zone.geometry, MultiPolygon)
    assert len(the_zone.geometry.geoms) == 2


def test_a_hole_is_read_as_a_hole() -> None:
    hole = square(-30.15, 8.05, 0.1)["coordinates"][0]
    atlas = read(zone(geometry=polygon(SQUARE, hole), accuracy_m=0))

    assert atlas.inside("valley", Place.of(lat="8.1", lon="-30.1"), Interval.at(0)) is Tri.NO


def test_what_is_left_out_is_empty_or_always() -> None:
    (the_zone,) = read(zone()).zones()

    assert (the_zone.title, the_zone.ground_marking, the_zone.cite, the_zone.note) == ("valley", "", "", "")
    assert (the_zone.since, the_zone.until, the_zone.part_of) == (DAWN, NEVER, ())


def test_what_is_given_is_kept_word_for_word() -> None:
    (the_zone,) = read(zone(title="The Valley", ground_marking="posts", cite="art. 1", note="as agreed")).zones()

    assert (the_zone.title, the_zone.ground_marking, the_zone.cite, the_zone.note) == (
        *("The Valley", "posts"),
        *("art. 1", "as agreed"),
    )


def test_a_null_geometry_is_an_undrawn_zone_and_with_sides_an_undrawn_line() -> None:
    unsaid = {"type": "Feature", "properties": {"id": "orchards", "author": "Annex A"}, "geometry": None}
    undrawn = {
        "type": "Feature",
        "properties": {"id": "front", "author": "A", "sides": SIDES},
        "geometry": None,
    }
    atlas = read(unsaid, undrawn)

    assert [one.geometry for one in atlas.features] == [None, None]
    assert isinstance(atlas.features[0], Zone)
    assert isinstance(atlas.features[1], Line)


def test_a_collection_of_nothing_is_read() -> None:
    assert read_geojson('{"type": "FeatureCollection", "features": []}', "zones.geojson") == Atlas()


def test_a_byte_order_mark_is_read_past() -> None:
    assert read_geojson("\ufeff" + collection(zone()), "zones.geojson").ids() == ("valley",)


def test_what_other_programs_add_to_a_collection_is_read_past() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    text = collection({**zone(), "id": 7, "bbox": [0, 0, 1, 1]}, name="Valoria", bbox=[0, 0, 1, 1], crs=crs)

    assert read_geojson(text, "zones.geojson").ids() == ("valley",)


def test_every_file_of_zones_beside_the_repository_is_read(shared: Path) -> None:
    """Others' maps have none of our properties: they are wrapped, their coordinates left as they are."""
    files = sorted((shared / "data" / "geo").glob("*.geojson"))
    if not files:
        pytest.skip("no GeoJSON beside the repository")
    for file in files:
        features = json.loads(file.read_text(encoding="utf-8"))["features"]
        atlas = read(*(zone(f"zone-{number}", one["geometry"]) for number, one in enumerate(features)))
        for one in atlas.zones():
            assert one.geometry is not None
            middle = one.geometry.representative_point()
            place = Place(round(middle.y), round(middle.x))
            assert atlas.inside(one.id, place, Interval.at(0)) in (Tri.YES, Tri.MAYBE)
            assert atlas.distance(one.id, place, Interval.at(0))[0] == 0


# What is refused: the file


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "the file is empty"),
        ("valley", "not JSON: Expecting value"),
        ("[]", "not a FeatureCollection"),
        ("{}", "not a FeatureCollection"),
        ('{"type": "FeatureCollection"}', "not a FeatureCollection"),
        ('{"type": "FeatureCollection", "features": {}}', "not a FeatureCollection"),
        ('{"type": "Feature", "features": []}', "not a FeatureCollection"),
        (json.dumps(zone()), "not a FeatureCollection"),
    ],
)
def test_what_is_no_collection_is_refused(text: str, what: str) -> None:
    assert [(line, what) for line, what, _ in faults_in(text)] == [(1, what)]


def test_a_file_too_big_to_be_an_agreements_map_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = collection(zone())
    monkeypatch.setattr(reading, "MOST_CHARACTERS", len(text))

    assert read_geojson(text, "zones.geojson").ids() == ("valley",)
    with pytest.raises(
        Refused, match=f"zones.geojson: the file has {len(text) + 1} characters, more than {len(text)}"
    ):
        read_geojson(text + " ", "zones.geojson")


def test_a_file_of_too_many_points_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_POINTS", 10)

    assert read(zone("a"), zone("b")).ids() == ("a", "b")
    assert fault(zone("a"), zone("b"), line()) == (1, "the file has 12 points, more than 10")


def test_a_file_of_too_many_features_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_FEATURES", 2)

    assert read(zone("a"), zone("b")).ids() == ("a", "b")
    assert fault(zone("a"), zone("b"), zone("c")) == (1, "the file has 3 features, more than 2")


def test_the_bounds_are_what_the_documents_say() -> None:
    assert (reading.MOST_CHARACTERS, reading.MOST_POINTS, reading.MOST_FEATURES) == (
        20_000_000,
        200_000,
        5_000,
    )


def test_another_reference_system_is_refused() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}

    ((where, what, _),) = faults_in(collection(zone(), crs=crs))
    ((_, unnamed, _),) = faults_in(collection(zone(), crs={}))

    assert (where, what) == (4, "a coordinate reference system other than CRS84")
    assert unnamed == what


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    broken = [
        zone("a", author=7),
        zone("b", accuracy_m=-1),
        zone("c", polygon(SQUARE[:4])),
        line(sides={}, titel="x"),
    ]

    assert [(where, what) for where, what, _ in faults_in(collection(*broken))] == [
        (2, "'a': 'author' is no text"),
        (3, "'b': accuracy_m is no whole number from 0 to 1,000,000"),
        (4, "'c': the ring does not close: it begins at lat 8, lon -30.2 and ends at lat 8.2, lon -30.2"),
        (5, "'agreed-line' has sides without two names"),
        (5, "unknown property 'titel'"),
    ]


# What is refused: a feature


@pytest.mark.parametrize(
    "feature",
    [7, [], {}, {"type": "Point"}, {"type": "Feature", "geometry": None}, {**zone(), "type": "feature"}],
)
def test_what_is_no_feature_is_refused(feature: object) -> None:
    assert fault(zone(), feature) == (3, "not a feature with properties")


def test_properties_that_are_null_are_refused() -> None:
    assert fault({**zone(), "properties": None}) == (2, "not a feature with properties")


def test_a_feature_without_an_id_is_refused() -> None:
    nameless = zone()
    del nameless["properties"]["id"]

    assert fault(zone(), nameless) == (3, "a feature without an id")
    assert fault(zone(""))[1] == fault(zone(" valley"))[1] == fault(zone(id=7))[1] == "an id that is no word"


def test_a_feature_without_a_name_is_called_this_feature_in_its_other_faults() -> None:
    what = [what for _, what, _ in faults_in(collection(zone("", accuracy_m=0.5)))]

    assert what == [
        "an id that is no word",
        "this feature: accuracy_m is no whole number from 0 to 1,000,000",
    ]


def test_an_unknown_property_is_refused_with_the_word_that_was_meant() -> None:
    ((where, what, remedy),) = faults_in(collection(zone(acuracy_m=5)))

    assert (where, what, remedy) == (2, "unknown property 'acuracy_m'", "did you mean 'accuracy_m'?")


def test_an_unknown_member_is_refused() -> None:
    assert fault({**zone(), "style": {}}) == (2, "unknown member of a feature 'style'")
    assert faults_in(collection(zone(), title="x"))[0][:2] == (4, "unknown member of the collection 'title'")


def test_a_fault_of_a_long_feature_points_at_the_very_line() -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [zone(), zone("camp", part_of=["vally"])]}, indent=1)
    ((where, what, remedy),) = faults_in(text)

    assert text.split("\n")[where - 1].strip() == '"part_of": ['
    assert what == "'camp' is said to be part of 'vally', which is no zone of this file"
    assert remedy == "did you mean 'valley'?"


@pytest.mark.parametrize("author", ["", "  ", 7, None])
def test_a_zone_without_an_author_is_refused(author: object) -> None:
    nobody = zone()
    del nobody["properties"]["author"]

    assert fault(nobody) == (2, "'valley' has no author")
    assert fault(zone(author=author)) == (2, "'valley': 'author' is no text")


def test_a_text_that_is_none_is_refused() -> None:
    for key in ("title", "ground_marking", "cite", "note"):
        given: Feature = {key: 7}
        assert fault(zone(**given)) == (2, f"'valley': '{key}' is no text")


@pytest.mark.parametrize("accuracy", [-1, 0.5, 1_000_001, "50", True, None, [50]])
def test_an_accuracy_that_is_no_number_of_metres_is_refused(accuracy: object) -> None:
    assert fault(zone(accuracy_m=accuracy)) == (
        2,
        "'valley': accuracy_m is no whole number from 0 to 1,000,000",
    )


@pytest.mark.parametrize("accuracy", [0, 7, 1_000_000, 50.0])
def test_an_accuracy_in_whole_metres_is_read(accuracy: float) -> None:
    assert read(zone(accuracy_m=accuracy)).zones()[0].accuracy_m == accuracy


def test_a_drawn_zone_or_line_without_an_accuracy_is_refused() -> None:
    for one in (zone(), line()):
        del one["properties"]["accuracy_m"]
        assert fault(one) == (2, f"'{one['properties']['id']}' has no accuracy_m")


def test_a_missing_geometry_is_refused_where_a_null_one_is_not() -> None:
    missing = zone()
    del missing["geometry"]

    assert fault(missing) == (2, "'valley' has no geometry")


@pytest.mark.parametrize(
    ("time", "why"),
    [
        ("2025-01-10", "has no time of day with an offset"),
        ("2025-01-10T12:00", "has no time of day with an offset"),
        ("noon", "is not a time"),
        ("2025-02-30T12:00Z", "is not a time"),
        (7, "is not a time"),
    ],
)
def test_a_time_that_is_naive_or_none_is_refused(time: object, why: str) -> None:
    for key in ("from", "until"):
        given: Feature = {key: time}
        where, what = fault(zone(**given))

        assert where == 2
        assert what.startswith(f"'valley', '{key}': ")
        assert why in what


@pytest.mark.parametrize("until", ["2025-01-10T12:00Z", "2025-01-10T13:59+02:00"])
def test_a_version_that_ends_before_it_begins_is_refused(until: str) -> None:
    one = zone(**{"from": "2025-01-10T12:00Z", "until": until})

    assert fault(one) == (2, "'valley' ceases to be valid no later than it becomes so")


@pytest.mark.parametrize("parents", ["valley", ["valley", 7], None, {"valley": 1}])
def test_a_part_of_that_is_no_list_of_ids_is_refused(parents: object) -> None:
    assert fault(zone("camp", None, part_of=parents), zone()) == (2, "'camp': part_of is no list of ids")


@pytest.mark.parametrize(
    "sides",
    [
        {},
        {"left": "west"},
        {"left": "west", "right": "west"},
        {"left": "west", "right": ""},
        {"left": "west", "right": " west "},
        {"left": "west", "right": 7},
        {"left": "west", "right": "east", "middle": "x"},
        ["west", "east"],
        None,
    ],
)
def test_sides_without_two_names_are_refused(sides: object) -> None:
    assert fault(line(sides=sides)) == (2, "'agreed-line' has sides without two names")


def test_a_line_without_sides_is_refused() -> None:
    one = line()
    del one["properties"]["sides"]

    assert fault(one) == (2, "'agreed-line' is a line without sides")


def test_sides_of_a_zone_and_parts_of_a_line_are_refused() -> None:
    assert fault(zone(sides=SIDES)) == (2, "'valley' has sides, but only a LineString has")
    assert fault(zone(), line(part_of=["valley"])) == (
        3,
        "'agreed-line' is a line, and a line is part of no zone",
    )


# What is refused: the drawing


@pytest.mark.parametrize(
    "kind", ["Point", "MultiPoint", "MultiLineString", "GeometryCollection", "Circle", "polygon", 7]
)
def test_a_geometry_that_is_no_zone_and_no_line_is_refused(kind: object) -> None:
    assert fault(zone(geometry={"type": kind, "coordinates": []})) == (
        2,
        f"'valley': unknown geometry type '{kind}'",
    )


def test_the_remedy_says_how_to_draw_what_cannot_be_read() -> None:
    remedies = {
        kind: faults_in(collection(zone(geometry={"type": kind, "coordinates": []})))[0][2]
        for kind in ("Point", "Polygn", "MultiLineString")
    }

    assert remedies["Point"] == "draw the area round it as a Polygon: a zone has an edge"
    assert remedies["Polygn"].startswith("did you mean 'Polygon'")
    assert remedies["MultiLineString"] == "give each part of the line a feature of its own"


def test_a_geometry_without_a_type_is_refused() -> None:
    assert fault(zone(geometry={"coordinates": [SQUARE]}))[1] == "'valley': unknown geometry type ''"
    assert fault(zone(geometry=[SQUARE]))[1] == "'valley': unknown geometry type ''"


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon", "LineString"])
@pytest.mark.parametrize("coordinates", [[], None, 7, {}])
def test_missing_coordinates_are_refused(kind: str, coordinates: object) -> None:
    geometry = {"type": kind, "coordinates": coordinates}
    one = line() if kind == "LineString" else zone()

    assert fault({**one, "geometry": geometry})[1].endswith("': coordinates are missing here")
    assert fault({**one, "geometry": {"type": kind}})[1].endswith("': coordinates are missing here")


def test_a_ring_of_three_points_is_refused() -> None:
    what = "'valley': a ring of only 3 points"

    assert fault(zone(geometry=polygon([[0, 0], [1, 1], [0, 0]])))[1] == what
    assert fault(zone(geometry=polygon(SQUARE, [[0, 0], [1, 1], [0, 0]])))[1] == what


def test_a_triangle_is_a_ring() -> None:
    assert read(zone(geometry=polygon([[0, 0], [1, 1], [0, 1], [0, 0]]))).ids() == ("valley",)


def test_a_self_crossing_polygon_is_refused_with_the_place_where() -> None:
    bow = polygon([[-30, 8], [-29, 9], [-29, 8], [-30, 9], [-30, 8]])

    assert fault(zone(geometry=bow)) == (2, "'valley': Self-intersection at lat 8.5000000, lon -29.5000000")


def test_parts_that_overlap_are_refused() -> None:
    parts = {
        "type": "MultiPolygon",
        "coordinates": [square(-30, 8)["coordinates"], square(-29.9, 8)["coordinates"]],
    }

    assert "at lat 8" in fault(zone(geometry=parts))[1]


@pytest.mark.parametrize("position", [[], [-30], ["-30", 8], [-30, 8, 0, 0], [-30, None], 7, [-30, True], {}])
def test_what_is_no_position_is_refused(position: object) -> None:
    assert fault(line(points=[[-30, 7], position])) == (2, "'agreed-line': this is no position")


@pytest.mark.parametrize(
    ("position", "what"),
    [
        ([-30, 200], "[-30, 200] is not on the earth"),
        ([181, 8], "[181, 8] is not on the earth"),
        ([500000, 4649776], "[500000, 4649776] is not on the earth"),
        ([180.0000001, 91], "[180.0000001, 91] is not on the earth"),
        ([8, -130.5], "latitude -130.5 is beyond 90 degrees: the axes look swapped"),
        ([90, 90.0000001], "latitude 90.0000001 is beyond 90 degrees: the axes look swapped"),
    ],
)
def test_coordinates_out_of_range_are_refused(position: object, what: str) -> None:
    assert fault(line(points=[[-30, 7], position])) == (2, f"'agreed-line': {what}")


def test_the_corners_of_the_world_are_in_range() -> None:
    assert read(line(points=[[0, -90], [180, 90]])).ids() == ("agreed-line",)
    assert read(line(points=[[-180, -90], [0, 90]])).ids() == ("agreed-line",)


def test_one_fault_stands_for_all_positions_of_a_ring() -> None:
    swapped = [[lat, lon] for lon, lat in ((-130, 8), (-131, 8), (-131, 9), (-130, 8))]

    assert fault(zone(geometry=polygon(swapped)))[1].endswith("the axes look swapped")


def test_a_shape_wider_than_half_the_earth_is_refused() -> None:
    wide = polygon([[-100, 8], [80.0000001, 8], [80, 9], [-100, 8]])

    assert fault(zone(geometry=wide))[1] == (
        "'valley': it is 180.0 degrees wide: nobody can tell which way round it goes"
    )
    assert read(zone(geometry=polygon([[-100, 8], [80, 8], [80, 9], [-100, 8]]))).ids() == ("valley",)


def test_a_line_that_crosses_itself_closes_or_stays_is_refused() -> None:
    crossing, closed = [[0, 0], [2, 2], [2, 0], [0, 2]], [[0, 0], [2, 2], [2, 0], [0, 0]]

    assert fault(line(points=crossing))[1] == "'agreed-line': the line crosses itself, so it has no two sides"
    assert fault(line(points=closed))[1] == "'agreed-line': the line ends where it begins, so it has no two sides"
    assert fault(line(points=[[0, 0], [0, 1e-9]]))[1] == "'agreed-line': a line of only one point"
    assert fault(line(points=[[0, 0]]))[1] == "'agreed-line': a line of only one point"


# What is refused: features together

MARCH, MAY = "2025-03-01T00:00Z", "2025-05-01T00:00Z"


def test_two_versions_that_touch_in_time_are_read() -> None:
    atlas = read(zone(until=MARCH), zone(**{"from": MARCH, "until": MAY}), zone(**{"from": MAY}))

    assert len(atlas.zones()) == 3
    assert atlas.ids() == ("valley",)


def test_two_versions_valid_at_once_are_refused() -> None:
    what = "'valley' is valid at the same time as the one in line 2"

    assert fault(zone(), zone()) == (3, what)
    assert fault(zone(until=MAY), zone(**{"from": MARCH})) == (3, what)
    assert fault(zone(**{"from": MARCH, "until": MAY}), zone("b"), zone(until=MAY))[1].endswith("in line 4")


def test_a_zone_and_a_line_of_one_id_are_refused() -> None:
    assert fault(zone("front", until=MARCH), line("front", **{"from": MARCH})) == (
        3,
        "'front' is a line here and a zone in line 2",
    )
    assert fault(line("front", until=MARCH), zone("front", **{"from": MARCH}))[1] == (
        "'front' is a zone here and a line in line 2"
    )


def test_versions_of_a_line_have_the_same_sides_in_either_order() -> None:
    turned, other = {"left": "east", "right": "west"}, {"left": "north", "right": "south"}

    assert len(read(line(until=MARCH), line(sides=turned, **{"from": MARCH})).lines()) == 2
    assert fault(line(until=MARCH), line(sides=other, **{"from": MARCH})) == (
        3,
        "'agreed-line' has other sides than in line 2",
    )


def test_a_part_of_a_zone_that_is_not_there_is_refused() -> None:
    assert fault(zone("camp", part_of=["line"]), line("line")) == (
        2,
        "'camp' is said to be part of 'line', which is no zone of this file",
    )


def test_a_circle_of_parts_is_refused_at_each_of_its_zones_and_nowhere_else() -> None:
    circle = [
        zone("a", part_of=["b"]),
        zone("b", part_of=["c"]),
        zone("c", part_of=["a"]),
        zone("d", part_of=["a"]),
        zone("e", part_of=["e"]),
    ]

    assert [(where, what) for where, what, _ in faults_in(collection(*circle))] == [
        (2, "'a' is said to be part of 'b', which is in turn part of it"),
        (3, "'b' is said to be part of 'c', which is in turn part of it"),
        (4, "'c' is said to be part of 'a', which is in turn part of it"),
        (6, "'e' is said to be part of 'e', which is in turn part of it"),
    ]


def test_a_long_chain_of_parts_is_read() -> None:
    chain = [zone(f"z{n}", None, part_of=[f"z{n - 1}"] if n else []) for n in range(2_000)]

    assert read(*chain).zone_inside("z0", "z1999", Interval.at(0)) is Tri.YES


def test_a_part_drawn_wholly_outside_its_zone_is_refused() -> None:
    assert fault(zone(), zone("camp", square(-29.9, 8), part_of=["valley"])) == (
        3,
        "'camp' is said to be part of 'valley', but is drawn wholly outside it",
    )
    assert read(zone(), zone("camp", square(-30.1, 8.1), part_of=["valley"])).ids() == ("camp", "valley")


def test_a_part_drawn_outside_a_version_of_another_time_is_read() -> None:
    moved = [zone(until=MARCH), zone(geometry=square(-29, 8), **{"from": MARCH})]

    assert read(*moved, zone("camp", square(-29, 8), part_of=["valley"], **{"from": MARCH})).ids() == (
        *("camp", "valley"),
    )


def test_a_fault_in_a_zone_does_not_make_its_parts_faulty() -> None:
    assert fault(zone("valley", polygon([])), zone("camp", part_of=["valley"]))[1] == (
        "'valley': coordinates are missing here"
    )


def test_a_feature_with_swapped_axes_is_refused_when_the_others_show_it() -> None:
    """31 N 34 E turned about is 34 N 31 E, a few degrees off: it counts how much nearer it would be."""
    others = [zone("a", square(34.3, 31.3)), zone("b", square(34.5, 31.5))]
    where, what = fault(*others, zone("c", square(31.4, 34.4)))

    assert where == 4
    assert what == ("'c' lies 4.0 degrees from every other feature, but with longitude and latitude swapped only 0.0")


def test_a_feature_far_from_the_others_is_read_if_swapping_would_not_bring_it_near() -> None:
    far = [zone("a", square(34.3, 31.3)), zone("b", square(36.5, 33.5)), zone("c", square(34.9, 31.9))]

    assert len(read(*far).zones()) == 3


def test_a_feature_less_than_a_degree_off_is_not_taken_for_swapped() -> None:
    assert len(read(zone("a", square(8, 8.5)), zone("b", square(8.5, 8.0, 0.4))).zones()) == 2


def oblong(west: float, south: float, wide: float, high: float) -> Feature:
    east, north = west + wide, south + high
    return polygon([[west, south], [east, south], [east, north], [west, north], [west, south]])


def test_a_feature_just_a_degree_off_is_not_taken_for_swapped() -> None:
    assert len(read(zone("a", square(2, 0, 1)), zone("b", oblong(0, 1, 1, 2))).zones()) == 2
    assert len(faults_in(collection(zone("a", square(2, 0, 1)), zone("b", oblong(0, 1, 0.9, 2))))) == 2


@pytest.mark.parametrize(("north", "taken"), [(45.2, True), (45.5, True), (45.6, False)])
def test_a_feature_is_taken_for_swapped_if_it_would_be_ten_times_nearer(north: float, *, taken: bool) -> None:
    """One lies 40 to 41 east, 10 to 11 north, the other some 45 degrees off, or about 4.5 if turned about."""
    one, other = zone("a", square(40, 10, 1)), zone("b", oblong(10, north, 1, 3))

    if taken:
        assert [where for where, _, _ in faults_in(collection(one, other))] == [2, 3]
    else:
        assert len(read(one, other).zones()) == 2


def test_a_feature_that_would_be_just_ten_times_nearer_is_not_taken_for_swapped() -> None:
    """Three degrees west and four north, so five off; turned about, half a degree."""
    assert len(read(zone("a", square(4, -1.5, 1)), zone("b", square(0, 3.5, 1))).zones()) == 2


def test_a_long_feature_is_turned_about_with_all_its_length() -> None:
    """Others lie 40 east, 10 north: only the far end of a band that is turned about comes near them."""
    others = zone("a", square(40, 10, 1)), zone("c", square(40.5, 10.5, 1))

    for band in (oblong(10, 20, 1, 20), oblong(10, 42, 1, 20), oblong(1, 40, 9, 1), oblong(11.2, 40, 9, 1)):
        assert fault(*others, zone("b", band))[0] == 4


def test_versions_of_one_zone_do_not_show_each_other_swapped() -> None:
    moved = [
        zone(geometry=square(34.3, 31.3), until=MARCH),
        zone(geometry=square(31.3, 34.3), **{"from": MARCH}),
    ]

    assert len(read(*moved).zones()) == 2
