"""Maps into the zones of an agreement: what is taken, what is refused, and that a second import changes nothing."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest
import shapely

from tests.intake_field import ROOT, hold_folder, setting
from trucekeeper.geo import read_geojson
from trucekeeper.intake.zones import SOURCE
from trucekeeper.intake.zones.read import Drawn, drawn
from trucekeeper.terms import Interval, Place
from trucekeeper.terms.moments import parse_moment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.intake_field import Options
    from trucekeeper.geo import Atlas

SAMPLE = ROOT / "src" / "trucekeeper" / "intake" / "zones" / "sample" / "valley.kml"
VALORIA = (ROOT / "scenarios" / "valoria.geojson").read_bytes()
KML: Options = {"author": "map", "accuracy_m": "=30", "sides": {"left": "west", "right": "east"}}
FORD: dict[str, Any] = {"id": "ford", "author": "Annex B", "accuracy_m": 30}
SQUARE = [[-30.22, 0.05], [-30.18, 0.05], [-30.18, 0.08], [-30.22, 0.08], [-30.22, 0.05]]


def geojson(path: Path, *shapes: tuple[dict[str, Any], dict[str, Any] | None], **members: object) -> Path:
    features = [{"type": "Feature", "properties": said, "geometry": drawing} for said, drawing in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}), encoding="utf-8")
    return path


def area(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def made(*paths: Path, existing: bytes | None = VALORIA, options: Options | None = None) -> Drawn:
    return drawn(paths, existing, setting("zones", options=options))


def atlas(found: Drawn) -> Atlas:
    return read_geojson(found.data.decode(), "zones.geojson")


# ---- outside truth -------------------------------------------------------------------------------------------------

FRONT: Options = {"id": "=held", "author": "=a published map", "accuracy_m": "=1000"}


def test_a_published_line_of_control_moves_day_by_day_in_any_order(shared: Path) -> None:
    files = sorted((shared / "data" / "geo").glob("deepstatemap_data_*.geojson"))
    days = ["2024-07-08T00:00+03:00", "2025-10-01T00:00+03:00", "2026-04-01T00:00+03:00"]
    dated = list(zip(files, days, strict=True))
    results: set[tuple[str, ...]] = set()

    for order in (dated, dated[::-1], [dated[1], dated[0], dated[2]]):
        text: bytes | None = None
        for file, day in order:
            found = made(file, existing=text, options={**FRONT, "from": f"={day}", "bbox": {**UKRAINE}})
            assert found.faults == ()
            text = found.data
        assert text is not None
        versions = [one for one in json.loads(text)["features"] if one["properties"]["id"] == "held"]
        versions.sort(key=lambda one: str(one["properties"]["from"]))
        assert [one["properties"].get("until") for one in versions] == [*days[1:], None]
        results.add(tuple(json.dumps(one["geometry"]) for one in versions))

    assert len(results) == 1


UKRAINE = {"south": "44", "west": "22", "north": "53", "east": "41"}


def test_a_published_map_a_second_time_changes_nothing(shared: Path) -> None:
    file = shared / "data" / "geo" / "gaza4all_gaza.geojson"
    existing = (ROOT / "agreements" / "gaza-2025" / "zones.geojson").read_bytes()
    options: Options = {"id": "=strip", "author": "=a published map", "accuracy_m": "=100", "part_of": ["gaza"]}

    once = made(file, existing=existing, options=options)
    twice = made(file, existing=once.data, options=options)

    assert (once.faults, twice.faults) == ((), ())
    assert once.data != existing
    assert twice.data == once.data
    place = Place.of(lat="31.5", lon="34.46")
    now = Interval.at(parse_moment("2025-11-01T00:00Z"))
    assert atlas(once).inside("strip", place, now).name == "YES"


def test_a_published_map_far_from_the_agreement_is_refused(shared: Path) -> None:
    file = shared / "data" / "geo" / "gaza4all_gaza.geojson"

    found = made(file, options={"id": "=strip", "author": "=a map", "accuracy_m": "=100"})

    assert found.data == VALORIA
    assert "three degrees" in found.faults[0].what


def test_a_map_without_names_says_what_it_lacks(shared: Path) -> None:
    found = made(shared / "data" / "geo" / "gaza4all_gaza.geojson", existing=None)

    assert "without an id" in found.faults[0].what


@pytest.mark.parametrize(
    "name",
    [
        "odk/simple.xlsx",
        "odk/nigeria_wards_external_combined.xml",
        "cot/CoTtypes.xml",
        "hxl/input-valid-objects.json",
    ],
)
def test_a_published_file_that_is_no_map_is_refused(shared: Path, name: str) -> None:
    found = made(shared / "data" / "standards" / name)

    assert found.data == VALORIA
    assert found.faults != ()


# ---- formats -------------------------------------------------------------------------------------------------------


def test_the_folder_of_the_source_is_whole() -> None:
    hold_folder(SOURCE)


def test_the_sample_becomes_a_zone_with_a_hole_and_a_line_with_sides() -> None:
    found = made(SAMPLE, options=KML)

    assert found.faults == ()
    now = Interval.at(parse_moment("2031-01-05T00:00Z"))
    assert atlas(found).inside("ford", Place.of(lat="0.065", lon="-30.19"), now).name == "YES"
    assert atlas(found).inside("ford", Place.of(lat="0.065", lon="-30.205"), now).name == "NO"
    assert atlas(found).side("ridge-line", "west", Place.of(lat="0.1", lon="-30.4"), now).name == "YES"
    assert any("altitudes" in note for note in found.notes)
    assert any("turned" in note for note in found.notes)


def test_what_was_there_stays_word_for_word() -> None:
    before = json.loads(VALORIA)["features"]

    after = json.loads(made(SAMPLE, options=KML).data)["features"]

    assert after[: len(before)] == before
    assert len(after) == len(before) + 2


def test_kml_geojson_and_a_shapefile_say_the_same(tmp_path: Path) -> None:
    plain = geojson(tmp_path / "ford.geojson", (FORD, area(SQUARE)))
    kml = tmp_path / "ford.kml"
    corners = " ".join(f"{lon},{lat}" for lon, lat in SQUARE)
    kml.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>ford</name><ExtendedData>'
        '<Data name="author"><value>Annex B</value></Data><Data name="accuracy_m"><value>30</value></Data>'
        f"</ExtendedData><Polygon><outerBoundaryIs><LinearRing><coordinates>{corners}</coordinates>"
        "</LinearRing></outerBoundaryIs></Polygon></Placemark></kml>",
        encoding="utf-8",
    )
    kmz = tmp_path / "ford.kmz"
    with zipfile.ZipFile(kmz, "w") as archive:
        archive.write(kml, "doc.kml")

    options: Options = {"id": "id_", "author": "author", "accuracy_m": "=30"}
    shape = made(shapefile(tmp_path), options=options)
    packed = made(zipped(tmp_path), options=options)

    assert made(plain).faults == made(kml).faults == made(kmz).faults == shape.faults == packed.faults == ()
    assert made(plain).data == made(kml).data == made(kmz).data == shape.data == packed.data


def shapefile(folder: Path, crs: str | None = "EPSG:4326") -> Path:
    """Return a shapefile of the ford, as GDAL writes it."""
    path = folder / "ford.shp"
    import numpy as np  # noqa: PLC0415  only here

    pyogrio.raw.write(
        path,
        geometry=np.array([shapely.to_wkb(shapely.Polygon(SQUARE))], dtype=object),
        field_data=[np.array(["ford"], dtype=object), np.array(["Annex B"], dtype=object)],
        fields=["id_", "author"],
        geometry_type="Polygon",
        crs=crs,
        driver="ESRI Shapefile",
    )
    return path


def zipped(folder: Path) -> Path:
    path = folder / "ford.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for one in folder.glob("ford.*"):
            if one.suffix in {".shp", ".shx", ".dbf", ".prj"}:
                archive.write(one, one.name)
    return path


def test_a_shapefile_of_another_system_is_refused_with_the_command_that_converts_it(tmp_path: Path) -> None:
    found = made(shapefile(tmp_path, "EPSG:32626"), options={"id": "id_", "accuracy_m": "=30"})

    assert found.data == VALORIA
    assert "EPSG:32626" in found.faults[0].what
    assert "ogr2ogr" in found.faults[0].remedy


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_shapefile_that_does_not_say_its_system_is_taken_only_at_the_mappings_word(tmp_path: Path) -> None:
    file = shapefile(tmp_path, None)

    refused = made(file, options={"id": "id_", "accuracy_m": "=30"})
    taken = made(file, options={"id": "id_", "accuracy_m": "=30", "crs": "EPSG:4326"})

    assert ".prj" in refused.faults[0].what
    assert taken.faults == ()


def test_a_shapefile_without_its_other_files_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "alone.shp"
    file.write_bytes(b"\x00\x00\x27\x0a" + b"\x00" * 96)

    found = made(file)

    assert len(found.faults) == 1


# ---- versions ------------------------------------------------------------------------------------------------------


def test_a_zone_that_is_there_is_never_replaced_without_a_moment(tmp_path: Path) -> None:
    file = geojson(tmp_path / "a.geojson", ({**FORD, "id": "valley"}, area(SQUARE)))

    found = made(file)

    assert found.data == VALORIA
    assert "when this one takes its place" in found.faults[0].what


def test_a_new_version_ends_the_one_before_it(tmp_path: Path) -> None:
    said = {**FORD, "id": "valley", "from": "2031-01-10T12:00+02:00"}
    file = geojson(tmp_path / "a.geojson", (said, area(SQUARE)))

    found = made(file)
    versions = [
        one["properties"] for one in json.loads(found.data)["features"] if one["properties"]["id"] == "valley"
    ]

    assert found.faults == ()
    assert [one.get("until") for one in versions] == ["2031-01-10T12:00+02:00", None]
    assert made(file, existing=found.data).data == found.data


def test_two_drawings_from_the_same_moment_are_refused(tmp_path: Path) -> None:
    said = {**FORD, "from": "2031-01-10T12:00+02:00"}
    other = [[lon, lat + 0.001] for lon, lat in SQUARE]
    file = geojson(tmp_path / "a.geojson", (said, area(SQUARE)), (said, area(other)))

    found = made(file)

    assert "same moment" in found.faults[0].what
    assert len(json.loads(found.data)["features"]) == 5


# ---- bad drawings --------------------------------------------------------------------------------------------------

BOW = [[-30.22, 0.05], [-30.18, 0.08], [-30.18, 0.05], [-30.22, 0.08], [-30.22, 0.05]]
FARTHER = [[lon + 20, lat] for lon, lat in SQUARE]
SWAPPED = [[lat, lon] for lon, lat in SQUARE]


@pytest.mark.parametrize(
    ("drawing", "what"),
    [
        (area(BOW), "Self-intersection"),
        (area(SQUARE[:-1]), "does not close"),
        (area([]), "coordinates are missing"),
        ({"type": "Polygon", "coordinates": []}, "coordinates are missing"),
        (area(SQUARE, [[-29, 1], [-29, 1.1], [-28.9, 1.1], [-29, 1]]), "Hole lies outside"),
        (area(FARTHER), "three degrees"),
        (area(SWAPPED), "longitude and latitude exchanged"),
        ({"type": "Point", "coordinates": [-30.2, 0.1]}, "'Point'"),
        ({"type": "LineString", "coordinates": [[-30.2, 0.1], [-30.2, 0.2]]}, "without sides"),
        (None, "without a drawing"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]]]}, "no numbers"),
        (area([[500, 0], [501, 0], [501, 1], [500, 0]]), "not on the earth"),
    ],
)
def test_a_bad_drawing_is_left_out_and_the_others_go_in(
    tmp_path: Path, drawing: dict[str, Any] | None, what: str
) -> None:
    good = {**FORD, "id": "other"}
    file = geojson(tmp_path / "a.geojson", (FORD, drawing), (good, area(SQUARE)))

    found = made(file)

    assert what in found.faults[0].what
    assert found.faults[0].file == str(file)
    assert found.faults[0].line == 1
    assert [one["properties"]["id"] for one in json.loads(found.data)["features"]][-1] == "other"


def test_coordinates_of_another_system_are_refused(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32626"}}

    found = made(geojson(tmp_path / "a.geojson", (FORD, area(SQUARE)), crs=crs))

    assert found.data == VALORIA
    assert "EPSG::32626" in found.faults[0].what


@pytest.mark.parametrize("text", ["{", '{"type": "Topology"}', "<html/>", "<kml><Placemark/></kml>", "GPKG", ""])
def test_what_is_no_map_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "map.geojson"
    file.write_text(text, encoding="utf-8")

    found = made(file)

    assert found.data == VALORIA
    assert len(found.faults) == 1


def test_entities_in_a_map_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "map.kml"
    text = SAMPLE.read_text(encoding="utf-8").partition("?>")[2]
    file.write_text(f'<!DOCTYPE kml [<!ENTITY a "b">]>{text}', encoding="utf-8")

    found = made(file, options=KML)

    assert found.data == VALORIA
    assert "DOCTYPE" in found.faults[0].remedy


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"ident": "a"}, "'ident'"),
        ({"sides": {"left": "a"}}, "two"),
        ({"bbox": {"west": "a", "south": "0", "east": "1", "north": "1"}}, "degrees"),
        ({"bbox": ["0"]}, "no box"),
        ({"accuracy_m": 5}, "no property"),
        ({"part_of": "valley"}, "no list"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(options: Options, what: str) -> None:
    found = made(SAMPLE, options=options)

    assert found.data == VALORIA
    assert [what in fault.what for fault in found.faults] == [True]
